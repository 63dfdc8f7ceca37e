"""The classifier of the chapter: its published figures, its gradient, what its pictures show."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tutor.charts.chart import Bars, Entry, Line, Table
from tutor.engine.descent.check import check_setup
from tutor.engine.descent.objectives import objective_of
from tutor.engine.descent.setup import setup_of
from tutor.engine.experiments import run_experiment
from tutor.engine.kinds.picking import picked_values
from tutor.engine.kinds.predict import guess_controls, predicted_chart, true_answer
from tutor.lesson.model import NetworkExperiment, PredictStep

WEIGHTS = ((0.47355232, 0.9977393, 0.84668094), (0.85557411, 0.03563661, 0.69422093))
"""simpleNet of the book."""
SIMPLE = NetworkExperiment(weights=WEIGHTS)


def asking(ask: str, experiment: NetworkExperiment = SIMPLE) -> PredictStep:
    return PredictStep(
        kind="predict",
        id="p",
        body="?",
        experiment=experiment,
        charts=("weight-gradient",),
        ask=ask,
        tolerance=0.5,
        right="Yes.",
        wrong="No.",
    )


def values(quantities, prefix: str) -> list[list[float]]:
    return [[quantities[f"{prefix}{i}{j}"] for j in range(3)] for i in range(2)]


def test_the_published_figures_come_out():
    """Saito, chapter 4: probabilities, loss (its digits cut off, not rounded), dW."""
    quantities = run_experiment(SIMPLE, {}).quantities
    printed = [[0.21924763, 0.14356247, -0.36281009], [0.32887144, 0.2153437, -0.54421514]]
    assert repr(quantities["loss"]).startswith("0.92806853874823")
    assert np.abs(np.array(printed) - values(quantities, "dw")).max() <= 5e-9
    probabilities = [quantities[f"p{k}"] for k in range(3)]
    assert [0.36541271, 0.23927078, 0.39531651] == pytest.approx(probabilities, abs=5e-9)
    assert 0.86438 == pytest.approx(quantities["next_loss"], abs=5e-6)


def test_dw_is_the_input_times_the_error_whatever_w_is():
    """outer(x, softmax(xW) - t): rows in the ratio of the inputs, each with sum 0."""
    run = run_experiment(SIMPLE, {"w01": -2.0, "w12": 1.5, "input0": 0.4, "input1": -0.8})
    slopes = np.array(values(run.quantities, "dw"))
    assert pytest.approx(np.zeros(2), abs=1e-15) == slopes.sum(axis=1)
    assert pytest.approx(-2.0 * slopes[0]) == slopes[1]


def test_steps_go_against_the_gradient():
    """One step: W - η dW; and its loss is what the run without steps foretold."""
    before, after = (run_experiment(SIMPLE, {"steps": k}).quantities for k in (0, 1))
    moved = np.array(values(before, "w")) - 0.1 * np.array(values(before, "dw"))
    assert pytest.approx(moved) == np.array(values(after, "w"))
    assert before["next_loss"] == after["loss"]
    assert before["loss"] == after["start_loss"]


def test_the_numerical_gradient_leads_the_same_way():
    numerical = NetworkExperiment(weights=WEIGHTS, gradient="numerical", steps=20)
    losses = [run_experiment(e, {"steps": 20}).quantities["loss"] for e in (SIMPLE, numerical)]
    assert losses[0] != losses[1]
    assert losses[0] == pytest.approx(losses[1], rel=1e-8)


def test_the_history_starts_before_the_first_step():
    run = run_experiment(SIMPLE, {"steps": 5})
    losses = run.history("loss")
    assert 6 == len(losses)
    assert sorted(losses, reverse=True) == list(losses)
    assert pytest.approx([math.exp(-loss) for loss in losses]) == run.history("probability")


def test_the_sentence_takes_the_logarithm_before_your_eyes():
    words = str(run_experiment(SIMPLE, {}).sentence)
    assert "Class 2 has probability 0.3953: the loss is −ln 0.3953 = 0.9281." == words


def test_the_worked_line_moves_the_entry_with_the_steepest_slope():
    line = str(run_experiment(SIMPLE, {"steps": 1}).update_line)
    assert "W −= 0.1 · dW;  W[1, 2]: 0.6942 − 0.1 · (−0.5442) = 0.7486" == line


@pytest.mark.parametrize(
    ("ask", "entry"), [("weight-to-raise", (1.0, 2.0)), ("weight-to-lower", (1.0, 0.0))]
)
def test_the_weight_to_turn_is_where_dw_is_steepest(ask, entry):
    """The second input is the larger; the target's column is the only negative one."""
    assert entry == true_answer(asking(ask), run_experiment(SIMPLE, {}))


def test_the_reveal_shows_dw_and_the_guess_and_the_truth_on_it():
    step = asking("weight-to-raise")
    run = run_experiment(SIMPLE, {})
    hidden = predicted_chart(step, run, "weight-gradient", (0.0, 1.0), revealed=False)
    shown = predicted_chart(step, run, "weight-gradient", (0.0, 1.0), revealed=True)
    assert ["W"] == [str(t.title) for t in hidden.layers if isinstance(t, Table)]
    assert ["W", "dW"] == [str(t.title) for t in shown.layers if isinstance(t, Table)]
    marks = [(m.row, m.column, m.role) for m in shown.layers if isinstance(m, Entry)]
    assert [(0, 1, "guess"), (1, 2, "truth")] == marks


def test_a_click_on_an_entry_moves_the_guess_there():
    step = asking("weight-to-raise")
    picked = picked_values(step, guess_controls(step), "weight-gradient", 1.7, -0.9)
    assert {"row": 1.0, "column": 2.0} == picked


def test_the_bars_are_the_probabilities_and_the_target_stands_apart():
    run = run_experiment(SIMPLE, {})
    others, target = (b for b in run.chart("softmax-bars").layers if isinstance(b, Bars))
    given = [run.quantities[f"p{k}"] for k in (0, 1, 2)]
    assert given == [*others.heights, *target.heights]
    assert ("target", "target") == (target.role, str(target.label))


def test_a_teaser_shows_neither_bars_nor_losses():
    run = run_experiment(SIMPLE, {"steps": 9})
    bars = [b for b in run.teaser("softmax-bars", "quantity").layers if isinstance(b, Bars)]
    assert all(np.isnan(b.heights).all() and not b.texts for b in bars)
    (line,) = (b for b in run.teaser("loss-curve", "quantity").layers if isinstance(b, Line))
    assert 1 == len(line.x)


@pytest.mark.parametrize("target", [0, 1, 2])
def test_the_lab_opens_on_the_loss_over_the_targets_weights(target):
    """The formula agrees with the classifier where the lesson stands, and away from it."""
    experiment = NetworkExperiment(weights=WEIGHTS, target=target, input=(0.6, -0.9))
    setup = setup_of(experiment, {})
    check_setup(setup)
    for first, second in [setup.start, (1.0, -0.5)]:
        moved = {f"w0{target}": first, f"w1{target}": second}
        loss = run_experiment(experiment, moved).quantities["loss"]
        assert loss == pytest.approx(float(objective_of(setup).value(np.array([first, second]))))
