"""The inner loops of gradient descent: in Python floats for formulas, in arrays for the rest.

A path in two variables is no work for arrays: creating one costs ten times the arithmetic. For a
formula the whole loop is therefore generated, as straight-line Python with the formula and its
gradient written out in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from tutor.core.arrays import Floats
from tutor.core.expression import Expression
from tutor.core.finite_differences import H, quotients
from tutor.core.optimizers import Optimizer
from tutor.core.probes import as_scalar
from tutor.core.schedules import LearningRate, rates

Rows = tuple[Floats, Floats, Floats]
"""Points (steps + 1, n), values (steps + 1,), gradients (steps + 1, n)."""


def formula_loop(
    formula: Expression, start: list[float], rate: float, steps: int, *, exact: bool
) -> Rows:
    """Run in Python floats, with the exact or the course's numerical gradient."""
    slope = formula.gradient if exact else _central(formula.value)

    def plainly(x: list[float], rows: int) -> Iterator[float]:
        for _ in range(rows):
            slopes = slope(*x)
            yield from x
            yield formula.value(*x)
            yield from slopes
            x = [entry - rate * change for entry, change in zip(x, slopes, strict=True)]

    rows, width = steps + 1, 2 * len(start) + 1
    said = formula.descend(*start, rate, rows, plainly) if exact else plainly(start, rows)
    return _split(np.fromiter(said, np.float64, rows * width).reshape(rows, width), len(start))


def numerical_loop(f: Callable[[Floats], Any], x: Floats, rate: float, steps: int) -> Rows:
    """Run any f with the course's numerical gradient, moving `x` itself.

    Raises:
        TypeError, ValueError, ArithmeticError: what f raises, or for what is no number.
    """
    said = np.fromiter(_numerical_steps(f, x, rate, steps), dtype=np.float64)
    return _split(said.reshape(steps + 1, -1), x.size)


def _numerical_steps(
    f: Callable[[Floats], Any], x: Floats, rate: float, steps: int
) -> Iterator[Any]:
    flat = x.reshape(-1)
    for _ in range(steps + 1):
        yield from flat.tolist()
        yield f(x)
        slopes = quotients(f, x, H)
        yield from slopes
        for i, slope in enumerate(slopes):
            flat[i] -= rate * slope


def _split(rows: Floats, n: int) -> Rows:
    columns = np.ascontiguousarray(rows.T)  # each column in one piece: what follows reads them so
    return columns[:n].T, columns[n], columns[n + 1 :].T


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
    for k, rate in enumerate([*rates(learning_rate, steps), 0.0]):  # the last point takes no step
        points[k] = x
        values[k] = _value(f, x)
        gradients[k] = slope = _slope(gradient, x)
        if k < steps:
            x, state = optimizer.step(x, slope, state, rate)
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
