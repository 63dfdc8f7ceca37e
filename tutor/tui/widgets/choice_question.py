"""The choices of a question, each with its number; the one taken carries a mark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events, on
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import OptionList
from textual.widgets.option_list import Option


class ChoiceQuestion(OptionList):
    """Choices to take by number, by arrows and Enter, or by mouse.

    No choice is highlighted at first, so that Enter alone answers nothing.
    """

    DEFAULT_CSS = """
    ChoiceQuestion {
        height: auto; max-height: 100%; width: 1fr;
        border: none; padding: 0; background: transparent;
        &:focus { border: none; background: transparent; }
        & > .option-list--option { padding: 0 1; }
    }
    """

    taken: reactive[tuple[int, bool] | None] = reactive(None, init=False)
    """Which choice was taken last, by its place on the screen, and whether it was right."""

    @dataclass
    class Taken(Message):
        """A choice was taken, by its place on the screen."""

        question: ChoiceQuestion
        place: int

        @property
        def control(self) -> ChoiceQuestion:
            """The question."""
            return self.question

    def __init__(self, texts: Sequence[Content], taken: tuple[int, bool] | None) -> None:
        self._texts = list(texts)
        self.set_reactive(ChoiceQuestion.taken, taken)
        super().__init__(*self._numbered())

    def _numbered(self) -> list[Option]:
        return [Option(self._prompt(place)) for place in range(len(self._texts))]

    def _prompt(self, place: int) -> Content:
        mark, style = " ", "$text-accent"
        if self.taken is not None and self.taken[0] == place:
            mark, style = (
                ("✓", "$text-success bold") if self.taken[1] else ("✗", "$text-error bold")
            )
        return Content.assemble((f"{mark} {place + 1}  ", style), self._texts[place])

    def watch_taken(self) -> None:
        """Mark the choice that was taken."""
        for place in range(len(self._texts)):
            self.replace_option_prompt_at_index(place, self._prompt(place))

    def on_mount(self) -> None:
        """Highlight nothing."""
        self.highlighted = None

    def on_focus(self) -> None:
        """Keep nothing highlighted until an arrow key asks for it."""
        if self.taken is None:
            self.highlighted = None

    def on_key(self, event: events.Key) -> None:
        """Take a choice by its number."""
        if event.character and event.character.isdecimal():
            place = int(event.character) - 1
            if 0 <= place < len(self._texts):
                event.stop()
                self.highlighted = place
                self.post_message(self.Taken(self, place))

    @on(OptionList.OptionSelected)
    def take_selected(self, event: OptionList.OptionSelected) -> None:
        """Take the highlighted choice."""
        event.stop()
        self.post_message(self.Taken(self, event.option_index))
