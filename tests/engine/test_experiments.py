"""What experiments compute, say and show comes from the core and from the learner's values."""

from __future__ import annotations

import math
from typing import get_args

import numpy as np
import pytest

from tutor.charts.chart import Arrow, Line, Points
from tutor.core.objectives import objective_from_formula
from tutor.engine.drawing import downhill_field
from tutor.engine.experiments import RUNS, Result, run_experiment
from tutor.lesson.model import DescentExperiment, Experiment, GradientExperiment, SlopeExperiment

PARABOLA = SlopeExperiment(objective="shallow-parabola", x=5.0, h=1.0, show=("curve", "secant"))
ALL = ("curve", "tangent", "secant", "exact", "quotient")


def descend(**changes: object) -> DescentExperiment:
    return DescentExperiment(objective="sphere", start=(-3.0, 4.0), **changes)  # type: ignore[arg-type]


def layers(chart, role):
    return [layer for layer in chart.layers if getattr(layer, "role", None) == role]


@pytest.mark.parametrize("experiment", get_args(Experiment), ids=lambda kind: kind.__name__)
def test_every_kind_of_experiment_has_a_run_with_all_that_a_result_gives(experiment: type):
    wanted = {name for name in vars(Result) if not name.startswith("_")}
    assert len(wanted) > 7
    assert set() == {name for name in wanted if not hasattr(RUNS[experiment], name)}


def test_the_quotient_follows_h():
    """0.01x² + 0.1x at 5: the secant's slope is 0.2 + 0.01h."""
    quotients = [run_experiment(PARABOLA, {"h": h}).quantities["quotient"] for h in (1.0, 0.5)]
    assert pytest.approx([0.21, 0.205]) == quotients


def test_the_worked_line_has_this_steps_numbers():
    line = str(run_experiment(PARABOLA, {}).update_line)
    assert "(f(6) − f(5)) / 1 = (0.96 − 0.75) / 1 = 0.21" == line


def test_a_step_that_vanishes_is_named():
    """5 + 1e-49 is 5, in a sentence, and the quotient is 0."""
    run = run_experiment(PARABOLA, {"h": 1e-49})
    assert "5 + 1e−49 is 5" in str(run.sentence)
    assert 0.0 == run.quantities["quotient"]


def test_in_float32_a_small_step_is_lost_earlier():
    """1e-8 is seen beside 5 in float64, not in float32."""
    single = SlopeExperiment(objective="square", x=5.0, h=1e-8, precision="float32", show=ALL)
    assert "float32" in str(run_experiment(single, {}).sentence)
    double = SlopeExperiment(objective="square", x=5.0, h=1e-8, show=ALL)
    assert pytest.approx(10, abs=1e-6) == run_experiment(double, {}).quantities["quotient"]


@pytest.mark.parametrize(("slope", "words"), [(0.5, "below"), (-0.1, "above"), (0.2, "alike")])
def test_a_line_is_told_how_the_curve_runs_beside_it(slope, words):
    """At 5 the slope is 0.2: a steeper line leaves the curve below it on the right."""
    line = SlopeExperiment(objective="shallow-parabola", x=5.0, slope=0.0, show=("curve", "line"))
    assert words in str(run_experiment(line, {"slope": slope}).sentence)


def test_what_the_lesson_hides_is_not_said():
    line = SlopeExperiment(objective="shallow-parabola", x=5.0, slope=0.0, show=("curve", "line"))
    run = run_experiment(line, {})
    assert run.hides("error")
    assert "0.2" not in str(run.sentence)
    assert [] == layers(run.chart("curve"), "tangent")


def test_the_secant_goes_through_both_points():
    secant = layers(run_experiment(PARABOLA, {}).chart("curve"), "secant")
    line = next(layer for layer in secant if isinstance(layer, Line))
    slope = (line.y[1] - line.y[0]) / (line.x[1] - line.x[0])
    assert pytest.approx(0.21) == slope
    assert pytest.approx(0.75) == line.y[0] + slope * (5 - line.x[0])


def test_zooming_keeps_the_point_in_the_middle():
    axis = run_experiment(PARABOLA, {"zoom": 10.0}).chart("curve").x_axis.range
    assert axis is not None
    assert pytest.approx(5.0) == (axis.low + axis.high) / 2


def test_the_gradient_is_exact_and_points_uphill():
    """Of x0² + x1² at (3, 4): (6, 8); the arrow drawn has its direction."""
    bowl = GradientExperiment(objective="sphere", point=(3.0, 4.0), show=("uphill",))
    run = run_experiment(bowl, {})
    arrow = next(layer for layer in run.chart("contour").layers if isinstance(layer, Arrow))
    assert (6.0, 8.0) == (run.quantities["partial_x0"], run.quantities["partial_x1"])
    assert pytest.approx(8 / 6) == arrow.dy / arrow.dx
    assert arrow.dx > 0


