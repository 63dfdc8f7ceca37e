"""Every key, made from the commands themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import ClassVar, TypeAlias

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tutor.i18n import Message, Text, message, render
from tutor.lesson.prose import Paragraph, Span
from tutor.lesson.wrapping import ProseLine, wrap
from tutor.tui.commands import (
    APP_COMMANDS,
    HELP,
    HOME_COMMANDS,
    LAB_COMMANDS,
    LESSON_COMMANDS,
    MAP_KEYS,
    OPEN_LAB,
    PARAMETER_KEYS,
    PROGRESS_COMMANDS,
    ROOM_COMMANDS,
    ROSTER_KEYS,
    Command,
)

_WIDEST, _AROUND = 78, 5
"""Columns of the help, and of its padding and scroll bar."""

Rows: TypeAlias = Sequence[tuple[Text, Message]]


class HelpScreen(ModalScreen[None]):
    """A list of keys over the screen that asked for it; any of its keys closes it."""

    VERTICAL_BREAKPOINTS = [(0, "-low"), (27, "-tall")]  # noqa: RUF012 — Textual reads it
    """On a low terminal the frame gives way to the keys."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,f1,enter,q", "close", "Close"),
        Binding("g,ctrl+g", "app.show_glossary", "Glossary"),
    ]

    def __init__(
        self, own: tuple[Command, ...] = LESSON_COMMANDS, in_class: tuple[Command, ...] = ()
    ) -> None:
        super().__init__()
        self._own = own
        self._in_class = in_class

    def compose(self) -> ComposeResult:
        """Lay out the table."""
        with VerticalScroll(id="help"):
            table = (
                _lab_table(self._room)
                if self._own is LAB_COMMANDS
                else _table(self._own, self._room, self._in_class)
            )
            yield Static(table, id="help-keys", markup=False)
            yield Static(_closing(), id="help-closing", markup=False)

    @property
    def _room(self) -> int:
        """The columns for a line of the table."""
        return min(_WIDEST, self.app.size.width) - _AROUND

    def action_close(self) -> None:
        """Back to where the learner was."""
        self.dismiss(None)


def _table(own: tuple[Command, ...], room: int, in_class: tuple[Command, ...] = ()) -> Content:
    groups: list[tuple[Message, Rows]] = [
        (message("In a lesson"), _rows(own or LESSON_COMMANDS)),
        (message("On a parameter or a guess"), PARAMETER_KEYS),
    ]
    if own is PROGRESS_COMMANDS:
        groups = [(message("On this screen"), _rows(own))]
    if own is HOME_COMMANDS:
        groups = [(message("On the map"), [*MAP_KEYS, *_rows(own)])]
    if own is ROOM_COMMANDS:
        groups = [(message("In the room"), [*ROSTER_KEYS, *_rows(own)])]
    if in_class:
        groups.append((message("In a class"), _rows(in_class)))
    groups.append((message("Everywhere"), _rows(APP_COMMANDS)))
    width = max(cell_len(render(keys)) for _, group in groups for keys, _ in group)
    lines = [
        line for title, group in groups for line in (_title(title), *_lines(group, width, room))
    ]
    return Content("\n").join(lines)


def _lab_table(room: int) -> Content:
    """The lab has twice the commands: two of them on a line, Ctrl written as ^."""
    own = [(keys.replace("Ctrl+", "^"), words) for keys, words in _rows(LAB_COMMANDS)]
    others = [command for command in APP_COMMANDS if command not in (OPEN_LAB, HELP)]
    half = (len(own) + 1) // 2
    left_half, right_half = (
        _lines(rows, max(cell_len(keys) for keys, _ in rows)) for rows in (own[:half], own[half:])
    )
    width = max(cell.cell_length for cell in left_half) + 1
    pairs = zip_longest(left_half, right_half, fillvalue=Content(""))
    groups: list[tuple[Message, list[Content]]] = [
        (message("In the lab (^ is Ctrl)"), [left.pad_right(max(0, width - left.cell_length))
                                             + right for left, right in pairs]),
        (message("On a control"), _lines(PARAMETER_KEYS, 17, room)),
        (message("Everywhere"), _lines(_rows(others), 17, room)),
    ]  # fmt: skip
    lines = [line for title, group in groups for line in (_title(title), *group)]
    return Content("\n").join(lines)


def _title(title: Message) -> Content:
    return Content.styled(render(title), "bold $text-primary")


def _lines(rows: Rows, width: int, room: int = 1000) -> list[Content]:
    """Return each row: its keys padded to `width`, its words, which hang if they need more room."""
    lines = []
    for keys, words in ((render(keys), words) for keys, words in rows):
        first, *more = wrap([Paragraph((Span(render(words)),))], room - width - 2)
        padding = " " * (width - cell_len(keys) + 1)
        lines.append(Content.assemble(" ", (keys, "$text-accent"), padding, _text(first)))
        lines += [Content(" " * (width + 2) + _text(line)) for line in more]
    return lines


def _text(line: ProseLine) -> str:
    return "".join(span.text for span in line)


def _closing() -> Content:
    words = message("Ctrl and F keys work in a field, too. g: the glossary. Esc closes this.")
    return Content.styled(render(words), "$text-muted")


def _rows(commands: Iterable[Command]) -> list[tuple[str, Message]]:
    return [(command.key_names, command.help) for command in commands]
