"""A surface in space as it is seen on a canvas: its shades, its mesh, and what lies on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from tutor.charts.ascii_art import words
from tutor.charts.canvas import Canvas, Drawing, Stamp
from tutor.charts.chart import (
    Arrow,
    Chart,
    Floats,
    Guide,
    Layer,
    Line,
    Points,
    Viewpoint,
)
from tutor.charts.grid import Look
from tutor.charts.lettering import AXIS
from tutor.charts.line_drawing import draw_points, line_stamps
from tutor.charts.marks import MARKS, arrow_head, exit_sign
from tutor.charts.palette import HEAT_TONES, SURFACE_LIGHTS, SURFACE_TONES
from tutor.charts.picture import DOTS_ACROSS, DOTS_DOWN
from tutor.charts.space import HEIGHT, Eye, Seen, Terrain, is_seen, look, shares_and_light
from tutor.charts.strokes import Dots, clip, draw_segments, extremes, line_segments
from tutor.charts.ticks import short_number

_FEWEST_SQUARES, _MOST_SQUARES, _SQUARE, _WIRE_SQUARE = 4, 12, 13, 8
"""Squares of the mesh along each side of the window, and about how many dots wide they are: on a
shaded surface, and where it is of wire."""
_FINE, _MOST_POINTS = 32, 1600
"""Into how many pieces a straight one is cut to follow the surface, and how many points there are
at most."""
_CROSS = 0.12
_LEAST = 1e-3
"""Of the height of the box: a floor so near 0 is called 0."""
_OUT = 1.16
_ARROW_TIP = 3

Numbers: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True)
class Stage:
    """A surface as it is seen on one canvas."""

    land: Terrain
    viewpoint: Viewpoint
    canvas: Canvas

    @cached_property
    def eye(self) -> Eye:
        """From where it is seen."""
        return Eye(self.viewpoint, self.canvas.width, self.canvas.height)

    @cached_property
    def seen(self) -> Seen:
        """What is seen at each dot."""
        return look(self.land, self.eye)

    def place_at(self, column: int, row: int) -> tuple[float, float] | None:
        """Return the point of the plane that is seen in a cell of the canvas; None beside it."""
        up = (self.canvas.area.rows - 1 - row) * DOTS_DOWN
        cell = np.s_[up : up + DOTS_DOWN, column * DOTS_ACROSS : (column + 1) * DOTS_ACROSS]
        there = self.seen.is_there[cell]
        if not there.any():
            return None
        a, b = (float(each[cell][there].mean()) for each in (self.seen.a, self.seen.b))
        x, y = self.land.data_at(np.array(a), np.array(b))
        return float(x), float(y)

    def lifted(self, a: Floats, b: Floats) -> tuple[Floats, Floats]:
        """Return where places of the square are seen on the canvas, in dots; NaN: hidden."""
        within = (np.abs(a) <= 1 + 1e-9) & (np.abs(b) <= 1 + 1e-9)
        return self._shown(a, b, np.where(within, self.land.between(a, b), np.nan))

    def _shown(self, a: Floats, b: Floats, heights: Floats) -> tuple[Floats, Floats]:
        right, away = self.eye.turned(a, b)
        across, up = self.eye.dots(right, away, heights)
        hidden = ~is_seen(self.seen, across, up, away)
        return np.where(hidden, np.nan, across), np.where(hidden, np.nan, up)

    # The surface itself

    @cached_property
    def mesh(self) -> Dots:
        """The dots of lines along x₀ and x₁ on the surface, and of its outline."""
        there = self.seen.is_there
        square = _SQUARE if self.canvas.has_grounds else _WIRE_SQUARE
        count = round(2 * self.eye.scale / square)
        count = min(max(count, _FEWEST_SQUARES), _MOST_SQUARES)
        squares = [
            np.where(there, np.floor((each + 1) * (count / 2) - 1e-9), -1)
            for each in (self.seen.a, self.seen.b)
        ]
        dots = np.zeros_like(there)
        for each in (*squares, self.seen.from_below.astype(float)):
            dots[:, 1:] |= each[:, 1:] != each[:, :-1]
            dots[1:] |= each[1:] != each[:-1]
        if not self.canvas.has_grounds:
            around = np.pad(there, 1)
            dots |= ~(around[:-2, 1:-1] & around[2:, 1:-1] & around[1:-1, :-2] & around[1:-1, 2:])
        return np.asarray(dots & there)

    @cached_property
    def shades(self) -> tuple[Floats, Floats]:
        """How high each dot counts, and how bright it is; 0 where nothing is there."""
        there = self.seen.is_there
        shares, light = np.zeros(there.shape), np.zeros(there.shape)
        shares[there], light[there] = shares_and_light(self.land, self.eye, self.seen)
        return shares, light

    @cached_property
    def under(self) -> Numbers:
        """The tone of the dim ground of each cell, shape (rows, columns); -1: none."""
        there = self.seen.is_there.astype(float)
        count = summed(there, DOTS_DOWN, DOTS_ACROSS)
        share = summed(self.shades[0], DOTS_DOWN, DOTS_ACROSS) / np.maximum(count, 1)
        dim = np.minimum((share * HEAT_TONES).astype(np.int64), HEAT_TONES - 1)
        return np.where(count > 0, dim, -1)

    def tones(self, rows: int) -> Numbers:
        """The tone of the surface in parts of cells, so many dots high; 0 where there is none."""
        there = self.seen.is_there.astype(float)
        count = np.maximum(summed(there, rows, DOTS_ACROSS), 1)
        share, bright = (summed(each, rows, DOTS_ACROSS) / count for each in self.shades)
        tone = np.minimum((share * SURFACE_TONES).astype(np.int64), SURFACE_TONES - 1)
        lit = np.minimum((bright * SURFACE_LIGHTS).astype(np.int64), SURFACE_LIGHTS - 1)
        return np.asarray(tone * SURFACE_LIGHTS + lit)

    # The box around it

    @property
    def _front(self) -> tuple[float, float]:
        """The sides x₁ = ±1 and x₀ = ±1 that are nearest to us."""
        (_, by_a), (_, by_b) = (self.eye.turned(np.array(a), np.array(b)) for a, b in
                                ((1.0, 0.0), (0.0, 1.0)))  # fmt: skip
        return (-1.0 if by_b > 0 else 1.0), (-1.0 if by_a > 0 else 1.0)

    def box(self) -> Drawing:
        """Return the edges of the floor and one upright, as far as the surface hides them not."""
        drawing = Drawing(AXIS)
        drawing.dots = self.canvas.blank_dots()
        corner = self._leftmost
        edges = [((-1.0, s), (1.0, s), -HEIGHT, -HEIGHT) for s in (-1.0, 1.0)]
        edges += [((s, -1.0), (s, 1.0), -HEIGHT, -HEIGHT) for s in (-1.0, 1.0)]
        edges += [(corner, corner, -HEIGHT, HEIGHT)]
        along = np.append(np.linspace(0.0, 1.0, 97), np.nan)
        ends = np.array([(*start, low, *end, high) for start, end, low, high in edges])
        a, b, heights = ((p[:, None] + (q - p)[:, None] * along).ravel()
                         for p, q in zip(ends[:, :3].T, ends[:, 3:].T, strict=True))  # fmt: skip
        draw_segments(drawing.dots, line_segments(*self._shown(a, b, heights)))
        drawing.dots &= ~_widened(self.seen.is_there)
        return drawing

    @property
    def _leftmost(self) -> tuple[float, float]:
        corners = [(a, b) for a in (-1.0, 1.0) for b in (-1.0, 1.0)]
        return min(corners, key=lambda c: float(self.eye.turned(*map(np.array, c))[0]))

    def letters(self, chart: Chart) -> list[Stamp]:
        """Return names and ends of the axes, beside the floor, and the heights of the box."""
        front_b, front_a = self._front
        x, y = self.land.x_range, self.land.y_range
        texts = [((-0.86, front_b * _OUT), _number(x.low, self.canvas)),
                 ((0.0, front_b * _OUT), words(chart.x_axis.title, ascii_only=self._is_ascii)),
                 ((0.86, front_b * _OUT), _number(x.high, self.canvas)),
                 ((front_a * _OUT, -0.86), _number(y.low, self.canvas)),
                 ((front_a * _OUT, 0.0), words(chart.y_axis.title, ascii_only=self._is_ascii)),
                 ((front_a * _OUT, 0.86), _number(y.high, self.canvas))]  # fmt: skip
        places = [self._dot(*place, -HEIGHT) for place, _ in texts]
        stamps = [_text(self.canvas, text, at) for at, (_, text) in zip(places, texts, strict=True)]
        top = _number(self.land.top, self.canvas)
        if self.land.is_cut:
            top = (">=" if self._is_ascii else "≥") + top
        finest = (self.land.top - self.land.low) * _LEAST
        low = self.land.low if abs(self.land.low) > finest else 0.0
        for text, height in ((_number(low, self.canvas), -HEIGHT), (top, HEIGHT)):
            across, up = self._dot(*self._leftmost, height)
            stamps.append(_text(self.canvas, text, (across - (len(text) + 1) * DOTS_ACROSS / 2 - 1,
                                                    up)))  # fmt: skip
        return [stamp for stamp in stamps if stamp is not None]

    @property
    def _is_ascii(self) -> bool:
        return self.canvas.ascii_only

    def _dot(self, a: float, b: float, height: float) -> tuple[float, float]:
        right, away = self.eye.turned(np.array(a), np.array(b))
        across, up = self.eye.dots(right, away, np.array(height))
        return float(across), float(up)

    # What lies on it

    def drawings(self, layers: Iterable[Layer]) -> Iterator[Drawing]:
        """Return layers of the plane as they lie on the surface; fields and maps have no place."""
        for layer in layers:
            match layer:
                case Line():
                    yield self._line(layer)
                case Points():
                    across, up = self.lifted(*self.land.place_of(layer.x, layer.y))
                    yield draw_points(self.canvas, replace(layer, x=across, y=up))
                case Arrow():
                    yield self._arrow(layer)
                case Guide():
                    yield self._guide(layer)

    def _line(self, line: Line) -> Drawing:
        kept = extremes(line.x, line.y)
        x, y = (np.asarray(each, float)[kept] for each in (line.x, line.y))
        a, b = self.land.place_of(x, y)
        drawing = self.canvas.drawing(line.role)
        drawing.is_line = True
        drawing.dots = self.canvas.blank_dots()
        pieces = _fine(clip(line_segments(a, b), (-1.0, -1.0), (1.0, 1.0)))
        pattern = MARKS[line.role].pattern
        draw_segments(drawing.dots, line_segments(*self.lifted(*pieces)), pattern)
        drawing.stamps += line_stamps(self.canvas, line.role, *self.lifted(a, b))
        drawing.stamps += self._exits(line, a, b)
        return drawing

    def _exits(self, line: Line, a: Floats, b: Floats) -> Iterator[Stamp]:
        """A sign where a line last leaves the window."""
        inside = (np.abs(a) <= 1) & (np.abs(b) <= 1)
        leaving = np.flatnonzero(inside[:-1] & ~inside[1:] & np.isfinite(a[1:] + b[1:]))[-1:]
        ends = np.stack([a[leaving], b[leaving], a[leaving + 1], b[leaving + 1]])
        for x0, y0, x1, y1 in clip(ends, (-1.0, -1.0), (1.0, 1.0)).T:
            end = np.array([[x0, y0], [x1, y1]]) + np.array([[0.9], [0.0]]) * [x1 - x0, y1 - y0]
            across, up = self.lifted(*np.clip(end, -1, 1).T)
            if np.isfinite(across).all():
                dx, dy = float(across[1] - across[0]), float(up[1] - up[0])
                towards = (int(np.sign(dx)) * (abs(dx) > abs(dy) / 2),
                           int(np.sign(dy)) * (abs(dy) > abs(dx) / 2))  # fmt: skip
                if any(towards):
                    text = exit_sign(*towards, ascii_only=self._is_ascii)
                    cell = self.canvas.nearest_cell(float(across[1]), float(up[1]))
                    yield Stamp(*cell, text, Look(line.role, bold=True), "sign")

    def _arrow(self, arrow: Arrow) -> Drawing:
        """An arrow that lies on the surface from end to end, with its head where it is seen."""
        drawing = self.canvas.drawing(arrow.role)
        along = np.linspace(0.0, 1.0, _FINE)
        across, up = self.lifted(
            *self.land.place_of(arrow.x + arrow.dx * along, arrow.y + arrow.dy * along)
        )
        drawing.dots = self.canvas.blank_dots()
        draw_segments(drawing.dots, line_segments(across, up))
        known = np.flatnonzero(np.isfinite(across))
        if known.size > _ARROW_TIP:
            tip, before = known[-1], known[-1 - _ARROW_TIP]
            dx, dy = float(across[tip] - across[before]), float(up[tip] - up[before])
            if dx or dy:
                head = arrow_head(dx, dy, ascii_only=self._is_ascii)
                cell = self.canvas.nearest_cell(float(across[tip]), float(up[tip]))
                drawing.stamps.append(Stamp(*cell, head, Look(arrow.role, bold=True)))
        return drawing

    def _guide(self, guide: Guide) -> Drawing:
        """A slice across the whole surface; where both coordinates are given, a small cross."""
        drawing = self.canvas.drawing(guide.role)
        drawing.is_line = True
        drawing.dots = self.canvas.blank_dots()
        middle = self.land.x_range.low / 2 + self.land.x_range.high / 2
        a, b = self.land.place_of(
            np.array(middle if guide.x is None else guide.x, float),
            np.array(self.land.y_range.low if guide.y is None else guide.y, float),
        )
        reach = 2.0 if guide.x is None or guide.y is None else _CROSS
        along = np.linspace(-reach, reach, 4 * _FINE)
        pattern = "solid" if self._is_ascii else MARKS[guide.role].pattern
        for each, x, y in (
            (guide.x, a + 0 * along, b + along),
            (guide.y, a + along, b + 0 * along),
        ):
            if each is not None:
                draw_segments(drawing.dots, line_segments(*self.lifted(x, y)), pattern)
        return drawing


def _fine(pieces: Floats) -> tuple[Floats, Floats]:
    """Straight pieces (4, k) of the square as points close together, NaN between two pieces."""
    count = pieces.shape[1]
    parts = min(max(_MOST_POINTS // max(count, 1), 2), _FINE)
    along = np.append(np.linspace(0.0, 1.0, parts), np.nan)
    a0, b0, a1, b1 = pieces[:, :, None]
    return (a0 + (a1 - a0) * along).ravel(), (b0 + (b1 - b0) * along).ravel()


def _number(value: float, canvas: Canvas) -> str:
    return short_number(value, ascii_only=canvas.ascii_only)


def _text(canvas: Canvas, text: str, place: tuple[float, float]) -> Stamp | None:
    """A text whose middle is at a place; None where it would leave the canvas."""
    row = canvas.area.rows - 1 - int(place[1] // DOTS_DOWN)
    column = round(place[0] / DOTS_ACROSS - len(text) / 2)
    column = min(max(column, 0), max(canvas.area.columns - len(text) - 1, 0))
    row = min(max(row, 0), canvas.area.rows - 1)
    fits = len(text) <= canvas.area.columns
    return Stamp(column, row, text, AXIS, "number") if fits else None


def _widened(dots: Dots) -> Dots:
    """All dots of the cells in which there is one."""
    held = summed(dots.astype(float), DOTS_DOWN, DOTS_ACROSS)[::-1] > 0
    return np.asarray(held.repeat(DOTS_DOWN, axis=0).repeat(DOTS_ACROSS, axis=1))


def summed(values: Floats, down: int, across: int) -> Floats:
    """Return the sums over blocks of so many dots, the top row first."""
    rows, columns = values.shape
    blocks = values.reshape(rows // down, down, columns // across, across)
    return np.asarray(blocks.sum(axis=(1, 3))[::-1])
