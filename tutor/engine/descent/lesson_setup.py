"""A lesson step's experiment as a setup of the lab, so that the lab opens where the lesson is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from tutor.core.network import SoftmaxClassifier
from tutor.engine.descent.numbers import rival_experiments
from tutor.engine.descent.rules import with_change
from tutor.engine.descent.setup import Rule, Setup
from tutor.engine.settings import with_values
from tutor.lesson.abilities import abilities_of
from tutor.lesson.model import (
    CheckExperiment,
    DescentExperiment,
    Experiment,
    GradientExperiment,
    NetworkExperiment,
    ObjectiveExperiment,
    SlopeExperiment,
    TrainingExperiment,
)

_REACH = 3.0
"""Of the chart of a network's weights, from 0 to either side."""
_SMALLEST_NETWORK = Setup(objective="softmax-loss", start=(0.47355232, 0.84668094))
_STEPS = 20
"""For experiments that make no steps, or one."""


def setup_of(experiment: Experiment, values: Mapping[str, float]) -> Setup:
    """Return the experiment with the learner's parameter values as a run of the lab.

    A slope's point becomes the start, in one variable, with the numerical gradient of its h; a
    gradient's point becomes the start of a short walk with its η. A network becomes its loss over
    the two weights that lead to the target, the others held. A training and a check have too many
    weights for a chart: the lab opens on the loss of the smallest network, with their η or h.
    Values that are no parameters of the experiment, as the parts of a guess, say nothing here.
    """
    names = abilities_of(experiment).parameters
    values = {name: value for name, value in values.items() if name in names}
    match experiment:
        case SlopeExperiment():
            return _of_slope(with_values(experiment, values))
        case GradientExperiment():
            own = with_values(experiment, values)
            return replace(_of_ground(own), start=own.point,
                           rule=Rule(learning_rate=own.learning_rate))  # fmt: skip
        case DescentExperiment():
            return _of_descent(with_values(experiment, values))
        case NetworkExperiment():
            return _of_network(with_values(experiment, values))
        case TrainingExperiment():
            rate = values.get("learning_rate", experiment.learning_rate)
            return replace(_SMALLEST_NETWORK, rule=Rule(learning_rate=rate))
        case CheckExperiment():
            h = values.get("h", experiment.h)
            return replace(_SMALLEST_NETWORK, rule=Rule(gradient="numerical", h=h))


def rivals_of(experiment: Experiment, values: Mapping[str, float]) -> tuple[Setup, ...]:
    """Return the runs that stand beside a descent as setups of the lab; mostly none."""
    if not isinstance(experiment, DescentExperiment):
        return ()
    names = abilities_of(experiment).parameters
    own = {name: value for name, value in values.items() if name in names}
    return tuple(_of_descent(each) for each in rival_experiments(with_values(experiment, own)))


def _of_ground(experiment: ObjectiveExperiment) -> Setup:
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


def _of_network(experiment: NetworkExperiment) -> Setup:
    """−ln softmax of the target's score: ln(1 + sum of e^(other score) / e^score)."""
    target, rows = experiment.target, experiment.weights
    net = SoftmaxClassifier(2, 3, weights=rows)
    scores = net.scores(experiment.input).tolist()
    others = sum(math.exp(score) for k, score in enumerate(scores) if k != target)
    score = " + ".join(f"({value:.12g})*x{k}" for k, value in enumerate(experiment.input))
    start = (rows[0][target], rows[1][target])
    reach = max(_REACH, *(abs(weight) + 1 for weight in start))
    rule = Rule(
        learning_rate=experiment.learning_rate, gradient=experiment.gradient, h=experiment.h
    )
    return Setup(
        objective="",
        formula=f"log(1 + {others:.12g}*exp(-({score})))",
        start=start,
        rule=rule,
        steps=max(experiment.steps, _STEPS),
        window=(-reach, reach, -reach, reach),
    )
