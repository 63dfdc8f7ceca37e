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
        & > .option-list--option-highlighted {
            background: $panel; color: $foreground; text-style: bold underline;
        }
    }
    """

    taken: reactive[tuple[int, bool] | None] = reactive(None, init=False)
    """Which choice was taken last, by its place on the screen, and whether it was right."""

    compact: reactive[bool] = reactive(False, init=False)
    """Whether room is short."""

    @dataclass
    class Taken(Message):
        """A choice was taken, by its place on the screen."""

        question: ChoiceQuestion
        place: int

        @property
        def control(self) -> ChoiceQuestion:
            """The question."""
            return self.question

    class Undecided(Message):
        """Enter was pressed with no choice under the cursor."""

    def __init__(self, texts: Sequence[Content], taken: tuple[int, bool] | None) -> None:
        super().__init__(markup=False)
        self._texts = list(texts)
        self._places: list[int] = []
        self.set_reactive(ChoiceQuestion.taken, taken)

    def _prompt(self, place: int) -> Content:
        mark, style = " ", "$text-accent"
        if self.taken is not None and self.taken[0] == place:
            mark, style = (
                ("✓", "$text-success bold") if self.taken[1] else ("✗", "$text-error bold")
            )
        return Content.assemble((f"{mark} {place + 1}  ", style), self._texts[place])

    def on_mount(self) -> None:
        """Show the choices, with nothing highlighted."""
        self._show_choices()

    def watch_taken(self) -> None:
        """Mark the choice that was taken."""
        self._show_choices()

    def watch_compact(self) -> None:
        """Make room, or use it again."""
        self._show_choices()

    def _show_choices(self) -> None:
        """Fill the list; where room is short, a right answer stands alone."""
        self._places = list(range(len(self._texts)))
        if self.compact and self.taken is not None and self.taken[1]:
            self._places = [self.taken[0]]
        self.set_options(Option(self._prompt(place)) for place in self._places)
        self.highlighted = None

    def action_select(self) -> None:
        """Take the highlighted choice; without one, say so."""
        if self.highlighted is None:
            self.post_message(self.Undecided())
        else:
            super().action_select()

    def on_key(self, event: events.Key) -> None:
        """Take a choice by its number."""
        if event.character and event.character.isdecimal():
            place = int(event.character) - 1
            if place in self._places:
                event.stop()
                self.post_message(self.Taken(self, place))

    @on(OptionList.OptionSelected)
    def take_selected(self, event: OptionList.OptionSelected) -> None:
        """Take the highlighted choice."""
        event.stop()
        self.post_message(self.Taken(self, self._places[event.option_index]))
