"""All slopes of functions with many results, and the curvature of functions with one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tutor.core.arrays import Floats, as_float64
from tutor.core.derivatives.differentiate import check_step, gathered, gradient
from tutor.core.derivatives.estimate import PARTS, Gradient, Slopes, nothing, side_by_side
from tutor.core.derivatives.ladder import climb
from tutor.core.expression import formula_of


def jacobian(f: Callable[[Any], Any], x: ArrayLike, *, step: float | None = None) -> Gradient:
    """Return how each result of f changes with each entry of x, with bounds on the errors.

    Args:
        f: a function of an array of x's shape; returns an array of any shape.
        x: the point, of any shape; it is not changed.
        step: the largest step for every entry, in x's units; else one is chosen for each.

    Returns:
        A `Gradient` whose arrays have shape (*f's shape, *x's shape), by the ladder of
        `derivative`: 34 calls an entry, or more. Each slope has its own bound and status.

    Raises:
        TypeError: if x or a result is complex or holds objects.
        ValueError: if the results differ in shape, or `step` is not a positive number.

    >>> polar = jacobian(lambda p: [p[0] * np.cos(p[1]), p[0] * np.sin(p[1])], [2.0, 0.0])
    >>> (polar.value.round(9) + 0.0).tolist(), polar.status
    ([[1.0, 0.0], [0.0, 2.0]], 'ok')
    """
    check_step(step)
    return _jacobian(f, as_float64(x), step, None)


def _jacobian(
    f: Callable[[Any], Any], point: Floats, step: float | None, known: Floats | None
) -> Gradient:
    """Return the Jacobian of an f that is itself known to `known`, in its results' order."""
    with np.errstate(all="ignore"):
        height = as_float64(f(point.copy()[()]), "f(x)")
        columns = [_column(f, point, i, height, (step, known)) for i in range(point.size)]
    slopes = side_by_side(columns) if columns and height.size else nothing()
    return _as_matrix(point, slopes, height.shape)


def _as_matrix(point: Floats, slopes: Slopes, results: tuple[int, ...]) -> Gradient:
    """Return slopes that stand entry after entry of x as an array of results by entries."""
    n, m = point.size, int(np.prod(results))

    def turned(part: Any) -> Any:
        return part.reshape(n, m).T.reshape(-1)

    slopes = replace(slopes, **{name: turned(getattr(slopes, name)) for name in PARTS})
    shape = (*results, *point.shape)
    at = np.broadcast_to(point, shape).copy()
    return gathered(at, slopes, "ladder", (), 1)


def _column(
    f: Callable[[Any], Any],
    point: Floats,
    entry: int,
    height: Floats,
    how: tuple[float | None, Floats | None],
) -> Slopes:
    """Return the slopes of all results along one entry; each call of f serves all of them."""
    step, known = how
    calls = 0

    def probe(columns: NDArray[np.intp], points: Floats) -> Floats:
        nonlocal calls
        calls += len(points)
        rows = []
        for end in points[:, 0].tolist():  # the same for all results
            moved = point.copy()
            moved.reshape(-1)[entry] = end
            found = as_float64(f(moved[()]), "f(x)")
            if found.shape != height.shape:
                raise ValueError(f"f must return one shape, not {height.shape} and {found.shape}")
            rows.append(found.reshape(-1)[columns])
        return np.array(rows)

    x = np.full(height.size, point.reshape(-1)[entry])
    if not x.size:
        return nothing()
    slopes = climb(probe, x, height.reshape(-1), step, known=known)
    slopes = slopes if step is None else slopes.unresolved(x, step)
    return replace(slopes, evaluations=calls)


def hessian(f: Callable[[Any], Any], x: ArrayLike, *, step: float | None = None) -> Gradient:
    """Return the second derivatives of f at x, its curvature, with bounds on the errors.

    Args:
        f: a function of an array of x's shape that returns one number.
        x: the point, of any shape; it is not changed.
        step: the largest step for every entry, in x's units; else one is chosen for each.

    Returns:
        A `Gradient` whose arrays are symmetric, of shape (*x's shape, *x's shape). Exact for a
        formula or a named objective; else the Jacobian of the gradient, both by the ladder.

    Raises:
        ValueError: if f does not return one number, or `step` is not a positive number.
        TypeError: if x is complex or holds objects.

    >>> hessian(lambda x: x[0]**2 * x[1], [1.0, 3.0]).value.round(6).tolist()
    [[6.0, 2.0], [2.0, 0.0]]
    """
    check_step(step)
    point = as_float64(x)
    n, formula = point.size, formula_of(f)
    if formula is not None and n == len(formula.variables) and point.ndim <= 1:
        parts = [formula.derivative(name) for name in formula.variables]
        rows = [gradient(part, point.reshape(-1), method="exact") for part in parts]
        slopes = side_by_side([
            Slopes(row.value, row.truncation, row.rounding, row.step, row.statuses, 0,
                   row.left, row.right) for row in rows
        ])  # fmt: skip
        found = _as_matrix(point, slopes, point.shape)
        return replace(found, method="exact", evaluations=0)

    def slopes_at(moved: Any) -> Gradient:
        return gradient(f, moved, method="ladder", batched=False)

    error = slopes_at(point).error.reshape(-1)
    known = np.where(np.isfinite(error), error, 0.0)
    return _symmetric(_jacobian(lambda moved: slopes_at(moved).value, point, step, known), n)


def _symmetric(found: Gradient, n: int) -> Gradient:
    """Return the mean of what was found for (i, j) and for (j, i), with a bound on both."""
    shape = found.value.shape
    value = found.value.reshape(n, n)
    gap = np.abs(value - value.T) / 2
    truncation = found.truncation.reshape(n, n)
    truncation = np.maximum(truncation, truncation.T) + gap
    rounding = found.rounding.reshape(n, n)
    rounding = np.maximum(rounding, rounding.T)
    return replace(
        found,
        value=((value + value.T) / 2).reshape(shape),
        truncation=truncation.reshape(shape),
        rounding=rounding.reshape(shape),
        error=(truncation + rounding).reshape(shape),
    )
