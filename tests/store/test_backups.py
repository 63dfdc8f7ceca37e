"""A backup a day: whole or none, seven kept whatever the clock says, and a way to go back."""

from __future__ import annotations

import asyncio
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.command_line import Done, run
from tests.store.entries import DERIVATIVE, attempt, point
from tutor.bootstrap import _backup_beside
from tutor.errors import TutorError
from tutor.server.log import EventLog
from tutor.server.process.database_watch import back_up_daily
from tutor.store import backups
from tutor.store.backups import KEPT, alone, back_up, backups_of
from tutor.store.model import LOCAL_LEARNER
from tutor.store.opening import open_store
from tutor.store.progress_store import ProgressStore
from tutor.store.restoring import restore
from tutor.store.shared_store import open_shared_store

DAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 18, tzinfo=UTC)
LONG = "∇" * 3000
"""Of such answers few make a file of several megabytes, which is copied in several pieces."""


@pytest.fixture
def filled(file: Path, store: ProgressStore) -> Path:
    """A file with answers, which a tutor has open."""
    for number in range(3):
        store.record_attempt(attempt(number), point(number))
    return file


@pytest.fixture
def large(file: Path, store: ProgressStore) -> Path:
    """A file that is copied in several pieces."""
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.executemany(
            "INSERT INTO journal (learner, lesson, step, kind, answer, at) "
            "VALUES ('ana', 'l', 's', 'number', ?, '2026-11-23T12:00:00.000000+00:00')",
            [(LONG,)] * 400,
        )
    return file