def test_minus_the_gradient_does_not_point_at_the_minimum():
    """x0²/20 + x1² at (−7, 2): 64.1 degrees off."""
    valley = GradientExperiment(objective="elongated-bowl", point=(-7.0, 2.0))
    assert pytest.approx(64.13, abs=0.01) == run_experiment(valley, {}).quantities["angle"]


def test_a_step_uphill_raises_f():
    bowl = GradientExperiment(objective="sphere", point=(3.0, 4.0), show=("next-point",))
    run = run_experiment(bowl, {"learning_rate": -0.1})
    assert run.quantities["change"] > 0
    assert "rises" in str(run.sentence)


def test_where_the_gradient_vanishes_nothing_breaks():
    bowl = GradientExperiment(objective="sphere", point=(0.0, 0.0), show=("uphill", "minimizer"))
    run = run_experiment(bowl, {})
    assert math.isnan(run.quantities["angle"])
    assert "no direction" in str(run.sentence)


def test_a_descent_follows_its_learning_rate_and_start():
    """The published first points: (−2.4, 3.2), (−1.92, 2.56)."""
    points = run_experiment(descend(steps=2), {}).run.points
    np.testing.assert_allclose([[-3, 4], [-2.4, 3.2], [-1.92, 2.56]], points, rtol=1e-14)
    moved = run_experiment(descend(steps=1), {"x0": 1.0, "learning_rate": 0.25})
    np.testing.assert_allclose([0.5, 2.0], moved.run.points[-1])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"learning_rate": 0.1, "steps": 20}, "left 0.8 of the distance"),
        ({"learning_rate": 1.0, "steps": 20}, "Ping-pong"),
        ({"learning_rate": 1.01, "steps": 100}, "1.02"),
        ({"learning_rate": 10.0, "steps": 100, "gradient": "numerical"}, "Frozen since step 10"),
        ({"learning_rate": 1e9, "steps": 100}, "1.8e308"),
        ({"learning_rate": 1e-10, "steps": 100}, "moved"),
    ],
)
def test_every_end_is_explained(changes, words):
    """Divergence, overflow, ping-pong, freeze and crawl are named, with their numbers."""
    assert words in str(run_experiment(descend(**changes), {}).sentence)


def test_divergence_names_the_largest_safe_learning_rate():
    """|1 − 2η| < 1 on x0² + x1²: η below 1."""
    assert "the largest safe η is 2/λ = 1." in str(
        run_experiment(descend(learning_rate=1.5), {}).sentence
    )


def test_another_valley_is_not_called_the_minimum():
    stuck = DescentExperiment(objective="double-well", start=(1.5,), learning_rate=0.05, steps=60)
    assert "another valley" in str(run_experiment(stuck, {}).sentence)


@pytest.mark.parametrize("rate", [1e9, 10.0, 1.01])
def test_the_axes_of_a_diverging_run_stay_sane(rate):
    """The loss stands on a log axis that ends; the path's window is the surface's."""
    run = run_experiment(descend(learning_rate=rate, steps=100), {})
    loss, path = run.chart("loss-curve").y_axis, run.chart("descent-path").x_axis.range
    assert "log" == loss.scale
    assert loss.range is not None
    assert math.isfinite(loss.range.high)
    assert path is not None
    assert path.high < 100


def test_before_the_reveal_a_prediction_shows_only_the_start():
    run = run_experiment(descend(steps=20), {})
    path = layers(run.teaser("descent-path", "final-point"), "path")
    assert all(layer.x.size <= 1 for layer in path if isinstance(layer, Line | Points))
    assert 1 == sum(p.x.size for p in run.teaser("loss-curve", "step-number").layers[:1])


def test_a_formula_serves_as_well_as_a_name():
    typed = DescentExperiment(formula="x0**2 + x1**2", start=(-3.0, 4.0), steps=5)
    named = run_experiment(descend(steps=5), {}).run.points
    np.testing.assert_allclose(named, run_experiment(typed, {}).run.points)


def test_no_arrow_stands_where_f_is_not_defined():
    """log(x0) has the slope 1/x0 below 0 too, but no height: nothing leads down there."""
    field = downhill_field(objective_from_formula("log(x0) + x1**2"))
    arrows = field.direction(np.array([[-1.0, 1.0], [1.0, 1.0]]))
    assert np.isnan(arrows[:, 0]).all()
    np.testing.assert_allclose([-1.0, -2.0], arrows[:, 1])
