"""Where the gradient of an objective is 0, and what is there: valley, top, saddle.

Newton's method from a grid of starts finds the points; the eigenvalues of the Hessian say what
they are. Where they are 0 and say nothing, the values of f around the point decide.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tutor.core.arrays import Floats
from tutor.core.objectives import Objective, Window

Kind: TypeAlias = Literal["minimum", "maximum", "saddle", "inflection", "flat"]

_STARTS = {1: 401, 2: 41}
"""Grid points along each axis."""
_NEWTON_STEPS = 60
_SMALL = 1e-9
"""Relative to the largest gradient on the grid: a gradient that is 0 but for rounding."""
_SAME = 1e-5
"""Relative to the window: points this near are one point."""
_NO_CURVATURE = 1e-6
"""Relative to the largest curvature on the grid: the Hessian decides nothing."""


@dataclass(frozen=True)
class StationaryPoint:
    """A point whose gradient is 0, and what the function does around it."""

    point: tuple[float, ...]
    value: float
    kind: Kind
    """saddle: up in one direction, down in another. inflection: the same of one variable. flat:
    f does not change at all around the point."""
    curvatures: tuple[float, ...]
    """The eigenvalues of the Hessian, the smallest first; positive means curved upward."""
    by_curvature: bool
    """Whether they decided; if not, values of f around the point did."""


def stationary_points(
    objective: Objective, *, window: Window | None = None
) -> tuple[StationaryPoint, ...]:
    """Return the stationary points of an objective in a window, the lowest first.

    Args:
        objective: of one or two variables.
        window: (low, high) of each variable; else the objective's own.

    Raises:
        ValueError: if the window has not one pair for each variable.

    >>> from tutor.core.objectives import objective
    >>> [(p.kind, round(p.point[0], 3)) for p in stationary_points(objective("double-well"))]
    [('minimum', -1.036), ('minimum', 0.96), ('maximum', 0.075)]
    """
    bounds = np.array(window if window is not None else objective.domain, dtype=np.float64)
    if bounds.shape != (objective.dimension, 2):
        raise ValueError(f"window must be {objective.dimension} pairs (low, high)")
    axes = [np.linspace(low, high, _STARTS[objective.dimension]) for low, high in bounds]
    starts = np.array(np.meshgrid(*axes)).reshape(objective.dimension, -1)
    slopes, curvatures = _derivatives(objective, starts)
    scale = _finite_max(slopes)
    found = _newton(objective, starts, bounds, _SMALL * scale)
    known = np.array(objective.minimizers, dtype=np.float64).reshape(-1, objective.dimension)
    inside = known[((known >= bounds[:, 0]) & (known <= bounds[:, 1])).all(axis=1)]
    points = _distinct(np.concatenate([inside, found.T]), bounds)
    flat = _NO_CURVATURE * _finite_max(curvatures)
    described = [_describe(objective, point, flat) for point in points]
    return tuple(sorted(described, key=lambda each: each.value))


def _derivatives(objective: Objective, points: Floats) -> tuple[Floats, Floats]:
    """Return gradients (n, k) and Hessians (k, n, n) of points (n, k)."""
    formula = objective.expression
    with np.errstate(all="ignore"):
        slopes = np.array(formula.gradient(*points))
        rows = [formula.derivative(name).gradient(*points) for name in formula.variables]
    return slopes, np.moveaxis(np.array(rows), -1, 0)


def _finite_max(values: Floats) -> float:
    return float(np.max(np.abs(values), where=np.isfinite(values), initial=0.0))


def _newton(objective: Objective, points: Floats, bounds: Floats, small: float) -> Floats:
    """Return the points (n, k) in the window to which Newton's method from `points` leads."""
    reach = (bounds[:, 1] - bounds[:, 0])[:, None] / 10
    step = np.full_like(points, np.inf)
    for _ in range(_NEWTON_STEPS):
        slopes, curvatures = _derivatives(objective, points)
        # The pseudo-inverse: no step along a direction that is not curved.
        usable = np.isfinite(curvatures).all(axis=(1, 2)) & np.isfinite(slopes).all(axis=0)
        inverse = np.linalg.pinv(curvatures[usable], rcond=1e-12, hermitian=True)
        points = points[:, usable]
        step = np.einsum("kij,jk->ik", inverse, slopes[:, usable])
        points = points - np.clip(step, -reach, reach)
    slopes, _ = _derivatives(objective, points)
    settled = (np.abs(slopes) <= small).all(axis=0) & (np.abs(step) <= _SAME * reach).all(axis=0)
    inside = ((points >= bounds[:, :1]) & (points <= bounds[:, 1:])).all(axis=0)
    return points[:, settled & inside]


def _distinct(points: Floats, bounds: Floats) -> list[Floats]:
    near = _SAME * (bounds[:, 1] - bounds[:, 0]) * 10
    kept: list[Floats] = []
    # First what rounds to the same, which is nearly all; then what lies across a rounding edge.
    _, first = np.unique(np.round(points / near), axis=0, return_index=True)
    for point in points[np.sort(first)] + 0.0:
        if not any((np.abs(point - other) <= near).all() for other in kept):
            kept.append(point)
    return kept


def _describe(objective: Objective, point: Floats, flat: float) -> StationaryPoint:
    x = point if objective.dimension == 2 else point[0]
    matrix = np.asarray(objective.hessian(x), dtype=np.float64).reshape((len(point),) * 2)
    finite = bool(np.isfinite(matrix).all())
    eigenvalues = np.linalg.eigvalsh(matrix) if finite else np.full(len(point), np.nan)
    decided = finite and bool(np.all(np.abs(eigenvalues) > flat))
    kind = _kind(eigenvalues) if decided else _kind(_rises_around(objective, point))
    if kind == "saddle" and objective.dimension == 1:
        kind = "inflection"
    return StationaryPoint(
        point=tuple(point.tolist()),
        value=float(objective(x)),
        kind=kind,
        curvatures=tuple(eigenvalues.tolist()),
        by_curvature=decided,
    )


def _kind(rises: NDArray[np.floating[Any]]) -> Kind:
    """Positive: up in that direction; negative: down."""
    up, down = bool(np.any(rises > 0)), bool(np.any(rises < 0))
    if up and down:
        return "saddle"
    return "minimum" if up else "maximum" if down else "flat"


def _rises_around(objective: Objective, point: Floats) -> Floats:
    """Return how much higher f is in 24 directions (or 2) a thousandth of the window away."""
    low, high = np.array(objective.domain).T
    if objective.dimension == 1:
        around = np.array([[-1.0, 1.0]])
    else:
        angles = np.linspace(0, 2 * np.pi, 24, endpoint=False) + 0.1
        around = np.array([np.cos(angles), np.sin(angles)])
    ring = point[:, None] + 1e-3 * (high - low)[:, None] * around
    heights = objective.expression.value(*ring)
    rises: Floats = heights - objective.expression.value(*point.tolist())
    return rises
