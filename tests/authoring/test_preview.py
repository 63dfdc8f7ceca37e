"""A file is read anew once it has changed and come to rest; what cannot be shown says why."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.authoring.new_lesson import write_new_lesson
from tutor.authoring.preview import WatchedFile, read_preview


@pytest.fixture
def lesson(tmp_path: Path) -> Path:
    file = tmp_path / "ramps.yaml"
    write_new_lesson(file)
    return file


def looks(watched: WatchedFile, count: int) -> list[bool]:
    return [watched.has_changed() for _ in range(count)]


def test_a_file_is_read_once_and_then_only_when_it_changes(lesson: Path):
    watched = WatchedFile(lesson)
    assert [False, True, False, False] == looks(watched, 4)
    lesson.write_text("another", encoding="utf-8")
    assert [False, True, False] == looks(watched, 3)


def test_a_file_that_is_still_being_written_is_left_alone(lesson: Path):
    watched = WatchedFile(lesson)
    looks(watched, 2)
    for length in range(1, 4):
        lesson.write_text("a" * length, encoding="utf-8")
        assert not watched.has_changed()
    assert watched.has_changed()


def test_a_file_that_is_replaced_by_another_is_a_change(lesson: Path):
    watched = WatchedFile(lesson)
    looks(watched, 2)
    beside = lesson.with_suffix(".new")
    beside.write_bytes(lesson.read_bytes())
    beside.replace(lesson)
    assert [False, True] == looks(watched, 2)


def test_a_file_that_goes_away_and_comes_back_is_two_changes(lesson: Path):
    watched = WatchedFile(lesson)
    looks(watched, 2)
    text = lesson.read_bytes()
    lesson.unlink()
    assert [False, True, False] == looks(watched, 3)
    lesson.write_bytes(text)
    assert [False, True] == looks(watched, 2)


def test_a_good_lesson_is_shown(lesson: Path):
    preview = read_preview(lesson)
    assert preview.lesson is not None
    assert () == preview.problems


def test_what_cannot_be_read_has_file_line_and_mend(lesson: Path):
    lesson.write_text(lesson.read_text("utf-8").replace("minutes: 10", "minutes: ten"), "utf-8")
    preview = read_preview(lesson)
    assert preview.lesson is None
    assert [9] == [problem.line for problem in preview.problems]


def test_an_experiment_that_cannot_be_run_is_a_problem_and_no_crash(lesson: Path):
    broken = lesson.read_text("utf-8").replace("formula: x**2/4, x: 4", "objective: sqare, x: 4")
    lesson.write_text(broken, "utf-8")
    preview = read_preview(lesson)
    assert preview.lesson is None
    assert "there is no objective “sqare”" in str(preview.problems[0])


def test_what_check_finds_in_a_lesson_that_works_does_not_hide_it(lesson: Path):
    lesson.write_text(lesson.read_text("utf-8").replace("misconception: D1 ", "misconception: Q1 "),
                      "utf-8")  # fmt: skip
    preview = read_preview(lesson)
    assert preview.lesson is not None
    assert ["Q1 is not known"] == [str(problem.what) for problem in preview.problems]


def test_a_file_that_is_not_there_is_a_problem(tmp_path: Path):
    (problem,) = read_preview(tmp_path / "no.yaml").problems
    assert "does not exist" == str(problem.what)
