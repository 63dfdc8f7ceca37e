"""Controls: the experiment with one thing changed shows what the texts say that it does."""

from __future__ import annotations

from collections.abc import Iterator

from tutor.authoring.rules.answers import shown
from tutor.authoring.runs import run_of
from tutor.engine.kinds.experiment import goal_is_met
from tutor.errors import TutorError
from tutor.i18n import Text, message
from tutor.lesson.abilities import abilities_of
from tutor.lesson.consistency import Inconsistency
from tutor.lesson.model import Control, Experiment, Step
from tutor.lesson.problem import mend_by_nearest


def check_controls(step: Step, path: str) -> Iterator[Inconsistency]:
    """Yield controls that cannot be run, or that show something else."""
    for number, control in enumerate(step.control, 1):
        here = f"{path}.control[{number}]"
        if step.experiment is None:
            what = message("there is no experiment to change")
            yield here, what, message("add the experiment that the control is of")
        elif not (faults := [*_faults(control, step.experiment, here)]):
            yield from _result(control, step.experiment, here)
        else:
            yield from faults


def _faults(control: Control, experiment: Experiment, path: str) -> Iterator[Inconsistency]:
    can = abilities_of(experiment)
    if len(control.change) != 1:
        what = message("changes {count} things", count=len(control.change))
        yield f"{path}.change", what, message("change one: only then is it the cause")
    for name in control.change:
        if name not in can.parameters:
            what = message("{kind} has no parameter {name}", kind=can.title, name=name)
            yield f"{path}.change.{name}", what, mend_by_nearest(name, sorted(can.parameters))
    if control.shows.quantity not in can.quantities:
        what = message("{kind} has no quantity {name}", kind=can.title, name=control.shows.quantity)
        mend = mend_by_nearest(control.shows.quantity, sorted(can.quantities))
        yield f"{path}.shows.quantity", what, mend
    elif (control.shows.quantity == "status") != isinstance(control.shows.value, str):
        what = message("{value} is not a number", value=control.shows.value)
        yield f"{path}.shows.value", what, message("write a number such as 1e-3")


def _result(control: Control, experiment: Experiment, path: str) -> Iterator[Inconsistency]:
    try:
        result = run_of(experiment, {str(name): v for name, v in control.change.items()})
        value = result.quantities[control.shows.quantity]
        is_shown = goal_is_met(control.shows, result)
    except TutorError as error:
        yield path, message("the core cannot compute it"), message("{error}", error=error)
        return
    if not is_shown:
        now: Text = value if isinstance(value, str) else shown((value,))
        what = message("shows something else: {quantity} is {value}",
                       quantity=control.shows.quantity, value=now)  # fmt: skip
        yield path, what, message("mend it, or the texts that it proves")
