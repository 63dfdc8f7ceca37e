"""What a learner's terminal shows, cell by cell, so that only what changes has to be sent.

A cell is a character: of a wide one the first of its two. A row is a string and the numbers of its
pens, a tenth of what Textual's own lines take.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from rich.cells import get_character_cell_size
from rich.segment import Segment

from tutor.server.private.painting import Piece
from tutor.server.terminal.sgr import PLAIN, Pen, change, pen_of

_REST: Final = "\x00"
"""The second cell of a wide character."""
_UNKNOWN: Final = "\x01"
"""A cell of which we do not know what the terminal shows."""
_SHORT_WAY: Final = 4
"""Bytes that are rather sent again than leapt over: a leap takes as many."""
_ONE_CELL_EACH: Final = re.compile(
    "[ -~\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482\u2010-\u2027\u2030-\u205e\u2070-\u209c"
    "\u2190-\u21ff\u2200-\u22ff\u2500-\u25fc\u2800-\u28ff]*"
).fullmatch
"""Most text there is: nothing in it is wide or has no width."""
_CONTROL: Final = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0)))


class ShownCells:
    """The cells of one terminal, as they were last sent."""

    def __init__(self) -> None:
        self._text: dict[int, str] = {}
        self._pens: dict[int, array[int]] = {}

    def forget(self) -> None:
        """Know nothing more: a frame did not arrive, or the window has another size."""
        self._text.clear()
        self._pens.clear()

    def paint(self, pieces: Iterable[Piece]) -> str:
        """Return what makes the terminal show these pieces, from now on taken as shown."""
        brush = _Brush()
        for x, y, segments, width in pieces:
            line = _Line(segments)
            if line.is_odd or len(line.text) != width:
                self._paint_odd(brush, x, y, line, width)
            else:
                self._paint_line(brush, x, y, line)
        return brush.end()

    def _paint_line(self, brush: _Brush, x: int, y: int, line: _Line) -> None:
        text, pens = self._known(y, x, len(line.text))
        if text == line.text and pens == line.pens:
            return
        for start, end in _runs(line, text, pens):
            brush.paint(x + start, y, line, start, end)
        self._keep(x, y, line.text, line.pens)

    def _paint_odd(self, brush: _Brush, x: int, y: int, line: _Line, width: int) -> None:
        """Paint signs of which terminals differ about the width: whole, and again each time."""
        self._known(y, x, width)
        brush.paint_whole(x, y, line)
        self._keep(x, y, _UNKNOWN * width, array("I", [0]) * width)

    def _known(self, y: int, x: int, width: int) -> tuple[str, array[int]]:
        """Return what is shown in some cells of a row."""
        text, pens = self._text.get(y, ""), self._pens.setdefault(y, array("I"))
        missing = x + width - len(text)
        if missing > 0:
            text = self._text[y] = text + _UNKNOWN * missing
            pens.extend([0] * missing)
        return text[x : x + width], pens[x : x + width]

    def _keep(self, x: int, y: int, text: str, pens: array[int]) -> None:
        row, end = self._text[y], x + len(text)
        before, after = row[:x], row[end:]
        if row[x] == _REST and before:  # half of a wide sign is gone: so is the other
            before = before[:-1] + _UNKNOWN
        if after.startswith(_REST):
            after = _UNKNOWN + after[1:]
        self._text[y] = before + text + after
        self._pens[y][x:end] = pens


class _Line:
    """The cells of a piece, and what they are painted with."""

    __slots__ = ("is_odd", "parts", "pen_of_number", "pens", "text")

    def __init__(self, segments: Iterable[Segment]) -> None:
        self.parts: list[tuple[str, Pen]] = []
        self.pen_of_number: dict[int, Pen] = {}
        self.pens: array[int] = array("I")
        self.is_odd = False
        cells = []
        for text, style, control in segments:
            if control:
                continue
            pen = pen_of(style)
            self.parts.append((text, pen))
            self.pen_of_number[pen.number] = pen
            spread = text if _ONE_CELL_EACH(text) else self._spread(text)
            cells.append(spread)
            self.pens.extend(array("I", (pen.number,)) * len(spread))
        self.text = "".join(cells)

    def _spread(self, text: str) -> str:
        """Return text with a cell for each cell it takes."""
        cells = []
        for character in text:
            width = get_character_cell_size(character)
            self.is_odd |= width < 1
            cells.append(character + _REST * (width - 1))
        return "".join(cells)


def _runs(line: _Line, text: str, pens: array[int]) -> Iterator[tuple[int, int]]:
    """Yield from where to where cells are sent, of a line over what is shown."""
    if text.count(_UNKNOWN) == len(text):
        yield 0, len(text)
        return
    runs = _joined(line, _changes(line, text, pens))
    yield from (_whole_signs(line.text, *run) for run in runs) if _REST in line.text else runs


def _changes(line: _Line, text: str, pens: array[int]) -> list[int]:
    """Return which cells are not what is shown."""
    both = enumerate(zip(line.text, text, line.pens, pens, strict=True))
    return [at for at, (new, old, pen, last) in both if new != old or pen != last]


def _joined(line: _Line, changes: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield runs of changes, with the short ways between them."""
    start = end = changes[0]
    for at in changes:
        if at > end and not _is_short(line, end, at):
            yield start, end
            start = at
        end = at + 1
    yield start, end


def _is_short(line: _Line, start: int, end: int) -> bool:
    """Whether the cells between two changes are sent with less than it takes to leap over them."""
    if end - start > _SHORT_WAY:
        return False
    pen = line.pens[start - 1]
    return len(line.text[start:end].encode()) <= _SHORT_WAY and all(
        each == pen for each in line.pens[start:end]
    )


def _whole_signs(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a run that has both halves of each wide sign."""
    while text[start] == _REST:
        start -= 1
    while end < len(text) and text[end] == _REST:
        end += 1
    return start, end


class _Brush:
    """Says to a terminal where to paint, how and what; no more than it needs to be told."""

    def __init__(self) -> None:
        self._said: list[str] = []
        self._pen = PLAIN
        self._x = self._y = -1

    def paint(self, x: int, y: int, line: _Line, start: int, end: int) -> None:
        """Paint a run of cells of a line."""
        self._go_to(x, y)
        text, pens = line.text, line.pens
        while start < end:
            after = _end_of_pen(pens, start, end)
            self._take(line.pen_of_number[pens[start]])
            self._said.append(text[start:after].replace(_REST, ""))
            self._x += after - start
            start = after

    def paint_whole(self, x: int, y: int, line: _Line) -> None:
        """Paint all of a line; who knows where the cursor stands then."""
        self._go_to(x, y)
        for text, pen in line.parts:
            self._take(pen)
            self._said.append(text.translate(_CONTROL))
        self._x = self._y = -1

    def end(self) -> str:
        """Return all that was said, with a plain pen at its end."""
        self._take(PLAIN)
        return "".join(self._said)

    def _go_to(self, x: int, y: int) -> None:
        if y != self._y or x < self._x:
            self._said.append(f"\x1b[{y + 1};{x + 1}H")
        elif x > self._x:
            self._said.append(f"\x1b[{x - self._x}C")
        self._x, self._y = x, y

    def _take(self, pen: Pen) -> None:
        if pen is not self._pen:
            self._said.append(change(self._pen, pen))
            self._pen = pen


def _end_of_pen(pens: Sequence[int], start: int, end: int) -> int:
    """Return up to where cells are painted with the pen of the first."""
    number, at = pens[start], start + 1
    while at < end and pens[at] == number:
        at += 1
    return at
