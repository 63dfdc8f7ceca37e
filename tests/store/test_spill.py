"""What a workshop's database could not take outlives the process: nothing lost, nothing twice."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update

from tests.store.entries import DERIVATIVE, attempt, point
from tests.store.postgres import PostgresServer, wait_until
from tutor.store.database import write_entries
from tutor.store.model import EPOCH, NewEvent
from tutor.store.schema import writers
from tutor.store.shared_store import SharedStore, open_shared_store
from tutor.store.spill_file import SpillFile

Keeping = Callable[..., SharedStore]

KILLED = """
import os, sys
from tests.store.entries import attempt, point
from tests.store.postgres import wait_until
from tutor.store.shared_store import open_shared_store

store = open_shared_store(sys.argv[1], spill=__import__("pathlib").Path(sys.argv[2]))
store.enter("ana")
print("ready", flush=True)
sys.stdin.readline()
for number in range(30):
    store.progress.record_attempt(attempt(number), point(number))
wait_until(lambda: store.trouble is not None)
os.kill(os.getpid(), 9)
"""

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


@pytest.fixture
def url(postgres: PostgresServer, database: str) -> str:
    return postgres.url(database)


@pytest.fixture
def restored(postgres: PostgresServer) -> Iterator[PostgresServer]:
    """A server that runs again when the test is over."""
    yield postgres
    postgres.kill()
    postgres.start()


@pytest.fixture
def keeping(tmp_path: Path) -> Iterator[Keeping]:
    """Open stores that keep in one folder what they cannot write."""
    opened: list[SharedStore] = []

    def open_one(url: str, **settings: int) -> SharedStore:
        opened.append(open_shared_store(url, patient=True, spill=tmp_path, **settings))
        return opened[-1]

    yield open_one
    for each in opened:
        each.close(0)


def kept(folder: Path) -> list[Path]:
    return list(folder.glob("unwritten-*"))


def answers(store: SharedStore) -> list[int]:
    store.enter("ana")
    return [each.at.second for each in store.progress.attempts("ana")]


def test_what_a_killed_process_could_not_write_is_written_by_the_next(
    url: str, restored: PostgresServer, keeping: Keeping, tmp_path: Path
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, url, str(tmp_path)], cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert "ready\n" == process.stdout.readline()
        restored.kill()
        process.communicate("\n")
    assert -9 == process.returncode
    assert [0o600] == [each.stat().st_mode & 0o777 for each in kept(tmp_path)]
    restored.start()
    store = keeping(url)
    assert (list(range(30)), point(29)) == (
        answers(store), store.progress.resume_point("ana", DERIVATIVE),
    )  # fmt: skip
    assert (60, []) == (store.brought_in, kept(tmp_path))


def test_what_a_stopped_process_could_not_write_is_not_lost(
    url: str, restored: PostgresServer, keeping: Keeping
) -> None:
    store = keeping(url)
    restored.kill()
    store.progress.record_attempt(attempt(0), point(0))
    wait_until(lambda: store.trouble is not None)
    store.progress.record_attempt(attempt(1), point(1))
    assert 0 == store.close(0.1)
    restored.start()
    assert [0, 1] == answers(keeping(url))


def test_who_starts_while_the_database_is_away_brings_it_in_afterwards(
    url: str, restored: PostgresServer, keeping: Keeping
) -> None:
    store = keeping(url)
    restored.kill()
    store.progress.record_attempt(attempt(0))
    wait_until(lambda: store.trouble is not None)
    store.close(0.1)
    after = keeping(url)
    after.enter("ana")
    after.progress.record_attempt(attempt(1))
    restored.start()
    wait_until(lambda: after.progress.retry() or after.flush(0.2))
    wait_until(lambda: [0, 1] == [each.at.second for each in after.progress.attempts("ana")])


def test_an_entry_that_was_written_before_the_process_died_is_not_written_again(
    url: str, keeping: Keeping, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The connection breaks after the commit and before the server says so, then the process."""
    store = keeping(url)
    write, written = store.database.rows.write, []

    def write_and_break(*given: object, **named: object) -> None:
        if not written:
            write(*given, **named)  # type: ignore[arg-type]
            written.append(True)
        raise OSError("the connection is gone")

    monkeypatch.setattr(store.database.rows, "write", write_and_break)
    store.progress.record_attempt(attempt(0))
    wait_until(lambda: store.trouble is not None)
    store.progress.record_attempt(attempt(1))
    assert 0 == store.close(0.1)
    assert 1 == len(kept(tmp_path))
    after = keeping(url)
    assert ([0, 1], 1) == (answers(after), after.brought_in)


@pytest.mark.parametrize("earlier", [0, 1])
def test_a_batch_that_the_server_is_still_committing_is_not_written_again(
    url: str, postgres: PostgresServer, keeping: Keeping, tmp_path: Path, earlier: int
) -> None:
    """Its process is dead: the transaction ends while the next process brings the file in."""
    dead = keeping(url)
    for number in range(earlier):
        dead.progress.record_attempt(attempt(number))
        assert dead.flush()
    rows = dead.database.rows
    spilt = SpillFile(tmp_path, database=dead.database.place, writer=rows.writer)
    spilt.keep([attempt(earlier), attempt(earlier + 1)], number=earlier + 1, in_doubt=1)
    spilt.close()
    with ThreadPoolExecutor() as beside:
        with rows.engine.begin() as connection:
            rows.sign(connection, rows.writer, earlier + 1)
            write_entries(connection, [attempt(earlier)])
            opening = beside.submit(keeping, url)
            wait_until(lambda: postgres.run(WAITING) == [(1,)])
        after = opening.result()
    assert (list(range(earlier + 2)), 1) == (answers(after), after.brought_in)


