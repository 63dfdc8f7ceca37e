"""The progress file: opened in WAL mode, checked, brought up to date, mended when broken."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from weakref import finalize

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    StaticPool,
    create_engine,
)
from sqlalchemy.exc import DBAPIError

from tutor.i18n import Message, message, plural
from tutor.store.backups import alone, backups_of, free_name, way_back
from tutor.store.database import READING, Database, make_ours
from tutor.store.mending import (
    beside,
    decide_mending,
    decided,
    has_none_of_our_tables,
    is_damaged_for_us,
    is_sound,
    new_copy,
    put_in_place,
)
from tutor.store.model import Entry
from tutor.store.outbox import Outbox, add_waiting, bring_in_waiting, readable_outboxes
from tutor.store.schema import (
    KNOWN_VERSION,
    SAME_COLUMNS_SINCE,
    journal,
    migrate,
    resume_points,
    stored_version,
)
from tutor.store.sqlite_pages import SavedRows, read_rows
from tutor.store.trouble import (
    BrokenFileError,
    broken_file,
    newer_file,
    no_file,
    sqlite_code,
    storage_error,
)

BUSY_TIMEOUT: Final = 0.25
"""Seconds that a write waits for another tutor's. A learner does not notice so much."""
_MENDING_TIMEOUT: Final = 10.0
"""Seconds that a tutor waits for another one that mends the same file."""
_CACHE_KIB: Final = 65_536
_NOT_NOW: Final = (
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_FULL,
)  # fmt: skip
"""What is no fault of the file: another tutor writes, or there is no room or right to write."""


