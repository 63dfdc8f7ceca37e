"""Files that cannot be used just now: nothing is lost, and the learner is told."""

from __future__ import annotations

import os
import resource
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.store.entries import DERIVATIVE, attempt, point
from tests.store.writers import start_writer
from tutor.store.opening import open_store
from tutor.store.progress_store import ProgressStore

NOBODY = 65534


@contextmanager
def locked(file: Path, mode: str = "WAL") -> Iterator[None]:
    """Another program holds the file."""
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute(f"PRAGMA journal_mode = {mode}")
    connection.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        connection.close()


@pytest.fixture
def ordinary_folder() -> Iterator[Path]:
    """A folder whose permissions bind us: root obeys none, so root becomes somebody else."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if os.geteuid() != 0:
            yield folder
        else:
            os.chown(folder, NOBODY, NOBODY)
            os.seteuid(NOBODY)
            try:
                yield folder
            finally:
                os.seteuid(0)
        folder.chmod(0o700)


def test_a_locked_file_is_named_and_answers_wait(file: Path, store: ProgressStore) -> None:
    with locked(file):
        store.record_attempt(attempt(0))
        assert "Another program has locked" in str(store.trouble)
        assert str(file) in str(store.trouble)
        assert [attempt(0)] == store.attempts("ana")


def test_answers_that_waited_are_written_in_order_with_the_next_one(
    file: Path, store: ProgressStore, opened: Callable[[], ProgressStore]
) -> None:
    store.record_attempt(attempt(0))
    with locked(file):
        store.record_attempt(attempt(1), point(1))
        store.reset("ana", "gradients/gradient", attempt(2).at)
        store.record_attempt(attempt(3))
    store.record_attempt(attempt(4))
    assert store.trouble is None
    assert [0, 1, 3, 4] == [a.at.second for a in opened().attempts("ana")]


def test_answers_that_waited_are_written_when_the_tutor_closes(
    file: Path, store: ProgressStore, opened: Callable[[], ProgressStore]
) -> None:
    with locked(file):
        store.record_attempt(attempt(0))
    store.close()
    assert [attempt(0)] == opened().attempts("ana")


def test_answers_outlive_a_tutor_that_ends_while_the_file_is_locked(
    file: Path, store: ProgressStore, opened: Callable[[], ProgressStore]
) -> None:
    store.record_attempt(attempt(0))
    with locked(file):
        store.record_attempt(attempt(1), point(1))
        store.record_attempt(attempt(2))
        store.reset("ana", "gradients/gradient", attempt(3).at)
        store.close()
    again = opened()
    assert [attempt(0), attempt(1), attempt(2)] == again.attempts("ana")
    assert point(1) == again.resume_point("ana", DERIVATIVE)
    assert ["progress.sqlite3"] == [
        part.name for part in file.parent.iterdir() if not part.name.endswith(("-wal", "-shm"))
    ]


def test_answers_outlive_a_tutor_that_is_killed_while_the_file_is_locked(
    file: Path, store: ProgressStore, opened: Callable[[], ProgressStore]
) -> None:
    with locked(file), start_writer(file, 0, 5, "wait for no lock") as writer:
        assert writer.stdout is not None
        assert "written\n" == writer.stdout.readline()
        writer.kill()
    assert list(range(5)) == [a.at.second for a in opened().attempts("ana")]


def test_what_another_tutor_has_brought_in_is_not_written_twice(
    file: Path, store: ProgressStore, opened: Callable[[], ProgressStore]
) -> None:
    with locked(file):
        store.record_attempt(attempt(0))
    other = opened()
    assert [attempt(0)] == other.attempts("ana")
    with locked(file):
        store.record_attempt(attempt(1))
    store.record_attempt(attempt(2))
    assert [attempt(0), attempt(1), attempt(2)] == opened().attempts("ana")


def test_what_waits_from_another_session_is_seen_while_the_file_is_still_locked(
    file: Path, store: ProgressStore, opened: Callable[[], ProgressStore]
) -> None:
    with locked(file):
        store.record_attempt(attempt(0))
        store.close()
        assert [attempt(0)] == opened().attempts("ana")


def test_a_damaged_file_of_waiting_entries_does_not_stop_the_tutor(
    file: Path, opened: Callable[[], ProgressStore]
) -> None:
    file.parent.mkdir()
    damaged = file.parent / "progress.waiting-0.json"
    damaged.write_text('[{"entry": "Attempt", "step": 5}]')
    store = opened()
    assert ([], None, True) == (store.attempts("ana"), store.trouble, damaged.exists())


def test_earlier_answers_are_seen_while_the_file_is_locked(
    file: Path, store: ProgressStore
) -> None:
    store.record_attempt(attempt(0), point(0))
    with locked(file):
        store.record_attempt(attempt(1))
        assert [attempt(0), attempt(1)] == store.attempts("ana")
        assert point(0) == store.resume_point("ana", DERIVATIVE)


@pytest.mark.parametrize("mode", ["WAL", "DELETE"])
def test_the_tutor_opens_on_a_locked_file_and_shows_what_is_in_it(
    file: Path, store: ProgressStore, mode: str
) -> None:
    store.record_attempt(attempt(0))
    store.close()
    with locked(file, mode):
        opening = open_store(file)
        opening.store.record_attempt(attempt(1))
        assert [attempt(0), attempt(1)] == opening.store.attempts("ana")
        assert opening.store.trouble is not None
    assert opening.store.retry()
    assert [attempt(0), attempt(1)] == opening.store.attempts("ana")
    opening.store.close()


def test_a_folder_that_cannot_be_written_is_named_with_the_mend(ordinary_folder: Path) -> None:
    ordinary_folder.chmod(0o500)
    opening = open_store(ordinary_folder / "progress.sqlite3")
    opening.store.record_attempt(attempt(0))
    assert f"{ordinary_folder} cannot be written" in str(opening.notice)
    assert "NABLA_HOME" in str(opening.notice)
    assert [attempt(0)] == opening.store.attempts("ana")
    opening.store.close()


def test_progress_in_a_folder_that_cannot_be_written_is_still_shown(ordinary_folder: Path) -> None:
    file = ordinary_folder / "progress.sqlite3"
    first = open_store(file).store
    first.record_attempt(attempt(0))
    first.close()
    file.chmod(0o400)
    ordinary_folder.chmod(0o500)
    opening = open_store(file)
    assert [attempt(0)] == opening.store.attempts("ana")
    assert "cannot be written" in str(opening.notice)
    opening.store.close()


def test_a_file_that_cannot_be_written_is_named_and_answers_wait_beside_it(
    ordinary_folder: Path,
) -> None:
    file = ordinary_folder / "progress.sqlite3"
    first = open_store(file).store
    first.record_attempt(attempt(0))
    first.close()
    file.chmod(0o400)
    store = open_store(file).store
    store.record_attempt(attempt(1))
    assert f"{file} cannot be written" in str(store.trouble)
    assert ([attempt(0), attempt(1)], ()) == (store.attempts("ana"), store.unwritten)
    assert store.kept_in is not None
    store.close()
    file.chmod(0o600)
    again = open_store(file).store
    assert ([attempt(0), attempt(1)], None) == (again.attempts("ana"), again.trouble)
    again.close()


def test_a_folder_that_may_not_even_be_entered_is_named_with_the_mend(
    ordinary_folder: Path,
) -> None:
    ordinary_folder.chmod(0o400)
    store = open_store(ordinary_folder / "progress.sqlite3").store
    store.record_attempt(attempt(0))
    assert f"{ordinary_folder} cannot be written" in str(store.trouble)
    assert [attempt(0)] == list(store.unwritten)
    store.close()


def test_answers_are_written_when_the_folder_becomes_writable(ordinary_folder: Path) -> None:
    ordinary_folder.chmod(0o500)
    file = ordinary_folder / "progress.sqlite3"
    store = open_store(file).store
    store.record_attempt(attempt(0))
    ordinary_folder.chmod(0o700)
    store.record_attempt(attempt(1))
    assert (None, True) == (store.trouble, file.exists())
    assert [attempt(0), attempt(1)] == store.attempts("ana")
    store.close()


def test_a_folder_whose_place_is_taken_by_a_file_is_trouble_not_a_crash(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("not a folder")
    opening = open_store(tmp_path / "home" / "progress.sqlite3")
    opening.store.record_attempt(attempt(0))
    assert [attempt(0)] == opening.store.attempts("ana")
    assert "is no folder" in str(opening.notice)
    opening.store.close()


def test_answers_wait_while_the_disk_takes_no_more(
    file: Path, store: ProgressStore, opened: Callable[[], ProgressStore]
) -> None:
    """The size limit of files stands in for a disk that is full."""
    store.record_attempt(attempt(0))
    log = file.with_name(file.name + "-wal")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size, hard))
    try:
        store.record_attempt(attempt(1))
        assert store.trouble is not None
        assert [attempt(0), attempt(1)] == store.attempts("ana")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert store.retry()
    assert [attempt(0), attempt(1)] == opened().attempts("ana")


def test_a_broken_file_on_a_full_disk_stays_where_it_is_and_is_shown(
    file: Path, store: ProgressStore
) -> None:
    store.record_attempt(attempt(0))
    store.close()
    broken = b"\x99" * 100 + file.read_bytes()[100:]
    file.write_bytes(broken)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        opening = open_store(file)
        assert [attempt(0)] == opening.store.attempts("ana")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert broken == file.read_bytes()
    assert opening.store.retry()
    opening.store.close()


def test_a_file_deleted_under_the_tutor_is_made_anew(file: Path, store: ProgressStore) -> None:
    store.record_attempt(attempt(0))
    for part in file.parent.iterdir():
        part.unlink()
    store.record_attempt(attempt(1))
    assert (True, None) == (file.exists(), store.trouble)
    assert [attempt(1)] == store.attempts("ana")
