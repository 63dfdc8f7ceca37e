"""Parameters to turn, with a chart that follows, and mostly a goal: when it is met, in words."""

from __future__ import annotations

import math
from collections.abc import Mapping

from tutor.engine.experiments import Result
from tutor.engine.kinds.kind import Kind
from tutor.engine.kinds.questions import GoalView, Said, Settings
from tutor.engine.lesson import events as ev
from tutor.engine.lesson.controls import Control, control_of
from tutor.engine.lesson.run import Advanced, LessonRun, StepState, with_state, with_values
from tutor.engine.numbers import show
from tutor.i18n import Message, Text, message
from tutor.lesson.model import (
    Experiment,
    ExperimentStep,
    Goal,
    ObjectiveExperiment,
    TrainingExperiment,
)

QUANTITY_NAMES: dict[str, Text] = {
    "loss": message("f"),
    "worst_loss": message("largest f of the last ten steps"),
    "steps": message("steps until the distance is below 0.001"),
    "status": message("the run"),
    "distance": message("distance to the minimum"),
    "slope": message("slope"),
    "error": message("error of the slope"),
    "height": message("height f(x)"),
    "quotient": message("quotient"),
    "angle": message("angle to the minimum"),
    "next_loss": message("f after the step"),
    "change": message("change of f"),
    "factor": message("factor of one step"),
    "forward_error": message("forward error"),
    "central_error": message("central error"),
    "curvature": message("curvature f″(x)"),
    "curvature_low": message("smallest curvature"),
    "curvature_high": message("largest curvature"),
    "partial_x0": message("∂f/∂x₀"),
    "partial_x1": message("∂f/∂x₁"),
    "train_accuracy": message("share of the training pictures read right"),
    "test_accuracy": message("share of the held-out pictures read right"),
    "parameter_count": message("number of weights and biases"),
    "hidden_spread": message("how far the hidden units differ"),
    "loss_slope": message("slope of the loss along the weight"),
    "accuracy_slope": message("slope of the accuracy along the weight"),
    "evaluations": message("evaluations of the loss"),
    "error_w1": message("relative error of W1"),
    "error_b1": message("relative error of b1"),
    "error_w2": message("relative error of W2"),
    "error_b2": message("relative error of b2"),
    "worst_error": message("largest relative error"),
    "probability": message("probability of the target"),
    "p0": message("probability of class 0"),
    "p1": message("probability of class 1"),
    "p2": message("probability of class 2"),
    **{f"dw{i}{j}": f"dW[{i}, {j}]" for i in range(2) for j in range(3)},
    **{f"w{i}{j}": f"W[{i}, {j}]" for i in range(2) for j in range(3)},
}
"""The words of a goal for each quantity (others show their own name)."""

_NAMES_OF_NETWORKS: dict[str, Text] = {
    "loss": message("loss"),
    "next_loss": message("loss after the step"),
    "change": message("change of the loss"),
    "steps": message("number of updates"),
    "status": message("the training"),
}
"""The same where there is no f."""

_STATUSES: dict[str, Text] = {
    "completed": message("on its way"),
    "converged": message("at rest"),
    "diverged": message("diverging"),
    "frozen": message("frozen"),
    "nonfinite": message("beyond all numbers"),
    "oscillating": message("oscillating"),
}
"""The words for the end of a run."""


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


# --- goals


def holds(goal: Goal, value: float | str) -> bool:
    """Return whether a quantity of this `value` satisfies the goal."""
    if isinstance(value, str) or isinstance(goal.value, str):
        return goal.is_ == "equal" and value == goal.value
    if math.isnan(value):
        return False
    match goal.is_:
        case "below":
            return value < goal.value
        case "above":
            return value > goal.value
        case "near":
            return abs(value - goal.value) <= (goal.within or 0.0)
        case _:
            return value == goal.value


def goal_is_met(goal: Goal, result: Result) -> bool:
    """Return whether the run reaches the goal, within its steps where it names some."""
    if goal.within_steps is None:
        return holds(goal, result.quantities[goal.quantity])
    return any(holds(goal, v) for v in result.history(goal.quantity)[: goal.within_steps + 1])


def first_step(goal: Goal, result: Result) -> float:
    """Return the first step at which the goal holds; infinity if it never does."""
    reached = (k for k, value in enumerate(result.history(goal.quantity)) if holds(goal, value))
    return float(next(reached, math.inf))


def goal_sentence(goal: Goal, experiment: Experiment) -> Message:
    """Return the goal of an experiment in words."""
    quantity = quantity_name(goal.quantity, experiment)
    value = _value_words(goal.value)
    match goal.is_:
        case "below":
            words = message("{quantity} below {value}", quantity=quantity, value=value)
        case "above":
            words = message("{quantity} above {value}", quantity=quantity, value=value)
        case "near":
            within = show(goal.within or 0.0)
            words = message("{quantity} {value} ± {within}", quantity=quantity, value=value,
                            within=within)  # fmt: skip
        case _:
            words = message("{quantity} is {value}", quantity=quantity, value=value)
    if goal.within_steps is None:
        return words
    if isinstance(experiment, TrainingExperiment):
        return message("{goal} within {epochs} epochs", goal=words, epochs=goal.within_steps)
    return message("{goal} within {steps} steps", goal=words, steps=goal.within_steps)


def quantity_name(quantity: str, experiment: Experiment) -> Text:
    """Return what a quantity of the experiment is called."""
    if not isinstance(experiment, ObjectiveExperiment) and quantity in _NAMES_OF_NETWORKS:
        return _NAMES_OF_NETWORKS[quantity]
    return QUANTITY_NAMES.get(quantity, quantity)


def goal_progress(goal: Goal, result: Result) -> Text:
    """Return where the goal's quantity stands now, unless that would give the answer away."""
    if result.hides(goal.quantity):
        return ""
    value = result.quantities[goal.quantity]
    return message("now {value}", value=_value_words(value))


def _value_words(value: float | str) -> Text:
    return _STATUSES.get(value, value) if isinstance(value, str) else show(value)
