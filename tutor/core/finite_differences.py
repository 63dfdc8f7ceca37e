"""The course's difference quotients: its names, its formulas, its published digits.

These functions use the h that they are given and divide by 2*h (or h), as the source does:
Saito, "Deep Learning from Scratch", chapter 4. `derivative` and `gradient` choose h themselves
and bound their error.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from tutor.core.arrays import FLOAT64, Floats, as_float64
from tutor.core.probes import (
    LOOP_UP_TO,
    EntryProbe,
    columns_of,
    reuse_freed_memory,
    scalar_function,
    tamed,
    unresponsive,
    vectorised,
)

H = 1e-4
"""The h of the source chapter."""


def forward_difference(f: Callable[[Any], Any], x: Any, h: Any) -> Any:
    """Return (f(x + h) - f(x)) / h: the slope of the secant from x to x + h.

    Args:
        f: a function of one number.
        x: the point: a number (a NumPy float32 computes in single precision).
        h: the step, in x's units; may be negative.

    Returns:
        The quotient, in f's units per x's unit. Its error shrinks in proportion to h until
        rounding takes over. Of NumPy numbers with h = 0 it is nan.

    Raises:
        ZeroDivisionError: for Python floats with h = 0.

    >>> round(forward_difference(lambda x: 0.01*x**2 + 0.1*x, 5.0, 1e-4), 6)
    0.200001
    >>> forward_difference(lambda x: 0.01*x**2 + 0.1*x, 5.0, 10e-50)  # 5 + h == 5
    0.0
    """
    f = _in_precision_of(x, f)
    with np.errstate(all="ignore"):
        return (f(x + h) - f(x)) / h


def central_difference(f: Callable[[Any], Any], x: Any, h: Any) -> Any:
    """Return (f(x + h) - f(x - h)) / (2*h): the slope of the secant around x.

    Args and errors as `forward_difference`; its error shrinks with the square of h.

    >>> central_difference(lambda x: 0.01*x**2 + 0.1*x, 5.0, 1e-4)
    0.1999999999990898
    """
    f = _in_precision_of(x, f)
    with np.errstate(all="ignore"):
        return (f(x + h) - f(x - h)) / (2 * h)


def _in_precision_of(x: Any, f: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return f with its values rounded to x's own precision, where x is a NumPy number."""
    kind = type(x)
    return (lambda z: kind(f(z))) if isinstance(x, np.floating) else f


def numerical_diff(f: Callable[[float], Any], x: float, h: float = H) -> float:
    """Return the central difference quotient of f at x, under the course's own name.

    Args:
        f: a function of one number.
        x: the point; an int is promoted.
        h: the step, in x's units.

    Returns:
        About f'(x), in f's units per x's unit.

    Raises:
        ValueError: if f returns an array.
        ZeroDivisionError: if h is 0.

    >>> numerical_diff(lambda x: 0.01*x**2 + 0.1*x, 5)
    0.1999999999990898
    """
    return float(central_difference(scalar_function(f), float(x), float(h)))


def partial_derivative(f: Callable[[Floats], Any], x: ArrayLike, index: Any, h: float = H) -> float:
    """Return how f changes with one entry of x while the others are held.

    Args:
        f: a function of an array of x's shape that returns one number.
        x: the point, of any shape; it is not changed.
        index: which entry: an int for a vector, a tuple for a matrix.
        h: the step, in that entry's units.

    Raises:
        IndexError: if x has no such entry.
        ValueError: if `index` names more than one entry, or f returns an array.

    >>> partial_derivative(lambda x: x[0]**2 + x[1]**2, [3.0, 4.0], 0)
    6.00000000000378
    """
    point = as_float64(x)
    if np.ndim(point[index]) != 0:
        raise ValueError(f"index must name one entry of x of shape {point.shape}, not {index!r}")
    value = scalar_function(f)

    def along(entry: float) -> float:
        moved = point.copy()
        moved[index] = entry
        return value(moved)

    return float(central_difference(along, float(point[index]), float(h)))


class UnusedArgumentWarning(UserWarning):
    """f returns the same number wherever it is asked: it may not use its argument."""


def numerical_gradient(
    f: Callable[[Floats], Any], x: ArrayLike, h: float = H, *, batched: bool | None = None
) -> Floats:
    """Return all partial derivatives of f at x by central differences, in x's shape.

    Args:
        f: a function of an array of x's shape that returns one number. It is handed an array
            of our own, which it must not change.
        x: the point, of any shape; ints and bools are promoted to float64. It is not changed,
            whatever f does.
        h: the step, in x's units.
        batched: True: f takes many points in one call, shape `x.shape + (k,)`, and returns
            shape (k,). False: one point a call. None: tried out, where that can pay (more
            than 4 entries).

    Returns:
        An array of x's shape, in f's units per x's unit.

    Raises:
        ValueError: if f returns anything but one number a point, or changes its argument.
        TypeError: if x is complex or holds objects.

    Warns:
        UnusedArgumentWarning: if f is the same everywhere, as `lambda w: net.loss(x, t)` is,
            which never looks at w.

    >>> numerical_gradient(lambda x: x[0]**2 + x[1]**2, [3, 4]).round(6)
    array([6., 8.])
    """
    point = as_float64(x)
    if batched is None:
        batched = point.size > LOOP_UP_TO and vectorised(f, point, h)
    slopes = by_columns(f, point, h) if batched else one_by_one(f, point, h)
    if slopes.size and slopes.item(0) == 0 and not slopes.any() and unresponsive(f, point):
        text = "f returns the same number everywhere: it may not use its argument; write a "
        warnings.warn(text + "function of x, for example of the weights", UnusedArgumentWarning, 2)
    return slopes


