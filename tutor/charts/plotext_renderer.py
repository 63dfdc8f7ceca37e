"""Draws a chart as rows of styled cells. The only importer of plotext.

plotext draws the frame, the ticks and the lines of the backdrop, on figures of our own, whose
finished cells are read from their matrix. The layers that move are packed into braille here:
plotext spends 8 µs on each dot, and a zigzag of 200 steps has thousands of them.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import Any, Final, TypeAlias

import numpy as np
from rich.ansi import AnsiDecoder
from rich.cells import cell_len

from tutor.charts.ascii_art import frame_to_ascii, stroke_to_ascii
from tutor.charts.canvas import Canvas, Drawing
from tutor.charts.chart import ArrowField, AxisRange, Chart, ContourLayer, HeatMap
from tutor.charts.drawing import draw
from tutor.charts.grid import Grid, Look
from tutor.charts.layering import GROUND, Occupied, lay_shading, lay_stamps, lay_strokes
from tutor.charts.lettering import AXIS, has_labels, write_legend, write_note, write_titles
from tutor.charts.palette import INKS, MONO, Palette
from tutor.charts.picture import DOTS_ACROSS, DOTS_DOWN, Picture, PlotArea, Span
from tutor.charts.plan import SMALLEST_HEIGHT, SMALLEST_WIDTH, Frame, Plan, lay_out
from tutor.charts.ranges import fit_ranges
from tutor.charts.sheet import draw_sheet, is_sheet
from tutor.charts.strokes import BRAILLE, Dots, in_same_cells
from tutor.charts.words import words
from tutor.i18n import message, render
from tutor.private_names import PrivateName, Use, missing

KEPT_BACKDROPS = 8
_LOOKS = tuple(Look(ink) for ink in INKS)
_Cell: TypeAlias = tuple[int, int, str, int | None]
"""The row from the top, the column, the sign, and which ink: None for the frame's."""
_TURN: Final = Lock()
"""Who draws on the one figure of plotext."""
_SAMPLED = ContourLayer | HeatMap | ArrowField
"""Layers whose function is asked for its value at thousands of places."""

OWN_FIGURES: Final = Use(
    "plotext",
    "5.3.2",
    message("Each chart is drawn on a figure of its own."),
    message("Charts take turns on the one figure of plotext, and open more slowly."),
)
NAMES: Final = (
    PrivateName(OWN_FIGURES, "plotext._figure:_figure_class"),
    PrivateName(OWN_FIGURES, "plotext._figure:_figure_class._limit_size", "self width height"),
    PrivateName(OWN_FIGURES, "plotext._figure:_figure_class._set_sizes", "self"),
    PrivateName(OWN_FIGURES, "plotext._figure:_figure_class.monitor"),
    PrivateName(OWN_FIGURES, "plotext._build:build_class.build_plot", "self"),
    PrivateName(OWN_FIGURES, "plotext._monitor:monitor_class.matrix"),
)
"""The private names of plotext that are used: all of them here."""


@cache
def switched_off() -> tuple[PrivateName, ...]:
    """Return the names that are gone, each of which switches its use off."""
    return missing(NAMES)


@dataclass(frozen=True, slots=True)
class Backdrop:
    """The picture without the layers that move."""

    plan: Plan
    grid: Grid
    rows: tuple[tuple[Span, ...], ...]
    occupied: Occupied


@dataclass(frozen=True, slots=True, eq=False)
class Ahead:
    """A backdrop that is still to be drawn: `draw` may be called in any thread."""

    key: Hashable
    draw: Callable[[], Backdrop]


