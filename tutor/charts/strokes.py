"""Lines cut to the canvas and thinned; and as braille dots where plotext cannot draw them.

Everything is vectorised: a path of many steps costs little more than one of few.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tutor.charts.chart import Floats
from tutor.charts.picture import DOTS_ACROSS, DOTS_DOWN
from tutor.charts.scale import EDGE

if TYPE_CHECKING:
    from tutor.charts.marks import Pattern

Dots: TypeAlias = NDArray[np.bool_]
"""Shape (rows · 4, columns · 2), the bottom row first: which dots are set."""

Indices: TypeAlias = NDArray[np.int64]
Corner: TypeAlias = tuple[float, float]

BRAILLE = 0x2800
_BITS = ((6, 7), (2, 5), (1, 4), (0, 3))
"""Which bit of the code is the dot in each place of a cell, the bottom row first."""
_PERIODS: dict[str, tuple[float, float]] = {"dashed": (7.0, 4.0), "dotted": (4.0, 1.0)}
MANY = 512
"""Lines of more pieces than this are thinned first."""

STRETCHES = 256
"""A long line is cut into so many stretches; a canvas has 100 to 400 dots across."""
FEW = 2048
"""Lines of no more points than this are drawn as they are."""


def extremes(x: Floats, y: Floats) -> NDArray[np.int64]:
    """Return which points of a line (shapes (n,)) to keep, in their order.

    Of each stretch of neighbours the first stays, the leftmost, rightmost, lowest and highest,
    and the first that is not finite: a spike of one point survives, a gap stays a gap,
    whatever n is. All are kept where n is at most `FEW`.
    """
    count = min(x.size, y.size)
    if count <= FEW:
        return np.arange(count)
    length = -(-count // STRETCHES)
    whole = count - count % length
    starts = np.arange(0, whole, length)
    kept = [starts, np.array([count - 1])]
    for values in (x[:count], y[:count]):
        kept += _extremes_of(values[:whole].reshape(-1, length), starts)
        kept += _extremes_of(values[None, whole:], np.array([whole])) if whole < count else []
    return np.unique(np.concatenate(kept))


def _extremes_of(stretches: Floats, starts: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Where the smallest, largest and first non-finite value of each row stand.

    The position of a NaN wins both searches of NumPy; such rows are searched again without.
    """
    lowest, highest = stretches.argmin(axis=1), stretches.argmax(axis=1)
    rows = np.arange(len(stretches))
    ends = np.stack([stretches[rows, lowest], stretches[rows, highest]])
    broken = np.flatnonzero(~np.isfinite(ends).all(axis=0))
    if not broken.size:
        return [starts + lowest, starts + highest]
    finite = np.isfinite(stretches[broken])
    lowest[broken] = np.where(finite, stretches[broken], np.inf).argmin(axis=1)
    highest[broken] = np.where(finite, stretches[broken], -np.inf).argmax(axis=1)
    return [starts + lowest, starts + highest, starts[broken] + finite.argmin(axis=1)]


def line_segments(across: Floats, up: Floats) -> Floats:
    """Join points (in dots, shape (n,), NaN breaks the line) into segments of shape (4, k).

    A lone point becomes a segment of length 0.
    """
    known = np.isfinite(across) & np.isfinite(up)
    joined = known[:-1] & known[1:]
    segments = np.stack([across[:-1], up[:-1], across[1:], up[1:]])[:, joined]
    before = np.concatenate([[False], joined])
    after = np.concatenate([joined, [False]])
    lone = known & ~before & ~after
    points = np.stack([across, up, across, up])[:, lone]
    return np.concatenate([segments, points], axis=1)


def join_segments(segments: Floats) -> Floats:
    """Return segments (shape (4, k)) as points of one line, shape (2, n), NaN where it breaks."""
    ends = segments.T.reshape(-1, 2, 2)
    breaks = np.append(True, (ends[1:, 0] != ends[:-1, 1]).any(axis=1))
    gaps = np.full((len(ends), 1, 2), np.nan)
    kept = np.stack([breaks, breaks, np.ones_like(breaks)], axis=1)
    points: Floats = np.concatenate([gaps, ends], axis=1)[kept[: len(ends)]].T[:, 1:]
    return points


def outline(across: Floats, up: Floats) -> Indices:
    """Return which points of a line (in dots, shape (n,)) to keep so that it sets the same dots.

    Of neighbours in one column of dots the first and the last stay, the lowest and the highest;
    then the same of neighbours in one row. What is not finite stays.
    """
    kept = _outline(across, up)
    return np.asarray(kept[_outline(up[kept], across[kept])])


