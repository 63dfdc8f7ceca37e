"""Reads a terminal's screen as a learner does: whether words stand there whole, and what is cut."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from rich.cells import cell_len

from tests.terminal import Terminal
from tutor.lesson.prose import parse_prose
from tutor.lesson.wrapping import wrap

ONE_LINE = 1_000_000
_HANGING = 8
"""Cells that the later lines of a text may stand to the left of its first."""
_BLANK_ROWS = 1
"""Between two paragraphs."""
_WIDEST_GAPS = (3, ONE_LINE)
"""Cells between two words of one text: of prose, and of a displayed formula."""
_ELLIPSIS = "…"
_CHART_TITLE = re.compile(r"f\(x[^│]*=[^│]*…")
"""A narrow chart shortens the formula above it, which the step says in words."""

Rows = Sequence[Sequence[str]]
"""The text of each cell; the second cell of a wide character is empty."""


def rows_of(screen: Terminal) -> Rows:
    """Return the cells of the screen."""
    width, buffer = screen.screen.columns, screen.screen.buffer
    return [[buffer[y][x].data for x in range(width)] for y in range(screen.screen.lines)]


def words_of(markup: str) -> str:
    """Return what a learner reads of an author's prose, without the spaces."""
    lines = wrap(parse_prose(markup), ONE_LINE)
    return "".join("".join(span.text for span in line) for line in lines)


def stands(text: str, rows: Rows) -> bool:
    """Return whether a text stands on the screen from its first character to its last.

    It may go over several rows, one below the other; spaces do not count.

    >>> stands("a whole text", [list("| a whole  "), list("| text     ")])
    True
    >>> stands("a whole text", [list("| a whole t"), list("| xt       ")])
    False
    """
    wanted = "".join(text.split())
    return not wanted or any(
        _goes_on(wanted, rows, y, x, gap)
        for gap in _WIDEST_GAPS
        for y, row in enumerate(rows)
        for x, cell in enumerate(row)
        if cell and wanted.startswith(cell)
    )


def _goes_on(wanted: str, rows: Rows, y: int, x: int, gap: int) -> bool:
    """Return whether the text begins in this cell and goes on in the rows below."""
    left = wanted[_taken(wanted, rows[y][x:], gap) :]
    blank = 0
    for row in rows[y + 1 :]:
        if not left:
            break
        starts = range(max(0, x - _HANGING), x + 1)
        taken = max(_taken(left, row[start:], gap) for start in starts)
        blank = 0 if taken else blank + 1
        if blank > _BLANK_ROWS:
            break
        left = left[taken:]
    return not left


def _taken(wanted: str, cells: Iterable[str], widest_gap: int) -> int:
    """Return how many characters of the text stand at the start of these cells."""
    at = gap = 0
    for cell in cells:
        gap = gap + 1 if cell.isspace() else 0
        if at and gap > widest_gap:
            break  # what stands behind is another column's
        if cell.isspace() or not cell:
            continue
        if not wanted.startswith(cell, at):
            break
        at += len(cell)
    return at


def cut_cells(rows: Rows) -> Iterator[str]:
    """Yield where half of a wide character is missing, at an edge or under other words."""
    for y, row in enumerate(rows):
        for x, cell in enumerate(row):
            after = row[x + 1] if x + 1 < len(row) else None
            if cell_len(cell) > 1 and after != "":
                yield f"row {y}: {cell} is cut at column {x}"
            if cell == "" and (x == 0 or cell_len(row[x - 1]) < 2):
                yield f"row {y}: half a character at column {x}"


def shortened(rows: Rows, texts: Iterable[str]) -> Iterator[str]:
    """Yield rows (but the bar above) that end in dots which none of the texts has."""
    if any(_ELLIPSIS in text for text in texts):
        return
    for y, row in enumerate(rows[1:], 1):
        line = "".join(row).strip()
        if _ELLIPSIS in _CHART_TITLE.sub("", line):
            yield f"row {y} is shortened: {line}"
