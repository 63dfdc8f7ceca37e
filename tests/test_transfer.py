"""Exporting and importing progress, as a learner does it on two computers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command_line import outcome, run
from tests.store.entries import attempt, point
from tutor.store.model import LOCAL_LEARNER
from tutor.store.opening import open_store


@pytest.fixture
def done_here(nabla_home: Path) -> None:
    store = open_store().store
    store.record_attempt(attempt(learner=LOCAL_LEARNER), point(learner=LOCAL_LEARNER))
    store.close()


@pytest.fixture
def exported(done_here: None, tmp_path: Path) -> Path:
    file = tmp_path / "course.jsonl"
    run("progress", "--export", str(file))
    return file


def test_a_course_goes_to_another_computer_once(exported, tmp_path):
    elsewhere = {"NABLA_HOME": str(tmp_path / "elsewhere")}
    words = "New answers: 1. New places in lessons: 1. New resets: 0.\n"
    assert (words, "", 0) == outcome(run("progress", "--import", str(exported), **elsewhere))
    again = run("progress", "--import", str(exported), **elsewhere)
    assert ("Nothing new: all of it was here already.\n", "", 0) == outcome(again)
    assert run("progress").stdout == run("progress", **elsewhere).stdout


def test_an_export_that_exists_is_replaced_only_by_force(exported):
    exported.write_text("mine")
    refused = run("progress", "--export", str(exported))
    assert ("", 1, "mine") == (refused.stdout, refused.returncode, exported.read_text())
    assert "choose another name, or add --force" in refused.stderr
    assert 0 == run("progress", "--export", str(exported), "--force").returncode
    assert exported.read_text().startswith('{"nabla": "progress"')


def test_an_export_can_be_printed(exported):
    assert (exported.read_text(), "", 0) == outcome(run("progress", "--export", "-"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"nabla": "progress", "format": 9}\n', "is from a newer Nabla (format 9"),
        (b'{"nabla": "progress", "format": 1}\n{"entry"', ":2: is not JSON"),
        (b'{"nabla": "progress", "format": 1}\n\xff', ":2: is not UTF-8"),
    ],
)
def test_a_bad_file_is_one_line_on_stderr_and_changes_nothing(
    done_here, tmp_path, nabla_home, content, words
):
    bad = tmp_path / "bad.jsonl"
    bad.write_bytes(content)
    before = run("progress", "--export", "-").stdout
    done = run("progress", "--import", str(bad))
    assert ("", 1, 1) == (done.stdout, done.stderr.count("\n"), done.returncode)
    assert f"{bad}{words}" in done.stderr or f"{bad} {words}" in done.stderr
    assert before == run("progress", "--export", "-").stdout


def test_a_half_bad_file_brings_in_not_even_its_good_half(exported, tmp_path):
    exported.write_text(exported.read_text() + "{}\n")
    elsewhere = {"NABLA_HOME": str(tmp_path / "elsewhere")}
    assert 1 == run("progress", "--import", str(exported), **elsewhere).returncode
    assert not (tmp_path / "elsewhere").exists()


def test_a_file_that_is_not_there_is_named(tmp_path):
    done = run("progress", "--import", str(tmp_path / "nowhere"))
    assert (1, True) == (done.returncode, "nowhere cannot be read" in done.stderr)


@pytest.mark.parametrize(
    "arguments",
    [["--export", "a", "--import", "b"], ["--force"], ["--import", "a", "--reset", "1"]],
)
def test_options_that_do_not_go_together_are_refused(arguments):
    assert 2 == run("progress", *arguments).returncode


def test_a_lesson_is_exported_into_a_new_file_or_printed(done_here, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    first = run("export", "derivative")
    assert (f"Written: nabla-derivative.md in {tmp_path}\n", "", 0) == outcome(first)
    text = (tmp_path / "nabla-derivative.md").read_text("utf-8")
    assert text == run("export", "derivative", "-").stdout
    assert text.startswith("# The derivative\n")


def test_an_export_of_a_lesson_never_overwrites(done_here, tmp_path):
    file = tmp_path / "mine.md"
    file.write_text("mine")
    done = run("export", "derivative", str(file))
    assert (1, "mine") == (done.returncode, file.read_text())
    assert "is there already: choose another name" in done.stderr


def test_a_lesson_that_was_not_begun_cannot_be_exported():
    done = run("export", "derivative")
    assert (1, "") == (done.returncode, done.stdout)
    assert "gradients/derivative was not begun: `nabla run gradients/derivative`" in done.stderr
