"""Where everything goes: the rows and columns of a picture, its ranges and its ticks."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from rich.cells import cell_len

from tutor.charts.ascii_art import shorten
from tutor.charts.chart import AxisRange
from tutor.charts.picture import DOTS_ACROSS, DOTS_DOWN, PlotArea
from tutor.charts.ranges import equal_units
from tutor.charts.scale import Scale
from tutor.charts.ticks import Tick, linear_ticks, log_ticks

SMALLEST_WIDTH, SMALLEST_HEIGHT = 20, 6
HEIGHT_FOR_LEGEND = 12
HEIGHT_FOR_BOX = 16
HEIGHT_FOR_TITLE_ROW = 20
MOST_TICKS = 9


@dataclass(frozen=True, slots=True)
class Frame:
    """All of a chart that decides its layout, in words and numbers that can be compared."""

    width: int
    height: int
    title: str
    x_title: str
    y_title: str
    x_range: AxisRange
    y_range: AxisRange
    x_log: bool
    y_log: bool
    equal_aspect: bool
    has_labels: bool
    ascii_only: bool
    x_labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlacedTick:
    """A label beside a cell of the canvas, counted from its left (or bottom) edge."""

    cell: int
    label: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The layout of one picture. Its words are cut to fit."""

    width: int
    height: int
    area: PlotArea
    x_ticks: tuple[PlacedTick, ...]
    y_ticks: tuple[PlacedTick, ...]
    title: str
    title_column: int
    x_title: str
    x_title_column: int
    x_title_row: int
    y_title: str
    is_boxed: bool
    has_header: bool
    has_legend: bool
    x_labels: tuple[PlacedTick, ...] = ()
    """Words under the axis; the cell is the first of the label, of the picture."""

    @property
    def frame_top(self) -> int:
        """The first row of the canvas with its frame."""
        return self.area.top - self.is_boxed

    @property
    def header_end(self) -> int:
        """The first column of the header behind the titles."""
        return max(self.title_column + cell_len(self.title), cell_len(self.y_title))


def lay_out(frame: Frame) -> Plan:
    """Lay out a picture of at least SMALLEST_WIDTH by SMALLEST_HEIGHT cells.

    The y axis has its title in the header row, over its labels. The x axis wears its own in the
    line of the axis, between two ticks, and gets a row for it only where rows are many.
    """
    is_boxed = frame.height >= HEIGHT_FOR_BOX
    has_header = bool(frame.title or frame.y_title)
    has_legend = frame.height >= HEIGHT_FOR_LEGEND and frame.has_labels
    has_title_row = frame.height >= HEIGHT_FOR_TITLE_ROW and bool(frame.x_title)
    top = has_header + has_legend + is_boxed
    rows = frame.height - top - 2 - has_title_row
    area, y_ticks = _fit_area(frame, frame.width - is_boxed, top, rows)
    x_title = _x_title(frame, area, in_axis=not has_title_row)
    x_ticks = _x_ticks(frame, area, 0 if has_title_row else cell_len(x_title))
    y_title = shorten(frame.y_title, frame.width, ascii_only=frame.ascii_only)
    used = cell_len(y_title) + 2 if y_title else 0
    title = shorten(frame.title, frame.width - used, ascii_only=frame.ascii_only)
    return Plan(
        width=frame.width,
        height=frame.height,
        area=area,
        x_ticks=x_ticks,
        y_ticks=y_ticks,
        title=title,
        title_column=_title_column(title, area, used, shared=frame.has_labels and not has_legend),
        x_title=x_title,
        x_title_column=_x_title_column(x_title, area, x_ticks, in_axis=not has_title_row),
        x_title_row=frame.height - (1 if has_title_row else 2),
        y_title=y_title,
        is_boxed=is_boxed,
        has_header=has_header,
        has_legend=has_legend,
        x_labels=_x_labels(frame, area),
    )


