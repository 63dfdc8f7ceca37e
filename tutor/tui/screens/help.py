"""Every key, made from the commands themselves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tutor.i18n import Message, message, render
from tutor.tui.commands import APP_COMMANDS, LESSON_COMMANDS, PARAMETER_KEYS, Command


class HelpScreen(ModalScreen[None]):
    """A list of keys over the screen that asked for it; any of its keys closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,f1,enter,q", "close", "Close"),
    ]

    def compose(self) -> ComposeResult:
        """Lay out the table."""
        with VerticalScroll(id="help"):
            yield Static(_table(), markup=False)

    def action_close(self) -> None:
        """Back to where the learner was."""
        self.dismiss(None)


def _table() -> Content:
    groups: list[tuple[Message, Iterable[tuple[str, Message]]]] = [
        (message("In a lesson"), _rows(LESSON_COMMANDS)),
        (message("On a parameter or a guess"), PARAMETER_KEYS),
        (message("Everywhere"), _rows(APP_COMMANDS)),
    ]
    rows = [row for _, group in groups for row in group]
    width = max(cell_len(keys) for keys, _ in rows)
    parts: list[str | tuple[str, str]] = []
    for title, group in groups:
        parts += [(render(title), "bold $text-primary"), "\n"]
        for keys, words in group:
            pad = " " * (width - cell_len(keys))
            parts += ["  ", (keys, "$text-accent"), pad, "  ", render(words), "\n"]
    close = render(message("In a field, the Ctrl and F keys still work. Esc closes this."))
    return Content.assemble(*parts, (close, "$text-muted"))


def _rows(commands: Iterable[Command]) -> list[tuple[str, Message]]:
    return [(command.key_names, command.help) for command in commands]
