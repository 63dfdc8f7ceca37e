"""Where each start of a descent ends: the map of basins, and the edges between them.

Both say of an end that it is at a floor by one rule, so that they never contradict each other. The
map is a generator of partial results: each piece is some 10 to 30 ms of work, so that who asks can
show how far it is, and stop.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tutor.core.arrays import Floats
from tutor.core.expression import Expression
from tutor.core.objectives import Objective
from tutor.engine.descent.check import check_setup
from tutor.engine.descent.objectives import Window, objective_of, window_of
from tutor.engine.descent.setup import Point, Setup
from tutor.engine.descent.walk import walk_together

AWAY, UNDERWAY = -1, -2
"""Numbers of starts that fly away, and of those that have arrived nowhere yet."""
_FAR = 1e3
"""Times the window: so far out is gone."""
_AT_FLOOR, _SAME_FLOOR = 0.01, 0.02
"""Of the window's width: a Newton step so short has arrived; floors so near are one."""
_NEWTON_STEPS = 4
"""Then taken to a floor, so that all runs that end there end at the same one."""
_WORK = 150_000
"""Starts times steps of a map that is made at once: some 60 ms."""
_FEWEST, _MOST = 200, 1800
_WIDE = 2.2
"""Columns for each row: cells of a terminal are twice as high as wide."""
_STARTS = 400
"""Cells of the window that are looked into for an edge."""
_WIDEST_GAP = 3
"""Cells between two starts of known end; what lies between them (a top, say) ends at neither."""
_HALVINGS = 20


def is_away(points: Floats, window: Window) -> NDArray[np.bool_]:
    """Return which of the points (d, m) are not finite or far outside the window."""
    bounds = np.array(window)
    middle = bounds.mean(axis=1)[:, None]
    reach = _FAR * (bounds[:, 1] - bounds[:, 0])[:, None]
    with np.errstate(all="ignore"):
        return np.asarray(~(np.abs(points - middle) <= reach).all(axis=0))


@dataclass(frozen=True, eq=False)
class Basins:
    """Where each start of a grid leads, after `done` of `total` steps."""

    setup: Setup
    """Whose starts are varied over its window."""
    x0: Floats
    """Shape (columns,): the starts' first coordinate, the middles of equal cells of the window."""
    x1: Floats
    """Shape (rows,): their second, upward; one row, of 0, in one variable."""
    numbers: NDArray[np.int64]
    """Shape (rows, columns), the bottom row first: an index of `ends`, `AWAY` or `UNDERWAY`."""
    ends: tuple[Point, ...]
    """The floors of valleys that were reached, the lowest first."""
    values: tuple[float, ...]
    """f at each of them."""
    done: int
    total: int


def basins(setup: Setup, columns: int, rows: int) -> Iterator[Basins]:
    """Yield the map of the starts in the window by where they end, until all steps are done.

    A valley is a point with an upward curvature all around and no slope, or a known minimizer,
    within reach of which a walk has come. In one variable there is one row.

    Raises:
        TutorError: when it is first asked, if the setup cannot be run.
        ValueError: if there is not at least one column and one row.
    """
    check_setup(setup)
    if columns < 1 or rows < 1:
        raise ValueError(f"a map needs columns and rows, not {columns} and {rows}")
    across, *upward = window_of(setup)
    x0 = _middles(*across, columns)
    x1 = _middles(*upward[0], rows) if upward else np.zeros(1)
    grid = np.array([each.ravel() for each in np.meshgrid(x0, x1)])[: 1 + len(upward)]
    points, done = grid, 0
    for done, points in walk_together(setup, grid):
        if done < setup.steps:
            yield _basins_at(setup, x0, x1, points, done)
    yield _basins_at(setup, x0, x1, points, setup.steps)


def _middles(low: float, high: float, count: int) -> Floats:
    middles: Floats = low + (high - low) * (np.arange(count) + 0.5) / count
    return middles


def _basins_at(setup: Setup, x0: Floats, x1: Floats, points: Floats, done: int) -> Basins:
    floors = _floors(setup, points)
    values = objective_of(setup).expression.value(*floors.T)
    return Basins(
        setup, x0, x1, _ends(setup, points, floors).reshape(len(x1), len(x0)),
        tuple(map(tuple, floors.tolist())), tuple(values.tolist()), done, setup.steps,
    )  # fmt: skip


def _ends(setup: Setup, points: Floats, floors: Floats) -> NDArray[np.int64]:
    """Return at which of the floors (k, d) each of the points (d, m) is, by its number."""
    away = is_away(points, window_of(setup))
    numbers = np.where(away, AWAY, UNDERWAY).astype(np.int64)
    ways = _distances(points, floors)
    reached = (ways < _SAME_FLOOR * _width(setup)) & ~away
    is_there = reached.any(axis=0)
    if is_there.any():
        numbers[is_there] = np.where(reached, ways, np.inf)[:, is_there].argmin(axis=0)
    return numbers


def _width(setup: Setup) -> float:
    return float(np.mean([high - low for low, high in window_of(setup)]))


