"""What takes long is run when it is asked for, and not again while nothing has changed."""

from pathlib import Path

import pytest

from tutor.authoring import proved
from tutor.authoring.linter import Report, inspect
from tutor.authoring.proved import Proved

LESSON = """\
format: 1
id: gradients/sample
title: A sample
summary: One program.
minutes: 5
objectives: [Write it]
steps:
  - id: one
    kind: code
    body: {body}
    starter: x = ...
    solution: x = {value}
    checks: [{{call: x, expect: 6, feedback: Twice three.}}]
    right: Yes.
"""


@pytest.fixture
def lesson(tmp_path: Path) -> Path:
    return tmp_path / "a.yaml"


def found(lesson: Path, *, runs: bool, value: int = 6, body: str = "Set x to six.") -> Report:
    lesson.write_text(LESSON.format(value=value, body=body), encoding="utf-8")
    return inspect([lesson], Proved(runs, lesson.parent / "cache" / "proved.txt"))


def test_a_program_waits_until_its_proof_is_asked_for(lesson: Path):
    waiting = found(lesson, runs=False, value=7)
    assert ((), 1) == (waiting.problems, waiting.waiting)
    (told,) = found(lesson, runs=True, value=7).problems
    assert "does not pass" in str(told)


def test_what_holds_is_kept_and_what_is_at_fault_is_run_again(
    lesson: Path, monkeypatch: pytest.MonkeyPatch
):
    assert 1 == len(found(lesson, runs=True, value=7).problems)
    assert ((), 0) == ((report := found(lesson, runs=True)).problems, report.waiting)
    monkeypatch.setattr("tutor.sandbox.run.run_all", None)  # Whoever runs anything now, falls.
    assert ((), 0) == ((report := found(lesson, runs=True)).problems, report.waiting)
    assert 0 == found(lesson, runs=False, body="Say it in other words.").waiting
    assert 1 == found(lesson, runs=False, value=7).waiting


def test_another_version_of_what_proves_it_is_asked_again(
    lesson: Path, monkeypatch: pytest.MonkeyPatch
):
    found(lesson, runs=True)
    monkeypatch.setattr(proved, "_programs", lambda: "another NumPy")
    assert 1 == found(lesson, runs=False).waiting


def test_a_file_that_cannot_be_kept_or_read_proves_anew(lesson: Path):
    (lesson.parent / "cache").write_bytes(b"no folder")
    assert 1 == found(lesson, runs=False).waiting
    assert () == found(lesson, runs=True).problems
    (lesson.parent / "cache").unlink()
    (lesson.parent / "cache").mkdir()
    (lesson.parent / "cache" / "proved.txt").write_bytes(b"\xff\x00 damaged\n")
    assert 1 == found(lesson, runs=False).waiting
