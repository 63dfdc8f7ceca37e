"""Whether the parts of a lesson fit together: what the types of its fields cannot say.

Everything here is checked at each start of the tutor, so it is cheap, imports no NumPy, and
finds what would break a running lesson. What is wrong for a learner alone (an answer inside a
near miss, a body that is too long) is the author's linter's to find.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, TypeAlias

from tutor.i18n import Message, message
from tutor.lesson.abilities import ANY_ASKS, STATUSES, abilities_of, guess_size
from tutor.lesson.bounds import bound_faults
from tutor.lesson.descent_rules import basin_faults, descent_faults, unused_momentum
from tutor.lesson.graph_rules import graph_faults
from tutor.lesson.model import (
    BugStep,
    ChoiceStep,
    DescentExperiment,
    Experiment,
    ExperimentStep,
    Goal,
    Lesson,
    ObjectiveExperiment,
    Parameter,
    PredictStep,
    SelectStep,
    Step,
    StepBase,
)
from tutor.lesson.predict_rules import ask_faults, measured_faults
from tutor.lesson.problem import counted, mend_by_nearest

Inconsistency: TypeAlias = tuple[str, Message, Message]
"""A key path, what is wrong there, and the mend."""


def inconsistencies(lesson: Lesson) -> Iterator[Inconsistency]:
    """Yield what does not fit together in a lesson."""
    yield from _repeated_ids(lesson)
    for step in lesson.steps:
        yield from step_inconsistencies(step, f"steps[{step.id}]")


def step_inconsistencies(step: Step, path: str) -> Iterator[Inconsistency]:
    """Yield what does not fit together in a step."""
    experiment: Experiment | None = getattr(step, "experiment", None)
    if experiment is not None:
        yield from _experiment_faults(experiment, f"{path}.experiment")
        yield from bound_faults(step, experiment, path)
    yield from _chart_faults(step, experiment, path)
    yield from _say_faults(step, path)
    yield from basin_faults(step, path)
    yield from _STEP_RULES.get(step.kind, _no_faults)(step, path)


def _repeated_ids(lesson: Lesson) -> Iterator[Inconsistency]:
    seen: set[str] = set()
    for number, step in enumerate(lesson.steps, 1):
        if step.id in seen:
            what = message("the id {id} is already taken", id=step.id)
            yield f"steps[{number}].id", what, message("give this step an id of its own")
        seen.add(step.id)


def _experiment_faults(experiment: Experiment, path: str) -> Iterator[Inconsistency]:
    if not isinstance(experiment, ObjectiveExperiment):
        return
    given = [key for key in ("objective", "formula") if getattr(experiment, key) is not None]
    if len(given) != 1:
        what = message("has {found}", found=" and ".join(given) or "neither objective nor formula")
        yield path, what, message("write exactly one of objective and formula")
    if isinstance(experiment, DescentExperiment):
        yield from descent_faults(experiment, path)


def _chart_faults(step: Step, experiment: Experiment | None, path: str) -> Iterator[Inconsistency]:
    charts = getattr(step, "charts", ())
    if experiment is None:
        if charts:
            yield (
                f"{path}.charts",
                message("has no experiment to draw"),
                message("add experiment or delete charts"),
            )
        return
    can = abilities_of(experiment)
    for number, chart in enumerate(charts, 1):
        if chart not in can.charts:
            what = message("{kind} has no chart {chart}", kind=can.title, chart=chart)
            yield f"{path}.charts[{number}]", what, _one_of(can.charts)


def _say_faults(step: Step, path: str) -> Iterator[Inconsistency]:
    if step.experiment is None and step.say != StepBase.say:
        what = message("has no experiment of which anything is said")
        yield f"{path}.say", what, message("add experiment or delete say")
    elif step.says("why") and not step.says("sentence"):
        what = message("why is a part of the sentence")
        yield f"{path}.say", what, message("write [sentence, why], or leave why out")


def _experiment_step_faults(step: ExperimentStep, path: str) -> Iterator[Inconsistency]:
    names = [parameter.name for parameter in step.parameters]
    for number, parameter in enumerate(step.parameters, 1):
        here = f"{path}.parameters[{number}]"
        yield from _parameter_faults(parameter, here, step.experiment)
        if parameter.name in names[: number - 1]:
            what = message("{name} is already a parameter", name=parameter.name)
            yield f"{here}.name", what, message("delete one of the two")
    yield from _unknown_parameters(step.witness, names, f"{path}.witness")
    for number, preset in enumerate(step.presets, 1):
        yield from _unknown_parameters(preset.values, names, f"{path}.presets[{number}].values")
    if step.goal is not None:
        yield from _goal_faults(step.goal, f"{path}.goal", step.experiment)


def _parameter_faults(
    parameter: Parameter, path: str, experiment: Experiment
) -> Iterator[Inconsistency]:
    can = abilities_of(experiment)
    low, high = parameter.range
    if parameter.name not in can.parameters:
        what = message("{kind} has no parameter {name}", kind=can.title, name=parameter.name)
        yield f"{path}.name", what, _one_of(can.parameters)
    elif parameter.name == "momentum":
        yield from unused_momentum(experiment, f"{path}.name")
    if parameter.scale == "log" and low <= 0:
        what = message("a log scale cannot reach {low:g}", low=low)
        yield f"{path}.range", what, message("start the range above 0")
    if not low <= parameter.value <= high:
        what = message("{value:g} is outside the range", value=parameter.value)
        mend = message("write a value from {low:g} to {high:g}", low=low, high=high)
        yield f"{path}.value", what, mend


def _unknown_parameters(values: Any, names: list[Any], path: str) -> Iterator[Inconsistency]:
    for name in values:
        if name not in names:
            what = message("{name} is not a parameter of this step", name=name)
            yield f"{path}.{name}", what, mend_by_nearest(name, names)


def _goal_faults(goal: Goal, path: str, experiment: Experiment) -> Iterator[Inconsistency]:
    can = abilities_of(experiment)
    if goal.quantity not in can.quantities:
        what = message("{kind} has no quantity {name}", kind=can.title, name=goal.quantity)
        yield f"{path}.quantity", what, mend_by_nearest(goal.quantity, sorted(can.quantities))
    if goal.quantity == "status":
        yield from _status_faults(goal, path)
    elif isinstance(goal.value, str):
        what = message("{value} is not a number", value=goal.value)
        yield f"{path}.value", what, message("write a number such as 1e-3")
    if (goal.is_ == "near") != (goal.within is not None):
        what = message("is: near and within belong together")
        yield f"{path}.is", what, message("write both: {{is: near, value: 1, within: 0.05}}")
    if goal.within_steps is not None and goal.quantity not in can.histories:
        what = message("{quantity} is not known at each step", quantity=goal.quantity)
        yield f"{path}.within_steps", what, message("delete within_steps")


def _status_faults(goal: Goal, path: str) -> Iterator[Inconsistency]:
    if goal.is_ != "equal":
        what = message("a status is neither above nor below")
        yield f"{path}.is", what, message("write is: equal")
    if goal.value not in STATUSES:
        what = message("{value} is not a status", value=goal.value)
        yield f"{path}.value", what, mend_by_nearest(str(goal.value), STATUSES)


def _choice_faults(step: ChoiceStep | SelectStep, path: str) -> Iterator[Inconsistency]:
    correct = sum(choice.correct for choice in step.choices)
    if correct == 0:
        what = message("no choice is correct")
        yield f"{path}.choices", what, message("add correct: true to one")
    if correct == len(step.choices):
        what = message("every choice is correct")
        yield f"{path}.choices", what, message("add a wrong one with its own feedback")


def _bug_faults(step: BugStep, path: str) -> Iterator[Inconsistency]:
    count = len(step.code.splitlines())
    places = {f"{path}.fault_line": step.fault_line}
    places |= {f"{path}.lines[{n}].line": each.line for n, each in enumerate(step.lines, 1)}
    seen: set[int] = set()
    for where, line in places.items():
        if line > count:
            what = message("the code has no line {line}", line=line)
            yield where, what, message("it has {count}", count=count)
        elif line in seen:
            what = message("line {line} has its words already", line=line)
            yield where, what, message("right speaks of the line at fault, lines of the others")
        seen.add(line)


def _predict_faults(step: PredictStep, path: str) -> Iterator[Inconsistency]:
    can = abilities_of(step.experiment)
    if step.ask not in can.asks | ANY_ASKS:
        what = message("{kind} cannot ask for {ask}", kind=can.title, ask=step.ask)
        yield f"{path}.ask", what, _one_of(can.asks | ANY_ASKS)
    if (step.ask == "step-number") != (step.until is not None):
        what = message("ask: step-number and until belong together")
        yield f"{path}.ask", what, message("write both: until is the goal of that step")
    elif step.until is not None:
        yield from _goal_faults(step.until, f"{path}.until", step.experiment)
        if step.until.quantity not in can.histories:
            what = message("{quantity} is not known at each step", quantity=step.until.quantity)
            yield f"{path}.until.quantity", what, _one_of(can.histories)
    yield from ask_faults(step, path)
    yield from measured_faults(step, path)
    yield from _guess_faults(step, path)


def _guess_faults(step: PredictStep, path: str) -> Iterator[Inconsistency]:
    size = len(step.items) or guess_size(step.ask, step.experiment)
    sizes = {
        f"{path}.near_misses[{n}].value": len(m.value) for n, m in enumerate(step.near_misses, 1)
    }
    if step.guess is not None and step.ask != "ordering":
        sizes[f"{path}.guess"] = len(step.guess)
    for where, found in sizes.items():
        if found != size:
            mend = message("write {count}: {ask} asks for that many", count=size, ask=step.ask)
            yield where, counted(found), mend


def _no_faults(_step: Step, _path: str) -> Iterator[Inconsistency]:
    yield from ()


def _one_of(words: frozenset[str]) -> Message:
    return message("use one of: {known}", known=", ".join(sorted(words)))


_STEP_RULES: Final[dict[str, Callable[[Any, str], Iterator[Inconsistency]]]] = {
    "experiment": _experiment_step_faults,
    "choice": _choice_faults,
    "select": _choice_faults,
    "bug": _bug_faults,
    "predict": _predict_faults,
    "graph": graph_faults,
}
