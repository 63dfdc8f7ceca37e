"""An experiment's setting: its objective, its window, and the learner's values put in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeAlias, TypeVar

from tutor.core.objectives import Objective, objective, objective_from_formula
from tutor.lesson.model import DescentExperiment, Experiment, GradientExperiment, SlopeExperiment

Window: TypeAlias = tuple[tuple[float, float], ...]
"""(low, high) for each axis that the author or the objective fixes."""

AnyExperiment = TypeVar("AnyExperiment", SlopeExperiment, GradientExperiment, DescentExperiment)
_COORDINATES = ("x0", "x1")


def objective_of(experiment: Experiment) -> Objective:
    """Return the objective that the experiment names or spells out (TutorError if neither)."""
    if experiment.objective is not None:
        return objective(experiment.objective)
    return objective_from_formula(experiment.formula or "")


def window_of(experiment: Experiment) -> Window:
    """Return what the chart spans: the author's window, else the objective's own domain."""
    given = experiment.window
    if given is None:
        return objective_of(experiment).domain
    return tuple(zip(given[::2], given[1::2], strict=True))


def with_values(experiment: AnyExperiment, values: Mapping[str, float]) -> AnyExperiment:
    """Return the experiment with the learner's parameter values in place of the author's."""
    changes: dict[str, Any] = {k: v for k, v in values.items() if k not in _COORDINATES}
    if "steps" in changes:
        changes["steps"] = int(values["steps"])
    point_field = _point_field(experiment)
    if point_field and any(name in values for name in _COORDINATES):
        point = getattr(experiment, point_field)
        changes[point_field] = tuple(
            values.get(name, own) for name, own in zip(_COORDINATES, point, strict=False)
        )
    return replace(experiment, **changes)


def _point_field(experiment: Experiment) -> str | None:
    match experiment:
        case GradientExperiment():
            return "point"
        case DescentExperiment():
            return "start"
        case _:
            return None
