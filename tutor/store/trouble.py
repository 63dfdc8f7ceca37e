"""Why progress cannot be read or written just now, in words that say what to do."""

from __future__ import annotations

import errno
import os
import shutil
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
