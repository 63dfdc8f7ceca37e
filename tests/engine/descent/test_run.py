"""Runs: against the core's own descent, across branches, on the way out, a million steps."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from tests.engine.descent.cases import OPTIMIZERS, SCHEDULES, branched, setup_on, setups
from tests.examples import examples
from tutor.core import OBJECTIVES, gradient_descent, numerical_gradient
from tutor.engine.descent.objectives import lab_objectives, objective_of
from tutor.engine.descent.rules import optimizer_of, schedule_of, with_change
from tutor.engine.descent.run import check_setup, run
from tutor.engine.descent.setup import Branch, Rule, Setup
from tutor.errors import TutorError


def of_the_core(setup):
    """Return the core's own trajectory of a setup without branches."""
    objective, rule = objective_of(setup), setup.rule
    start = np.array(setup.start) if len(setup.start) > 1 else setup.start[0]
    numerical = lambda x: numerical_gradient(objective.value, x, rule.h)  # noqa: E731 — one line
    return gradient_descent(
        objective.value,
        start,
        learning_rate=schedule_of(rule, setup.steps),
        steps=setup.steps,
        gradient=objective.gradient if rule.gradient == "exact" else numerical,
        optimizer=optimizer_of(rule),
    )


@pytest.mark.parametrize("objective", ["double-well", "himmelblau", "ackley"])
@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_run_is_the_cores_descent_digit_by_digit(optimizer, schedule, objective):
    """Coordinate by coordinate in Python floats gives the digits of arrays."""
    setup = setup_on(objective, optimizer=optimizer, schedule=schedule, learning_rate=0.01)
    expected, actual = of_the_core(setup), run(setup)
    assert expected.points.reshape(actual.points.shape).tolist() == actual.points.tolist()
    assert expected.values.tolist() == actual.values.tolist()
    assert (expected.status, expected.since) == (actual.status, actual.since)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_numerical_gradient_is_the_courses(optimizer):
    setup = setup_on("rosenbrock", optimizer=optimizer, gradient="numerical", learning_rate=1e-3)
    assert of_the_core(setup).points.tolist() == run(setup).points.tolist()


def test_the_sources_freeze_is_reproduced():
    """The published end of 100 steps with η = 10 and the numerical gradient."""
    frozen = run(Setup(rule=Rule(learning_rate=10.0, gradient="numerical")))
    assert [-25898374737328.363, -1295248616896.5398] == frozen.points[-1].tolist()
    assert ("frozen", 10) == (frozen.status, frozen.since)


def test_every_row_belongs_to_its_step():
    made = run(setup_on("booth", optimizer="momentum", schedule="step", learning_rate=0.01))
    assert ((41, 2), (41,), (41, 2), (40,)) == (
        made.points.shape, made.values.shape, made.gradients.shape, made.rates.shape
    )  # fmt: skip
    assert [0.01, 0.005, 0.0025, 0.00125] == [made.rates[k] for k in (0, 10, 20, 30)]
    assert np.hypot(*(made.points[8] - made.points[7])) == made.step_lengths[7]
    assert np.hypot(*(made.points[8] - [1.0, 3.0])) == made.distances[8]


def test_a_branch_leaves_everything_before_it_as_it_was():
    setup = setup_on("himmelblau", optimizer="adam", learning_rate=0.1)
    before, after = run(setup), run(with_change(setup, 15, learning_rate=0.4))
    assert before.points[:16].tolist() == after.points[:16].tolist()
    assert before.points[16].tolist() != after.points[16].tolist()


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_branch_that_changes_nothing_is_the_same_run(optimizer):
    """The optimizer's memory goes on where the next rule has the same optimizer."""
    setup = setup_on("himmelblau", optimizer=optimizer, learning_rate=0.01)
    split = replace(setup, branches=(Branch(step=13, rule=setup.rule),))
    assert run(setup).points.tolist() == run(split).points.tolist()


def test_another_optimizer_begins_without_memory():
    setup = setup_on("himmelblau", optimizer="momentum", learning_rate=0.01)
    changed = run(with_change(setup, 15, optimizer="adam"))
    alone = replace(
        setup, start=tuple(changed.points[15].tolist()), steps=25,
        rule=replace(setup.rule, optimizer="adam"),
    )  # fmt: skip
    assert run(alone).points.tolist() == changed.points[15:].tolist()


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_memory_of_any_step_is_computed_again_exactly(optimizer):
    """One more step from the recorded point with that memory gives the next recorded point."""
    made = run(replace(branched(optimizer), steps=2500))
    for k in (0, 9, 10, 29, 30, 31, 79, 80, 81, 999, 1000, 2499):
        step = optimizer_of(made.rule(k)).step
        rows = zip(made.points[k], made.gradients[k], made.memory(k), strict=True)
        moved = [step(x, g, state, made.rates[k])[0] for x, g, state in rows]
        assert made.points[k + 1].tolist() == [float(x) for x in moved]


