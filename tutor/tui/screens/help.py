"""Every key, made from the commands themselves."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tutor.i18n import Message, message, render
from tutor.lesson.wrapping import wrap_words
from tutor.tui.commands import (
    APP_COMMANDS,
    HELP,
    HOME_COMMANDS,
    LAB_COMMANDS,
    LESSON_COMMANDS,
    OPEN_LAB,
    PROGRESS_COMMANDS,
    ROOM_COMMANDS,
    Command,
)
from tutor.tui.key_groups import (
    EVERYWHERE,
    IN_CLASS,
    IN_LAB,
    IN_LESSON,
    IN_ROOM,
    ON_CONTROL,
    ON_MAP,
    ON_PROGRESS,
    KeyGroup,
    Row,
    rows_of,
)

_WIDEST, _AROUND = 78, 5
"""Columns of the help, and of its padding and scroll bar."""


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
    groups = _own_groups(own)
    if in_class:
        groups.append(IN_CLASS)
    groups.append(EVERYWHERE)
    width = max(cell_len(render(keys)) for group in groups for keys, _ in group.rows)
    lines = [
        line for group in groups for line in (_title(group.title), *_lines(group.rows, width, room))
    ]
    return Content("\n").join(lines)


def _own_groups(own: tuple[Command, ...]) -> list[KeyGroup]:
    """Return the groups of a screen with these commands of its own."""
    for commands, group in ((PROGRESS_COMMANDS, ON_PROGRESS), (HOME_COMMANDS, ON_MAP),
                            (ROOM_COMMANDS, IN_ROOM)):  # fmt: skip
        if own is commands:
            return [group]
    return [KeyGroup(IN_LESSON.title, rows_of(own or LESSON_COMMANDS)), ON_CONTROL]


def _lab_table(room: int) -> Content:
    """The lab has twice the commands: two of them on a line, Ctrl written as ^."""
    own = [(render(keys).replace("Ctrl+", "^"), words) for keys, words in IN_LAB.rows]
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
        (message("On a control"), _lines(ON_CONTROL.rows, 17, room)),
        (EVERYWHERE.title, _lines(rows_of(others), 17, room)),
    ]  # fmt: skip
    lines = [line for title, group in groups for line in (_title(title), *group)]
    return Content("\n").join(lines)


def _title(title: Message) -> Content:
    return Content.styled(render(title), "bold $text-primary")


def _lines(rows: Sequence[Row], width: int, room: int = 1000) -> list[Content]:
    """Return each row: its keys padded to `width`, its words, which hang if they need more room."""
    lines = []
    for keys, words in ((render(keys), render(words)) for keys, words in rows):
        first, *more = wrap_words(words, room - width - 2)
        padding = " " * (width - cell_len(keys) + 1)
        lines.append(Content.assemble(" ", (keys, "$text-accent"), padding, first))
        lines += [Content(" " * (width + 2) + line) for line in more]
    return lines


def _closing() -> Content:
    words = message("Ctrl and F keys work in a field, too. g: the glossary. Esc closes this.")
    return Content.styled(render(words), "$text-muted")
