"""`check` proves itself: each kind of fault, planted in a copy of the course, is found."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tutor.authoring.linter import check_paths
from tutor.lesson.folders import find_lesson_folders

LESSON = "05-gradient-descent.yaml"
FAULTS = {
    "a missing key": (r"^title: .*\n", "", "has no title"),
    "a misspelt key": (r"^summary:", "sumary:", "write summary"),
    "a value of another type": (r"^minutes: \d+", "minutes: soon", "is not a whole number"),
    "an unknown kind": (r"kind: choice", "kind: choise", "write choice"),
    "an id twice": (r"(?s)(- id: )([\w-]+)(.*?- id: )[\w-]+", r"\1\2\3\2", "is already taken"),
    "a requirement that is not there": (
        r"^requires: \[.*\]", "requires: [gradients/gradiend]", "there is no lesson"
    ),
    "no right choice": (r"correct: true", "correct: false", "no choice is correct"),
    "an answer that cannot be computed": (r"( {4}answer: ).*", r"\1nothing + 1", "cannot compute"),
    "a goal that nothing reaches": (r"( {4}witness: ).*\n", "", "nothing proves"),
    "a preset beyond the range": (
        r"values: \{learning_rate: [^}]*\}", "values: {learning_rate: 1e6}", "outside the range"
    ),
    "an objective that nobody knows": (r"objective: \w+", "objective: sphery", "cannot be used"),
    "a tolerance below zero": (r"tolerance: ", "tolerance: -", "is not above zero"),
    "a misconception that nobody knows": (r"misconception: \S+", "misconception: Z9", "Z9 is not"),
    "a lone dollar": (r"( {4}body: \|\n)", r"\1      One $ too many.\n", "a $ stands alone"),
    "unknown LaTeX": (r"\$\\eta", r"$\\etta", "is not known"),
    "prose that does not fit": (
        r"( {4}kind: experiment\n(?: {4}title: .*\n)? {4}body: \|\n)",
        r"\1" + r"      Too long a line, again and again, for a step with a chart below.\n" * 6,
        "cut it to",
    ),
    "a tab": (r"^minutes: ", "minutes:\t[", "is not YAML"),
    "the same key twice": (r"^(minutes: .*\n)", r"\1\1", "is already on line"),
    "no schema for editors": (r"\A# yaml.*\n", "", "does not name its schema"),
}  # fmt: skip


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("planted") / "lessons"
    shutil.copytree(find_lesson_folders()[0], copy)
    return copy


@pytest.fixture
def course(copy: Path) -> Iterator[Path]:
    """A copy of the project's lessons; what is planted in the one is taken away again."""
    file = copy / "gradients" / LESSON
    before = file.read_bytes()
    yield copy
    file.write_bytes(before)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(course: Path, fault: str):
    old, new, said = FAULTS[fault]
    file = course / "gradients" / LESSON
    planted, count = re.subn(old, new, file.read_text("utf-8"), count=1, flags=re.MULTILINE)
    assert 1 == count, "the course has no such place any more: plant this fault elsewhere"
    file.write_text(planted, encoding="utf-8")
    found = [str(problem) for problem in check_paths([file])]
    assert [line for line in found if said in line and LESSON in line], found


def test_another_course_in_the_id_is_found(course: Path, tmp_path: Path):
    """By its folder: a file that is named alone may be a draft outside any course."""
    folder = tmp_path / "gradients"
    folder.mkdir()
    text = (course / "gradients" / LESSON).read_text(encoding="utf-8")
    planted = text.replace("id: gradients/", "id: networks/", 1)
    (folder / LESSON).write_text(planted, encoding="utf-8")
    found = [str(problem) for problem in check_paths([folder])]
    assert [line for line in found if "stands in the folder" in line and LESSON in line], found


def test_the_copy_itself_has_no_problem(course: Path):
    """Else the tests above would find what was there before."""
    assert [] == [str(problem) for problem in check_paths([course / "gradients" / LESSON])]
