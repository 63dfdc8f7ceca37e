"""Texts in order, and each beside what it belongs to: what is said of the first that is wrong."""

from __future__ import annotations

import pytest

from tests.engine.lessons import ARRANGE, MATCH, after, alone
from tutor.engine.kinds import kind_of
from tutor.engine.kinds.ordering import order_of
from tutor.engine.kinds.questions import Arrangement
from tutor.engine.lesson import events as ev
from tutor.engine.lesson.advance import advance
from tutor.engine.lesson.resume import restore, snapshot
from tutor.engine.lesson.run import LessonRun
from tutor.engine.lesson.view import StepView
from tutor.i18n import render
from tutor.lesson.grading import grade_arrangement


def asked(run: LessonRun) -> Arrangement:
    question = StepView(run).question
    assert isinstance(question, Arrangement)
    return question


def words(run: LessonRun) -> str:
    return render(kind_of(run.step).verdict_words(run.step, run.state))


@pytest.mark.parametrize(
    ("order", "said", "misconception"),
    [
        ((3, 1, 2), "Nothing is aimed at yet.", None),
        ((2, 1, 3), "Not so.", "G1"),
        ((1, 3, 2), "Nothing is aimed at yet.", None),
        ((1, 2, 3), "So it goes.", None),
    ],
)
def test_of_an_order_the_first_text_in_a_wrong_place_is_spoken_of(order, said, misconception):
    verdict = grade_arrangement(ARRANGE, order)
    assert (said, misconception) == (render(verdict.feedback), verdict.misconception)


@pytest.mark.parametrize(
    ("order", "said", "misconception"),
    [
        ((2, 1, 3), "Look at A.", None),
        ((1, 3, 2), "Look again.", "L4"),
        ((1, 2, 3), "Each has its own.", None),
    ],
)
def test_of_a_match_the_first_that_has_another_is_spoken_of(order, said, misconception):
    verdict = grade_arrangement(MATCH, order)
    assert (said, misconception) == (render(verdict.feedback), verdict.misconception)


def test_how_far_it_is_from_right_is_told():
    assert "1 of 3 are matched" in words(after(alone(MATCH), ev.ArrangementAnswered((1, 3, 2))))
    assert "one pair stands" in words(after(alone(ARRANGE), ev.ArrangementAnswered((1, 3, 2))))
    assert "3 pairs stand" in words(after(alone(ARRANGE), ev.ArrangementAnswered((3, 2, 1))))


@pytest.mark.parametrize("step", [ARRANGE, MATCH])
def test_nobody_finds_it_right_at_first(step):
    for seed in range(50):
        assert [1, 2, 3] != list(order_of(alone(step, seed).state.values))


def test_what_stands_still_is_in_the_authors_order():
    assert ("A", "B", "C") == asked(alone(MATCH)).beside
    assert () == asked(alone(ARRANGE)).beside


def test_a_moved_text_takes_its_place_until_it_is_right():
    run = after(alone(ARRANGE), ev.ArrangementAnswered((2, 1, 3)), ev.ItemMoved(2, 1))
    assert [1, 2, 3] == [number for number, _ in asked(run).items]
    run, effects = advance(run, ev.ArrangementAnswered((1, 2, 3)))
    assert ["1,2,3"] == [each.answer for each in effects if isinstance(each, ev.AttemptMade)]
    assert run == advance(run, ev.ItemMoved(2, 1))[0] == advance(run, ev.ChangeUndone())[0]


@pytest.mark.parametrize("order", [(), (1,), (1, 1, 2), (0, 1, 2), (1, 2, 4), (1, 2, 3, 3)])
def test_what_is_no_arrangement_of_them_changes_nothing(order):
    assert alone(MATCH) == after(alone(MATCH), ev.ArrangementAnswered(order))


def test_who_types_counts_as_the_texts_were_found():
    before, moved = alone(ARRANGE), after(alone(ARRANGE), ev.ItemMoved(1, 1), ev.ItemMoved(2, -2))
    assert asked(before).items == asked(before).at_first == asked(moved).at_first


def test_places_after_a_wrong_answer_are_there_again():
    run = after(alone(MATCH), ev.ArrangementAnswered((2, 1, 3)), ev.ItemMoved(2, 2))
    again = restore(run.lesson, snapshot(run), seed=9)
    assert run.state.values == again.state.values
    assert ("2,1,3", "Look at A.") == (again.state.answer, again.state.verdict.feedback)


@pytest.mark.parametrize("step", [ARRANGE, MATCH])
def test_the_solution_lists_them_in_order_and_shows_them_so(step):
    run = after(alone(step), ev.ArrangementAnswered((2, 1, 3)), ev.SolutionAsked())
    solution = render(StepView(run).solution)
    assert [1, 2, 3] == [number for number, _ in asked(run).items]
    places = [solution.index(text) for _, text in asked(run).items]
    assert sorted(places) == places


def test_a_kept_answer_is_shown_with_its_words():
    kind = kind_of(MATCH)
    assert "A swings; B falls; C rises" == kind.in_markdown(MATCH, "2,1,3")
    assert "2,1" == kind.in_markdown(MATCH, "2,1")
