"""The numerical core: gradients, differences and descent. NumPy and the standard library only."""

from tutor.core.descent import Trajectory, gradient_descent
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
from tutor.core.objectives import OBJECTIVES, Objective, objective, objective_from_formula
from tutor.core.step_sweep import StepSweep, step_sweep

__all__ = [
    "OBJECTIVES",
    "Expression",
    "FormulaError",
    "Objective",
    "StepSweep",
    "Trajectory",
    "UnusedArgumentWarning",
    "central_difference",
    "evaluate",
    "forward_difference",
    "gradient_descent",
    "numerical_diff",
    "numerical_gradient",
    "objective",
    "objective_from_formula",
    "parse",
    "partial_derivative",
    "step_sweep",
]
