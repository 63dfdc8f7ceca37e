"""The lesson screen: keys and clicks in, the next state of the run out to its panes."""

from __future__ import annotations

from typing import ClassVar, cast

from textual import events, on
from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import Input

from tutor.engine.kinds import kind_of
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
from tutor.i18n import message
from tutor.lesson.model import ChartName
from tutor.player.programs import stopped
from tutor.tui.commands import LESSON_COMMANDS, bindings
from tutor.tui.screens.lesson_base import LessonBase
from tutor.tui.widgets.chart_view import ChartView
from tutor.tui.widgets.choice_question import ChoiceQuestion
from tutor.tui.widgets.code_editor import CodeEditor
from tutor.tui.widgets.code_pane import CodePane
from tutor.tui.widgets.confidence_row import ConfidenceRow
from tutor.tui.widgets.line_question import LineQuestion
from tutor.tui.widgets.number_question import NumberQuestion
from tutor.tui.widgets.order_question import OrderQuestion
from tutor.tui.widgets.parameter_control import ParameterControl
from tutor.tui.widgets.step_bar import StepBar

_FIELD_KEYS = frozenset({"left", "right", "up", "down", "shift+left", "shift+right",
                         "shift+up", "shift+down"})  # fmt: skip
_FIELD_CHARACTERS = frozenset("0123456789.-−+<>")


