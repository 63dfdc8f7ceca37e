"""What the lab opens on from a lesson: the step's experiment, with the values of the moment."""

from __future__ import annotations

from collections.abc import Mapping

from tutor.engine.lab.check import check_setup
from tutor.engine.lab.setup import Lab, Rule, Setup
from tutor.engine.lesson_run import LessonRun
from tutor.engine.settings import with_values
from tutor.errors import TutorError
from tutor.lesson.model import (
    DescentExperiment,
    Experiment,
    ExperimentStep,
    GradientExperiment,
    SlopeExperiment,
)

_STEPS = 50
"""Of a run that starts where a lesson looks at a slope or a gradient."""


def lab_of(run: LessonRun) -> Lab | None:
    """Return the lab on this step's setting; None where the step has none that can be run."""
    step = run.step
    experiment = step.experiment
    if experiment is None:
        return None
    if isinstance(step, ExperimentStep):
        experiment = _turned(experiment, run.state.values)
    setup = _setup_of(experiment)
    try:
        check_setup(setup)
    except TutorError:
        return None
    return Lab(setup=setup)


def _turned(experiment: Experiment, values: Mapping[str, float]) -> Experiment:
    match experiment:
        case DescentExperiment():
            return with_values(experiment, values)
        case GradientExperiment():
            return with_values(experiment, values)
        case SlopeExperiment():
            return with_values(experiment, values)


def _setup_of(experiment: Experiment) -> Setup:
    rule, start, steps = _walk_of(experiment)
    formula = experiment.formula
    return Setup(
        objective=experiment.objective or "",
        formula="" if formula is None else str(formula),
        start=start,
        rule=rule,
        steps=steps,
        window=tuple(experiment.window or ()),
    )


def _walk_of(experiment: Experiment) -> tuple[Rule, tuple[float, ...], int]:
    match experiment:
        case DescentExperiment():
            rule = Rule(
                learning_rate=experiment.learning_rate, gradient=experiment.gradient, h=experiment.h
            )
            return rule, experiment.start, experiment.steps
        case GradientExperiment():
            return Rule(learning_rate=experiment.learning_rate), experiment.point, _STEPS
        case SlopeExperiment():
            return Rule(h=experiment.h), (experiment.x,), _STEPS
