"""All that may be seen of a step, as one value: front ends print it, and decide nothing.

Panes, plain lines, the export, and what a class sees of a step are made of a `StepView`. What would
answer a question, or what a class holds back, is not in it before it may be seen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from tutor.charts.chart import Chart
from tutor.engine.descent.words import without_why
from tutor.engine.kinds import kind_of
from tutor.engine.kinds.kind import Kind
from tutor.engine.kinds.questions import GoalView, Listing, Question, Said
from tutor.engine.lesson.controls import Control
from tutor.engine.lesson.run import LessonRun, Outcome, StepState, names_of
from tutor.i18n import Text, message
from tutor.lesson.model import ChartName, NetworkExperiment, Step


@dataclass(frozen=True, slots=True)
class Words:
    """What is read of a step."""

    title: str
    body: str
    listing: Listing | None
    worked: str
    """The calculation, with its blanks."""
    notice: Text
    """Why the last event could not be taken, and the mend."""
    may_skip: bool
    """Whether the notice says what is missing, where the learner may as well go on without."""
    said: Said | None
    hints: tuple[str, ...]
    """Those opened so far, as long as there is something to find."""
    solution: Text


@dataclass(frozen=True)
class StepView:
    """What may be seen of the step that a run is on; each part is computed when it is asked for."""

    run: LessonRun
    is_held: bool = False
    """Whether a class waits: what answers a prediction is held back, though it is made."""

    @cached_property
    def step(self) -> Step:
        """The step, as its author wrote it."""
        return self.run.step

    @cached_property
    def kind(self) -> Kind[Any]:
        """What knows how a step of this kind behaves."""
        return kind_of(self.step)

    @cached_property
    def state(self) -> StepState:
        """The state of the step, as it may be seen."""
        state = self.run.state
        is_answered = state.outcome != "open" or state.solution_shown
        return _veiled(state) if self.holds_back and is_answered else state

    @property
    def holds_back(self) -> bool:
        """Whether there is something that is held back."""
        return self.is_held and self.kind.is_prediction

    @property
    def problem_id(self) -> tuple[str, int]:
        """What is asked: the step, and which of its problems."""
        return self.step.id, self.state.variant

    @property
    def has_picture(self) -> bool:
        """Whether the step has an experiment to show."""
        return self.state.result is not None

    @property
    def outcome(self) -> Outcome:
        """How the step ended, as far as it may be seen."""
        return self.state.outcome

    @property
    def is_answered(self) -> bool:
        """Whether nothing is left to do here: parameters may always be turned."""
        return self.outcome != "open" and not self.kind.stays_open

    @property
    def is_revealed(self) -> bool:
        """Whether the step is a prediction whose truth is on the screen."""
        return self.kind.is_prediction and self.outcome != "open"

    @property
    def is_hidden(self) -> bool:
        """Whether the step is a prediction that has not been made."""
        return self.kind.is_prediction and self.outcome == "open"

    # What can be done

    @property
    def may_continue(self) -> bool:
        """Whether the learner may go on."""
        return self._seen.may_continue

    @property
    def has_hint(self) -> bool:
        """Whether there is another hint."""
        return self.outcome != "done" and self.state.hints < len(self.step.hints)

    @property
    def has_solution(self) -> bool:
        """Whether there is a solution to show."""
        is_open = self.outcome != "done" and not self.state.solution_shown
        return self.kind.keeps_solution or (is_open and self.kind.has_solution(self.step))

    @property
    def has_another(self) -> bool:
        """Whether the same can be asked with other numbers."""
        return self.kind.another(self._seen) is not None

    # What is read

    @cached_property
    def words(self) -> Words:
        """What is read."""
        step, state, kind = self.step, self.state, self.kind
        is_solved = state.solution_shown and state.outcome != "done"
        is_over = is_solved and not kind.keeps_solution
        return Words(
            title=step.title or "",
            body=step.body,
            listing=kind.listing(step, state),
            worked=kind.worked(step, self._seen),
            notice=state.problem,
            may_skip=bool(state.problem) and state.problem == kind.missing(step, state),
            said=None if is_over else kind.said(step, self._seen),
            hints=() if state.outcome == "done" or is_solved else self.used_hints,
            solution=kind.solution(step, names_of(state)) if is_over else "",
        )

    @property
    def used_hints(self) -> tuple[str, ...]:
        """All hints that were opened."""
        return tuple(" ".join(hint.split()) for hint in self.step.hints[: self.state.hints])

    @property
    def solution(self) -> Text:
        """The solution that was shown, whatever became of the step since; else nothing."""
        is_shown = self.state.solution_shown
        return self.kind.solution(self.step, names_of(self.state)) if is_shown else ""

    @cached_property
    def question(self) -> Question:
        """What is asked, and what was answered last."""
        return self.kind.question(self.step, self._seen)

    # What an experiment shows

    @cached_property
    def told(self) -> tuple[Text, Text]:
        """What the experiment says now, a sentence and the worked step.

        Both are empty while they are hidden, where the lesson silences them, and where they would
        answer a choice. The step of a network is told beside the table of its weights alone: it
        names the entry that a question may be about.
        """
        step, result = self.step, self.state.result
        if result is None or step.say == "none":
            return "", ""
        return _that_may_be_said(step, *self.kind.told(step, self.state, result))

    @property
    def controls(self) -> tuple[tuple[Control, float], ...]:
        """What can be turned, each with its value."""
        return tuple((each, self.state.values[each.name]) for each in self.kind.controls(self.step))

    def chart(self, name: ChartName) -> Chart | None:
        """Return a picture of the step as it may be seen now; None without an experiment."""
        result = self.state.result
        return None if result is None else self.kind.chart(self.step, self.state, result, name)

    @property
    def charts(self) -> tuple[Chart, ...]:
        """All pictures of the step."""
        drawn = (self.chart(name) for name in self.step.charts)
        return tuple(chart for chart in drawn if chart is not None)

    @property
    def goal(self) -> GoalView | None:
        """What is to be brought about; None where nothing is."""
        return self.kind.goal(self.step, self.state)

    @cached_property
    def _seen(self) -> LessonRun:
        """The run with the state that may be seen."""
        if self.state is self.run.state:
            return self.run
        return replace(self.run, states={**self.run.states, self.step.id: self.state})


def _veiled(state: StepState) -> StepState:
    """Return the state as if the prediction had not been judged; the guess stands as it was."""
    words = (
        message("Your guess is in. The instructor opens the answer; you may go on meanwhile.")
        if state.answer is not None
        else message("The instructor opens the answer.")
    )
    return replace(state, outcome="open", verdict=None, solution_shown=False, problem=words)


def _that_may_be_said(step: Step, sentence: Text, update: Text) -> tuple[Text, Text]:
    """Return the words without the parts that the lesson silences."""
    if not step.says("why"):
        sentence = without_why(sentence)
    is_of_entry = isinstance(step.experiment, NetworkExperiment)
    has_update = step.says("update") and not (is_of_entry and "weight-gradient" not in step.charts)
    return sentence if step.says("sentence") else "", update if has_update else ""
