"""Reads and writes a workshop's database: batches of entries and events, bindings, deletion."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any, Final, TypeAlias, cast
from uuid import uuid4

from sqlalchemy import (
    Connection,
    Engine,
    Table,
    bindparam,
    delete,
    exists,
    func,
    insert,
    select,
    text,
    union,
    update,
)
from sqlalchemy.exc import IntegrityError

from tutor.store.database import (
    READING,
    Database,
    Values,
    counting_points,
    encodable,
    json_object,
    write_entries,
)
from tutor.store.exchange import Records
from tutor.store.model import Entry, NewEvent, ResumePoint, WorkshopEvent
from tutor.store.schema import (
    UtcTime,
    database_clock,
    database_time,
    journal,
    name_keys,
    name_pins,
    resume_points,
    workshop_events,
    writers,
)
from tutor.store.spill_file import LeftBehind

Item: TypeAlias = Entry | NewEvent
"""What a process writes."""

EVENTS_LOCK: Final = 0x6E61626C61_02
"""The advisory lock of PostgreSQL under which events get their numbers."""
_CLOCKS_AGREE: Final = timedelta(seconds=2)
"""Below this, the clock of a node and that of the database are taken for the same."""
_ALL: Final = 2**31 - 1
"""The batch of a process whose last entries another has brought in."""

_ADD_WRITER: Final = text(
    "INSERT INTO writers (writer, batch, at) VALUES (:writer, :batch, :at) ON CONFLICT DO NOTHING"
).bindparams(bindparam("at", type_=UtcTime))
"""Both databases know this; it waits for another that adds the same."""


class WorkshopRows:
    """The tables of one workshop's database. Errors are SQLAlchemy's.

    Order between nodes is the database's: events and answers count by their numbers, events have
    its time, and the times of entries, made by a node's clock, are moved by what this clock is
    off, so that a node with a wrong one harms nobody.
    """

    def __init__(self, engine: Engine, *, now: Callable[[], datetime] | None = None) -> None:
        self.engine = engine
        self._reader = engine.execution_options(**READING)
        self.progress = Database(engine)
        """The learners' entries."""
        self.now = now or (lambda: datetime.now(UTC))
        self.writer = uuid4().hex
        """This process, as the database knows it."""

    def ask(self) -> None:
        """Raise where the database does not answer."""
        with self._reader.begin() as connection:
            connection.execute(select(1))

    def write(self, number: int, items: Sequence[Item], *, again: bool) -> None:
        """Write batch `number` of this process: all of it, once.

        `again` says that an earlier try failed; where it was written all the same, nothing is.
        """
        with self.engine.begin() as connection:
            if again and self._settled(connection, self.writer) >= number:
                return
            ahead = self._ahead(self.sign(connection, self.writer, number))
            if any(isinstance(item, NewEvent) for item in items):
                _lock_events(connection)
            for is_event, group in groupby(items, lambda item: isinstance(item, NewEvent)):
                if is_event:
                    _write_events(connection, list(group))
                else:
                    _write_entries(connection, cast(Iterable[Entry], group), ahead)

    def bring_in(self, left: LeftBehind) -> int:
        """Write what a process that is no more left, all of it, once; return how many entries."""
        with self.engine.begin() as connection:
            written = self._settled(connection, left.writer)
            done = sum(count for number, count in left.tried.items() if number <= written)
            rest = left.entries[done:] if written < _ALL else []
            ahead = self._ahead(self.sign(connection, left.writer, _ALL))
            _write_entries(connection, rest, ahead)
        return len(rest)

    def records(self, learner: str) -> Records:
        """Return what counts of a learner."""
        return self.progress.records(learner)

    def events_after(
        self, number: int, limit: int, workshop: str | None = None
    ) -> list[WorkshopEvent]:
        """Return at most `limit` events that came after event `number`, in their order."""
        query = select(workshop_events).where(workshop_events.c.id > number)
        if workshop is not None:
            query = query.where(workshop_events.c.workshop == workshop)
        query = query.order_by(workshop_events.c.id).limit(limit)
        with self._reader.begin() as connection:
            rows = [dict(row._mapping) for row in connection.execute(query)]
        return [WorkshopEvent(**(row | {"data": json_object(row["data"])})) for row in rows]

    def owner_of(self, name: str) -> str | None:
        """Return the fingerprint of the key that owns the name, None where nobody does."""
        query = select(name_keys.c.fingerprint).where(name_keys.c.name == name)
        with self._reader.begin() as connection:
            return connection.execute(query).scalar()

    def claim_name(self, name: str, fingerprint: str) -> str | None:
        """Bind the name to the key unless it is bound; return the fingerprint that owns it."""
        owner = self.owner_of(name)
        if owner is not None:
            return owner
        try:
            with self.engine.begin() as connection:
                connection.execute(
                    insert(name_keys).values(
                        name=name, fingerprint=fingerprint, at=database_clock(connection)
                    )
                )
        except IntegrityError:  # another key came first, between the two
            return self.owner_of(name)
        return fingerprint

    def release_name(self, name: str) -> None:
        """Let the next who comes with the name own it, by their key or a new PIN."""
        with self.engine.begin() as connection:
            _release(connection, name)

    def learners(self) -> tuple[str, ...]:
        """Return the names under which something is kept."""
        tables = (journal, resume_points, workshop_events)
        query = union(*(select(each.c.learner).distinct() for each in tables))
        with self._reader.begin() as connection:
            found = connection.execute(query).scalars()
            return tuple(sorted(str(each) for each in found if each))

    def rename(self, learner: str, name: str) -> None:
        """Keep all that is a learner's under another name; what is there already is joined."""
        with self.engine.begin() as connection:
            _join_points(connection, learner, name)
            for table in (journal, resume_points, workshop_events):
                its = table.c.learner == learner
                connection.execute(update(table).where(its).values(learner=name))
            _release(connection, learner)

    def pin_of(self, name: str) -> str | None:
        """Return what is kept of the PIN of a name, None where there is none."""
        query = select(name_pins.c.pin).where(name_pins.c.name == name)
        with self._reader.begin() as connection:
            return connection.execute(query).scalar()

    def set_pin(self, name: str, pin: str) -> bool:
        """Keep the PIN of a name; return False where it has one."""
        try:
            with self.engine.begin() as connection:
                at = database_clock(connection)
                connection.execute(insert(name_pins).values(name=name, pin=pin, at=at))
        except IntegrityError:  # somebody came first
            return False
        return True

    def delete_learner(self, learner: str) -> None:
        """Delete all that is kept under the learner's name."""
        with self.engine.begin() as connection:
            _delete_learner(connection, learner)

    def workshops(self) -> tuple[str, ...]:
        """Return the names of the workshops of which something is kept."""
        query = select(workshop_events.c.workshop).distinct()
        with self._reader.begin() as connection:
            return tuple(sorted(map(str, connection.execute(query).scalars())))

    def delete_workshop(self, workshop: str) -> tuple[str, ...]:
        """Delete a workshop and the learners that were in no other; return their names."""
        other = workshop_events.alias("other")
        elsewhere = exists().where(
            other.c.learner == workshop_events.c.learner, other.c.workshop != workshop
        )
        only_here = (
            select(workshop_events.c.learner)
            .where(workshop_events.c.workshop == workshop, ~elsewhere)
            .where(workshop_events.c.learner.is_not(None))
            .distinct()
        )
        with self.engine.begin() as connection:
            learners = tuple(sorted(map(str, connection.execute(only_here).scalars())))
            for learner in learners:
                _delete_learner(connection, learner)
            connection.execute(
                delete(workshop_events).where(workshop_events.c.workshop == workshop)
            )
        return learners

    def purge(self, older_than: timedelta) -> int:
        """Delete the events that are older, by the database's clock; return how many."""
        with self.engine.begin() as connection:
            until = database_time(connection) - older_than
            gone = connection.execute(delete(workshop_events).where(workshop_events.c.at < until))
            return gone.rowcount

    def sign_off(self) -> None:
        """Take this process off the list of writers."""
        with self.engine.begin() as connection:
            connection.execute(delete(writers).where(writers.c.writer == self.writer))

    def _ahead(self, at: datetime) -> timedelta:
        """Return what the clock of this node is ahead of the database's, which says `at`."""
        ahead = self.now() - at
        return ahead if abs(ahead) > _CLOCKS_AGREE else timedelta()

    def _settled(self, connection: Connection, writer: str) -> int:
        """Return the number of the last batch that a process has written, 0 for none.

        Its connection broke, or it died; but PostgreSQL may be at the end of its last transaction
        still. So this waits for whoever has the row, and lets nobody else have it.
        """
        row = {"writer": writer, "batch": 0, "at": database_time(connection)}
        connection.execute(_ADD_WRITER, row)
        query = select(writers.c.batch).where(writers.c.writer == writer).with_for_update()
        return int(connection.execute(query).scalar_one())

    def sign(self, connection: Connection, writer: str, number: int) -> datetime:
        """Note the batch as written, with this transaction; return the database's time.

        The row of a process that did not sign off stays: a file that it left may come back after
        any time, from a copy or a machine that was away, and only the row says what is written.
        """
        at = database_time(connection)
        own = writers.c.writer == writer
        signed = connection.execute(update(writers).where(own).values(batch=number, at=at))
        if signed.rowcount == 0:
            values = {"writer": writer, "batch": number, "at": at}
            connection.execute(insert(writers).values(values))
        return at


