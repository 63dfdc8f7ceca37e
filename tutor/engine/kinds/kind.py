"""What a step of one kind does, asks and shows.

A kind is one class on `Kind` in a module of its own; `tutor.engine.kinds` has them all. What
stands here with a body is what most kinds have in common. `step` is always the step of the run,
with the numbers of the variant that is shown.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar, Generic, TypeVar

from tutor.charts.chart import Chart
from tutor.engine.experiments import Result, run_experiment
from tutor.engine.kinds.questions import GoalView, Listing, Question, Said
from tutor.engine.lesson import events as ev
from tutor.engine.lesson.controls import Control
from tutor.engine.lesson.run import Advanced, LessonRun, StepState, with_state, with_values
from tutor.errors import TutorError
from tutor.i18n import Text, message
from tutor.lesson.grading import Verdict
from tutor.lesson.markdown import escaped
from tutor.lesson.model import ChartName, StepBase

S = TypeVar("S", bound=StepBase)


class Kind(ABC, Generic[S]):
    """The one place that knows what is special about steps of a kind."""

    is_prediction: ClassVar[bool] = False
    """Whether a class may hold back what answers it, and its charts hide that before."""
    stays_open: ClassVar[bool] = False
    """Whether there is always something left to do."""
    keeps_solution: ClassVar[bool] = False
    """Whether the solution stands beside the learner's own, and both may be looked at."""

    # --- what can be turned

    def controls(self, _step: S) -> tuple[Control, ...]:
        """Return what the learner can turn."""
        return ()

    def start_values(self, step: S, _seed: int) -> dict[str, float]:
        """Return the values that the controls start with."""
        return {control.name: control.start for control in self.controls(step)}

    def kept_values(self, step: S, saved: Mapping[str, object]) -> dict[str, float]:
        """Return those of the saved values that the controls can still take."""
        accepted = {}
        for control in self.controls(step):
            value = saved.get(control.name)
            if isinstance(value, int | float):
                try:
                    accepted[control.name] = control.accept(float(value))
                except TutorError:
                    continue
        return accepted

    def settings(self, _values: Mapping[str, float]) -> Mapping[str, float]:
        """Return those of the learner's values that the experiment runs with."""
        return {}

    def result(self, step: S, values: Mapping[str, float]) -> Result | None:
        """Return what the step's experiment gives; None without one."""
        if step.experiment is None:
            return None
        return run_experiment(step.experiment, self.settings(values))

    def may_turn(self, _state: StepState) -> bool:
        """Return whether the values may be changed now."""
        return True

    def turned(self, _step: S, values: Mapping[str, float], run: LessonRun) -> Advanced:
        """Return the run with other values."""
        if values == run.state.values:
            return with_state(run), ()
        return with_values(run, values, run.state.result), (ev.ResumeMoved(at_once=False),)

    # --- what is answered

    @abstractmethod
    def take(self, step: S, event: ev.Event, run: LessonRun) -> Advanced:
        """Return the run after an answer, or another event that only some kinds know."""

    @abstractmethod
    def event_of(self, answer: str, confidence: ev.Confidence) -> ev.Event | None:
        """Return the event that a kept answer was; None where it is none."""

    def answered_again(self, step: S, saved: Mapping[str, object], run: LessonRun) -> LessonRun:
        """Return the run with the saved answer judged anew by the lesson as it is now."""
        answer = saved.get("answer")
        if not isinstance(answer, str):
            return run
        confidence = ev.CONFIDENCES.get(str(saved.get("confidence")), "low")
        event = self.event_of(answer, confidence)
        return run if event is None else self.take(step, event, run)[0]

    def kept_program(self, _saved: object) -> str | None:
        """Return the learner's saved program, if there is one that can be taken."""
        return None

    def another(self, _run: LessonRun) -> int | None:
        """Return the number of the variant to open next; None where there can be none now."""
        return None

    @abstractmethod
    def missing(self, step: S, state: StepState) -> Text:
        """Return what is to be done before going on; how to go on without it, screens say."""

    # --- what is seen

    @abstractmethod
    def question(self, step: S, run: LessonRun) -> Question:
        """Return what is asked; None where there is only something to read."""

    def listing(self, _step: S, _state: StepState) -> Listing | None:
        """Return the program to read beside the question."""
        return None

    def worked(self, _step: S, _run: LessonRun) -> str:
        """Return the calculation as the learner sees it now, with its blanks."""
        return ""

    def said(self, step: S, run: LessonRun) -> Said | None:
        """Return what is said to the last answer."""
        state = run.state
        after = (step.explain or "") if state.outcome != "open" else ""
        if state.verdict is None:
            return Said(after=after) if after and state.outcome == "skipped" else None
        words = self.verdict_words(step, state)
        return Said(state.verdict.correct, words, state.verdict.feedback, after)

    def verdict_words(self, _step: S, state: StepState) -> Text:
        """Return whether the last answer was right; empty before there is one."""
        if state.verdict is None:
            return ""
        return message("Right.") if state.verdict.correct else message("Not yet.")

    def told(self, _step: S, _state: StepState, result: Result) -> tuple[Text, Text]:
        """Return the experiment's sentence and worked step, or nothing where they answer."""
        return result.sentence, result.update_line

    def chart(self, _step: S, _state: StepState, result: Result, name: ChartName) -> Chart:
        """Return a picture of the experiment, as it may be seen now."""
        return result.chart(name)

    def goal(self, _step: S, _state: StepState) -> GoalView | None:
        """Return what is to be brought about; None where nothing is."""
        return None

    # --- the solution

    def has_solution(self, step: S) -> bool:
        """Return whether there is anything to show."""
        return step.solution is not None

    def solution(self, step: S, names: Mapping[str, float]) -> Text:
        """Return the author's solution or what the core computes, and what is said after it.

        `names` are the quantities that a number's formula may use.
        """
        solution = message("**Solution:** {solution}", solution=self.right_answer(step, names))
        after = self.after_solution(step)
        if after is None:
            return solution
        return message("{solution}\n\n{after}", solution=solution, after=after)

    def right_answer(self, step: S, names: Mapping[str, float]) -> Text:
        """Return the solution alone."""
        return self.computed(step, names) if step.solution is None else step.solution

    def computed(self, _step: S, _names: Mapping[str, float]) -> Text:
        """Return the solution where the author wrote none."""
        return ""

    def after_solution(self, step: S) -> Text | None:
        """Return what the lesson says after a right answer: nobody should lose that."""
        return step.explain

    def solution_seen(self, _step: S, run: LessonRun) -> LessonRun:
        """Return the run with the solution put in place, where it can be."""
        return run

    # --- what the journal holds

    def in_markdown(self, _step: S, answer: str) -> str:
        """Return a kept answer as the learner saw it."""
        return escaped(answer)

    def judged(self, _step: S, _answer: str, _names: Mapping[str, float]) -> Verdict | None:
        """Return what was said to a kept answer, judged anew; None where that takes a run."""
        return None
