"""Descent from many starts at once: for basin maps, where only the ends are of interest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from tutor.core.arrays import Floats, as_float64
from tutor.core.expression import formula_of
from tutor.core.finite_differences import H
from tutor.core.optimizers import GradientDescent, Optimizer
from tutor.core.probes import columns_of
from tutor.core.schedules import LearningRate, rate_at


def descend_many(
    f: Callable[[Floats], Any],
    starts: ArrayLike,
    *,
    learning_rate: LearningRate = 0.01,
    steps: int = 100,
    gradient: Callable[[Floats], Any] | None = None,
    optimizer: Optimizer | None = None,
) -> Floats:
    """Return where descent from each of many starts ends.

    Args:
        f: takes m points in an array of shape (n, m), returns shape (m,). Formulas and named
            objectives do; of a formula the gradient is exact when `gradient` is None.
        starts: shape (n, m), a start in each column; it is not changed.
        learning_rate: η, or a schedule: as for `gradient_descent`.
        steps: how many steps, 0 or more.
        gradient: takes shape (n, m), returns shape (n, m). None: exact for a formula, else the
            course's numerical gradient with h = 1e-4.
        optimizer: another rule for the step, from `tutor.core.optimizers`.

    Returns:
        The ends, shape (n, m): inf or nan for a start that flew away.

    Raises:
        ValueError: for a negative `steps`, or shapes that do not fit.
        TypeError: for starts that are no real numbers.

    >>> from tutor.core.objectives import objective
    >>> well = objective("double-well")
    >>> descend_many(well, [[-1.0, 0.0, 1.0]], learning_rate=0.1).round(3)
    array([[-1.036, -1.036,  0.96 ]])
    """
    points = as_float64(starts, "starts")
    if points.ndim != 2:
        raise ValueError(f"starts must have shape (n, m), a start a column, not {points.shape}")
    if steps < 0:
        raise ValueError(f"steps must be 0 or more, not {steps}")
    rule = optimizer if optimizer is not None else GradientDescent()
    slope = gradient if gradient is not None else _slope_of(f, len(points))
    with np.errstate(all="ignore"):
        state = rule.start(points)
        for k in range(steps):
            points, state = rule.step(points, slope(points), state, rate_at(learning_rate, k))
            if k == 0:
                _check(points, np.shape(starts))
    return points


def _slope_of(f: Callable[[Floats], Any], n: int) -> Callable[[Floats], Floats]:
    formula = formula_of(f)
    if formula is not None and len(formula.variables) == n:
        return formula.gradient_of_columns
    return lambda points: _central(f, points)


def _central(f: Callable[[Floats], Any], points: Floats) -> Floats:
    """The course's gradient of all points: one call for all that is moved up, one for down."""
    n, m = points.shape
    moves = np.repeat(H * np.eye(n), m, axis=1)
    spread = np.tile(points, n)
    above = columns_of(f(spread + moves), n * m)
    below = columns_of(f(spread - moves), n * m)
    slopes: Floats = ((above - below) / (2 * H)).reshape(n, m)
    return slopes


def _check(points: Floats, shape: tuple[int, ...]) -> None:
    if points.shape != shape:
        raise ValueError(f"gradient must return shape {shape}, one column a point")
