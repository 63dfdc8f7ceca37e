"""Answers get the verdict and the sentence that fit them."""

import contextlib
import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, strategies as st

from tutor.errors import TutorError
from tutor.i18n import render
from tutor.lesson.grading import (
    Verdict,
    grade_choice,
    grade_number,
    grade_prediction,
    parse_number,
    read_number,
)
from tutor.lesson.model import (
    Choice,
    ChoiceStep,
    DescentExperiment,
    Formula,
    GuessMiss,
    Identifier,
    Line,
    Markup,
    NearMiss,
    NumberStep,
    PredictStep,
)


def number(answer: str, *near_misses: tuple[str, str], **settings: Any) -> NumberStep:
    return NumberStep(
        kind="number",
        id=Identifier("n"),
        body=Markup("?"),
        answer=Formula(answer),
        near_misses=tuple(
            NearMiss(value=Formula(value), feedback=Markup(said), misconception="chain")
            for value, said in near_misses
        ),
        **settings,
    )


PREDICT = PredictStep(
    kind="predict",
    id=Identifier("p"),
    body=Markup("?"),
    experiment=DescentExperiment(objective="sphere", start=(-3.0, 4.0)),
    charts=("descent-path",),
    ask="final-point",
    tolerance=0.3,
    near_misses=(
        GuessMiss(
            value=(Formula("-3.6"), Formula("start_loss/25*4.8")),
            feedback=Markup("uphill"),
            misconception="G1",
        ),
    ),
    right=Markup("right"),
    wrong=Markup("wrong"),
    misconception="G2",
)


@pytest.mark.parametrize(
    ("value", "typed"),
    [
        (0.2, "0.2"), (0.2, "1/5"), (6e-8, "6e-8"), (-3.0, "−3"), (6.0, "2*3"), (6.0, "2×3"),
        (0.2, "０．２"), (0.5, " .5 "), (-0.25, "-(1/4)"), (1e-49, "10e-50"), (math.pi, "pi"),
        (8.0, "2**3"), (3.0, "+3"), (5.0, "5."), (2.5, "5÷2"), (0.3, "0。3"),
        (8.0, "2^3"), (2.0, "√4"), (0.21, "0.21。"), (-3.0, "——3"), (-3.0, "—3"),
        (-3.0, "负3"), (0.2, "≈0.2"), (0.21, "约0.21"), (-0.2, "≈ 负0.2"), (1.0, " １．０。 "),
    ],
)  # fmt: skip
def test_a_typed_number_is_read(value: float, typed: str):
    assert value == parse_number(typed)


def test_a_formula_for_a_number_says_how_it_was_read():
    assert [(4.0, "2*sqrt(4)"), (8.0, "2**3")] == [read_number("2√4"), read_number("2^3")]
    as_it_stands = [read_number("2×3"), read_number("210 m", "km"), read_number("≈ 0.2")]
    assert [(6.0, ""), (0.21, ""), (0.2, "")] == as_it_stands


@pytest.mark.parametrize(
    ("mend", "typed"),
    [
        ("Type a number, such as 0.2 or 1/5.", "  "),
        ("Write it with a decimal point: 1.5", "1,5"),
        ("Write it with a decimal point: 1.5", "1，5"),
        ("Write 1.000 with a decimal point, or 1000 without a comma.", "1,000"),
        ("Write 50 % as 0.5.", "50%"),
        ("Write the number alone: 0.2", "0.2 km"),
        ("That is larger than any float64: stay below 1e308.", "1e999"),
        ("Type a shorter number.", "1" * 101),
    ],
)
def test_what_is_no_number_is_answered_with_its_mend(mend: str, typed: str):
    with pytest.raises(TutorError) as caught:
        parse_number(typed)
    assert mend == str(caught.value)


@pytest.mark.parametrize(
    ("unit", "typed"),
    [
        ("km", "0.21 km"), ("km", "0.21"), ("km", "210 m"), ("km", "210m"), ("km", "21000 cm"),
        ("km", "0.21千米"), ("千米", "0.21 km"), ("千米", "210米"), ("千米", "０．２１公里。"),
        ("千米", "约210 m"),
    ],
)  # fmt: skip
def test_a_number_may_carry_its_unit_or_a_multiple_of_it(unit: str, typed: str):
    assert 0.21 == parse_number(typed, unit)


@pytest.mark.parametrize(
    ("unit", "typed", "mend"),
    [
        ("km", "3 s", "s is not read here: write the number in km."),
        ("km", "3 furlong", "furlong is not read here: write the number in km."),
        ("bananas", "3 m", "m is not read here: write the number in bananas."),
        (None, "3米", "Write the number alone: 3"),
    ],
)
def test_another_unit_is_named(unit: str | None, typed: str, mend: str):
    with pytest.raises(TutorError) as caught:
        parse_number(typed, unit)
    assert mend == str(caught.value)


@pytest.mark.parametrize("typed", ["x", "1/0", "1/2e", "((", "nan", "inf", "'", "__import__('os')"])
def test_nonsense_is_an_error_that_can_be_mended(typed: str):
    with pytest.raises(TutorError):
        parse_number(typed)


@given(st.text(max_size=20))
def test_no_typed_text_raises_anything_else(typed: str):
    with contextlib.suppress(TutorError):
        assert math.isfinite(parse_number(typed))


