"""The numerical core: gradients, differences and descent. NumPy and the standard library only."""

from tutor.core.derivative import derivative, gradient
from tutor.core.descent import Trajectory, gradient_descent
from tutor.core.estimate import Derivative, Gradient
from tutor.core.expression import Expression, evaluate, parse
from tutor.core.finite_differences import (
    UnusedArgumentWarning,
    central_difference,
    forward_difference,
    numerical_diff,
    numerical_gradient,
    partial_derivative,
)
from tutor.core.formula.errors import FormulaError
from tutor.core.gradient_check import GradientCheck, check_gradient
from tutor.core.jacobian import hessian, jacobian
from tutor.core.many_starts import descend_many
from tutor.core.museum import MUSEUM, Exhibit, exhibit
from tutor.core.network import SoftmaxClassifier, TwoLayerNet, cross_entropy_error, softmax
from tutor.core.objectives import OBJECTIVES, Objective, objective, objective_from_formula
from tutor.core.optimizers import (
    OPTIMIZERS,
    AdaGrad,
    Adam,
    GradientDescent,
    Momentum,
    Nesterov,
    Optimizer,
    RMSProp,
    optimizer,
)
from tutor.core.schedules import Constant, Cosine, StepDecay
from tutor.core.stationary import StationaryPoint, stationary_points
from tutor.core.step_sweep import StepSweep, step_sweep

__all__ = [
    "MUSEUM",
    "OBJECTIVES",
    "OPTIMIZERS",
    "AdaGrad",
    "Adam",
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
