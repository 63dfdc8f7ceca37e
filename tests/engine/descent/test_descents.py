"""Descents by any optimizer, alone and beside others: their numbers, words and pictures."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

from tutor.charts.chart import Line, Points
from tutor.core.descent import gradient_descent
from tutor.core.objectives import objective
from tutor.core.optimizers import OPTIMIZERS, Momentum
from tutor.core.schedules import StepDecay
from tutor.engine.descent.result import RIVAL_ROLES
from tutor.engine.experiments import run_experiment
from tutor.lesson.model import DescentExperiment, Rival

BOWL = objective("elongated-bowl")


def descend(**changes):
    return DescentExperiment(
        **{"objective": "elongated-bowl", "start": (-7.0, 2.0), "steps": 12, **changes}
    )


def described(**changes):
    return str(run_experiment(descend(**changes), {}).sentence)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_named_optimizer_of_the_core_makes_the_steps(name):
    made = run_experiment(descend(optimizer=name), {}).run.points
    expected = gradient_descent(BOWL.value, [-7.0, 2.0], learning_rate=0.1, steps=12,
                                gradient=BOWL.gradient, optimizer=OPTIMIZERS[name])  # fmt: skip
    np.testing.assert_allclose(expected.points, made, rtol=1e-14)


def test_the_learners_momentum_is_the_one_in_use():
    made = run_experiment(descend(optimizer="momentum"), {"momentum": 0.5}).run.points
    expected = gradient_descent(BOWL.value, [-7.0, 2.0], learning_rate=0.1, steps=12,
                                gradient=BOWL.gradient, optimizer=Momentum(0.5))  # fmt: skip
    np.testing.assert_allclose(expected.points, made, rtol=1e-14)


def test_the_step_schedule_halves_eta_after_each_quarter():
    made = run_experiment(descend(schedule="step"), {}).run.points
    expected = gradient_descent(BOWL.value, [-7.0, 2.0], learning_rate=StepDecay(0.1, 3, 0.5),
                                steps=12, gradient=BOWL.gradient)  # fmt: skip
    np.testing.assert_array_equal(expected.points, made)


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("schedule", ["constant", "step"])
def test_the_next_point_is_that_of_a_run_one_step_longer(name, schedule):
    """What an optimizer remembers goes with it over the end of the run (step: drops at 4 and 8)."""
    run = run_experiment(descend(optimizer=name, schedule=schedule, steps=11), {})
    longer = run_experiment(descend(optimizer=name, schedule=schedule, steps=12), {})
    after = run.quantities["next_x0"], run.quantities["next_x1"]
    np.testing.assert_allclose(longer.run.points[-1], after, rtol=1e-14)


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize(("ground", "start"), [("elongated-bowl", (-7.0, 2.0)), ("square", (3.0,))])
def test_the_update_line_ends_where_the_step_ends(name, ground, start):
    run = run_experiment(descend(objective=ground, start=start, optimizer=name, steps=3), {})
    line = str(run.update_line).replace("−", "-")
    numbers = re.findall(r"-?\d[\d.e-]*", line.rsplit("= ", 1)[1])
    assert line.startswith("step 3: ")
    np.testing.assert_allclose(run.run.points[-1], list(map(float, numbers)), rtol=6e-3)


def test_the_velocity_in_the_update_line_is_the_move_over_minus_eta():
    """V ← 0.9·old + g: what the point moved by in step 3 is −0.1 v."""
    run = run_experiment(descend(objective="square", start=(3.0,), optimizer="momentum", steps=3),
                         {})  # fmt: skip
    velocity = re.search(r"= ([−\d.]+);", str(run.update_line))
    assert velocity
    moved = run.run.points[2, 0] - run.run.points[3, 0]
    assert pytest.approx(moved / 0.1, rel=5e-3) == float(velocity[1].replace("−", "-"))


def test_a_rival_differs_in_what_it_says_alone():
    run = run_experiment(
        descend(learning_rate=0.2, rivals=(Rival(label="Adam", optimizer="adam"),
                                           Rival(label="aside", start=(7.0, -2.0)))), {}
    )  # fmt: skip
    adam, aside = run.rivals
    assert (0.2, (-7.0, 2.0)) == (adam.experiment.learning_rate, adam.experiment.start)
    np.testing.assert_allclose(-run.run.points, aside.run.points)


def test_what_the_learner_turns_moves_the_rivals_too():
    run = run_experiment(descend(rivals=(Rival(label="m", optimizer="momentum"),)),
                         {"momentum": 0.3, "learning_rate": 0.05})  # fmt: skip
    setting = run.rivals[0].experiment
    assert (0.3, 0.05) == (setting.momentum, setting.learning_rate)


FIVE = tuple(Rival(label=name, optimizer=name) for name in [*OPTIMIZERS][1:6])


@pytest.mark.parametrize("chart", ["descent-path", "loss-curve"])
@pytest.mark.parametrize(("ground", "start"), [("elongated-bowl", (-7.0, 2.0)), ("square", (3.0,))])
def test_every_rival_is_drawn_in_its_own_role_and_named(chart, ground, start):
    drawn = run_experiment(descend(objective=ground, start=start, rivals=FIVE), {}).chart(chart)
    lines = {each.role: each for each in drawn.layers if isinstance(each, Line)}
    assert [each.label for each in FIVE] == [str(lines[role].label) for role in RIVAL_ROLES]
    assert {13} == {len(line.x) for line in lines.values()}
    assert "gradient descent" == str(lines["path"].label)


def test_before_the_reveal_no_rival_has_moved():
    run = run_experiment(descend(rivals=FIVE), {})
    for chart in ("descent-path", "loss-curve"):
        layers = run.teaser(chart, "final-point").layers
        assert all(each.x.size <= 1 for each in layers if isinstance(each, Line | Points))


def test_the_loss_axis_holds_the_rivals_but_not_their_flights():
    run = run_experiment(descend(rivals=(Rival(label="far", learning_rate=1.5),
                                         Rival(label="high", start=(0.0, 4.0)))), {})  # fmt: skip
    axis = run.chart("loss-curve").y_axis.range
    assert axis is not None
    assert 16 <= axis.high <= 4 * 16 * 1.1


def test_the_comparison_names_ends_and_the_lowest():
    words = described(rivals=(Rival(label="large", learning_rate=1.5),
                              Rival(label="small", learning_rate=1e-3)))  # fmt: skip
    run = run_experiment(descend(), {})
    assert f"gradient descent {run.quantities['loss']:.3g}" in words
    assert "(diverges)" in words
    assert words.endswith("Lowest: gradient descent.")


def test_the_comparison_names_the_first_at_the_minimum():
    """η = 0.5 lands on the minimum of x0² + x1² at once; 0.4 shrinks the distance to a fifth."""
    words = described(objective="sphere", start=(-3.0, 4.0), learning_rate=0.4, label="slow",
                      rivals=(Rival(label="quick", learning_rate=0.5),))  # fmt: skip
    assert "First within 0.001 of the minimum: quick, at step 1." in words


def test_between_equals_nobody_is_named_as_first():
    words = described(label="one", rivals=(Rival(label="other"),))
    assert "First" not in words
    assert "Lowest" not in words


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_factor_of_plain_descent_is_told_of_plain_descent_alone(name):
    """η = 2 is too much for the curvature 2 of x1²: |1 − 2·2| = 3."""
    words = described(optimizer=name, learning_rate=5.0, steps=60)
    assert ("|1 − ηλ| = |1 − 5·2| = 9" in words) == (name == "gradient-descent")


@pytest.mark.parametrize(("name", "limit"), [("momentum", 1.9), ("nesterov", 3.8 / (2.8 * 2))])
def test_the_safe_rate_of_momentum_is_its_own(name, limit):
    """λ = 2, μ = 0.9: 2(1 + μ)/λ, and (2 + 2μ)/((1 + 2μ)λ) for Nesterov."""
    words = described(optimizer=name, learning_rate=5.0, steps=60)
    assert f"η below {limit:.3g} is safe" in words


def test_under_a_schedule_divergence_tells_of_the_eta_with_which_it_began():
    words = described(learning_rate=30.0, schedule="step", steps=20)
    assert "|1 − ηλ| = |1 − 30·2| = 59" in words
    assert "largest safe η is 2/λ = 1." in words


def test_falling_without_end_is_not_called_too_large_a_step():
    words = described(objective="saddle", start=(1.0, 1.0), steps=100)
    assert "no bottom" in words
    assert "safe" not in words


def test_a_step_off_the_ground_is_named():
    """log(x) + x², from 0.1: the slope is about 10.2, so η = 0.1 leads to −0.92."""
    words = described(objective=None, formula="log(x) + x**2", start=(0.1,), learning_rate=0.1)
    assert "At step 1 the run left the ground where f is defined: at −0.92" in words
    assert "Press" not in words
    assert "1.8e308" not in words


def test_a_step_that_overshoots_is_said_to_lead_away():
    run = run_experiment(descend(objective="square", start=(1.0,), optimizer="momentum",
                                 learning_rate=0.3, steps=3), {})  # fmt: skip
    assert run.run.distances[-1] > run.run.distances[-2]
    assert "led away" in str(run.sentence)


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("rate", [1e-12, 0.1, 1.0, 3.0, 1e12, 1e200])
@pytest.mark.parametrize("ground", ["elongated-bowl", "rosenbrock", "saddle", "plateau"])
def test_every_run_has_words_and_charts(name, rate, ground):
    """However large the step, there are a sentence, a worked line and sane axes."""
    run = run_experiment(descend(objective=ground, start=(-1.5, 1.0), optimizer=name,
                                 learning_rate=rate, rivals=FIVE[:1]), {})  # fmt: skip
    assert str(run.sentence)
    assert "←" in str(run.update_line)
    axis = run.chart("loss-curve").y_axis.range
    assert axis is not None
    assert math.isfinite(axis.high - axis.low)
    assert str(run_experiment(descend(objective=ground, start=(-1.5, 1.0), optimizer=name,
                                      learning_rate=rate), {}).sentence)  # fmt: skip


@pytest.mark.parametrize("log_loss", [True, False])
def test_a_diverging_run_is_seen_in_full_on_a_logarithmic_axis(log_loss):
    """η = 2 multiplies the loss by 9 each step: asked for or not, all of it is seen."""
    wild = {"objective": "sphere", "start": (-3.0, 4.0), "learning_rate": 2.0, "steps": 20}
    made = run_experiment(DescentExperiment(**wild, log_loss=log_loss), {})
    seen = made.chart("loss-curve")
    assert ("log", True) == (seen.y_axis.scale, seen.y_axis.range.high > 25 * 9.0**20)
    asked = made.teaser("loss-curve", "status").y_axis.scale
    assert asked == ("log" if log_loss else "linear"), "the axis would give the answer away"


def test_a_run_that_falls_without_end_keeps_its_linear_axis():
    """A saddle falls below 0, where a log axis has no place."""
    falling = {"objective": "saddle", "start": (1.0, 1.0), "learning_rate": 2.0, "steps": 60}
    made = run_experiment(DescentExperiment(**falling), {})
    assert made.run.is_lost
    assert "linear" == made.chart("loss-curve").y_axis.scale


def test_even_a_run_that_leaves_the_floats_has_a_logarithmic_axis():
    wild = {"objective": "sphere", "start": (-3.0, 4.0), "learning_rate": 10.0, "steps": 300}
    seen = run_experiment(DescentExperiment(**wild, log_loss=True), {}).chart("loss-curve")
    assert math.isfinite(seen.y_axis.range.high)
