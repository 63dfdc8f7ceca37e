"""All that may be seen of a step, as one value: front ends print it, and decide nothing.

Panes, plain lines, the export, and what a class sees of a step are made of a `StepView`. What would
answer a question, or what a class holds back, is not in it before it may be seen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from tutor.charts.chart import Chart
from tutor.engine.another import next_variant
from tutor.engine.bugs import printed_lines, program_lines
from tutor.engine.controls import Control
from tutor.engine.descent.words import without_why
from tutor.engine.goals import goal_is_met, goal_progress, goal_sentence
from tutor.engine.lesson_run import (
    LessonRun,
    Outcome,
    StepState,
    controls_of,
    guess_of,
    names_of,
)
from tutor.engine.predictions import predicted_chart, revealed_words
from tutor.engine.questions import Question, missing, question_of
from tutor.engine.solutions import has_solution, solution_of
from tutor.engine.verdict_words import verdict_words
from tutor.engine.worked import worked_line
from tutor.i18n import Text, message
from tutor.lesson.model import (
    BugStep,
    ChartName,
    ChoiceStep,
    CodeStep,
    ExperimentStep,
    NetworkExperiment,
    PredictStep,
    Step,
    TextStep,
)


@dataclass(frozen=True, slots=True)
class Listing:
    """A program that is read, with what it prints."""

    lines: tuple[str, ...]
    focus: tuple[int, ...] = ()
    """The lines to look at, from 1."""
    printed: tuple[str, ...] = ()
    is_mended: bool = False
    as_asked: tuple[str, ...] = ()
    """With its fault, once it is mended."""


@dataclass(frozen=True, slots=True)
class Said:
    """What is said to an answer, or once there is nothing more to answer."""

    is_right: bool | None = None
    """None: there was no answer to judge."""
    words: Text = ""
    """Right or not and, of a guess, by how much it was off."""
    feedback: Text = ""
    after: str = ""
    """The author's explanation or, once a goal is reached, debrief."""


