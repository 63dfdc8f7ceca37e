"""The tables, and those that only a workshop's database has. Plain SQLAlchemy Core."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    DateTime,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    func,
    select,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import ColumnElement
from sqlalchemy.types import TypeEngine

from tutor.store.model import EPOCH, in_utc

RESET: Final = "reset"
"""The `kind` of a journal row that is no attempt: what came before it does not count."""

BROUGHT_IN: Final = "brought-in"
"""The `kind` of a journal row that counts for no learner: `answer` entries of the file of waiting
entries that `learner` names are in the journal. It is written with them, all or nothing."""


class UtcTime(TypeDecorator[datetime]):
    """A moment. SQLite keeps it as ISO 8601 text in UTC, which sorts as time does."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[datetime] | TypeEngine[str]:
        """Return the type that the database itself knows."""
        return Text() if dialect.name == "sqlite" else DateTime(timezone=True)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> object:
        """Return `value` for the database, in UTC."""
        if value is None:
            return None
        utc = value.astimezone(UTC)
        return utc.isoformat(timespec="microseconds") if dialect.name == "sqlite" else utc

    def process_result_value(
        self,
        value: object,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy gives it
    ) -> datetime | None:
        """Return the moment in UTC; 1970 where damage made it unreadable."""
        if value is None or isinstance(value, datetime):
            return value
        try:
            return in_utc(datetime.fromisoformat(str(value))) or EPOCH
        except ValueError:
            return EPOCH


metadata = MetaData()

schema_version = Table("schema_version", metadata, Column("version", Integer, nullable=False))

# Everything that happened, oldest first. Rows are only ever added.
journal = Table(
    "journal",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("learner", Text, nullable=False),
    Column("lesson", Text),  # NULL: a reset of all lessons
    Column("step", Text),
    Column("kind", Text, nullable=False),
    Column("answer", Text),
    Column("correct", Boolean),
    Column("misconception", Text),
    Column("confidence", Text),
    Column("at", UtcTime, nullable=False),
)
Index("journal_of_lesson", journal.c.learner, journal.c.lesson)
Index(
    "resets",
    journal.c.learner,
    journal.c.kind,
    journal.c.lesson,
    # `postgresql_where` here would import that dialect with every start: 30 ms.
    sqlite_where=journal.c.kind == RESET,
)

# Where each learner is in each lesson. `journal_id` is the newest journal row at the time:
# the point counts as long as no later row resets its lesson.
resume_points = Table(
    "resume_points",
    metadata,
    Column("learner", Text, primary_key=True),
    Column("lesson", Text, primary_key=True),
    Column("step", Text, nullable=False),
    Column("state", Text, nullable=False),  # JSON
    Column("completed", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("done", Boolean, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("journal_id", BigInteger, nullable=False),
)

workshop_metadata = MetaData()
"""Of what only a workshop's database has."""

workshop_version = Table(
    "workshop_version", workshop_metadata, Column("version", Integer, nullable=False)
)

# What happened in the room, oldest first. Rows are only ever added, and deleted at the end.
workshop_events = Table(
    "workshop_events",
    workshop_metadata,
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
    workshop_metadata,
    Column("name", Text, primary_key=True),
    Column("fingerprint", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
)

# The last batch of each process that writes, in one transaction with what it holds: a process
# whose connection broke while it committed sees here whether it did.
writers = Table(
    "writers",
    workshop_metadata,
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
