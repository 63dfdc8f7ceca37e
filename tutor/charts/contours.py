"""Lines of equal f: sample a field on a grid, choose levels, trace them, place their numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from tutor.charts.chart import Floats

Indices: TypeAlias = NDArray[np.int64]
LARGEST = 1e300
"""Values are held within this, so that no difference of two overflows."""
MARGIN_CELLS, CLOSE_CELLS, ROOMY_CELLS = 4.0, 5.0, 16.0
"""Of a level's number: from the border, from another number at least, and enough of that."""
STEEP = 7.0
"""A field whose top lies this many times above its median is drawn on geometric levels (a
paraboloid: 3 to 4)."""

# Which edges of a grid square the line joins, by which corners lie above the level: 1 lower
# left, 2 lower right, 4 upper right, 8 upper left. Edges: 0 bottom, 1 right, 2 top, 3 left.
# The squares 5 and 10 are saddles; 16 and 17 stand for them where the middle lies above.
_JOINS: tuple[tuple[tuple[int, int], ...], ...] = (
    (),
    ((3, 0),),
    ((0, 1),),
    ((3, 1),),
    ((1, 2),),
    ((3, 0), (1, 2)),
    ((0, 2),),
    ((3, 2),),
    ((2, 3),),
    ((2, 0),),
    ((0, 1), (2, 3)),
    ((2, 1),),
    ((1, 3),),
    ((1, 0),),
    ((0, 3),),
    (),
    ((3, 2), (1, 0)),
    ((0, 3), (2, 1)),
)


@dataclass(frozen=True, slots=True, eq=False)
class SampledField:
    """Values of f on a grid: `values[i, j]` at `(x[j], y[i])`; NaN where f has none."""

    x: Floats
    y: Floats
    values: Floats


def sample(f: Callable[[Floats], Floats], x: Floats, y: Floats) -> SampledField:
    """Evaluate f once on the grid of `x` (shape (n,)) and `y` (shape (m,)).

    Args:
        f: takes points of shape (2, k) and returns shape (k,), or one number for all.
        x: the columns' coordinates, increasing.
        y: the rows' coordinates, increasing.

    Returns:
        Values of shape (m, n), held within ±1e300; never infinite.
    """
    points = np.stack([np.tile(x, y.size), np.repeat(y, x.size)])
    with np.errstate(all="ignore"):
        values = np.asarray(f(points), dtype=np.float64)
    flat = np.broadcast_to(values, (points.shape[1],))
    return SampledField(x, y, np.clip(flat, -LARGEST, LARGEST).reshape(y.size, x.size))


def choose_levels(values: Floats, count: int) -> tuple[float, ...]:
    """Return about `count` levels strictly between the ends of `values` (any shape), rising.

    Round and evenly spaced where the values are spread fairly evenly (a bowl), geometric
    (…, 1, 10, 100, …) above the lowest value where most lie far below the top (a valley).
    Empty where there is nothing to show: no finite value, or a constant field.
    """
    finite = values[np.isfinite(values)]
    if finite.size == 0 or count < 1:
        return ()
    low, middle, high, top = (float(q) for q in np.quantile(finite, (0.0, 0.5, 0.95, 0.99)))
    if not high - low > 1e-12 * max(abs(low), abs(high), 1e-290):
        return ()
    if top - low > STEEP * (middle - low):
        return _geometric_levels(low, top, float(finite[finite > low].min()), count)
    return _even_levels(low, high, float(finite.max()), count)


def _even_levels(low: float, high: float, top: float, count: int) -> tuple[float, ...]:
    """About `count` levels from low to high, and as evenly on to the top, where corners lie."""
    wanted = (high - low) / (count + 0.5)
    unit = 10.0 ** math.floor(math.log10(wanted))
    steps = [factor * unit for factor in (1, 2, 2.5, 5, 10)]
    step = next((s for s in steps if s >= wanted * 0.8), steps[-1])
    first = math.floor(low / step) + 1
    levels = (step * k for k in range(first, first + 2 * count + 2))
    return tuple(level for level in levels if low < level < top)


def _geometric_levels(low: float, high: float, nearest: float, count: int) -> tuple[float, ...]:
    """Powers of ten above `low` (or above 0, where `low` lies just above it), at most `count`."""
    base = 0.0 if 0 <= low < (high - low) * 1e-3 else low
    bottom = max(nearest - base, (high - base) * 10.0**-count)
    last = math.floor(math.log10(high - base))
    decades = max(last - math.ceil(math.log10(bottom)) + 1, 1)
    every = math.ceil(decades / count)
    factors = (1, 2, 5) if decades * 3 <= count else (1, 3) if decades * 2 <= count else (1,)
    exponents = range(last, last - decades, -every)
    levels = (base + factor * 10.0**e for e in reversed(exponents) for factor in factors)
    return tuple(level for level in levels if low < level < high)


