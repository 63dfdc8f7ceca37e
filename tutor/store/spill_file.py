"""A workshop's entries that its database cannot take just now, kept in a file meanwhile.

So they outlive the process, however it ends. Each process has one file, locked as long as it
lives; whoever opens the same database with the same folder brings in what dead ones left. What
happened in the room (events) is not kept: later it would only mislead.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from tutor.store.model import Entry, NewEvent, entry_as_json, entry_from_json

_PREFIX: Final = "unwritten-"
_ENDING: Final = ".jsonl"
_UNFINISHED: Final = ".new"


class SpillFile:
    """The file of one process. It exists while something is kept."""

    def __init__(self, folder: Path, *, database: str, writer: str) -> None:
        """`database` is where the entries belong; `writer` is this process in that database."""
        self._path = folder / f"{_PREFIX}{writer}{_ENDING}"
        self._head = {"database": database, "writer": writer}
        self._file: BinaryIO | None = None

    @property
    def path(self) -> Path:
        """Where it is while something is kept."""
        return self._path

    @property
    def is_open(self) -> bool:
        """Whether anything is kept just now."""
        return self._file is not None

    def keep(self, items: Sequence[Entry | NewEvent], number: int, in_doubt: int) -> None:
        """Keep exactly these; the first `in_doubt` may have been written as batch `number`."""
        lines: list[Mapping[str, object]] = [self._head, _tried(number, items[:in_doubt])]
        lines += _kept(items)
        with self._trying():
            file = self._written_anew(b"".join(_line(each) for each in lines))
            self.close()
            self._file = file

    def _written_anew(self, content: bytes) -> BinaryIO:
        """Put a file with this content in the place of the old one, or leave nothing of it."""
        fresh = self._path.with_suffix(_UNFINISHED)
        file = _create(fresh)
        try:
            file.write(content)
            file.flush()
            fresh.replace(self._path)
        except OSError:
            with suppress(OSError):
                file.close()  # which tries to write the rest once more
            fresh.unlink(missing_ok=True)
            raise
        return file

    def add(self, items: Sequence[Entry | NewEvent]) -> None:
        """Keep more, at one blow: an answer and where it leads are kept or lost together."""
        self._append(_kept(items))

    def trying(self, number: int, batch: Sequence[Entry | NewEvent]) -> None:
        """Note that the next items are about to be written as a batch."""
        self._append([_tried(number, batch)])

    def forget(self) -> None:
        """All that was kept is written."""
        with suppress(OSError):
            self._path.unlink()
        self.close()

    def close(self) -> None:
        """Let go of the file, so that the next process brings it in."""
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
            self._file = None

    def _append(self, values: Sequence[Mapping[str, object]]) -> None:
        with self._trying():
            assert self._file is not None  # noqa: S101 - only asked while it is open
            self._file.write(b"".join(map(_line, values)))
            self._file.flush()

    @contextmanager
    def _trying(self) -> Iterator[None]:
        """Do without the file where the disk takes nothing: it could not be believed any more."""
        try:
            yield
        except OSError:
            self.forget()


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftBehind:
    """What a process that is no more could not write."""

    writer: str
    entries: Sequence[Entry]
    tried: Mapping[int, int]
    """The batches that it began to write, by number, and how many of the entries were in each."""


@contextmanager
def left_behind(folder: Path, database: str) -> Iterator[list[LeftBehind]]:
    """Find what dead processes left for this database; the files go when the block ends well."""
    mine: list[tuple[BinaryIO, Path]] = []
    found: list[LeftBehind] = []
    try:
        for path in sorted(folder.glob(f"{_PREFIX}*{_ENDING}")):
            file = _take_over(path)
            if file is None:
                continue
            left = _read(file, database)
            if left is None:
                file.close()
                continue
            mine.append((file, path))
            found.append(left)
        yield found
        for _, path in mine:
            path.unlink(missing_ok=True)
        _remove_unfinished(folder)
    finally:
        for file, _ in mine:
            file.close()


def _remove_unfinished(folder: Path) -> None:
    """Remove what processes that are no more had not written to the end."""
    for path in folder.glob(f"{_PREFIX}*{_UNFINISHED}"):
        file = _take_over(path)
        if file is not None:
            path.unlink(missing_ok=True)
            file.close()


def _create(path: Path) -> BinaryIO:
    """Open a new file that only its owner may read: what learners wrote is in it."""
    path.unlink(missing_ok=True)
    file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
    if not _lock(file):
        raise OSError("a new file cannot be locked")
    return file


def _take_over(path: Path) -> BinaryIO | None:
    """Return the file, locked; None where its process lives, or another was quicker."""
    try:
        file = path.open("r+b")
    except OSError:
        return None
    if _lock(file) and os.fstat(file.fileno()).st_nlink:
        return file
    file.close()
    return None


def _lock(file: BinaryIO) -> bool:
    """Lock the file, as long as it is open, against all other processes."""
    import fcntl  # noqa: PLC0415 - not on Windows, which serves no workshop

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _read(file: BinaryIO, database: str) -> LeftBehind | None:
    """Return what the file says, up to a line that was never ended; None if it is not for us."""
    lines = [_value(line) for line in file.read().splitlines(keepends=True)]
    whole = [line for line in lines if line is not None]
    if not whole or whole[0].get("database") != database:
        return None
    tried = {line["batch"]: line["entries"] for line in whole if "batch" in line}
    entries = [entry_from_json(line["kept"]) for line in whole if "kept" in line]
    return LeftBehind(writer=str(whole[0]["writer"]), entries=entries, tried=tried)


def _value(line: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(line)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _tried(number: int, batch: Sequence[Entry | NewEvent]) -> dict[str, object]:
    return {"batch": number, "entries": sum(not isinstance(each, NewEvent) for each in batch)}


def _kept(items: Sequence[Entry | NewEvent]) -> list[dict[str, object]]:
    return [{"kept": entry_as_json(each)} for each in items if not isinstance(each, NewEvent)]


def _line(value: Mapping[str, object]) -> bytes:
    return json.dumps(value).encode() + b"\n"
