"""One choice on one row: its label and the options, the chosen one between ‹ and ›."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tutor.i18n import Text, message, render


@dataclass(frozen=True, slots=True)
class Option:
    """Something to choose: its key and its words."""

    key: str
    words: Text


class LabChoice(Widget, can_focus=True):
    """Shows all options in a row, or only the chosen one where they do not fit."""

    DEFAULT_CSS = """
    LabChoice {
        height: 1;
        width: 1fr;
        padding: 0 1;
        &:focus { background: $boost; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "move(-1)", "Previous", show=False),
        Binding("right", "move(1)", "Next", show=False),
        Binding("enter", "ask_for_list", "All", show=False),
        Binding("up", "app.focus_previous", "Previous", show=False),
        Binding("down", "app.focus_next", "Next", show=False),
    ]

    value: reactive[str] = reactive("")
    """The key of the chosen option; "" for none."""

    @dataclass
    class Chosen(Message):
        """The learner wants another option."""

        choice: LabChoice
        name: str
        key: str

        @property
        def control(self) -> LabChoice:
            """The row."""
            return self.choice

    @dataclass
    class ListAsked(Message):
        """The learner wants to see all options, with a word about each."""

        choice: LabChoice
        name: str

        @property
        def control(self) -> LabChoice:
            """The row."""
            return self.choice

    def __init__(
        self, name: str, label: Text, options: Sequence[Option], value: str, *, label_width: int = 0
    ) -> None:
        super().__init__(name=name, id=f"choice-{name}")
        self.label = render(label)
        """What is chosen."""
        self._label = set_cell_size(self.label, label_width)
        self._options = tuple(options)
        self.set_reactive(LabChoice.value, value)

    @property
    def options(self) -> tuple[Option, ...]:
        """What can be chosen."""
        return self._options

    def render(self) -> Content:
        """Return the row."""
        label = (self._label, "bold" if self.has_focus else "")
        return Content.assemble(label, " ", *(self._inline() if self._fits else self._chosen()))

    def _inline(self) -> list[tuple[str, str]]:
        return [
            (f"‹{render(o.words)}›", "$text-accent bold")
            if o.key == self.value
            else (f" {render(o.words)} ", "$text-muted")
            for o in self._options
        ]

    def _chosen(self) -> list[tuple[str, str]]:
        position = self._position
        if position is None:
            return [(render(message("choose one of {n} ↵", n=len(self._options))), "$text-muted")]
        words = render(self._options[position].words)
        tail = f"  {position + 1}/{len(self._options)} ↵"
        room = max(1, self._room - 2 - cell_len(tail))
        kept = words if cell_len(words) <= room else set_cell_size(words, room - 1) + "…"
        return [(f"‹{kept}›", "$text-accent bold"), (tail, "$text-muted")]

    @property
    def _position(self) -> int | None:
        keys = [option.key for option in self._options]
        return keys.index(self.value) if self.value in keys else None

    @property
    def _room(self) -> int:
        return self.content_size.width - cell_len(self._label) - 1

    @property
    def _fits(self) -> bool:
        return sum(cell_len(render(o.words)) + 2 for o in self._options) <= self._room

    def action_move(self, by: int) -> None:
        """Choose the option before or after; at an end, go on at the other."""
        here = self._position
        if here is None:
            here = -1 if by > 0 else 0
        self._choose(self._options[(here + by) % len(self._options)].key)

    def action_ask_for_list(self) -> None:
        """Show all options, with a word about each."""
        self.post_message(self.ListAsked(self, self.name or ""))

    def _choose(self, key: str) -> None:
        if key != self.value:
            self.post_message(self.Chosen(self, self.name or "", key))

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Choose what is clicked; where only one option shows, open the list."""
        self.focus()
        x = event.x - 1 - cell_len(self._label) - 1
        if x < 0:
            return
        if not self._fits:
            self.action_ask_for_list()
            return
        for option in self._options:
            x -= cell_len(render(option.words)) + 2
            if x < 0:
                self._choose(option.key)
                return

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Choose the option before."""
        event.stop()
        self.action_move(-1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Choose the option after."""
        event.stop()
        self.action_move(1)
