"""What a descent is made of, as a value that a state code can carry; and a lesson's step as one."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from tutor.core.network import SoftmaxClassifier
from tutor.core.optimizers import OPTIMIZERS, AdaGrad
from tutor.engine.settings import with_values
from tutor.lesson.abilities import abilities_of
from tutor.lesson.experiments import OptimizerName, ScheduleName
from tutor.lesson.model import (
    CheckExperiment,
    DescentExperiment,
    Experiment,
    GradientExperiment,
    NetworkExperiment,
    ObjectiveExperiment,
    Rival,
    SlopeExperiment,
    TrainingExperiment,
)

Point: TypeAlias = tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How one step is made: everything that may change in the middle of a run."""

    optimizer: OptimizerName = "gradient-descent"
    learning_rate: float = 0.1
    momentum: float = 0.9
    """μ of momentum and Nesterov."""
    beta1: float = 0.9
    beta2: float = 0.999
    """Adam's; RMSProp's decay is `alpha`."""
    alpha: float = 0.99
    epsilon: float = 1e-8
    schedule: ScheduleName = "constant"
    gradient: Literal["exact", "numerical"] = "exact"
    h: float = 1e-4
    """Of the numerical gradient."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """From this step on, another rule holds."""

    step: int
    rule: Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """A whole run before it is run: objective, start, rule, steps, branches.

    Exactly one of `objective` (a name known to `tutor.core`) and `formula` (typed, in x or in x0
    and x1) is not empty. A start has as many coordinates as the objective has variables.
    """

    objective: str = "sphere"
    formula: str = ""
    start: Point = (-3.0, 4.0)
    rule: Rule = field(default_factory=Rule)
    steps: int = 100
    branches: tuple[Branch, ...] = ()
    """In order of their steps, each above 0 and below `steps`."""
    window: tuple[float, ...] = ()
    """x0 low, x0 high, x1 low, x1 high; empty: the objective's own domain."""


# A lesson's experiment

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
            own_slope = with_values(experiment, values)
            return replace(_of_ground(own_slope), start=(own_slope.x,),
                           rule=Rule(gradient="numerical", h=own_slope.h))  # fmt: skip
        case GradientExperiment():
            own = with_values(experiment, values)
            return replace(_of_ground(own), start=own.point,
                           rule=Rule(learning_rate=own.learning_rate))  # fmt: skip
        case DescentExperiment():
            return setup_of_descent(with_values(experiment, values))
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
    return tuple(setup_of_descent(each) for each in rival_experiments(with_values(experiment, own)))


def _of_ground(experiment: ObjectiveExperiment) -> Setup:
    window = tuple(experiment.window) if experiment.window is not None else ()
    if experiment.objective is not None:
        return Setup(objective=experiment.objective, steps=_STEPS, window=window)
    formula = str(experiment.formula or "")
    return Setup(objective="", formula=formula, steps=_STEPS, window=window)


def setup_of_descent(experiment: DescentExperiment) -> Setup:
    """Return a lesson's descent as a setup; what stands beside it is a setup of its own."""
    usual = OPTIMIZERS[experiment.optimizer]
    rule = Rule(
        optimizer=experiment.optimizer,
        learning_rate=experiment.learning_rate,
        momentum=experiment.momentum,
        epsilon=usual.epsilon if isinstance(usual, AdaGrad) else Rule().epsilon,
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


def rival_experiments(experiment: DescentExperiment) -> tuple[DescentExperiment, ...]:
    """Return the descents that stand beside this one, each whole."""
    return tuple(_in_place_of(experiment, rival) for rival in experiment.rivals)


def _in_place_of(experiment: DescentExperiment, rival: Rival) -> DescentExperiment:
    """Return the experiment with what the rival has of its own."""
    keys = ("label", "optimizer", "learning_rate", "momentum", "schedule", "start")
    own = {key: getattr(rival, key) for key in keys if getattr(rival, key) is not None}
    return replace(experiment, rivals=(), **own)
