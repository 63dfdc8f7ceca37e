"""A workshop's database, opened by its URL: engine, tables of today, rows, words for trouble."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from tutor.store.database import READING
from tutor.store.database_url import engine_of, is_postgresql, parse_url, place_of
from tutor.store.merging import Records
from tutor.store.migrations import (
    KNOWN_VERSION,
    KNOWN_WORKSHOP_VERSION,
    migrate_workshop,
    stored_version,
)
from tutor.store.schema import workshop_version
from tutor.store.spill_file import LeftBehind
from tutor.store.trouble import RefusedError, StorageError, sqlite_code
from tutor.store.workshop_rows import Item, WorkshopRows
from tutor.store.workshop_trouble import guarded, newer_database, read_only, unsound

_WAL_TRIES: Final = 50
_WAL_PAUSE: Final = 0.1
"""Seconds: several processes may want to switch a new file to WAL; SQLite lets none wait."""


class WorkshopDatabase:
    """The database at a URL. Its methods raise StorageErrors and no others."""

    def __init__(self, url: str) -> None:
        self._url = parse_url(url)
        self._engine = engine_of(self._url)
        self._ready = False
        self.rows = WorkshopRows(self._engine)
        """What is in it; its errors are the library's: call it within `guard`."""

    def guard(self) -> AbstractContextManager[None]:
        """Turn the errors of the database into StorageErrors."""
        return guarded(self._url)

    def prepare(self) -> None:
        """Connect, and bring the tables up to date, alone among all nodes."""
        with self.guard():
            if not is_postgresql(self._url):
                self._make_file()
            with self._engine.execution_options(**READING).begin() as connection:
                is_ready = self._has_todays_tables(connection)
                if _is_read_only(connection):
                    raise read_only(self._url)
            if not is_ready:
                with self._engine.begin() as connection:
                    migrate_workshop(connection)
        self._ready = True

    def write(self, number: int, items: Sequence[Item], *, again: bool) -> None:
        """Write a batch once, whatever became of an earlier try."""
        with self._in_use():
            self.rows.write(number, items, again=again)

    def ask(self) -> None:
        """Raise a StorageError where the database cannot be used now."""
        with self._in_use():
            self.rows.ask()

    def records(self, learner: str) -> Records:
        """Return what counts of a learner."""
        with self.guard():
            return self.rows.records(learner)

    @property
    def place(self) -> str:
        """Where it is, for people and for files about it: no user, no password."""
        return place_of(self._url)

    def bring_in(self, left: LeftBehind) -> int:
        """Write what a process that is no more could not write; return how many entries."""
        with self._in_use():
            return self.rows.bring_in(left)

    def close(self) -> None:
        """Let go of the connections; it waits for no server."""
        with suppress(SQLAlchemyError, OSError):
            self._engine.dispose()

    @contextmanager
    def _in_use(self) -> Iterator[None]:
        """Prepare the database where that has to be done (again): it may be another by now."""
        try:
            if not (self._ready and self._is_there()):
                self._engine.dispose()
                self.prepare()
            with self.guard():
                yield
        except RefusedError:
            raise
        except StorageError:
            self._ready = False
            self._engine.dispose()
            raise

    def _is_there(self) -> bool:
        """Whether the file was not deleted; writing on into a deleted one meets no error."""
        return is_postgresql(self._url) or self._file().exists()

    def _has_todays_tables(self, connection: Connection) -> bool:
        versions = stored_version(connection), stored_version(connection, workshop_version)
        known = KNOWN_VERSION, KNOWN_WORKSHOP_VERSION
        if min(versions) < 0:
            raise unsound(self._url)
        if versions[0] > known[0] or versions[1] > known[1]:
            raise newer_database(self._url)
        return versions == known

    def _file(self) -> Path:
        return Path(str(self._url.database))

    def _make_file(self) -> None:
        self._file().parent.mkdir(parents=True, exist_ok=True)
        for left in reversed(range(_WAL_TRIES)):
            try:
                with self._engine.connect() as connection:
                    driver = connection.connection.driver_connection
                    assert driver is not None  # noqa: S101 - a connection that is open has one
                    driver.execute("PRAGMA journal_mode = WAL")
                    return
            except (OperationalError, sqlite3.OperationalError) as error:
                if left == 0 or sqlite_code(error) != sqlite3.SQLITE_BUSY:
                    raise
                time.sleep(_WAL_PAUSE)


def _is_read_only(connection: Connection) -> bool:
    if connection.dialect.name != "postgresql":
        return False
    return connection.exec_driver_sql("SHOW transaction_read_only").scalar() == "on"
