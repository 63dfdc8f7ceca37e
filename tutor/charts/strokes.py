"""Lines as braille dots: clip, thin, spread over dots, pack the dots of a cell into a character.

Everything is vectorised: a path of many steps costs little more than one of few.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tutor.charts.chart import Floats
from tutor.charts.picture import DOTS_ACROSS, DOTS_DOWN

if TYPE_CHECKING:
    from tutor.charts.marks import Pattern

Dots: TypeAlias = NDArray[np.bool_]
"""Shape (rows · 4, columns · 2), the bottom row first: which dots are set."""

BRAILLE = 0x2800
_BITS = ((6, 7), (2, 5), (1, 4), (0, 3))
"""Which bit of the code is the dot in each place of a cell, the bottom row first."""
_PERIODS: dict[str, tuple[float, float]] = {"dashed": (7.0, 4.0), "dotted": (4.0, 1.0)}
MANY = 512
"""Lines of more pieces than this are thinned first."""


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


def thin(segments: Floats) -> Floats:
    """Round segments within the canvas to whole dots and keep one of each, either direction.

    Nothing that sets a dot is lost, spikes included.
    """
    x0, y0, x1, y1 = np.floor(segments + 0.5).astype(np.int64)
    still = (x0 == x1) & (y0 == y1)
    still[:1] = False
    x0, y0, x1, y1 = (ends[~still] for ends in (x0, y0, x1, y1))
    start, end = x0 << 15 | y0, x1 << 15 | y1
    keys = np.minimum(start, end) << 30 | np.maximum(start, end)
    _, first = np.unique(keys, return_index=True)
    first.sort()
    return np.stack([x0, y0, x1, y1]).astype(np.float64)[:, first]


def clip(segments: Floats, width: int, height: int) -> Floats:
    """Return the parts of segments (shape (4, k)) within a canvas of that many dots.

    Source: Y.-D. Liang, B. Barsky, "A new concept and method for line clipping" (1984).
    """
    x0, y0, x1, y1 = segments
    dx, dy = x1 - x0, y1 - y0
    enter, leave = np.zeros_like(x0), np.ones_like(x0)
    edge = 0.499
    sides = (
        (-dx, x0 + edge),
        (dx, width - 1 + edge - x0),
        (-dy, y0 + edge),
        (dy, height - 1 + edge - y0),
    )
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
    inside = clip(segments, width, height)
    if inside.shape[1] == 0:
        return
    x0, y0, x1, y1 = thin(inside) if inside.shape[1] > MANY else inside
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


def in_same_cells(dots: Dots) -> Dots:
    """Return all the dots of the cells in which any dot is set."""
    height, width = dots.shape
    cells = dots.reshape(height // DOTS_DOWN, DOTS_DOWN, width // DOTS_ACROSS, DOTS_ACROSS)
    filled = np.broadcast_to(cells.any(axis=(1, 3), keepdims=True), cells.shape)
    return filled.reshape(height, width)


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
