"""What the ground is like under a point: gradient and Hessian tell slope, valley, saddle, plateau.

How small is small is measured by the window: a slope is nothing if crossing the whole window on
it would change f by less than a hundredth of what f commonly does there.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, TypeAlias

import numpy as np

from tutor.core.arrays import Floats
from tutor.core.objectives import Objective
from tutor.engine.descent.check import window_values
from tutor.engine.descent.objectives import objective_of, window_of
from tutor.engine.descent.setup import Rule, Setup

Kind: TypeAlias = Literal["slope", "valley", "flat", "top", "saddle", "plateau", "undefined"]

_NO_SLOPE, _NO_CURVATURE, _LITTLE_SLOPE = 1e-2, 5e-2, 0.3
_NEAR = 0.03
"""Of the window: so near a stationary point counts as being at it."""
_AROUND = 0.05
"""Of the window: so far out a valley's floor must be lower than all around."""
_WAYS = np.linspace(0.0, 2 * np.pi, 16, endpoint=False)
"""Directions in which that is looked at, as angles."""


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """The ground at a point."""

    kind: Kind
    """slope: nothing but that. valley, top, saddle: a stationary point of this kind is here or
    very near. flat: it curves up like a valley, but f falls on close by. plateau:
    neither slope nor curvature."""
    slope: float
    """The length of the exact gradient."""
    curvatures: tuple[float, ...]
    """The eigenvalues of the Hessian, the smallest first; nan where it is not finite."""
    directions: Floats
    """Their directions, shape (d, d): column i belongs to `curvatures[i]`."""

    @property
    def steepest(self) -> float:
        """λmax, the largest curvature."""
        return self.curvatures[-1]


def ground_at(setup: Setup, point: Sequence[float]) -> Ground:
    """Return what the ground is like at `point`, shape (d,)."""
    objective = objective_of(setup)
    gradient = np.array(objective.expression.gradient(*[float(x) for x in point]))
    hessian = hessian_at(objective, point)
    if not (np.isfinite(gradient).all() and np.isfinite(hessian).all()):
        nothing = (math.nan,) * len(point)
        return Ground("undefined", math.nan, nothing, np.full_like(hessian, math.nan))
    curvatures, directions = np.linalg.eigh(hessian)
    width, height = _scale(replace(setup, start=(), rule=Rule(), steps=1, branches=()))
    with np.errstate(all="ignore"):
        kind = _kind(directions.T @ gradient, curvatures, width, height)
        slope = float(np.hypot.reduce(np.abs(gradient)))
        if kind == "valley" and _falls_nearby(objective, point, _AROUND * width):
            kind = "flat"
    return Ground(kind, slope, tuple(curvatures.tolist()), directions)


def hessian_at(objective: Objective, point: Sequence[float]) -> Floats:
    """Return the exact Hessian at a point, shape (d, d); nan or inf where it has no value."""
    x = point[0] if objective.dimension == 1 else np.array(point, dtype=np.float64)
    with np.errstate(all="ignore"):
        hessian = np.asarray(objective.hessian(x), dtype=np.float64)
    return hessian.reshape(objective.dimension, objective.dimension)


def _kind(slopes: Floats, curvatures: Floats, width: float, height: float) -> Kind:
    """Judge by the slopes and curvatures along the Hessian's own directions."""
    curved = np.abs(curvatures) * width**2 / 2 > _NO_CURVATURE * height
    inclined = np.abs(slopes) * width > _NO_SLOPE * height
    if not curved.any():
        return "slope" if inclined.any() else "plateau"
    # Along a curved direction Newton's step says how far the stationary point is.
    if (np.abs(slopes) * width > _LITTLE_SLOPE * height).any():
        return "slope"
    way = np.where(curved, slopes / np.where(curved, curvatures, 1.0), 0.0)
    if (inclined & ~curved).any() or np.hypot.reduce(way) > _NEAR * width:
        return "slope"
    up, down = bool((curvatures[curved] > 0).any()), bool((curvatures[curved] < 0).any())
    if up and down:
        return "saddle"
    return "valley" if up else "top"


def _falls_nearby(objective: Objective, point: Sequence[float], radius: float) -> bool:
    """Return whether f gets lower and lower from `point` to a distance of `radius` in some way.

    A floor that is a little aside of the point is not lower all the way: beyond it f rises.
    """
    ways = np.stack([np.cos(_WAYS), np.sin(_WAYS)])[: len(point)]
    shares = (0.0, 0.25, 0.5, 0.75, 1.0)
    places = [[x + part * radius * way for x, way in zip(point, ways, strict=True)]
              for part in shares]  # fmt: skip
    rings = np.array([objective.expression.value(*place) for place in places])
    return bool((np.diff(rings, axis=0) < 0).all(axis=0).any())


@lru_cache(maxsize=64)
def _scale(setup: Setup) -> tuple[float, float]:
    """Return the window's mean width, and how high the middle of f's values is over the lowest.

    Of the ground alone: for what is turned they are not computed again.
    """
    widths = [high - low for low, high in window_of(setup)]
    values = window_values(setup)
    finite = values[np.isfinite(values)]
    if not finite.size:
        return float(np.mean(widths)), 1.0
    low, high = np.quantile(finite, [0.0, 0.5])
    return float(np.mean(widths)), float(high - low) or 1.0
