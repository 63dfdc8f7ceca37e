"""Where everything goes: the rows and columns of a picture, its ranges and its ticks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rich.cells import cell_len

from tutor.charts.chart import Arrow, AxisRange, Chart, Layer, Line, Points
from tutor.charts.grid import one_line, shorten, to_ascii
from tutor.charts.picture import DOTS_ACROSS, DOTS_DOWN, PlotArea
from tutor.charts.ranges import equal_units, fit_ranges
from tutor.charts.ticks import Tick, linear_ticks, log_ticks
from tutor.i18n import Text, render

SMALLEST_WIDTH, SMALLEST_HEIGHT = 20, 6
HEIGHT_FOR_LEGEND = 12
HEIGHT_FOR_BOX = 16
HEIGHT_FOR_TITLE_ROW = 20


@dataclass(frozen=True, slots=True)
class PlacedTick:
    """A label beside a cell of the canvas, counted from its left (or bottom) edge."""

    cell: int
    label: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The layout of one picture: hashable, and equal for pictures of the same frame."""

    width: int
    height: int
    area: PlotArea
    x_ticks: tuple[PlacedTick, ...]
    y_ticks: tuple[PlacedTick, ...]
    title: str
    x_title: str
    y_title: str
    is_boxed: bool
    has_header: bool
    has_legend: bool
    x_title_column: int
    x_title_row: int

    @property
    def frame_top(self) -> int:
        """The first row of the canvas with its frame."""
        return self.area.top - self.is_boxed


def plan_picture(chart: Chart, width: int, height: int, *, ascii_only: bool) -> Plan:
    """Lay out a picture of at least SMALLEST_WIDTH by SMALLEST_HEIGHT cells."""
    words = _words(ascii_only=ascii_only)
    title, x_title, y_title = (
        words(text) for text in (chart.title, chart.x_axis.title, chart.y_axis.title)
    )
    is_boxed = height >= HEIGHT_FOR_BOX
    has_header = bool(title or y_title)
    has_legend = height >= HEIGHT_FOR_LEGEND and has_labels(chart)
    own_row = height >= HEIGHT_FOR_TITLE_ROW and bool(x_title)
    top = has_header + has_legend + is_boxed
    rows = height - top - 2 - own_row
    area, y_ticks = _fit_area(chart, width - is_boxed, (top, rows), ascii_only=ascii_only)
    x_ticks, column = _x_ticks(
        chart, area, "" if own_row else x_title, width, ascii_only=ascii_only
    )
    if own_row:
        x_title = shorten(x_title, area.columns)
        column = area.left + (area.columns - cell_len(x_title)) // 2
    return Plan(
        width, height, area, x_ticks, y_ticks, title, x_title, y_title,
        is_boxed, has_header, has_legend, column, height - 1,
    )  # fmt: skip


def has_labels(chart: Chart) -> bool:
    """Whether any layer wants a place in the legend."""
    return any(label_of(layer) for layer in all_layers(chart))


def all_layers(chart: Chart) -> tuple[Layer, ...]:
    """Return the backdrop's layers and then those that move."""
    return (chart.backdrop.layers if chart.backdrop else ()) + chart.layers


def label_of(layer: Layer) -> Text:
    """Return a layer's label, or nothing."""
    return layer.label if isinstance(layer, Line | Points | Arrow) else ""


def _words(*, ascii_only: bool) -> Callable[[Text], str]:
    def words(text: Text) -> str:
        plain = one_line(render(text))
        return to_ascii(plain) if ascii_only else plain

    return words


