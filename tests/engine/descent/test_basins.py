"""Stationary points and edges of basins: several answers are right, and the nearest counts."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from tutor.charts.chart import Points, Regions
from tutor.core.descent import gradient_descent
from tutor.core.objectives import objective
from tutor.engine.descent.maps import basins, basins_of, edges as edges_of
from tutor.engine.descent.setup import setup_of_descent
from tutor.engine.experiments import run_experiment
from tutor.engine.kinds.picking import picked_values
from tutor.engine.kinds.predict import (
    guess_controls,
    predicted_chart,
    revealed_words,
    right_answers,
    true_answer,
)
from tutor.engine.lesson import events as ev
from tutor.engine.lesson.advance import advance, begin
from tutor.engine.lesson.controls import Control
from tutor.engine.lesson.view import StepView
from tutor.lesson.model import (
    DescentExperiment,
    GradientExperiment,
    Lesson,
    PredictStep,
    SlopeExperiment,
)

WELL = SlopeExperiment(objective="double-well", x=-1.5)
HILLS = GradientExperiment(objective="himmelblau", point=(0.0, 0.0))
DESCENT = DescentExperiment(
    objective="double-well", start=(-1.5,), learning_rate=0.05, steps=100
)  # fmt: skip


def asked(experiment, ask="stationary-point", **changes):
    return PredictStep(**{
        "kind": "predict", "id": "p", "body": "?", "experiment": experiment, "charts": ("curve",),
        "ask": ask, "tolerance": 0.1, "right": "Yes.", "wrong": "No.", **changes,
    })  # fmt: skip


def edges(experiment):
    return edges_of(setup_of_descent(experiment))


def truth(step, guess):
    return true_answer(step, run_experiment(step.experiment, {}), guess)


def marks(chart, role):
    found = [each for each in chart.layers if isinstance(each, Points) and each.role == role]
    return [(x, y) for each in found for x, y in zip(each.x.tolist(), each.y.tolist(), strict=True)]


@pytest.mark.parametrize("guess", [-2.0, -0.9, 0.0, 0.3, 0.7, 2.0])
def test_the_stationary_point_nearest_to_the_guess_is_the_truth(guess):
    """4x³ − 4x + 0.3 = 0 has three roots."""
    roots = np.roots([4, 0, -4, 0.3])
    nearest = min(roots, key=lambda root: abs(root - guess))
    assert pytest.approx(nearest, abs=1e-9) == truth(asked(WELL), (guess,))[0]


@pytest.mark.parametrize(
    ("kind", "count"), [("any", 9), ("minimum", 4), ("maximum", 1), ("saddle", 4)]
)
def test_only_the_kind_asked_for_counts(kind, count):
    """Himmelblau's function: four minima, one maximum, four saddles."""
    step = asked(HILLS, kind_of_point=kind)
    answers = right_answers(step, run_experiment(HILLS, {}))
    assert count == len(answers)
    for answer in answers:
        np.testing.assert_allclose(objective("himmelblau").gradient(answer), 0, atol=1e-6)


def test_an_inflection_is_the_saddle_of_one_variable():
    cubic = asked(SlopeExperiment(objective="cubic", x=1.0), kind_of_point="saddle")
    assert (0.0,) == pytest.approx(truth(cubic, (1.0,)), abs=1e-4)


def test_only_points_in_the_window_count():
    step = asked(SlopeExperiment(objective="double-well", x=0.5, window=(0.5, 1.5)))
    assert 1 == len(right_answers(step, run_experiment(step.experiment, {})))


def test_where_there_is_no_such_point_no_guess_is_right():
    step = asked(SlopeExperiment(objective="exp", x=0.0))
    assert (math.inf,) == truth(step, (0.0,))


def test_the_reveal_marks_every_point_by_its_kind():
    step, run = asked(HILLS, kind_of_point="minimum"), run_experiment(HILLS, {})
    chart = predicted_chart(step, run, "contour", (3.0, 2.2), revealed=True)
    counts = [len(marks(chart, role)) for role in ("minimizer", "maximum", "saddle", "truth")]
    assert [4, 1, 4, 1] == counts
    assert (3.0, 2.0) == pytest.approx(marks(chart, "truth")[0])
    before = predicted_chart(step, run, "contour", (3.0, 2.2), revealed=False)
    assert ["guess"] == [each.role for each in before.layers if isinstance(each, Points)]


