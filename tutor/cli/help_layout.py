"""Lays the words of help out in terminal cells: headings, paragraphs, rows that hang, tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final, TypeAlias

from rich.cells import cell_len

from tutor.i18n import Message, Text, message, render
from tutor.lesson.wrapping import wrap_words

_INDENT: Final = "  "
_GAP: Final = "  "
_WIDEST_TERM: Final = 26
"""Cells of a term beside its words; under a longer one they stand on lines of their own."""
_NARROWEST: Final = 16
"""Cells of a table's column; where there is no room for that, its cells stand in one list."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What the blocks after it are about."""

    words: Text


@dataclass(frozen=True, slots=True)
class Rows:
    """Terms (keys, names of files, what is typed), each with its words beside it."""

    rows: Sequence[tuple[Text, Text]]


@dataclass(frozen=True, slots=True)
class Columns:
    """A table: each cell is broken into lines of its column; the columns are as wide as another."""

    rows: Sequence[Sequence[Text]]
    """The first says what the columns are."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines that are laid out already."""

    text: str


Block: TypeAlias = Message | Heading | Rows | Columns | Lines
"""A message is a paragraph."""


def laid_out(blocks: Iterable[Block], width: int) -> str:
    """Return the blocks as lines of at most `width` cells.

    An empty line parts them, but not a heading from what it heads.
    """
    lines: list[str] = []
    before: Block | None = None
    for block in blocks:
        if before is not None and not isinstance(before, Heading):
            lines.append("")
        lines.extend(line.rstrip() for line in _lines(block, width))
        before = block
    return "\n".join(lines) + "\n"


def _lines(block: Block, width: int) -> Iterable[str]:
    match block:
        case Heading(words=words):
            return wrap_words(render(words), width)
        case Lines(text=text):
            return text.splitlines()
        case Rows(rows=rows):
            return _row_lines([(render(term), render(words)) for term, words in rows], width)
        case Columns(rows=rows):
            return _table_lines([[render(cell) for cell in row] for row in rows], width)
    return _indented(wrap_words(render(block), width - len(_INDENT)))


def _indented(lines: Iterable[str], indent: str = _INDENT) -> list[str]:
    return [indent + line for line in lines]


def _row_lines(rows: Sequence[tuple[str, str]], width: int) -> Iterator[str]:
    most = min(_WIDEST_TERM, width // 2 - len(_INDENT + _GAP))
    beside = [cell_len(term) for term, _ in rows if cell_len(term) <= most]
    column = max(beside, default=0)
    hanging = _INDENT + " " * column + _GAP
    for term, words in rows:
        first, *more = wrap_words(words, width - len(hanging))
        if cell_len(term) <= column:
            yield _INDENT + _padded(term, column) + _GAP + first
        else:
            yield _INDENT + term
            yield hanging + first
        yield from _indented(more, hanging)


def _table_lines(rows: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    count = len(rows[0])
    column = (width - len(_INDENT) - len(_GAP) * (count - 1)) // count
    if column < _NARROWEST:
        yield from _listed(rows, width)
        return
    for row in rows:
        cells = [wrap_words(cell, column) for cell in row]
        for line in zip_longest(*cells, fillvalue=""):
            yield _INDENT + _GAP.join(_padded(cell, column) for cell in line)


def _listed(rows: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    """Yield a table as a list: under the first cell of a row each other, with its column's name."""
    names, *rest = rows
    for first, *cells in rest:
        yield from _indented(wrap_words(first, width - len(_INDENT)))
        for name, cell in zip(names[1:], cells, strict=True):
            words = render(message("{name}: {words}", name=name, words=cell))
            yield from _indented(wrap_words(words, width - 2 * len(_INDENT)), 2 * _INDENT)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - cell_len(text))
