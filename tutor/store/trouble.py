"""Why a learner's progress or a workshop's database cannot be used now, and what to do.

The words name no password.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from sqlite3 import (
    SQLITE_BUSY,
    SQLITE_CANTOPEN,
    SQLITE_CORRUPT,
    SQLITE_FULL,
    SQLITE_IOERR,
    SQLITE_LOCKED,
    SQLITE_NOTADB,
    SQLITE_PERM,
    SQLITE_READONLY,
    Error as SQLiteError,
)
from typing import Final, Literal, TypeAlias

from tutor.errors import TutorError
from tutor.i18n import Message, message

_PRIMARY_CODE: Final = 0xFF
"""SQLite's extended error codes keep the plain one in their low byte."""


_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_NO_FOLDER: Final = frozenset({errno.ENOTDIR, errno.EEXIST})
_LEAST_ROOM: Final = 65_536
"""Bytes: for want of room for its shared memory SQLite reports a fault like any other."""


TroubleKind: TypeAlias = Literal[
    "away", "full", "read-only", "not allowed", "forbidden", "unknown", "crowded", "locked", "other"
]
"""Why nothing can be written: each is mended in another way."""


class StorageError(TutorError):
    """Progress cannot be read or written just now; the tutor goes on in memory."""

    def __init__(self, words: Message, kind: TroubleKind = "other") -> None:
        super().__init__(words)
        self.message, self.kind = words, kind


class BrokenFileError(StorageError):
    """The file is no database, or a damaged one."""


class NewerFileError(StorageError):
    """The file was written by a newer Nabla: it must not be touched."""


class RefusedError(StorageError):
    """The database answers and will never take this: trying again is of no use."""


def newer_file(path: Path, found: int, known: int) -> NewerFileError:
    """Return the error for a file whose schema version is above the one that we know."""
    return NewerFileError(
        message(
            "{file} was written by a newer Nabla (format {found}, this one knows {known}). "
            "Update Nabla to go on from there; what you do until then waits in a file beside it.",
            file=str(path),
            found=found,
            known=known,
        )
    )


def broken_file(path: Path) -> BrokenFileError:
    """Return the error for a damaged file."""
    return BrokenFileError(message("{file} is damaged.", file=str(path)))


def no_file(path: Path) -> StorageError:
    """Return the error for a folder, a pipe or a device in the place of the file."""
    return StorageError(
        message(
            "{file} is no file. Progress is kept in memory: move away what is there, or set "
            "NABLA_HOME to another folder.",
            file=str(path),
        )
    )


def storage_error(path: Path, cause: BaseException) -> StorageError:
    """Return what `cause`, met while reading or writing `path`, means to the learner."""
    code = sqlite_code(cause)
    # SQLite names a damaged table in its error; Python cannot decode what is no text any more.
    if code in (SQLITE_CORRUPT, SQLITE_NOTADB) or isinstance(cause, UnicodeDecodeError):
        return broken_file(path)
    return StorageError(_words(path, code, cause))


def sqlite_code(cause: BaseException) -> int | None:
    """Return SQLite's plain error code, None where `cause` is none of its errors."""
    origin = getattr(cause, "orig", cause)
    code = getattr(origin, "sqlite_errorcode", None)
    return code & _PRIMARY_CODE if isinstance(origin, SQLiteError) and code is not None else None


def _words(path: Path, code: int | None, cause: BaseException) -> Message:
    if code in (SQLITE_BUSY, SQLITE_LOCKED):
        return message(
            "Another program has locked {file}. Progress is kept in memory and written "
            "as soon as the file is free.",
            file=str(path),
        )
    if is_full(path, cause):
        return message(
            "The disk is full. Progress is kept in memory and written to {file} as soon as "
            "there is room.",
            file=str(path),
        )
    if _is_no_folder(path, cause):
        return message(
            "{folder} is no folder. Progress is kept in memory: move the file away, or set "
            "NABLA_HOME to a folder.",
            folder=str(path.parent),
        )
    if _errno(cause) == errno.ENAMETOOLONG:
        return message(
            "The path of {folder} is too long for this system. Progress is kept in memory: set "
            "NABLA_HOME to a shorter one.",
            folder=str(path.parent),
        )
    if code in (SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM) or isinstance(cause, OSError):
        return _not_writable(path)
    return message(
        "{file} cannot be used now ({cause}). Progress is kept in memory and written as soon "
        "as it can be.",
        file=str(path),
        cause=str(getattr(cause, "orig", cause)),
    )


