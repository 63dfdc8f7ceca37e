"""A program with numbered lines, one of them at fault, and what it prints."""

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

from tutor.i18n import message, render


class LineQuestion(Widget, can_focus=True):
    """Lines to take by arrows and Enter, or by mouse; under them what the program prints.

    No line is under the cursor at first, so that Enter alone answers nothing.
    """

    DEFAULT_CSS = """
    LineQuestion { height: auto; width: 1fr; margin-bottom: 1; }
    .-narrow LineQuestion { margin-bottom: 0; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move_cursor(-1)", show=False),
        Binding("down", "move_cursor(1)", show=False),
        Binding("home", "move_cursor(-1000)", show=False),
        Binding("end", "move_cursor(1000)", show=False),
        Binding("enter", "take_line", show=False),
    ]

    lines: reactive[Sequence[str]] = reactive((), layout=True)
    """The program."""
    printed: reactive[Sequence[str]] = reactive((), layout=True)
    """What it prints."""
    taken: reactive[tuple[int, bool] | None] = reactive(None)
    """Which line was taken last (from 1), and whether it was at fault."""
    is_mended: reactive[bool] = reactive(False)
    """Whether the line at fault has been mended: then there is nothing more to take."""
    cursor: reactive[int | None] = reactive(None)
    """The line under the cursor, from 1."""

    @dataclass
    class Taken(Message):
        """A line was taken for the one at fault."""

        question: LineQuestion
        line: int

        @property
        def control(self) -> LineQuestion:
            """The question."""
            return self.question

    class Undecided(Message):
        """Enter was pressed with no line under the cursor."""

    def get_content_height(self, _container: Size, _viewport: Size, _width: int) -> int:
        """Return a row for each line of the program and of what it prints, and for our words."""
        return len(self.lines) + 1 + len(self.printed) + int(self._is_open)

    def render(self) -> Content:
        """Return the numbered lines and what they print."""
        digits = len(str(len(self.lines)))
        rows = [self._row(number, line, digits) for number, line in enumerate(self.lines, start=1)]
        prints = message("Mended, it prints:") if self.is_mended else message("It prints:")
        rows.append(Content.styled(render(prints), "$text-muted"))
        style = "$text-success" if self.is_mended else "$text-warning"
        rows += [Content.styled(f"  {line}", style) for line in self.printed]
        if self._is_open:
            how = message("↑ ↓ to the line at fault, then Enter; or click it.")
            rows.append(Content.styled(render(how), "$text-muted italic"))
        return Content("\n").join(rows)

    def _row(self, number: int, line: str, digits: int) -> Content:
        mark, style = "  ", "$text-secondary"
        if self.taken is not None and self.taken[0] == number:
            right = self.taken[1]
            mark, style = ("✓ ", "$text-success bold") if right else ("✗ ", "$text-error")
        elif number == self.cursor and self._is_open:
            mark = "▸ "
        if number == self.cursor and self._is_open:
            style = f"{style} bold on $panel"
        return Content.assemble(
            (mark, style), (f"{number:>{digits}} │ ", "$text-muted"), (line, style)
        )

    @property
    def _is_open(self) -> bool:
        return not self.is_mended

    def action_move_cursor(self, by: int) -> None:
        """Move the cursor up or down; from nowhere, to the first line or the last."""
        last = len(self.lines)
        start = self.cursor if self.cursor is not None else (0 if by > 0 else last + 1)
        self.cursor = max(1, min(last, start + by))

    def action_take_line(self) -> None:
        """Take the line under the cursor; without one, say so."""
        if self.cursor is None:
            self.post_message(self.Undecided())
        else:
            self._take(self.cursor)

    def _take(self, line: int) -> None:
        if self._is_open:
            self.post_message(self.Taken(self, line))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """The cursor follows the mouse."""
        if 1 <= event.y + 1 <= len(self.lines):
            self.cursor = event.y + 1

    def on_click(self, event: events.Click) -> None:
        """Take the line that was clicked."""
        if 1 <= event.y + 1 <= len(self.lines):
            self.cursor = event.y + 1
            self._take(self.cursor)