@dataclass(frozen=True, slots=True)
class GoalView:
    """What is to be brought about, and how far that is."""

    words: Text
    now: Text
    """Where the quantity stands; empty where that would give the answer away."""
    standing: Literal["open", "reached", "left"]
    """left: reached before, and turned away from since."""


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

    @property
    def step(self) -> Step:
        """The step, as its author wrote it."""
        return self.run.step

    @cached_property
    def state(self) -> StepState:
        """The state of the step, as it may be seen."""
        state = self.run.state
        is_answered = state.outcome != "open" or state.solution_shown
        return _veiled(state) if self.holds_back and is_answered else state

    @property
    def holds_back(self) -> bool:
        """Whether there is something that is held back."""
        return self.is_held and isinstance(self.step, PredictStep)

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
        return self.outcome != "open" and not isinstance(self.step, ExperimentStep)

    @property
    def is_revealed(self) -> bool:
        """Whether the step is a prediction whose truth is on the screen."""
        return isinstance(self.step, PredictStep) and self.outcome != "open"

    @property
    def is_hidden(self) -> bool:
        """Whether the step is a prediction that has not been made."""
        return isinstance(self.step, PredictStep) and self.outcome == "open"

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
        return isinstance(self.step, CodeStep) or (is_open and has_solution(self.step))

    @property
    def has_another(self) -> bool:
        """Whether the same can be asked with other numbers."""
        return next_variant(self._seen) is not None

    # What is read

    @cached_property
    def words(self) -> Words:
        """What is read."""
        step, state = self.step, self.state
        is_solved = state.solution_shown and state.outcome != "done"
        is_program = isinstance(step, CodeStep)  # its solution stands beside it
        return Words(
            title=step.title or "",
            body=step.body,
            listing=_listing(step, state),
            worked=worked_line(self._seen),
            notice=state.problem,
            may_skip=bool(state.problem) and state.problem == missing(step, state),
            said=None if is_solved and not is_program else self._said(),
            hints=() if state.outcome == "done" or is_solved else self.used_hints,
            solution=solution_of(step, names_of(state)) if is_solved and not is_program else "",
        )

    @property
    def used_hints(self) -> tuple[str, ...]:
        """All hints that were opened."""
        return tuple(" ".join(hint.split()) for hint in self.step.hints[: self.state.hints])

    @property
    def solution(self) -> Text:
        """The solution that was shown, whatever became of the step since; else nothing."""
        is_shown = self.state.solution_shown
        return solution_of(self.step, names_of(self.state)) if is_shown else ""

    def _said(self) -> Said | None:
        step, state = self.step, self.state
        if isinstance(step, ExperimentStep):
            is_reached = state.outcome == "done" and step.goal is not None and step.debrief
            return Said(after=step.debrief or "") if is_reached else None
        after = (step.explain or "") if state.outcome != "open" else ""
        if state.verdict is None:
            return Said(after=after) if after and state.outcome == "skipped" else None
        return Said(state.verdict.correct, verdict_words(self._seen), state.verdict.feedback, after)

    @cached_property
    def question(self) -> Question:
        """What is asked, and what was answered last."""
        return question_of(self.step, self.state, self._seen)

    # What an experiment shows

    @cached_property
    def told(self) -> tuple[Text, Text]:
        """What the experiment says now, a sentence and the worked step.

        Both are empty while they are hidden, where the lesson silences them, and where they would
        answer a choice. The step of a network is told beside the table of its weights alone: it
        names the entry that a question may be about.
        """
        step, result = self.step, self.state.result
        is_unanswered = isinstance(step, ChoiceStep) and self.outcome == "open"
        if result is None or self.is_hidden or is_unanswered or step.say == "none":
            return "", ""
        words = result.sentence, result.update_line
        if isinstance(step, PredictStep):
            words = revealed_words(step, result, self._guess)
        return _that_may_be_said(step, *words)

    @property
    def controls(self) -> tuple[tuple[Control, float], ...]:
        """What can be turned, each with its value."""
        return tuple((each, self.state.values[each.name]) for each in controls_of(self.step))

    def chart(self, name: ChartName) -> Chart | None:
        """Return a picture of the step as it may be seen now; None without an experiment."""
        step, result = self.step, self.state.result
        if result is None:
            return None
        if isinstance(step, PredictStep):
            return predicted_chart(step, result, name, self._guess, revealed=self.is_revealed)
        return result.chart(name)

    @property
    def charts(self) -> tuple[Chart, ...]:
        """All pictures of the step."""
        drawn = (self.chart(name) for name in self.step.charts)
        return tuple(chart for chart in drawn if chart is not None)

    @property
    def goal(self) -> GoalView | None:
        """What is to be brought about; None where nothing is."""
        step, result = self.step, self.state.result
        if not isinstance(step, ExperimentStep) or step.goal is None or result is None:
            return None
        standing: Literal["open", "reached", "left"] = "open"
        if self.outcome == "done":
            standing = "reached" if goal_is_met(step.goal, result) else "left"
        words = goal_sentence(step.goal, step.experiment)
        return GoalView(words, goal_progress(step.goal, result), standing)

    @property
    def _guess(self) -> tuple[float, ...] | None:
        if isinstance(self.step, PredictStep) and self.outcome != "skipped":
            return guess_of(self.step, self.state)
        return None

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


def _listing(step: Step, state: StepState) -> Listing | None:
    match step:
        case TextStep(code=str() as code):
            return Listing(tuple(code.splitlines()), step.focus)
        case BugStep():
            mended = state.outcome == "done" or state.solution_shown
            lines = program_lines(step, mended=mended)
            printed, asked = printed_lines(step, mended=mended), tuple(step.code.splitlines())
            return Listing(lines, (), printed, mended, asked)
        case _:
            return None