def _outline(along: Floats, over: Floats) -> Indices:
    strip = np.floor(np.where(np.isfinite(over), along, np.nan) + 0.5)
    is_first = np.append(True, strip[1:] != strip[:-1])[: strip.size]
    first = np.flatnonzero(is_first)
    last = np.append(first[1:], strip.size)[: first.size] - 1
    order = np.lexsort((over, np.cumsum(is_first)))
    return np.unique(np.concatenate([first, last, order[first], order[last]]))


def distinct(segments: Floats) -> Indices:
    """Return which segments within the canvas (in dots) to keep of those that set the same dots.

    These have the same ends, rounded to whole dots, in either direction.
    """
    x0, y0, x1, y1 = np.floor(segments + 0.5).astype(np.int64)
    start, end = x0 << 15 | y0, x1 << 15 | y1
    keys = np.minimum(start, end) << 30 | np.maximum(start, end)
    _, first = np.unique(keys, return_index=True)
    return np.sort(first)


def clip(segments: Floats, low: Corner, high: Corner) -> Floats:
    """Return the parts of segments (shape (4, k)) within a window, given by its corners.

    Source: Y.-D. Liang, B. Barsky, "A new concept and method for line clipping" (1984).
    """
    x0, y0, x1, y1 = segments
    dx, dy = x1 - x0, y1 - y0
    enter, leave = np.zeros_like(x0), np.ones_like(x0)
    sides = ((-dx, x0 - low[0]), (dx, high[0] - x0), (-dy, y0 - low[1]), (dy, high[1] - y0))
    for toward, room in sides:
        with np.errstate(all="ignore"):
            at = room / toward
        enter = np.where(toward < 0, np.maximum(enter, at), enter)
        leave = np.where(toward > 0, np.minimum(leave, at), leave)
        leave = np.where((toward == 0) & (room < 0), -1.0, leave)
    inside = enter <= leave
    parts = np.stack([x0 + enter * dx, y0 + enter * dy, x0 + leave * dx, y0 + leave * dy])
    return parts[:, inside]


def draw_segments(dots: Dots, segments: Floats, pattern: Pattern = "solid") -> None:
    """Set the dots that the segments (shape (4, k), in dots, finite) pass over, clipped."""
    height, width = dots.shape
    inside = clip(segments, (-EDGE, -EDGE), (width - 1 + EDGE, height - 1 + EDGE))
    if inside.shape[1] == 0:
        return
    if inside.shape[1] > MANY:
        inside = np.floor(inside[:, distinct(inside)] + 0.5)
    x0, y0, x1, y1 = inside
    dx, dy = x1 - x0, y1 - y0
    counts = np.ceil(np.maximum(np.abs(dx), np.abs(dy))).astype(np.int64) + 1
    owner = np.repeat(np.arange(counts.size), counts)
    starts = np.cumsum(counts) - counts
    fraction = (np.arange(owner.size) - starts[owner]) / np.maximum(counts - 1, 1)[owner]
    if pattern != "solid":
        keep = _is_on(np.hypot(dx, dy), owner, fraction, pattern)
        owner, fraction = owner[keep], fraction[keep]
    column = np.floor(x0[owner] + fraction * dx[owner] + 0.5).astype(np.int64)
    row = np.floor(y0[owner] + fraction * dy[owner] + 0.5).astype(np.int64)
    dots[np.clip(row, 0, height - 1), np.clip(column, 0, width - 1)] = True


def _is_on(
    lengths: Floats,
    owner: NDArray[np.int64],
    fraction: Floats,
    pattern: Pattern,
) -> NDArray[np.bool_]:
    """Whether a sample falls on a dash, counted along the whole line."""
    period, dash = _PERIODS[pattern]
    travelled = (np.cumsum(lengths) - lengths)[owner] + fraction * lengths[owner]
    return np.floor(travelled + 0.5) % period < dash


def pack(dots: Dots) -> NDArray[np.uint8]:
    """Return the braille code (0..255) of each cell, shape (rows, columns), the top row first."""
    bits = dots.view(np.uint8)
    codes: NDArray[np.uint8] = np.zeros(
        (bits.shape[0] // DOTS_DOWN, bits.shape[1] // DOTS_ACROSS), np.uint8
    )
    for up, row in enumerate(_BITS):
        for across, bit in enumerate(row):
            codes |= bits[up::DOTS_DOWN, across::DOTS_ACROSS] << bit
    return codes[::-1]
