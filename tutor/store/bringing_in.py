"""Brings into the database what waits in files beside it: each entry once, whatever is killed when.

The entries and their number, by the file's name, are written in one transaction; the file is
removed after it. A tutor killed before the end of the transaction has changed nothing; one killed
after it leaves a file of which the next tutor knows that it is written.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, insert, select

from tutor.store.database import Database, write_entries
from tutor.store.model import Entry, ResumePoint
from tutor.store.outbox import (
    ASIDE,
    outbox_name,
    read_outbox,
    remove_written,
    waiting_files,
)
from tutor.store.replacing import remove_unfinished
from tutor.store.schema import BROUGHT_IN, RESET, journal


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
