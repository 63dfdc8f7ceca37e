"""Entries that the database could not take, kept in a small file beside it meanwhile: JSON lines.

So they outlive the program, however it ends. Any tutor that can write the database brings in
all such files, its own and those that others left behind: each entry once, whatever is killed
when. The entries and their number, by the file's name, are written in one transaction; the file is
removed after it. A tutor killed before the end of the transaction has changed nothing; one killed
after it leaves a file of which the next tutor knows that it is written.
"""

from __future__ import annotations

import errno
import json
import os
import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from uuid import uuid4

from sqlalchemy import Connection, insert, select

from tutor.store.data_folder import remove_unfinished, replace_text
from tutor.store.database import Database, write_entries
from tutor.store.model import Entry, ResumePoint, entry_as_json, entry_from_json
from tutor.store.schema import BROUGHT_IN, RESET, journal

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


def bring_in_waiting(database: Database, beside: Path, own: str | None) -> int:
    """Write what waits beside the file, and remove it.

    Return how many entries of the outbox `own` are written (None: it was never used).
    """
    while waiting := readable_outboxes(beside):
        with database.writing() as connection:
            add_waiting(connection, waiting)
        longer = [remove_written(file, len(entries)) for file, entries in waiting.items()]
        if not any(longer):
            break
    remove_unfinished(beside.parent, f"{beside.stem}.waiting-")
    if own is None:
        return 0
    with database.writing() as connection:
        return _count_written(connection, own)


def readable_outboxes(beside: Path) -> dict[Path, list[Entry]]:
    """Return the entries of each file that waits; damaged ones are left alone."""
    found = {file: read_outbox(file) for file in waiting_files(beside)}
    return {file: entries for file, entries in found.items() if entries is not None}


def add_waiting(connection: Connection, waiting: dict[Path, list[Entry]]) -> None:
    """Write the entries that are not written yet, and how many of each file are."""
    for file, entries in waiting.items():
        name = outbox_name(file)
        written = _count_written(connection, name)
        if not written and file.suffix == ASIDE and _is_known(connection, entries):
            written = len(entries)
        write_entries(connection, entries[written:])
        if len(entries) > written:
            _note(connection, name, len(entries))


def _count_written(connection: Connection, name: str) -> int:
    query = select(journal.c.answer).where(
        journal.c.learner == name, journal.c.lesson.is_(None), journal.c.kind == BROUGHT_IN
    )
    noted = [str(count) for count in connection.execute(query).scalars()]
    return max((int(each) for each in noted if re.fullmatch(r"\d{1,18}", each)), default=0)


def _note(connection: Connection, name: str, count: int) -> None:
    row = {"learner": name, "kind": BROUGHT_IN, "answer": str(count), "at": datetime.now(UTC)}
    connection.execute(insert(journal).values(row))


def _is_known(connection: Connection, entries: Sequence[Entry]) -> bool:
    """Whether the journal holds the first entry: Nabla 0.1 set files aside without a note."""
    first = next((each for each in entries if not isinstance(each, ResumePoint)), None)
    if first is None:
        return False
    query = select(journal.c.id).where(
        journal.c.learner == first.learner,
        journal.c.lesson.is_not_distinct_from(first.lesson),
        journal.c.kind == getattr(first, "kind", RESET),
        journal.c.at == first.at,
    )
    return connection.execute(query.limit(1)).first() is not None
