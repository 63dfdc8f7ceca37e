"""A step on the screen: its words, its picture, its program, and what a learner does with them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TypeAlias, cast

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.events import Key
from textual.getters import query_one
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tutor.engine.kinds.picking import picked_values
from tutor.engine.kinds.questions import (
    Arrangement,
    Choices,
    Program,
    Question,
    Selection,
    Settings,
)
from tutor.engine.lesson import events as ev
from tutor.engine.lesson.view import StepView
from tutor.i18n import message
from tutor.lesson.model import ChartName
from tutor.tui.widgets.chart_view import ChartView
from tutor.tui.widgets.choice_question import ChoiceQuestion
from tutor.tui.widgets.code_pane import CodePane
from tutor.tui.widgets.confidence_row import ConfidenceRow
from tutor.tui.widgets.line_question import LineQuestion
from tutor.tui.widgets.number_question import NumberQuestion
from tutor.tui.widgets.order_question import OrderQuestion
from tutor.tui.widgets.parameter_control import ParameterControl
from tutor.tui.widgets.picture_pane import PicturePane
from tutor.tui.widgets.words_pane import WordsPane

_WITH_CONTROLS = ("experiment", "predict")
_WITH_PROGRAMS = ("code",)
"""The kinds of steps in which something is turned, and in which a program is written."""
_FIELD_KEYS = frozenset({"left", "right", "up", "down", "shift+left", "shift+right",
                         "shift+up", "shift+down"})  # fmt: skip
_FIELD_CHARACTERS = frozenset("0123456789.-−+<>")
Asked: TypeAlias = ev.Event | Callable[[Question], ev.Event | None]
"""What a learner asks for: an event, or what becomes one of what the step asks by then."""


class LessonStage(Container):
    """Shows a `StepView` in three panes; what is clicked, turned and typed there becomes events.

    What is handed in as it stands becomes one in its turn: what was marked just before may not be
    on the screen yet.
    """

    unwritten: reactive[bool] = reactive(False, init=False)
    """Whether what was answered here is not written yet."""
    compact: reactive[bool] = reactive(False, init=False)
    """Whether there is but one column."""

    words = query_one(WordsPane)
    picture = query_one(PicturePane)
    code = query_one(CodePane)

    @dataclass
    class Happened(Message):
        """A learner did something, by a control of this step."""

        by: Widget
        asked: Asked
        step: str

    def __init__(self, view: StepView, has_used: Callable[[Collection[str]], bool]) -> None:
        """`has_used` tells whether the learner knows such kinds of steps."""
        super().__init__(id="stage")
        self._view = view
        self._has_used = has_used
        self._preset = -1

    def compose(self) -> ComposeResult:
        """Lay out the three panes."""
        picture, code = PicturePane(self._view), CodePane(self._view)
        self._say_keys(picture, code)
        yield WordsPane(self._view)
        yield picture
        yield code

    def _say_keys(self, picture: PicturePane, code: CodePane) -> None:
        picture.says_keys = not self._has_used(_WITH_CONTROLS)
        code.says_keys = not self._has_used(_WITH_PROGRAMS)

    async def show(self, view: StepView) -> None:
        """Show another step, or what is new of the same; done when it is laid out."""
        old, self._view = self._view, view
        if old.step.id != view.step.id:
            self._preset = -1
            self._say_keys(self.picture, self.code)
        await self.words.show(view)
        await self.picture.show(view)
        await self.code.show(view)

    def watch_unwritten(self, unwritten: bool) -> None:
        """Mark the answer, or take the mark away."""
        self.words.unwritten = self.picture.unwritten = unwritten

    def watch_compact(self, compact: bool) -> None:
        """Make room, or use it again."""
        self.words.compact = self.code.compact = compact

    def to_top(self) -> None:
        """Show where the step begins."""
        self.scroll_home(animate=False)
        self.words.scroll_home(animate=False)

    def first_field(self) -> Widget | None:
        """Return what to focus: a control, the question, the program; None where there is none."""
        fields = (pane.first_field() for pane in (self.picture, self.words, self.code))
        return next((field for field in fields if field is not None), None)

    def wants(self, key: Key, focused: Widget | None) -> bool:
        """Whether a key is meant for the field of the step: one that no field has.

        Enter and a number are also where a surface in space has the focus; its arrows turn it.
        """
        is_program = isinstance(self._view.question, Program)
        is_meant = key.key in _FIELD_KEYS or (not is_program and key.character in _FIELD_CHARACTERS)
        if isinstance(focused, ChartView):
            return key.key == "enter" or (is_meant and key.is_printable)
        return focused is None and is_meant

    def _tell(self, control: Widget, asked: Asked) -> None:
        """Tell the screen: in its own queue, so that what is handed in next comes after it."""
        self.screen.post_message(self.Happened(control, asked, self._view.step.id))

    @on(ParameterControl.Changed)
    def set_parameter(self, changed: ParameterControl.Changed) -> None:
        """A parameter was given a value."""
        self._tell(changed.control, ev.ParameterChanged(changed.name, changed.value))

    @on(ParameterControl.Turned)
    def turn_parameter(self, turned: ParameterControl.Turned) -> None:
        """A parameter was turned by key or wheel."""
        self._tell(turned.control, ev.ParameterTurned(turned.name, turned.ticks))

    @on(ParameterControl.Puzzled)
    def say_keys(self) -> None:
        """A key was pressed that means nothing: say which do."""
        self.words.aside = message(
            "That key does nothing here. ← and → turn, with Shift (or < and >) by ten; or type a "
            "number, then Enter."
        )

    @on(OrderQuestion.Moved)
    def move_item(self, moved: OrderQuestion.Moved) -> None:
        """An item of an ordering was moved."""
        self._tell(moved.control, ev.ItemMoved(moved.item, moved.by))

    @on(OrderQuestion.Settled)
    def settle_order(self) -> None:
        """Enter on rows: they are meant as they stand, or how sure is asked."""
        if isinstance(self._view.question, Arrangement):
            self._tell(self, _arranged)
        else:
            self.settle()

    @on(ParameterControl.Settled)
    def settle(self) -> None:
        """Enter on what was turned or moved: on to how sure, or on to the next step."""
        rows = self.query(ConfidenceRow)
        if rows:
            rows.first().focus()
        else:
            self._tell(self, ev.NextAsked())

    @on(ConfidenceRow.HandedIn)
    def hand_in_guess(self, row: ConfidenceRow.HandedIn) -> None:
        """The guess is meant."""
        self._tell(row.control, ev.Predicted(row.confidence))

    @on(ChoiceQuestion.Taken)
    def take_choice(self, taken: ChoiceQuestion.Taken) -> None:
        """A choice was taken, or marked where several may apply."""
        asked = self._view.question
        if isinstance(asked, Choices):
            self._tell(taken.control, ev.ChoiceAnswered(asked.positions[taken.place]))
        elif isinstance(asked, Selection):
            self._tell(taken.control, ev.ChoiceToggled(asked.positions[taken.place]))

    @on(ChoiceQuestion.HandedIn)
    def hand_in_selection(self) -> None:
        """All that is marked is meant."""
        self._tell(self, _marked)

    @on(NumberQuestion.Entered)
    def take_number(self, typed: NumberQuestion.Entered) -> None:
        """A number was typed."""
        self._tell(typed.control, ev.NumberAnswered(typed.entered))

    @on(LineQuestion.Taken)
    def take_line(self, taken: LineQuestion.Taken) -> None:
        """A line of the program was taken."""
        self._tell(taken.control, ev.LinePicked(taken.line))

    @on(ChoiceQuestion.Undecided)
    @on(LineQuestion.Undecided)
    def say_what_is_missing(self) -> None:
        """Enter with nothing under the cursor."""
        self._tell(self, ev.NextAsked())

    @on(CodePane.Changed)
    def take_code(self, changed: CodePane.Changed) -> None:
        """The program was changed."""
        if changed.step == self._view.step.id:
            self._tell(changed.control, ev.CodeChanged(changed.source))

    @on(ChartView.Picked)
    def pick_on_chart(self, place: ChartView.Picked) -> None:
        """A place of a chart was clicked: the parameters that it stands for follow."""
        step, name = self._view.step, cast(ChartName, place.view.name)
        controls = [spec for spec, _ in self._view.controls]
        for parameter, value in picked_values(
            step, tuple(controls), name, place.x, place.y
        ).items():
            self._tell(place.control, ev.ParameterChanged(parameter, value))

    # What keys ask of it

    def solution(self, asked: Question) -> ev.Event | None:
        """Open the solution; a program's, once it is open, is hidden and shown by the same key."""
        if isinstance(asked, Program) and asked.solution_shown:
            self.code.toggle_solution()
            return None
        return ev.SolutionAsked()

    def run_program(self, asked: Question) -> ev.Event | None:
        """Run the program of the step."""
        return ev.CodeSubmitted(self.code.source) if isinstance(asked, Program) else None

    def reset(self, asked: Question) -> ev.Event | None:
        """Put the parameters back, or the starter of a program."""
        if isinstance(asked, Program):
            self.code.back_to_starter()
            return None
        return ev.ParametersReset()

    def undo(self, asked: Question) -> ev.Event | None:
        """Take the last change back."""
        if isinstance(asked, Program):
            self.code.undo()
            return None
        return ev.ChangeUndone()

    def next_preset(self, asked: Question) -> ev.Event | None:
        """Try the next preset."""
        if not isinstance(asked, Settings) or not asked.presets:
            return None
        self._preset = (self._preset + 1) % len(asked.presets)
        return ev.PresetChosen(self._preset)

    def turn_view(self, _asked: Question) -> None:
        """Show the heights as a surface in space, which keys turn, or as a map again."""
        view = next((view for view in self.query(ChartView) if view.shows_heights), None)
        if view is not None:
            view.wants_space = not view.is_in_space
            self.screen.set_focus(view if view.is_in_space else self.first_field())


def _arranged(asked: Question) -> ev.Event | None:
    if not isinstance(asked, Arrangement):
        return None
    return ev.ArrangementAnswered(tuple(number for number, _ in asked.items))


def _marked(asked: Question) -> ev.Event | None:
    if not isinstance(asked, Selection):
        return None
    return ev.SelectionAnswered(tuple(sorted(asked.positions[place] for place in asked.marked)))
