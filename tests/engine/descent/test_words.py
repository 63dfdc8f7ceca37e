"""The lab's sentences: computed from the run, right in their numbers, and never an exception."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, strategies as st

from tests.engine.descent.cases import OPTIMIZERS, setup_on, setups
from tests.examples import examples
from tutor.engine.descent.ground import ground_at
from tutor.engine.descent.objectives import lab_objectives, rate_for
from tutor.engine.descent.rules import largest_safe_rate, with_change
from tutor.engine.descent.run import run
from tutor.engine.descent.setup import Rule, Setup
from tutor.engine.descent.trouble import halving_step
from tutor.engine.descent.updates import update_line
from tutor.engine.descent.words import describe, read_off
from tutor.engine.lab.presets import preset


def words_at(setup, step=None):
    return str(describe(run(setup), step))


def of_preset(name, step=None):
    return words_at(preset(name).setup, step)


@examples(200)
@given(setups(), st.integers(-3, 70))
def test_every_step_of_every_run_has_its_words(setup, step):
    made = run(setup)
    assert str(describe(made, step))
    assert "←" in str(update_line(made, step))
    assert 0 <= halving_step(made, step) <= made.steps_done


def test_divergence_names_step_factor_safe_rate_and_key():
    words = of_preset("overshoot", 7)
    assert "at step 7" in words
    assert "|1 − 1.05·2| = 1.1" in words
    assert "largest safe η is 2/λ = 1." in words
    assert "Press h to halve η from step 7" in words


def test_at_the_end_of_a_diverged_run_the_mend_is_where_it_began():
    made = run(preset("overshoot").setup)
    assert 0 == halving_step(made)
    assert "halve η from step 0" in str(describe(made))


def test_what_the_divergence_explainer_advises_helps():
    for name in ("overshoot", "cliff"):
        setup = preset(name).setup
        wild = run(setup)
        step = halving_step(wild)
        for _ in range(4):
            setup = with_change(setup, step, learning_rate=run(setup).rule(step).learning_rate / 2)
        assert not run(setup).values[-1] > wild.values[step]


def test_a_descent_through_the_floor_is_not_blamed_on_eta_alone():
    """x³ has no minimum: no η can find one."""
    words = words_at(Setup(objective="cubic", start=(-1.0,), rule=Rule(learning_rate=0.05)))
    assert "falls without end" in words


def test_overflow_says_from_which_step_on():
    assert "From step 8 on f is beyond what a float can hold" in of_preset("cliff")


def test_a_step_off_the_ground_is_no_overflow():
    setup = Setup(objective="", formula="x + sqrt(x)", start=(1.0,), rule=Rule(learning_rate=1.0))
    assert "At step 1 the run left the ground where f is defined: at −0.5" in words_at(setup)


LOG = Setup(objective="", formula="log(x0) + x1**2", start=(3.0, -2.4))


def test_a_run_that_left_the_ground_says_the_same_from_there_on():
    """It is undefined at steps 47 and 48 and by chance has numbers again from 49 on."""
    made = run(LOG)
    assert [True, True, False] == np.isnan(made.values[47:50]).tolist()
    (words,) = {str(describe(made, k)) for k in range(47, 101)}
    assert "At step 47 the run left the ground where f is defined" in words


def test_a_run_that_left_the_ground_neither_diverged_nor_overflowed():
    made = run(LOG)
    words = " ".join(str(describe(made, k)) for k in range(101))
    wrong = ("diverges", "not a number", "float", "Press h")
    assert [] == [each for each in wrong if each in words]


def test_halving_is_advised_where_it_keeps_the_run_on_the_ground():
    """The formula x − log(x) has its minimum inside, at 1."""
    setup = Setup(objective="", formula="x - log(x)", start=(3.0,), rule=Rule(learning_rate=5.0))
    made = run(setup)
    assert "Press h to halve η from step 0" in str(describe(made))
    tame = with_change(setup, 0, learning_rate=5.0 / 8)
    assert np.isfinite(run(tame).values).all()


def test_a_gradient_that_is_undefined_at_the_start_is_named():
    words = words_at(Setup(objective="", formula="x0**x1", start=(-3.0, 4.0)), 1)
    assert "At the start (−3, 4) the gradient is undefined: (−108, not a number)" in words
    assert "Press h" not in words


def test_ping_pong_names_both_places():
    words = of_preset("ping-pong", 3)
    assert "(3, −4)" in words
    assert "(−3, 4)" in words


def test_the_float_freeze_is_named_with_its_numbers():
    words = of_preset("freeze")
    assert "Frozen since step 10" in words
    assert "−2.59e13 + 0.0001 == −2.59e13" in words
    assert "exactly 0" in words


def test_an_update_lost_in_rounding_is_a_freeze_too():
    assert "x − η∇f == x" in words_at(Setup(rule=Rule(learning_rate=1e-20)))


@pytest.mark.parametrize(("rate", "words"), [(0.0, "no step moves"), (-0.01, "goes uphill")])
def test_an_eta_that_cannot_go_downhill_is_named(rate, words):
    assert words in words_at(Setup(rule=Rule(learning_rate=rate)), 1)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("objective", ["sphere", "saddle", "abs", "plateau", "double-well"])
def test_an_eta_of_0_is_named_at_every_step_of_every_optimizer(optimizer, objective):
    made = run(setup_on(objective, optimizer=optimizer, learning_rate=0.0))
    assert all("η is 0, so no step moves" in str(describe(made, k)) for k in (0, 1, 40))


def test_a_window_of_which_f_is_undefined_on_half_says_so():
    setup = Setup(objective="", formula="x - log(x)", start=(3.0,))
    assert "On 49% of the window f is undefined" in words_at(setup, 0)
    assert "undefined" not in words_at(setup, 1)


def test_a_saddle_is_recognised_by_gradient_and_hessian():
    words = of_preset("saddle-escape", 25)
    assert "A saddle" in words
    assert "−1 and 2" in words
    assert "1 + η|λ| = 1.1" in words


def test_a_run_on_the_ridge_of_a_saddle_never_leaves():
    setup = replace(setup_on("saddle", learning_rate=0.1), start=(2.0, 0.0))
    assert "exactly on the ridge" in words_at(setup)


def test_a_plateau_is_recognised_by_gradient_and_hessian():
    setup = replace(setup_on("plateau"), start=(4.8, 4.8))
    assert "A plateau" in words_at(setup, 0)


def test_another_valley_than_the_deepest_is_recognised():
    assert "not of the deepest, which is 2 away" in of_preset("trapped")


def test_a_flat_place_from_which_f_falls_on_is_no_valley():
    """The formula x³ near 0: little slope, curved upwards, and lower still on the other side."""
    words = words_at(replace(setup_on("cubic"), start=(0.031,)), 0)
    assert "Nearly flat here: the gradient is only 0.0029" in words
    assert "every way leads up" not in words


def test_a_step_that_is_lost_where_the_run_has_arrived_is_not_too_small():
    """The m̂ of Adam underflows long after the point is at the minimum but for 1e−20."""
    rule = Rule(optimizer="adam", gradient="numerical")
    made = run(Setup(rule=rule, steps=20_000))
    assert 0 == made.step_lengths[-1] < made.distances[-1] < 1e-15
    assert "x₀ has arrived, x₁ has arrived" in str(describe(made))


@pytest.mark.parametrize("name", lab_objectives())
def test_where_the_usual_eta_is_called_too_large_it_does_not_go_down(name):
    """Or, on a saddle, it flies away."""
    chosen = setup_on(name)
    own = replace(chosen, rule=Rule(learning_rate=rate_for(chosen)))
    usual = run(replace(chosen, rule=Rule(learning_rate=0.1), steps=100))
    fails = usual.status in {"diverged", "nonfinite"} or usual.values[-1] > usual.values[0]
    assert fails == ("0.1 is too large" in words_at(own, 0))


def test_the_top_of_a_hill_is_recognised():
    setup = Setup(objective="", formula="cos(x)", start=(0.0,))
    assert "top of a hill" in words_at(setup)


def test_each_coordinate_says_how_it_comes_nearer():
    """η = 0.1 on x0²/20 + x1²: factors 1 − 0.1/10 and 1 − 0.1·2."""
    words = words_at(Setup(objective="elongated-bowl", start=(-7.0, 2.0)), 12)
    assert "x₀ keeps 0.99 of its distance, x₁ keeps 0.8 of its distance" in words


def test_a_coordinate_that_has_arrived_says_so():
    assert "x₁ has arrived" in words_at(
        Setup(objective="elongated-bowl", start=(-7.0, 2.0), rule=Rule(learning_rate=0.5)), 3
    )


def test_steps_that_are_far_too_small_are_called_so():
    assert "far too small" in of_preset("glacial", 50)


UPDATES = {
    "gradient-descent": "step 1: x ← (−3, 4) − 0.1 · (−6, 8) = (−2.4, 3.2)",
    "momentum": "step 1: v ← 0.9·(0, 0) + (−6, 8) = (−6, 8);  "
    "x ← (−3, 4) − 0.1·(−6, 8) = (−2.4, 3.2)",
    "nesterov": "step 1: v ← 0.9·(0, 0) + (−6, 8) = (−6, 8);  "
    "x ← (−3, 4) − 0.1·((−6, 8) + 0.9·(−6, 8)) = (−1.86, 2.48)",
    "adagrad": "step 1: s ← (0, 0) + (−6, 8)² = (36, 64);  "
    "x ← (−3, 4) − 0.1·(−6, 8)/√s = (−2.9, 3.9)",
    "rmsprop": "step 1: s ← 0.99·(0, 0) + 0.01·(−6, 8)² = (0.36, 0.64);  "
    "x ← (−3, 4) − 0.1·(−6, 8)/√s = (−2, 3)",
    "adam": "step 1: m̂ = (−6, 8), √v̂ = (6, 8);  x ← (−3, 4) − 0.1·m̂/√v̂ = (−2.9, 3.9)",
    "adamw": "step 1: m̂ = (−6, 8), √v̂ = (6, 8);  x ← 0.999·(−3, 4) − 0.1·m̂/√v̂ = (−2.897, 3.896)",
}


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_update_line_has_this_steps_numbers(optimizer):
    """At the start it is the step that comes, at step 1 the one that led there."""
    made = run(Setup(rule=Rule(optimizer=optimizer)))
    assert UPDATES[optimizer] == str(update_line(made, 0)) == str(update_line(made, 1))


def test_the_update_line_uses_the_eta_of_the_schedule_and_the_branch():
    setup = with_change(Setup(rule=Rule(schedule="step"), steps=40), 20, learning_rate=0.4)
    assert "− 0.1 · " in str(update_line(run(setup), 10))
    assert "− 0.05 · " in str(update_line(run(setup), 11))
    assert "− 0.1 · " in str(update_line(run(setup), 21))


def test_the_velocity_of_a_late_step_is_the_recorded_one():
    """The v of the line is what the point really moved by, over −η."""
    made = run(Setup(objective="booth", start=(0.0, 0.0), rule=Rule(optimizer="momentum",
                     learning_rate=0.01), steps=1500))  # fmt: skip
    old = np.array([state[0] for state in made.memory(1203)])
    moved = (made.points[1203] - made.points[1204]) / 0.01
    assert (0.9 * old + made.gradients[1203]).tolist() == pytest.approx(moved.tolist(), rel=1e-6)


@pytest.mark.parametrize("optimizer", ["gradient-descent", "momentum", "nesterov"])
@pytest.mark.parametrize(("share", "comes_home"), [(0.99, True), (1.01, False)])
def test_the_largest_safe_rate_parts_home_from_away(optimizer, share, comes_home):
    """Runs just below it come nearer, runs just above it go away."""
    rule = Rule(optimizer=optimizer, momentum=0.6)
    limit = largest_safe_rate(rule, 2.0)
    made = run(Setup(objective="square", start=(1.0,), steps=2000,
                     rule=replace(rule, learning_rate=share * limit)))  # fmt: skip
    assert comes_home == (made.values[-1] < made.values[0])


@pytest.mark.parametrize("optimizer", ["adagrad", "rmsprop", "adam"])
def test_methods_that_divide_by_past_gradients_have_no_largest_safe_rate(optimizer):
    assert largest_safe_rate(Rule(optimizer=optimizer), 2.0) is None


GROUND = [
    ("sphere", (0.1, 0.0), "valley"),
    ("sphere", (3.0, 4.0), "slope"),
    ("saddle", (0.0, 0.01), "saddle"),
    ("monkey-saddle", (0.0, 0.0), "plateau"),
    ("plateau", (4.9, 4.9), "plateau"),
    ("rosenbrock", (1.0, 1.0), "valley"),
    ("double-well", (0.96,), "valley"),
    ("cubic", (0.031,), "flat"),
    ("cubic", (0.0,), "plateau"),
    ("himmelblau", (-0.270845, -0.923039), "top"),
    ("himmelblau", (0.086678, 2.884255), "saddle"),
    ("rastrigin", (0.995, 0.0), "valley"),
    ("beale", (1.0, 1.0), "slope"),
]


@pytest.mark.parametrize(("objective", "point", "kind"), GROUND)
def test_the_ground_is_what_the_textbook_says(objective, point, kind):
    assert kind == ground_at(Setup(objective=objective), point).kind


def test_under_the_cursor_stand_value_and_gradient():
    assert "(3, 4): f = 25, ∇f = (6, 8)" == str(read_off(Setup(), (3.0, 4.0)))


def test_a_cursor_where_f_is_undefined_says_so():
    setup = Setup(objective="", formula="log(x0) + x1", start=(1.0, 1.0))
    assert "undefined" in str(read_off(setup, (-1.0, 0.0)))
