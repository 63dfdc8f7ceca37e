"""Items to put in order: one a row, moved up and down by key or by mouse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tutor.tui.widgets.prose import line_content


class OrderQuestion(Widget, can_focus=True):
    """Rows `▸ 1  η = 0.1`, the smallest first. The order is held by whoever listens."""

    DEFAULT_CSS = """
    OrderQuestion { height: auto; width: 1fr; padding: 0 1; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "choose(-1)", show=False),
        Binding("down", "choose(1)", show=False),
        Binding("shift+up,ctrl+up,less_than_sign", "move(-1)", show=False),
        Binding("shift+down,ctrl+down,greater_than_sign", "move(1)", show=False),
        Binding("enter", "settle", show=False),
    ]

    items: reactive[Sequence[tuple[int, str]]] = reactive((), layout=True)
    """The number and the label of each item, in the present order."""
    beside: reactive[Sequence[str]] = reactive(())
    """What stands still beside each place, in place of its number."""
    is_right: reactive[bool] = reactive(False)
    """Whether the order is known to be right."""
    chosen: reactive[int] = reactive(0)
    """The place, from 0, of the item that the keys move."""

    @dataclass
    class Moved(Message):
        """An item is to go so many places down (or, below 0, up)."""

        question: OrderQuestion
        item: int
        by: int

        @property
        def control(self) -> OrderQuestion:
            """The question."""
            return self.question

    class Settled(Message):
        """Enter was pressed: the order is meant."""

    def __init__(self) -> None:
        super().__init__()
        self._held: int | None = None
        self._moving: int | None = None
        """The item that is being moved: the next key may come before the new order does."""

    def get_content_height(self, _container: Size, _viewport: Size, _width: int) -> int:
        """Return a row for each item."""
        return len(self.items)

    def render(self) -> Content:
        """Return the rows."""
        rows = [self._row(place, label) for place, (_, label) in enumerate(self.items)]
        return Content("\n").join(rows)

    def _row(self, place: int, label: str) -> Content:
        is_chosen = place == self.chosen
        mark = "▸ " if is_chosen and self.has_focus else "✓ " if self.is_right else "  "
        style = "bold on $panel" if is_chosen and self.has_focus else ""
        return Content.assemble(
            (mark, "$text-success bold" if self.is_right else "$text-accent"),
            self._before(place), line_content(label).stylize(style),
        )  # fmt: skip

    def _before(self, place: int) -> Content:
        """Return the number of a place, or what stands beside it."""
        if not self.beside:
            return Content.styled(f"{place + 1}  ", "$text-accent")
        names = [line_content(name) for name in self.beside]
        gap = max(name.cell_length for name in names) - names[place].cell_length
        return Content.assemble(names[place].stylize("$text-accent"), " " * gap, "  ←  ")

    def action_choose(self, by: int) -> None:
        """Choose the item above or below."""
        self._moving = None
        self.chosen = max(0, min(len(self.items) - 1, self.chosen + by))

    def action_move(self, by: int) -> None:
        """Ask for the chosen item to go up or down; the choice goes with it."""
        self._move_to(self.chosen + by)

    def action_settle(self) -> None:
        """Mean the order as it is."""
        self.post_message(self.Settled())

    def _move_to(self, place: int) -> None:
        if place == self.chosen or not 0 <= place < len(self.items):
            return
        if self._moving is None:
            self._moving = self.items[self.chosen][0]
        item, by = self._moving, place - self.chosen
        self.chosen = place
        self.post_message(self.Moved(self, item, by))

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of an item."""
        if 0 <= event.y < len(self.items):
            self._moving = None
            self.chosen = self._held = event.y
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Drag the item that is held."""
        if self._held is not None:
            self._move_to(max(0, min(len(self.items) - 1, event.y)))

    def on_mouse_up(self) -> None:
        """Let go of it."""
        self._held = None
        self.release_mouse()
