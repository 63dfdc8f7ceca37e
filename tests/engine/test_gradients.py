"""Slices through a surface, partial derivatives guessed on them, curvatures."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from tutor.charts.chart import Guide, Line
from tutor.core.derivatives.differentiate import derivative
from tutor.core.objectives import objective
from tutor.engine.experiments import run_experiment
from tutor.engine.kinds import kind_of
from tutor.engine.kinds.picking import picked_values
from tutor.engine.kinds.predict import guess_controls, predicted_chart, true_answer
from tutor.lesson.model import (
    ExperimentStep,
    GradientExperiment,
    Parameter,
    PredictStep,
    SlopeExperiment,
)

POINT = GradientExperiment(objective="himmelblau", point=(1.5, -2.0), show=("slices",))


def asked(ask, **changes):
    return PredictStep(**{
        "kind": "predict", "id": "p", "body": "?", "experiment": POINT,
        "charts": ("contour", "slice-x0", "slice-x1"), "ask": ask, "guess_range": (-90.0, 90.0),
        "tolerance": 1.0, "right": "Yes.", "wrong": "No.", **changes,
    })  # fmt: skip


def lines(chart, role):
    return [layer for layer in chart.layers if isinstance(layer, Line) and layer.role == role]


@pytest.mark.parametrize(
    ("show", "expected"),
    [(("downhill",), True), (("uphill", "next-point"), True), ((), True),
     (("arrow-field", "next-point"), False), (("slices",), False)],
)  # fmt: skip
def test_scales_are_equal_where_right_angles_are_the_subject(show, expected):
    """The same before an answer as after it, so that nothing jumps."""
    made = run_experiment(replace(POINT, show=show), {})
    charts = made.chart("contour"), made.teaser("contour", "next-point")
    assert [expected] * 2 == [chart.equal_aspect for chart in charts]


@pytest.mark.parametrize("variable", [0, 1])
def test_a_slice_is_f_along_one_variable_with_the_other_held(variable):
    chart = run_experiment(POINT, {}).chart(f"slice-x{variable}")
    (curve,) = chart.backdrop.layers
    for x, height in list(zip(curve.x, curve.y, strict=True))[::40]:
        place = list(POINT.point)
        place[variable] = x
        assert pytest.approx(objective("himmelblau").value(place)) == height
    assert (-5.0, 5.0) == (chart.x_axis.range.low, chart.x_axis.range.high)


@pytest.mark.parametrize("variable", [0, 1])
def test_the_tangent_of_a_slice_has_the_partial_derivative_as_slope(variable):
    """By a second method: the numerical derivative of the slice itself."""

    def along(x):
        place = np.array(POINT.point)
        place[variable] = x
        return objective("himmelblau").value(place)

    (tangent,) = lines(run_experiment(POINT, {}).chart(f"slice-x{variable}"), "tangent")
    slope = (tangent.y[-1] - tangent.y[0]) / (tangent.x[-1] - tangent.x[0])
    assert pytest.approx(derivative(along, POINT.point[variable]).value, rel=1e-8) == slope


def test_the_held_coordinate_stands_in_the_title():
    titles = [str(run_experiment(POINT, {}).chart(f"slice-x{i}").title) for i in (0, 1)]
    assert ["f(x₀, −2)", "f(1.5, x₁)"] == titles


def test_the_slices_run_through_the_point_on_the_contour():
    guides = [g for g in run_experiment(POINT, {}).chart("contour").layers if isinstance(g, Guide)]
    assert [(None, -2.0), (1.5, None)] == [(guide.x, guide.y) for guide in guides]


def test_with_slices_alone_the_gradient_is_not_spoken_of():
    words = str(run_experiment(POINT, {}).sentence)
    assert "∇f" not in words
    assert "with x₁ held, the slope is" in words


@pytest.mark.parametrize("name", ["x0", "x1"])
def test_a_partial_is_asked_for_on_its_slice(name):
    run, step = run_experiment(POINT, {}), asked(f"partial-{name}")
    assert (run.quantities[f"partial_{name}"],) == true_answer(step, run)
    before = predicted_chart(step, run, f"slice-{name}", (2.0,), revealed=False)
    assert [] == lines(before, "tangent") + lines(before, "truth")
    (guess,) = lines(before, "guess")
    assert pytest.approx(2.0) == (guess.y[-1] - guess.y[0]) / (guess.x[-1] - guess.x[0])
    after = predicted_chart(step, run, f"slice-{name}", (2.0,), revealed=True)
    assert 1 == len(lines(after, "truth"))


def test_the_other_slice_keeps_still():
    run, step = run_experiment(POINT, {}), asked("partial-x0")
    assert [] == lines(predicted_chart(step, run, "slice-x1", (2.0,), revealed=False), "guess")


def test_a_click_on_the_slice_tilts_the_line_through_the_place():
    step = asked("partial-x1")
    (control,) = guess_controls(step)
    height = run_experiment(POINT, {}).quantities["height"]
    picked = picked_values(step, (control,), "slice-x1", -1.0, height + 30.0)
    assert pytest.approx(30.0, abs=control.tick) == picked["guess"]
    assert {} == picked_values(step, (control,), "slice-x0", 3.0, height)
    assert {} == picked_values(step, (control,), "slice-x1", -2.0, height + 1.0)


def test_a_click_on_a_slice_moves_the_point_of_an_experiment():
    parameter = Parameter(name="x1", label="x₁", value=0.0, range=(-5.0, 5.0))
    step = ExperimentStep(kind="experiment", id="e", body="!", experiment=POINT,
                          charts=("slice-x1",), parameters=(parameter,))  # fmt: skip
    assert {"x1": -1.0} == picked_values(step, kind_of(step).controls(step), "slice-x1", -1.0, 7.0)


def test_the_curvatures_are_those_of_the_hessian():
    """x0²/20 + x1²: 0.1 and 2; x0² − x1²: −2 and 2."""
    for name, expected in (("elongated-bowl", (0.1, 2.0)), ("saddle", (-2.0, 2.0))):
        run = run_experiment(GradientExperiment(objective=name, point=(1.0, 1.0)), {})
        found = run.quantities["curvature_low"], run.quantities["curvature_high"]
        assert pytest.approx(expected) == found


def test_the_curvature_of_a_curve_is_its_second_derivative():
    """x³ at 2: 6·2."""
    run = run_experiment(SlopeExperiment(objective="cubic", x=2.0), {})
    assert pytest.approx(12.0) == run.quantities["curvature"]


def test_where_f_has_no_curvature_it_is_no_number():
    sharp = run_experiment(GradientExperiment(formula="sqrt(x0) + x1", point=(0.0, 1.0)), {})
    assert math.isnan(sharp.quantities["curvature_high"])
