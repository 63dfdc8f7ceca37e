"""An experiment's setting: its objective, its window, and the learner's values put in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeAlias, TypeVar

from tutor.core.objectives import Objective, objective, objective_from_formula
from tutor.lesson.abilities import WHOLE_NUMBERS
from tutor.lesson.model import (
    CheckExperiment,
    DescentExperiment,
    Experiment,
    GradientExperiment,
    NetworkExperiment,
    ObjectiveExperiment,
)

Window: TypeAlias = tuple[tuple[float, float], ...]
"""(low, high) for each axis that the author or the objective fixes."""

AnyExperiment = TypeVar("AnyExperiment", bound=Experiment)
_COORDINATES = ("x0", "x1")
_WEIGHTS = ("w00", "w01", "w02", "w10", "w11", "w12")
_INPUTS = ("input0", "input1")
_SIZES = ("inputs", "hidden", "outputs")


def objective_of(experiment: ObjectiveExperiment) -> Objective:
    """Return the objective that the experiment names or spells out (TutorError if neither)."""
    if experiment.objective is not None:
        return objective(experiment.objective)
    return objective_from_formula(experiment.formula or "")


def window_of(experiment: ObjectiveExperiment) -> Window:
    """Return what the chart spans: the author's window, else the objective's own domain."""
    given = experiment.window
    if given is None:
        return objective_of(experiment).domain
    return tuple(zip(given[::2], given[1::2], strict=True))


def with_values(experiment: AnyExperiment, values: Mapping[str, float]) -> AnyExperiment:
    """Return the experiment with the learner's parameter values in place of the author's."""
    own = {*_COORDINATES, *(name for names in _places(experiment).values() for name in names)}
    changes: dict[str, Any] = {
        name: _typed(name, value) for name, value in values.items() if name not in own
    }
    for key, names in _places(experiment).items():
        if any(name in values for name in names):
            changes[key] = _filled(getattr(experiment, key), names, values)
    return replace(experiment, **changes)


def _places(experiment: Experiment) -> Mapping[str, tuple[str, ...]]:
    """Return the fields that hold several parameters, each with their names in order."""
    match experiment:
        case GradientExperiment():
            return {"point": _COORDINATES}
        case DescentExperiment():
            return {"start": _COORDINATES}
        case NetworkExperiment():
            return {"weights": _WEIGHTS, "input": _INPUTS}
        case CheckExperiment():
            return {"layers": _SIZES}
        case _:
            return {}


def _filled(field: Any, names: tuple[str, ...], values: Mapping[str, float]) -> Any:
    """Return a point, or rows of numbers, with the values of these names put in."""
    if field and isinstance(field[0], tuple):
        size = len(field[0])
        parts = (names[k * size : (k + 1) * size] for k in range(len(field)))
        return tuple(_filled(row, part, values) for row, part in zip(field, parts, strict=True))
    return tuple(
        _typed(name, values[name]) if name in values else own
        for name, own in zip(names, field, strict=False)
    )


def _typed(name: str, value: float) -> float:
    return int(value) if name in WHOLE_NUMBERS else value
