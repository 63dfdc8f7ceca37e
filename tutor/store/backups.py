"""A backup a day of an SQLite database, in a folder beside it; the last seven are kept.

It is made while others read and write, of one state of the file. A backup has another name until
it is whole and SQLite finds no fault in it, so that one that was cut short is never taken for one.
They are counted, because clocks are set back: the highest number is the newest, and a day is due
when none of those kept is of it.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from tutor.errors import TutorError
from tutor.i18n import Message, message

KEPT: Final = 7
_FOLDER: Final = "backups"
_PAGES: Final = 256
"""Copied at a time: a megabyte, in about a millisecond."""
_INSTRUCTIONS: Final = 10_000
"""Of SQLite, after which the check of a backup asks whether it is to stop."""
_RESERVE: Final = 4_000_000
"""Bytes that a backup leaves free: today's answers need the disk more."""
_PATIENCE: Final = 10.0
"""Seconds that going back waits for a tutor that writes."""
_TABLES: Final = ("journal", "resume_points")


@dataclass(frozen=True, slots=True, order=True)
class Backup:
    """One of the files kept."""

    number: int
    day: date
    """By the clock of then."""
    file: Path


class _StoppedError(Exception):
    """Whoever wanted a backup leaves."""


def backups_of(database: Path) -> list[Backup]:
    """Return the backups of a database, the oldest first."""
    name = re.compile(rf"{re.escape(database.stem)}-(\d{{4,9}})-(\d{{4}}-\d\d-\d\d)\.sqlite3")
    found = []
    with suppress(OSError):
        for file in _folder(database).iterdir():
            if named := name.fullmatch(file.name):
                with suppress(ValueError):
                    found.append(Backup(int(named[1]), date.fromisoformat(named[2]), file))
    return sorted(found)


def back_up(
    database: Path, today: date, is_stopped: Callable[[], bool] = lambda: False
) -> Backup | None:
    """Make the day's backup; None where there is one, nothing to keep, or another is making it.

    Blocks for as long as the file takes to be copied: call it in a thread. `is_stopped` is asked
    often, and ends it.

    Raises:
        TutorError: It cannot be made. What there was before is as it was.
    """
    try:
        if is_stopped() or not _has_progress(database) or _is_made(database, today):
            return None
        _folder(database).mkdir(exist_ok=True)
        with alone(_folder(database) / f"{database.stem}.lock", seconds=0):
            return None if _is_made(database, today) else _make(database, today, is_stopped)
    except _StoppedError:
        return None
    except (sqlite3.Error, OSError) as error:
        if _is_busy(error) or is_stopped():
            return None
        raise TutorError(_not_made(database, reason_of(error))) from error


@contextmanager
def alone(lock: Path, seconds: float) -> Iterator[None]:
    """Keep other processes from what is done meanwhile; it ends with the process, too.

    Raises:
        sqlite3.OperationalError: SQLITE_BUSY, where another one holds the lock for so long.
    """
    with closing(sqlite3.connect(lock, timeout=seconds, isolation_level=None)) as held:
        # Else a kill leaves the journal of nothing.
        held.execute("PRAGMA journal_mode = MEMORY")
        held.execute("BEGIN EXCLUSIVE")
        yield


def way_back(database: Path) -> Message | None:
    """Return how to come back to the newest backup, None where there is none."""
    kept = backups_of(database)
    if not kept:
        return None
    return message(
        "There is a backup of {day}: `nabla progress --restore` brings it back.",
        day=kept[-1].day.isoformat(),
    )


def free_name(path: Path, what: str, now: datetime) -> Path:
    """Return a name for a file that is kept, which says what it is and when, and is not taken."""
    stem = f"{path.stem}.{what}-{now.astimezone():%Y%m%d-%H%M}"
    candidate, count = path.with_name(stem + path.suffix), 1
    while candidate.exists():
        count += 1
        candidate = path.with_name(f"{stem}-{count}{path.suffix}")
    return candidate


def _folder(database: Path) -> Path:
    return database.parent / _FOLDER


def _has_progress(database: Path) -> bool:
    if not database.is_file() or not database.stat().st_size:
        return False
    with connected(database) as connection:
        return _has_rows(connection)


def _is_made(database: Path, today: date) -> bool:
    return any(each.day == today for each in backups_of(database))


def _make(database: Path, today: date, is_stopped: Callable[[], bool]) -> Backup | None:
    for left in _folder(database).glob(f"{database.stem}-*.part*"):
        left.unlink()  # of a tutor that was killed
    kept = backups_of(database)
    number = kept[-1].number + 1 if kept else 1
    made = _folder(database) / f"{database.stem}-{number:04}-{today.isoformat()}.sqlite3"
    if not copy_of(database, made, is_stopped):
        return None
    for old in backups_of(database)[:-KEPT]:
        old.file.unlink()
    return Backup(number, today, made)


def copy_of(database: Path, made: Path, is_stopped: Callable[[], bool] = lambda: False) -> bool:
    """Copy one state of the database, if there is anything in it; return whether there is."""
    part = made.with_suffix(".part")
    try:
        with connected(database) as source:
            if source.execute("PRAGMA journal_mode").fetchone() == ("wal",):
                source.execute("BEGIN")  # keeps one state, and keeps nobody from writing
            if not _has_rows(source):
                return False
            _check_room(database, made.parent)
            part.touch(0o600)
            with closing(sqlite3.connect(part, isolation_level=None)) as copy:
                _fill(copy, source, is_stopped)
        shutil.copymode(database, part)
        part.replace(made)
    finally:
        for left in (part, part.with_name(f"{part.name}-journal")):
            with suppress(OSError):
                left.unlink(missing_ok=True)
    return True


def _fill(
    copy: sqlite3.Connection, source: sqlite3.Connection, is_stopped: Callable[[], bool]
) -> None:
    def look(*_: object) -> None:
        if is_stopped():
            raise _StoppedError

    source.backup(copy, pages=_PAGES, progress=look)
    copy.set_progress_handler(is_stopped, _INSTRUCTIONS)
    copy.execute("PRAGMA journal_mode = DELETE")  # one file, that needs none beside it
    fault = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
    if fault != "ok":
        raise sqlite3.DatabaseError(fault)


@contextmanager
def connected(database: Path) -> Iterator[sqlite3.Connection]:
    """Open a database that is there: none is made."""
    uri = f"{database.absolute().as_uri()}?mode=rw"
    with closing(
        sqlite3.connect(uri, uri=True, timeout=_PATIENCE, isolation_level=None)
    ) as connection:
        yield connection


def _has_rows(connection: sqlite3.Connection) -> bool:
    return any(
        connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone()  # noqa: S608 - our own
        for table in _TABLES
    )


def _check_room(database: Path, folder: Path) -> None:
    log = database.with_name(f"{database.name}-wal")
    size = sum(each.stat().st_size for each in (database, log) if each.exists())
    if shutil.disk_usage(folder).free < size + _RESERVE:
        raise sqlite3.OperationalError("database or disk is full")


def _is_busy(error: BaseException) -> bool:
    return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY


def reason_of(error: BaseException) -> str:
    """Return what the system or SQLite says is the matter."""
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _not_made(database: Path, reason: str) -> Message:
    return message(
        "today's backup of {file} could not be made ({reason}); what is kept is not touched",
        file=str(database), reason=reason,
    )  # fmt: skip
