"""A bug step: its program is really run, its line is found, its mend is seen at work."""

from dataclasses import replace

import pytest

from tests.engine.lessons import FIND, after
from tests.engine.test_lesson_run import at
from tutor.core.museum import exhibit
from tutor.engine.kinds import kind_of
from tutor.engine.kinds.bug import printed_lines, program_lines
from tutor.engine.lesson import events as ev
from tutor.engine.lesson.advance import advance
from tutor.lesson.model import OwnSymptom


@pytest.mark.parametrize("mended", [False, True])
def test_what_is_printed_is_what_the_museum_runs(mended):
    shown = exhibit("divided-by-h")
    expected = shown.show_mended() if mended else shown.show()
    assert expected == printed_lines(FIND, mended=mended)


def test_a_matrix_is_printed_line_by_line():
    step = FIND.__class__(**{**vars(FIND), "symptom": type(FIND.symptom)(run="pseudo-parameter")})
    assert ("[[0. 0. 0.]", " [0. 0. 0.]]") == printed_lines(step, mended=False)


def test_the_mend_stands_in_place_of_the_faulty_line_with_its_indentation():
    before, after_it = program_lines(FIND, mended=False), program_lines(FIND, mended=True)
    assert before[:2] == after_it[:2]
    assert "    return (f(x + h) - f(x - h)) / (2*h)" == after_it[2]


def test_the_right_line_settles_the_step():
    run, effects = advance(at("find"), ev.LinePicked(3))
    assert ("done", "2h apart.") == (run.state.outcome, run.state.verdict.feedback)
    assert ev.AttemptMade("find", "bug", "3", correct=True) in effects


def test_a_suspected_line_is_answered_for_its_own_reason():
    run, effects = advance(at("find"), ev.LinePicked(2))
    assert ("open", "It is small enough.") == (run.state.outcome, run.state.verdict.feedback)
    assert "D5" == effects[0].misconception


def test_any_other_line_is_answered_by_wrong():
    assert "Not that." == after(at("find"), ev.LinePicked(1)).state.verdict.feedback


@pytest.mark.parametrize("line", [0, 4])
def test_a_line_that_the_program_has_not_is_no_attempt(line):
    assert (at("find"), ()) == advance(at("find"), ev.LinePicked(line))


def test_the_solution_names_the_line_and_its_mend():
    solution = str(kind_of(FIND).solution(FIND, {}))
    assert "line 3" in solution
    assert FIND.mend in solution


def test_after_the_solution_no_line_is_taken():
    run = after(at("find"), ev.LinePicked(1), ev.SolutionAsked())
    assert ("skipped", run) == (run.state.outcome, after(run, ev.LinePicked(3)))


def test_a_program_of_the_lessons_own_shows_what_the_lesson_says_it_prints():
    step = replace(FIND, symptom=OwnSymptom(prints="[1, 2]\n3", mended="4"))
    assert ("[1, 2]", "3") == printed_lines(step, mended=False)
    assert ("4",) == printed_lines(step, mended=True)
