"""Setups for the lab's tests: one for each way to run, and strategies for all of them."""

from dataclasses import replace
from typing import get_args

from hypothesis import strategies as st

from tutor.engine.descent.objectives import lab_objectives, start_for
from tutor.engine.descent.rules import with_change, with_steps
from tutor.engine.descent.setup import Branch, OptimizerName, Rule, ScheduleName, Setup
from tutor.engine.lab.lab import Curve, Lab, View
from tutor.engine.lab.presets import PRESETS

OPTIMIZERS = get_args(OptimizerName)
SCHEDULES = get_args(ScheduleName)
FORMULAS = (
    "x**2 - 3*x",
    "sin(3*x0) + x1**2",
    "exp(x)",
    "log(x)",
    "abs(x0) + sqrt(x1 + 6)",
    "x0*x1",
)


def setup_on(objective: str, **rule: object) -> Setup:
    """Return forty steps on an objective from its own start."""
    setup = Setup(objective=objective, steps=40, rule=Rule(**rule))  # type: ignore[arg-type]
    return replace(setup, start=start_for(setup))


def branched(optimizer: str) -> Setup:
    """Return a run of which η, schedule, gradient and optimizer change on the way."""
    setup = setup_on("elongated-bowl", optimizer=optimizer, learning_rate=0.05)
    setup = with_change(setup, 10, learning_rate=0.02)
    setup = with_change(setup, 20, gradient="numerical", schedule="cosine")
    return with_change(setup, 30, optimizer="adam")


numbers = st.floats(allow_nan=False, allow_infinity=False, width=64)
shares = st.floats(0, 1, exclude_max=True)
positive = st.floats(1e-300, 1e300)
rules = st.builds(
    Rule,
    optimizer=st.sampled_from(OPTIMIZERS),
    learning_rate=numbers,
    momentum=shares,
    beta1=shares,
    beta2=shares,
    alpha=shares,
    epsilon=st.floats(0, 1e300),
    schedule=st.sampled_from(SCHEDULES),
    gradient=st.sampled_from(["exact", "numerical"]),
    h=positive,
)


@st.composite
def setups(draw, most_steps=60, windows=True):
    """Return any setup that can be run."""
    if draw(st.booleans()):
        setup = Setup(objective=draw(st.sampled_from(lab_objectives())))
    else:
        setup = Setup(objective="", formula=draw(st.sampled_from(FORMULAS)))
    setup = replace(setup, rule=draw(rules), steps=draw(st.integers(1, most_steps)))
    start = start_for(setup)
    if draw(st.booleans()) and "log" not in setup.formula and "sqrt" not in setup.formula:
        start = tuple(draw(st.floats(-100, 100)) for _ in start)
    if windows and draw(st.booleans()) and not setup.formula:
        setup = replace(setup, window=(-2.0, 3.5, -1.0, 1e3))
    branches = draw(st.dictionaries(st.integers(1, most_steps), rules, max_size=3))
    changes = tuple(Branch(step=step, rule=branches[step]) for step in sorted(branches))
    return with_steps(replace(setup, start=start, branches=changes), setup.steps)


@st.composite
def labs(draw):
    """Return any lab."""
    setup = draw(setups())
    step = draw(st.none() | st.integers(0, setup.steps - 1))
    return Lab(
        setup=setup,
        ghosts=tuple(draw(st.lists(setups(), max_size=4))),
        beside=draw(st.none() | setups()),
        step=step,
        view=draw(st.sampled_from(get_args(View))),
        curve=draw(st.sampled_from(get_args(Curve))),
        cursor=draw(st.none() | st.just(tuple(draw(numbers) for _ in setup.start))),
    )


ALL_PRESETS = [preset.setup for preset in PRESETS]
