"""Parameters to turn, with a chart that follows, and mostly a goal."""

from __future__ import annotations

from collections.abc import Mapping

from tutor.engine.experiment import Result
from tutor.engine.kinds.goals import goal_is_met, goal_progress, goal_sentence
from tutor.engine.kinds.kind import Kind
from tutor.engine.kinds.questions import GoalView, Said, Settings
from tutor.engine.lesson import events as ev
from tutor.engine.lesson.controls import Control, control_of
from tutor.engine.lesson.run import Advanced, LessonRun, StepState, with_state, with_values
from tutor.engine.numbers import show
from tutor.i18n import Text, message
from tutor.lesson.model import ExperimentStep


class ExperimentKind(Kind[ExperimentStep]):
    """The experiment runs with the learner's parameters; what reaches the goal is the answer."""

    stays_open = True

    def controls(self, step: ExperimentStep) -> tuple[Control, ...]:
        """Return the parameters."""
        return tuple(control_of(parameter) for parameter in step.parameters)

    def settings(self, values: Mapping[str, float]) -> Mapping[str, float]:
        """Return all that the learner turned."""
        return values

    def turned(self, step: ExperimentStep, values: Mapping[str, float], run: LessonRun) -> Advanced:
        """Return the run with the experiment computed anew; once it reaches the goal it is done."""
        state = run.state
        if values == state.values:
            return with_state(run), ()
        result = self.result(step, values)
        run = with_values(run, values, result)
        is_own_work = state.outcome != "done" and not state.solution_shown
        if not is_own_work or not _reaches_goal(step, result):
            return run, (ev.ResumeMoved(at_once=False),)
        answer = ",".join(f"{name}={value:.6g}" for name, value in values.items())
        attempt = ev.AttemptMade(step.id, step.kind, answer, True)
        return with_state(run, outcome="done"), (attempt, ev.ResumeMoved(at_once=True))

    def take(self, step: ExperimentStep, event: ev.Event, run: LessonRun) -> Advanced:
        """Take a preset."""
        if not isinstance(event, ev.PresetChosen) or not 0 <= event.position < len(step.presets):
            return run, ()
        chosen: Mapping[str, float] = dict(step.presets[event.position].values.items())
        return self.turned(step, {**run.state.values, **chosen}, run)

    def event_of(self, _answer: str, _confidence: ev.Confidence) -> None:
        """Nothing is answered: the parameters are kept."""

    def missing(self, _step: ExperimentStep, _state: StepState) -> Text:
        """Return that there is a goal."""
        return message("Reach the goal first.")

    def question(self, step: ExperimentStep, _run: LessonRun) -> Settings:
        """Return the presets."""
        return Settings(tuple(preset.name for preset in step.presets))

    def said(self, step: ExperimentStep, run: LessonRun) -> Said | None:
        """Return the debrief, once the goal is reached."""
        is_reached = run.state.outcome == "done" and step.goal is not None and step.debrief
        return Said(after=step.debrief or "") if is_reached else None

    def goal(self, step: ExperimentStep, state: StepState) -> GoalView | None:
        """Return the goal, and whether the values of the moment reach it."""
        goal, result = step.goal, state.result
        if goal is None or result is None:
            return None
        words, now = goal_sentence(goal, step.experiment), goal_progress(goal, result)
        if state.outcome != "done":
            return GoalView(words, now, "open")
        return GoalView(words, now, "reached" if goal_is_met(goal, result) else "left")

    def has_solution(self, step: ExperimentStep) -> bool:
        """Return whether there are words or values that reach the goal."""
        return bool(step.solution or step.witness)

    def computed(self, step: ExperimentStep, _names: Mapping[str, float]) -> Text:
        """Return the values that reach the goal."""
        labels = {parameter.name: parameter.label for parameter in step.parameters}
        settings = [f"{labels[name]} = {show(value)}" for name, value in step.witness.items()]
        return message("{settings} reaches the goal.", settings=", ".join(settings))

    def after_solution(self, step: ExperimentStep) -> Text | None:
        """Return the debrief."""
        return step.debrief

    def solution_seen(self, step: ExperimentStep, run: LessonRun) -> LessonRun:
        """Return the run with the values that reach the goal."""
        if not step.witness:
            return run
        values: Mapping[str, float] = {**run.state.values, **step.witness}  # type: ignore[dict-item]  # parameter names are names
        return with_values(run, values, self.result(step, values))


def _reaches_goal(step: ExperimentStep, result: Result | None) -> bool:
    return step.goal is not None and result is not None and goal_is_met(step.goal, result)
