"""A variant is the same question with other numbers wherever they stand by themselves."""

from __future__ import annotations

import pytest

from tutor.lesson.grading import evaluate_formula
from tutor.lesson.model import DescentExperiment, NearMiss, NumberStep
from tutor.lesson.variants import occurs, replacing, variant, variant_count

STEP = NumberStep(
    kind="number",
    id="one",
    body="From x = 4 with η = 0.1 on x², one step; 10.1 and 0.12 are other numbers.",
    answer="4 - 0.1*2*4",
    near_misses=(NearMiss(value="4 + 0.1*2*4", feedback="With 0.1 it went uphill from 4."),),
    hints=("η is 0.1.",),
    explain="0.1 is small.",
    worked="x ← 4 − [0.1] · [2*4] = [3.2]",
    experiment=DescentExperiment(objective="square", start=(4.0,), learning_rate=0.1, steps=4),
    variants={"0.1": ("0.2", "0.05"), "4": ("3", "-5")},
)


def test_the_written_problem_is_variant_0():
    assert (STEP, 3) == (variant(STEP, 0), variant_count(STEP))


def test_all_numbers_change_together_wherever_they_stand_alone():
    other = variant(STEP, 1)
    assert other.body.startswith("From x = 3 with η = 0.2 on x²")
    assert "10.1 and 0.12" in other.body
    assert "With 0.2 it went uphill from 3." == other.near_misses[0].feedback
    assert ("η is 0.2.", "0.2 is small.") == (other.hints[0], other.explain)
    assert "x ← 3 − [0.2] · [2*3] = [3.2]" == other.worked


@pytest.mark.parametrize(("number", "answer"), [(0, 3.2), (1, 1.8), (2, -4.5)])
def test_the_core_computes_the_answer_of_each(number, answer):
    assert pytest.approx(answer) == evaluate_formula(variant(STEP, number).answer, {})


def test_a_negative_number_is_bracketed_in_formulas_and_has_a_true_minus_in_prose():
    other = variant(STEP, 2)
    assert "(-5) - 0.05*2*(-5)" == other.answer
    assert "x = −5" in other.body


def test_the_settings_of_the_experiment_follow():
    experiment = variant(STEP, 1).experiment
    assert ((3.0,), 0.2, 3) == (experiment.start, experiment.learning_rate, experiment.steps)


def test_numbers_trade_places_without_meeting():
    assert "b = 1, a = 2" == replacing({"2": "1", "1": "2"})("b = 2, a = 1")


@pytest.mark.parametrize(
    ("number", "text", "there"),
    [
        ("0.1", "取0.1走一步", True),
        ("0.1", "0.1.", True),
        ("0.1", "0.12 10.1 0.1.2", False),
        ("-3", "(−3, 4)", True),
        ("3", "x3 3e5", False),
        ("1e-4", "h = 1e-4", True),
    ],
)
def test_a_number_is_found_as_a_whole_token(number, text, there):
    assert there is occurs(number, text)
