"""Every chart that a lesson can show is told in words, from its data."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

from tutor.charts.chart import (
    DIVERGES,
    Arrow,
    ArrowField,
    Axis,
    AxisRange,
    Band,
    Bars,
    Chart,
    ContourLayer,
    Entry,
    Guide,
    Layer,
    Line,
    Pictures,
    Points,
    Regions,
    Table,
)
from tutor.engine import narration
from tutor.engine.experiments import run_experiment
from tutor.engine.narration import narrate
from tutor.i18n import render
from tutor.lesson.abilities import abilities_of
from tutor.lesson.model import (
    CheckExperiment,
    DescentExperiment,
    GradientExperiment,
    NetworkExperiment,
    SlopeExperiment,
    TrainingExperiment,
)

SQUARE = AxisRange(-2.0, 2.0)


def told(*layers: Layer, log: bool = False) -> list[str]:
    axis = Axis("x", SQUARE)
    up = Axis("y", AxisRange(0.1, 10.0), "log") if log else Axis("y", SQUARE)
    return [render(text) for text in narrate(Chart("f(x) = x²", axis, up, layers))]


def test_the_axes_come_first():
    expected = "Chart: f(x) = x². Across x from −2 to 2; up y from −2 to 2."
    assert [expected] == told()


def test_a_logarithmic_axis_is_said_to_be_one():
    assert told(log=True)[0].endswith("up y from 0.1 to 10, in powers of ten.")


def test_a_point_is_told_by_its_place():
    assert "truth at (1, −1)." == told(Points(np.array([1.0]), np.array([-1.0]), "truth"))[1]


def test_a_label_goes_before_the_role():
    points = Points(np.array([1.0]), np.array([-1.0]), "truth", "here it is")
    assert "here it is at (1, −1)." == told(points)[1]


def test_a_line_is_told_by_its_ends_and_its_lowest_place():
    x = np.linspace(-1.0, 1.0, 5)
    assert ["the curve: from (−1, 1) to (1, 1).", "Its lowest place is (0, 0)."] == told(
        Line(x, x**2, "curve")
    )[1:]


def test_a_line_is_told_by_its_highest_place_and_where_it_leaves_the_chart():
    x = np.linspace(-1.0, 1.0, 5)
    assert ["Its highest place is (0, 3).", "It leaves the chart at (−0.5, 2.25)."] == told(
        Line(x, 3 - 3 * x**2, "curve")
    )[2:]


def test_gaps_in_a_line_are_passed_over():
    line = Line(np.array([np.nan, 0.0, 1.0]), np.array([0.0, 0.0, 1.0]), "line")
    assert "the line: from (0, 0) to (1, 1)." == told(line)[1]


def test_an_arrow_is_told_by_its_ends_and_its_angle():
    assert (
        "downhill: an arrow from (0, 0) to (0, 1), 90° from the axis across."
        == told(Arrow(0.0, 0.0, 0.0, 1.0, "downhill"))[1]
    )


def test_contour_lines_tell_where_the_ground_is_low_and_high():
    bowl = ContourLayer(lambda points: (points**2).sum(axis=0))
    assert (
        "Contour lines: the ground is lowest near (0, 0) (0) and highest near (−2, −2) (8)."
        == told(bowl)[1]
    )


def test_ground_without_a_value_says_nothing():
    assert 1 == len(told(ContourLayer(lambda points: points[0] * np.nan)))


def test_an_arrow_field_tells_where_it_points():
    told_of = told(ArrowField(lambda points: -points))[1]
    assert "at (−1, 0) they point 0°, at (1, 0) 180°" in told_of.replace("−180", "180")


def test_regions_tell_their_share():
    regions = Regions(np.array([[0, 0], [1, DIVERGES]]), SQUARE, SQUARE, ("left", "right"))
    assert [
        "The part from where it flies away covers 25 % of the ground.",
        "Region A (left) covers 50 % of the ground.",
        "Region B (right) covers 25 % of the ground.",
    ] == told(regions)[1:]


def test_a_band_and_a_guide_tell_their_places():
    assert ["safe: from 0 to 1 across.", "limit at 1."] == told(
        Band(0.0, 1.0, "safe"), Guide("limit", x=1.0, label="limit")
    )[1:]


def test_bars_tell_their_places_and_heights():
    axis = Axis("", AxisRange(-0.5, 1.5), labels=("left", "right"))
    bars = Bars(np.array([0.0, 1.0]), np.array([0.25, np.nan]), "curve", "share")
    chart = Chart("two", axis, Axis("y", SQUARE), (bars,))
    assert [
        "Chart: two. Across, from 0 on: left, right; up y from −2 to 2.",
        "share: 0.25 (0).",
    ] == [render(text) for text in narrate(chart)]


def test_a_table_is_read_row_by_row_and_its_marks_by_place():
    table = Table("dW", np.array([[0.25, -1.0]]), ("x0",), ("class 0", "class 1"))
    marked = told(table, Entry(0, 1, "guess"))
    assert ["f(x) = x².", "dW, x0: class 0 0.25, class 1 −1.",
            "your guess: row 0, column 1."] == marked  # fmt: skip


def test_pictures_that_are_alike_are_said_to_be():
    twins = np.zeros((2, 8, 8))
    assert "2 small pictures: a, b." == told(Pictures(twins, ("a", "b")))[1]
    assert "All the pictures are alike." == told(Pictures(twins, ("a", "b")))[2]
    twins[1, 0, 0] = 1.0
    assert 2 == len(told(Pictures(twins, ("a", "b"))))


@pytest.mark.parametrize("kind", get_args(Layer), ids=lambda kind: kind.__name__)
def test_every_kind_of_layer_has_its_own_words(kind: type):
    assert narration.layer_words.dispatch(kind) is not narration.layer_words.dispatch(object)


@pytest.mark.parametrize(
    "experiment",
    [
        SlopeExperiment(objective="shallow-parabola", x=5.0),
        GradientExperiment(objective="sphere", point=(3.0, 4.0)),
        DescentExperiment(objective="sphere", start=(-3.0, 4.0)),
        DescentExperiment(objective="square", start=(3.0,)),
        NetworkExperiment(weights=((0.5, 1.0, 0.8), (0.9, 0.0, 0.7)), steps=2),
        TrainingExperiment(data="digits", epochs=2),
        CheckExperiment(layers=(3, 4, 2)),
    ],
    ids=lambda experiment: type(experiment).__name__,
)
def test_every_chart_of_an_experiment_is_told(experiment):
    for name in abilities_of(experiment).charts:
        sentences = [render(text) for text in narrate(run_experiment(experiment, {}).chart(name))]
        assert len(sentences) > 1
        assert all(not sentence.startswith(":") for sentence in sentences)


def test_a_surface_in_space_says_from_where_it_is_seen():
    experiment = GradientExperiment(objective="sphere", point=(1.0, 1.0), window=(-3, 3, -2, 2))
    told = {name: told_of(experiment, name) for name in ("surface", "contour")}
    assert (
        "44° from above; the corner (3, −2) is in front, the corner (−3, 2) behind"
        in told["surface"]
    )
    assert "lowest near" in told["surface"]
    assert "in space" not in told["contour"]


def told_of(experiment, name) -> str:
    """A chart of an experiment in words."""
    return " ".join(map(render, narrate(run_experiment(experiment, {}).chart(name))))
