"""The numerical core: gradients, differences and descent. NumPy and the standard library only.

Each public name is imported from its module when it is first asked for: who draws one curve does
not wait for the networks.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tutor.core.derivatives.differentiate import derivative, gradient
    from tutor.core.derivatives.estimate import Derivative, Gradient
    from tutor.core.derivatives.gradient_check import GradientCheck, check_gradient
    from tutor.core.derivatives.matrices import hessian, jacobian
    from tutor.core.derivatives.sweep import StepSweep, step_sweep
    from tutor.core.descent import Trajectory, descend_many, gradient_descent
    from tutor.core.expression import Expression, evaluate, parse
    from tutor.core.faulty_program import Exhibit
    from tutor.core.finite_differences import (
        UnusedArgumentWarning,
        central_difference,
        forward_difference,
        numerical_diff,
        numerical_gradient,
        partial_derivative,
    )
    from tutor.core.formula.functions import FORMULA_NAMES
    from tutor.core.formula.tokens import FormulaError
    from tutor.core.museum import MUSEUM, exhibit
    from tutor.core.network import SoftmaxClassifier, TwoLayerNet, cross_entropy_error, softmax
    from tutor.core.objectives import OBJECTIVES, Objective, objective, objective_from_formula
    from tutor.core.optimizers import (
        OPTIMIZERS,
        AdaGrad,
        Adam,
        AdamW,
        GradientDescent,
        Momentum,
        Nesterov,
        Optimizer,
        RMSProp,
        optimizer,
    )
    from tutor.core.schedules import Constant, Cosine, StepDecay
    from tutor.core.stationary import StationaryPoint, stationary_points

_NAMES_OF = {
    "derivatives.matrices": "hessian jacobian",
    "descent": "Trajectory descend_many gradient_descent",
    "derivatives.differentiate": "derivative gradient",
    "derivatives.estimate": "Derivative Gradient",
    "expression": "Expression evaluate parse",
    "faulty_program": "Exhibit",
    "finite_differences": "UnusedArgumentWarning central_difference forward_difference"
    " numerical_diff numerical_gradient partial_derivative",
    "formula.functions": "FORMULA_NAMES",
    "formula.tokens": "FormulaError",
    "derivatives.gradient_check": "GradientCheck check_gradient",
    "derivatives.sweep": "StepSweep step_sweep",
    "museum": "MUSEUM exhibit",
    "network": "SoftmaxClassifier TwoLayerNet cross_entropy_error softmax",
    "objectives": "OBJECTIVES Objective objective objective_from_formula",
    "optimizers": "OPTIMIZERS AdaGrad Adam AdamW GradientDescent Momentum Nesterov Optimizer"
    " RMSProp optimizer",
    "schedules": "Constant Cosine StepDecay",
    "stationary": "StationaryPoint stationary_points",
}
_MODULE_OF = {name: module for module, names in _NAMES_OF.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


__all__ = [
    "FORMULA_NAMES",
    "MUSEUM",
    "OBJECTIVES",
    "OPTIMIZERS",
    "AdaGrad",
    "Adam",
    "AdamW",
    "Constant",
    "Cosine",
    "Derivative",
    "Exhibit",
    "Expression",
    "FormulaError",
    "Gradient",
    "GradientCheck",
    "GradientDescent",
    "Momentum",
    "Nesterov",
    "Objective",
    "Optimizer",
    "RMSProp",
    "SoftmaxClassifier",
    "StationaryPoint",
    "StepDecay",
    "StepSweep",
    "Trajectory",
    "TwoLayerNet",
    "UnusedArgumentWarning",
    "central_difference",
    "check_gradient",
    "cross_entropy_error",
    "derivative",
    "descend_many",
    "evaluate",
    "exhibit",
    "forward_difference",
    "gradient",
    "gradient_descent",
    "hessian",
    "jacobian",
    "numerical_diff",
    "numerical_gradient",
    "objective",
    "objective_from_formula",
    "optimizer",
    "parse",
    "partial_derivative",
    "softmax",
    "stationary_points",
    "step_sweep",
]