class LessonScreen(LessonBase):
    """One lesson, step by step: keys, clicks and what is typed become events of its run."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(LESSON_COMMANDS)

    @property
    def _asked(self) -> Question:
        """What the step asks, as the learner has left it."""
        return self._player.view_of(self._player.run).question

    def _answer(self, control: Widget, event: ev.Event) -> None:
        """Take what a control says, unless its step has left the screen meanwhile."""
        if control.is_attached:
            self.take(event)

    @on(ParameterControl.Changed)
    def set_parameter(self, changed: ParameterControl.Changed) -> None:
        """A parameter was given a value."""
        self._answer(changed.control, ev.ParameterChanged(changed.name, changed.value))

    @on(ParameterControl.Turned)
    def turn_parameter(self, turned: ParameterControl.Turned) -> None:
        """A parameter was turned by key or wheel."""
        self._answer(turned.control, ev.ParameterTurned(turned.name, turned.ticks))

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
        self._answer(moved.control, ev.ItemMoved(moved.item, moved.by))

    @on(OrderQuestion.Settled)
    def settle_order(self) -> None:
        """Enter on rows: they are meant as they stand, or how sure is asked."""
        asked = self._asked
        if isinstance(asked, Arrangement):
            self.take(ev.ArrangementAnswered(tuple(number for number, _ in asked.items)))
        else:
            self.settle_parameter()

    @on(ParameterControl.Settled)
    def settle_parameter(self) -> None:
        """Enter on a parameter: on to how sure, or on to the next step."""
        rows = self.query(ConfidenceRow)
        if rows:
            rows.first().focus()
        else:
            self.action_next_step()

    @on(ConfidenceRow.HandedIn)
    def hand_in_guess(self, row: ConfidenceRow.HandedIn) -> None:
        """The guess is meant."""
        self._answer(row.control, ev.Predicted(row.confidence))

    @on(ChoiceQuestion.Taken)
    def take_choice(self, taken: ChoiceQuestion.Taken) -> None:
        """A choice was taken."""
        asked = self._asked
        if isinstance(asked, Choices):
            self._answer(taken.control, ev.ChoiceAnswered(asked.positions[taken.place]))
        elif isinstance(asked, Selection):
            self._answer(taken.control, ev.ChoiceToggled(asked.positions[taken.place]))

    @on(ChoiceQuestion.HandedIn)
    def hand_in_selection(self) -> None:
        """All that is marked is meant."""
        asked = self._asked
        if isinstance(asked, Selection):
            marked = sorted(asked.positions[place] for place in asked.marked)
            self.take(ev.SelectionAnswered(tuple(marked)))

    @on(NumberQuestion.Entered)
    def take_number(self, typed: NumberQuestion.Entered) -> None:
        """A number was typed."""
        self._answer(typed.control, ev.NumberAnswered(typed.entered))

    @on(LineQuestion.Taken)
    def take_line(self, taken: LineQuestion.Taken) -> None:
        """A line of the program was taken."""
        self._answer(taken.control, ev.LinePicked(taken.line))

    @on(CodePane.Changed)
    def take_code(self, changed: CodePane.Changed) -> None:
        """The program was changed."""
        if changed.step == self._player.run.step.id:
            self._answer(changed.control, ev.CodeChanged(changed.source))

    def action_run_program(self) -> None:
        """Run the program of the step."""
        if isinstance(self._asked, Program):
            self.take(ev.CodeSubmitted(self.code.source))

    @on(ChartView.Picked)
    def pick_on_chart(self, place: ChartView.Picked) -> None:
        """A place of a chart was clicked: the parameters that it stands for follow."""
        step, name = self._player.run.step, cast(ChartName, place.view.name)
        values = picked_values(step, kind_of(step).controls(step), name, place.x, place.y)
        for parameter, value in values.items():
            self._answer(place.control, ev.ParameterChanged(parameter, value))

    @on(StepBar.StepPicked)
    def open_picked_step(self, mark: StepBar.StepPicked) -> None:
        """A mark of the bar was clicked: open its step, if it was open before."""
        run = self._player.run
        step = run.lesson.steps[mark.index]
        if step.id in run.states:
            self.take(ev.StepOpened(step.id))

    @on(ChoiceQuestion.Undecided)
    @on(LineQuestion.Undecided)
    def say_what_is_missing(self) -> None:
        """Enter with nothing under the cursor."""
        self.take(ev.NextAsked())

    def action_next_step(self) -> None:
        """Go on."""
        self.take(ev.NextAsked())

    def action_previous_step(self) -> None:
        """Go back."""
        self.take(ev.BackAsked())

    def action_another_problem(self) -> None:
        """Open another problem of this kind."""
        self.take(ev.AnotherAsked())

    def action_show_hint(self) -> None:
        """Open the next hint."""
        self.take(ev.HintAsked())

    def action_show_solution(self) -> None:
        """Open the solution; a program's, once it is open, is hidden and shown by the same key."""
        asked = self._asked
        if isinstance(asked, Program) and asked.solution_shown:
            self.code.toggle_solution()
            return
        self.take(ev.SolutionAsked())

    def action_skip_step(self) -> None:
        """Go on without an answer."""
        self.take(ev.StepSkipped())

    def action_reset_parameters(self) -> None:
        """Put the parameters back, or the starter of a program."""
        if isinstance(self._asked, Program):
            self.code.back_to_starter()
            return
        self.take(ev.ParametersReset())

    def action_undo_change(self) -> None:
        """Take the last change back."""
        if isinstance(self._asked, Program):
            self.code.undo()
            return
        self.take(ev.ChangeUndone())

    def action_next_preset(self) -> None:
        """Try the next preset."""
        asked = self._asked
        if isinstance(asked, Settings) and asked.presets:
            self._preset = (self._preset + 1) % len(asked.presets)
            self.take(ev.PresetChosen(self._preset))

    def action_leave_field(self) -> None:
        """Leave the text field, so that the letters are commands; from the confidence, go back."""
        if isinstance(self.focused, ConfidenceRow):
            self.set_focus(self.picture.first_field())
        elif self._player.run.state.running:
            self.take(ev.CodeRunEnded(self._player.run.step.id, stopped()))
        elif isinstance(self.focused, Input | CodeEditor):
            self.set_focus(None)

    def prepare_for_key(self, key: events.Key) -> None:
        """Let a digit or an arrow that no field has go to the field of the step."""
        if self.focused is not None or self.view.outcome == "done":
            return
        if key.key in _FIELD_KEYS or self._takes_character(key):
            self._focus_step()

    def _takes_character(self, event: events.Key) -> bool:
        """Whether the step's field is one for numbers, and this is a part of one."""
        return not isinstance(self._asked, Program) and event.character in _FIELD_CHARACTERS

    def action_open_map(self) -> None:
        """Back to the map."""
        self.dismiss(None)