def test_a_million_steps_of_a_lost_run_are_not_walked():
    """After the numbers have ended the rows repeat, as they would if each were computed."""
    made = run(Setup(objective="rosenbrock", rule=Rule(optimizer="momentum", learning_rate=1.0),
                     steps=1_000_000))  # fmt: skip
    assert 1_000_000 == made.steps_done
    assert "nonfinite" == made.status
    assert np.isnan(made.points[-1]).all()
    assert 2 == len(made.memory(999_999))


def test_a_million_steps_of_plain_descent_end_at_the_minimum():
    made = run(Setup(rule=Rule(learning_rate=1e-4), steps=1_000_000))
    assert (1_000_001, 2) == made.points.shape
    assert 1e-80 > made.values[-1]
    # 0.9998^k of the start; a hundred steps keep that to a few roundings.
    assert made.points[100].tolist() == pytest.approx(
        [-3 * 0.9998**100, 4 * 0.9998**100], rel=1e-12
    )


@examples(150)
@given(setups())
def test_any_setup_that_passes_the_check_runs_to_its_end(setup):
    check_setup(setup)
    made = run(setup)
    assert setup.steps == made.steps_done
    assert made.status in {
        "completed", "converged", "diverged", "frozen", "nonfinite", "oscillating",
    }  # fmt: skip


def test_every_named_objective_of_the_course_is_in_the_lab():
    assert {*OBJECTIVES, "softmax-loss"} == set(lab_objectives())


@pytest.mark.parametrize("name", lab_objectives())
def test_every_objective_has_a_start_from_which_it_runs(name):
    made = run(setup_on(name, learning_rate=1e-3))
    assert np.isfinite(made.values).all()
    assert made.values[-1] < made.values[0]


# What is refused

REFUSED = [
    (Setup(objective="", formula="2 +* x", start=(1.0,)), "something is missing"),
    (Setup(objective="", formula="5", start=(1.0,)), "same number everywhere"),
    (Setup(objective="", formula="x - x", start=(1.0,)), "same number everywhere"),
    (Setup(objective="", formula="log(-1 - x**2)", start=(1.0,)), "undefined"),
    (Setup(objective="", formula="1/0 + x", start=(1.0,)), "division by 0"),
    (Setup(objective="", formula="1e308*10", start=(1.0,)), "overflows"),
    (Setup(objective="", formula="1e308*10*x", start=(1.0,)), "overflows"),
    (Setup(objective="", formula="sqrt(x)", start=(-1.0,)), "no finite value at −1"),
    (Setup(objective="nowhere"), "nowhere"),
    (Setup(objective="", formula=""), "choose an objective"),
    (Setup(objective="sphere", formula="x"), "one of the two"),
    (Setup(start=(1.0,)), "as many numbers"),
    (Setup(start=(float("nan"), 1.0)), "finite"),
    (Setup(steps=0), "1,000,000"),
    (Setup(steps=1_000_001), "1,000,000"),
    (Setup(rule=Rule(learning_rate=float("nan"))), "number"),
    (Setup(rule=Rule(learning_rate=float("inf"))), "number"),
    (Setup(rule=Rule(momentum=1.0)), "0 … 1"),
    (Setup(rule=Rule(h=0.0)), "above 0"),
    (Setup(rule=Rule(epsilon=-1.0)), "1e-8"),
    (Setup(rule=Rule(optimizer="magic")), "gradient-descent"),  # type: ignore[arg-type]
    (Setup(branches=(Branch(step=100, rule=Rule()),)), "before step 100"),
    (Setup(window=(1.0, 0.0, 0.0, 1.0)), "below its high end"),
    (Setup(window=(0.0, 1.0)), "each axis"),
]


@pytest.mark.parametrize(("setup", "words"), REFUSED)
def test_what_cannot_be_run_is_refused_with_its_mend(setup, words):
    with pytest.raises(TutorError) as caught:
        run(setup)
    assert words in str(caught.value)


@pytest.mark.parametrize("rate", [0.0, -0.1, 1e9, 1e300, -1e300, 5e-324])
def test_any_finite_learning_rate_runs(rate):
    """0, negative and enormous ones too: what they do is worth seeing."""
    assert 100 == run(Setup(rule=Rule(learning_rate=rate))).steps_done


@pytest.mark.parametrize("formula", ["1e300*x**2", "exp(exp(x))", "x**300", "1/x", "x**x"])
def test_formulas_with_enormous_values_run(formula):
    assert 100 == run(Setup(objective="", formula=formula, start=(3.0,))).steps_done