def one_by_one(f: Callable[[Floats], Any], point: Floats, h: float) -> Floats:
    """Return the numerical gradient by two calls an entry; `point` is moved and moved back."""
    try:
        slopes = np.array(quotients(f, point, h))
    except (ArithmeticError, ValueError):  # where `math` refuses, f is nan
        slopes = np.array(quotients(tamed(f), point, h))
    if slopes.dtype is not FLOAT64 or slopes.ndim != 1:
        # f returns no float64: say what is wrong with it, or promote its other numbers.
        slopes = np.array(quotients(scalar_function(f), point, h), dtype=FLOAT64)
    return slopes if point.ndim == 1 else slopes.reshape(point.shape)


def quotients(f: Callable[[Floats], Any], point: Floats, h: float) -> list[Any]:
    """Return the central quotients of `point`'s entries, moving each in place and back.

    Raises:
        ValueError: if f has changed the array.
    """
    flat = point if point.ndim == 1 else point.reshape(-1)
    entries, two_h, slopes = flat.tolist(), 2 * h, []
    try:
        for i, entry in enumerate(entries):
            flat[i] = entry + h
            above = f(point)
            flat[i] = entry - h
            slopes.append((above - f(point)) / two_h)
            flat[i] = entry
    except (ArithmeticError, ValueError):
        flat[:] = entries
        raise
    if flat.tolist() != entries and not np.array_equal(flat, entries, equal_nan=True):
        raise ValueError("f changes the array that it is given; let it work on a copy")
    return slopes


def central_partials(value: Callable[..., Any], h: float) -> Callable[[Sequence[Any]], list[Any]]:
    """Return the numerical gradient of an f of one argument a variable, as a formula's `value`.

    It takes and returns a list: of a number for each variable, or of an array of many points'.

    >>> central_partials(lambda x, y: x**2 + y**2, 1e-4)([3.0, 4.0])
    [6.00000000000378, 7.999999999999119]
    """
    two_h = 2 * h

    def slopes(point: Sequence[Any]) -> list[Any]:
        x, found = list(point), []
        for i, entry in enumerate(point):
            x[i] = entry + h
            above = value(*x)
            x[i] = entry - h
            found.append((above - value(*x)) / two_h)
            x[i] = entry
        return found

    return slopes


def central_columns(f: Callable[[Floats], Any], points: Floats, h: float) -> Floats:
    """Return the numerical gradients of many points, a point a column, in the points' shape.

    One call of f for all that is moved up, one for all that is moved down.
    """
    n, k = points.shape
    moves = np.repeat(h * np.eye(n), k, axis=1)
    spread = np.tile(points, n)
    above = columns_of(f(spread + moves), n * k)
    below = columns_of(f(spread - moves), n * k)
    slopes: Floats = ((above - below) / (2 * h)).reshape(n, k)
    return slopes


_ONE_CALL_UP_TO = 128
"""Entries for which all points fit into one call."""


def by_columns(f: Callable[[Floats], Any], point: Floats, h: float) -> Floats:
    """Return the numerical gradient by few calls, each for many points, one in a column."""
    n, shape = point.size, point.shape
    if 0 < n <= _ONE_CALL_UP_TO:
        steps, two_h = _steps(n, h)
        columns = point.reshape(n, 1) + steps
        values = columns_of(
            f(columns.reshape(*shape, 2 * n) if len(shape) != 1 else columns), 2 * n
        )
        slopes: Floats = values[:n] - values[n:]
        slopes /= two_h
    else:
        flat = point.reshape(-1)
        moved = np.array([flat + h, flat - h])
        above, below = EntryProbe(f, point, batched=True)(np.arange(n), moved)
        slopes = (above - below) / (2 * h)
    return slopes if len(shape) == 1 else slopes.reshape(shape)


@lru_cache(maxsize=8)
def _steps(n: int, h: float) -> tuple[Floats, Floats]:
    """Return the steps of all columns, up and then down, shape (n, 2n); and 2 h, as an array."""
    reuse_freed_memory()
    return np.concatenate([h * np.eye(n), -h * np.eye(n)], axis=1), np.array(2 * h)
