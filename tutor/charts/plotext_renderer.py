"""Draws a chart as rows of styled cells. The only importer of plotext.

plotext draws frame, ticks and the lines of data, on figures of our own, whose finished cells are
read from their matrix: one for the frame, kept while it stays, and one for each line, without
frame and no larger than the line, since a cell of plotext shows but its last line. Ours is what it
cannot draw: dashes, arrows, marks, words, shading, how lines blend in a cell, surfaces in space
with the lines on them, and the few lines of so many dots that they would take it a second.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from threading import Lock
from types import MappingProxyType
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from rich.ansi import AnsiDecoder
from rich.cells import cell_len

from tutor.charts.ascii_art import frame_to_ascii, words
from tutor.charts.canvas import Canvas, Drawing, Plot
from tutor.charts.chart import (
    Arrow,
    ArrowField,
    AxisRange,
    Band,
    Bars,
    Chart,
    ContourLayer,
    Floats,
    Guide,
    HeatMap,
    Layer,
    Line,
    Points,
    Regions,
    Viewpoint,
)
from tutor.charts.field_drawing import draw_arrow_field, draw_contour, draw_heat_map
from tutor.charts.grid import Grid, Look
from tutor.charts.layering import Occupied, Strokes, lay_shading, lay_stamps, lay_strokes
from tutor.charts.lettering import AXIS, has_labels, write_legend, write_note, write_titles
from tutor.charts.line_drawing import draw_arrow, draw_bars, draw_guide, draw_line, draw_points
from tutor.charts.palette import MONO, Palette
from tutor.charts.picture import DOTS_ACROSS, DOTS_DOWN, Picture, PlotArea, Span
from tutor.charts.plan import SMALLEST_HEIGHT, SMALLEST_WIDTH, Frame, Plan, lay_out
from tutor.charts.ranges import fit_ranges
from tutor.charts.scale import Scale
from tutor.charts.shading import draw_band, draw_regions
from tutor.charts.sheet import draw_sheet, is_sheet
from tutor.charts.space import Terrain, terrain
from tutor.charts.space_drawing import Stage
from tutor.charts.space_picture import draw_space, lay_out_space
from tutor.charts.strokes import BRAILLE, pack
from tutor.i18n import message, render
from tutor.private_names import PrivateName, Use, missing

KEPT_BACKDROPS = 8
_TURN: Final = Lock()
"""Who draws on the one figure of plotext."""
_SAMPLED = ContourLayer | HeatMap | ArrowField
"""Layers whose function is asked for its value at thousands of places."""

_DRAWN: Final[Mapping[type[Layer], Callable[[Canvas, Any], Drawing]]] = MappingProxyType(
    {
        Line: draw_line, Points: draw_points, Arrow: draw_arrow, Guide: draw_guide, Bars: draw_bars,
        ContourLayer: draw_contour, ArrowField: draw_arrow_field, HeatMap: draw_heat_map,
        Regions: draw_regions, Band: draw_band,
    }
)  # fmt: skip
"""What draws each kind of layer, whatever its numbers are; tables and pictures stand on sheets."""

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


Kept: TypeAlias = Backdrop | Terrain
"""What does not change while a learner turns a parameter."""
Ground: TypeAlias = ContourLayer | HeatMap


@dataclass(frozen=True, slots=True, eq=False)
class Ahead:
    """What is still to be drawn: `draw` may be called in any thread."""

    key: Hashable
    draw: Callable[[], Kept]


class ChartRenderer:
    """Draws charts and keeps the last few backdrops; one for each session.

    Args:
        ascii_only: use no character beyond ASCII but the letters of titles and labels.
    """

    def __init__(self, *, ascii_only: bool = False) -> None:
        self._ascii_only = ascii_only
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self._stage: Stage | None = None
        self._figure: Any = None
        """Of the lines that move; backdrops, which any thread may draw, have their own."""

    def render(self, chart: Chart, width: int, height: int, palette: Palette) -> Picture:
        """Return the chart as exactly `height` rows of exactly `width` cells.

        Below 20 by 6 cells the picture is blank but for a word that says why.
        """
        if width < SMALLEST_WIDTH or height < SMALLEST_HEIGHT:
            return _blank(width, height)
        if is_sheet(chart):
            return draw_sheet(chart, width, height, palette, ascii_only=self._ascii_only)
        if chart.viewpoint is not None and chart.ground is not None:
            return self._render_space(chart, chart.ground, (width, height), palette)
        backdrop = self._backdrop(chart, self._frame(chart, width, height), palette)
        canvas = self._canvas(backdrop.plan, palette)
        grid = backdrop.grid.copy()
        drawings = [_draw(layer, canvas) for layer in chart.layers]
        for drawing in drawings:
            lay_shading(grid, drawing, canvas)
        self._figure = self._figure or _new_figure()
        strokes = _strokes(self._figure, drawings, canvas.area)
        lay_strokes(grid, strokes, canvas, backdrop.occupied)
        lay_stamps(grid, drawings, canvas, backdrop.occupied)
        write_legend(grid, chart, backdrop.plan, canvas)
        write_note(grid, chart.note, canvas)
        rows = tuple(
            grid.spans(row, palette) if row in grid.touched else backdrop.rows[row]
            for row in range(height)
        )
        return Picture(rows, canvas.area)

    def _render_space(
        self, chart: Chart, ground: Ground, size: tuple[int, int], palette: Palette
    ) -> Picture:
        """Return the surface, kept while it is seen from the same place, with its layers on it."""
        plan = lay_out_space(chart, *size, ascii_only=self._ascii_only)
        stage = self._staged(chart, ground, self._canvas(plan, palette))
        return draw_space(chart, stage, plan, palette)

    def _staged(self, chart: Chart, ground: Ground, canvas: Canvas) -> Stage:
        """The surface as it is seen; the last one is kept, as long as it is seen from there."""
        key = _space_key(chart)
        land = self._kept.get(key)
        if not isinstance(land, Terrain):
            land = terrain(ground.f, *fit_ranges(chart))
        self.keep(key, land)
        stage = Stage(land, chart.viewpoint or Viewpoint(), canvas)
        if self._stage is None or self._stage != stage:
            self._stage = stage
        return self._stage

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
        if chart.viewpoint is not None and (ground := chart.ground) is not None:
            key = _space_key(chart)
            land = Ahead(key, lambda: terrain(ground.f, *fit_ranges(chart)))
            return None if key in self._kept else land
        frame = self._frame(chart, width, height)
        key = _key(chart, frame, palette)
        if key in self._kept:
            return None
        return Ahead(key, lambda: self._draw_backdrop(chart, lay_out(frame), palette))

    def keep(self, key: Hashable, backdrop: Kept) -> None:
        """Keep a backdrop, and let go of the one that was not used for longest."""
        self._kept[key] = backdrop
        self._kept.move_to_end(key)
        if len(self._kept) > KEPT_BACKDROPS:
            self._kept.popitem(last=False)

    def _backdrop(self, chart: Chart, frame: Frame, palette: Palette) -> Backdrop:
        key = _key(chart, frame, palette)
        kept = self._kept.get(key)
        if not isinstance(kept, Backdrop):
            kept = self._draw_backdrop(chart, lay_out(frame), palette)
        self.keep(key, kept)
        return kept

    def _draw_backdrop(self, chart: Chart, plan: Plan, palette: Palette) -> Backdrop:
        layers = chart.backdrop.layers if chart.backdrop else ()
        canvas = self._canvas(plan, palette)
        drawings = [_draw(layer, canvas) for layer in layers]
        grid = Grid(plan.width, plan.height)
        self._write_frame(grid, plan)
        strokes = _strokes(_new_figure(), drawings, plan.area)
        lay_strokes(grid, strokes, canvas)
        for drawing in drawings:
            lay_shading(grid, drawing, canvas)
        occupied = replace(lay_stamps(grid, drawings, canvas), strokes=tuple(strokes))
        write_titles(grid, plan, chart.title_role)
        rows = tuple(grid.spans(row, palette) for row in range(plan.height))
        return Backdrop(plan, grid, rows, occupied)

    def _write_frame(self, grid: Grid, plan: Plan) -> None:
        for row, text in enumerate(
            _drawn(_new_figure(), partial(_set_frame, plan=plan)), plan.frame_top
        ):
            for column, sign in enumerate(frame_to_ascii(text) if self._ascii_only else text):
                if sign != " ":
                    grid.put(column, row, sign, AXIS)

    def _canvas(self, plan: Plan, palette: Palette) -> Canvas:
        return Canvas(plan.area, self._ascii_only, bool(palette.heat) and not self._ascii_only)


def _draw(layer: Layer, canvas: Canvas) -> Drawing:
    drawn = _DRAWN.get(type(layer))
    return drawn(canvas, layer) if drawn else Drawing(Look("axis"))


def _space_key(chart: Chart) -> Hashable:
    return ("space", chart.backdrop and chart.backdrop.key, fit_ranges(chart))


def _key(chart: Chart, frame: Frame, palette: Palette) -> Hashable:
    return (chart.backdrop.key if chart.backdrop else None, frame, chart.title_role, palette)


def _strokes(figure: Any, drawings: Iterable[Drawing], area: PlotArea) -> list[Strokes]:
    """The dots of drawings: plotext's, and our own of what it cannot draw."""
    strokes = []
    for drawing in drawings:
        if drawing.plot is not None:
            codes = _plotted(figure, drawing.plot, area)
        elif drawing.dots is not None:
            codes = pack(drawing.dots)
        else:
            continue
        strokes.append(Strokes(drawing.look, codes, drawing.is_line))
    return strokes


