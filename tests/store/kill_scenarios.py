"""What is cut by `killing`: pieces of work that change files, and what must be true after."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from tests.store.entries import DERIVATIVE, attempt, point
from tests.store.killing import Say, Scenario
from tests.store.postgres import wait_until
from tutor.server.admission.ssh_options import HOST_KEYS, fingerprint, open_host_keys
from tutor.store.model import Attempt, NewEvent
from tutor.store.opening import open_store
from tutor.store.outbox import ASIDE, Outbox, waiting_files
from tutor.store.progress_store import ProgressStore
from tutor.store.settings import change_settings, read_settings
from tutor.store.shared_store import SharedStore, open_shared_store

_MANY: Final = 20
"""Answers of more than one page."""


# --- one learner's tutor


def _file(folder: Path) -> Path:
    return folder / "progress.sqlite3"


def _answer(store: ProgressStore, numbers: Iterable[int], say: Say = lambda _: None) -> None:
    """Give answers; each is said where the store says that it is on a disk."""
    for number in numbers:
        store.record_attempt(attempt(number), point(number))
        if not store.unwritten:
            say(number)


def _answer_as_tutor(*numbers: int) -> Callable[[Path, Say], None]:
    def work(folder: Path, say: Say) -> None:
        store = open_store(_file(folder)).store
        _answer(store, numbers, say)
        store.close()

    return work


def _prepared(*numbers: int) -> Callable[[Path], None]:
    return lambda folder: _answer_as_tutor(*numbers)(folder, lambda _: None)


def _all_is_there(before: int = 0) -> Callable[[Path, list[Any]], None]:
    """Each answer is there once, in order, as it was given; and a tutor goes on from there."""

    def check(folder: Path, said: list[Any]) -> None:
        least = before
        for _ in range(2):
            store = open_store(_file(folder)).store
            assert store.trouble is None, store.trouble
            found = store.attempts("ana")
            _in_order(found, least, said)
            last = store.resume_point("ana", DERIVATIVE)
            assert [point(len(found) - 1)] * bool(found) == [last] * (last is not None)
            _answer(store, [len(found)])
            least = len(found) + 1
            store.close()

    return check


def _in_order(found: Sequence[Attempt], before: int, said: Sequence[Any]) -> None:
    numbers = [each.at.second for each in found]
    assert numbers == list(range(len(found))), f"not each once, in order: {numbers}"
    assert [attempt(number) for number in numbers] == list(found)
    assert len(found) >= max([before - 1, *said]) + 1, f"{len(found)} there of {before}, {said}"


def _make_older(folder: Path) -> None:
    """Leave a file as the first release made it, with three answers."""
    _prepared(0, 1, 2)(folder)
    connection = sqlite3.connect(_file(folder), isolation_level=None)
    for index in ("resets", "journal_of_learner"):
        connection.execute(f"DROP INDEX {index}")
    connection.execute("CREATE INDEX resets ON journal (learner, lesson) WHERE kind = 'reset'")
    connection.execute("UPDATE schema_version SET version = 1")
    connection.close()


class _Locked:
    """Another program that holds the file until it is closed."""

    def __init__(self, folder: Path) -> None:
        self._connection = sqlite3.connect(_file(folder), isolation_level=None)
        self._connection.execute("BEGIN EXCLUSIVE")

    def close(self) -> None:
        self._connection.close()


def _leave_waiting(folder: Path) -> None:
    """Leave answers in the database, in two files beside it, one of them half removed."""
    _prepared(0)(folder)
    for age, numbers, ending in ((2, (1, 2), ASIDE), (1, (3,), ".json")):
        known = waiting_files(_file(folder))
        Outbox(_file(folder)).keep(
            [each(number) for number in numbers for each in (attempt, point)]
        )
        (made,) = set(waiting_files(_file(folder))) - set(known)
        made = made.rename(made.with_suffix(ending))
        os.utime(made, (1_000_000 - age, 1_000_000 - age))


def _break(folder: Path) -> None:
    """Leave a file that has lost all it held, with a log that has everything."""
    store = open_store(_file(folder)).store
    _answer(store, range(_MANY))
    log = _file(folder).with_name("progress.sqlite3-wal")
    content = log.read_bytes()
    store.close()
    _file(folder).write_bytes(b"")
    for file in (log, folder / "damaged-wal"):
        file.write_bytes(content)


def _is_mended(folder: Path, said: list[Any]) -> None:
    _all_is_there(_MANY)(folder, said)
    (kept,) = folder.glob("progress.broken-*.sqlite3")
    assert kept.read_bytes() == b""
    (kept,) = folder.glob("progress.broken-*.sqlite3-wal")
    assert kept.read_bytes() == (folder / "damaged-wal").read_bytes()


# --- settings

_CHOSEN: Final = '{"language": "en", "colour": ["red"]}'


def _choose(folder: Path, say: Say) -> None:
    file = folder / "settings.json"
    for changes in ({"language": "zh"}, {"run_programs": True}):
        assert change_settings(file, **changes) is None
        say(changes)


def _is_chosen(folder: Path, said: list[Any], before: str | None = "en") -> None:
    settings, notice = read_settings(folder / "settings.json")
    if before is None and notice is not None:
        assert not said  # the broken file is still there
        return
    assert notice is None
    assert settings.unknown == ({} if before is None else {"colour": ["red"]})
    assert settings.language in (("zh",) if said else ("zh", before))
    assert settings.run_programs in ((True,) if len(said) > 1 else (True, None))


# --- a workshop


def _url(folder: Path) -> str:
    named = folder / "url"
    return named.read_text() if named.exists() else f"sqlite:///{folder}/workshop.sqlite3"


def _workshop(folder: Path) -> SharedStore:
    store = open_shared_store(_url(folder), spill=folder)
    store.enter("ana")
    return store


def _answer_in_workshop(store: SharedStore, numbers: Iterable[int], say: Say) -> None:
    for number in numbers:
        store.progress.record_attempt(attempt(number), point(number))
        store.append_event(NewEvent(workshop="w", kind="answered", learner="ana"))
        if store.flush(60):
            say(number)


def _hold_a_workshop(folder: Path, say: Say) -> None:
    store = _workshop(folder)
    _answer_in_workshop(store, range(3), say)
    assert store.close() == 0


def _go_on_with_workshop(folder: Path, say: Say) -> None:
    store = _workshop(folder)
    _answer_in_workshop(store, range(5, 7), say)
    assert store.close() == 0


def _break_connection(store: SharedStore, *after: bool | None) -> None:
    """Let the connection break at the next writes: after the commit, before it, or never."""
    write, plan = store.database.rows.write, list(after)

    def write_and_break(*given: Any, **named: Any) -> None:
        is_after = plan.pop(0) if plan else None
        if is_after is not False:
            write(*given, **named)
        if is_after is not None:
            raise OSError("the connection is gone")

    store.database.rows.write = write_and_break  # type: ignore[method-assign]


def _spill(folder: Path, say: Say) -> None:
    """The database takes one batch without saying so, then nothing more until the end."""
    store = _workshop(folder)
    _break_connection(store, True, *[False] * 1000)
    _record_while_away(store, say)
    store.close(0)


def _spill_and_go_on(folder: Path, say: Say) -> None:
    """The database takes one batch without saying so, is away, and comes back."""
    store = _workshop(folder)
    _break_connection(store, True, False)
    _record_while_away(store, say)
    wait_until(lambda: store.progress.retry() or store.flush(0.1))
    _answer_in_workshop(store, range(3, 5), say)
    assert store.close() == 0


def _record_while_away(store: SharedStore, say: Say) -> None:
    store.progress.record_attempt(attempt(0), point(0))
    wait_until(lambda: store.kept_in is not None)
    say(0)
    for number in (1, 2):
        store.progress.record_attempt(attempt(number), point(number))
        say(number)


def _leave_spilled(folder: Path) -> None:
    """Leave what two processes could not write: one batch of the first was written all the same."""
    _spill(folder, lambda _: None)
    store = _workshop_beside(folder)
    _break_connection(store, *[False] * 1000)
    for number in (3, 4):
        store.progress.record_attempt(attempt(number), point(number))
    wait_until(lambda: store.kept_in is not None)
    store.close(0)
    first, second = sorted(folder.glob("unwritten-*.jsonl"), key=lambda each: each.stat().st_size)
    first.rename(folder / f"unwritten-{'b' * 32}.jsonl")  # brought in after the other
    second.rename(folder / f"unwritten-{'a' * 32}.jsonl")


def _workshop_beside(folder: Path) -> SharedStore:
    """Open the database as a process does that brings nothing in: it came before the other died."""
    hidden = [each.rename(each.with_suffix(".hidden")) for each in folder.glob("*.jsonl")]
    store = _workshop(folder)
    for each in hidden:
        each.rename(each.with_suffix(".jsonl"))
    return store


def _workshop_is_whole(before: int = 0) -> Callable[[Path, list[Any]], None]:
    def check(folder: Path, said: list[Any]) -> None:
        store = _workshop(folder)
        try:
            found = store.progress.attempts("ana")
            _in_order(found, before, said)
            last = store.progress.resume_point("ana", DERIVATIVE)
            assert [point(len(found) - 1)] * bool(found) == [last] * (last is not None)
            _answer_in_workshop(store, [len(found)], said.append)
        finally:
            assert store.close() == 0

    return check


# --- the key of a server


def _open_key(folder: Path, say: Say) -> None:
    for key in open_host_keys(folder):
        say(fingerprint(key))


def _key_is_whole(folder: Path, said: list[Any]) -> None:
    """The next servers have the same keys: those that learners know already."""
    known = {fingerprint(each) for _ in range(2) for each in open_host_keys(folder)} | set(said)
    assert len(known) == len(HOST_KEYS)


_PROGRESS: Final = frozenset({"progress.sqlite3"})
_WORKSHOP: Final = frozenset({"workshop.sqlite3", "url"})

SCENARIOS: Final = {
    "a first start": Scenario(
        work=_answer_as_tutor(0, 1, 2), check=_all_is_there(), left=_PROGRESS
    ),
    "a file of the first release": Scenario(
        prepare=_make_older, work=_answer_as_tutor(3), check=_all_is_there(3), left=_PROGRESS
    ),
    "answers wait": Scenario(
        prepare=_prepared(0), open_before=_Locked, work=_answer_as_tutor(1, 2, 3),
        check=_all_is_there(1), left=_PROGRESS,
    ),
    "what waits is brought in": Scenario(
        prepare=_leave_waiting, work=_answer_as_tutor(4), check=_all_is_there(4), left=_PROGRESS
    ),
    "a damaged file": Scenario(
        prepare=_break, work=_answer_as_tutor(_MANY), check=_is_mended,
        left=_PROGRESS | {"progress.broken-DATE.sqlite3", "progress.broken-DATE.sqlite3-wal",
                          "progress.mending", "damaged-wal"},
    ),
    "settings": Scenario(
        prepare=lambda folder: (folder / "settings.json").write_text(_CHOSEN) and None,
        work=_choose, check=_is_chosen, left=frozenset({"settings.json"}),
    ),
    "broken settings": Scenario(
        prepare=lambda folder: (folder / "settings.json").write_text("{") and None,
        work=_choose, check=lambda folder, said: _is_chosen(folder, said, None),
        left=frozenset({"settings.json", "settings.json.broken"}),
    ),
    "a workshop": Scenario(
        work=_hold_a_workshop, check=_workshop_is_whole(), left=_WORKSHOP
    ),
    "a workshop spills": Scenario(
        work=_spill, check=_workshop_is_whole(), left=_WORKSHOP
    ),
    "a workshop spills and goes on": Scenario(
        work=_spill_and_go_on, check=_workshop_is_whole(), left=_WORKSHOP
    ),
    "what was spilt is brought in": Scenario(
        prepare=_leave_spilled, work=_go_on_with_workshop, check=_workshop_is_whole(5),
        left=_WORKSHOP,
    ),
    "a host key": Scenario(
        work=_open_key, check=_key_is_whole, left=frozenset(HOST_KEYS)
    ),
}  # fmt: skip
