"""A surface in space: what of f over a window is seen from a viewpoint, dot by dot.

The window is the square -1..1 by -1..1 and f lies in -HEIGHT..HEIGHT over it; it is projected along
parallel rays. Each column of dots is one cut through the surface, walked from the front to the
back: as long as it rises on the screen it is seen from above, as long as it falls from below, and
what it does beneath its own horizon is hidden. So every dot knows the one place that is seen there,
whatever the slope, without a loop over dots.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tutor.charts.chart import AxisRange, Floats, Viewpoint
from tutor.charts.contours import STEEP, sample
from tutor.charts.field_drawing import heat_shares

HEIGHT = 0.56
"""Half the height of the box, of half its width."""
SAMPLES = 97
"""Places along each side of the window at which f is asked."""
_CUT = 160
"""Places along the cut of a column."""
_TOP, _STEEP_TOP = 0.97, 0.9
"""The part of the heights that is drawn where the highest stand far above: the rest is cut off."""
_WALL = 1.5
"""A top so many times as high as the rest is cut off."""
_LIGHT = np.array([-0.45, -0.35, 0.82])
"""Where the light comes from: the left of the screen, before it, above."""
_AMBIENT = 0.34
_IN_SHADE = 0.3
"""The part of the colours that the underside has."""
_FAR = 1e6
_NEAR = 0.05
"""So far behind the surface, of half a window, a line on it still counts as seen."""


@dataclass(frozen=True, slots=True, eq=False)
class Terrain:
    """f over a window, ready to be looked at from anywhere."""

    x_range: AxisRange
    y_range: AxisRange
    low: float
    top: float
    """The heights of the floor and of the ceiling of the box, in units of f."""
    is_cut: bool
    """Whether f rises above the ceiling."""
    heights: Floats
    """Shape (SAMPLES, SAMPLES), in -HEIGHT..HEIGHT; NaN where f has no value."""
    shares: Floats
    """The same shape: how high a place counts for its colour, 0..1."""
    normals: Floats
    """Shape (SAMPLES, SAMPLES, 3): the direction that is upright on the surface, of length 1."""

    @property
    def has_holes(self) -> bool:
        """Whether f has no value somewhere."""
        return bool(np.isnan(self.heights).any())

    @property
    def is_empty(self) -> bool:
        """Whether f has a value nowhere."""
        return bool(np.isnan(self.heights).all())

    def height_of(self, values: Floats) -> Floats:
        """Return the height in the box of values of f; NaN for those that it has not."""
        with np.errstate(all="ignore"):
            share = (np.minimum(values, self.top) - self.low) / (self.top - self.low)
        return (2 * np.clip(share, 0.0, 1.0) - 1) * HEIGHT

    def place_of(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Return where points of the plane lie in the square -1..1 by -1..1, or far beside it."""
        with np.errstate(all="ignore"):
            a, b = _spread(x, self.x_range), _spread(y, self.y_range)
            return np.clip(a, -_FAR, _FAR), np.clip(b, -_FAR, _FAR)

    def between(self, a: Floats, b: Floats) -> Floats:
        """Return the heights at places of the square, any shape; NaN where f has no value."""
        return _between(self.heights, a, b)

    def data_at(self, a: Floats, b: Floats) -> tuple[Floats, Floats]:
        """Return the points of the plane at places of the square."""
        x, y = self.x_range, self.y_range
        return (x.low + (x.high - x.low) * (a + 1) / 2, y.low + (y.high - y.low) * (b + 1) / 2)


def _spread(values: Floats, span: AxisRange) -> Floats:
    half = span.high / 2 - span.low / 2
    return np.asarray((values / 2 - (span.low / 4 + span.high / 4)) / half * 2)


def terrain(f: Callable[[Floats], Floats], x_range: AxisRange, y_range: AxisRange) -> Terrain:
    """Return the terrain of f, which takes points of shape (2, k), over a window."""
    x, y = (np.linspace(span.low, span.high, SAMPLES) for span in (x_range, y_range))
    values = sample(f, x, y).values
    low, top, is_cut = _box(values)
    blank = np.empty(0)
    bare = Terrain(x_range, y_range, low, top, is_cut, blank, blank, blank)
    heights = bare.height_of(values)
    shares = heat_shares(np.minimum(values, top))
    return Terrain(x_range, y_range, low, top, is_cut, heights, shares, _normals(heights))


def _box(values: Floats) -> tuple[float, float, bool]:
    """The heights of floor and ceiling, and whether something stands above the ceiling."""
    finite = values[np.isfinite(values)]
    if not finite.size:
        return -1.0, 1.0, False
    low, middle, most, top = (float(q) for q in np.quantile(finite, (0.0, 0.5, _TOP, 1.0)))
    if not top - low > 1e-12 * max(abs(low), abs(top), 1e-290):
        room = max(abs(low), 1.0)
        return max(low - room, -1.7e308), min(low + room, 1.7e308), False
    floor = float(np.quantile(finite, 1 - _TOP))
    if middle - low > 20 * (middle - floor) and middle > floor:
        low = floor - (middle - floor)
    if top - low > STEEP * (middle - low):
        most = float(np.quantile(finite, _STEEP_TOP))
    is_cut = top - low > _WALL * (most - low) and most > low
    return low, (most if is_cut else top), is_cut


