"""Goals: a stored witness reaches each, and none is met before the learner has done anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tutor.authoring.runs import run_of
from tutor.engine.experiments import Result
from tutor.engine.kinds.experiment import goal_is_met
from tutor.errors import TutorError
from tutor.i18n import Text, message
from tutor.lesson.consistency import Inconsistency
from tutor.lesson.model import ExperimentStep, Goal, Step


def check_goal(step: Step, path: str) -> Iterator[Inconsistency]:
    """Yield what is wrong with the goal of an experiment."""
    if not isinstance(step, ExperimentStep) or step.goal is None:
        return
    start: dict[str, float] = {parameter.name: parameter.value for parameter in step.parameters}
    try:
        at_start = run_of(step.experiment, start)
        if goal_is_met(step.goal, at_start):
            what = message("is met before the learner does anything ({now})",
                           now=_now(step.goal, at_start))  # fmt: skip
            yield f"{path}.goal", what, message("move the start values away from it")
        yield from _witness_faults(step, step.goal, start, path)
    except TutorError:
        return  # The experiment itself is at fault, and another rule says so.


def _witness_faults(
    step: ExperimentStep, goal: Goal, start: Mapping[str, float], path: str
) -> Iterator[Inconsistency]:
    if not step.witness:
        mend = message("add witness: parameter values that reach the goal")
        yield f"{path}.goal", message("nothing proves that it can be reached"), mend
        return
    locked = [p.name for p in step.parameters if p.locked and p.name in step.witness]
    for name in locked:
        what = message("{name} is locked", name=name)
        yield f"{path}.witness.{name}", what, message("reach the goal with the open parameters")
    values = {**start, **{str(name): value for name, value in step.witness.items()}}
    result = run_of(step.experiment, values)
    if not goal_is_met(goal, result):
        what = message("does not reach the goal ({now})", now=_now(goal, result))
        yield f"{path}.witness", what, message("write values that do, or ask for less")


def _now(goal: Goal, result: Result) -> Text:
    value = result.quantities[goal.quantity]
    shown = value if isinstance(value, str) else f"{value:g}"
    return message("{quantity} is {value}", quantity=goal.quantity, value=shown)
