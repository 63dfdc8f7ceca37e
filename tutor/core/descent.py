"""Gradient descent, recorded: every point, value and gradient, and how the run ended."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from tutor.core.arrays import Floats, as_float64
from tutor.core.descent_end import Status, judge
from tutor.core.descent_loops import Rows, array_loop, formula_loop, numerical_loop
from tutor.core.expression import formula_of, formula_of_gradient
from tutor.core.finite_differences import H, by_columns, one_by_one
from tutor.core.optimizers import GradientDescent, Optimizer
from tutor.core.probes import vectorised
from tutor.core.schedules import LearningRate

GradientFunction: TypeAlias = Callable[[Any], Any]


@dataclass(frozen=True, eq=False)
class Trajectory:
    """A finished run. Row k of each array belongs to the point after k steps."""

    points: Floats
    """Shape (steps + 1, *x.shape): the start first, the end last."""
    values: Floats
    """Shape (steps + 1,): f at each point."""
    gradients: Floats
    """The points' shape: the gradient in use at each point, also at the last."""
    status: Status
    """How the run ended; the rules are those of `tutor.core.descent_end`."""
    since: int | None
    """The step at which that began (first non-finite, first frozen, ...); None if completed."""
    factor: float
    """By which a step multiplied the gradient's largest entry, as the geometric mean of (up to)
    the last ten steps that still moved; nan if there are none."""

    @property
    def steps(self) -> int:
        """The number of steps."""
        return len(self.values) - 1


def gradient_descent(
    f: Callable[[Any], Any],
    init_x: ArrayLike,
    *,
    learning_rate: LearningRate = 0.01,
    steps: int = 100,
    gradient: GradientFunction | None = None,
    optimizer: Optimizer | None = None,
) -> Trajectory:
    """Walk downhill from `init_x`: steps times x ← x - learning_rate * gradient(x).

    Args:
        f: the function to make small: of a number for an `init_x` of shape (), else of an array
            of its shape; returns one number.
        init_x: the start, of any shape; it is not changed.
        learning_rate: η, in x's units squared per f's unit; or a schedule, which is called with
            the number of the step, from 0, and returns it.
        steps: how many steps, 0 or more. All are taken: nothing stops the run early.
        gradient: returns the gradient at a point, in its shape. None: the course's numerical
            gradient with h = 1e-4. For a named objective or a formula, its own `gradient`
            (`gradient_at`) is many times faster than a hand-written one.
        optimizer: another rule for the step, from `tutor.core.optimizers`.

    Returns:
        A `Trajectory`. A run that overflows goes on with inf and nan and says so in its status.

    Raises:
        ValueError: for a negative `steps`, or shapes that do not fit.
        TypeError: for an `init_x` that is no array of real numbers.

    >>> run = gradient_descent(lambda x: x[0]**2 + x[1]**2, [-3.0, 4.0], learning_rate=0.1)
    >>> run.points[-1], run.status
    (array([-6.11110793e-10,  8.14814391e-10]), 'converged')
    """
    start = as_float64(init_x, "init_x")
    if steps < 0:
        raise ValueError(f"steps must be 0 or more, not {steps}")
    rule = optimizer if optimizer is not None else GradientDescent()
    with np.errstate(all="ignore"):
        rows = None
        if isinstance(rule, GradientDescent) and not callable(learning_rate):
            rows = _fast_rows(f, gradient, start, float(learning_rate), steps)
        if rows is None:
            slope = gradient if gradient is not None else _numerical(f, start)
            rows = array_loop(f, slope, start, steps, rule, learning_rate)
        return _finished(f, start.shape, rows)


def _fast_rows(
    f: Callable[[Any], Any],
    gradient: GradientFunction | None,
    start: Floats,
    rate: float,
    steps: int,
) -> Rows | None:
    """Return the run of plain descent, if one of the loops in Python floats can make it."""
    formula = formula_of(f) if start.ndim <= 1 else None
    if formula is not None and start.size == len(formula.variables):
        if gradient is None or formula_of_gradient(gradient) is formula:
            x = start.reshape(-1).tolist()
            return formula_loop(formula, x, rate, steps, exact=gradient is not None)
    elif gradient is None and start.ndim and not vectorised(f, start, H):
        # What f says to a strange point is for the careful loop to judge.
        with suppress(TypeError, ValueError, ArithmeticError):
            return numerical_loop(f, start.copy(), rate, steps)
    return None


def _numerical(f: Callable[[Any], Any], start: Floats) -> GradientFunction:
    batched = vectorised(f, start, H)
    return lambda x: (by_columns if batched else one_by_one)(f, np.array(x), H)


def _finished(f: Callable[[Any], Any], shape: tuple[int, ...], rows: Rows) -> Trajectory:
    points, values, gradients = rows
    end = judge(f, shape, points, values, gradients)
    full = (len(points), *shape)
    return Trajectory(points.reshape(full), values, gradients.reshape(full), *end)