def test_on_the_curve_the_marks_lie_on_it():
    run = run_experiment(WELL, {})
    chart = predicted_chart(asked(WELL), run, "curve", (0.3,), revealed=True)
    for x, y in marks(chart, "minimizer") + marks(chart, "maximum") + marks(chart, "guess"):
        assert pytest.approx(objective("double-well").value(x)) == y


def test_the_words_after_the_reveal_tell_the_kinds():
    run = run_experiment(WELL, {})
    few, update = revealed_words(asked(WELL), run, (0.3,))
    assert "minimum at −1.04, minimum at 0.96, maximum at 0.0754" in str(few)
    assert "Nearest to your guess: maximum at 0.0754" in str(few)
    assert "" == update
    many, _ = revealed_words(asked(HILLS), run_experiment(HILLS, {}), (3.0, 2.2))
    assert "minimum: 4, maximum: 1, saddle: 4" in str(many)
    mean, _ = revealed_words(asked(WELL, kind_of_point="minimum"), run, (0.3,))
    assert "The nearest minimum: 0.96." in str(mean)


def test_a_click_moves_the_guess_on_curve_and_contour():
    for step, chart, y in ((asked(WELL), "curve", 3.0), (asked(HILLS), "contour", -1.0)):
        controls = guess_controls(step)
        picked = picked_values(step, controls, chart, 0.5, y)
        assert {control.name for control in controls} == set(picked)
        assert pytest.approx(0.5, abs=controls[0].tick) == picked["x0"]


@pytest.mark.parametrize("guess", [-1.0, 0.9])
def test_the_guess_is_judged_by_the_point_that_it_is_nearest_to(guess):
    step = asked(WELL)
    lesson = Lesson(format=1, id="a/b", title="t", summary="s", minutes=1, objectives=("o",),
                    steps=(step,))  # fmt: skip
    run, _ = advance(begin(lesson, 1), ev.ParameterChanged("x0", guess))
    run, _ = advance(run, ev.Predicted("low"))
    assert run.state.verdict is not None
    assert run.state.verdict.correct
    assert "Nearest" in str(StepView(run).told[0])


# Edges


def test_the_edge_of_the_wells_is_the_top_between_them():
    """With small steps a start goes down the side on which it stands."""
    (edge,) = edges(DESCENT)
    top = sorted(np.roots([4, 0, -4, 0.3]).real)[1]
    assert pytest.approx(top, abs=1e-6) == edge.x
    assert (-1.0355787, 0.9601491) == pytest.approx((edge.left, edge.right), abs=1e-5)


@pytest.mark.parametrize(
    "changes",
    [
        {"learning_rate": 0.2},
        {"optimizer": "momentum", "learning_rate": 0.05},
        {"optimizer": "adam", "learning_rate": 0.2, "steps": 300},
        {"gradient": "numerical", "h": 0.1},
        {"schedule": "cosine", "learning_rate": 0.2},
    ],
)
def test_on_either_side_of_an_edge_the_cores_run_ends_elsewhere(changes):
    """Each edge is checked by single runs, a millionth of the window to its left and right."""
    experiment = DescentExperiment(**{**vars(DESCENT), **changes})
    found = edges(experiment)
    assert found
    for edge in found:
        for side, end in ((-4e-6, edge.left), (4e-6, edge.right)):
            setting = DescentExperiment(**{**vars(experiment), "start": (edge.x + side,)})
            assert pytest.approx(end, abs=0.3) == run_experiment(setting, {}).quantities["x0"]


def test_a_start_that_stays_on_the_top_is_itself_the_edge():
    """x⁴ − 2x²: the search comes upon 0, which does not move."""
    even = DescentExperiment(formula="x**4 - 2*x**2", start=(1.0,), learning_rate=0.05,
                             window=(-2.0, 2.0, -1.0, 3.0))  # fmt: skip
    (edge,) = edges(DescentExperiment(**{**vars(even), "steps": 200}))
    assert pytest.approx(0.0, abs=1e-6) == edge.x
    assert 0.0 == gradient_descent(lambda x: x**4 - 2 * x**2, 0.0, steps=9,
                                   gradient=lambda x: 4 * x**3 - 4 * x).points[-1]  # fmt: skip


