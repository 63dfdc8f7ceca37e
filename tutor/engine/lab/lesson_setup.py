"""A lesson step's experiment as a setup of the lab, so that the lab opens where the lesson is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tutor.engine.lab.rules import with_change
from tutor.engine.lab.setup import Rule, Setup
from tutor.engine.settings import with_values
from tutor.lesson.model import (
    DescentExperiment,
    Experiment,
    GradientExperiment,
    SlopeExperiment,
)

_STEPS = 20
"""For experiments that make no steps, or one."""


def setup_of(experiment: Experiment, values: Mapping[str, float]) -> Setup:
    """Return the experiment with the learner's parameter values as a run of the lab.

    A slope's point becomes the start, in one variable, with the numerical gradient of its h; a
    gradient's point becomes the start of a short walk with its η. Values that are no parameters of
    the experiment, as the parts of a guess, say nothing here.
    """
    values = {name: value for name, value in values.items() if _is_part(experiment, name)}
    match experiment:
        case SlopeExperiment():
            return _of_slope(with_values(experiment, values))
        case GradientExperiment():
            own = with_values(experiment, values)
            return replace(_of_ground(own), start=own.point,
                           rule=Rule(learning_rate=own.learning_rate))  # fmt: skip
        case DescentExperiment():
            return _of_descent(with_values(experiment, values))


def _is_part(experiment: Experiment, name: str) -> bool:
    return name in {"x0", "x1"} or hasattr(experiment, name)


def _of_ground(experiment: Experiment) -> Setup:
    window = tuple(experiment.window) if experiment.window is not None else ()
    if experiment.objective is not None:
        return Setup(objective=experiment.objective, steps=_STEPS, window=window)
    formula = str(experiment.formula or "")
    return Setup(objective="", formula=formula, steps=_STEPS, window=window)


def _of_slope(experiment: SlopeExperiment) -> Setup:
    setup = replace(_of_ground(experiment), start=(experiment.x,))
    return with_change(setup, 0, gradient="numerical", h=experiment.h)


def _of_descent(experiment: DescentExperiment) -> Setup:
    rule = Rule(
        optimizer=experiment.optimizer,
        learning_rate=experiment.learning_rate,
        momentum=experiment.momentum,
        schedule=experiment.schedule,
        gradient=experiment.gradient,
        h=experiment.h,
    )
    setup = replace(_of_ground(experiment), start=experiment.start)
    return replace(setup, rule=rule, steps=experiment.steps)
