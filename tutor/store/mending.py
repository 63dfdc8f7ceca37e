"""Whether the progress file is sound, and how a mended copy takes the place of a damaged one.

It is sound where SQLite finds no fault in it and each row is as Nabla writes it.

The copy is made under a name that says nothing. Whole and on the disk, it is renamed to
`progress.mended-DATE.sqlite3`: with that the mending is decided. Then the damaged file's log and
the file itself get their names for keeps, and the copy takes its place. Whoever opens progress
finishes first what a killed tutor has decided (`put_in_place`). The damaged file is in its place
until the copy takes it in one move, so nobody who starts meanwhile finds none, and begins anew.

All of it is done under a lock that ends with the process.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Select, Table, func, inspect, literal, or_, select

from tutor.store.schema import SAME_COLUMNS_SINCE, journal, metadata, resume_points
from tutor.store.sqlite_pages import JOURNAL_SHAPE, NOT_ANSWERED, POINT_SHAPE

_MAGIC: Final = b"SQLite format 3\0"
_CELLS: Final = slice(103, 105)
"""Where the first page says how many tables and indexes there are."""
_TYPES: Final = {str: "text", int: "integer", type(None): "null"}
"""SQLite's words for the types of values: a column takes values of any type."""
_MENDED: Final = ".mended-"
_BROKEN: Final = ".broken-"
_PARTS: Final = ("-wal", "-shm", "-journal")


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


def is_damaged_for_us(path: Path) -> bool:
    """Whether SQLite would take it for a new file: a log without one, or a few other bytes."""
    size, log = _size(path), _size(beside(path, "-wal"))
    return log > 0 if size == 0 else log == 0 and not _first_bytes(path).startswith(_MAGIC)


def _first_bytes(path: Path) -> bytes:
    with path.open("rb") as opened:
        return opened.read(_CELLS.stop)


def has_none_of_our_tables(path: Path) -> bool:
    """Whether it is a file without a byte, or one that SQLite has just begun."""
    content = _first_bytes(path)
    return not content or (content.startswith(_MAGIC) and content[_CELLS] == bytes(2))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def new_copy(file: Path) -> Path:
    """Return where a copy is to be made; what was left of an earlier one is removed."""
    fresh = file.with_suffix(f".new{file.suffix}")
    for ending in ("", *_PARTS):
        beside(fresh, ending).unlink(missing_ok=True)
    return fresh


def decide_mending(fresh: Path, kept: Path) -> None:
    """Let the copy, which is whole, be what takes the place of the file; `kept` is for the old."""
    fresh.replace(kept.with_name(kept.name.replace(_BROKEN, _MENDED)))


def decided(file: Path) -> list[Path]:
    """Return the copies that are to take the place of the file: one, or none."""
    return sorted(file.parent.glob(f"{file.stem}{_MENDED}*{file.suffix}"))


def put_in_place(copy: Path, file: Path) -> Path:
    """Let a decided copy take the file's place; return what the damaged file is called."""
    kept = copy.with_name(copy.name.replace(_MENDED, _BROKEN))
    for ending in _PARTS:
        part = beside(file, ending)
        if part.exists():
            part.replace(_untaken(beside(kept, ending)))
    _give_second_name(file, kept)
    copy.replace(file)
    return kept


def _give_second_name(file: Path, name: Path) -> None:
    """Let the file be called `name`, too, or so alone where a file has one name."""
    try:
        if not (name.exists() and name.samefile(file)):
            os.link(file, _untaken(name))
    except FileNotFoundError:  # its log was all there was; or it has the name already
        return
    except OSError:
        file.replace(_untaken(name))


def _untaken(path: Path) -> Path:
    """Return a name that no file has: nothing that was kept is written over."""
    while path.exists():
        path = path.with_name(f"{path.name}~")
    return path


def beside(path: Path, ending: str) -> Path:
    """Return the path of a file that SQLite keeps beside the database."""
    return path.with_name(path.name + ending)