def _floors(setup: Setup, points: Floats) -> Floats:
    """Return the floors, shape (k, d), at which some of the points (d, m) are; lowest first."""
    objective, width = objective_of(setup), _width(setup)
    points = points[:, ~is_away(points, window_of(setup))]
    known = np.array(objective.minimizers, dtype=np.float64).reshape(-1, len(points))
    near, kept = _SAME_FLOOR * width, known
    for floor in _arrived(objective, points, width):
        if (np.abs(kept - floor).max(axis=1) > near).all():
            kept = np.vstack([kept, floor])
    reached = kept[(_distances(points, kept) < near).any(axis=1)]
    return reached[np.argsort(objective.expression.value(*reached.T), kind="stable")]


def _distances(points: Floats, places: Floats) -> Floats:
    """Return how far each of the points (d, m) is from each of the places (k, d): (k, m)."""
    with np.errstate(all="ignore"):
        ways = points[None, :, :] - places[:, :, None]
        return np.asarray(np.sqrt(np.einsum("kdm,kdm->km", ways, ways)))


def _arrived(objective: Objective, points: Floats, width: float) -> Floats:
    """Return the floors, shape (k, d), that are a short Newton step from some of the points."""
    near = _AT_FLOOR * width
    floors, steps = _newton(objective, points)
    floors = _distinct(floors[np.abs(steps).max(axis=1, initial=0.0) < near], near)
    for _ in range(_NEWTON_STEPS):
        floors, _steps = _newton(objective, floors.T)
    return floors


def _newton(objective: Objective, points: Floats) -> tuple[Floats, Floats]:
    """Return where Newton's step leads from each of the points (d, m) that f curves up at.

    Both the places and the steps have shape (k, d).
    """
    formula = objective.expression
    with np.errstate(all="ignore"):
        slopes = np.array(formula.gradient(*points)).T
        rows = [partial.gradient(*points) for partial in _partials(objective)]
        curvatures = np.moveaxis(np.array(rows), -1, 0)
        finite = np.isfinite(curvatures).all(axis=(1, 2)) & np.isfinite(slopes).all(axis=1)
        ends, slopes, curvatures = points.T[finite], slopes[finite], curvatures[finite]
        eigenvalues = np.linalg.eigvalsh(curvatures)
        # A curvature that rounding could have made says nothing and cannot be divided by.
        upward = eigenvalues[:, 0] > 1e-12 * np.abs(eigenvalues[:, -1])
        inverses = np.linalg.inv(curvatures[upward])
        steps = np.einsum("kij,kj->ki", inverses, slopes[upward])
    return ends[upward] - steps, steps


@lru_cache(maxsize=16)
def _partials(objective: Objective) -> tuple[Expression, ...]:
    """Return the partial derivatives of the objective, of which each knows its own."""
    formula = objective.expression
    return tuple(formula.derivative(name) for name in formula.variables)


def _distinct(points: Floats, near: float) -> Floats:
    """Return one of each group of points that round to the same."""
    if not len(points):
        return points
    _, first = np.unique(np.round(points / near), axis=0, return_index=True)
    return points[np.sort(first)]


@lru_cache(maxsize=8)
def basins_of(setup: Setup) -> Basins:
    """Return the whole map at once, no finer than some 60 ms of work allow."""
    cells = min(max(_WORK // setup.steps, _FEWEST), _MOST)
    rows = round(math.sqrt(cells / _WIDE)) if len(setup.start) == 2 else 1
    columns = cells // rows if rows > 1 else min(cells, _STARTS)
    *_, last = basins(setup, columns, rows)
    return last


# Edges


@dataclass(frozen=True, slots=True)
class Edge:
    """A start at which the end of the run changes."""

    x: float
    left: float
    """Where starts just left of it end."""
    right: float


@lru_cache(maxsize=16)
def edges(setup: Setup) -> tuple[Edge, ...]:
    """Return the edges in the window of a descent in one variable, from left to right.

    A start ends at a floor where the map of basins says so, and at the same floor.
    """
    (low, high), *upward = window_of(setup)
    if upward:
        return ()
    starts = _middles(low, high, _STARTS)
    ends = _walked(setup, starts)
    floors = _floors(setup, ends)
    numbers = _ends(setup, ends, floors)
    known = np.flatnonzero(numbers >= 0)
    found = [
        (a, b) for a, b in pairwise(known) if numbers[a] != numbers[b] and b - a <= _WIDEST_GAP
    ]
    if not found:
        return ()
    left, right = np.array(found).T
    places = _bisected(
        lambda some: _ends(setup, _walked(setup, some), floors),
        starts[left], starts[right], numbers[left], numbers[right],
    )  # fmt: skip
    return tuple(
        Edge(float(x), float(floors[numbers[a], 0]), float(floors[numbers[b], 0]))
        for x, a, b in zip(places, left, right, strict=True)
    )


def _walked(setup: Setup, starts: Floats) -> Floats:
    """Return where runs from these starts, shape (m,), end, shape (1, m)."""
    *_, (_, ends) = walk_together(setup, starts[None, :])
    return ends


def _bisected(
    ends: Callable[[Floats], NDArray[np.int64]],
    low: Floats,
    high: Floats,
    left: NDArray[np.int64],
    right: NDArray[np.int64],
) -> Floats:
    """Return where, between `low` and `high`, the ends change from `left` to something else."""
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        numbers = ends(middle)
        stays, goes = numbers == left, numbers == right
        # A start that ends at neither (a top, on which the run stays) is itself the edge.
        low = np.where(goes, low, middle)
        high = np.where(stays, high, middle)
    return np.asarray((low + high) / 2)
