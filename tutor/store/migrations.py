"""Brings an older file up to the tables of today, one numbered step at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from sqlalchemy import Connection, Table, delete, func, insert, inspect, select, text

from tutor.store.schema import metadata, schema_version
from tutor.store.workshop_schema import metadata as workshop_metadata
from tutor.store.workshop_schema import workshop_version


def _first_tables(connection: Connection) -> None:
    metadata.create_all(connection)


MIGRATIONS: Final[tuple[Callable[[Connection], None], ...]] = (_first_tables,)
"""Number k brings version k to version k + 1. Add to the end; never change one that was
released (the first then needs its tables spelt out, as they were)."""

KNOWN_VERSION: Final = len(MIGRATIONS)


def _first_workshop_tables(connection: Connection) -> None:
    workshop_metadata.create_all(connection)


WORKSHOP_MIGRATIONS: Final[tuple[Callable[[Connection], None], ...]] = (_first_workshop_tables,)
"""The same for the tables that only a workshop's database has, with a version of their own."""

KNOWN_WORKSHOP_VERSION: Final = len(WORKSHOP_MIGRATIONS)

_MIGRATION_LOCK: Final = 0x6E61626C61_01
"""The advisory lock of PostgreSQL under which one node migrates and the others wait."""


def stored_version(connection: Connection, table: Table = schema_version) -> int:
    """Return the version of the tables, 0 where there are none yet."""
    if not inspect(connection).has_table(table.name):
        return 0
    return connection.execute(select(table.c.version)).scalar() or 0


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
