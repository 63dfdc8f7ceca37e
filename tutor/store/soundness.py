"""What makes a progress file sound: SQLite finds no fault, and each row is as Nabla writes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from sqlalchemy import Connection, Select, Table, func, inspect, literal, or_, select

from tutor.store.migrations import SAME_COLUMNS_SINCE
from tutor.store.schema import journal, metadata, resume_points
from tutor.store.sqlite_pages import JOURNAL_SHAPE, NOT_ANSWERED, POINT_SHAPE

_TYPES: Final = {str: "text", int: "integer", type(None): "null"}
"""SQLite's words for the types of values: a column takes values of any type."""


def is_sound(connection: Connection, version: int) -> bool:
    """Whether SQLite finds no fault in the file and our tables are in it, or none at all."""
    if connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar() != "ok":
        return False
    if version <= 0:
        return version == 0 and not inspect(connection).get_table_names()
    if version >= SAME_COLUMNS_SINCE:
        for table in metadata.sorted_tables:
            connection.execute(select(table).limit(0))
        return all(connection.execute(query).first() is None for query in _odd_rows())
    return True


def _odd_rows() -> Iterator[Select[int]]:
    """Yield the questions for rows that Nabla cannot have written: `read_rows` leaves them out."""
    says = journal.c
    yield _of_other_types(journal, JOURNAL_SHAPE)
    yield select(literal(1)).where(
        says.kind.not_in(NOT_ANSWERED),
        or_(says.lesson.is_(None), says.step.is_(None), says.answer.is_(None)),
    )
    yield _of_other_types(resume_points, POINT_SHAPE)


def _of_other_types(table: Table, shape: Sequence[tuple[type, ...]]) -> Select[int]:
    odd = [
        func.typeof(column).not_in([_TYPES[each] for each in types])
        for column, types in zip(table.columns, shape, strict=True)
        if column is not journal.c.id  # the row's number
    ]
    return select(literal(1)).select_from(table).where(or_(*odd))
