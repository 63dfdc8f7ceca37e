"""What takes long: the sweep over η and the map of basins, as generators of partial results.

Each piece is some 10 to 30 ms of work, so that who asks can show how far it is, and stop.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tutor.core.arrays import Floats
from tutor.core.objectives import Objective
from tutor.engine.descent.batch import walk_together
from tutor.engine.descent.check import check_setup
from tutor.engine.descent.ground import hessian_at
from tutor.engine.descent.methods import largest_safe_rate
from tutor.engine.descent.objectives import Window, objective_of, window_of
from tutor.engine.descent.setup import Point, Setup

AWAY, UNDERWAY = -1, -2
"""Numbers of starts that fly away, and of those that have arrived nowhere yet."""
_FAR = 1e3
"""Times the window: so far out is gone."""
_AT_FLOOR, _SAME_FLOOR = 0.01, 0.02
"""Of the window's width: a Newton step so short has arrived; floors so near are one."""


@dataclass(frozen=True, eq=False)
class Sweep:
    """Where runs of different η stand after `done` of `total` steps."""

    setup: Setup
    """What was swept."""
    rates: Floats
    """Shape (m,): the η of the whole run."""
    losses: Floats
    """Shape (m,): f after `done` steps; inf or nan for runs that flew away."""
    diverged: NDArray[np.bool_]
    """Shape (m,): not finite, above the start's f, or far outside the window."""
    start_loss: float
    limit: float | None
    """The largest safe η by theory (2/λmax for plain descent); None where there is none."""
    limit_is_exact: bool
    """Whether the curvature is the same everywhere, so that the limit holds from any start; if
    not, it holds near the minimum."""
    done: int
    total: int


def sweep(setup: Setup, rates: Sequence[float]) -> Iterator[Sweep]:
    """Yield the setup's loss against η, again and again until all steps are done.

    Raises:
        TutorError: when it is first asked, if the setup cannot be run.
        ValueError: without rates.
    """
    check_setup(setup)
    if not len(rates):
        raise ValueError("rates must hold at least one η")
    objective, tried = objective_of(setup), np.array(rates, dtype=np.float64)
    start_loss = float(objective.expression.value(*map(float, setup.start)))
    starts = np.repeat(np.array(setup.start, dtype=np.float64)[:, None], len(tried), axis=1)
    done = 0
    for done, points in walk_together(setup, starts, tried):
        yield _sweep_at(setup, tried, points, start_loss, done)
    if done < setup.steps:
        yield _sweep_at(setup, tried, points, start_loss, setup.steps)


def _sweep_at(setup: Setup, rates: Floats, points: Floats, start_loss: float, done: int) -> Sweep:
    objective = objective_of(setup)
    losses = objective.expression.value(*points)
    diverged = ~np.isfinite(losses) | (losses > start_loss) | _is_away(points, window_of(setup))
    limit, exact = _limit(setup, points[:, _lowest(losses)])
    return Sweep(setup, rates, losses, diverged, start_loss, limit, exact, done, setup.steps)


def _lowest(losses: Floats) -> int:
    return int(np.argmin(np.where(np.isnan(losses), np.inf, losses)))


def _limit(setup: Setup, end: Floats) -> tuple[float | None, bool]:
    """Return the largest safe η, and whether it holds everywhere or near the minimum only."""
    objective = objective_of(setup)
    hessians = [hessian_at(objective, point) for point in _some_points(window_of(setup))]
    exact = all(np.array_equal(hessians[0], other) for other in hessians[1:])
    if exact:
        hessian = hessians[0]
    elif objective.minimizers:
        ways = np.hypot.reduce(np.array(objective.minimizers) - end, axis=1)
        hessian = hessian_at(objective, objective.minimizers[int(np.argmin(ways))])
    else:
        return None, False
    if not np.isfinite(hessian).all():
        return None, False
    curvatures = np.linalg.eigvalsh(hessian)
    if curvatures[0] < 0:
        return None, False
    return largest_safe_rate(setup.rule, float(curvatures[-1])), exact


def _some_points(window: Window) -> list[list[float]]:
    parts = ((0.13, 0.71), (0.5, 0.37), (0.89, 0.93), (0.31, 0.07))
    return [
        [low + part * (high - low) for part, (low, high) in zip(pair, window, strict=False)]
        for pair in parts
    ]


def _is_away(points: Floats, window: Window) -> NDArray[np.bool_]:
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
    objective, window = objective_of(setup), window_of(setup)
    width = float(np.mean([high - low for low, high in window]))
    away = _is_away(points, window)
    floors = _floors(objective, points[:, ~away], width)
    numbers = np.where(away, AWAY, UNDERWAY).astype(np.int64)
    ways = _distances(points, floors)
    reached = (ways < _SAME_FLOOR * width) & ~away
    is_there = reached.any(axis=0)
    if is_there.any():
        numbers[is_there] = np.where(reached, ways, np.inf)[:, is_there].argmin(axis=0)
    values = objective.expression.value(*floors.T)
    return Basins(
        setup, x0, x1, numbers.reshape(len(x1), len(x0)), tuple(map(tuple, floors.tolist())),
        tuple(values.tolist()), done, setup.steps,
    )  # fmt: skip


def _floors(objective: Objective, points: Floats, width: float) -> Floats:
    """Return the floors, shape (k, d), at which some of the points (d, m) are; lowest first."""
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
    formula = objective.expression
    with np.errstate(all="ignore"):
        slopes = np.array(formula.gradient(*points)).T
        rows = [formula.derivative(name).gradient(*points) for name in formula.variables]
        curvatures = np.moveaxis(np.array(rows), -1, 0)
        finite = np.isfinite(curvatures).all(axis=(1, 2)) & np.isfinite(slopes).all(axis=1)
        ends, slopes, curvatures = points.T[finite], slopes[finite], curvatures[finite]
        eigenvalues = np.linalg.eigvalsh(curvatures)
        # A curvature that rounding could have made says nothing and cannot be divided by.
        upward = eigenvalues[:, 0] > 1e-12 * np.abs(eigenvalues[:, -1])
        inverses = np.linalg.inv(curvatures[upward])
        steps = np.einsum("kij,kj->ki", inverses, slopes[upward])
        short = np.abs(steps).max(axis=1, initial=0.0) < _AT_FLOOR * width
    return _distinct((ends[upward] - steps)[short], _AT_FLOOR * width)


def _distinct(points: Floats, near: float) -> Floats:
    """Return one of each group of points that round to the same."""
    if not len(points):
        return points
    _, first = np.unique(np.round(points / near), axis=0, return_index=True)
    return points[np.sort(first)]
