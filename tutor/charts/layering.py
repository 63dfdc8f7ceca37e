"""Lays the strokes and stamps of layers over a sheet of cells."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from tutor.charts.ascii_art import stroke_to_ascii
from tutor.charts.canvas import Canvas, Drawing, Stamp
from tutor.charts.grid import Cell, Grid, Look
from tutor.charts.strokes import BRAILLE, pack

GROUND = frozenset({"contour", "field"})
"""What lies under the lines: it gives way in a cell that a line passes through."""

_NUMBER = Look("contour")


@dataclass(frozen=True, slots=True)
class Occupied:
    """What lines that are laid over must respect."""

    points: frozenset[Cell] = frozenset()
    """Cells of points: they stay on top."""
    numbers: dict[Cell, tuple[Cell, ...]] = field(default_factory=dict)
    """All the cells of the number that a cell belongs to: half a number would be a wrong one."""


def lay_strokes(grid: Grid, drawing: Drawing, canvas: Canvas, below: Occupied) -> None:
    """Lay the lines of a drawing over the grid.

    Where two lines meet in a cell, its character shows the dots of both, in the upper's look.
    """
    if drawing.dots is None:
        return
    codes = pack(drawing.dots)
    rows, columns = np.nonzero(codes)
    area = canvas.area
    cells = zip((columns + area.left).tolist(), (rows + area.top).tolist(), strict=True)
    for cell, code in zip(list(cells), codes[rows, columns].tolist(), strict=True):
        if cell in below.points:
            continue
        for part in below.numbers.get(cell, ()):
            if grid.look(*part) == _NUMBER:
                grid.put(*part, " ", None)
        merged = code | _dots_below(grid, cell)
        character = stroke_to_ascii(merged) if canvas.ascii_only else chr(BRAILLE + merged)
        grid.put(*cell, character, drawing.look)


def _dots_below(grid: Grid, cell: Cell) -> int:
    look = grid.look(*cell)
    if look is None or look.ink in GROUND:
        return 0
    code = ord(grid.character(*cell) or " ") - BRAILLE
    return code if 0 <= code < 256 else 0


def lay_stamps(grid: Grid, drawings: Iterable[Drawing], canvas: Canvas) -> Occupied:
    """Lay arrow heads, then numbers, points and signs over the grid; return what they take.

    A small arrow of a field that would touch a number is left out.
    """
    stamps = [stamp for drawing in drawings for stamp in drawing.stamps]
    numbers = [stamp for stamp in stamps if stamp.kind == "number"]
    crowded = {cell for number in numbers for cell in _cells(number, canvas, margin=1)}
    for kind in ("arrow", "number", "point", "sign"):
        for stamp in stamps:
            if stamp.kind == kind and not (
                kind == "arrow" and crowded.intersection(_cells(stamp, canvas))
            ):
                first = _cells(stamp, canvas)[0]
                grid.write(*first, stamp.text, stamp.look)
    return Occupied(
        frozenset(_cells(stamp, canvas)[0] for stamp in stamps if stamp.kind == "point"),
        {cell: cells for n in numbers for cells in [_cells(n, canvas)] for cell in cells},
    )


def _cells(stamp: Stamp, canvas: Canvas, margin: int = 0) -> tuple[Cell, ...]:
    """The cells of the picture that a stamp takes, with a margin to the left and right."""
    left, row = canvas.area.left + stamp.column, canvas.area.top + stamp.row
    return tuple((left + k, row) for k in range(-margin, len(stamp.text) + margin))
