"""A workshop's database by its URL: SQLite for one machine, PostgreSQL for several.

Engine, tables of today, rows. No message made here holds the URL: a password may stand anywhere in
it.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    DBAPIError,
    IntegrityError,
    OperationalError,
    SQLAlchemyError,
    StatementError,
    TimeoutError as PoolTimeoutError,
)

from tutor.errors import TutorError
from tutor.i18n import Message, message
from tutor.store.database import READING, make_ours
from tutor.store.exchange import Records
from tutor.store.schema import (
    KNOWN_VERSION,
    KNOWN_WORKSHOP_VERSION,
    migrate_workshop,
    stored_version,
    workshop_version,
)
from tutor.store.spill_file import LeftBehind
from tutor.store.trouble import (
    RefusedError,
    StorageError,
    TroubleKind,
    newer_database,
    read_only,
    sqlite_code,
    trouble_of_file,
    trouble_of_server,
    unsound,
)
from tutor.store.workshop_rows import Item, WorkshopRows

CONNECT_TIMEOUT: Final = 3
"""Seconds that connecting to PostgreSQL may take."""
_BUSY_TIMEOUT: Final = 5.0
"""Seconds that a write waits for that of another process, in a thread of its own."""
_CACHE_KIB: Final = 32_768
"""Of each connection."""
_POOL: Final = {"pool_size": 2, "max_overflow": 2, "pool_timeout": 5, "pool_recycle": 1800}
"""A worker needs one connection that writes and one that reads; at most four."""
_SETTINGS: Final = (
    "-c statement_timeout=5000 -c lock_timeout=4000 -c idle_in_transaction_session_timeout=15000"
)
_CONNECTION: Final[dict[str, Any]] = {
    "connect_timeout": CONNECT_TIMEOUT,
    "application_name": "nabla",
    "options": _SETTINGS,
    # A server that vanished without a word is noticed after about ten seconds.
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
_NAMES_OF_POSTGRESQL: Final = ("postgresql+psycopg", "postgresql", "postgres")
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

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Turn the errors of the database into StorageErrors."""
        try:
            yield
        except (DBAPIError, PoolTimeoutError, sqlite3.Error, OSError) as error:
            refused = isinstance(error, IntegrityError | DataError)
            kind = RefusedError if refused else StorageError
            raise kind(*self._trouble(error)) from error
        except (StatementError, ValueError) as error:  # a value that the driver cannot send
            raise RefusedError(*self._trouble(error)) from error

    def _trouble(self, error: BaseException) -> tuple[Message, TroubleKind]:
        if not is_postgresql(self._url):
            return trouble_of_file(self.place, error)
        secrets = [self._url.password, *self._url.query.values()]
        return trouble_of_server(self.place, error, map(str, filter(None, secrets)))

    def prepare(self) -> None:
        """Connect, and bring the tables up to date, alone among all nodes."""
        with self.guard():
            if not is_postgresql(self._url):
                self._make_file()
            with self._engine.execution_options(**READING).begin() as connection:
                is_ready = self._has_todays_tables(connection)
                if _is_read_only(connection):
                    raise read_only(self.place)
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
            raise unsound(self.place)
        if versions[0] > known[0] or versions[1] > known[1]:
            raise newer_database(self.place)
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


def parse_url(text: str) -> URL:
    """Return the URL of a database that we can use.

    Raises:
        TutorError: It is none; the sentence says what one looks like.
    """
    try:
        url = make_url(text.strip())
    except (ArgumentError, ValueError):
        raise _no_url() from None
    if url.drivername in ("sqlite", "sqlite+pysqlite"):
        return _sqlite_url(url)
    if url.drivername not in _NAMES_OF_POSTGRESQL or not url.database:
        raise _no_url()
    if any("@" in part or "/" in part for part in (url.database, url.username or "")):
        raise TutorError(
            message(
                "The URL of the database cannot be read: write @ : / ? # % in its user name or "
                "password as %40 %3A %2F %3F %23 %25"
            )
        )
    return url.set(drivername="postgresql+psycopg")


def place_of(url: URL) -> str:
    """Return where the database is, for people: no user, no password, no option."""
    if url.drivername.startswith("sqlite"):
        return url.database or ""
    host = url.host or "local"
    return f"{host}:{url.port or 5432}/{url.database}"


def database_file(text: str) -> Path | None:
    """Return the file behind the text of a URL, None where a server is."""
    url = parse_url(text)
    return None if is_postgresql(url) else Path(str(url.database))


def is_postgresql(url: URL) -> bool:
    """Whether a server is behind the URL, and not a file."""
    return url.drivername.startswith("postgresql")


def engine_of(url: URL) -> Engine:
    """Return an engine that has not connected yet.

    Raises:
        TutorError: The driver of the database is not installed.
    """
    if is_postgresql(url):
        return _postgresql(url)
    engine = create_engine(
        url, connect_args={"timeout": _BUSY_TIMEOUT, "check_same_thread": False},
        hide_parameters=True, **_POOL,
    )  # fmt: skip
    make_ours(engine, _CACHE_KIB)
    return engine


def _postgresql(url: URL) -> Engine:
    if find_spec("psycopg") is None:
        raise TutorError(
            message(
                "PostgreSQL needs a driver that is not installed: "
                "pip install 'nabla-tutor[postgres]'"
            )
        )
    own = {key: value for key, value in _CONNECTION.items() if key not in url.query}
    # Prepared statements are lost with a connection pooler between and save us nothing.
    own["prepare_threshold"] = None
    try:
        return create_engine(url, connect_args=own, hide_parameters=True, **_POOL)
    except ImportError:
        raise TutorError(
            message(
                "The driver of PostgreSQL is installed but does not start: "
                "pip install --force-reinstall 'nabla-tutor[postgres]'"
            )
        ) from None


def _sqlite_url(url: URL) -> URL:
    name = url.database or ""
    if url.host or not name or name == ":memory:" or name.startswith("file:"):
        raise TutorError(
            message("A workshop's SQLite database is a file: sqlite:///folder/workshop.sqlite3")
        )
    return URL.create("sqlite+pysqlite", database=str(Path(name).expanduser().absolute()))


def _no_url() -> TutorError:
    return TutorError(
        message(
            "That is no database that Nabla can use. Say sqlite:///folder/workshop.sqlite3 or "
            "postgresql+psycopg://NAME:PASSWORD@HOST/DATABASE"
        )
    )
