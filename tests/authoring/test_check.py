"""The command `check` prints one problem a line and sums up."""

import io
from pathlib import Path

from tutor.authoring.check import run_check

SAMPLES = Path(__file__).parents[1] / "sample_lessons"


def test_clean_lessons_are_counted_and_exit_0():
    out = io.StringIO()
    assert 0 == run_check([SAMPLES / "good.yaml"], out)
    assert "1 lesson, 5 steps: no problems\n" == out.getvalue()


def test_every_problem_is_a_line_and_exits_1():
    out = io.StringIO()
    files = [SAMPLES / "broken" / "three-faults.yaml", SAMPLES / "broken" / "empty.yaml"]
    assert 1 == run_check(files, out)
    lines = out.getvalue().splitlines()
    assert 5 == len(lines)
    assert "4 problems in 2 files" == lines[-1]


def test_one_problem_is_one_problem():
    out = io.StringIO()
    run_check([SAMPLES / "broken" / "empty.yaml"], out)
    assert "1 problem in 1 file" == out.getvalue().splitlines()[-1]


def test_without_a_path_the_lessons_of_the_project_are_checked():
    out = io.StringIO()
    run_check([], out)
    assert " steps: no problems\n" in out.getvalue()
