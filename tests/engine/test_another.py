"""Another problem of the same kind, and worked lines whose blanks grow as the learner does well."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.engine.lessons import COUNT, LESSON, after
from tutor.engine.kinds import kind_of
from tutor.engine.kinds.number import BLANK
from tutor.engine.lesson import events as ev
from tutor.engine.lesson.advance import advance, begin
from tutor.engine.lesson.resume import restore, snapshot
from tutor.engine.lesson.run import LessonRun
from tutor.engine.lesson.view import StepView

AGAIN = replace(
    COUNT,
    id="again",
    body="How much with 0.1?",
    worked="[1] − [2*0.1] = [0.8]",
    hints=("Look.",),
    variants={"0.1": ("0.2", "0.3")},
)
FACTORS = {0: "0.8", 1: "0.6", 2: "0.4"}
COUNTS = tuple(replace(AGAIN, id=f"again-{number}") for number in range(3))
LESSON_OF_TWO = replace(LESSON, steps=(AGAIN, COUNT))


def answered() -> LessonRun:
    return after(begin(LESSON_OF_TWO, seed=1), ev.NumberAnswered("0.8"))


def test_there_is_no_other_problem_before_an_answer():
    run = begin(LESSON_OF_TWO, seed=1)
    assert (None, run) == (kind_of(run.step).another(run), after(run, ev.AnotherAsked()))


def test_a_step_without_variants_has_no_other_problem():
    run = after(begin(replace(LESSON, steps=(COUNT,)), seed=1), ev.NumberAnswered("0.8"))
    assert kind_of(run.step).another(run) is None


def test_another_problem_is_asked_afresh_and_what_was_done_stays_done():
    run = after(answered(), ev.AnotherAsked())
    assert run.state.variant in (1, 2)
    assert ("open", None, 0) == (run.state.outcome, run.state.verdict, run.state.tries)
    assert (True, 1) == (run.may_continue, run.completed)


def test_its_answer_is_that_of_its_own_numbers():
    run = after(answered(), ev.AnotherAsked())
    right = FACTORS[run.state.variant]
    assert not after(run, ev.NumberAnswered("0.8")).state.verdict.correct
    assert after(run, ev.NumberAnswered(right)).state.verdict.correct


def test_the_attempt_tells_which_problem_it_was():
    run = after(answered(), ev.AnotherAsked())
    _, effects = advance(run, ev.NumberAnswered("0.5"))
    assert f"0.5 (variant {run.state.variant})" == effects[0].answer


def test_all_problems_come_round_in_an_order_of_the_seed():
    run, seen = answered(), []
    for _ in range(3):
        run = after(run, ev.AnotherAsked())
        seen.append(run.state.variant)
        run = after(run, ev.NumberAnswered(FACTORS[run.state.variant]))
    assert ([0, 1, 2], 0) == (sorted(seen), seen[-1])


def test_the_problem_and_its_answer_come_back():
    run = after(answered(), ev.AnotherAsked(), ev.NumberAnswered("0.9"))
    again = restore(LESSON_OF_TWO, snapshot(run), seed=9)
    assert (run.state, run.step.body) == (again.state, again.step.body)


def test_a_variant_that_the_lesson_lost_is_the_written_problem():
    saved = snapshot(after(answered(), ev.AnotherAsked()))
    saved["steps"]["again"]["variant"] = 7
    assert 0 == restore(LESSON_OF_TWO, saved, seed=9).state.variant


def test_the_last_number_is_blank_until_the_answer():
    run = begin(LESSON_OF_TWO, seed=1)
    assert f"1 − 0.2 = {BLANK}" == StepView(run).words.worked
    assert f"1 − 0.2 = {BLANK}" == StepView(after(run, ev.NumberAnswered("3"))).words.worked
    assert "1 − 0.2 = 0.8" == StepView(after(run, ev.NumberAnswered("0.8"))).words.worked


def test_the_worked_line_of_another_problem_has_its_numbers():
    run = after(answered(), ev.AnotherAsked())
    taken = {1: "0.4", 2: "0.6"}[run.state.variant]
    assert f"1 − {taken} = {BLANK}" == StepView(run).words.worked
    right = FACTORS[run.state.variant]
    assert f"1 − {taken} = {right}" == StepView(after(run, ev.NumberAnswered(right))).words.worked


@pytest.mark.parametrize(
    ("first", "second", "line"),
    [
        (["0.8"], ["0.8"], f"{BLANK} − {BLANK} = {BLANK}"),
        (["3", "0.8"], ["0.8"], f"1 − {BLANK} = {BLANK}"),
        (["0.8"], ["3", "0.8"], f"1 − 0.2 = {BLANK}"),
    ],
)
def test_as_many_more_are_blank_as_steps_were_right_at_once_in_a_row(first, second, line):
    run = begin(replace(LESSON, steps=COUNTS), seed=1)
    for answers in (first, second):
        run = after(run, *map(ev.NumberAnswered, answers), ev.NextAsked())
    assert line == StepView(run).words.worked


def test_a_hint_ends_the_row():
    run = begin(replace(LESSON, steps=COUNTS), seed=1)
    run = after(run, ev.HintAsked(), ev.NumberAnswered("0.8"), ev.NextAsked())
    assert f"1 − 0.2 = {BLANK}" == StepView(run).words.worked