class ChartRenderer:
    """Draws charts and keeps the last few backdrops; one for each session.

    Args:
        ascii_only: use no character beyond ASCII but the letters of titles and labels.
    """

    def __init__(self, *, ascii_only: bool = False) -> None:
        self._ascii_only = ascii_only
        self._backdrops: OrderedDict[Hashable, Backdrop] = OrderedDict()

    def render(self, chart: Chart, width: int, height: int, palette: Palette) -> Picture:
        """Return the chart as exactly `height` rows of exactly `width` cells.

        Below 20 by 6 cells the picture is blank but for a word that says why.
        """
        if width < SMALLEST_WIDTH or height < SMALLEST_HEIGHT:
            return _blank(width, height)
        if is_sheet(chart):
            return draw_sheet(chart, width, height, palette, ascii_only=self._ascii_only)
        backdrop = self._backdrop(chart, self._frame(chart, width, height), palette)
        canvas = self._canvas(backdrop.plan, palette)
        grid = backdrop.grid.copy()
        drawings = [draw(layer, canvas) for layer in chart.layers]
        for drawing in drawings:
            lay_shading(grid, drawing, canvas)
        lay_strokes(grid, drawings, canvas, backdrop.occupied)
        lay_stamps(grid, drawings, canvas, backdrop.occupied)
        write_legend(grid, chart, backdrop.plan, canvas)
        write_note(grid, chart.note, canvas)
        rows = tuple(
            grid.spans(row, palette) if row in grid.touched else backdrop.rows[row]
            for row in range(height)
        )
        return Picture(rows, canvas.area)

    def _frame(self, chart: Chart, width: int, height: int) -> Frame:
        x_range, y_range = fit_ranges(chart)
        return Frame(
            width=width,
            height=height,
            title=words(chart.title, ascii_only=self._ascii_only),
            x_title=words(chart.x_axis.title, ascii_only=self._ascii_only),
            y_title=words(chart.y_axis.title, ascii_only=self._ascii_only),
            x_range=x_range,
            y_range=y_range,
            x_log=chart.x_axis.scale == "log",
            y_log=chart.y_axis.scale == "log",
            equal_aspect=chart.equal_aspect,
            has_labels=has_labels(chart),
            ascii_only=self._ascii_only,
            x_labels=tuple(
                words(label, ascii_only=self._ascii_only) for label in chart.x_axis.labels
            ),
        )

    def ahead(self, chart: Chart, width: int, height: int, palette: Palette) -> Ahead | None:
        """Return what takes long before the chart can be drawn; None where nothing does.

        That is a backdrop with a function to be sampled at every dot, if none such is kept. Who
        draws it hands it over with `keep`.
        """
        if chart.backdrop is None or width < SMALLEST_WIDTH or height < SMALLEST_HEIGHT:
            return None
        if not any(isinstance(each, _SAMPLED) for each in chart.backdrop.layers):
            return None
        frame = self._frame(chart, width, height)
        key = _key(chart, frame, palette)
        if key in self._backdrops:
            return None
        return Ahead(key, lambda: self._draw_backdrop(chart, lay_out(frame), palette))

    def keep(self, key: Hashable, backdrop: Backdrop) -> None:
        """Keep a backdrop, and let go of the one that was not used for longest."""
        self._backdrops[key] = backdrop
        self._backdrops.move_to_end(key)
        if len(self._backdrops) > KEPT_BACKDROPS:
            self._backdrops.popitem(last=False)

    def _backdrop(self, chart: Chart, frame: Frame, palette: Palette) -> Backdrop:
        key = _key(chart, frame, palette)
        kept = self._backdrops.get(key)
        backdrop = kept or self._draw_backdrop(chart, lay_out(frame), palette)
        self.keep(key, backdrop)
        return backdrop

    def _draw_backdrop(self, chart: Chart, plan: Plan, palette: Palette) -> Backdrop:
        layers = chart.backdrop.layers if chart.backdrop else ()
        canvas = self._canvas(plan, palette)
        drawings = [draw(layer, canvas) for layer in layers]
        grid = Grid(plan.width, plan.height)
        self._read_figure(grid, plan, drawings)
        for drawing in drawings:
            lay_shading(grid, drawing, canvas)
        occupied = lay_stamps(grid, drawings, canvas)
        write_titles(grid, plan)
        rows = tuple(grid.spans(row, palette) for row in range(plan.height))
        return Backdrop(plan, grid, rows, occupied)

    def _canvas(self, plan: Plan, palette: Palette) -> Canvas:
        return Canvas(plan.area, self._ascii_only, bool(palette.heat) and not self._ascii_only)

    def _read_figure(self, grid: Grid, plan: Plan, drawings: list[Drawing]) -> None:
        read = _own_figure if not switched_off() else _shared_figure
        for row, column, marker, ink in read(plan, drawings):
            look = AXIS if ink is None else _LOOKS[ink]
            grid.put(column, plan.frame_top + row, self._plain(marker), look)

    def _plain(self, marker: str) -> str:
        if not self._ascii_only:
            return marker
        code = ord(marker) - BRAILLE
        return stroke_to_ascii(code) if 0 <= code < 256 else frame_to_ascii(marker)