def _lock_events(connection: Connection) -> None:
    """Let no other node number events before ours are seen: no reader then skips one.

    Numbers of PostgreSQL are given before a transaction ends. Without the lock, a node that has
    seen number 6 would never look for a number 5 that is committed later. SQLite has one writer.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(EVENTS_LOCK)))


def _write_events(connection: Connection, events: Sequence[Any]) -> None:
    """Add events by one statement: a class of 300 has many a second."""
    rows = [
        _storable({"workshop": each.workshop, "learner": each.learner, "kind": each.kind,
                   "data": json.dumps(dict(each.data), ensure_ascii=False)})
        for each in events
    ]  # fmt: skip
    connection.execute(insert(workshop_events).values(at=database_clock(connection)), rows)


def _write_entries(connection: Connection, entries: Iterable[Entry], ahead: timedelta) -> None:
    """Add the entries in order, but no place that the learner has left elsewhere meanwhile."""
    for is_point, group in groupby(entries, lambda entry: isinstance(entry, ResumePoint)):
        dated = [replace(entry, at=entry.at - ahead) for entry in group]
        if not is_point:
            write_entries(connection, dated, _storable)
            continue
        for point in cast(list[ResumePoint], dated):
            if not _newer_is_there(connection, point):
                write_entries(connection, [point], _storable)


def _newer_is_there(connection: Connection, point: ResumePoint) -> bool:
    """Whether the learner went on elsewhere while this point waited: what is later stays."""
    query = counting_points(point.learner, point.lesson).where(resume_points.c.at > point.at)
    return connection.execute(query).first() is not None


def _storable(values: Values) -> Values:
    """Return the values without what PostgreSQL keeps in no text."""
    return {
        key: each.replace("\0", "\N{REPLACEMENT CHARACTER}") if isinstance(each, str) else each
        for key, each in encodable(values).items()
    }


def _join_points(connection: Connection, learner: str, name: str) -> None:
    """Of the places of two names, delete the older one in each lesson."""
    query = select(resume_points).where(resume_points.c.learner.in_([learner, name]))
    last: dict[str, Any] = {}
    for row in connection.execute(query.order_by(resume_points.c.at)).all():
        older, last[row.lesson] = last.get(row.lesson), row
        if older is not None:
            its = (resume_points.c.learner == older.learner, resume_points.c.lesson == row.lesson)
            connection.execute(delete(resume_points).where(*its))


def _release(connection: Connection, name: str) -> None:
    connection.execute(delete(name_keys).where(name_keys.c.name == name))
    connection.execute(delete(name_pins).where(name_pins.c.name == name))


def _delete_learner(connection: Connection, learner: str) -> None:
    tables: tuple[Table, ...] = (workshop_events, journal, resume_points)
    for table in tables:
        connection.execute(delete(table).where(table.c.learner == learner))
    _release(connection, learner)
    # What others said to them, or did with their hand, names them too: a whole value of the JSON.
    named = workshop_events.c.data.contains(
        json.dumps(learner, ensure_ascii=False), autoescape=True
    )
    connection.execute(delete(workshop_events).where(named))
