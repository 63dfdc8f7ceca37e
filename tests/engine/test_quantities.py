"""Any number of an experiment can be asked for, and is drawn where the chart shows it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import get_args

import pytest

from tests.engine.lessons import GUESS, LESSON
from tutor.charts.chart import Guide
from tutor.engine.experiments import run_experiment
from tutor.engine.kinds import kind_of
from tutor.engine.kinds.picking import direction_of, picked_values, quantity_layers
from tutor.engine.kinds.predict import predicted_chart
from tutor.engine.lesson import events as ev
from tutor.engine.lesson.advance import advance, begin
from tutor.engine.lesson.run import LessonRun
from tutor.engine.lesson.view import StepView
from tutor.lesson.experiments import ChartName, Quantity
from tutor.lesson.model import DescentExperiment, SlopeExperiment

FIVE = DescentExperiment(objective="sphere", start=(-3.0, 4.0), learning_rate=0.1, steps=5)
LOSS = 25 * 0.64**5
HOW_HIGH = replace(
    GUESS, experiment=FIVE, charts=("loss-curve",), ask="quantity", of="loss",
    guess_range=(0.0, 25.0), tolerance=0.5,
)  # fmt: skip


def guessed(value: float) -> LessonRun:
    run = begin(replace(LESSON, steps=(HOW_HIGH,)), seed=1)
    for event in (ev.ParameterChanged("guess", value), ev.Predicted("medium")):
        run, _ = advance(run, event)
    return run


def test_the_truth_is_the_quantity_of_the_run():
    run = guessed(3.0)
    assert run.state.verdict.correct
    assert pytest.approx(3.0 - LOSS) == run.state.verdict.miss


@pytest.mark.parametrize(
    ("steps", "start", "worst"),
    # From 3 in steps of 0.4 on |x|: 3, 2.6, ... 0.2, -0.2, 0.2 ...; from 2.9 it hops between
    # 0.1 and -0.3. A run of five points is judged whole.
    [(60, 3.0, 0.2), (60, 2.9, 0.3), (61, 2.9, 0.3), (4, 3.0, 3.0)],
)
def test_the_worst_of_the_last_ten_steps_is_not_passed_by_luck(
    steps: int, start: float, worst: float
):
    swinging = DescentExperiment(objective="abs", start=(start,), learning_rate=0.4, steps=steps)
    assert pytest.approx(worst) == run_experiment(swinging, {}).quantities["worst_loss"]


def test_a_miss_is_told_with_the_true_number():
    assert "Off by 7.3: it is 2.684." == str(StepView(guessed(10.0)).words.said.words)


def test_guess_and_truth_are_level_lines_on_the_loss_curve():
    run = guessed(10.0)
    chart = predicted_chart(HOW_HIGH, run.state.result, "loss-curve", (10.0,), revealed=True)
    levels = {layer.role: layer.y for layer in chart.layers if isinstance(layer, Guide)}
    assert {"guess": 10.0, "truth": pytest.approx(LOSS)} == levels


def test_the_truth_is_not_drawn_before_the_guess():
    run = begin(replace(LESSON, steps=(HOW_HIGH,)), seed=1)
    chart = predicted_chart(HOW_HIGH, run.state.result, "loss-curve", (10.0,), revealed=False)
    assert ["guess"] == [layer.role for layer in chart.layers if isinstance(layer, Guide)]


def test_a_quantity_without_a_place_on_the_chart_is_told_in_numbers_alone():
    assert () == quantity_layers("loss-curve", "angle", 3.0, "truth")
    assert () == quantity_layers("loss-curve", "loss", math.inf, "truth")


def test_an_upright_quantity_stands_on_its_axis():
    (layer,) = quantity_layers("error-curve", "h", 1e-5, "guess")
    assert (1e-5, None) == (layer.x, layer.y)


def test_every_place_names_a_chart_and_a_quantity_of_the_model():
    from tutor.engine.kinds.picking import _PLACES

    assert set(_PLACES) <= set(get_args(ChartName))
    assert {name for places in _PLACES.values() for name in places} <= set(get_args(Quantity))


def test_a_click_on_the_chart_is_a_guess():
    controls = kind_of(HOW_HIGH).controls(HOW_HIGH)
    assert {"guess": 12.0} == picked_values(HOW_HIGH, controls, "loss-curve", 2.0, 12.0)
    assert direction_of("descent-path", "loss") is None
    assert {} == picked_values(HOW_HIGH, controls, "descent-path", 2.0, 12.0)


@pytest.mark.parametrize(
    ("ends", "log", "start"),
    [((0.0, 25.0), False, 0.0), ((1.0, 1000.0), False, 1.0), ((1e-12, 1.0), True, 1e-6)],
)
def test_more_than_three_decades_are_turned_on_a_log_scale(ends, log, start):
    (control,) = kind_of(HOW_HIGH).controls(replace(HOW_HIGH, guess_range=ends))
    assert (log, start) == (control.log, control.start)


def test_a_count_is_guessed_in_whole_numbers():
    (control,) = kind_of(HOW_HIGH).controls(replace(HOW_HIGH, of="steps", guess_range=(0.0, 50.0)))
    assert control.integer


def test_a_slope_experiment_can_be_asked_for_a_number_too():
    at_three = replace(
        HOW_HIGH, experiment=SlopeExperiment(objective="square", x=3.0), charts=("curve",),
        of="height",
    )  # fmt: skip
    run = begin(replace(LESSON, steps=(at_three,)), seed=1)
    for event in (ev.ParameterChanged("guess", 9.0), ev.Predicted("low")):
        run, _ = advance(run, event)
    assert run.state.verdict.correct
