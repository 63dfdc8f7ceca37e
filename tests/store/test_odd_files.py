"""Odd progress files: each is told in a sentence with what is so, and nothing of it is lost."""

from __future__ import annotations

import os
import socket
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.command_line import run
from tests.store.entries import attempt, point
from tutor.cli import doctor
from tutor.store.model import LOCAL_LEARNER
from tutor.store.opening import open_store
from tutor.store.settings import change_settings, read_settings

Make = Callable[[Path], object]


class Odd(NamedTuple):
    """What is done to a file with five answers and a place, and what is told of it."""

    make: Make
    told: str
    answers: int = 5
    places: int = 1
    is_kept: bool = True
    """Whether its bytes are somewhere in the folder after it was opened."""
    writes: bool = True
    """Whether the next answer is written to the file."""


def changed(*statements: str) -> Make:
    def change(file: Path) -> None:
        with closing(sqlite3.connect(file, isolation_level=None)) as connection:
            for statement in statements:
                connection.execute(statement)

    return change


def bytes_of(content: bytes) -> Make:
    return lambda file: file.write_bytes(content)


def in_its_place(make: Make) -> Make:
    def put(file: Path) -> None:
        file.unlink()
        make(file)

    return put


def lose_log(*suffixes: str) -> Make:
    """A tutor is killed while its last answers are in the log, and the log is lost."""

    def lose(file: Path) -> None:
        store = open_store(file).store
        store.record_attempt(attempt(9, learner=LOCAL_LEARNER))
        left = {part: part.read_bytes() for part in file.parent.iterdir()}
        store.close()
        for part, content in left.items():
            if not part.name.endswith(suffixes):
                part.write_bytes(content)

    return lose


def lose_all_but_the_file(file: Path) -> None:
    """The first session was killed: no answer had come from the log to the file."""
    file.unlink()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")


def foreign(file: Path) -> None:
    changed("CREATE TABLE notes (words TEXT)", "INSERT INTO notes VALUES ('mine')")(file)


def listening(file: Path) -> None:
    with closing(socket.socket(socket.AF_UNIX)) as door:
        before = Path.cwd()
        os.chdir(file.parent)  # the path of a socket has a hundred bytes at most
        try:
            door.bind(file.name)
        finally:
            os.chdir(before)


def folder(file: Path) -> None:
    file.mkdir()
    (file / "mine").write_text("mine")


def version(value: str) -> Odd:
    return Odd(changed(f"UPDATE schema_version SET version = {value}"), "5 answers and 1 lessons")


def answer(column: str, value: str, answers: int = 4) -> Odd:
    statement = f"UPDATE journal SET {column} = {value} WHERE id = 2"
    return Odd(changed(statement), f"{answers} answers and 1 lessons", answers)


def place(column: str, value: str) -> Odd:
    statement = f"UPDATE resume_points SET {column} = {value}"
    return Odd(changed(statement), "5 answers and 0 lessons", places=0)


def moment(value: str) -> Odd:
    statement = f"UPDATE journal SET at = {value} WHERE id = 2"
    return Odd(changed(statement), "a time that cannot have been", is_kept=False)


def quiet(*statements: str, places: int = 1) -> Odd:
    return Odd(changed(*statements), "", places=places, is_kept=False)


