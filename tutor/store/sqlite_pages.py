"""Reads our rows straight from the pages of an SQLite file, whatever state it is in.

SQLite refuses a file with a damaged header, and a damaged inner page hides every row below
it. The rows themselves lie in leaf pages that need nothing else to be read, so this module
looks at each page of the file and of its write-ahead log by itself. It needs no lock and
changes nothing, so it also reads a file that another program holds.

Source: SQLite, "Database File Format" (sqlite.org/fileformat2.html), sections 1.6 and 2.1
(b-tree pages, records) and 4 (the write-ahead log).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final, TypeAlias

from tutor.store.schema import BROUGHT_IN, RESET

Value: TypeAlias = int | float | str | bytes | None
Record: TypeAlias = tuple[Value, ...]

_DEFAULT_PAGE_SIZE: Final = 4096
_PAGE_SIZES: Final = frozenset(2**k for k in range(9, 17))
_FILE_HEADER: Final = 100
_WAL_HEADER: Final = 32
_FRAME_HEADER: Final = 24
_LEAF: Final = 0x0D
_OTHER_PAGES: Final = frozenset({0x02, 0x05, 0x0A})
"""Inner pages and index pages: they hold no rows of tables."""

_INTEGER_SIZES: Final = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}

_CELL_START: Final = re.compile(
    rb"(?=[\x80-\xff]{0,3}[\x00-\x7f][\x80-\xff]{0,7}[\x00-\x7f][\x0a-\x1f])"
)
"""The lengths of a row, its number and its header, as our rows begin."""

_TEXT: Final = (str,)
_MAYBE_TEXT: Final = (str, type(None))
_MAYBE_INT: Final = (int, type(None))
JOURNAL_SHAPE: Final = (
    (type(None),), _TEXT, _MAYBE_TEXT, _MAYBE_TEXT, _TEXT,
    _MAYBE_TEXT, _MAYBE_INT, _MAYBE_TEXT, _MAYBE_TEXT, _TEXT,
)  # fmt: skip
"""The columns of `journal`: its id is the row's number, and no value in the record."""
NOT_ANSWERED: Final = (RESET, BROUGHT_IN)
"""The kinds of rows of the journal that are no answers."""
POINT_SHAPE: Final = (_TEXT, _TEXT, _TEXT, _TEXT, (int,), (int,), (int,), _TEXT, (int,))
"""The columns of `resume_points`."""


class _UnreadableError(Exception):
    """These bytes are no row."""


@dataclass(slots=True)
class SavedRows:
    """The rows that were found, as the database keeps them."""

    journal: dict[int, Record] = field(default_factory=dict)
    points: dict[tuple[Value, Value], Record] = field(default_factory=dict)

    def add(self, number: int, record: Record) -> None:
        """Keep the record if it is one of ours; of a resume point the newest version."""
        if _has_shape(record, JOURNAL_SHAPE) and _says_what(record):
            self.journal[number] = (number, *record[1:])
        elif _has_shape(record, POINT_SHAPE):
            place = record[0], record[1]
            known = self.points.get(place)
            if known is None or str(known[7]) <= str(record[7]):
                self.points[place] = record


def read_rows(path: Path) -> SavedRows:
    """Return every row that can be read from the file and its log. What is no file has none.

    Raises:
        OSError: The file exists and cannot be read.
    """
    main, log = _bytes_of(path), _bytes_of(path.with_name(path.name + "-wal"))
    size = _page_size(main, log)
    pages = dict(_pages_of_file(main, size))
    rows = SavedRows()
    for number, page in list(pages.items()):
        _read_page(number, page, pages, rows)
    for number, page in _pages_of_log(log, size):
        pages[number] = page
        _read_page(number, page, pages, rows)
    return rows