def test_a_choice_is_answered_in_its_own_words():
    step = ChoiceStep(
        kind="choice",
        id=Identifier("c"),
        body=Markup("?"),
        choices=(
            Choice(text=Line("a"), correct=True, feedback=Markup("yes")),
            Choice(text=Line("b"), feedback=Markup("no"), misconception="G1"),
        ),
    )
    assert Verdict(True, "yes") == grade_choice(step, 0)
    assert Verdict(False, "no", "G1") == grade_choice(step, 1)


@pytest.mark.parametrize("value", [0.8, 0.8 + 7e-7, 1 - 2 * 0.1])
def test_without_a_tolerance_rounding_of_one_in_a_million_is_right(value: float):
    assert grade_number(number("abs(1 - 2*0.1)"), value).correct


def test_the_nearest_number_outside_the_tolerance_is_wrong():
    assert not grade_number(number("abs(1 - 2*0.1)"), 0.8 + 9e-7).correct


@pytest.mark.parametrize(("correct", "value"), [(True, 10.1), (False, 10.11), (True, 9.9)])
def test_rtol_is_a_share_of_the_answer(correct: bool, value: float):
    assert correct == grade_number(number("10", rtol=0.0100001), value).correct


@pytest.mark.parametrize(("correct", "value"), [(True, 0.5), (False, 0.6), (True, -0.5)])
def test_atol_is_in_the_units_of_the_answer(correct: bool, value: float):
    assert correct == grade_number(number("0", atol=0.5), value).correct


def test_zero_is_no_answer_to_a_tiny_number():
    assert not grade_number(number("10e-50"), 0.0).correct


def test_a_near_miss_is_answered_in_its_own_words():
    step = number("0.8", ("0.9", "forgot the 2"))
    assert Verdict(False, "forgot the 2", "chain") == grade_number(step, 0.9)


def test_a_near_miss_may_be_rounded():
    step = number("0.8", ("1/3", "a third"))
    assert "a third" == grade_number(step, 0.33).feedback


def test_the_nearest_of_two_near_misses_answers():
    step = number("5", ("1", "one"), ("1.005", "more"))
    assert ["one", "more"] == [grade_number(step, v).feedback for v in (1.001, 1.004)]


def test_a_wrong_number_nearer_to_the_answer_than_to_a_near_miss_is_no_near_miss():
    step = number("100", ("101", "one too many"))
    assert "one too many" != grade_number(step, 100.4).feedback


def test_an_answer_may_use_the_quantities_of_the_experiment():
    step = number("start_loss - loss")
    assert grade_number(step, 9.0, {"start_loss": 25.0, "loss": 16.0}).correct


def test_quantities_that_are_not_used_may_be_infinite():
    assert grade_number(number("2*loss"), 4.0, {"loss": 2.0, "steps": math.inf}).correct


@pytest.mark.parametrize(
    ("misconception", "value"), [("sign", -0.8), ("decimal-point", 8.0), ("decimal-point", 0.08)]
)
def test_a_lost_sign_or_point_is_named(misconception: str, value: float):
    assert misconception == grade_number(number("0.8"), value).misconception


def test_any_other_number_is_told_to_try_again():
    verdict = grade_number(number("0.8"), 0.5)
    assert "0.5 is not it: try again, or ask for a hint." == render(verdict.feedback)


def test_a_broken_question_does_not_break_the_tutor():
    verdict = grade_number(number("1/nothing"), 1.0)
    assert not verdict.correct
    assert render(verdict.feedback).startswith("This question is broken: ")


NAMES = {"start_loss": 25.0}
TRUTH = (-2.4, 3.2)


def test_a_guess_within_the_tolerance_is_right_and_tells_its_miss():
    verdict = grade_prediction(PREDICT, (-2.4, 3.4), TRUTH, NAMES)
    assert (True, "right", None) == (verdict.correct, verdict.feedback, verdict.misconception)
    assert pytest.approx(0.2) == verdict.miss


def test_the_miss_of_a_point_is_the_distance():
    verdict = grade_prediction(PREDICT, (-2.4 + 3, 3.2 + 4), TRUTH, NAMES)
    assert pytest.approx(5.0) == verdict.miss
    assert (False, "wrong", "G2") == (verdict.correct, verdict.feedback, verdict.misconception)


def test_a_guess_at_a_near_miss_gets_its_words():
    verdict = grade_prediction(PREDICT, (-3.5, 4.9), TRUTH, NAMES)
    assert (False, "uphill", "G1") == (verdict.correct, verdict.feedback, verdict.misconception)


def test_between_the_truth_and_a_near_miss_the_nearer_decides():
    step = replace(PREDICT, tolerance=2.0)
    guesses = ((-2.9, 3.9), (-3.1, 4.1))
    verdicts = [grade_prediction(step, guess, TRUTH, NAMES).correct for guess in guesses]
    assert [True, False] == verdicts


@pytest.mark.parametrize(("miss", "guess"), [(20.0, 170.0), (0.0, -170.0), (180.0, 10.0)])
def test_an_angle_is_measured_the_shorter_way_round(miss: float, guess: float):
    step = replace(PREDICT, ask="arrow", near_misses=())
    verdict = grade_prediction(step, (guess,), (190.0,))
    assert pytest.approx(miss) == verdict.miss


def test_a_truth_that_never_comes_has_no_miss():
    step = replace(PREDICT, ask="step-number", near_misses=())
    verdict = grade_prediction(step, (7.0,), (math.inf,))
    assert (False, None) == (verdict.correct, verdict.miss)


def test_the_value_is_told_with_a_true_minus():
    step = NumberStep(kind="number", id="n", body="?", answer="0 - 5.5", atol=0.1)
    assert "The value is −5.5." == str(grade_number(step, -5.5).feedback)
