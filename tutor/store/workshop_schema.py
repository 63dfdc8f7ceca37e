"""The tables of a workshop's database beside those of the learners' progress."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    func,
    select,
)
from sqlalchemy.sql import ColumnElement

from tutor.store.schema import UtcTime

metadata = MetaData()

workshop_version = Table("workshop_version", metadata, Column("version", Integer, nullable=False))

# What happened in the room, oldest first. Rows are only ever added, and deleted at the end.
workshop_events = Table(
    "workshop_events",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("workshop", Text, nullable=False),
    Column("learner", Text),
    Column("kind", Text, nullable=False),
    Column("data", Text, nullable=False),  # JSON
    Column("at", UtcTime, nullable=False),
    # Else SQLite gives the number of a deleted last row away again, and nodes miss that event.
    sqlite_autoincrement=True,
)
Index("events_of_workshop", workshop_events.c.workshop, workshop_events.c.id)
Index("events_of_learner", workshop_events.c.learner)

# The first key that came with a name owns it.
name_keys = Table(
    "name_keys",
    metadata,
    Column("name", Text, primary_key=True),
    Column("fingerprint", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
)

# The last batch of each process that writes, in one transaction with what it holds: a process
# whose connection broke while it committed sees here whether it did.
writers = Table(
    "writers",
    metadata,
    Column("writer", Text, primary_key=True),
    Column("batch", BigInteger, nullable=False),
    Column("at", UtcTime, nullable=False),
)

_SQLITE_CLOCK: Final = "%Y-%m-%dT%H:%M:%f000+00:00"
"""The text that `UtcTime` keeps, to SQLite's own thousandths."""


def database_clock(connection: Connection) -> ColumnElement[Any]:
    """Return the SQL for the time by the clock of the database."""
    if connection.dialect.name == "sqlite":
        return func.strftime(_SQLITE_CLOCK, "now", type_=UtcTime)
    return func.clock_timestamp(type_=UtcTime)


def database_time(connection: Connection) -> datetime:
    """Return the time by the clock of the database."""
    found = connection.execute(select(database_clock(connection))).scalar_one()
    assert isinstance(found, datetime)  # noqa: S101 - UtcTime gives nothing else here
    return found.astimezone(UTC)
