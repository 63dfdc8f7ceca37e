"""Entries that the database could not take, kept in a small file beside it meanwhile: JSON lines.

So they outlive the program, however it ends. Any tutor that can write the database brings in
all such files, its own and those that others left behind.
"""

from __future__ import annotations

import errno
import json
import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from tutor.store.model import Attempt, Entry, Reset, ResumePoint, values_of
from tutor.store.replacing import replace_text

_KINDS: Final[dict[str, type[Entry]]] = {
    kind.__name__: kind for kind in (Attempt, ResumePoint, Reset)
}

ASIDE: Final = ".done"
"""What an outbox ends with that is being removed."""


class Outbox:
    """The file of one tutor's waiting entries. It exists while there are some.

    Its entries only grow in number: what was once the first stays the first. So the database
    need only know how many of them it holds, and the file may be removed at any time after.
    """

    def __init__(self, database: Path) -> None:
        self._database = database
        self.begin_anew()

    @property
    def file(self) -> Path:
        """Where it is, once something was kept in it."""
        return self._file

    @property
    def name(self) -> str | None:
        """By which the database knows it; None where nothing was kept in it."""
        return outbox_name(self._file) if self._kept else None

    def begin_anew(self) -> None:
        """Keep nothing so far, in a file of another name."""
        self._file = self._database.with_name(
            f"{self._database.stem}.waiting-{uuid4().hex[:12]}.json"
        )
        self._kept = self._size = 0

    def keep(self, entries: list[Entry]) -> int:
        """Write what is new in the entries behind what the file holds; else it stays as it was.

        Return how many of the first entries it holds now.
        """
        with suppress(OSError):
            if not (self._kept and self._write_behind(_lines(entries[self._kept :]))):
                self._write_anew(_lines(entries))
            self._kept = len(entries)
        return self._kept

    def _write_anew(self, text: str) -> None:
        replace_text(self._file, text)
        self._size = len(text)

    def _write_behind(self, text: str) -> bool:
        """Write behind what is kept; return whether the file is still where it was.

        Others set it aside and remove it once it is written: then all of it must be kept anew.
        """
        try:
            with self._file.open("r+b", buffering=0) as opened:
                opened.truncate(self._size)  # behind it is what a full disk took in part
                opened.seek(self._size)
                if opened.write(text.encode()) < len(text):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                os.fsync(opened.fileno())
                is_there = os.path.samestat(os.fstat(opened.fileno()), self._file.stat())
        except FileNotFoundError:
            return False
        self._size += len(text) if is_there else 0
        return is_there


def _lines(entries: list[Entry]) -> str:
    """Return the entries in ASCII, a line each."""
    return "".join(f"{json.dumps(entry_as_json(each))}\n" for each in entries)


def outbox_name(file: Path) -> str:
    """Return the name by which the database knows an outbox, also one that is set aside."""
    return file.stem


def waiting_files(database: Path) -> list[Path]:
    """Return the outboxes beside the database, the oldest first, and those set aside."""
    found: list[Path] = []
    with suppress(OSError):  # where there is no such folder
        for end in (".json", ASIDE):
            found += filter(Path.is_file, database.parent.glob(f"{database.stem}.waiting-*{end}"))
    return sorted(found, key=_written_at)  # a pipe, which is no file, would be waited for


def _written_at(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:  # another tutor has just removed it
        return 0.0


def read_outbox(file: Path) -> list[Entry] | None:
    """Return the entries in an outbox, None if it is damaged."""
    try:
        text = file.read_text(encoding="utf-8")
        if text.startswith("["):  # as Nabla 0.1 wrote them
            return [entry_from_json(values) for values in json.loads(text)]
        lines, _, torn = text.rpartition("\n")  # what is torn was never said to be kept
        if torn and not lines:
            return None
        return [entry_from_json(json.loads(line)) for line in lines.split("\n") if line]
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def remove_written(file: Path, count: int) -> bool:
    """Remove an outbox of which the database holds so many entries; return whether it has more.

    Its tutor may put a longer one in its place at any moment: so it is set aside first, and
    looked at once more. A tutor killed meanwhile leaves it there for the next one.
    """
    aside = file.with_suffix(ASIDE)
    try:
        file.replace(aside)
        entries = read_outbox(aside)
        if entries is None or len(entries) > count:
            return entries is not None
        aside.unlink()
    except OSError:  # another tutor was quicker, or it stays for the next start
        return False
    return False


def entry_as_json(entry: Entry) -> dict[str, object]:
    """Return an entry as JSON values."""
    return values_of(entry) | {"entry": type(entry).__name__, "at": entry.at.isoformat()}


def entry_from_json(values: dict[str, Any]) -> Entry:
    """Return the entry that became these JSON values; they are used up."""
    kind = _KINDS[values.pop("entry")]
    return kind(**(values | {"at": datetime.fromisoformat(values["at"])}))