def _plotted(figure: Any, plot: Plot, area: PlotArea) -> NDArray[np.uint8]:
    """The braille codes of a plot, for which the figure is cut to the cells between its ends."""
    codes = np.zeros((area.rows, area.columns), np.uint8)
    if not plot.positions.size:
        return codes
    across = _stretch(plot.positions[0], area.x_scale, DOTS_ACROSS)
    up = _stretch(plot.positions[1], area.y_scale, DOTS_DOWN)
    rows = _drawn(figure, partial(_set_plot, plot=plot, across=across, up=up))
    found = np.frombuffer("".join(rows).encode("utf-32-le"), np.uint32)
    found = np.where(found > BRAILLE, found - BRAILLE, 0).reshape(up.cells, across.cells)
    bottom = area.rows - up.first
    codes[bottom - up.cells : bottom, across.first : across.first + across.cells] = found
    return codes


class _Stretch(NamedTuple):
    """Some cells of an axis, counted from its low end, and the positions of their outer dots."""

    first: int
    cells: int
    low: float
    high: float


def _stretch(positions: Floats, scale: Scale, dots: int) -> _Stretch:
    """The cells between the lowest and the highest position."""
    known = positions[~np.isnan(positions)]
    ends = np.floor(scale.dot_at(np.array([known.min(), known.max()])) + 0.5).tolist()
    first, last = (int(min(max(end, 0), scale.dots - 1)) // dots for end in ends)
    low, high = scale.position_at(np.array([first * dots, (last + 1) * dots - 1])).tolist()
    return _Stretch(first, last - first + 1, low, high)


def _new_figure() -> Any:
    """Return a figure of plotext that is ours, or None where that cannot be had."""
    if switched_off():
        return None
    from plotext._figure import _figure_class  # noqa: PLC0415 - where it is there

    figure = _figure_class()
    figure._limit_size(False, False)
    return figure


def _drawn(figure: Any, set_up: Callable[[Any], None]) -> list[str]:
    """What plotext draws, row by row from the top: on a figure of ours, read from its matrix.

    None: on plotext's one figure, read from the text that it prints.
    """
    if figure is not None:
        figure.clear_data()
        set_up(figure)
        figure._set_sizes()
        figure.monitor.build_plot()
        return ["".join(row) for row in reversed(figure.monitor.matrix.marker)]
    import plotext  # noqa: PLC0415 - where one's own figure cannot be had

    with _TURN:
        plotext.clear_figure()
        plotext.limit_size(False, False)
        set_up(plotext)
        return [line.plain for line in AnsiDecoder().decode(plotext.build())]


def _set_frame(figure: Any, plan: Plan) -> None:
    """Set frame and ticks; plotext itself takes the same calls as a figure."""
    area = plan.area
    figure.plot_size(plan.width, area.rows + 2 + plan.is_boxed)
    figure.xaxes(True, plan.is_boxed)
    figure.yaxes(True, plan.is_boxed)
    figure.xlim(0, area.columns * DOTS_ACROSS - 1)
    figure.ylim(0, area.rows * DOTS_DOWN - 1)
    figure.xticks(
        [tick.cell * DOTS_ACROSS + 0.5 for tick in plan.x_ticks], [t.label for t in plan.x_ticks]
    )
    figure.yticks(
        [tick.cell * DOTS_DOWN + 1.5 for tick in plan.y_ticks], [t.label for t in plan.y_ticks]
    )
    figure.scatter([0], [0], marker=" ")


def _set_plot(figure: Any, plot: Plot, across: _Stretch, up: _Stretch) -> None:
    """Set a line or the points of one, in data, on a canvas without frame and ticks."""
    figure.plot_size(across.cells, up.cells)
    figure.xaxes(False, False)
    figure.yaxes(False, False)
    figure.xticks([], [])
    figure.yticks([], [])
    figure.xlim(across.low, across.high)
    figure.ylim(up.low, up.high)
    draw = figure.plot if plot.is_joined else figure.scatter
    draw(*plot.positions.tolist(), marker="braille")


def _blank(width: int, height: int) -> Picture:
    width, height = max(width, 0), max(height, 0)
    grid = Grid(width, height)
    word = render(message("too small"))
    if height and cell_len(word) <= width:
        grid.write(0, 0, word, None)
    rows = tuple(grid.spans(row, MONO) for row in range(height))
    unit = AxisRange(0.0, 1.0)
    return Picture(rows, PlotArea(0, 0, max(width, 1), max(height, 1), unit, unit))
