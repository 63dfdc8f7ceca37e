"""All slopes of functions with many results, and the curvature of functions with one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from tutor.core.arrays import EPS, Floats, as_float64
from tutor.core.derivatives.quotients import power_of_two_near
from tutor.core.expression import formula_of
from tutor.core.probes import as_scalar


def jacobian(f: Callable[[Floats], Any], x: ArrayLike, *, step: float | None = None) -> Floats:
    """Return how each result of f changes with each entry of x.

    Args:
        f: a function of an array of x's shape; returns an array of any shape.
        x: the point, of any shape; it is not changed.
        step: the smaller of the two steps, in x's units; else chosen for each entry.

    Returns:
        An array of shape (*f's shape, *x's shape), by central differences at h and 2h, combined
        so that the error shrinks with h⁴. 4 calls an entry.

    Raises:
        TypeError: if x or a result is complex or holds objects.
        ValueError: if the results differ in shape.

    >>> polar = jacobian(lambda p: [p[0] * np.cos(p[1]), p[0] * np.sin(p[1])], [2.0, 0.0])
    >>> (polar.round(9) + 0.0).tolist()
    [[1.0, 0.0], [0.0, 2.0]]
    """
    point = as_float64(x)
    flat = point.reshape(-1)
    h = power_of_two_near(EPS**0.2, flat) if step is None else np.full_like(flat, step)

    def slope(i: int, step: float) -> Floats:
        values, ends = [], (flat[i] + step, flat[i] - step)
        for end in ends:
            moved = point.copy()
            moved.reshape(-1)[i] = end
            values.append(as_float64(f(moved[()]), "f(x)"))
        quotient: Floats = (values[0] - values[1]) / (ends[0] - ends[1])
        return quotient

    with np.errstate(all="ignore"):
        if flat.size == 0:
            return np.zeros((*np.shape(f(point)), *point.shape))
        pairs = [(slope(i, step), slope(i, 2 * step)) for i, step in enumerate(h.tolist())]
        columns = [near + (near - wide) / 3 for near, wide in pairs]
    return np.stack(columns, axis=-1).reshape((*columns[0].shape, *point.shape))


def hessian(f: Callable[[Any], Any], x: ArrayLike, *, step: float | None = None) -> Floats:
    """Return the second derivatives of f at x: its curvature.

    Args:
        f: a function of an array of x's shape that returns one number.
        x: the point, of any shape; it is not changed.
        step: the smaller of the two steps, in x's units; else chosen for each entry.

    Returns:
        A symmetric array of shape (*x's shape, *x's shape). Exact for a formula or a named
        objective; else by second differences at h and 2h (about 8 digits of a smooth f).

    Raises:
        ValueError: if f does not return one number.
        TypeError: if x is complex or holds objects.

    >>> hessian(lambda x: x[0]**2 * x[1], [1.0, 3.0]).round(6).tolist()
    [[6.0, 2.0], [2.0, 0.0]]
    """
    point = as_float64(x)
    formula = formula_of(f)
    if formula is not None and point.size == len(formula.variables) and point.ndim <= 1:
        rows = [formula.derivative(name).gradient(*point.reshape(-1)) for name in formula.variables]
        return np.array(rows).reshape(point.shape * 2)
    flat = point.reshape(-1)
    h = power_of_two_near(EPS ** (1 / 6), flat) if step is None else np.full_like(flat, step)
    with np.errstate(all="ignore"):
        height = as_scalar(f(point.copy()[()]))

        def bump(steps: Floats) -> float:
            """f(x + s) + f(x - s) - 2 f(x): the curvature along s."""
            ends = (as_scalar(f((flat + s).reshape(point.shape)[()])) for s in (steps, -steps))
            return sum(ends) - 2 * height

        near, wide = _second_differences(bump, h), _second_differences(bump, 2 * h)
    return (near + (near - wide) / 3).reshape(point.shape * 2)


def _second_differences(bump: Callable[[Floats], float], h: Floats) -> Floats:
    """Fill the matrix: s·H·s along the axes, then off the diagonal by (a+b) minus a minus b."""
    n, axes = h.size, np.diag(h)
    alone = [bump(axis) for axis in axes]
    result = np.empty((n, n))
    for i in range(n):
        result[i, i] = alone[i] / h[i] ** 2
        for j in range(i):
            both = bump(axes[i] + axes[j]) - alone[i] - alone[j]
            result[i, j] = result[j, i] = both / (2 * h[i] * h[j])
    return result
