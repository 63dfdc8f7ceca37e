"""What goes wrong with a workshop's database, in words that name no password."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import URL
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    StatementError,
    TimeoutError as PoolTimeoutError,
)

from tutor.i18n import Message, message
from tutor.store.database_url import is_postgresql, place_of
from tutor.store.trouble import RefusedError, StorageError, TroubleKind, is_full, sqlite_code

_CODES: Final[Mapping[TroubleKind, tuple[str, ...]]] = {
    "forbidden": ("28",),
    "unknown": ("3D000",),
    "crowded": ("53300",),
    "full": ("53100",),
    "read-only": ("25006",),
    "not allowed": ("42501",),
    "away": ("57", "08"),
}
"""Each kind of fault, and what PostgreSQL's codes for it start with."""

_SIGNS: Final[Mapping[TroubleKind, tuple[str, ...]]] = {
    "forbidden": ("password", "pg_hba.conf", "role ", "authentication"),
    "unknown": ("does not exist",),
    "crowded": ("too many clients", "remaining connection slots", "too many connections"),
    "full": ("No space left on device",),
    "away": ("refused", "closed", "is lost", "reset by peer", "starting up", "shutting down",
             "timeout", "timed out", "resolve", "translate host", "unreachable", "No route",
             "Is the server running"),
}  # fmt: skip
"""The words by which it is told where connecting fails: then there is no code."""

_CODES_OF_FILES: Final[Mapping[int, TroubleKind]] = {
    sqlite3.SQLITE_READONLY: "not allowed",
    sqlite3.SQLITE_CANTOPEN: "not allowed",
    sqlite3.SQLITE_PERM: "not allowed",
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
}

_OF_POSTGRESQL: Final[Mapping[TroubleKind, Message]] = {
    "forbidden": message(
        "PostgreSQL at {place} lets this user not in: check name and password in the URL (or in "
        "~/.pgpass), and the server's pg_hba.conf"
    ),
    "unknown": message(
        "There is no such database: {place}. Make it with createdb, or correct the URL"
    ),
    "crowded": message(
        "PostgreSQL at {place} takes no more connections: a server of workshops needs up to 4 a "
        "worker; raise max_connections, or start fewer workers"
    ),
    "full": message("The disk of PostgreSQL at {place} is full: make room there"),
    "read-only": message(
        "The database {place} can only be read: name the primary server, or a file that may be "
        "written"
    ),
    "not allowed": message(
        "The database user may not do this in {place}: let the user own the database, or grant "
        "CREATE on its schema public"
    ),
    "away": message(
        "The database {place} does not answer: is the server running, and are host and port right?"
    ),
}
_OF_FILE: Final[Mapping[TroubleKind, Message]] = {
    "full": message("The disk is full: make room for {place}"),
    "locked": message("Another program has locked {place}: let it end its work"),
    "not allowed": message(
        "{place} cannot be written: make the file and its folder writable for the server, or "
        "name another"
    ),
}
_UNSOUND: Final = message(
    "{place} is no sound SQLite database: name another file, or mend it with sqlite3's .recover"
)
_OTHER: Final = message("The database {place} cannot be used now ({cause})")


@contextmanager
def guarded(url: URL) -> Iterator[None]:
    """Turn the errors of the database into StorageErrors."""
    try:
        yield
    except (DBAPIError, PoolTimeoutError, sqlite3.Error, OSError) as error:
        refused = isinstance(error, IntegrityError | DataError)
        kind = RefusedError if refused else StorageError
        raise kind(*words_and_kind(url, error)) from error
    except (StatementError, ValueError) as error:  # a value that the driver cannot send
        raise RefusedError(*words_and_kind(url, error)) from error


def read_only(url: URL) -> StorageError:
    """Return the error for a database that takes no writes."""
    return StorageError(_said(_OF_POSTGRESQL["read-only"], place=place_of(url)), "read-only")


def unsound(url: URL) -> StorageError:
    """Return the error for a database that no Nabla can have left so."""
    return StorageError(_said(_UNSOUND, place=place_of(url)))


def newer_database(url: URL) -> StorageError:
    """Return the error for a database whose tables are of a later version."""
    return StorageError(
        message(
            "The database {place} is of a newer Nabla: update Nabla on this machine, or name "
            "another database",
            place=place_of(url),
        )
    )


def words_and_kind(url: URL, error: BaseException) -> tuple[Message, TroubleKind]:
    """Return what `error`, met while using the database, means, how it is mended, and its kind."""
    place = place_of(url)
    if not is_postgresql(url):
        return _of_file(url, place, error)
    origin = getattr(error, "orig", None) or error
    if isinstance(error, PoolTimeoutError):
        return _said(_OF_POSTGRESQL["crowded"], place=place), "crowded"
    kind = _kind(str(getattr(origin, "sqlstate", None) or ""), str(origin))
    if kind is not None:
        return _said(_OF_POSTGRESQL[kind], place=place), kind
    return _said(_OTHER, place=place, cause=_first_line(str(origin), url)), "other"


def _said(words: Message, **arguments: str) -> Message:
    return Message(words.template, arguments)


def _kind(code: str, text: str) -> TroubleKind | None:
    """Return the kind of a fault of PostgreSQL, None where it is none of those known."""
    known, found = (_CODES, code.startswith) if code else (_SIGNS, text.__contains__)
    return next((kind for kind, signs in known.items() if any(map(found, signs))), None)


def _of_file(url: URL, place: str, error: BaseException) -> tuple[Message, TroubleKind]:
    code = sqlite_code(error)
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return _said(_UNSOUND, place=place), "other"
    kind = _CODES_OF_FILES.get(code or 0)
    if is_full(Path(str(url.database)), error):
        kind = "full"
    elif kind is None and isinstance(error, OSError):
        kind = "not allowed"
    if kind is not None:
        return _said(_OF_FILE[kind], place=place), kind
    cause = str(getattr(error, "orig", None) or error).partition("\n")[0]
    return _said(_OTHER, place=place, cause=cause), "other"


def _first_line(text: str, url: URL) -> str:
    line = next((line for line in text.splitlines() if line.strip()), "")
    secrets = [url.password, *(str(value) for value in url.query.values())]
    for secret in filter(None, map(str, filter(None, secrets))):
        line = line.replace(secret, "…")
    return line.strip()
