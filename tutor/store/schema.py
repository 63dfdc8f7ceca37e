"""The tables, those that only a workshop's database has, and how an older file comes to have them.

Plain SQLAlchemy Core. A migration is spelt out in SQL, as it was when it was released: tables that
change later do not change what it does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
    delete,
    func,
    insert,
    inspect,
    select,
    text,
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
Index("journal_of_learner", journal.c.learner)
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

# What is kept of the PIN of a name: a hash. Who has the PIN is who the name is.
name_pins = Table(
    "name_pins",
    workshop_metadata,
    Column("name", Text, primary_key=True),
    Column("pin", Text, nullable=False),
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


_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "sqlite": {
        "id": "INTEGER",
        "event_id": "INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT",
        "moment": "TEXT",
        "only_resets": " WHERE kind = 'reset'",
    },
    "postgresql": {
        "id": "BIGSERIAL",
        "event_id": "BIGSERIAL NOT NULL PRIMARY KEY",
        "moment": "TIMESTAMP WITH TIME ZONE",
        "only_resets": "",
    },
}
"""What the databases call differently in the statements below."""

_FIRST_TABLES: Final = (
    "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)",
    """CREATE TABLE IF NOT EXISTS journal (
        id {id} NOT NULL,
        learner TEXT NOT NULL,
        lesson TEXT,
        step TEXT,
        kind TEXT NOT NULL,
        answer TEXT,
        correct BOOLEAN,
        misconception TEXT,
        confidence TEXT,
        at {moment} NOT NULL,
        PRIMARY KEY (id)
    )""",
    "CREATE INDEX IF NOT EXISTS journal_of_lesson ON journal (learner, lesson)",
    "CREATE INDEX IF NOT EXISTS resets ON journal (learner, lesson){only_resets}",
    """CREATE TABLE IF NOT EXISTS resume_points (
        learner TEXT NOT NULL,
        lesson TEXT NOT NULL,
        step TEXT NOT NULL,
        state TEXT NOT NULL,
        completed INTEGER NOT NULL,
        total INTEGER NOT NULL,
        done BOOLEAN NOT NULL,
        at {moment} NOT NULL,
        journal_id BIGINT NOT NULL,
        PRIMARY KEY (learner, lesson)
    )""",
)

_RESETS_BY_KIND: Final = (
    # With `kind` in it no other index fits the question for resets as well. In the first version
    # two fitted alike, and which one SQLite took depended on which of them was made last.
    "DROP INDEX IF EXISTS resets",
    "CREATE INDEX resets ON journal (learner, kind, lesson){only_resets}",
)

_BY_LEARNER: Final = (
    # Gives a learner's rows as they lie in the file, in their order: nothing is to be sorted.
    "CREATE INDEX IF NOT EXISTS journal_of_learner ON journal (learner)",
)

_FIRST_WORKSHOP_TABLES: Final = (
    "CREATE TABLE IF NOT EXISTS workshop_version (version INTEGER NOT NULL)",
    """CREATE TABLE IF NOT EXISTS workshop_events (
        id {event_id},
        workshop TEXT NOT NULL,
        learner TEXT,
        kind TEXT NOT NULL,
        data TEXT NOT NULL,
        at {moment} NOT NULL
    )""",
    "CREATE INDEX IF NOT EXISTS events_of_workshop ON workshop_events (workshop, id)",
    "CREATE INDEX IF NOT EXISTS events_of_learner ON workshop_events (learner)",
    """CREATE TABLE IF NOT EXISTS name_keys (
        name TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        at {moment} NOT NULL,
        PRIMARY KEY (name)
    )""",
    """CREATE TABLE IF NOT EXISTS writers (
        writer TEXT NOT NULL,
        batch BIGINT NOT NULL,
        at {moment} NOT NULL,
        PRIMARY KEY (writer)
    )""",
)

_NAME_PINS: Final = (
    """CREATE TABLE IF NOT EXISTS name_pins (
        name TEXT NOT NULL,
        pin TEXT NOT NULL,
        at {moment} NOT NULL,
        PRIMARY KEY (name)
    )""",
)


def _first_tables(connection: Connection) -> None:
    _run(connection, _FIRST_TABLES)


def _resets_by_kind(connection: Connection) -> None:
    _run(connection, _RESETS_BY_KIND)


def _by_learner(connection: Connection) -> None:
    _run(connection, _BY_LEARNER)


MIGRATIONS: Final[tuple[Callable[[Connection], None], ...]] = (
    _first_tables, _resets_by_kind, _by_learner,
)  # fmt: skip
"""Number k brings version k to version k + 1. Add to the end; never change one that was
released. All together make the tables above."""

KNOWN_VERSION: Final = len(MIGRATIONS)

SAME_COLUMNS_SINCE: Final = 1
"""The oldest version with all the columns of today: what came later are indexes alone, so such a
file can be read and written as it is."""


def _first_workshop_tables(connection: Connection) -> None:
    _run(connection, _FIRST_WORKSHOP_TABLES)


def _name_pins(connection: Connection) -> None:
    _run(connection, _NAME_PINS)


WORKSHOP_MIGRATIONS: Final[tuple[Callable[[Connection], None], ...]] = (
    _first_workshop_tables, _name_pins,
)  # fmt: skip
"""The same for the tables that only a workshop's database has, with a version of their own."""

KNOWN_WORKSHOP_VERSION: Final = len(WORKSHOP_MIGRATIONS)

_MIGRATION_LOCK: Final = 0x6E61626C61_01
"""The advisory lock of PostgreSQL under which one node migrates and the others wait."""


def stored_version(connection: Connection, table: Table = schema_version) -> int:
    """Return the version of the tables, 0 where there are none yet, -1 where it is no number."""
    if not inspect(connection).has_table(table.name):
        return 0
    found: object = connection.execute(select(table.c.version)).scalar()
    if found is None:
        return 0
    return found if isinstance(found, int) and found > 0 else -1


def migrate(connection: Connection) -> None:
    """Run what is missing, within the caller's transaction: all of it or nothing."""
    _run_missing(connection, schema_version, MIGRATIONS)


def migrate_workshop(connection: Connection) -> None:
    """Run what is missing of both, alone: other nodes that start now wait and find it done."""
    if connection.dialect.name == "postgresql":  # SQLite's transaction is alone as it begins
        connection.execute(text("SET LOCAL lock_timeout = '60s'"))
        connection.execute(text("SET LOCAL statement_timeout = '120s'"))
        connection.execute(select(func.pg_advisory_xact_lock(_MIGRATION_LOCK)))
    migrate(connection)
    _run_missing(connection, workshop_version, WORKSHOP_MIGRATIONS)


def _run(connection: Connection, statements: Sequence[str]) -> None:
    """Run statements, each in the words of the database."""
    words = _WORDS[connection.dialect.name]
    for statement in statements:
        connection.exec_driver_sql(statement.format(**words))


def _run_missing(
    connection: Connection, table: Table, steps: Sequence[Callable[[Connection], None]]
) -> None:
    version = stored_version(connection, table)
    if version >= len(steps):
        return
    for step in steps[version:]:
        step(connection)
    connection.execute(delete(table))
    connection.execute(insert(table).values(version=len(steps)))
