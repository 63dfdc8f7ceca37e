"""The linter looks at lessons among their neighbours, and says everything at once."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.engine.lessons import FIND
from tutor.authoring.linter import check_paths, inspect
from tutor.authoring.rules.bugs import printing_faults
from tutor.lesson.catalog import load_catalog
from tutor.lesson.folders import find_lesson_folders
from tutor.lesson.model import OwnSymptom
from tutor.lesson.programs import Outcome

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


def test_an_experiment_that_cannot_be_run_is_one_problem_where_the_lesson_is_translated(
    course: Path,
):
    """The objective has two variables: neither a translation nor a missing proof runs it."""
    file = write(course, "a", body="How steep is it?")
    asked = """\
    experiment: {objective: sphere, x: 1, window: [-3, 3]}
    charts: [curve]
    answer: 2
    explain: Twice as steep.
"""
    text = file.read_text("utf-8").replace("kind: text", "kind: number")
    file.write_text(text + asked, encoding="utf-8")
    texts = {"title": "一课", "summary": "几课之一。", "objectives": "[排在后面]"}
    head = "".join(f"{key}: {words}\n" for key, words in texts.items())
    step = "steps:\n  words: {body: 有多陡？, explain: 陡一倍。}\n"
    (course / "a.zh.yaml").write_text(
        f"translates: gradients/a\nlanguage: zh\n{head}{step}", encoding="utf-8"
    )
    wanted = "has 2 variables; use an objective of 1"
    assert [f"12: steps[words].experiment.objective: {wanted}"] == told(course)


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


def test_what_is_no_file_is_told_and_not_waited_for(course: Path):
    os.mkfifo(course / "pipe.yaml")
    (course / "folder.yaml").mkdir()
    write(course, "a")
    said = [str(each) for each in check_paths([course])]
    wanted = "is not a file with text in it; delete it, or give it another name"
    assert [f"{course / name}.yaml: {wanted}" for name in ("folder", "pipe")] == said


def test_a_file_that_ends_in_yml_is_told_its_name(course: Path):
    file = write(course, "a").rename(course / "a.yml")
    said = f"{file}: ends in .yml, and lessons end in .yaml; rename it a.yaml"
    for path in (course, file):
        assert [said] == [str(each) for each in check_paths([path])]
    assert [said] == [str(each) for each in load_catalog([course.parent]).left_out]


@contextmanager
def as_an_ordinary_user() -> Iterator[None]:
    """Rights do not count for root."""
    user = os.geteuid()
    try:
        if user == 0:
            os.seteuid(65534)
        yield
    finally:
        os.seteuid(user)


@pytest.mark.parametrize("rights", [0o000, 0o444])
def test_a_locked_course_is_told_and_the_others_are_shown(
    course: Path, rights: int, monkeypatch: pytest.MonkeyPatch
):
    locked = course.parent / "locked"
    write(course, "a")
    locked.mkdir()
    write(locked, "b", id_="locked/b")
    for folder in (course, *course.parents):
        if folder.is_relative_to("/tmp") and folder != Path("/tmp"):
            folder.chmod(0o755)
    locked.chmod(rights)
    said = f"{locked}: cannot be looked into (Permission denied); check its permissions"
    # The checkout may be root's alone: its lessons, and modules that come late, are out of reach.
    monkeypatch.setattr("tutor.lesson.folders.find_lesson_folders", lambda: (course.parent,))
    check_paths([course])
    try:
        with as_an_ordinary_user():
            catalog = load_catalog([course.parent])
            assert [said] == [str(each) for each in check_paths([course.parent])]
    finally:
        locked.chmod(0o755)
    assert ["gradients/a"] == [lesson.id for lesson in catalog.lessons]
    assert [said] == [str(each) for each in catalog.left_out]


def test_a_lesson_may_require_one_of_a_course_beside_its_own(course: Path):
    other = course.parent / "networks"
    other.mkdir()
    write(other, "b", "gradients/a", id_="networks/b")
    file = write(course, "a")
    assert [] == told(other)
    file.unlink()
    assert ["5: requires[1]: there is no lesson gradients/a"] == [
        line.partition(" (")[0] for line in told(other)
    ]


def test_an_id_of_our_own_lessons_is_taken(course: Path):
    file = write(course, "a", id_="gradients/derivative")
    assert [] == told(file.rename(course.parent / "draft.yaml"))
    write(course, "a", id_="gradients/derivative")
    (said,) = told(course)
    assert said.startswith("2: id: gradients/derivative is already the id of ")
    assert said.partition(" of ")[2].startswith(str(find_lesson_folders()[0]))


def test_a_folder_that_no_id_can_name_is_to_be_renamed(tmp_path: Path):
    folder = tmp_path / "My Course"
    folder.mkdir()
    write(folder, "a", id_="my-course/a")
    mend = "no id can name that folder: rename it, to my-course for example"
    assert [f"2: id: my-course/a stands in the folder My Course; {mend}"] == told(folder)


def test_a_whole_step_is_checked_beside_a_broken_one(course: Path):
    file = write(course, "a", body="One $ too many")
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace("minutes: 5", "minutes: soon") + "  - {id: x, kind: choise}\n", "utf-8"
    )
    assert ["minutes", "steps[words].body", "steps[x].kind"] == [
        problem.key_path for problem in check_paths([course])
    ]


def test_a_translation_cut_at_a_hash_is_told(course: Path):
    write(course, "a")
    translation = course / "a.zh.yaml"
    translation.write_text(
        "translates: gradients/a\nlanguage: zh\ntitle: 残差 # 差\nsummary: 其一\n"
        "objectives: [在后]\nsteps: {words: {body: 嗯}}\n", encoding="utf-8"
    )  # fmt: skip
    assert ["3: YAML ends the text '残差' at the #; put the text in single quotes, or more space "
            "before a comment"] == told(course)  # fmt: skip


def test_a_bug_whose_program_does_not_end_is_told():
    step = replace(FIND, symptom=OwnSymptom(prints="1", mended="2"))
    faults = list(printing_faults(step, "steps[find]", [Outcome("time", line=2)] * 2))
    assert ["steps[find].symptom.prints", "steps[find].symptom.mended"] == [w for w, _, _ in faults]
    assert "does not come to its end" in str(faults[0][1])