def _normals(heights: Floats) -> Floats:
    step = 2 / (SAMPLES - 1)
    along_b, along_a = np.gradient(np.nan_to_num(heights, nan=-HEIGHT), step)
    normals = np.stack([-along_a, -along_b, np.ones_like(along_a)], axis=-1)
    return np.asarray(normals / np.linalg.norm(normals, axis=-1, keepdims=True))


@dataclass(frozen=True, slots=True)
class Eye:
    """From where the box is seen, on a canvas of so many dots."""

    viewpoint: Viewpoint
    width: int
    height: int

    @property
    def scale(self) -> float:
        """Dots for half a side of the window; a turn does not change it."""
        wide = self.width / (2 * math.sqrt(2.0))
        return max(min(wide, self.height / (2 * self._rise)), 1e-6)

    @property
    def _rise(self) -> float:
        return math.sqrt(2.0) * self._sine + HEIGHT * self._cosine

    @property
    def _sine(self) -> float:
        return math.sin(math.radians(self.viewpoint.tilt))

    @property
    def _cosine(self) -> float:
        return math.cos(math.radians(self.viewpoint.tilt))

    def turned(self, a: Floats, b: Floats) -> tuple[Floats, Floats]:
        """Return how far to the right places of the square are, and how far away from us."""
        angle = math.radians(self.viewpoint.turn)
        sine, cosine = math.sin(angle), math.cos(angle)
        return a * cosine + b * sine, b * cosine - a * sine

    def turned_back(self, right: Floats, away: Floats) -> tuple[Floats, Floats]:
        """Return the places of the square; the inverse of `turned`."""
        angle = math.radians(self.viewpoint.turn)
        sine, cosine = math.sin(angle), math.cos(angle)
        return right * cosine - away * sine, right * sine + away * cosine

    def dots(self, right: Floats, away: Floats, heights: Floats) -> tuple[Floats, Floats]:
        """Return where places are on the canvas, in dots across and up."""
        up = away * self._sine + heights * self._cosine
        return (
            right * self.scale + (self.width - 1) / 2,
            up * self.scale + (self.height - 1) / 2,
        )

    def columns(self) -> Floats:
        """Return how far to the right each column of dots is."""
        return np.asarray((np.arange(self.width) - (self.width - 1) / 2) / self.scale)

    def light(self, normals: Floats, *, from_below: NDArray[np.bool_]) -> Floats:
        """Return how bright places with these upright directions, shape (n, 3), are: 0..1."""
        right, away = self.turned(normals[:, 0], normals[:, 1])
        facing = right * _LIGHT[0] + away * _LIGHT[1] + normals[:, 2] * _LIGHT[2]
        lit = _AMBIENT + (1 - _AMBIENT) * np.clip(facing, 0.0, 1.0)
        return np.asarray(np.where(from_below, _AMBIENT * (1.0 + facing * 0.5), lit))


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What is seen at each dot of the canvas; shapes (height, width), the bottom row first."""

    is_there: NDArray[np.bool_]
    a: Floats
    b: Floats
    """The place of the square; nonsense where nothing is there."""
    away: Floats
    """How far away from us; infinite where nothing is there."""
    from_below: NDArray[np.bool_]


def look(land: Terrain, eye: Eye) -> Seen:
    """Return what of the terrain is seen."""
    right = eye.columns()
    near, far = _reach(right, eye)
    cut = near[:, None] + (far - near)[:, None] * np.linspace(0.0, 1.0, _CUT)
    a, b = eye.turned_back(right[:, None], cut)
    _, up = eye.dots(right[:, None], cut, land.between(a, b))
    missing = far <= near
    place, from_below = (_crossings_of_holes if land.has_holes else _crossings)(up, eye.height)
    place[:, missing] = np.nan
    is_there = np.isfinite(place)
    away = near + (far - near) * np.nan_to_num(place) / (_CUT - 1)
    a, b = eye.turned_back(np.broadcast_to(right, away.shape), away)
    return Seen(is_there, a, b, np.where(is_there, away, np.inf), from_below & is_there)


def _reach(right: Floats, eye: Eye) -> tuple[Floats, Floats]:
    """Where the cut of each column enters the square and where it leaves it."""
    angle = math.radians(eye.viewpoint.turn)
    near, far = np.full(right.shape, -np.inf), np.full(right.shape, np.inf)
    for start, slope in (
        (right * math.cos(angle), -math.sin(angle)),
        (right * math.sin(angle), math.cos(angle)),
    ):
        if abs(slope) < 1e-9:
            outside = np.abs(start) > 1
            near, far = np.where(outside, 0.0, near), np.where(outside, 0.0, far)
            continue
        ends = np.sort(np.stack([(-1 - start) / slope, (1 - start) / slope]), axis=0)
        near, far = np.maximum(near, ends[0]), np.minimum(far, ends[1])
    empty = ~(far > near)
    return np.where(empty, 0.0, near), np.where(empty, 0.0, far)


def _crossings(up: Floats, height: int) -> tuple[Floats, NDArray[np.bool_]]:
    """Where along its cut each dot of a column meets it first, and whether from below.

    Args:
        up: shape (width, _CUT): how high on the canvas the cut lies, from the front on.
        height: dots up.

    Returns:
        Shapes (height, width); a place is NaN where the dot meets nothing.
    """
    dots = np.arange(height, dtype=float)
    above = _first(up, dots)
    below = _first(-up, -dots)
    from_below = dots[:, None] < up[:, 0]
    return np.where(from_below, below, above), from_below


def _first(up: Floats, dots: Floats) -> Floats:
    """The place at which each cut first reaches each dot from beneath it; NaN: never."""
    width, count = up.shape
    horizon = np.maximum.accumulate(up, axis=1)
    low = min(float(horizon[:, 0].min()), float(dots.min()))
    room = max(float(horizon[:, -1].max()), float(dots.max())) - low + 1.0
    offset = np.arange(width) * (2 * room)
    flat = (horizon - low + offset[:, None]).ravel()
    wanted = dots[:, None] - low + offset
    found = np.searchsorted(flat, wanted.ravel()).reshape(wanted.shape) - np.arange(width) * count
    last = np.clip(found, 1, count - 1)
    column = np.arange(width)
    before, after = up[column, last - 1], up[column, last]
    with np.errstate(all="ignore"):
        share = np.clip((dots[:, None] - before) / (after - before), 0.0, 1.0)
    return np.where((found > 0) & (found < count), last - 1 + np.nan_to_num(share), np.nan)


def _crossings_of_holes(up: Floats, height: int) -> tuple[Floats, NDArray[np.bool_]]:
    """The same where cuts have gaps, through which what lies behind is seen."""
    dots = np.arange(height, dtype=np.float32)[:, None, None]
    near = up.astype(np.float32)
    with np.errstate(all="ignore"):
        is_above = near >= dots
        known = np.isfinite(near)
        crosses = (is_above[..., 1:] != is_above[..., :-1]) & known[:, 1:] & known[:, :-1]
    first = crosses.argmax(axis=2)
    column = np.arange(len(up))
    before, after = up[column, first], up[column, first + 1]
    with np.errstate(all="ignore"):
        share = np.clip((dots[:, :, 0] - before) / (after - before), 0.0, 1.0)
    found = crosses.any(axis=2)
    return np.where(found, first + np.nan_to_num(share), np.nan), found & (before > after)


def _between(values: Floats, a: Floats, b: Floats) -> Floats:
    """Return the values of a grid over the square at places between its own, any shape."""
    last = SAMPLES - 1
    column = np.clip((a + 1) * (last / 2), 0.0, last)
    row = np.clip((b + 1) * (last / 2), 0.0, last)
    left, below = (np.minimum(np.nan_to_num(v).astype(int), last - 1) for v in (column, row))
    right_share, up_share = column - left, row - below
    if values.ndim == 3:
        right_share, up_share = right_share[..., None], up_share[..., None]
    flat = values.reshape(SAMPLES * SAMPLES, *values.shape[2:])
    corner = below * SAMPLES + left
    lower = flat[corner] + (flat[corner + 1] - flat[corner]) * right_share
    upper = flat[corner + SAMPLES]
    upper = upper + (flat[corner + SAMPLES + 1] - upper) * right_share
    return np.asarray(lower + (upper - lower) * up_share)


def shares_and_light(land: Terrain, eye: Eye, seen: Seen) -> tuple[Floats, Floats]:
    """Return for each dot that is there how high it counts and how bright it is, both 0..1."""
    a, b = seen.a[seen.is_there], seen.b[seen.is_there]
    shares = np.clip(_between(np.nan_to_num(land.shares), a, b), 0.0, 1.0)
    from_below = seen.from_below[seen.is_there]
    bright = eye.light(_between(land.normals, a, b), from_below=from_below)
    return np.where(from_below, shares * _IN_SHADE, shares), bright


def is_seen(seen: Seen, across: Floats, up: Floats, away: Floats) -> NDArray[np.bool_]:
    """Return which places on the canvas (dots), so far away, the surface does not hide."""
    height, width = seen.away.shape
    inside = (across > -0.5) & (across < width - 0.5) & (up > -0.5) & (up < height - 0.5)
    column = np.clip(np.nan_to_num(np.rint(across)), 0, width - 1).astype(int)
    row = np.clip(np.nan_to_num(np.rint(up)), 0, height - 1).astype(int)
    padded = np.pad(seen.away, 1, mode="edge")
    behind = np.max([padded[row + i, column + j] for i in range(3) for j in range(3)], axis=0)
    return np.asarray(inside & (away <= behind + _NEAR))
