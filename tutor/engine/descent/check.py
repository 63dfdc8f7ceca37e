"""Whether a setup can be run: every refusal is a sentence with its mend."""

from __future__ import annotations

import math
from dataclasses import fields
from typing import Any, get_args

import numpy as np

from tutor.core.arrays import Floats
from tutor.core.objectives import Objective
from tutor.engine.descent.objectives import objective_of, window_of
from tutor.engine.descent.setup import Point, Rule, Setup
from tutor.engine.numbers import show, show_point
from tutor.errors import TutorError
from tutor.i18n import message
from tutor.lesson.experiments import OptimizerName, ScheduleName

MOST_STEPS = 1_000_000
_SAMPLES = 41
"""Along each axis of the window, to see where f is defined."""
_CHOICES: dict[str, tuple[str, ...]] = {
    "optimizer": get_args(OptimizerName),
    "schedule": get_args(ScheduleName),
    "gradient": ("exact", "numerical"),
}
_FROM_0_BELOW_1 = ("momentum", "beta1", "beta2", "alpha")
RULE_FIELDS = tuple(field.name for field in fields(Rule))


def check_setup(setup: Setup) -> None:
    """Return if the setup can be run.

    An η of 0 or below is allowed: what it does is worth seeing, and the lab's words say so.

    Raises:
        TutorError: for a nonsense or constant formula, one that is undefined on all of the
            window or at the start, and for every number that is out of its range.
    """
    if bool(setup.objective) == bool(setup.formula):
        raise TutorError(message("choose an objective or type a formula: one of the two"))
    objective = objective_of(setup)
    _check_steps(setup.steps)
    check_rule(setup.rule)
    _check_branches(setup)
    _check_window(setup, objective)
    _check_values(setup, objective)
    _check_start(setup, objective)


def check_rule(rule: Rule) -> None:
    """Return if every part of the rule is in its range (TutorError if not)."""
    for name in RULE_FIELDS:
        check_part(name, getattr(rule, name))


def check_part(name: str, value: object) -> None:
    """Return if `value` can stand for the part `name` of a rule.

    Raises:
        TutorError: if it cannot, or if a rule has no such part.
    """
    if name in _CHOICES:
        if value not in _CHOICES[name]:
            known = ", ".join(_CHOICES[name])
            raise TutorError(message("“{value}” is unknown; there are {known}",
                                     value=value, known=known))  # fmt: skip
        return
    if name not in RULE_FIELDS:
        raise TutorError(message("a rule has no “{name}”", name=name))
    number = _number(value)
    if number is None:
        raise TutorError(message("type a number, for example 0.1"))
    _check_number(name, number)


def _check_number(name: str, value: float) -> None:
    if name in _FROM_0_BELOW_1 and not 0 <= value < 1:
        raise TutorError(message("{value} is outside 0 … 1 (1 itself remembers for ever): try 0.9",
                                 value=show(value)))  # fmt: skip
    if name == "epsilon" and not value >= 0:
        raise TutorError(message("ε is a small number, 0 or above: try 1e-8"))
    if name == "h" and not value > 0:
        raise TutorError(message("h is a step above 0: try 1e-4"))


def _number(value: object) -> float | None:
    """Return a finite number as a float; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _check_steps(steps: Any) -> None:
    if isinstance(steps, bool) or not isinstance(steps, int) or not 1 <= steps <= MOST_STEPS:
        raise TutorError(message("a run has 1 to 1,000,000 steps, in whole numbers"))


def _check_branches(setup: Setup) -> None:
    before = 0
    for branch in setup.branches:
        if not before < branch.step < setup.steps:
            raise TutorError(
                message("a change begins after the start and before step {last}, each after the "
                        "one before it", last=setup.steps)
            )  # fmt: skip
        before = branch.step
        check_rule(branch.rule)


def _check_window(setup: Setup, objective: Objective) -> None:
    window = setup.window
    if not window:
        return
    lengths = (2, 4) if objective.dimension == 1 else (4,)
    if len(window) not in lengths or any(_number(value) is None for value in window):
        raise TutorError(message("a window is low and high of each axis, all finite numbers"))
    if any(not low < high for low, high in zip(window[::2], window[1::2], strict=True)):
        raise TutorError(message("each low end of the window must be below its high end"))
    if any(not math.isfinite(high - low) for low, high in window_of(setup)):
        raise TutorError(message("the window is too wide: take ends below 1e300"))


def _check_values(setup: Setup, objective: Objective) -> None:
    values = window_values(setup)
    if np.isinf(values).any() and not np.isfinite(values).any():
        raise TutorError(
            message("{formula} is ∞ everywhere in the window: it overflows what a float can hold "
                    "(1.8e308), so take smaller numbers, or has a division by 0",
                    formula=objective.formula)
        )  # fmt: skip
    if not np.isfinite(values).any():
        raise TutorError(
            message("{formula} is undefined everywhere in the window: look for a log or √ of a "
                    "negative number or a division by 0, or move the window",
                    formula=objective.formula)
        )  # fmt: skip
    if values.min() == values.max() and _is_flat(objective, setup):
        raise TutorError(
            message("{formula} is the same number everywhere: without a slope there is no way "
                    "down; use x", formula=objective.formula)
        )  # fmt: skip


def _is_flat(objective: Objective, setup: Setup) -> bool:
    slopes = np.array(objective.expression.gradient(*_grid(setup)))
    return not slopes.any()


def _check_start(setup: Setup, objective: Objective) -> None:
    start = setup.start
    if len(start) != objective.dimension:
        raise TutorError(
            message("{formula} has {variables} variables: the start needs as many numbers",
                    formula=objective.formula, variables=objective.dimension)
        )  # fmt: skip
    if any(_number(x) is None for x in start):
        raise TutorError(message("a start is made of finite numbers, for example −3, 4"))
    if not math.isfinite(objective.expression.value(*[float(x) for x in start])):
        raise TutorError(
            message("f has no finite value at {start}: start where it has one",
                    start=show_point(start))
        )  # fmt: skip


def window_values(setup: Setup) -> Floats:
    """Return f at a grid of points over the window, shape (k,)."""
    values: Floats = objective_of(setup).expression.value(*_grid(setup))
    return values


def _grid(setup: Setup) -> list[Floats]:
    axes = [np.linspace(low, high, _SAMPLES) for low, high in window_of(setup)]
    return [axis.ravel() for axis in np.meshgrid(*axes)]


def undefined_part(setup: Setup) -> float:
    """Return on which part of the window, from 0 to 1, f has no value."""
    return float(np.isnan(window_values(setup)).mean())


def checked_cursor(setup: Setup, point: Point | None) -> Point | None:
    """Return the point if it lies in the setup's plane (TutorError if not); None stays None."""
    if point is None:
        return None
    if len(point) != objective_of(setup).dimension or any(_number(x) is None for x in point):
        raise TutorError(message("the cursor needs a finite number for each variable"))
    return tuple(float(x) for x in point)
