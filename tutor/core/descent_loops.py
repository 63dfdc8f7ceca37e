"""The inner loops of gradient descent: in Python floats for formulas, in arrays for the rest.

A path in two variables is no work for arrays: creating one costs ten times the arithmetic. For a
formula the whole loop is therefore generated, as straight-line Python with the formula and its
gradient written out in it.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import numpy as np

from tutor.core.arrays import Floats
from tutor.core.expression import Expression
from tutor.core.finite_differences import H
from tutor.core.optimizers import Optimizer
from tutor.core.probes import as_scalar
from tutor.core.schedules import LearningRate, rate_at

Rows = tuple[Floats, Floats, Floats]
"""Points (steps + 1, n), values (steps + 1,), gradients (steps + 1, n)."""


def formula_loop(
    formula: Expression, start: list[float], rate: float, steps: int, *, exact: bool
) -> Rows:
    """Run in Python floats, with the exact or the course's numerical gradient."""
    n = len(start)
    columns = [array("d") for _ in range(2 * n + 1)]
    coordinates, heights, slopes = columns[:n], columns[n], columns[n + 1 :]
    for column, entry in zip(coordinates, start, strict=True):
        column.append(entry)
    appends = [column.append for column in columns]
    if exact:
        # Where `math` gives up on a point, NumPy says inf or nan from there on.
        with suppress(ArithmeticError, ValueError, TypeError):
            formula.descend(*start, rate, range(steps), *appends)
    slope = formula.gradient if exact else _central(formula.value)
    for k in range(len(heights), steps + 1):
        x = [column[-1] for column in coordinates]
        row = slope(*x)
        heights.append(formula.value(*x))
        for column, entry in zip(slopes, row, strict=True):
            column.append(entry)
        if k < steps:
            for column, entry, change in zip(coordinates, x, row, strict=True):
                column.append(entry - rate * change)
    return np.array(coordinates).T, np.array(heights), np.array(slopes).T


def _central(value: Callable[..., float]) -> Callable[..., list[float]]:
    def slopes(*point: float) -> list[float]:
        x, found = list(point), []
        for i, entry in enumerate(point):
            x[i] = entry + H
            above = value(*x)
            x[i] = entry - H
            found.append((above - value(*x)) / (2 * H))
            x[i] = entry
        return found

    return slopes


def array_loop(
    f: Callable[[Any], Any],
    gradient: Callable[[Any], Any],
    start: Floats,
    steps: int,
    optimizer: Optimizer,
    learning_rate: LearningRate,
) -> Rows:
    """Run any function and any optimizer, one array a step."""
    points = np.empty((steps + 1, *start.shape))
    values, gradients = np.empty(steps + 1), np.empty_like(points)
    x = start[()]
    state = optimizer.start(x)
    for k in range(steps + 1):
        points[k] = x
        values[k] = _value(f, x)
        gradients[k] = slope = _slope(gradient, x)
        if k < steps:
            x, state = optimizer.step(x, slope, state, rate_at(learning_rate, k))
    rows = (steps + 1, start.size)
    return points.reshape(rows), values, gradients.reshape(rows)


def _value(f: Callable[[Any], Any], x: Any) -> float:
    try:
        return as_scalar(f(x))
    except OverflowError:  # of `math` and Python's own floats
        return float("inf")
    except ZeroDivisionError:
        return float("nan")


def _slope(gradient: Callable[[Any], Any], x: Any) -> Any:
    try:
        slope = np.asarray(gradient(x), dtype=np.float64)
    except (OverflowError, ZeroDivisionError):
        return np.full(np.shape(x), np.nan)
    if slope.shape != np.shape(x):
        raise ValueError(f"gradient must return x's shape {np.shape(x)}, not {slope.shape}")
    return slope
