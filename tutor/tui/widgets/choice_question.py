"""The choices of a question, each with its number; the one taken carries a mark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tutor.engine.kinds.questions import Selection


class ChoiceQuestion(OptionList):
    """Choices to take by number, by arrows and Enter, or by mouse.

    No choice is highlighted at first, so that Enter alone answers nothing. Where several may apply,
    number, Space and mouse mark, and Enter hands in.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "enter", show=False),
        Binding("space", "mark", show=False),
    ]

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

    selection: reactive[Selection | None] = reactive(None, init=False)
    """What is marked, where several may apply."""

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

    class HandedIn(Message):
        """Enter: what is marked is meant."""

    class Undecided(Message):
        """Enter was pressed with no choice under the cursor."""

    def __init__(
        self,
        texts: Sequence[Content],
        taken: tuple[int, bool] | None = None,
        selection: Selection | None = None,
    ) -> None:
        super().__init__(markup=False)
        self.set_reactive(ChoiceQuestion.selection, selection)
        self._texts = list(texts)
        self._places: list[int] = []
        self.set_reactive(ChoiceQuestion.taken, taken)

    def _prompt(self, place: int) -> Content:
        mark, style = " ", "$text-accent"
        if (right := self._judged().get(place)) is not None:
            mark, style = ("✓", "$text-success bold") if right else ("✗", "$text-error bold")
        box = ""
        if self.selection is not None:
            box = "[x] " if place in self.selection.marked else "[ ] "
        return Content.assemble((f"{mark} {place + 1}  {box}", style), self._texts[place])

    def _judged(self) -> Mapping[int, bool]:
        if self.selection is not None:
            return dict(self.selection.judged)
        return {} if self.taken is None else dict([self.taken])

    def on_mount(self) -> None:
        """Show the choices, with nothing highlighted."""
        self._show_choices()

    def watch_taken(self) -> None:
        """Mark the choice that was taken."""
        self._show_choices()

    def watch_selection(self) -> None:
        """Mark the choices that are marked; the cursor stays."""
        highlighted = self.highlighted
        self._show_choices()
        self.highlighted = highlighted

    def watch_compact(self) -> None:
        """Make room, or use it again."""
        self._show_choices()

    def _show_choices(self) -> None:
        """Fill the list; where room is short, a right answer stands alone."""
        self._places = list(range(len(self._texts)))
        if self.compact and self.taken is not None and self.taken[1]:
            self._places = [self.taken[0]]
        if self.compact and self.selection is not None and not self.selection.is_open:
            self._places = [place for place, right in self.selection.judged if right]
        self.set_options(Option(self._prompt(place)) for place in self._places)
        self.highlighted = None

    def action_mark(self) -> None:
        """Mark the highlighted choice, where several may apply."""
        if self.selection is not None:
            self.action_select()

    def action_enter(self) -> None:
        """Take the highlighted choice, or hand in what is marked."""
        if self.selection is None:
            self.action_select()
        else:
            self.post_message(self.HandedIn())

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