def _key(chart: Chart, frame: Frame, palette: Palette) -> Hashable:
    return (chart.backdrop.key if chart.backdrop else None, frame, palette)


def _own_figure(plan: Plan, drawings: list[Drawing]) -> Iterator[_Cell]:
    """What plotext draws on a figure of ours: its cells are read from its matrix."""
    from plotext._figure import _figure_class  # noqa: PLC0415 - where it is there

    figure = _figure_class()
    figure._limit_size(False, False)
    _draw_on(figure, plan, drawings)
    figure._set_sizes()
    figure.monitor.build_plot()
    matrix = figure.monitor.matrix
    for up, (markers, inks) in enumerate(zip(matrix.marker, matrix.fullground, strict=True)):
        for column, (marker, ink) in enumerate(zip(markers, inks, strict=True)):
            if marker != " ":
                yield matrix.rows - 1 - up, column, marker, ink if isinstance(ink, int) else None


def _shared_figure(plan: Plan, drawings: list[Drawing]) -> Iterator[_Cell]:
    """What plotext draws on its one figure: its cells are read from the text that it prints."""
    import plotext  # noqa: PLC0415 - where one's own figure cannot be had

    with _TURN:
        plotext.clear_figure()
        plotext.limit_size(False, False)
        _draw_on(plotext, plan, drawings)
        text = plotext.build()
    for row, line in enumerate(AnsiDecoder().decode(text)):
        inks: dict[int, int | None] = {}
        for span in line.spans:
            color = None if isinstance(span.style, str) else span.style.color
            inks |= dict.fromkeys(range(span.start, span.end), color and color.number)
        for column, marker in enumerate(line.plain):
            if marker != " ":
                yield row, column, marker, inks.get(column)


def _draw_on(figure: Any, plan: Plan, drawings: list[Drawing]) -> None:
    """Set the frame, the ticks and the lines; plotext itself takes the same calls as a figure."""
    area = plan.area
    figure.plot_size(plan.width, area.rows + 2 + plan.is_boxed)
    figure.xaxes(True, plan.is_boxed)
    figure.yaxes(True, plan.is_boxed)
    figure.axes_color("default")
    figure.canvas_color("default")
    figure.ticks_color(INKS.index("axis"))
    figure.xlim(0, area.columns * DOTS_ACROSS - 1)
    figure.ylim(0, area.rows * DOTS_DOWN - 1)
    figure.xticks(
        [tick.cell * DOTS_ACROSS + 0.5 for tick in plan.x_ticks], [t.label for t in plan.x_ticks]
    )
    figure.yticks(
        [tick.cell * DOTS_DOWN + 1.5 for tick in plan.y_ticks], [t.label for t in plan.y_ticks]
    )
    figure.scatter([0], [0], marker=" ")
    for drawing, dots in _blended(drawings):
        up, across = np.nonzero(dots)
        figure.scatter(
            across.tolist(), up.tolist(), marker="braille", color=INKS.index(drawing.look.ink)
        )


def _blended(drawings: list[Drawing]) -> Iterator[tuple[Drawing, Dots]]:
    """Each drawing with its dots and those that lines below it have in the same cells.

    A cell of plotext shows the last line alone; so that line has to bring the others' dots.
    """
    below: Dots | None = None
    for drawing in drawings:
        dots = drawing.dots
        if dots is None:
            continue
        yield drawing, dots if below is None else dots | (below & in_same_cells(dots))
        if drawing.look.ink not in GROUND:
            below = dots if below is None else below | dots


def _blank(width: int, height: int) -> Picture:
    width, height = max(width, 0), max(height, 0)
    grid = Grid(width, height)
    word = render(message("too small"))
    if height and cell_len(word) <= width:
        grid.write(0, 0, word, None)
    rows = tuple(grid.spans(row, MONO) for row in range(height))
    unit = AxisRange(0.0, 1.0)
    return Picture(rows, PlotArea(0, 0, max(width, 1), max(height, 1), unit, unit))
