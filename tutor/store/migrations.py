"""Brings an older file up to the tables of today, one numbered step at a time.

Each step is spelt out in SQL, as it was when it was released: tables that change later in
`schema.py` do not change what it does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from sqlalchemy import Connection, Table, delete, func, insert, inspect, select, text

from tutor.store.schema import schema_version, workshop_version

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


def _first_tables(connection: Connection) -> None:
    _run(connection, _FIRST_TABLES)


def _resets_by_kind(connection: Connection) -> None:
    _run(connection, _RESETS_BY_KIND)


MIGRATIONS: Final[tuple[Callable[[Connection], None], ...]] = (_first_tables, _resets_by_kind)
"""Number k brings version k to version k + 1. Add to the end; never change one that was
released. All together make the tables of `schema.py`."""

KNOWN_VERSION: Final = len(MIGRATIONS)

SAME_COLUMNS_SINCE: Final = 1
"""The oldest version with all the columns of today: what came later are indexes alone, so such a
file can be read and written as it is."""


def _first_workshop_tables(connection: Connection) -> None:
    _run(connection, _FIRST_WORKSHOP_TABLES)


WORKSHOP_MIGRATIONS: Final[tuple[Callable[[Connection], None], ...]] = (_first_workshop_tables,)
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
