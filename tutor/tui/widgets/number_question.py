"""A field for a number, with its unit and, under it, why an entry cannot be read."""

from __future__ import annotations

from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.getters import query_one
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Input, Label

from tutor.i18n import Text, message, render


class NumberQuestion(Vertical):
    """A row `Your answer  [0.2      ]  unit`; under it the problem of the last entry, if any."""

    DEFAULT_CSS = """
    NumberQuestion {
        height: auto; width: 1fr; padding: 0 1;
        & > Horizontal { height: auto; }
        & Label { width: auto; margin-right: 1; }
        & Input { width: 26; margin-right: 1; background: $boost; }
        & > #problem { color: $text-error; width: 1fr; }
        & > #problem.-empty { display: none; }
    }
    """

    problem: reactive[Text] = reactive("", init=False)
    """Why the last entry was not read, and the mend."""
    entered: reactive[str] = reactive("", init=False)
    """What was handed in last; empty where something else is asked for now."""
    input = query_one(Input)
    problem_label = query_one("#problem", Label)

    @dataclass
    class Entered(Message):
        """Something was typed and meant."""

        question: NumberQuestion
        entered: str

        @property
        def control(self) -> NumberQuestion:
            """The question."""
            return self.question

    def __init__(self, entered: str, unit: str, problem: Text) -> None:
        super().__init__()
        self._unit = unit
        self.set_reactive(NumberQuestion.entered, entered)
        self.set_reactive(NumberQuestion.problem, problem)

    def compose(self) -> ComposeResult:
        """Lay the row and the problem out."""
        with Horizontal():
            yield Label(render(message("Your answer")), markup=False)
            yield Input(
                self.entered,
                placeholder=render(message("a number, then Enter")),
                compact=True,
                select_on_focus=False,
            )
            yield Label(self._unit, id="unit", markup=False)
        classes = "" if self.problem else "-empty"
        yield Label(render(self.problem), id="problem", classes=classes, markup=False)

    def watch_problem(self, problem: Text) -> None:
        """Say under the field what is wrong with the entry."""
        self.problem_label.set_class(not problem, "-empty")
        self.problem_label.update(render(problem))

    def watch_entered(self, entered: str) -> None:
        """Show it: a field is empty again once something else is asked for."""
        self.input.value = entered

    @on(Input.Submitted)
    def hand_in(self, event: Input.Submitted) -> None:
        """Hand in what was typed, unless it is nothing."""
        event.stop()
        if event.value.strip():
            self.set_reactive(NumberQuestion.entered, event.value)
            self.post_message(self.Entered(self, event.value))