NOTHING = "held no progress that can be read"
NO_FILE = "is no file"
NO_NUMBERS = '{"steps": {"guess-slope": {"values": {"h": NaN}}}, "x": ' + "9" * 5000 + "}"
LONG = "'" + "x" * 10_000 + "'"
ODD = {
    "version: text": version("'abc'"),
    "version: REAL": version("2.5"),
    "version: infinite": version("9e999"),
    "version: negative": version("-1"),
    "version: BLOB": version("x'00'"),
    "version: none": Odd(changed("DELETE FROM schema_version"), "5 answers and 1 lessons"),
    "version: newer": Odd(changed("UPDATE schema_version SET version = 99"), "newer Nabla", 0, 0,
                          writes=False),
    "time: year 0": moment("'0000-01-01T00:00:00+00:00'"),
    "time: year 1, before UTC's": moment("'0001-01-01T00:00:00+05:00'"),
    "time: year 9999": moment("'9999-12-31T23:59:59-05:00'"),
    "time: year 99999": moment("'99999-01-01T00:00:00+00:00'"),
    "time: number": moment("5"),
    "time: empty": moment("''"),
    "time: BLOB": answer("at", "x'3230'"),
    "answer: NULL": answer("answer", "NULL"),
    "answer: BLOB": answer("answer", "x'fffe'"),
    "lesson: NULL": answer("lesson", "NULL"),
    "lesson: BLOB": answer("lesson", "x'ff'"),
    "step: NULL": answer("step", "NULL"),
    "kind: BLOB": answer("kind", "x'ff'"),
    "misconception: BLOB": answer("misconception", "x'ff'"),
    "correct: text": answer("correct", "'abc'"),
    "correct: infinite": answer("correct", "9e999"),
    "completed: text": place("completed", "'abc'"),
    "completed: infinite": place("completed", "-9e999"),
    "total: BLOB": place("total", "x'00'"),
    "done: text": place("done", "'abc'"),
    "journal_id: text": place("journal_id", "'abc'"),
    "state: BLOB": place("state", "x'7b7d'"),
    "place's lesson: BLOB": place("lesson", "x'ff'"),
    # Read as they are: they say nothing wrong.
    "numbers: negative": quiet("UPDATE journal SET id = -id",
                               "UPDATE resume_points SET journal_id = -2, completed = -5"),
    "text: not UTF-8": quiet("UPDATE journal SET answer = CAST(x'fffe41' AS TEXT)",
                             "UPDATE resume_points SET step = CAST(x'fffe' AS TEXT)"),
    "text: long": quiet(f"UPDATE journal SET lesson = {LONG}, step = {LONG}, kind = {LONG}",
                        f"UPDATE resume_points SET lesson = {LONG}"),
    "answer: 5,000 digits": quiet(f"UPDATE journal SET answer = '{'9' * 5000}'"),
    "state: deep": quiet(f"UPDATE resume_points SET state = '{'[' * 100_000}'"),
    "state: huge and no numbers": quiet(f"UPDATE resume_points SET state = '{NO_NUMBERS}'"),
    "file: 0 bytes": Odd(bytes_of(b""), "is empty", 0, 0, is_kept=False),
    "file: 1 byte": Odd(bytes_of(b"x"), NOTHING, 0, 0),
    "file: zeros": Odd(bytes_of(bytes(4096)), NOTHING, 0, 0),
    "file: a diary": Odd(bytes_of(b"Dear diary\n" * 99), NOTHING, 0, 0),
    "file: another program's": Odd(in_its_place(foreign), NOTHING, 0, 0),
    "log: lost": Odd(lose_log("-wal"), "progress.sqlite3-wal is lost", is_kept=False),
    "log: lost before the first answer came": Odd(
        lose_all_but_the_file, "is empty, and there is no progress.sqlite3-wal", 0, 0,
        is_kept=False),
    "place: folder": Odd(in_its_place(folder), NO_FILE, 0, 0, is_kept=False, writes=False),
    "place: pipe": Odd(in_its_place(os.mkfifo), NO_FILE, 0, 0, is_kept=False, writes=False),
    "place: socket": Odd(in_its_place(listening), NO_FILE, 0, 0, is_kept=False, writes=False),
    "place: device": Odd(in_its_place(lambda file: file.symlink_to("/dev/zero")), NO_FILE, 0, 0,
                         is_kept=False, writes=False),
    "place: link to itself": Odd(in_its_place(lambda file: file.symlink_to(file)), NO_FILE, 0, 0,
                                 is_kept=False, writes=False),
    "place: link to nowhere": Odd(in_its_place(lambda file: file.symlink_to("no/where")), NO_FILE,
                                  0, 0, is_kept=False, writes=False),
}  # fmt: skip


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A file with five answers and a place."""
    file = tmp_path_factory.mktemp("whole") / "progress.sqlite3"
    store = open_store(file).store
    for number in range(5):
        store.record_attempt(
            attempt(number, learner=LOCAL_LEARNER), point(number, learner=LOCAL_LEARNER)
        )
    store.close()
    return file.read_bytes()


@pytest.fixture
def odd(file: Path, whole: bytes, request: pytest.FixtureRequest) -> Odd:
    """One of the files, where the progress is."""
    file.parent.mkdir()
    file.write_bytes(whole)
    made: Odd = ODD[request.param]
    made.make(file)
    return made


EACH = pytest.mark.parametrize("odd", ODD, indirect=True)


def contents(file: Path) -> list[bytes]:
    return [
        part.read_bytes()
        for part in file.parent.iterdir()
        if part.is_file() and "-" not in part.suffix
    ]


@EACH
def test_an_odd_file_is_told_and_what_can_be_read_is_there(odd: Odd, file: Path) -> None:
    before = contents(file)
    opening = open_store(file)
    store = opening.store
    assert odd.told in str(opening.notice or "")
    assert bool(odd.told) == bool(opening.notice)
    assert odd.answers == len(store.attempts(LOCAL_LEARNER))
    assert odd.places == len(store.records(LOCAL_LEARNER).points)
    store.lesson_progress(LOCAL_LEARNER)
    if odd.is_kept:
        assert set(before) <= set(contents(file))
    store.record_attempt(attempt(7, learner=LOCAL_LEARNER))
    store.close()
    assert odd.writes == (store.trouble is None)
    assert [] == list(store.unwritten)


@EACH
def test_an_odd_file_is_told_once_where_it_could_be_mended(odd: Odd, file: Path) -> None:
    open_store(file).store.close()
    again = open_store(file)
    again.store.close()
    lasts = not odd.writes or "a time that" in odd.told
    assert (odd.told if lasts else "") in str(again.notice or "")
    assert lasts == bool(again.notice)


@EACH
def test_doctor_tells_of_an_odd_file_and_leaves_it_as_it_is(
    odd: Odd, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NABLA_HOME", str(file.parent))
    before = {part.name for part in file.parent.iterdir()}
    monkeypatch.setattr(doctor, "CHECKS", {"progress": doctor.CHECKS["progress"]})
    done = run("doctor", COLUMNS="400")
    assert "cannot be examined" not in done.stdout
    assert (1 if not odd.writes else 0) == done.returncode
    assert (not odd.told) == ("✓" in done.stdout)
    assert before == {part.name for part in file.parent.iterdir()}


SAMPLE = ("version: text", "time: year 9999", "file: 0 bytes", "place: pipe")


@pytest.mark.parametrize(
    "odd",
    [each if each in SAMPLE else pytest.param(each, marks=pytest.mark.thorough) for each in ODD],
    indirect=True,
)
def test_no_command_ends_in_a_traceback_over_an_odd_file(odd: Odd, file: Path) -> None:
    home = {"NABLA_HOME": str(file.parent)}
    for command in (["list"], ["progress"], ["progress", "--export", "-"],
                    ["export", "derivative", "-"], ["--plain"]):  # fmt: skip
        done = run(*command, **home)
        assert done.returncode in (0, 1), done.stderr
        assert "Traceback" not in done.stdout + done.stderr


LONG_HOME = "x" * 300


def test_a_home_whose_name_is_too_long_is_told_by_every_command(tmp_path: Path) -> None:
    home = tmp_path / LONG_HOME
    said = "too long for this system"
    for command in (["list"], ["progress", "--export", "-"], ["export", "derivative", "-"]):
        done = run(*command, NABLA_HOME=str(home))
        assert (said in done.stderr, done.returncode in (0, 1)) == (True, True), done.stderr
    assert said in run("--plain", NABLA_HOME=str(home)).stdout.replace("\n", " ")


def test_settings_in_a_folder_whose_name_is_too_long_are_told(tmp_path: Path) -> None:
    file = tmp_path / LONG_HOME / "settings.json"
    assert "cannot be read" in str(read_settings(file).notice)
    assert "cannot be kept" in str(change_settings(file, language="zh"))


@pytest.mark.parametrize("make", [os.mkfifo, Path.mkdir, lambda file: file.symlink_to("/dev/zero")])
def test_settings_that_are_no_file_are_not_waited_for(tmp_path: Path, make: Make) -> None:
    file = tmp_path / "settings.json"
    make(file)
    assert "cannot be read" in str(read_settings(file).notice)


def test_waiting_files_and_logs_that_are_pipes_are_not_waited_for(file: Path) -> None:
    file.parent.mkdir()
    os.mkfifo(file.with_name("progress.waiting-1.json"))
    os.mkfifo(file.with_name("errors.log"))
    store = open_store(file).store
    store.record_attempt(attempt())
    store.close()
    assert store.trouble is None
