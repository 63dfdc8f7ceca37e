"""Brings an older file up to the tables of today, one numbered step at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sqlalchemy import Connection, delete, insert, inspect, select

from tutor.store.schema import metadata, schema_version


def _first_tables(connection: Connection) -> None:
    metadata.create_all(connection)


MIGRATIONS: Final[tuple[Callable[[Connection], None], ...]] = (_first_tables,)
"""Number k brings version k to version k + 1. Add to the end; never change one that was
released (the first then needs its tables spelt out, as they were)."""

KNOWN_VERSION: Final = len(MIGRATIONS)


def stored_version(connection: Connection) -> int:
    """Return the version of the tables, 0 where there are none yet."""
    if not inspect(connection).has_table(schema_version.name):
        return 0
    return connection.execute(select(schema_version.c.version)).scalar() or 0


def migrate(connection: Connection) -> None:
    """Run what is missing, within the caller's transaction: all of it or nothing."""
    version = stored_version(connection)
    if version >= KNOWN_VERSION:
        return
    for step in MIGRATIONS[version:]:
        step(connection)
    connection.execute(delete(schema_version))
    connection.execute(insert(schema_version).values(version=KNOWN_VERSION))
