"""A chart of the lab: a cursor that the arrow keys move, and the place under the mouse."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive

from tutor.tui.widgets.chart_view import ChartView

_LEAP = 5
"""Cells that Shift with an arrow key goes."""


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

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.id = f"{name}-chart"
        self.can_focus = name == "main"
        self.set_class(name.startswith("more"), "more")

    def tidy(self, x: float, y: float) -> tuple[float, float]:
        """Return the place on round numbers, less than half a cell away."""
        if self._picture is None:
            return x, y
        area = self._picture.area
        across = area.x_scale.value(2.0) - area.x_scale.value(0.0)
        up = area.y_scale.value(4.0) - area.y_scale.value(0.0)
        return _rounded(x, across), _rounded(y, up)

    def action_move_cursor(self, columns: int, rows: int) -> None:
        """Move the cursor by cells, within the chart."""
        if self._picture is None:
            return
        area = self._picture.area
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
