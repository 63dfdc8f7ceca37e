"""Over ssh, what is said of an answer is so: its mark, the last words, the server's end."""

from __future__ import annotations

import errno
import gc
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any, NoReturn

import pytest

from tests.server.seats import Seat
from tests.server.served import Served
from tests.store.postgres import PostgresServer
from tests.terminal import TIMEOUT
from tutor.player.player import Receipts
from tutor.server.tasks import wait_for
from tutor.store.model import Attempt, ResumePoint
from tutor.store.shared_store import SharedStore, open_shared_store

LESSON, STEP = "gradients/derivative", "sixth-minute"
MARK = "(not written yet)"
Begin = Callable[[str | None], Served]


class Disk:
    """Holds or refuses what is written to the database of a worker."""

    def __init__(self, store: SharedStore, monkeypatch: pytest.MonkeyPatch) -> None:
        self.works, self.is_full = Event(), False
        self.works.set()
        self._write = store.database.rows.write
        monkeypatch.setattr(store.database.rows, "write", self.write)

    def write(self, *given: Any, **named: Any) -> None:
        self.works.wait()
        if self.is_full:
            raise OSError(errno.ENOSPC, "No space left on device")
        self._write(*given, **named)


@pytest.fixture
async def begin(tmp_path: Path) -> AsyncIterator[Begin]:
    begun: list[Served] = []

    def one(database: str | None = None) -> Served:
        begun.append(Served(tmp_path, database))
        return begun[-1]

    yield one
    for served in begun:
        await served.close()
    gc.unfreeze()


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def database(request: pytest.FixtureRequest) -> str | None:
    if request.param == "SQLite":
        return None
    postgres: PostgresServer = request.getfixturevalue("postgres")
    return postgres.url(postgres.new_database())


async def stand_at_question(served: Served) -> None:
    """Let Ana have left before a question for a number."""
    store = served.store
    store.progress.save_resume(
        ResumePoint(
            learner="ana", lesson=LESSON, step=STEP, state={"step": STEP}, completed=2, total=12,
            done=False, at=datetime(2026, 1, 1, tzinfo=UTC),
        )
    )  # fmt: skip
    await wait_for(lambda: not store.waiting)


async def at_question(served: Served) -> Seat:
    """Let Ana sit before a question for a number."""
    await stand_at_question(served)
    connection = await served.connect("ana")
    _, seat = await connection.create_session(
        lambda: Seat("ana"), term_type="xterm-256color", term_size=(80, 24), encoding=None
    )
    await seat.wait_for("Continue")
    seat.press("enter")
    await seat.wait_for("Your answer")
    return seat


async def answer(served: Served, seat: Seat) -> None:
    """Answer, and return once the answer is handed in."""
    seat.press(*"900", "enter")
    await wait_for(lambda: served.store.progress.unwritten_by("ana") == 1, TIMEOUT)
    assert 1 == served.store.progress.unwritten_by("ana"), seat.picture()


def answers(served: Served) -> list[Attempt]:
    """Return what a server finds that begins after this one."""
    store = open_shared_store(served.url, spill=served.folder)
    store.enter("ana")
    found = store.progress.attempts("ana")
    store.close()
    return found


async def test_over_ssh_no_verdict_is_painted_before_its_answer_is_committed(
    begin: Begin, database: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Receipts, "patience", 1e6)
    served = begin(database)
    disk = Disk(served.store, monkeypatch)
    seat = await at_question(served)
    disk.works.clear()
    await answer(served, seat)
    assert not seat.shows("Not yet.")
    disk.works.set()
    await seat.wait_for("✗ Not yet.")
    assert not seat.shows(MARK)


async def test_over_ssh_the_mark_stands_until_the_answer_is_committed(
    begin: Begin, database: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Receipts, "patience", 0.001)
    served = begin(database)
    disk = Disk(served.store, monkeypatch)
    seat = await at_question(served)
    disk.works.clear()
    await answer(served, seat)
    await seat.wait_for(f"✗ Not yet. {MARK}")
    disk.works.set()
    await seat.wait_for(lambda seat: seat.shows("✗ Not yet.") and not seat.shows(MARK))


async def test_who_leaves_while_the_disk_is_full_is_told_how_much_waits_where(
    begin: Begin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    served = begin(None)
    disk = Disk(served.store, monkeypatch)
    seat = await at_question(served)
    disk.is_full = True
    await answer(served, seat)
    await seat.wait_for(MARK)
    await wait_for(lambda: served.store.trouble_kind == "full")
    seat.press("ctrl+q")
    await seat.is_over.wait()
    said = seat.picture().replace("|\n|", "")
    assert "The disk of the workshop's database is full." in said
    assert "1 answer of yours is not written yet." in said
    (file,) = tmp_path.glob("unwritten-*.jsonl")
    assert file.name in said
    assert not await served.stop()
    noise = capfd.readouterr().err
    assert f"1 answer is not written. It waits in {file}" in noise
    assert "The disk is full: make room for" in noise
    assert ["900"] == [each.answer for each in answers(served)]


@pytest.mark.parametrize(
    ("is_kept", "said"),
    [(True, "What is not written waits on the server, in unwritten-"),
     (False, "The server's memory alone holds what is not written")],
)  # fmt: skip
async def test_who_leaves_lines_over_ssh_is_told_so_and_by_the_status(
    begin: Begin, monkeypatch: pytest.MonkeyPatch, is_kept: bool, said: str
) -> None:
    def refuse(_path: Path) -> NoReturn:
        raise OSError(errno.ENOSPC, "No space left on device")

    served = begin(None)
    disk = Disk(served.store, monkeypatch)
    await stand_at_question(served)
    if not is_kept:
        monkeypatch.setattr("tutor.store.spill_file._create", refuse)
    disk.is_full = True
    lines = await (await served.connect("ana")).create_process("plain", encoding="utf-8")
    lines.stdin.write("\n\n900\n")
    await wait_for(lambda: served.store.trouble_kind == "full", TIMEOUT)
    lines.stdin.write("quit\nquit\n")
    done = await lines.wait()
    assert "1 answer of yours is not written yet." in done.stdout
    assert said in done.stdout
    assert "is kept. Goodbye" not in done.stdout
    assert "is saved" not in done.stdout
    assert int(not is_kept) == done.exit_status
    disk.is_full = False


async def test_of_who_leaves_the_answer_under_way_is_waited_for(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "tutor.server.admission.presence._LAST_WRITE_SECONDS", None
    )  # as long as it takes
    served = begin(None)
    disk = Disk(served.store, monkeypatch)
    seat = await at_question(served)
    disk.works.clear()
    await answer(served, seat)
    seat.press("ctrl+q")
    app = next(iter(served.worker.presence._sessions.values()))._app
    await wait_for(lambda: app is not None and not app.is_running)
    disk.works.set()
    await seat.is_over.wait()
    assert "Your progress is saved: come back the same way." in seat.picture()
    assert ["900"] == [each.answer for each in answers(served)]
