"""From a layer to strokes (braille dots of lines) and stamps (single characters in cells)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from tutor.charts.chart import Arrow, ArrowField, ContourLayer, Floats, Layer, Line, Points, Role
from tutor.charts.contours import choose_levels, level_segments, sample
from tutor.charts.grid import Look
from tutor.charts.marks import MARKS, arrow_head, exit_sign
from tutor.charts.picture import DOTS_ACROSS, DOTS_DOWN, PlotArea
from tutor.charts.strokes import Dots, draw_segments, line_segments

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEW_POINTS = 8
"""So few single points are each worth a sign at the edge when they lie off the chart."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A character for one cell of the canvas, counted from its top left."""

    column: int
    row: int
    character: str
    look: Look
    is_point: bool = False


@dataclass(slots=True)
class Drawing:
    """What one layer puts on the canvas."""

    look: Look
    dots: Dots
    stamps: list[Stamp] = field(default_factory=list)
    texts: list[Stamp] = field(default_factory=list)
    blends: bool = True
    """Whether its dots join those of other lines in one cell, or give way to them."""


def draw(layer: Layer, area: PlotArea, *, ascii_only: bool) -> Drawing:
    """Return the strokes and stamps of one layer; never warns, whatever the numbers are."""
    pen = _Pen(area, ascii_only=ascii_only)
    match layer:
        case Line():
            return pen.line(layer)
        case Points():
            return pen.points(layer)
        case Arrow():
            return pen.arrow(layer)
        case ContourLayer():
            return pen.contour(layer)
        case ArrowField():
            return pen.arrow_field(layer)


