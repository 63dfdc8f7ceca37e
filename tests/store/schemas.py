"""What tables a database has, for comparing: columns, keys and indexes, whoever made them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

_POSTGRESQL_COLUMNS = """
    SELECT table_name, column_name, data_type, is_nullable, column_default
    FROM information_schema.columns WHERE table_schema = 'public'
    ORDER BY table_name, ordinal_position
"""
_POSTGRESQL_INDEXES = """
    SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2
"""


def schema_of(connection: Connection) -> dict[str, Any]:
    """Return the tables with their columns, and the indexes with theirs."""
    if connection.dialect.name == "postgresql":
        return {
            "columns": rows(connection, _POSTGRESQL_COLUMNS),
            "indexes": rows(connection, _POSTGRESQL_INDEXES),
        }
    made = rows(connection, "SELECT type, name, sql FROM sqlite_schema ORDER BY name")
    return {
        "columns": {
            name: rows(connection, f"PRAGMA table_info({name})")
            for kind, name, _ in made
            if kind == "table"
        },
        "autoincrement": [name for _, name, sql in made if "AUTOINCREMENT" in (sql or "").upper()],
        "indexes": {
            name: (rows(connection, f"PRAGMA index_info({name})"), _condition(sql))
            for kind, name, sql in made
            if kind == "index"
        },
    }


def rows(connection: Connection, query: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.exec_driver_sql(query)]


def _condition(sql: str | None) -> str:
    """Return for which rows an index is."""
    return " ".join((sql or "").partition("WHERE")[2].split())
