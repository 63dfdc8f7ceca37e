"""From a URL to an engine for many learners: SQLite for one machine, PostgreSQL for several.

No message made here holds the URL: a password may stand anywhere in it.
"""

from __future__ import annotations

import sqlite3
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from tutor.errors import TutorError
from tutor.i18n import message

CONNECT_TIMEOUT: Final = 3
"""Seconds that connecting to PostgreSQL may take."""
_BUSY_TIMEOUT: Final = 5.0
"""Seconds that a write waits for that of another process, in a thread of its own."""
_CACHE_KIB: Final = 32_768
"""Of each connection. SQLite's 2 MB hold no class: a learner's rows lie all over the file, and each
page would be read again for the next learner. It takes no more than the file has."""
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
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
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


def _on_connect(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute(f"PRAGMA cache_size = {-_CACHE_KIB}")


def _on_begin(connection: Connection) -> None:
    begin = connection.get_execution_options().get("begin", "BEGIN IMMEDIATE")
    connection.exec_driver_sql(begin)
