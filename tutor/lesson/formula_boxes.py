"""Boxes of text lines that know their middle: fractions, limits, tall brackets, columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from rich.cells import cell_len

_TALL: Final = {
    "(": ("⎛", "⎜", "⎝"),
    ")": ("⎞", "⎟", "⎠"),
    "[": ("⎡", "⎢", "⎣"),
    "]": ("⎤", "⎥", "⎦"),
}


@dataclass(frozen=True, slots=True)
class Box:
    """Lines of equal width; `middle` is the line that neighbours stand beside."""

    lines: tuple[str, ...]
    middle: int = 0

    @property
    def width(self) -> int:
        """Cells across."""
        return cell_len(self.lines[0])

    @property
    def below(self) -> int:
        """Lines under the middle."""
        return len(self.lines) - self.middle - 1


def line_box(text: str) -> Box:
    """Return a box of one line."""
    return Box((text,))


def join(boxes: Iterable[Box], *, raise_last: bool = False) -> Box:
    """Return the boxes beside one another, their middles on one line.

    `raise_last`: the last one stands beside the top line of those before it, as an exponent does.
    """
    row = [box for box in boxes if box.lines != ("",)]
    if not row:
        return line_box("")
    above = max(box.middle for box in row)
    below = max(box.below for box in row)
    lines = [""] * (above + below + 1)
    for at, box in enumerate(row):
        is_raised = raise_last and at == len(row) - 1
        top = 0 if is_raised else above - box.middle
        for number in range(len(lines)):
            inside = 0 <= number - top < len(box.lines)
            lines[number] += box.lines[number - top] if inside else " " * box.width
    return Box(tuple(lines), above)


def fraction(top: Box, bottom: Box) -> Box:
    """Return one box over another, with a bar between them in the middle."""
    width = max(top.width, bottom.width) + 2
    bar = "─" * width
    lines = (*_centred(top, width), bar, *_centred(bottom, width))
    return Box(lines, len(top.lines))


def under_and_over(base: Box, below: Box, above: Box) -> Box:
    """Return a base with one box under it and one over it; an empty one takes no line."""
    over = () if above.lines == ("",) else above.lines
    under = () if below.lines == ("",) else below.lines
    width = max(base.width, below.width, above.width)
    lines = (*over, *base.lines, *under)
    return Box(_centred(Box(lines), width), len(over) + base.middle)


def grid(rows: Sequence[Sequence[Box]]) -> Box:
    """Return cells in columns, two spaces apart."""
    columns = [list(column) for column in zip_longest(*rows, fillvalue=line_box(""))]
    widths = [max(box.width for box in column) for column in columns]
    lines = []
    for row in zip(*columns, strict=True):
        cells = (_centred(box, width)[0] for box, width in zip(row, widths, strict=True))
        lines.append("  ".join(cells))
    return Box(tuple(lines), (len(lines) - 1) // 2)


def bracketed(left: str, box: Box, right: str) -> Box:
    """Return a box between brackets as tall as it is."""
    return join([_tall(left, box), box, _tall(right, box)])


def _tall(bracket: str, box: Box) -> Box:
    height = len(box.lines)
    if height == 1 or not bracket:
        return line_box(bracket)
    top, middle, bottom = _TALL.get(bracket, (bracket,) * 3)
    return Box((top, *[middle] * (height - 2), bottom), box.middle)


def _centred(box: Box, width: int) -> tuple[str, ...]:
    lines = []
    for line in box.lines:
        room = width - cell_len(line)
        lines.append(" " * (room // 2) + line + " " * (room - room // 2))
    return tuple(lines)
