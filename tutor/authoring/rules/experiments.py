"""Experiments: the objective is known and has the right variables; settings are in range."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tutor.engine.settings import objective_of, window_of
from tutor.errors import TutorError
from tutor.i18n import message
from tutor.lesson.abilities import WHOLE_NUMBERS
from tutor.lesson.consistency import Inconsistency
from tutor.lesson.model import (
    DescentExperiment,
    Experiment,
    ExperimentStep,
    ObjectiveExperiment,
    Parameter,
    ParameterName,
    SlopeExperiment,
    Step,
)


def check_experiment(step: Step, path: str) -> Iterator[Inconsistency]:
    """Yield what is wrong with the objective of the step's experiment."""
    experiment = step.experiment
    if not isinstance(experiment, ObjectiveExperiment):
        return
    key = "objective" if experiment.objective is not None else "formula"
    here = f"{path}.experiment.{key}"
    try:
        dimension = objective_of(experiment).dimension
    except TutorError as error:
        yield here, message("cannot be used"), message("{error}", error=error)
        return
    wanted = _dimension(experiment)
    if dimension != wanted:
        what = message("has {count} variables", count=dimension)
        yield here, what, message("use an objective of {count}", count=wanted)
        return
    yield from _off_the_chart(experiment, f"{path}.experiment")


def _off_the_chart(experiment: ObjectiveExperiment, path: str) -> Iterator[Inconsistency]:
    """Yield coordinates outside the window, where the learner would not see the point."""
    for key, coordinates in _places(experiment):
        for coordinate, (low, high) in zip(coordinates, window_of(experiment), strict=False):
            if not low <= coordinate <= high:
                what = message("{value:g} is off the chart", value=coordinate)
                mend = message("write a value from {low:g} to {high:g}, or widen window",
                               low=low, high=high)  # fmt: skip
                yield f"{path}.{key}", what, mend


def _places(experiment: ObjectiveExperiment) -> Iterator[tuple[str, tuple[float, ...]]]:
    """Yield the key and the coordinates of each point that the learner is to see."""
    yield _place(experiment)
    if isinstance(experiment, DescentExperiment):
        for number, rival in enumerate(experiment.rivals, 1):
            if rival.start is not None:
                yield f"rivals[{number}].start", rival.start


def _place(experiment: ObjectiveExperiment) -> tuple[str, tuple[float, ...]]:
    """Return the key of the point that an experiment is about, and its coordinates."""
    if isinstance(experiment, SlopeExperiment):
        return "x", (experiment.x,)
    if isinstance(experiment, DescentExperiment):
        return "start", experiment.start
    return "point", experiment.point


def _dimension(experiment: Experiment) -> int:
    return len(_place(experiment)[1]) if isinstance(experiment, ObjectiveExperiment) else 0


def check_settings(step: Step, path: str) -> Iterator[Inconsistency]:
    """Yield presets and witnesses outside the range of their parameters."""
    if not isinstance(step, ExperimentStep):
        return
    known = {parameter.name: parameter for parameter in step.parameters}
    if "x1" in known and _dimension(step.experiment) == 1:
        at = list(known).index("x1") + 1
        what = message("the start has no x1")
        yield f"{path}.parameters[{at}].name", what, message("delete this parameter")
    yield from _outside(step.witness, known, f"{path}.witness")
    for number, preset in enumerate(step.presets, 1):
        yield from _outside(preset.values, known, f"{path}.presets[{number}].values")


def _outside(
    values: Mapping[ParameterName, float], known: Mapping[ParameterName, Parameter], path: str
) -> Iterator[Inconsistency]:
    for name, value in values.items():
        parameter = known.get(name)
        if parameter is None:
            continue
        low, high = parameter.range
        if not low <= value <= high:
            what = message("{value:g} is outside the range of {name}", value=value, name=name)
            mend = message("write a value from {low:g} to {high:g}", low=low, high=high)
            yield f"{path}.{name}", what, mend
        elif name == "steps" and value != int(value):
            what = message("{value:g} is no number of steps", value=value)
            yield f"{path}.{name}", what, message("write a whole number")
        elif name in WHOLE_NUMBERS and value != int(value):
            what = message("{value:g} is no whole number", value=value)
            yield f"{path}.{name}", what, message("write a whole number")
