"""How sure the learner is of a guess: three answers that also hand the guess in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message as TextualMessage
from textual.reactive import reactive
from textual.widget import Widget

from tutor.engine.lesson.events import CERTAINTY, Confidence
from tutor.i18n import Message, message, render

CONFIDENCES: tuple[tuple[Confidence, Message], ...] = (
    ("low", CERTAINTY["low"]),
    ("medium", CERTAINTY["medium"]),
    ("high", CERTAINTY["high"]),
)


class ConfidenceRow(Widget, can_focus=True):
    """One row: `Press 1, 2 or 3:  1 just guessing  2 fairly sure  3 certain`.

    Nothing is chosen at first, so that Enter alone hands nothing in.
    """

    DEFAULT_CSS = """
    ConfidenceRow {
        height: 1; width: 1fr; padding: 0 1;
        &:focus { background: $boost; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "hand_in(0)", show=False),
        Binding("2", "hand_in(1)", show=False),
        Binding("3", "hand_in(2)", show=False),
        Binding("left", "choose(-1)", show=False),
        Binding("right", "choose(1)", show=False),
        Binding("up", "app.focus_previous", show=False),
        Binding("down", "app.focus_next", show=False),
        Binding("enter", "hand_in_chosen", show=False),
    ]

    chosen: reactive[int | None] = reactive(None)
    """The answer under the cursor."""

    @dataclass
    class HandedIn(TextualMessage):
        """The guess is meant, and this sure."""

        row: ConfidenceRow
        confidence: Confidence

        @property
        def control(self) -> ConfidenceRow:
            """The row."""
            return self.row

    def render(self) -> Content:
        """Return the row."""
        parts: list[tuple[str, str] | str] = [(self._question, "bold")]
        answer_style = "$text-accent" if self.has_focus else "$text-muted"
        for position, text in enumerate(self._answers()):
            style = f"{answer_style} reverse" if position == self.chosen else answer_style
            parts += ["  ", (text, style)]
        return Content.assemble(*parts)

    @property
    def _question(self) -> str:
        if self.has_focus:
            return render(message("Press 1, 2 or 3:"))
        return render(message("Enter, then"))

    def _answers(self) -> list[str]:
        """Return the answers; their digits show once they mean something."""
        digits = ["1 ", "2 ", "3 "] if self.has_focus else ["· "] * len(CONFIDENCES)
        return [
            digit + render(words) for digit, (_, words) in zip(digits, CONFIDENCES, strict=True)
        ]

    def watch_has_focus(self, _has_focus: bool) -> None:
        """A choice half made is taken back on leaving."""
        if not self.has_focus:
            self.chosen = None

    def action_choose(self, by: int) -> None:
        """Move the cursor."""
        if self.chosen is None:
            self.chosen = 0 if by > 0 else len(CONFIDENCES) - 1
        else:
            self.chosen = (self.chosen + by) % len(CONFIDENCES)

    def action_hand_in(self, position: int) -> None:
        """Hand the guess in with this confidence."""
        self.post_message(self.HandedIn(self, CONFIDENCES[position][0]))

    def action_hand_in_chosen(self) -> None:
        """Hand in with the answer under the cursor, if one was chosen."""
        if self.chosen is not None:
            self.action_hand_in(self.chosen)

    def on_click(self, event: events.Click) -> None:
        """Hand in with the answer that was clicked."""
        left = cell_len(self._question)
        for position, text in enumerate(self._answers()):
            left += 2
            if left <= event.x - 1 < left + cell_len(text):
                self.action_hand_in(position)
            left += cell_len(text)