def answers(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as connection:
        return [row[0] for row in connection.execute("SELECT answer FROM journal ORDER BY id")]


def days(file: Path) -> list[date]:
    return [each.day for each in backups_of(file)]


def names(folder: Path) -> set[str]:
    return {each.name for each in folder.iterdir()}


# --- making one


def test_a_backup_holds_what_an_open_file_and_its_log_hold_in_one_file(filled: Path) -> None:
    made = back_up(filled, DAY)
    assert made is not None
    assert ["answer 0", "answer 1", "answer 2"] == answers(made.file)
    assert {"progress.lock", made.file.name} == names(made.file.parent)


def test_there_is_one_a_day_and_the_last_seven_are_kept(filled: Path) -> None:
    for number in range(KEPT + 2):
        day = DAY + timedelta(days=number)
        assert back_up(filled, day) is not None
        assert back_up(filled, day) is None
    assert [DAY + timedelta(days=number) for number in range(2, KEPT + 2)] == days(filled)


def test_a_clock_that_was_set_back_does_not_throw_the_new_ones_away(filled: Path) -> None:
    for number in range(KEPT):
        back_up(filled, date(2038, 1, 1) + timedelta(days=number))
    assert back_up(filled, DAY) is not None
    assert (KEPT, DAY) == (len(days(filled)), days(filled)[-1])


def test_a_clock_that_goes_to_and_fro_makes_no_more_than_one_of_each_day(filled: Path) -> None:
    for _ in range(3):
        back_up(filled, date(1970, 1, 1))
        back_up(filled, DAY)
    assert [date(1970, 1, 1), DAY] == days(filled)


def test_nothing_is_made_where_nothing_was_done(file: Path, tmp_path: Path) -> None:
    """Or the empty file that took a lost one's place would push its backups out."""
    assert back_up(file, DAY) is None
    open_store(file).store.close()
    assert back_up(file, DAY) is None
    assert not (file.parent / "backups").exists()


def test_answers_are_written_while_a_backup_is_made_of_the_state_before_them(
    large: Path, store: ProgressStore
) -> None:
    asked = 0

    def write() -> bool:
        nonlocal asked
        store.record_attempt(attempt(asked))
        asked += 1
        assert store.trouble is None
        return False

    made = back_up(large, DAY, write)
    assert made is not None
    assert asked > 3
    # The first is written before the copying begins.
    assert [*[LONG] * 400, "answer 0"] == answers(made.file)
    assert 400 + asked == len(answers(large))


def test_many_tutors_at_once_make_one_backup(large: Path) -> None:
    with ThreadPoolExecutor(8) as tutors:
        made = list(tutors.map(lambda _: back_up(large, DAY), range(8)))
    assert (1, 1) == (len([each for each in made if each]), len(days(large)))


def test_while_another_tutor_makes_it_none_waits(filled: Path) -> None:
    (filled.parent / "backups").mkdir()
    with alone(filled.parent / "backups" / "progress.lock", 0):
        assert back_up(filled, DAY) is None
    assert back_up(filled, DAY) is not None


# --- none that is not whole


def test_who_leaves_meanwhile_leaves_no_half_of_one(large: Path) -> None:
    asked = iter(range(100))
    assert back_up(large, DAY, lambda: next(asked) > 2) is None
    assert {"progress.lock"} == names(large.parent / "backups")


def test_what_a_killed_tutor_leaves_is_no_backup_and_is_removed_by_the_next(large: Path) -> None:
    program = f"""
import os
from datetime import date
from itertools import count
from pathlib import Path
from tutor.store.backups import back_up
asked = count()
back_up(Path({str(large)!r}), date(2026, 11, 23), lambda: next(asked) > 2 and os._exit(9))
"""
    killed = subprocess.run([sys.executable, "-c", program], check=False)
    folder = large.parent / "backups"
    assert 9 == killed.returncode
    assert [each for each in names(folder) if each.endswith(".part")]
    assert [] == days(large)
    assert back_up(large, DAY) is not None
    assert 400 == len(answers(backups_of(large)[0].file))
    assert 2 == len(names(folder))


def test_of_a_damaged_file_none_is_made_and_the_earlier_ones_stay(large: Path) -> None:
    back_up(large, DAY)
    with closing(sqlite3.connect(large)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(large.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 40_000] = b"\xee" * 40_000
    large.write_bytes(content)
    with pytest.raises(TutorError, match="could not be made"):
        back_up(large, DAY + timedelta(days=1))
    assert [DAY] == days(large)
    assert 2 == len(names(large.parent / "backups"))


def test_a_disk_that_becomes_full_harms_nobody(large: Path, store: ProgressStore) -> None:
    """The size limit of files stands in for it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, hard))
    try:
        with pytest.raises(TutorError, match="could not be made"):
            back_up(large, DAY)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert {"progress.lock"} == names(large.parent / "backups")
    store.record_attempt(attempt(0))
    assert (None, 401) == (store.trouble, len(answers(large)))


def test_a_backup_leaves_room_for_the_answers_of_today(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = filled.stat().st_size + 100_000
    monkeypatch.setattr(backups.shutil, "disk_usage", lambda _: Room(free))
    with pytest.raises(TutorError, match="full"):
        back_up(filled, DAY)
    assert [] == days(filled)


class Room:
    """What a disk says of itself."""

    def __init__(self, free: int) -> None:
        self.free = free


@pytest.mark.parametrize(
    "name",
    [
        "progress-1-2026-11-23.sqlite3",
        "progress-0001-2026-13-23.sqlite3",
        "progress-0001-2026-11-23.part",
        "other-0001-2026-11-23.sqlite3",
    ],
)
def test_a_file_of_another_name_is_no_backup(filled: Path, name: str) -> None:
    (filled.parent / "backups").mkdir()
    (filled.parent / "backups" / name).write_bytes(b"")
    assert [] == backups_of(filled)


def test_a_file_in_the_place_of_the_folder_is_told(filled: Path) -> None:
    (filled.parent / "backups").write_text("mine")
    with pytest.raises(TutorError, match="could not be made"):
        back_up(filled, DAY)
    assert "mine" == (filled.parent / "backups").read_text()


# --- the way back


def test_going_back_keeps_what_was_done_since_in_a_file(filled: Path, store: ProgressStore) -> None:
    made = back_up(filled, DAY)
    assert made is not None
    store.record_attempt(attempt(7), point(7))
    aside = restore(filled, made, NOW)
    assert aside is not None
    assert ["answer 0", "answer 1", "answer 2", "answer 7"] == answers(aside)
    assert [0, 1, 2] == [each.at.second for each in store.attempts("ana")]
    assert point(2) == store.resume_point("ana", DERIVATIVE)
    store.record_attempt(attempt(8))
    assert ["answer 0", "answer 1", "answer 2", "answer 8"] == answers(filled)


def test_commands_go_back_and_add_again_what_was_kept_aside(tmp_path: Path) -> None:
    """Of the learner at this computer: by the newest backup, or by the day."""
    home = {"NABLA_HOME": str(tmp_path)}
    file = tmp_path / "progress.sqlite3"
    for number in range(3):
        store = open_store(file).store
        store.record_attempt(attempt(number, learner=LOCAL_LEARNER))
        store.close()
        back_up(file, DAY + timedelta(days=number))
    assert (2, True) == told(run("progress", "--restore", "2026-11-22", **home), "2026-11-24")
    assert (0, True) == told(run("progress", "--restore", "2026-11-23", **home), "To add it")
    assert ["answer 0"] == answers(file)
    (aside,) = tmp_path.glob("progress.before-restore-*.sqlite3")
    assert (0, True) == told(run("progress", "--import", str(aside), **home), "New answers: 2")
    assert ["answer 0", "answer 1", "answer 2"] == answers(file)
    file.unlink()
    assert (0, True) == told(run("list", **home), "is missing")
    assert not file.exists()
    assert (0, True) == told(run("progress", "--restore", **home), "backup of 2026-11-25")
    assert ["answer 0", "answer 1", "answer 2"] == answers(file)


def told(done: Done, words: str) -> tuple[int, bool]:
    return done.returncode, words in done.stdout + done.stderr


def test_without_a_backup_there_is_no_way_back(tmp_path: Path) -> None:
    done = run("progress", "--restore", NABLA_HOME=str(tmp_path))
    assert (1, True) == told(done, "there is no backup")


def test_the_program_makes_the_backup_of_the_day_once_behind_what_it_opens(tmp_path: Path) -> None:
    file = tmp_path / "progress.sqlite3"
    run("--plain", NABLA_HOME=str(tmp_path))
    assert [] == days(file)
    store = open_store(file).store
    store.record_attempt(attempt(0, learner=LOCAL_LEARNER))
    store.close()
    with ThreadPoolExecutor(1) as beside, ExitStack() as at_end, pytest.MonkeyPatch.context() as at:
        at.setenv("NABLA_HOME", str(tmp_path))
        begin = _backup_beside(beside, at_end)
        begin()
        begin()
        beside.submit(int).result()
    assert 1 == len(days(file))


def test_a_workshops_database_is_backed_up_while_it_is_served(tmp_path: Path) -> None:
    file = tmp_path / "workshop.sqlite3"
    with closing(open_shared_store(f"sqlite:///{file}")) as store:
        store.progress.record_attempt(attempt())
        assert store.flush()
        lines: list[str] = []

        async def serve_until_made() -> None:
            made = asyncio.Event()

            class Log(EventLog):
                def event(self, what: str, /, **_: object) -> None:
                    lines.append(what)
                    made.set()

            task = asyncio.create_task(back_up_daily(file, Log("text")))
            await made.wait()
            task.cancel()

        asyncio.run(serve_until_made())
    assert (["backup made"], 1) == (lines, len(backups_of(file)))
    assert ["answer 0"] == answers(backups_of(file)[0].file)


@pytest.mark.parametrize("left", [None, b"", b"x", b"Dear diary\n" * 99])
def test_a_file_that_is_lost_or_holds_nothing_more_leads_back(
    filled: Path, store: ProgressStore, left: bytes | None
) -> None:
    made = back_up(filled, DAY)
    assert made is not None
    store.close()
    filled.unlink()
    if left is not None:
        filled.write_bytes(left)
    opening = open_store(filled)
    opening.store.close()
    assert "a backup of 2026-11-23: `nabla progress --restore`" in str(opening.notice)
    assert (None, 3) == (restore(filled, made, NOW), len(answers(filled)))


def test_nothing_changes_where_the_backup_cannot_be_read(filled: Path) -> None:
    made = back_up(filled, DAY)
    assert made is not None
    before = names(filled.parent)
    for change in ("version = 99", "version = 'x'"):
        with closing(sqlite3.connect(made.file)) as connection, connection:
            connection.execute(f"UPDATE schema_version SET {change}")
        with pytest.raises(TutorError, match=made.file.name):
            restore(filled, made, NOW)
    made.file.write_bytes(b"no database" * 99)
    with pytest.raises(TutorError, match=made.file.name):
        restore(filled, made, NOW)
    assert (before, 3) == (names(filled.parent), len(answers(filled)))


def test_nothing_changes_while_another_program_writes(
    filled: Path, monkeypatch: pytest.MonkeyPatch, opened: Callable[[], ProgressStore]
) -> None:
    made = back_up(filled, DAY)
    assert made is not None
    monkeypatch.setattr(backups, "_PATIENCE", 0.0)
    before = names(filled.parent)
    with closing(sqlite3.connect(filled, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(TutorError, match="locked"):
            restore(filled, made, NOW)
    assert (before, 3) == (names(filled.parent), len(answers(filled)))
