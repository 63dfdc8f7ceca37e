"""Draws a chart as rows of styled cells. The only importer of plotext.

plotext draws the frame, the ticks and the lines of the backdrop, on figures of our own, whose
finished cells are read from their matrix. The layers that move are packed into braille here:
plotext spends 8 µs on each dot, and a zigzag of 200 steps has thousands of them.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

import numpy as np
from plotext._figure import _figure_class
from rich.cells import cell_len

from tutor.charts.chart import Arrow, Chart, ContourLayer, Layer, Line
from tutor.charts.drawing import Drawing, Stamp, draw
from tutor.charts.grid import Grid, Look, one_line, shorten, to_ascii
from tutor.charts.marks import ASCII_LINE_SAMPLES, LINE_SAMPLES, MARKS, arrow_head
from tutor.charts.palette import INKS, Palette
from tutor.charts.picture import DOTS_ACROSS, DOTS_DOWN, Picture, PlotArea, Span
from tutor.charts.plan import (
    SMALLEST_HEIGHT,
    SMALLEST_WIDTH,
    Plan,
    all_layers,
    label_of,
    plan_picture,
)
from tutor.charts.chart import AxisRange
from tutor.charts.strokes import BRAILLE, Dots, pack
from tutor.i18n import Text, message, render

KEPT_BACKDROPS = 8
_AXIS = Look("axis")
_TITLE = Look("axis", bold=True)
_ASCII_FRAME = str.maketrans("│─┌┐└┘├┤┬┴┼", "|-+++++++++")


@dataclass(frozen=True, slots=True)
class _Backdrop:
    """The picture without the layers that move."""

    grid: Grid
    rows: tuple[tuple[Span, ...], ...]
    points: frozenset[tuple[int, int]]


class ChartRenderer:
    """Draws charts and keeps the last few backdrops; one for each session.

    Args:
        ascii_only: use no character beyond ASCII but the letters of titles and labels.
    """

    def __init__(self, *, ascii_only: bool = False) -> None:
        self._ascii_only = ascii_only
        self._backdrops: OrderedDict[Hashable, _Backdrop] = OrderedDict()

    def render(self, chart: Chart, width: int, height: int, palette: Palette) -> Picture:
        """Return the chart as exactly `height` rows of exactly `width` cells.

        Below 20 by 6 cells the picture is blank but for a word that says why.
        """
        if width < SMALLEST_WIDTH or height < SMALLEST_HEIGHT:
            return _blank(width, height)
        plan = plan_picture(chart, width, height, ascii_only=self._ascii_only)
        backdrop = self._backdrop(chart, plan, palette)
        grid = backdrop.grid.copy()
        drawings = [draw(layer, plan.area, ascii_only=self._ascii_only) for layer in chart.layers]
        self._lay_over(grid, drawings, plan.area, backdrop.points)
        self._write_legend(grid, chart, plan)
        self._write_note(grid, chart.note, plan.area)
        rows = tuple(
            grid.spans(row, palette) if row in grid.touched else backdrop.rows[row]
            for row in range(height)
        )
        return Picture(rows, plan.area)

    def _backdrop(self, chart: Chart, plan: Plan, palette: Palette) -> _Backdrop:
        key = (chart.backdrop.key if chart.backdrop else None, plan, palette)
        if key not in self._backdrops:
            self._backdrops[key] = self._draw_backdrop(chart, plan, palette)
            if len(self._backdrops) > KEPT_BACKDROPS:
                self._backdrops.popitem(last=False)
        self._backdrops.move_to_end(key)
        return self._backdrops[key]

    def _draw_backdrop(self, chart: Chart, plan: Plan, palette: Palette) -> _Backdrop:
        layers = chart.backdrop.layers if chart.backdrop else ()
        drawings = [draw(layer, plan.area, ascii_only=self._ascii_only) for layer in layers]
        grid = Grid(plan.width, plan.height)
        self._read_figure(grid, _figure(plan, drawings), plan)
        points = self._stamp(grid, drawings, plan.area)
        self._write_titles(grid, plan)
        rows = tuple(grid.spans(row, palette) for row in range(plan.height))
        return _Backdrop(grid, rows, frozenset(points))

    def _read_figure(self, grid: Grid, figure: _figure_class, plan: Plan) -> None:
        matrix = figure.monitor.matrix
        bottom = plan.frame_top + matrix.rows - 1
        for up, (markers, inks) in enumerate(zip(matrix.marker, matrix.fullground, strict=True)):
            for column, (marker, ink) in enumerate(zip(markers, inks, strict=True)):
                if marker != " ":
                    look = Look(INKS[ink]) if isinstance(ink, int) else _AXIS
                    grid.put(column, bottom - up, self._plain(marker), look)

    def _plain(self, marker: str) -> str:
        if not self._ascii_only:
            return marker
        code = ord(marker) - BRAILLE
        return ascii_stroke(code) if 0 <= code < 256 else marker.translate(_ASCII_FRAME)

    def _lay_over(
        self,
        grid: Grid,
        drawings: list[Drawing],
        area: PlotArea,
        protected: frozenset[tuple[int, int]],
    ) -> None:
        for drawing in drawings:
            self._lay_dots(grid, drawing, area, protected)
        self._stamp(grid, drawings, area)

    def _lay_dots(
        self,
        grid: Grid,
        drawing: Drawing,
        area: PlotArea,
        protected: frozenset[tuple[int, int]],
    ) -> None:
        codes = pack(drawing.dots)
        rows, columns = np.nonzero(codes)
        for row, column, code in zip(
            rows.tolist(), columns.tolist(), codes[rows, columns].tolist(), strict=True
        ):
            cell = column + area.left, row + area.top
            if cell in protected:
                continue
            look = grid.looks[cell[1]][cell[0]]
            below = ord(grid.characters[cell[1]][cell[0]] or " ") - BRAILLE
            if look and look.ink not in {"contour", "field"} and 0 <= below < 256:
                code |= below
            grid.put(*cell, ascii_stroke(code) if self._ascii_only else chr(BRAILLE + code), drawing.look)

    def _stamp(
        self, grid: Grid, drawings: Iterable[Drawing], area: PlotArea
    ) -> set[tuple[int, int]]:
        points = set()
        for drawing in drawings:
            for stamp in drawing.stamps:
                cell = stamp.column + area.left, stamp.row + area.top
                grid.put(*cell, stamp.character, stamp.look)
                if stamp.is_point:
                    points.add(cell)
        return points

    def _write_titles(self, grid: Grid, plan: Plan) -> None:
        grid.write(plan.x_title_column, plan.x_title_row, plan.x_title, _TITLE)
        if not plan.has_header:
            return
        y_title = shorten(plan.y_title, plan.width, ellipsis=self._ellipsis)
        grid.write(0, 0, y_title, _TITLE)
        used = cell_len(y_title) + 2 if y_title else 0
        title = shorten(plan.title, plan.width - used, ellipsis=self._ellipsis)
        centred = plan.area.left + (plan.area.columns - cell_len(title)) // 2
        grid.write(max(used, centred), 0, title, _TITLE)

    @property
    def _ellipsis(self) -> str:
        return "..." if self._ascii_only else "…"

    def _write_legend(self, grid: Grid, chart: Chart, plan: Plan) -> None:
        row = int(plan.has_header) if plan.has_legend else 0
        if not (plan.has_legend or plan.has_header):
            return
        column = plan.area.left if plan.has_legend else _first_free(grid, 0) + 2
        for sample, label, look in self._entries(chart):
            text = f"{sample} {label}"
            if column + cell_len(text) > plan.width:
                break
            grid.write(column, row, sample, look)
            grid.write(column + cell_len(sample) + 1, row, label, look)
            column += cell_len(text) + 2

    def _entries(self, chart: Chart) -> list[tuple[str, str, Look]]:
        entries: dict[tuple[str, str], Look] = {}
        for layer in all_layers(chart):
            label = self._words(label_of(layer))
            if label:
                look = Look(layer.role, MARKS[layer.role].bold)  # type: ignore[union-attr]
                entries.setdefault((self._sample(layer), label), look)
        return [(sample, label, look) for (sample, label), look in entries.items()]

    def _sample(self, layer: Layer) -> str:
        if isinstance(layer, Arrow):
            return arrow_head(layer.dx, layer.dy or 1e-300, ascii_only=self._ascii_only)
        mark = MARKS[layer.role]  # type: ignore[union-attr]
        point = mark.ascii_point if self._ascii_only else mark.point
        if not isinstance(layer, Line):
            return point
        samples = ASCII_LINE_SAMPLES if self._ascii_only else LINE_SAMPLES
        line = samples[mark.pattern]
        return f"{line[0]}{point}{line[0]}" if mark.on_line else line

    def _write_note(self, grid: Grid, note: Text, area: PlotArea) -> None:
        text = shorten(self._words(note), area.columns, ellipsis=self._ellipsis)
        if text:
            grid.write(area.left + area.columns - cell_len(text), area.top, text, _TITLE)

    def _words(self, text: Text) -> str:
        plain = one_line(render(text))
        return to_ascii(plain) if self._ascii_only else plain


def _figure(plan: Plan, drawings: list[Drawing]) -> _figure_class:
    """The frame, the ticks and the lines, built by plotext."""
    area = plan.area
    figure = _figure_class()
    figure._limit_size(False, False)
    figure.plot_size(plan.width, area.rows + 2 + plan.is_boxed)
    monitor = figure.monitor
    monitor.set_xaxes(True, plan.is_boxed)
    monitor.set_yaxes(True, plan.is_boxed)
    monitor.set_axes_color("default")
    monitor.set_canvas_color("default")
    monitor.set_ticks_color(INKS.index("axis"))
    monitor.set_xlim(0, area.columns * DOTS_ACROSS - 1)
    monitor.set_ylim(0, area.rows * DOTS_DOWN - 1)
    monitor.set_xticks(
        [tick.cell * DOTS_ACROSS + 0.5 for tick in plan.x_ticks], [t.label for t in plan.x_ticks]
    )
    monitor.set_yticks(
        [tick.cell * DOTS_DOWN + 1.5 for tick in plan.y_ticks], [t.label for t in plan.y_ticks]
    )
    monitor.draw([0], [0], marker=" ", lines=False)
    for drawing in drawings:
        up, across = np.nonzero(drawing.dots)
        monitor.draw(
            across.tolist(), up.tolist(), marker="braille", lines=False,
            color=INKS.index(drawing.look.ink),
        )  # fmt: skip
    figure._set_sizes()
    monitor.build_plot()
    return figure


def ascii_stroke(code: int) -> str:
    """Return the ASCII character that looks most like a braille code (1..255)."""
    return "."


def _first_free(grid: Grid, row: int) -> int:
    return max((c + 1 for c, text in enumerate(grid.characters[row]) if text != " "), default=-2)


def _blank(width: int, height: int) -> Picture:
    width, height = max(width, 0), max(height, 0)
    grid = Grid(width, height)
    word = render(message("too small"))
    if height and cell_len(word) <= width:
        grid.write(0, 0, word, None)
    rows = tuple(grid.spans(row, Palette()) for row in range(height))
    unit = AxisRange(0.0, 1.0)
    return Picture(rows, PlotArea(0, 0, max(width, 1), max(height, 1), unit, unit))