def _bytes_of(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""  # a pipe would be waited for


def _page_size(main: bytes, log: bytes) -> int:
    stated = int.from_bytes(main[16:18])
    for size in (65536 if stated == 1 else stated, int.from_bytes(log[8:12])):
        if size in _PAGE_SIZES:
            return size
    return _DEFAULT_PAGE_SIZE


def _pages_of_file(main: bytes, size: int) -> Iterator[tuple[int, bytes]]:
    for start in range(0, len(main), size):
        yield start // size + 1, main[start : start + size]


def _pages_of_log(log: bytes, size: int) -> Iterator[tuple[int, bytes]]:
    for start in range(_WAL_HEADER, len(log), _FRAME_HEADER + size):
        content = start + _FRAME_HEADER
        yield int.from_bytes(log[start : start + 4]), log[content : content + size]


def _read_page(number: int, page: bytes, pages: dict[int, bytes], rows: SavedRows) -> None:
    header = _FILE_HEADER if number == 1 else 0
    kind = page[header] if len(page) > header else 0
    if kind in _OTHER_PAGES:
        return
    offsets = _cell_offsets(page, header) if kind == _LEAF else None
    found = _records(page, offsets or [], pages)
    if offsets is None or len(found) < len(offsets):
        # The list of cells, or a cell, is damaged: a row may begin at any byte.
        found += [
            (rowid, record)
            for rowid, record in _records(page, _likely_offsets(page), pages)
            if _has_moment(record)
        ]
    for rowid, record in found:
        rows.add(rowid, record)


def _cell_offsets(page: bytes, header: int) -> list[int] | None:
    """Return where the page says its cells are, or None where that cannot be true."""
    count = int.from_bytes(page[header + 3 : header + 5])
    array = page[header + 8 : header + 8 + 2 * count]
    offsets = [int.from_bytes(array[k : k + 2]) for k in range(0, len(array), 2)]
    sound = len(offsets) == count and all(offset < len(page) for offset in offsets)
    return offsets if sound else None


def _likely_offsets(page: bytes) -> list[int]:
    return [match.start() for match in _CELL_START.finditer(page)]


def _records(
    page: bytes, offsets: Sequence[int], pages: dict[int, bytes]
) -> list[tuple[int, Record]]:
    found = []
    for offset in offsets:
        try:
            found.append(_read_cell(page, offset, pages))
        except _UnreadableError:
            continue
    return found


def _read_cell(page: bytes, offset: int, pages: dict[int, bytes]) -> tuple[int, Record]:
    length, offset = _varint(page, offset)
    rowid, offset = _varint(page, offset)
    whole_page = max(len(page), _DEFAULT_PAGE_SIZE)
    local = _local_length(length, whole_page)
    payload = page[offset : offset + local]
    if len(payload) < local:
        raise _UnreadableError
    if local < length:
        payload += _overflow(page, offset + local, length - local, pages)
    return rowid, _read_record(payload)


def _local_length(length: int, page_size: int) -> int:
    """Return how many bytes of a row of `length` bytes lie in its own page."""
    if length <= page_size - 35:
        return length
    least = (page_size - 12) * 32 // 255 - 23
    wanted = least + (length - least) % (page_size - 4)
    return wanted if wanted <= page_size - 35 else least


def _overflow(page: bytes, offset: int, length: int, pages: dict[int, bytes]) -> bytes:
    """Return the rest of a long row: a chain of pages, each beginning with the next's number."""
    if length > sum(map(len, pages.values())):
        raise _UnreadableError
    parts = []
    following = int.from_bytes(page[offset : offset + 4])
    while length > 0:
        content = pages.get(following, b"")
        part = content[4 : 4 + length]
        if not part:
            raise _UnreadableError
        parts.append(part)
        length -= len(part)
        following = int.from_bytes(content[:4])
    return b"".join(parts)


def _read_record(payload: bytes) -> Record:
    header_length, offset = _varint(payload, 0)
    kinds = []
    while offset < header_length:
        kind, offset = _varint(payload, offset)
        kinds.append(kind)
    if offset != header_length or len(kinds) not in (len(JOURNAL_SHAPE), len(POINT_SHAPE)):
        raise _UnreadableError
    values = []
    for kind in kinds:
        value, offset = _value(payload, offset, kind)
        values.append(value)
    if offset != len(payload):
        raise _UnreadableError
    return tuple(values)


def _value(payload: bytes, offset: int, kind: int) -> tuple[Value, int]:
    if kind == 0:
        return None, offset
    if kind in (8, 9):
        return kind - 8, offset
    length = _INTEGER_SIZES.get(kind, (kind - 12) // 2)
    content = payload[offset : offset + length]
    if length < 0 or len(content) < length:
        raise _UnreadableError
    if kind in _INTEGER_SIZES:
        return int.from_bytes(content, signed=True), offset + length
    text = content.decode(errors="replace") if kind % 2 else content
    return text, offset + length


def _varint(data: bytes, offset: int) -> tuple[int, int]:
    """Return the integer of variable length at `offset`, and where it ends."""
    value = 0
    for position in range(offset, min(offset + 8, len(data))):
        byte = data[position]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, position + 1
    raise _UnreadableError  # a ninth byte: larger than any row or number of ours


def _has_shape(record: Record, shape: tuple[tuple[type, ...], ...]) -> bool:
    return len(record) == len(shape) and all(map(isinstance, record, shape))


def _says_what(record: Record) -> bool:
    """Whether a row of the journal has lesson, step and answer, where its kind needs them."""
    return record[4] in NOT_ANSWERED or None not in (record[2], record[3], record[5])


def _has_moment(record: Record) -> bool:
    """Whether the time in the record can be read: chance bytes do not look like one."""
    moment = record[9] if len(record) == len(JOURNAL_SHAPE) else record[7]
    try:
        datetime.fromisoformat(str(moment))
    except ValueError:
        return False
    return True