class ProgressFile:
    """The file at `path`, and what to do with it."""

    takes_time = True

    def __init__(self, path: Path) -> None:
        self.path = path
        self.notice: Message | None = None
        """What had to be done to the file, for the learner to know."""
        self._outbox = Outbox(path)
        self._written = 0
        self._opened: tuple[int, int] | None = None

    def open(self) -> Database:
        """Return the database, created, brought up to date or mended as need be.

        Raises:
            StorageError: It cannot be used now. The file is as it was.
        """
        with self.guard():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if decided(self.path):
                with self._alone():
                    self._finish_mending()
            lost = self.what_is_lost()
            _share_rights(self.path)
            database = self._open()
            try:
                self.notice = self.notice or lost or self._odd(database)
                self._written = bring_in_waiting(database, self.path, self._outbox.name)
            except BaseException:
                database.close()
                raise
            return database

    def look(self) -> int | None:
        """Return the version of a file that is sound, None where there is none. Mends nothing.

        Raises:
            StorageError: It is damaged, or cannot be used now.
        """
        with self.guard():
            if is_damaged_for_us(self.path) or decided(self.path):
                raise broken_file(self.path)
            if not self._check_kind():
                return None
            engine = _engine(str(self.path))
            try:
                version = self._checked_version(engine)
                if version >= SAME_COLUMNS_SINCE:
                    self.notice = self._odd(Database(engine))
                return version
            finally:
                engine.dispose()

    def what_is_lost(self) -> Message | None:
        """Return what is missing of the file as it lies there, and the way back; None: nothing.

        Raises:
            StorageError: Something else is in its place.
        """
        file, log = self.path, beside(self.path, "-wal")
        if not self._check_kind():
            what = message("{file} is missing: the course begins anew.", file=str(file))
            return self._with_way_back(what) if backups_of(file) else None
        if not log.exists() and has_none_of_our_tables(file):
            what = message(
                "{file} is empty, and there is no {log}, where the last answers stand while Nabla "
                "runs: the course begins anew.",
                file=str(file), log=log.name,
            )  # fmt: skip
            return self._with_way_back(what)
        if beside(file, "-shm").exists() and not log.exists():
            what = message(
                "{log} is lost, in which the last answers stood before {file} took them: they are "
                "not here.",
                log=log.name, file=str(file),
            )  # fmt: skip
            return self._with_way_back(what)
        return None

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Turn the errors of the database and of the disk into StorageErrors."""
        try:
            yield
        except (DBAPIError, sqlite3.Error, OSError, UnicodeDecodeError) as error:
            raise storage_error(self.path, error) from error

    def was_replaced(self) -> bool:
        """Whether the file is no longer the one we opened (mended by another tutor, deleted)."""
        return self._identity() != self._opened

    @property
    def kept_in(self) -> Path | None:
        """The file in which the entries that were kept last wait."""
        return self._outbox.file

    def keep_waiting(self, entries: list[Entry]) -> int:
        """Keep what cannot be written in a file of its own; return how many first ones are."""
        return self._outbox.keep(entries)

    def brought_in(self) -> int:
        """Return how many of the entries kept last are in the database by now, in their order."""
        written, self._written = self._written, 0
        self._outbox.begin_anew()
        return written

    def rescue(self) -> Database:
        """Return a database in memory with everything that the file lets us read."""
        try:
            database = memory_database(read_rows(self.path))
        except OSError:
            database = memory_database()
        with database.writing() as connection:
            add_waiting(connection, readable_outboxes(self.path))
        return database

    def empty(self) -> Database:
        """Return a database in memory, for a file that is not ours to read."""
        return memory_database()

    def _check_kind(self) -> bool:
        """Return whether there is anything; StorageError where it is no file, but a pipe, say."""
        if self.path.is_file():
            return True
        if self.path.is_symlink() or self.path.exists():
            raise no_file(self.path)
        return False

    def _odd(self, database: Database) -> Message | None:
        """Return what the learner should know of a file that is sound."""
        if database.is_empty:
            back = way_back(self.path)
            what = message("{file} holds no answer yet.", file=str(self.path))
            return back and self._with_way_back(what)
        count = database.untimed()
        if not count:
            return None
        return plural(
            "{count} entry of {file} has a time that cannot have been: it counts as of 1970.",
            "{count} entries of {file} have a time that cannot have been: they count as of 1970.",
            count, file=str(self.path),
        )  # fmt: skip

    def _with_way_back(self, what: Message) -> Message:
        back = way_back(self.path)
        return what if back is None else message("{what} {back}", what=what, back=back)

    def _identity(self) -> tuple[int, int] | None:
        try:
            status = self.path.stat()
        except OSError:
            return None
        return status.st_dev, status.st_ino

    def _open(self) -> Database:
        try:
            return self._open_sound()
        except BrokenFileError:
            with self._alone():
                return self._open_mended()

    def _alone(self) -> AbstractContextManager[None]:
        """Keep other tutors from mending the same file; ends with the process, too."""
        return alone(self.path.with_suffix(".mending"), _MENDING_TIMEOUT)

    def _open_sound(self) -> Database:
        if is_damaged_for_us(self.path):  # SQLite would delete the log, or begin anew
            raise broken_file(self.path)
        engine = _engine(str(self.path))
        try:
            with self.guard():
                self._prepare(engine)
        except BaseException:
            engine.dispose()
            raise
        self._opened = self._identity()
        return Database(engine)

    def _prepare(self, engine: Engine) -> None:
        version = self._checked_version(engine)
        _use_write_ahead_log(engine)
        if version < KNOWN_VERSION:
            _bring_up_to_date(engine, version)

    def _checked_version(self, engine: Engine) -> int:
        """Return the version of a file that is sound and not newer than we are."""
        try:
            with engine.execution_options(**READING).begin() as connection:
                version = stored_version(connection)
                if version > KNOWN_VERSION:
                    raise newer_file(self.path, version, KNOWN_VERSION)
                sound = is_sound(connection, version)
        except (DBAPIError, sqlite3.Error) as error:
            if sqlite_code(error) != sqlite3.SQLITE_ERROR:
                raise
            sound = False  # a table or column of ours is not there by its name, or a format
        if not sound:
            raise broken_file(self.path)
        return version

    def _open_mended(self) -> Database:
        try:
            return self._open_sound()  # another tutor was quicker
        except BrokenFileError:
            self._mend()
            return self._open_sound()

    def _mend(self) -> None:
        """Put a new file with all readable rows in the place of the broken one."""
        rows = read_rows(self.path)
        fresh = new_copy(self.path)
        _create_with(rows, fresh)
        decide_mending(fresh, free_name(self.path, "broken", datetime.now()))
        self._finish_mending(rows)

    def _finish_mending(self, rows: SavedRows | None = None) -> None:
        """Do what is left to do of a mending, our own or that of a tutor that was killed."""
        for copy in decided(self.path):
            rows = rows or read_rows(copy)
            kept = str(put_in_place(copy, self.path))
            what = message(
                "Your progress file was damaged. {answers} answers and {lessons} lessons could be "
                "read and are here; the old file is kept as {kept}.",
                answers=len(rows.journal), lessons=len(rows.points), kept=kept,
            )  # fmt: skip
            if not (rows.journal or rows.points):
                what = message(
                    "{file} held no progress that can be read: it is kept as {kept}, and the "
                    "course begins anew.",
                    file=str(self.path), kept=kept,
                )  # fmt: skip
            self.notice = self._with_way_back(what)


def memory_database(rows: SavedRows | None = None) -> Database:
    """Return a new database in memory that holds `rows`."""
    engine = _engine(None)
    with engine.begin() as connection:
        migrate(connection)
        _insert_all(connection, rows or SavedRows())
    database = Database(engine)
    finalize(database, engine.dispose)  # nobody must close it: nothing is lost with it
    return database


def _create_with(rows: SavedRows, path: Path) -> None:
    engine = _engine(str(path))
    try:
        with engine.begin() as connection:
            migrate(connection)
            _insert_all(connection, rows)
    finally:
        engine.dispose()


def _insert_all(connection: Connection, rows: SavedRows) -> None:
    _insert(connection, journal.name, list(rows.journal.values()))
    _insert(connection, resume_points.name, list(rows.points.values()))


def _insert(connection: Connection, table: str, records: list[tuple[Any, ...]]) -> None:
    """Insert records as they were found, past the types of the columns: nothing is lost."""
    if records:
        places = ", ".join("?" * len(records[0]))
        connection.exec_driver_sql(
            f"INSERT INTO {table} VALUES ({places})",  # noqa: S608 - our own table names
            records,
        )


def _engine(database: str | None) -> Engine:
    """Return an engine with one connection, to be used by one thread at a time."""
    engine = create_engine(
        URL.create("sqlite+pysqlite", database=database),
        poolclass=StaticPool,
        connect_args={"timeout": BUSY_TIMEOUT, "check_same_thread": False},
    )
    make_ours(engine, _CACHE_KIB, _text)
    return engine


@lru_cache(4096)
def _text(content: bytes) -> str:
    """Return a text of the file; one that many rows have (a lesson, a step) is one object."""
    return content.decode(errors="replace")


def _bring_up_to_date(engine: Engine, version: int) -> None:
    """Run what migrations are missing; where that must wait, a file that lacks indexes serves."""
    try:
        with engine.begin() as connection:
            migrate(connection)
    except DBAPIError as error:
        if version < SAME_COLUMNS_SINCE or sqlite_code(error) not in _NOT_NOW:
            raise


def _use_write_ahead_log(engine: Engine) -> None:
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        if driver is not None:
            driver.execute("PRAGMA journal_mode = WAL")


def _share_rights(path: Path) -> None:
    """Give the log the rights of its file: SQLite made it so, perhaps when nobody might write."""
    for part in ("-wal", "-shm"):
        with suppress(OSError):
            shutil.copymode(path, beside(path, part))