def test_an_entry_in_doubt_is_not_written_again_however_late_its_file_comes(
    tmp_path: Path, keeping: Keeping
) -> None:
    """Its process died years ago, and others have written since."""
    url = f"sqlite:///{tmp_path / 'workshop.sqlite3'}"
    dead = open_shared_store(url)
    dead.progress.record_attempt(attempt(0))
    assert dead.flush()
    rows = dead.database.rows
    with rows.engine.begin() as connection:
        connection.execute(update(writers).values(at=EPOCH))
    other = open_shared_store(url)
    other.progress.record_attempt(replace(attempt(0), learner="ben"))
    assert other.flush()
    spilt = SpillFile(tmp_path, database=dead.database.place, writer=rows.writer)
    spilt.keep([attempt(0), attempt(1)], number=1, in_doubt=1)
    spilt.close()
    after = keeping(url)
    assert ([0, 1], 1) == (answers(after), after.brought_in)
    other.close()
    dead.close(0)


def test_what_happened_in_the_room_is_not_kept(
    url: str, restored: PostgresServer, keeping: Keeping
) -> None:
    store = keeping(url)
    restored.kill()
    store.append_event(NewEvent(workshop="w", kind="entered"))
    wait_until(lambda: store.trouble is not None)
    store.close(0.1)
    restored.start()
    assert [] == list(keeping(url).events_after(0))


def test_another_process_that_lives_keeps_its_file(
    url: str, restored: PostgresServer, keeping: Keeping, tmp_path: Path
) -> None:
    store = keeping(url)
    restored.kill()
    store.progress.record_attempt(attempt(0))
    wait_until(lambda: store.trouble is not None)
    files = kept(tmp_path)
    restored.start()
    monitor = keeping(url)
    assert 0 == monitor.brought_in
    wait_until(lambda: store.progress.retry() or store.flush(0.2))
    assert (1, []) == (len(files), kept(tmp_path))
    assert [0] == answers(monitor)


def test_entries_of_another_database_are_left_alone(
    url: str, postgres: PostgresServer, restored: PostgresServer, keeping: Keeping, tmp_path: Path
) -> None:
    store = keeping(url)
    restored.kill()
    store.progress.record_attempt(attempt(0))
    wait_until(lambda: store.trouble is not None)
    store.close(0.1)
    restored.start()
    other = keeping(f"sqlite:///{tmp_path}/w.sqlite3")
    assert (0, 1) == (other.brought_in, len(kept(tmp_path)))


def test_a_line_that_was_never_ended_costs_that_line_alone(
    url: str, restored: PostgresServer, keeping: Keeping, tmp_path: Path
) -> None:
    store = keeping(url)
    restored.kill()
    for number in range(3):
        store.progress.record_attempt(attempt(number))
    wait_until(lambda: store.trouble is not None)
    store.close(0.1)
    (file,) = kept(tmp_path)
    file.write_bytes(file.read_bytes()[:-20])
    restored.start()
    assert {0, 1} <= set(answers(keeping(url)))


def test_of_a_deleted_learner_nothing_is_kept(url: str, keeping: Keeping, tmp_path: Path) -> None:
    store = keeping(url)
    store.queue.backlog.keep()
    with store.queue.held():
        store.progress.record_attempt(attempt(0))
        store.progress.record_attempt(attempt(1, learner="ben"))
        store.queue.discard(lambda item: item.learner == "ana")
        text = "".join(each.read_text() for each in kept(tmp_path))
    assert "ben" in text
    assert '"ana"' not in text


def test_more_than_may_wait_is_said_to_the_learner(
    url: str, restored: PostgresServer, keeping: Keeping
) -> None:
    store = keeping(url, most=4)
    store.enter("ana")
    restored.kill()
    for number in range(3):
        store.progress.record_attempt(attempt(number), point(number))
    wait_until(lambda: store.trouble is not None)
    assert "what you do now is not saved" in str(store.progress.trouble)
    assert (4, 2) == (store.waiting, store.lost)
    restored.start()
    wait_until(lambda: store.progress.retry() or store.flush(0.2))
    assert store.progress.trouble is None


def test_on_a_full_disk_no_empty_file_stays(keeping: Keeping, tmp_path: Path) -> None:
    """No file may grow: what a full disk does to the first byte."""
    store = keeping(f"sqlite:///{tmp_path / 'w.sqlite3'}")
    with store.queue.held():
        store.progress.record_attempt(attempt(0))
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
        try:
            store.queue.backlog.keep()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [] == list(tmp_path.glob("**/unwritten-*"))
    assert store.flush()


def test_what_a_killed_process_had_not_written_to_its_end_goes(
    keeping: Keeping, tmp_path: Path
) -> None:
    store = keeping(f"sqlite:///{tmp_path / 'w.sqlite3'}")
    assert store.spill is not None
    left = store.spill / "unwritten-0123.new"
    left.touch()
    store.bring_in_left_behind()
    assert not left.exists()
