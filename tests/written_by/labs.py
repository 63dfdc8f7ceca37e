"""Thirty labs: each objective's own ground, typed formulas, every optimizer and schedule, looks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tests.engine.descent.cases import OPTIMIZERS, SCHEDULES, branched, setup_on
from tutor.engine.descent.objectives import lab_objectives, start_for
from tutor.engine.descent.setup import Rule, Setup
from tutor.engine.lab.lab import Lab
from tutor.engine.lab.presets import PRESETS

FORMULAS = (
    "x**2 - 3*x", "sin(3*x0) + x1**2", "abs(x0) + sqrt(x1 + 6)", "log(1 + x0**2) + cosh(x1/2)",
)  # fmt: skip
_RATES = {"rosenbrock": 0.001, "beale": 0.01, "himmelblau": 0.01, "monkey-saddle": 0.002}


def labs() -> Iterator[Lab]:
    """Yield the labs, each once."""
    for name, optimizer, schedule in zip(
        lab_objectives()[::2], [*OPTIMIZERS, *OPTIMIZERS], [*SCHEDULES] * 4, strict=False
    ):
        rate = _RATES.get(name, 0.05)
        yield Lab(setup=setup_on(name, optimizer=optimizer, schedule=schedule, learning_rate=rate))
    for formula in FORMULAS:
        yield Lab(setup=typed(formula))
    for preset in PRESETS:
        yield Lab(setup=preset.setup)
    yield from looks()


def typed(formula: str) -> Setup:
    """Return a run on a typed formula with a numerical gradient."""
    setup = Setup(
        objective="", formula=formula, steps=30,
        rule=Rule(learning_rate=0.07, gradient="numerical", h=1e-5),
    )  # fmt: skip
    return replace(setup, start=start_for(setup))


def looks() -> Iterator[Lab]:
    """Yield labs that use every part of a state code: branches, ghosts, what is looked at."""
    bowl = branched("momentum")
    ghosts = tuple(setup_on("elongated-bowl", optimizer=each) for each in OPTIMIZERS[:4])
    yield Lab(setup=branched("nesterov"), step=12)
    yield Lab(setup=bowl, ghosts=ghosts, view="heat-map", curve="log-loss")
    yield Lab(setup=bowl, beside=setup_on("elongated-bowl", learning_rate=0.2), step=7)
    yield Lab(setup=bowl, view="slices", curve="step-length", step=21)
    yield Lab(setup=replace(bowl, window=(-8.0, 2.0, -3.0, 3.0)), cursor=(-2.5, 1.25))
    yield Lab(setup=setup_on("double-well", optimizer="adam"), view="slices", curve="distance")
    yield Lab(setup=setup_on("himmelblau", learning_rate=0.01), view="basins", curve="sweep")
    yield Lab(setup=Setup(start=(0.1 + 0.2, -1e-300), rule=Rule(learning_rate=1 / 3), steps=7))
    yield Lab(
        setup=setup_on("beale", optimizer="rmsprop", alpha=0.9, epsilon=1e-6, learning_rate=0.01)
    )
