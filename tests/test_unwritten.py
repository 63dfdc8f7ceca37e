"""What is said to be kept is kept, or said to be lost: the whole program where nothing is written.

The disk is really full where the tests may mount one of their own (root on Linux); a file in the
place of the folder stands for all other troubles, for every user.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.store.entries import attempt
from tests.terminal import Terminal
from tutor.cli import main
from tutor.plain.course import PlainTutor
from tutor.store.model import LOCAL_LEARNER
from tutor.store.opening import open_store

Nabla = Callable[..., Terminal]
STEP = "derivative#sixth-minute"
WRONG = [str(number) for number in range(900, 924)]


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of its own with room for SQLite's files and a few answers."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=200k", "none", disk], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a full disk needs a disk of its own: only root may mount one")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


@pytest.fixture
def no_folder(tmp_path: Path) -> Path:
    """A file where the data folder should be."""
    file = tmp_path / "no-folder"
    file.write_text("a file")
    return file


def plain(home: Path, folder: Path, *typed: str) -> subprocess.CompletedProcess[str]:
    """Run plain mode in `folder` and type these lines."""
    return subprocess.run(
        [sys.executable, "-m", "tutor", "--plain", "run", STEP],
        input="".join(f"{line}\n" for line in typed),
        capture_output=True, text=True, check=False, cwd=folder,
        env=os.environ | {"NABLA_HOME": str(home), "PYTHONPATH": str(Path(__file__).parents[1])},
    )  # fmt: skip


def flat(text: str) -> str:
    return " ".join(text.split())


def answers(home: Path) -> int:
    store = open_store(home / "progress.sqlite3").store
    found = len(store.attempts(LOCAL_LEARNER))
    store.close()
    return found


def test_who_leaves_without_a_file_is_told_how_many_answers_are_lost(
    no_folder: Path, tmp_path: Path
) -> None:
    done = plain(no_folder, tmp_path, *WRONG[:2], "quit", "quit")
    assert 1 == done.returncode
    assert "is no folder" in flat(done.stdout)
    assert "2 answers are not written anywhere" in flat(done.stdout)
    assert "Your progress is kept" not in done.stdout
    assert "not written anywhere" in done.stderr


def test_where_the_input_ends_the_loss_is_told_and_the_status_says_so(
    no_folder: Path, tmp_path: Path
) -> None:
    done = plain(no_folder, tmp_path, *WRONG[:2])
    assert 1 == done.returncode
    assert "What is not written ends with the program. Goodbye." in flat(done.stdout)


def test_enter_keeps_the_answers_in_the_proposed_file_and_they_can_be_brought_in(
    no_folder: Path, tmp_path: Path
) -> None:
    done = plain(no_folder, tmp_path, *WRONG[:2], "quit", "")
    file = tmp_path / "nabla-progress.jsonl"
    assert (0, True) == (done.returncode, file.exists())
    assert f"nabla progress --import {file}" in done.stdout.splitlines()
    home = tmp_path / "home"
    subprocess.run(
        [sys.executable, "-m", "tutor", "progress", "--import", str(file)],
        env=os.environ | {"NABLA_HOME": str(home)}, check=True, capture_output=True,
    )  # fmt: skip
    assert 2 == answers(home)


def test_a_file_that_cannot_be_written_is_asked_for_again(no_folder: Path, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("mine")
    done = plain(
        no_folder,
        tmp_path,
        *WRONG[:2],
        "quit",
        "taken",
        str(no_folder / "x"),
        str(tmp_path / "new"),
    )
    assert (0, "mine") == (done.returncode, taken.read_text())
    assert "is there already" in flat(done.stdout)
    assert "cannot be written" in flat(done.stdout)
    assert (tmp_path / "new").exists()


def test_of_answers_on_a_full_disk_each_is_on_it_or_in_the_other_file(
    full_disk: Path, tmp_path: Path
) -> None:
    """Two dozen wrong answers, all that were acknowledged, are found in the two together."""
    home = full_disk / "home"
    done = plain(home, tmp_path, *WRONG, "quit", str(tmp_path / "kept.jsonl"))
    assert 0 == done.returncode
    assert "The disk is full" in flat(done.stdout)
    subprocess.run(["mount", "-o", "remount,size=4m", full_disk], check=True)
    on_disk = answers(home)
    assert len(WRONG) > on_disk
    subprocess.run(
        [sys.executable, "-m", "tutor", "progress", "--import", str(tmp_path / "kept.jsonl")],
        env=os.environ | {"NABLA_HOME": str(home)}, check=True, capture_output=True,
    )  # fmt: skip
    assert len(WRONG) == answers(home)


def test_the_terminal_program_offers_a_file_before_it_leaves(
    nabla: Nabla, no_folder: Path, tmp_path: Path
) -> None:
    """The proposed path is taken with Enter; its command stands in the terminal afterwards."""
    screen = nabla("run", STEP, env={"NABLA_HOME": str(no_folder)}, cwd=tmp_path)
    screen.wait_for("step 3 of")
    screen.type("900")
    screen.press("enter")
    screen.wait_for("Not yet")
    screen.press("ctrl+q")
    screen.wait_for("Enter writes the file and leaves")
    assert "Write it to another file before you leave?" in screen.text
    screen.press("enter")
    assert 0 == screen.wait_for_exit()
    assert (tmp_path / "nabla-progress.jsonl").exists()


def test_the_terminal_program_says_by_its_status_that_answers_are_lost(
    nabla: Nabla, no_folder: Path
) -> None:
    screen = nabla("run", STEP, env={"NABLA_HOME": str(no_folder)})
    screen.wait_for("step 3 of")
    screen.type("900")
    screen.press("enter")
    screen.wait_for("Not yet")
    screen.press("ctrl+q")
    screen.wait_for("Enter writes the file and leaves")
    screen.press("escape")
    assert 1 == screen.wait_for_exit()
    assert "not written anywhere" in screen.text


@pytest.mark.parametrize("plain_lines", [True, False])
def test_a_program_that_is_told_to_end_says_what_is_lost(
    nabla: Nabla, no_folder: Path, *, plain_lines: bool
) -> None:
    """Nobody can be asked for another file then."""
    options = ["--plain"] if plain_lines else []
    screen = nabla(*options, "run", STEP, env={"NABLA_HOME": str(no_folder)})
    screen.wait_for("Step 3 of" if plain_lines else "step 3 of")
    screen.type("900\r")
    screen.wait_for("Not yet. (not written yet)")
    screen.process.send_signal(signal.SIGTERM)
    assert 1 == screen.wait_for_exit()
    assert "1 answer is not written anywhere" in flat(screen.text)


def test_who_leaves_while_another_program_locks_the_file_is_told_which_file_has_the_answers(
    tmp_path: Path,
) -> None:
    home = tmp_path / "home"
    open_store(home / "progress.sqlite3").store.close()
    lock = sqlite3.connect(home / "progress.sqlite3", isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    done = plain(home, tmp_path, *WRONG[:2], "quit", "quit")
    lock.close()
    (file,) = home.glob("progress.waiting-*.json")
    assert (0, 2) == (done.returncode, answers(home))
    assert f"2 answers wait in {file}" in flat(done.stderr)


@pytest.mark.parametrize("is_lost", [True, False])
def test_after_an_error_nobody_foresaw_it_is_said_what_became_of_the_answers(
    no_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str], *, is_lost: bool,
) -> None:  # fmt: skip
    monkeypatch.setenv("NABLA_HOME", str(no_folder if is_lost else tmp_path / "home"))

    def fail(tutor: PlainTutor, *_: object, **__: object) -> None:
        tutor.store.record_attempt(attempt(0))
        raise ZeroDivisionError

    monkeypatch.setattr(PlainTutor, "run", fail)
    assert 70 == main(["--plain"])
    said = capsys.readouterr().err
    assert is_lost is ("1 answer is not written anywhere" in said)
    assert is_lost is ("Your progress is kept." not in said)