def test_of_several_edges_the_nearest_to_the_guess_is_the_truth():
    """Tops of sin at −3π/2, π/2 (and 5π/2 outside)."""
    waves = DescentExperiment(objective="sin", start=(0.0,), learning_rate=0.5, steps=100)
    step = asked(waves, "basin-edge", charts=("descent-path",))
    assert pytest.approx(math.pi / 2, abs=1e-4) == truth(step, (3.0,))[0]
    assert pytest.approx(-3 * math.pi / 2, abs=1e-4) == truth(step, (-3.0,))[0]
    words, _ = revealed_words(step, run_experiment(waves, {}), (3.0,))
    assert "The edge is at 1.571" in str(words)


def test_one_valley_has_no_edge():
    assert () == edges(DescentExperiment(objective="square", start=(1.0,)))


def test_the_edge_is_marked_on_the_curve():
    step, run = asked(DESCENT, "basin-edge"), run_experiment(DESCENT, {})
    ((x, y),) = marks(predicted_chart(step, run, "descent-path", (1.0,), revealed=True), "truth")
    assert pytest.approx(0.0754, abs=1e-3) == x
    assert pytest.approx(objective("double-well").value(x)) == y


# The map


def regions(chart):
    return next(each for each in chart.backdrop.layers if isinstance(each, Regions))


def test_the_map_of_one_variable_changes_at_the_edge():
    numbers = regions(run_experiment(DESCENT, {}).chart("basins")).numbers[0]
    starts = -1.8 + 3.6 * (np.arange(numbers.size) + 0.5) / numbers.size
    assert starts[np.flatnonzero(np.diff(numbers))] == pytest.approx([0.0754], abs=3.6 / 100)


def test_a_region_of_the_map_ends_where_a_run_from_it_does():
    experiment = DescentExperiment(objective="himmelblau", start=(0.0, 0.0), learning_rate=0.01,
                                   steps=100)  # fmt: skip
    map_of_starts = regions(run_experiment(experiment, {}).chart("basins"))
    rows, columns = map_of_starts.numbers.shape
    for row, column in ((1, 2), (rows - 2, 3), (rows // 3, columns - 2)):
        x0, x1 = -5 + 10 * (column + 0.5) / columns, -5 + 10 * (row + 0.5) / rows
        quantities = run_experiment(experiment, {"x0": x0, "x1": x1}).quantities
        label = str(map_of_starts.labels[map_of_starts.numbers[row, column]])
        named = [float(each) for each in label.replace("−", "-").strip("()").split(", ")]
        assert pytest.approx(named, abs=0.01) == [quantities["x0"], quantities["x1"]]


@pytest.mark.parametrize("steps", [5, 20, 100])
@pytest.mark.parametrize("rate", [0.01, 0.05, 0.2, 0.25, 0.3])
def test_the_edges_of_the_wells_are_those_of_the_map(rate, steps):
    """The lab's map, the lesson's and the edges: one rule says where a start has ended.

    At η = 0.25 the left well is too steep (2/8.87 = 0.2255): runs swing in it and end nowhere.
    """
    setup = setup_of_descent(replace(DESCENT, learning_rate=rate, steps=steps))
    *_, found = basins(setup, 400, 1)
    assert found.numbers.tolist() == basins_of(setup).numbers.tolist()
    ends = [found.ends[k][0] if k >= 0 else None for k in found.numbers[0]]
    known = [k for k, end in enumerate(ends) if end is not None]
    borders = [(a, b) for a, b in pairwise(known) if ends[a] != ends[b] and b - a <= 3]
    for a, b in borders:
        between = [edge for edge in edges_of(setup) if found.x0[a] <= edge.x <= found.x0[b]]
        assert (ends[a], ends[b]) == (between[0].left, between[-1].right)
    assert bool(borders) == bool(edges_of(setup))


def test_before_the_reveal_the_map_is_bare():
    chart = run_experiment(DESCENT, {}).teaser("basins", "basin-edge")
    assert not any(isinstance(each, Regions) for each in chart.backdrop.layers)


def test_all_starts_of_a_setting_share_one_map():
    keys = {run_experiment(DESCENT, {"x0": x}).chart("basins").backdrop.key for x in (0.5, -1.0)}
    assert 1 == len(keys)


def test_one_variable_is_called_x():
    assert ["x"] == [control.label for control in guess_controls(asked(DESCENT, "basin-edge"))]
    assert isinstance(guess_controls(asked(WELL))[0], Control)