def _x_labels(frame: Frame, area: PlotArea) -> tuple[PlacedTick, ...]:
    """The words for 0, 1, 2, …, cut to the room from one to the next."""
    if not frame.x_labels:
        return ()
    dots = area.x_scale.dot(np.array([0.0, 1.0]))
    room = max(int((dots[1] - dots[0]) / DOTS_ACROSS) - 1, 1)
    labels = []
    for k, text in enumerate(frame.x_labels):
        label = shorten(text, room, ascii_only=frame.ascii_only)
        middle = area.left + area.x_scale.nearest_dot(float(k)) // DOTS_ACROSS
        first = min(max(middle - cell_len(label) // 2, 0), frame.width - cell_len(label))
        labels.append(PlacedTick(first, label))
    return tuple(labels)


def _title_column(title: str, area: PlotArea, used: int, *, shared: bool) -> int:
    """The title stands over the middle, or to the left where the legend shares its row."""
    if shared:
        return max(used, area.left)
    rightmost = area.left + area.columns - cell_len(title)
    return max(used, min(_centred(title, area), rightmost))


def _centred(text: str, area: PlotArea) -> int:
    return area.left + (area.columns - cell_len(text)) // 2


def _fit_area(
    frame: Frame, width: int, top: int, rows: int
) -> tuple[PlotArea, tuple[PlacedTick, ...]]:
    """The canvas, and the ticks at its left: the width of each depends on the other."""
    labels = 3
    for _ in range(4):
        area = _area(frame, width, top, rows, labels)
        ticks = _y_ticks(frame, area)
        widest = max((len(tick.label) for tick in ticks), default=0)
        if widest == labels:
            return area, ticks
        labels = widest
    roomy = max(labels, widest)
    padded = tuple(PlacedTick(tick.cell, tick.label.rjust(roomy)) for tick in ticks)
    return _area(frame, width, top, rows, roomy), padded


def _area(frame: Frame, width: int, top: int, rows: int, labels: int) -> PlotArea:
    columns = max(width - labels - 1, 1)
    x_range, y_range = frame.x_range, frame.y_range
    if frame.equal_aspect and not (frame.x_log or frame.y_log):
        x_range, y_range = equal_units(x_range, y_range, columns * DOTS_ACROSS, rows * DOTS_DOWN)
    return PlotArea(labels + 1, top, columns, rows, x_range, y_range, frame.x_log, frame.y_log)


def _place(frame: Frame, scale: Scale, wanted: int, dots: int) -> tuple[PlacedTick, ...]:
    """About `wanted` ticks on an axis whose cells have so many dots."""
    choose = log_ticks if scale.log else linear_ticks
    ticks: tuple[Tick, ...] = choose(scale.low, scale.high, wanted, ascii_only=frame.ascii_only)
    return tuple(PlacedTick(scale.nearest_dot(tick.value) // dots, tick.label) for tick in ticks)


def _y_ticks(frame: Frame, area: PlotArea) -> tuple[PlacedTick, ...]:
    """As many as leave a row between them, or two where rows are many."""
    apart = 2 if area.rows <= 14 else 3
    ticks: tuple[PlacedTick, ...] = ()
    for wanted in range(min(area.rows // 2, MOST_TICKS) + 1, 0, -1):
        ticks = _place(frame, area.y_scale, wanted, DOTS_DOWN)
        if all(b.cell - a.cell >= apart for a, b in pairwise(ticks)):
            return ticks
    return ticks[:1]


def _x_ticks(frame: Frame, area: PlotArea, title_room: int) -> tuple[PlacedTick, ...]:
    """As many as leave three cells between their labels, and their axis room for its title."""
    if frame.x_labels:
        places = (area.x_scale.nearest_dot(float(k)) for k in range(len(frame.x_labels)))
        return tuple(PlacedTick(place // DOTS_ACROSS, " ") for place in places)
    fitting: list[tuple[PlacedTick, ...]] = []
    for wanted in range(min(area.columns // 5, MOST_TICKS), 0, -1):
        ticks = _place(frame, area.x_scale, wanted, DOTS_ACROSS)
        taken = [_label_cells(tick, area, frame.width) for tick in ticks]
        if all(b[0] - a[1] > 3 for a, b in pairwise(taken)):
            fitting.append(ticks)
            if len(ticks) >= 3 and _gap(ticks, area.columns, title_room) is not None:
                return ticks
    return fitting[0] if fitting else ()


def _label_cells(tick: PlacedTick, area: PlotArea, width: int) -> tuple[int, int]:
    """First and last column of the picture that the label of a tick takes."""
    length = len(tick.label)
    first = min(max(area.left + tick.cell - length // 2, 0), width - length)
    return first, first + length - 1


def _x_title(frame: Frame, area: PlotArea, *, in_axis: bool) -> str:
    """The title of the x axis; in the line of the axis it keeps a blank on either side."""
    room = area.columns - 2 * in_axis
    title = shorten(frame.x_title, room, ascii_only=frame.ascii_only)
    return f" {title} " if title and in_axis else title


def _x_title_column(
    title: str, area: PlotArea, ticks: tuple[PlacedTick, ...], *, in_axis: bool
) -> int:
    """Where the title stands: in the middle, between two ticks, or else at the right end."""
    if not in_axis:
        return _centred(title, area)
    gap = _gap(ticks, area.columns, cell_len(title))
    return area.left + (area.columns - cell_len(title) if gap is None else gap)


def _gap(ticks: tuple[PlacedTick, ...], columns: int, room: int) -> int | None:
    """Where `room` cells of the axis are free of ticks, as near its middle as can be."""
    cells = [-1, *(tick.cell for tick in ticks), columns]
    found = [
        (abs((a + b - columns) / 2), -b, (a + b + 1 - room) // 2)
        for a, b in pairwise(cells)
        if b - a - 1 >= room
    ]
    return min(found)[2] if found else None
