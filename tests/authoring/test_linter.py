"""The linter looks at lessons among their neighbours, and says everything at once."""

from pathlib import Path

import pytest

from tutor.authoring.linter import check_paths, inspect

LESSON = """\
format: 1
id: {id}
title: A lesson
summary: One of several.
requires: [{requires}]
minutes: 5
objectives: [Come after another]
steps:
  - id: words
    kind: text
    body: {body}
"""


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """An empty folder of the course `gradients`."""
    folder = tmp_path / "lessons" / "gradients"
    folder.mkdir(parents=True)
    return folder


def write(folder: Path, name: str, requires: str = "", *, id_: str = "", body: str = "Hm") -> Path:
    file = folder / f"{name}.yaml"
    text = LESSON.format(id=id_ or f"gradients/{name}", requires=requires, body=body)
    file.write_text(text, encoding="utf-8")
    return file


def told(*paths: Path) -> list[str]:
    return [str(problem).removeprefix(f"{problem.file}:") for problem in check_paths(paths)]


def test_two_lessons_with_one_id_are_both_named(course: Path):
    first = write(course, "a")
    write(course, "b", id_="gradients/a")
    mend = "give this lesson an id of its own"
    assert [f"2: id: gradients/a is already the id of {first}; {mend}"] == told(course)


def test_an_id_of_another_course_is_a_problem(course: Path):
    write(course, "a", id_="networks/a")
    assert [
        "2: id: networks/a stands in the folder gradients; start the id with gradients/"
    ] == told(course)


def test_a_draft_outside_its_course_may_stand_anywhere(tmp_path: Path):
    assert [] == told(write(tmp_path, "draft"))


def test_a_draft_may_require_a_lesson_of_the_project(tmp_path: Path):
    assert [] == told(write(tmp_path, "draft", "gradients/derivative"))


def test_an_unknown_requirement_names_the_nearest_lesson(course: Path):
    write(course, "slopes")
    write(course, "z", "gradients/slops")
    assert [
        "5: requires[1]: there is no lesson gradients/slops (or it was left out); "
        "write gradients/slopes"
    ] == told(course)


def test_a_cycle_is_named_from_each_of_its_lessons(course: Path):
    write(course, "a", "gradients/b")
    write(course, "b", "gradients/a")
    mend = "delete one of these requirements"
    assert [
        f"5: requires[1]: requires itself: gradients/a requires gradients/b requires gradients/a; "
        f"{mend}",
        f"5: requires[1]: requires itself: gradients/b requires gradients/a requires gradients/b; "
        f"{mend}",
    ] == told(course)


def test_one_file_is_checked_among_the_lessons_beside_it(course: Path):
    write(course, "a")
    later = write(course, "b", "gradients/a")
    assert [] == told(later)


def test_the_neighbours_of_a_file_are_not_reported(course: Path):
    write(course, "a", body="$x")
    assert [] == told(write(course, "b"))


def test_a_path_that_is_not_there_is_a_problem(tmp_path: Path):
    expected = "does not exist; name a lesson file (.yaml) or a folder of lessons"
    assert [f" {expected}"] == told(tmp_path / "no")


def test_a_folder_without_lessons_is_a_problem(tmp_path: Path):
    expected = "holds no lesson; name a lesson file (.yaml) or a folder of lessons"
    assert [f" {expected}"] == told(tmp_path)


def test_problems_of_all_files_come_sorted_by_file_and_line(course: Path):
    write(course, "b", body="$y")
    write(course, "a", "gradients/nowhere", body="$x")
    problems = check_paths([course])
    assert [
        ("a.yaml", 5),
        ("a.yaml", 11),
        ("b.yaml", 11),
    ] == [(Path(problem.file).name, problem.line) for problem in problems]


def test_a_file_named_twice_is_checked_once(course: Path):
    file = write(course, "a", body="$x")
    assert 1 == len(check_paths([file, course, file]))


def test_a_folder_of_courses_is_searched(course: Path):
    write(course, "a")
    write(course, "b")
    report = inspect([course.parent])
    assert (2, 2, ()) == (report.lessons, report.steps, report.problems)


def test_a_translation_is_no_lesson_of_its_own(course: Path):
    write(course, "a")
    (course / "a.zh.yaml").write_text("words: []\n", encoding="utf-8")
    assert 1 == inspect([course]).lessons
