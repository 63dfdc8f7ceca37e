"""Descent from many starts at once: for basin maps, where only the ends are of interest."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from tutor.core.arrays import Floats, as_float64
from tutor.core.expression import Expression, formula_of, formula_of_gradient
from tutor.core.finite_differences import H
from tutor.core.optimizers import GradientDescent, Optimizer
from tutor.core.probes import columns_of
from tutor.core.schedules import LearningRate, rates


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
    formula = formula_of(f) if gradient is None else formula_of_gradient(gradient)
    if formula is not None and len(formula.variables) != len(points):
        formula = None
    with np.errstate(all="ignore"):
        if formula is not None and isinstance(rule, GradientDescent):
            return _by_rows(formula, points, learning_rate, steps)
        if formula is not None:
            gradient = formula.gradient_at
        slope = gradient if gradient is not None else partial(_central, f)
        return _by_columns(slope, points, rule, learning_rate, steps)


def _by_rows(
    formula: Expression, points: Floats, learning_rate: LearningRate, steps: int
) -> Floats:
    """Plain descent of a formula: each variable's row for itself, nothing is packed on the way."""
    rows, slopes_at = list(points), formula.grid_gradient
    for rate in rates(learning_rate, steps):
        rows = [x - rate * slope for x, slope in zip(rows, slopes_at(*rows), strict=True)]
    return np.array(rows).reshape(points.shape)


def _by_columns(
    slope: Callable[[Floats], Any],
    points: Floats,
    rule: Optimizer,
    learning_rate: LearningRate,
    steps: int,
) -> Floats:
    shape, state = points.shape, rule.start(points)
    for rate in rates(learning_rate, steps):
        points, state = rule.step(points, slope(points), state, rate)
        if points.shape != shape:
            raise ValueError(f"gradient must return shape {shape}, one column a point")
    return points


def _central(f: Callable[[Floats], Any], points: Floats) -> Floats:
    """The course's gradient of all points: one call for all that is moved up, one for down."""
    n, m = points.shape
    moves = np.repeat(H * np.eye(n), m, axis=1)
    spread = np.tile(points, n)
    above = columns_of(f(spread + moves), n * m)
    below = columns_of(f(spread - moves), n * m)
    slopes: Floats = ((above - below) / (2 * H)).reshape(n, m)
    return slopes
