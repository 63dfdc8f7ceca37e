"""A chart of the lab: a cursor that the arrow keys move, and the place under the mouse.

A surface that is not drawn yet is asked for, and the last good chart stays until it is there.
"""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.timer import Timer

from tutor.charts.picture import PlotArea
from tutor.charts.plotext_renderer import Ahead, Kept
from tutor.charts.ranges import fit_ranges
from tutor.i18n import message, render
from tutor.tui.widgets.chart_view import ChartView

_LEAP = 5
"""Cells that Shift with an arrow key goes."""
_LATE = 0.25
"""Seconds after which a surface that is still missing is said to be."""


class LabChart(ChartView, can_focus=True):
    """A chart with a cursor of its own while it has the focus."""

    DEFAULT_CSS = """
    LabChart { &:focus { background: $boost; } }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(f"{shift}{key}", f"move_cursor({dx * n}, {dy * n})", "Cursor", show=False)
            for key, dx, dy in (("left", -1, 0), ("right", 1, 0), ("up", 0, -1), ("down", 0, 1))
            for shift, n in (("", 1), ("shift+", _LEAP))
        ),
        Binding("enter", "take_cursor", "Set start", show=False),
    ]

    FOCUS_KEY: ClassVar = "c"

    cursor: reactive[tuple[float, ...] | None] = reactive(None)
    """Where the cursor stands, in data units; the chart itself shows it."""

    @dataclass
    class CursorMoved(Message):
        """The cursor is to stand somewhere else; the chart's data units."""

        view: LabChart
        x: float
        y: float

        @property
        def control(self) -> LabChart:
            """The view."""
            return self.view

    @dataclass
    class CursorTaken(Message):
        """Enter was pressed: the place of the cursor is meant."""

        view: LabChart

        @property
        def control(self) -> LabChart:
            """The view."""
            return self.view

    class CursorLeft(Message):
        """The focus went elsewhere: the cursor is not needed any more."""

    @dataclass
    class MouseMoved(Message):
        """The mouse points at another place, in data units; None: off the chart."""

        view: LabChart
        place: tuple[float, float] | None

        @property
        def control(self) -> LabChart:
            """The view."""
            return self.view

    @dataclass
    class SurfaceMissing(Message):
        """The chart cannot be drawn before `missing` is."""

        view: LabChart

        @property
        def control(self) -> LabChart:
            """The view."""
            return self.view

    is_late: reactive[bool] = reactive(False)
    """Whether the chart that is shown has been the last good one for some time."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.id = f"{name}-chart"
        self._wait: Timer | None = None
        self.can_focus = self.takes_focus
        self.set_class(name.startswith("more"), "more")

    def missing(self) -> Ahead | None:
        """Return what is to be drawn, beside the screen, before the chart can be."""
        if (chart := self.shown) is None or not self.display:
            return None
        return self._renderer.ahead(chart, *self.size, self._palette)

    @property
    def takes_focus(self) -> bool:
        """Whether keys do something here."""
        return self.name == "main"

    def keep(self, key: Hashable, drawn: Kept) -> None:
        """Take what was missing, and draw the chart on it."""
        self._renderer.keep(key, drawn)
        self._end_wait()
        self.refresh()

    def _draw(self) -> None:
        """Draw the picture; where its surface is missing the last good one stays."""
        if self.missing() is None:
            self._end_wait()
            super()._draw()
        elif self._wait is None:
            self._wait = self.set_timer(_LATE, self._say_late)
            self.post_message(self.SurfaceMissing(self))

    def _end_wait(self) -> None:
        if self._wait is not None:
            self._wait.stop()
        self._wait, self.is_late = None, False

    def _say_late(self) -> None:
        self.is_late = self._wait is not None

    def render_line(self, y: int) -> Strip:
        """Return a row of the picture, that of the last good one cut or filled to this size."""
        row = super().render_line(y).adjust_cell_length(self.size.width, self._ground)
        if y or not self.is_late:
            return row
        words = f" {render(message('drawing …'))} "
        word = Strip([Segment(words, self.rich_style + Style(reverse=True))])
        return Strip.join([word, row.crop(word.cell_length)])

    def tidy(self, x: float, y: float) -> tuple[float, float]:
        """Return the place on round numbers, less than half a cell away."""
        if self.picture is None:
            return x, y
        area = self.picture.area
        across = area.x_scale.value(2.0) - area.x_scale.value(0.0)
        up = area.y_scale.value(4.0) - area.y_scale.value(0.0)
        if self.is_in_space and self.chart is not None:
            x_range, y_range = fit_ranges(self.chart)
            across = (x_range.high - x_range.low) / area.columns
            up = (y_range.high - y_range.low) / area.columns
        return _rounded(x, across), _rounded(y, up)

    def action_move_cursor(self, columns: int, rows: int) -> None:
        """Move the cursor by cells, within the chart; turn a surface in space."""
        if self.is_in_space:
            self.action_turn(columns, -rows)
        elif self.picture is not None:
            self._move_cursor(self.picture.area, columns, rows)

    def _move_cursor(self, area: PlotArea, columns: int, rows: int) -> None:
        middle = (area.left + area.columns // 2, area.top + area.rows // 2)
        x, y = (*(self.cursor or ()), *area.to_data(*middle)[len(self.cursor or ()) :])
        at = area.to_cell(x, y)
        column = min(max(at[0] + columns, area.left), area.left + area.columns - 1)
        row = min(max(at[1] + rows, area.top), area.top + area.rows - 1)
        moved = self.tidy(*area.to_data(column, row))
        x, y = (moved[0] if columns else x), (moved[1] if rows else y)
        self.post_message(self.CursorMoved(self, x, y))

    def action_take_cursor(self) -> None:
        """The place of the cursor is meant."""
        self.post_message(self.CursorTaken(self))

    def on_blur(self) -> None:
        """The cursor goes with the focus, unless it is the terminal that has lost it."""
        if self.app.app_focus:
            self.post_message(self.CursorLeft())

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Tell what lies under the mouse."""
        place = self._place(event)
        self.post_message(self.MouseMoved(self, place and self.tidy(*place)))

    def on_leave(self) -> None:
        """Nothing lies under the mouse."""
        self.post_message(self.MouseMoved(self, None))


def _rounded(value: float, cell: float) -> float:
    """Return `value` with as few decimals as show a third of a cell."""
    if not cell > 0 or not math.isfinite(value):
        return value
    return round(value, 1 - math.floor(math.log10(cell)))
