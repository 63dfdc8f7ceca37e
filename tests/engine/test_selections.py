"""All that apply: each wrong choice is spoken of, then each that is missing."""

from __future__ import annotations

import pytest

from tests.engine.lessons import MARK, after, alone
from tutor.engine.kinds.questions import Selection
from tutor.engine.lesson import events as ev
from tutor.engine.lesson.advance import advance
from tutor.engine.lesson.resume import restore, snapshot
from tutor.engine.lesson.run import LessonRun
from tutor.engine.lesson.view import StepView
from tutor.i18n import render
from tutor.lesson.grading import grade_selection


def asked(run: LessonRun) -> Selection:
    question = StepView(run).question
    assert isinstance(question, Selection)
    return question


def marked(run: LessonRun) -> set[int]:
    """Return the marked choices by their positions in the lesson."""
    question = asked(run)
    return {question.positions[place] for place in question.marked}


@pytest.mark.parametrize(
    ("positions", "said"),
    [
        ((0, 1), "up: That climbs."),
        ((0, 2), "up: That climbs.\n\naside: That stays."),
        ((0, 1, 2, 3), "up: That climbs.\n\naside: That stays."),
        ((1,), "Something goes down fast."),
        ((3, 1), "Both go down."),
    ],
)
def test_each_wrong_one_is_spoken_of_and_then_each_missing_one(positions, said):
    verdict = grade_selection(MARK, positions)
    assert said == render(verdict.feedback)
    assert (set(positions) == {1, 3}) == verdict.correct


def test_what_is_missing_is_not_told_by_its_text():
    assert "steeply" not in render(grade_selection(MARK, (1,)).feedback)


def test_the_misconception_is_that_of_a_wrong_choice():
    assert "G1" == grade_selection(MARK, (0, 2)).misconception


def test_a_mark_comes_and_goes_and_undo_takes_it_back():
    run = after(alone(MARK), ev.ChoiceToggled(0), ev.ChoiceToggled(3))
    assert {0, 3} == marked(run)
    assert {3} == marked(advance(run, ev.ChoiceToggled(0))[0])
    assert {0} == marked(advance(run, ev.ChangeUndone())[0])
    assert set() == marked(advance(run, ev.ParametersReset())[0])


def test_nothing_marked_is_no_answer():
    run = after(alone(MARK), ev.SelectionAnswered(()))
    assert 0 == run.state.tries
    assert "Mark all that apply" in render(run.state.problem)


@pytest.mark.parametrize("positions", [(4,), (0, 9), (-1,)])
def test_a_choice_that_is_not_there_changes_nothing(positions):
    assert alone(MARK) == after(
        alone(MARK), ev.SelectionAnswered(positions), ev.ChoiceToggled(positions[-1])
    )


def test_a_wrong_selection_shows_what_is_wrong_and_nothing_of_the_rest():
    question = asked(after(alone(MARK), ev.SelectionAnswered((0, 1))))
    assert [(question.positions.index(0), False)] == list(question.judged)
    assert question.is_open


def test_a_right_selection_shows_what_is_right_and_stays():
    run = after(
        alone(MARK), ev.SelectionAnswered((1, 3)), ev.ChoiceToggled(0), ev.SelectionAnswered((0,))
    )
    assert "1,3" == run.state.answer
    assert {1, 3} == marked(run)
    question = asked(run)
    assert {(question.positions.index(at), True) for at in (1, 3)} == set(question.judged)


def test_marks_made_after_a_wrong_answer_are_there_again():
    run = after(alone(MARK), ev.SelectionAnswered((0, 1)), ev.ChoiceToggled(0), ev.ChoiceToggled(3))
    again = restore(run.lesson, snapshot(run), seed=9)
    assert ("0,1", False) == (again.state.answer, again.state.verdict.correct)
    assert {1, 3} == marked(again)


def test_the_solution_lists_all_that_apply():
    run = after(alone(MARK), ev.SelectionAnswered((0,)), ev.SolutionAsked())
    solution = render(StepView(run).solution)
    assert "down; steeply down. Both go down." in solution
    assert "up" not in solution
