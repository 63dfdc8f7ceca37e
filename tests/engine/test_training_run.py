"""What a training on the digits computes, says and shows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tutor.charts.chart import Chart, Line, Pictures
from tutor.engine.descent.check import check_setup
from tutor.engine.descent.setup import setup_of
from tutor.engine.experiments import run_experiment
from tutor.engine.experiments.training import TrainingRun
from tutor.engine.kinds.experiment import first_step, goal_is_met, goal_sentence
from tutor.engine.kinds.picking import picked_values
from tutor.engine.kinds.predict import guess_controls, true_answer
from tutor.lesson.digits import load_digits
from tutor.lesson.model import Goal, Parameter, PredictStep, TrainingExperiment


def training(**changes: Any) -> TrainingExperiment:
    return TrainingExperiment(data="digits", **{"learning_rate": 1.0, **changes})


def run(**changes: Any) -> TrainingRun:
    made = run_experiment(training(**changes), {})
    assert isinstance(made, TrainingRun)
    return made


def lines(chart: Chart, role: str) -> list[Line]:
    return [x for x in chart.layers if isinstance(x, Line) and x.role == role]


def pictures(chart: Chart) -> Pictures:
    (found,) = (layer for layer in chart.layers if isinstance(layer, Pictures))
    return found


def test_ten_epochs_read_nine_of_ten_held_out_digits():
    """The figure of the sentence is that of the network, counted anew."""
    made, digits = run(), load_digits()
    found = made.training.net.predict(digits.test).argmax(axis=1)
    assert float(np.mean(found == digits.test_labels)) == made.quantities["test_accuracy"]
    assert made.quantities["test_accuracy"] > 0.88
    assert "After 10 epochs 92.7 % of the training pictures are read right" in str(made.sentence)


def test_the_counts_follow_from_the_sizes():
    """1,348 pictures in batches of 100: 14 updates an epoch. 64·20 + 20 + 20·10 + 10 numbers."""
    assert 140.0 == run().quantities["steps"]
    assert 1510.0 == run().quantities["parameter_count"]
    assert 640.0 == run(model="softmax").quantities["parameter_count"]
    assert 10.0 == run(batch_size=5000).quantities["steps"]


def test_the_worked_line_counts_the_updates():
    line = str(run().update_line)
    assert "W −= 1 · dW on 100 pictures; 14 updates × 10 epochs = 140" == line


@pytest.mark.parametrize(
    ("name", "value"),
    [("learning_rate", 2.0), ("batch_size", 50.0), ("epochs", 4.0), ("hidden", 8.0)],
)
def test_a_parameter_is_as_a_setting_in_the_file(name, value):
    turned = run_experiment(training(), {name: value}).quantities
    assert turned == run(**{name: value if name == "learning_rate" else int(value)}).quantities


def test_a_setting_is_trained_once():
    assert run(shift=0.0).training is run(shift=1.5).training


def test_zero_weights_leave_a_two_layer_network_with_twins():
    """And they harm the softmax classifier nothing."""
    zeros = run(first_weights="zeros")
    assert 0.0 == zeros.quantities["hidden_spread"]
    assert "The 20 hidden units are all alike." in str(zeros.sentence)
    assert np.ptp(pictures(zeros.chart("hidden-weights")).values, axis=0).max() < 1e-9
    assert zeros.quantities["test_accuracy"] < 0.2
    linear = run(first_weights="zeros", model="softmax")
    assert linear.quantities["test_accuracy"] > 0.9
    assert linear.quantities["hidden_spread"] > 0.1
    assert run().quantities["hidden_spread"] > 0.1


@pytest.mark.parametrize(
    ("rate", "status", "words"),
    [(1.0, "completed", "After 10"), (100.0, "diverged", "rises from"),
     (1e308, "nonfinite", "outgrow")],
)  # fmt: skip
def test_a_wild_learning_rate_is_named(rate, status, words):
    made = run(learning_rate=rate)
    assert status == made.quantities["status"]
    assert words in str(made.sentence)
    for name in ("loss-curve", "accuracy-curve", "digits", "hidden-weights", "weight-slice"):
        assert made.chart(name).layers


def test_the_loss_curve_goes_through_the_batches_and_their_means():
    made = run()
    (batches,), (means,) = (lines(made.chart("loss-curve"), role) for role in ("batch", "trained"))
    assert 140 == len(batches.x)
    assert 10.0 == batches.x[-1]
    assert pytest.approx(batches.y.reshape(10, 14).mean(axis=1)) == means.y


def test_the_accuracies_are_drawn_from_before_the_first_epoch_on():
    made = run()
    (held_out,) = lines(made.chart("accuracy-curve"), "held_out")
    assert made.history("test_accuracy") == held_out.y.tolist()
    assert list(range(11)) == held_out.x.tolist()


def test_a_teaser_tells_nothing_of_the_training():
    made = run()
    assert not any(len(line.x) for line in lines(made.teaser("loss-curve", "step-number"), "batch"))
    assert {1} == {
        len(x.x) for x in lines(made.teaser("accuracy-curve", "step-number"), "held_out")
    }
    assert not any("→" in str(c) for c in pictures(made.teaser("digits", "step-number")).captions)
    before = pictures(made.teaser("hidden-weights", "step-number")).values
    assert not np.array_equal(before, pictures(made.chart("hidden-weights")).values)


def test_the_digits_are_the_first_and_show_what_is_read_right_and_what_is_not():
    """Not as many right as wrong ones: nine of ten right are seen as nine of ten."""
    made, digits = run(epochs=2), load_digits()
    shown = pictures(made.chart("digits"))
    found = made.training.net.predict(digits.test[:16]).argmax(axis=1)
    right = found == digits.test_labels[:16]
    assert ["truth" if each else "uphill" for each in right] == list(shown.roles)
    assert {"truth", "uphill"} == set(shown.roles)
    for caption, role in zip(map(str, shown.captions), shown.roles, strict=True):
        assert ("→" in caption) == (role == "uphill")
        assert caption.endswith("✗" if role == "uphill" else "✓")


def test_the_stairs_of_the_accuracy_are_seen():
    """In the lesson a picture that changes sides moves the curve by a dot of the smallest chart."""
    made = run(epochs=5)
    chart, dots = made.chart("weight-slice"), 40
    axis = chart.y_axis.range
    assert axis is not None
    assert 0.01 * dots / (axis.high - axis.low) >= 1.0


def test_along_a_weight_the_loss_slopes_and_the_accuracy_does_not():
    """The exact slope of the loss is that of its differences; the accuracy's is 0."""
    made = run(shift=0.7)
    near = made.slice.losses(np.array([0.7 - 1e-4, 0.7 + 1e-4]))
    slope = made.quantities["loss_slope"]
    assert float(near[1] - near[0]) / 2e-4 == pytest.approx(slope, rel=1e-6)
    assert 0.0 == made.quantities["accuracy_slope"] != slope