class _Pen:
    """Draws one layer after another on canvases of one size and range."""

    def __init__(self, area: PlotArea, *, ascii_only: bool) -> None:
        self.area = area
        self.ascii_only = ascii_only
        self.width = area.columns * DOTS_ACROSS
        self.height = area.rows * DOTS_DOWN

    def line(self, line: Line) -> Drawing:
        drawing = self._drawing(line.role)
        across, up = self._dots_of(line.x, line.y)
        draw_segments(drawing.dots, line_segments(across, up), MARKS[line.role].pattern)
        if MARKS[line.role].on_line:
            chosen = _spread_out(across, up) if line.role != "path" else _well_apart(across, up)
            drawing.stamps += self._marks(line.role, across[chosen], up[chosen])
        if line.role == "path":
            drawing.stamps += self._exits(line.role, across, up)
        return drawing

    def points(self, points: Points) -> Drawing:
        drawing = self._drawing(points.role)
        across, up = self._dots_of(points.x, points.y)
        drawing.stamps += self._marks(points.role, across, up)
        if across.size <= FEW_POINTS:
            for x, y in zip(across.tolist(), up.tolist(), strict=True):
                drawing.stamps += self._beyond(points.role, x, y)
        return drawing

    def arrow(self, arrow: Arrow) -> Drawing:
        drawing = self._drawing(arrow.role)
        across, up = self._dots_of(
            np.array([arrow.x, arrow.x + arrow.dx]), np.array([arrow.y, arrow.y + arrow.dy])
        )
        dx, dy = float(across[1] - across[0]), float(up[1] - up[0])
        if not np.hypot(dx, dy) >= 0.5:
            return drawing
        draw_segments(drawing.dots, line_segments(across, up))
        tip = self._cell(float(across[1]), float(up[1]))
        if tip is None:
            drawing.stamps += self._exits(arrow.role, across, up)
            return drawing
        if tip == self._cell(float(across[0]), float(up[0])):
            tip = self._neighbour(tip, dx, dy)
        head = arrow_head(dx, dy, ascii_only=self.ascii_only)
        drawing.stamps.append(Stamp(*tip, head, Look(arrow.role, bold=True)))
        return drawing

    def contour(self, layer: ContourLayer) -> Drawing:
        drawing = self._drawing("contour")
        drawing.blends = False
        dots_x, dots_y = np.arange(float(self.width)), np.arange(float(self.height))
        field = sample(
            layer.f, self.area.x_scale.values(dots_x), self.area.y_scale.values(dots_y)
        )
        on_dots = type(field)(dots_x, dots_y, field.values)
        count = min(max(self.area.rows // 2, 4), 10)
        levels = layer.levels or choose_levels(field.values, count)
        for level in levels:
            draw_segments(drawing.dots, level_segments(on_dots, level))
        return drawing

    def arrow_field(self, layer: ArrowField) -> Drawing:
        drawing = self._drawing(layer.role)
        columns, rows = _lattice(self.area.columns, 6), _lattice(self.area.rows, 3)
        column, row = (part.ravel() for part in np.meshgrid(columns, rows))
        across = (column + 0.5) * DOTS_ACROSS - 0.5
        up = (self.area.rows - row - 0.5) * DOTS_DOWN - 0.5
        points = np.stack([self.area.x_scale.values(across), self.area.y_scale.values(up)])
        with np.errstate(all="ignore"):
            dx, dy = np.asarray(layer.direction(points), dtype=np.float64)
        unit_x, unit_y = self._units()
        for c, r, x, y in zip(
            column.tolist(), row.tolist(), (dx * unit_x).tolist(), (dy * unit_y).tolist(),
            strict=True,
        ):  # fmt: skip
            if np.isfinite(x) and np.isfinite(y) and (x or y):
                head = arrow_head(x, y, ascii_only=self.ascii_only)
                drawing.stamps.append(Stamp(c, r, head, Look(layer.role)))
        return drawing

    def _units(self) -> tuple[float, float]:
        """Dots per unit of data along each axis."""
        x, y = self.area.x_range, self.area.y_range
        return self.width / (x.high - x.low), self.height / (y.high - y.low)

    def _drawing(self, role: Role) -> Drawing:
        dots = np.zeros((self.height, self.width), dtype=np.bool_)
        return Drawing(Look(role, MARKS[role].bold), dots)

    def _dots_of(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        across = self.area.x_scale.dot(np.atleast_1d(np.asarray(x, dtype=np.float64)))
        up = self.area.y_scale.dot(np.atleast_1d(np.asarray(y, dtype=np.float64)))
        length = min(across.size, up.size)
        return across[:length], up[:length]

    def _cell(self, across: float, up: float) -> tuple[int, int] | None:
        """The cell of the canvas that a place in dots falls in, if it does."""
        column, row = round(across) // DOTS_ACROSS, round(up) // DOTS_DOWN
        if 0 <= column < self.area.columns and 0 <= row < self.area.rows:
            return column, self.area.rows - 1 - row
        return None

    def _neighbour(self, cell: tuple[int, int], dx: float, dy: float) -> tuple[int, int]:
        longer = max(abs(dx), abs(dy))
        column, row = cell[0] + round(dx / longer), cell[1] - round(dy / longer)
        return (
            min(max(column, 0), self.area.columns - 1),
            min(max(row, 0), self.area.rows - 1),
        )

    def _marks(self, role: Role, across: Floats, up: Floats) -> list[Stamp]:
        mark = MARKS[role]
        character = mark.ascii_point if self.ascii_only else mark.point
        inside = (
            (across > -0.5) & (across < self.width - 0.5) & (up > -0.5) & (up < self.height - 0.5)
        )
        column = np.rint(across[inside]).astype(np.int64) // DOTS_ACROSS
        row = self.area.rows - 1 - np.rint(up[inside]).astype(np.int64) // DOTS_DOWN
        cells = dict.fromkeys(zip(column.tolist(), row.tolist(), strict=True))
        look = Look(role, mark.bold)
        return [Stamp(c, r, character, look, is_point=True) for c, r in cells]

    def _beyond(self, role: Role, across: float, up: float) -> list[Stamp]:
        """A sign at the edge for a place off the canvas, pointing to it."""
        if not (np.isfinite(across) and np.isfinite(up)):
            return []
        side = int(across > self.width - 0.5) - int(across < -0.5)
        level = int(up > self.height - 0.5) - int(up < -0.5)
        if not (side or level):
            return []
        cell = self._cell(
            min(max(across, 0.0), self.width - 1.0), min(max(up, 0.0), self.height - 1.0)
        )
        sign = exit_sign(side, level, ascii_only=self.ascii_only)
        return [Stamp(*cell, sign, Look(role, bold=True))] if cell else []

    def _exits(self, role: Role, across: Floats, up: Floats) -> list[Stamp]:
        """A sign wherever a line leaves the canvas, one for each cell of the edge."""
        known = np.isfinite(across) & np.isfinite(up)
        across, up = across[known], up[known]
        inside = (
            (across > -0.5) & (across < self.width - 0.5) & (up > -0.5) & (up < self.height - 0.5)
        )
        leaving: NDArray[np.int64] = np.nonzero(inside[:-1] & ~inside[1:])[0]
        stamps: list[Stamp] = []
        for k in leaving[-4:].tolist():
            stamps += self._leave(role, across[k : k + 2], up[k : k + 2])
        if across.size and not inside.any():
            stamps += self._beyond(role, float(across[-1]), float(up[-1]))
        return stamps

    def _leave(self, role: Role, across: Floats, up: Floats) -> list[Stamp]:
        """The sign where the segment from inside to outside meets the edge."""
        x0, x1 = (float(v) for v in across)
        y0, y1 = (float(v) for v in up)
        limits = []
        if x1 != x0:
            edge = self.width - 1.0 if x1 > x0 else 0.0
            limits.append(((edge - x0) / (x1 - x0), (1 if x1 > x0 else -1, 0)))
        if y1 != y0:
            edge = self.height - 1.0 if y1 > y0 else 0.0
            limits.append(((edge - y0) / (y1 - y0), (0, 1 if y1 > y0 else -1)))
        share, (side, level) = min(limits)
        cell = self._cell(
            min(max(x0 + share * (x1 - x0), 0.0), self.width - 1.0),
            min(max(y0 + share * (y1 - y0), 0.0), self.height - 1.0),
        )
        sign = exit_sign(side, level, ascii_only=self.ascii_only)
        return [Stamp(*cell, sign, Look(role, bold=True))] if cell else []


def _lattice(size: int, spacing: int) -> NDArray[np.int64]:
    """Evenly spaced cells, as far from one end as from the other."""
    count = max(size // spacing, 1)
    return np.arange(count) * spacing + (size - (count - 1) * spacing) // 2


def _well_apart(across: Floats, up: Floats) -> NDArray[np.bool_]:
    """Which points of a path lie at least a cell and a half from the one before or after."""
    with np.errstate(all="ignore"):
        far = np.hypot(np.diff(across), np.diff(up)) >= 5
    return np.concatenate([[True], far])[: across.size] | np.concatenate([far, [True]])[: across.size]


def _spread_out(across: Floats, up: Floats) -> NDArray[np.int64]:
    """Every so many-th point, so that the marks on a line stand about five cells apart."""
    chosen: list[int] = []
    last = -np.inf
    for k, place in enumerate(across.tolist()):
        if np.isfinite(up[k]) and abs(place - last) >= 5 * DOTS_ACROSS:
            chosen.append(k)
            last = place
    return np.array(chosen, dtype=np.int64)
