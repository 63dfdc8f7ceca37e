"""A lesson's experiment opens in the lab as it stands in the lesson."""

import numpy as np

from tutor.engine.descent.run import run
from tutor.engine.descent.setup import rivals_of, setup_of
from tutor.engine.experiments import run_experiment
from tutor.lesson.model import DescentExperiment, GradientExperiment, Rival, SlopeExperiment


def test_a_descent_makes_the_same_points_as_in_the_lesson():
    experiment = DescentExperiment(objective="sphere", start=(-3.0, 4.0), gradient="numerical",
                                   window=(-5.0, 5.0, -4.0, 6.0))  # fmt: skip
    values = {"learning_rate": 0.3, "steps": 12.0, "x1": 2.0, "h": 1e-3}
    made = run(setup_of(experiment, values))
    expected = run_experiment(experiment, values).quantities
    assert (12, (-3.0, 2.0), (-5.0, 5.0, -4.0, 6.0)) == (
        made.steps_done, made.setup.start, made.setup.window
    )  # fmt: skip
    assert [expected["x0"], expected["x1"]] == made.points[-1].tolist()


def test_a_gradient_steps_first_as_in_the_lesson():
    experiment = GradientExperiment(objective="elongated-bowl", point=(-7.0, 2.0))
    values = {"learning_rate": 0.5, "x0": 5.0}
    made = run(setup_of(experiment, values))
    expected = run_experiment(experiment, values).quantities
    assert [expected["next_x0"], expected["next_x1"]] == made.points[1].tolist()


def test_a_slope_becomes_a_start_with_the_gradient_of_its_h():
    experiment = SlopeExperiment(formula="x**2 - x", x=2.0, method="central", window=(-1.0, 3.0))
    made = run(setup_of(experiment, {"h": 0.5, "x": 1.5}))
    assert ((1.5,), 0.5, (-1.0, 3.0)) == (
        made.setup.start, made.setup.rule.h, made.setup.window
    )  # fmt: skip
    assert (
        run_experiment(experiment, {"h": 0.5, "x": 1.5}).quantities["quotient"]
        == (made.gradients[0, 0])
    )
    assert np.isfinite(made.values).all()


def test_a_guess_moves_nothing():
    experiment = SlopeExperiment(objective="square", x=1.0)
    assert setup_of(experiment, {}) == setup_of(experiment, {"guess": 3.0})


def test_momentum_and_schedule_go_into_the_lab_with_the_learners_values():
    experiment = DescentExperiment(objective="elongated-bowl", start=(-7.0, 2.0), steps=40,
                                   optimizer="momentum", schedule="cosine")  # fmt: skip
    values = {"momentum": 0.5}
    made = run(setup_of(experiment, values))
    expected = run_experiment(experiment, values).quantities
    np.testing.assert_allclose([expected["x0"], expected["x1"]], made.points[-1], rtol=1e-12)


def test_rivals_stand_beside_the_run_in_the_lab_too():
    rivals = (Rival(label="Adam", optimizer="adam"), Rival(label="right", start=(7.0, 2.0)))
    experiment = DescentExperiment(objective="elongated-bowl", start=(-7.0, 2.0), rivals=rivals)
    made = rivals_of(experiment, {"learning_rate": 0.3, "guess": 1.0})
    assert [("adam", (-7.0, 2.0), 0.3), ("gradient-descent", (7.0, 2.0), 0.3)] == [
        (each.rule.optimizer, each.start, each.rule.learning_rate) for each in made
    ]
    assert () == rivals_of(SlopeExperiment(objective="square", x=1.0), {})