def level_segments(field: SampledField, level: float) -> Floats:
    """Trace one level by marching squares.

    Every crossing is found by linear interpolation along a side of a grid square; squares with
    a corner that is not finite are left out.

    Returns:
        Shape (4, k): x0, y0, x1, y1 of k short pieces, in the units of the grid.
    """
    above = field.values > level
    case = (
        above[:-1, :-1] * 1 + above[:-1, 1:] * 2 + above[1:, 1:] * 4 + above[1:, :-1] * 8
    ).astype(np.int64)
    rows, columns = np.nonzero((case > 0) & (case < 15))
    corners = _corners(field.values, rows, columns)
    finite = np.isfinite(corners).all(axis=0)
    rows, columns, corners = rows[finite], columns[finite], corners[:, finite]
    cases = case[rows, columns]
    middle_above = corners.mean(axis=0) > level
    cases = np.where((cases == 5) & middle_above, 16, cases)
    cases = np.where((cases == 10) & middle_above, 17, cases)
    crossings = _crossings(field, rows, columns, corners, level)
    return _join(crossings, cases)


def _corners(values: Floats, rows: Indices, columns: Indices) -> Floats:
    return np.stack(
        [
            values[rows, columns],
            values[rows, columns + 1],
            values[rows + 1, columns + 1],
            values[rows + 1, columns],
        ]
    )


def _crossings(
    field: SampledField,
    rows: Indices,
    columns: Indices,
    corners: Floats,
    level: float,
) -> Floats:
    """Where the level meets each of the four sides, shape (4, 2, k); nonsense where it does not."""
    left, right = field.x[columns], field.x[columns + 1]
    bottom, top = field.y[rows], field.y[rows + 1]
    lower_left, lower_right, upper_right, upper_left = corners
    with np.errstate(all="ignore"):

        def between(a: Floats, b: Floats, start: Floats, end: Floats) -> Floats:
            return start + (level - a) / (b - a) * (end - start)

        return np.stack(
            [
                np.stack([between(lower_left, lower_right, left, right), bottom]),
                np.stack([right, between(lower_right, upper_right, bottom, top)]),
                np.stack([between(upper_left, upper_right, left, right), top]),
                np.stack([left, between(lower_left, upper_left, bottom, top)]),
            ]
        )


def _join(crossings: Floats, cases: Indices) -> Floats:
    pieces = [np.empty((4, 0))]
    for case, joins in enumerate(_JOINS):
        chosen = cases == case
        if joins and chosen.any():
            pieces += [
                np.concatenate([crossings[a][:, chosen], crossings[b][:, chosen]]) for a, b in joins
            ]
    return np.concatenate(pieces, axis=1)


def label_place(
    segments: Floats, size: tuple[int, int], taken: list[tuple[float, float]]
) -> tuple[float, float] | None:
    """Choose where the number of a level stands on its line, or None where there is no room.

    The best place has the line run level through it, keeps away from the numbers that stand
    already and from the border.

    Args:
        segments: the line, shape (4, k), in cells.
        size: columns and rows of the canvas, in cells.
        taken: the places of other numbers.

    Returns:
        The (column, row) of the middle of the number, in cells.
    """
    x, y = (segments[0] + segments[2]) / 2, (segments[1] + segments[3]) / 2
    columns, rows = size
    margin = min(MARGIN_CELLS, columns / 4)
    inside = (x > margin) & (x < columns - 1 - margin) & (y > 0.5) & (y < rows - 1.5)
    if not inside.any():
        return None
    x, y = x[inside], y[inside]
    run, rise = (segments[2] - segments[0])[inside], 2 * (segments[3] - segments[1])[inside]
    levelness = np.abs(run) / np.maximum(np.hypot(run, rise), 1e-12)
    nearest = np.full(x.size, ROOMY_CELLS)
    for column, row in taken:
        nearest = np.minimum(nearest, np.hypot(x - column, 2 * (y - row)))
    best = int(np.argmax(levelness + 2 * nearest / ROOMY_CELLS))
    return (float(x[best]), float(y[best])) if nearest[best] >= CLOSE_CELLS else None
