"""A list over a screen to pick one thing from, with a word about each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tutor.i18n import Text, message, render
from tutor.lesson.wrapping import word_lines

_WIDEST, _AROUND = 110, 10
"""Columns of the list, and of its border and margins."""


@dataclass(frozen=True, slots=True)
class Pick:
    """Something to pick: its key, its words, and what there is to say of it."""

    key: str
    words: Text
    about: Text = ""


class PickScreen(ModalScreen[str | None]):
    """Enter or a click picks and closes; Esc closes."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "close", "Close")]

    def __init__(self, title: Text, picks: Sequence[Pick], picked: str = "") -> None:
        super().__init__()
        self._title = render(title)
        self._picks = tuple(picks)
        self._picked = picked

    def compose(self) -> ComposeResult:
        """Lay out the title and the list."""
        width = max((cell_len(render(pick.words)) for pick in self._picks), default=0)
        room = min(_WIDEST, self.app.size.width) - _AROUND
        rows = (Option(_row(pick, width, room), id=pick.key) for pick in self._picks)
        with Vertical(id="pick"):
            yield Static(self._title, id="pick-title", markup=False)
            yield OptionList(*rows, markup=False)
            yield Static(
                render(message("Enter takes it, Esc closes.")), id="pick-keys", markup=False
            )

    def on_mount(self) -> None:
        """Start on what is picked now."""
        keys = [pick.key for pick in self._picks]
        options = self.query_one(OptionList)
        options.highlighted = keys.index(self._picked) if self._picked in keys else 0
        options.focus()

    @on(OptionList.OptionSelected)
    def take(self, event: OptionList.OptionSelected) -> None:
        """Pick it."""
        event.stop()
        self.dismiss(event.option_id)

    def action_close(self) -> None:
        """Pick nothing."""
        self.dismiss(None)


def _row(pick: Pick, width: int, room: int) -> Content:
    """Return the words and, in a column of its own, what there is to say of them."""
    words = render(pick.words)
    about = word_lines(render(pick.about), max(20, room - width - 2))
    indent = "\n" + " " * (width + 2)
    pad = " " * (width - cell_len(words) + 2)
    return Content.assemble((words, "bold"), pad, (indent.join(about), "$text-muted"))
