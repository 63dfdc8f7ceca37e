"""What the lab can descend: the course's named objectives, the softmax loss, typed formulas."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TypeAlias

import numpy as np

from tutor.core.network import SoftmaxClassifier
from tutor.core.objectives import OBJECTIVES, Objective, objective, objective_from_formula
from tutor.engine.descent.setup import Point, Setup

Window: TypeAlias = tuple[tuple[float, float], ...]
"""(low, high) of each variable."""

SOFTMAX_NETWORK = SoftmaxClassifier(
    2,
    3,
    weights=[[0.47355232, 0.9977393, 0.84668094], [0.85557411, 0.03563661, 0.69422093]],
)
"""The book's simpleNet with the weights that it prints."""
SOFTMAX_INPUT, SOFTMAX_TARGET = (0.6, 0.9), 2
SOFTMAX_CHOSEN = (0, 2)
"""The columns of the first row of W that the learner may turn: a wrong class and the target."""


def _softmax_loss() -> Objective:
    """Return −log of the target's probability as a function of two of the six weights.

    With the scores a = x W it is log(1 + Σ exp(aₖ − a_target)) over the other classes: the
    chosen weights enter two scores, the others are numbers.
    """
    first, second = SOFTMAX_INPUT
    fixed = second * SOFTMAX_NETWORK.weights[1]
    moving = dict(zip(SOFTMAX_CHOSEN, ("x0", "x1"), strict=True))
    target = f"{first!r}*{moving[SOFTMAX_TARGET]}"
    terms = []
    for column in range(3):
        if column == SOFTMAX_TARGET:
            continue
        rest = float(fixed[column] - fixed[SOFTMAX_TARGET])
        if column in moving:
            terms.append(f"exp({first!r}*{moving[column]} - {target} + {rest!r})")
        else:
            rest += first * float(SOFTMAX_NETWORK.weights[0, column])
            terms.append(f"exp({rest!r} - {target})")
    return Objective(
        name="softmax-loss",
        source_formula=f"log(1 + {' + '.join(terms)})",
        variables=("x0", "x1"),
        domain=((-6.0, 6.0), (-6.0, 6.0)),
        source="simpleNet of Saito, Deep Learning from Scratch, chapter 4: two of its six weights",
    )


_ALL: Mapping[str, Objective] = MappingProxyType({**OBJECTIVES, "softmax-loss": _softmax_loss()})

_STARTS: Mapping[str, Point] = MappingProxyType(
    {
        "square": (3.0,),
        "shallow-parabola": (15.0,),
        "cubic": (1.5,),
        "exp": (2.0,),
        "sin": (1.0,),
        "abs": (2.2,),
        "double-well": (1.6,),
        "sphere": (-3.0, 4.0),
        "elongated-bowl": (-7.0, 2.0),
        "saddle": (2.0, 0.01),
        "monkey-saddle": (1.5, 0.3),
        "plateau": (2.5, 1.5),
        "rosenbrock": (-1.2, 1.0),
        "himmelblau": (0.0, 0.0),
        "beale": (1.0, 1.0),
        "booth": (-4.0, -3.0),
        "rastrigin": (2.2, -1.3),
        "ackley": (3.0, -2.0),
        "softmax-loss": (0.47355232, 0.84668094),
    }
)
"""A start from which something is to be seen; an objective without one starts off its middle."""

USUAL_RATE = 0.1
_OWN_RATES: Mapping[str, float] = MappingProxyType(
    {
        "saddle": 0.05,
        "monkey-saddle": 0.002,
        "rosenbrock": 0.001,
        "himmelblau": 0.01,
        "beale": 0.01,
        "rastrigin": 0.002,
    }
)
"""η of plain descent from the objective's start, where `USUAL_RATE` is too large."""


def lab_objectives() -> tuple[str, ...]:
    """Return the names of all objectives that can be chosen, in the order of the course."""
    return tuple(_ALL)


def objective_of(setup: Setup) -> Objective:
    """Return what the setup descends.

    Raises:
        TutorError: for an unknown name or a formula that cannot be read; it says the mend.
    """
    if setup.formula:
        return _typed(setup.formula)
    return _ALL[setup.objective] if setup.objective in _ALL else objective(setup.objective)


@lru_cache(maxsize=64)
def _typed(formula: str) -> Objective:
    return objective_from_formula(formula)


def window_of(setup: Setup) -> Window:
    """Return what the charts span: the setup's window, else the objective's own domain.

    In one variable the setup's window may hold the range of f as a second pair; it is not
    returned here.
    """
    own = objective_of(setup)
    if not setup.window:
        return own.domain
    pairs = tuple(zip(setup.window[::2], setup.window[1::2], strict=True))
    return pairs[: own.dimension]


def start_for(setup: Setup) -> Point:
    """Return a start from which the setup's objective shows something and is defined."""
    if not setup.formula and setup.objective in _STARTS:
        return _STARTS[setup.objective]
    own, window = objective_of(setup), np.array(window_of(setup))
    low, high = window[:, 0], window[:, 1]
    for part in (0.2, 0.8, 0.35, 0.65, 0.5, 0.05, 0.95):
        shares = np.array([part, 0.9 - 0.8 * part])[: own.dimension]
        start = np.round(low + shares * (high - low), 6)
        if np.isfinite(own.expression.value(*start.tolist())):
            return tuple(start.tolist())
    return tuple(((low + high) / 2).tolist())


def rate_for(setup: Setup) -> float:
    """Return an η with which the setup's optimizer goes down on its objective.

    Methods that divide by past gradients step by about η whatever the slope: the usual one.
    """
    if setup.rule.optimizer not in {"gradient-descent", "momentum", "nesterov"}:
        return USUAL_RATE
    return USUAL_RATE if setup.formula else _OWN_RATES.get(setup.objective, USUAL_RATE)