def _fit_area(
    chart: Chart, width: int, vertical: tuple[int, int], *, ascii_only: bool
) -> tuple[PlotArea, tuple[PlacedTick, ...]]:
    """The canvas and the ticks at its left: each depends on the other, so they are fitted."""
    top, rows = vertical
    fitted = fit_ranges(chart)
    is_log = chart.x_axis.scale == "log", chart.y_axis.scale == "log"
    labels = 3
    for _ in range(4):
        columns = max(width - labels - 1, 1)
        x_range, y_range = fitted
        if chart.equal_aspect and not any(is_log):
            x_range, y_range = equal_units(
                *fitted, columns * DOTS_ACROSS, rows * DOTS_DOWN
            )
        area = PlotArea(labels + 1, top, columns, rows, x_range, y_range, *is_log)
        ticks = _y_ticks(area, ascii_only=ascii_only)
        widest = max((len(tick.label) for tick in ticks), default=0)
        if widest == labels:
            break
        labels = widest
    # The ticks decide: the canvas takes what they leave.
    area = PlotArea(
        widest + 1, top, max(width - widest - 1, 1), rows, area.x_range, area.y_range, *is_log
    )
    return area, ticks


def _ticks(
    axis_range: AxisRange, count: int, *, log: bool, ascii_only: bool
) -> tuple[Tick, ...]:
    choose = log_ticks if log else linear_ticks
    return choose(axis_range.low, axis_range.high, count, ascii_only=ascii_only)


def _y_ticks(area: PlotArea, *, ascii_only: bool) -> tuple[PlacedTick, ...]:
    count = max(2, area.rows // 4) if area.rows > 4 else 2
    for wanted in range(count, 0, -1):
        ticks = _ticks(area.y_range, wanted, log=area.y_log, ascii_only=ascii_only)
        scale = area.y_scale
        placed = tuple(
            PlacedTick(scale.nearest_dot(tick.value) // DOTS_DOWN, tick.label) for tick in ticks
        )
        cells = sorted(tick.cell for tick in placed)
        if all(b - a >= 2 for a, b in zip(cells, cells[1:], strict=False)):
            return placed
    return placed[:1]


def _x_ticks(
    chart: Chart, area: PlotArea, title: str, width: int, *, ascii_only: bool
) -> tuple[tuple[PlacedTick, ...], int]:
    """Ticks whose labels leave one another room, and the title a gap; and the title's column."""
    scale = area.x_scale
    most = max(2, area.columns // 8)
    best: tuple[tuple[PlacedTick, ...], int] | None = None
    for wanted in range(most, 0, -1):
        ticks = _ticks(area.x_range, wanted, log=area.x_log, ascii_only=ascii_only)
        placed = tuple(
            PlacedTick(scale.nearest_dot(tick.value) // DOTS_ACROSS, tick.label) for tick in ticks
        )
        taken = [_label_cells(tick, area, width) for tick in placed]
        if any(b[0] - a[1] < 3 for a, b in zip(taken, taken[1:], strict=False)):
            continue
        best = best or (placed, 0)
        column = _gap(taken, cell_len(title) + 4, area, width)
        if column is not None:
            return placed, column + 2
    placed = best[0] if best else ()
    start = width - cell_len(title)
    free = tuple(t for t in placed if _label_cells(t, area, width)[1] < start - 2)
    return free, max(start, 0)


def _label_cells(tick: PlacedTick, area: PlotArea, width: int) -> tuple[int, int]:
    """First and last column of the picture that a tick's label takes."""
    length = len(tick.label)
    first = min(max(area.left + tick.cell - length // 2, 0), width - length)
    return first, first + length - 1


def _gap(taken: list[tuple[int, int]], room: int, area: PlotArea, width: int) -> int | None:
    """The first column of a free stretch of `room` cells, near the middle of the canvas."""
    if room <= 4:
        return 0
    borders = [(-1, area.left - 2), *taken, (width, width)]
    middle = area.left + area.columns / 2
    found = [
        (abs((a[1] + b[0]) / 2 - middle), (a[1] + b[0] + 1 - room) // 2)
        for a, b in zip(borders, borders[1:], strict=False)
        if b[0] - a[1] - 1 >= room
    ]
    return min(found)[1] if found else None