def test_the_accuracy_along_a_weight_is_a_staircase():
    """Of a hundred pictures: every value is a whole number of hundredths, and few there are."""
    made = run()
    values = made.slice.accuracies(np.linspace(-4.0, 4.0, 401))
    assert pytest.approx(np.rint(values * 100), abs=1e-9) == values * 100
    assert 2 <= len(np.unique(values)) < 60


@pytest.mark.parametrize("model", ["softmax", "two-layer"])
def test_a_shifted_weight_is_a_weight_of_the_network(model):
    """The slice at a shift is the network with that number added to that weight."""
    made, digits = run(model=model), load_digits()
    name = "W2" if model == "two-layer" else "W"
    weights = made.training.net.parameters[name].copy()
    weights[made.slice.row, made.slice.column] += 1.5
    net: Any = made.training.net.with_parameters(**{name: weights})
    own = net.predict(digits.train[:100])[np.arange(100), digits.train_labels[:100]]
    loss = float(-np.log(own).mean())
    assert loss == pytest.approx(float(made.slice.losses(np.array([1.5]))[0]))
    assert f"{name}[{made.slice.row}, {made.slice.column}]" == made.slice.name


GOAL = Goal(quantity="test_accuracy", is_="above", value=0.8, within_steps=10)


def test_the_steps_of_a_goal_are_epochs():
    experiment = training()
    words = "share of the held-out pictures read right above 0.8 within 10 epochs"
    assert words == str(goal_sentence(GOAL, experiment))
    assert goal_is_met(GOAL, run())
    history = run().history("test_accuracy")
    assert first_step(GOAL, run()) == next(k for k, v in enumerate(history) if v > 0.8)


def asking() -> PredictStep:
    return PredictStep(
        kind="predict", id="p", body="?", experiment=training(), charts=("accuracy-curve",),
        ask="step-number", until=GOAL, tolerance=1, right="Yes.", wrong="No.",
    )  # fmt: skip


def test_a_prediction_of_an_epoch_is_placed_on_the_curves():
    step = asking()
    (control,) = guess_controls(step)
    assert ("epoch", 0.0, 10.0) == (str(control.label), control.low, control.high)
    assert {"guess": 6.0} == picked_values(step, (control,), "accuracy-curve", 6.2, 0.5)
    (truth,) = true_answer(step, run())
    for name in ("accuracy-curve", "loss-curve"):
        (mark,) = run().answer_layers(name, "step-number", (truth,), "truth")
        assert isinstance(mark, Line)
        assert {truth} == set(mark.x.tolist())


def test_the_lab_opens_on_the_smallest_network_with_the_same_learning_rate():
    setup = setup_of(training(), {"learning_rate": 0.3, "hidden": 5.0})
    check_setup(setup)
    assert ("softmax-loss", 0.3) == (setup.objective, setup.rule.learning_rate)


def test_a_shift_is_picked_on_its_chart():
    from tutor.lesson.model import ExperimentStep

    shift = Parameter(name="shift", label="shift", value=0.0, range=(-4.0, 4.0))
    step = ExperimentStep(kind="experiment", id="s", body="?", experiment=training(),
                          charts=("weight-slice",), parameters=(shift,))  # fmt: skip
    from tutor.engine.kinds import kind_of

    controls = kind_of(step).controls(step)
    assert {"shift": 1.6} == picked_values(step, controls, "weight-slice", 1.61, 0.2)