def _not_writable(path: Path) -> Message:
    folder = path.parent
    can_make = _may(folder, os.W_OK | os.X_OK)
    if can_make and _may(path, os.F_OK) and not _may(path, os.W_OK):
        return message(
            "{file} cannot be written. Progress is kept in memory: make the file writable, or set "
            "NABLA_HOME to another folder.",
            file=str(path),
        )
    return message(
        "{folder} cannot be written. Progress is kept in memory: make the folder writable, "
        "or set NABLA_HOME to another one.",
        folder=str(folder),
    )


def _may(path: Path, mode: int) -> bool:
    """Whether this process may do so, as whoever it is just now."""
    return os.access(path, mode, effective_ids=os.access in os.supports_effective_ids)


def _errno(cause: BaseException) -> int | None:
    return cause.errno if isinstance(cause, OSError) else None


def is_full(path: Path, cause: BaseException) -> bool:
    """Whether `cause` was met because the disk under `path` is full."""
    code = sqlite_code(cause)
    if code == SQLITE_FULL or _errno(cause) in _FULL:
        return True
    return code in (SQLITE_IOERR, SQLITE_CANTOPEN) and _room(path.parent) < _LEAST_ROOM


def _room(folder: Path) -> int:
    """Return the free bytes of the disk; many where nobody knows."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return _LEAST_ROOM


def _is_no_folder(path: Path, cause: BaseException) -> bool:
    return _errno(cause) in _NO_FOLDER and not path.parent.is_dir()


# --- a workshop's database

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
    "crowded": ("too many clients", "remaining connection slots", "too many connections",
                "QueuePool limit"),
    "full": ("No space left on device",),
    "away": ("refused", "closed", "is lost", "reset by peer", "starting up", "shutting down",
             "timeout", "timed out", "resolve", "translate host", "unreachable", "No route",
             "Is the server running"),
}  # fmt: skip
"""The words by which it is told where connecting fails: then there is no code."""

_CODES_OF_FILES: Final[Mapping[int, TroubleKind]] = {
    SQLITE_READONLY: "not allowed",
    SQLITE_CANTOPEN: "not allowed",
    SQLITE_PERM: "not allowed",
    SQLITE_BUSY: "locked",
    SQLITE_LOCKED: "locked",
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


def read_only(place: str) -> StorageError:
    """Return the error for a database that takes no writes."""
    return StorageError(_said(_OF_POSTGRESQL["read-only"], place), "read-only")


def unsound(place: str) -> StorageError:
    """Return the error for a database that no Nabla can have left so."""
    return StorageError(_said(_UNSOUND, place))


def newer_database(place: str) -> StorageError:
    """Return the error for a database whose tables are of a later version."""
    return StorageError(
        message(
            "The database {place} is of a newer Nabla: update Nabla on this machine, or name "
            "another database",
            place=place,
        )
    )


def trouble_of_server(
    place: str, error: BaseException, secrets: Iterable[str]
) -> tuple[Message, TroubleKind]:
    """Return what `error`, met while using PostgreSQL, means, how it is mended, and its kind.

    None of the `secrets` is in the words.
    """
    origin = getattr(error, "orig", None) or error
    kind = _kind(str(getattr(origin, "sqlstate", None) or ""), str(origin))
    if kind is not None:
        return _said(_OF_POSTGRESQL[kind], place), kind
    cause = next((line for line in str(origin).splitlines() if line.strip()), "")
    for secret in filter(None, secrets):
        cause = cause.replace(secret, "…")
    return _said(_OTHER, place, cause=cause.strip()), "other"


def trouble_of_file(place: str, error: BaseException) -> tuple[Message, TroubleKind]:
    """Return the same for a workshop's SQLite database, the file `place`."""
    code = sqlite_code(error)
    if code in (SQLITE_CORRUPT, SQLITE_NOTADB):
        return _said(_UNSOUND, place), "other"
    kind = _CODES_OF_FILES.get(code or 0)
    if is_full(Path(place), error):
        kind = "full"
    elif kind is None and isinstance(error, OSError):
        kind = "not allowed"
    if kind is not None:
        return _said(_OF_FILE[kind], place), kind
    cause = str(getattr(error, "orig", None) or error).partition("\n")[0]
    return _said(_OTHER, place, cause=cause), "other"


def _said(words: Message, place: str, **arguments: str) -> Message:
    return Message(words.template, {"place": place, **arguments})


def _kind(code: str, text: str) -> TroubleKind | None:
    """Return the kind of a fault of PostgreSQL, None where it is none of those known."""
    known, found = (_CODES, code.startswith) if code else (_SIGNS, text.__contains__)
    return next((kind for kind, signs in known.items() if any(map(found, signs))), None)
