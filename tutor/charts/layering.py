"""Lays the strokes and stamps of layers over a sheet of cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tutor.charts.ascii_art import stroke_to_ascii
from tutor.charts.canvas import Canvas, Drawing, Stamp
from tutor.charts.grid import Cell, Grid, Look
from tutor.charts.strokes import BRAILLE

GROUND = frozenset({"contour", "field"})
"""What lies under the lines: it gives way in a cell that a line passes through."""

_NUMBER = Look("axis")


def lay_shading(grid: Grid, drawing: Drawing, canvas: Canvas) -> None:
    """Shade cells of the grid; marks go into blank ones alone."""
    if drawing.shading is None:
        return
    shading, area = drawing.shading, canvas.area
    across, down = shading.spacing
    grounds = (*(tone.ground for tone in shading.table), None)
    has_marks = any(tone.mark != " " for tone in shading.table)
    for row, tones in enumerate(shading.tones.tolist(), area.top):
        grid.shade_row(area.left, row, [grounds[number] for number in tones])
        if not has_marks or (row - area.top) % down != down // 2:
            continue
        for column in range(across // 2, len(tones), across):
            number, cell = tones[column], (area.left + column, row)
            if number >= 0 and grid.look(*cell) is None:
                mark = shading.table[number].mark
                grid.put(*cell, mark, drawing.look if mark != " " else None)


class Strokes(NamedTuple):
    """The dots of one layer."""

    look: Look
    codes: NDArray[np.uint8]
    """The braille code of each cell of the canvas, the top row first."""
    is_line: bool


@dataclass(frozen=True, slots=True)
class Occupied:
    """What lines that are laid over must respect."""

    points: frozenset[Cell] = frozenset()
    """Cells of points: they stay on top."""
    numbers: dict[Cell, tuple[Cell, ...]] = field(default_factory=dict)
    """All the cells of the number that a cell belongs to."""
    strokes: tuple[Strokes, ...] = ()
    """What lies in the cells already."""


def lay_strokes(
    grid: Grid, strokes: Sequence[Strokes], canvas: Canvas, below: Occupied | None = None
) -> None:
    """Lay lines over the grid, later ones on top.

    Where they meet in a cell, its character shows the dots of all, in the uppermost's look (an
    ASCII character can show but the uppermost). Lines that run along together take turns, cell by
    cell, so that each is seen in its own colour and height.
    """
    below = below or Occupied()
    layers = (*below.strokes, *strokes)
    codes, owners = _blend(layers, canvas)
    _take_turns(codes, owners, layers)
    laid = np.zeros(codes.shape, np.bool_)
    for each in strokes:
        laid |= each.codes > 0
    rows, columns = np.nonzero(laid)
    area = canvas.area
    cells = zip((columns + area.left).tolist(), (rows + area.top).tolist(), strict=True)
    found = zip(cells, codes[rows, columns].tolist(), owners[rows, columns].tolist(), strict=True)
    free = [each for each in found if each[0] not in below.points]
    for cell in below.numbers and [cell for cell, _, _ in free]:
        _clear_number(grid, cell, below)
    sign = stroke_to_ascii if canvas.ascii_only else _braille
    grid.put_all([(cell, sign(code), layers[owner].look) for cell, code, owner in free])


def _braille(code: int) -> str:
    return chr(BRAILLE + code)


def _blend(
    strokes: Sequence[Strokes], canvas: Canvas
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The braille code of each cell and the number of its uppermost strokes; 0 and 0: none."""
    size = (canvas.area.rows, canvas.area.columns)
    codes, owners = np.zeros(size, np.uint8), np.zeros(size, np.int64)
    below = np.zeros(size, np.uint8)
    for number, (look, drawn, _) in enumerate(strokes):
        own = drawn if canvas.ascii_only else np.where(drawn > 0, drawn | below, drawn)
        codes = np.where(own > 0, own, codes)
        owners = np.where(own > 0, number, owners)
        below = np.where(own > 0, 0 if look.ink in GROUND else own, below)
    return codes, owners


def _take_turns(
    codes: NDArray[np.uint8], owners: NDArray[np.int64], strokes: Sequence[Strokes]
) -> None:
    """Give each cell in which lines run along together to one of them, the next to the next."""
    lines = [number for number, each in enumerate(strokes) if each.is_line]
    if len(lines) < 2:
        return
    drawn = np.stack([strokes[number].codes for number in lines])
    count = (drawn > 0).sum(axis=0)
    together, is_upright = _runs((count > 1) & np.isin(owners, lines))
    rows, columns = np.nonzero(together)
    places = np.where(is_upright, np.arange(len(codes))[:, None], np.arange(codes.shape[1]))
    turn = places[rows, columns] % count[rows, columns]
    rank = np.cumsum(drawn[:, rows, columns] > 0, axis=0) - 1
    chosen = ((rank == turn) & (drawn[:, rows, columns] > 0)).argmax(axis=0)
    codes[rows, columns] = drawn[chosen, rows, columns]
    owners[rows, columns] = np.array(lines)[chosen]


def _runs(shared: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which shared cells have another beside them, as no mere crossing has; which run upright."""
    rows, columns = shared.shape
    wide = np.pad(shared, 1).astype(np.int64)
    around = sum(wide[i : i + rows, j : j + columns] for i in range(3) for j in range(3))
    is_upright = (wide[:-2, 1:-1] + wide[2:, 1:-1]) == 2
    return shared & (around > 1), is_upright


def _clear_number(grid: Grid, cell: Cell, below: Occupied) -> None:
    """Blank the number that a cell belongs to: half a number would be a wrong one."""
    for part in below.numbers.get(cell, ()):
        if grid.look(*part) == _NUMBER:
            grid.put(*part, " ", None)


def lay_stamps(
    grid: Grid, drawings: Iterable[Drawing], canvas: Canvas, below: Occupied | None = None
) -> Occupied:
    """Lay arrow heads, then numbers, points and signs over the grid; return what they take.

    A small arrow of a field that would touch a number is left out, and so is a number that
    would touch a point.
    """
    below = below or Occupied()
    placed = [(s, _cells(s, canvas)) for drawing in drawings for s in drawing.stamps]
    points = {cells[0] for stamp, cells in placed if stamp.kind == "point"}
    numbers = [c for s, c in placed if s.kind == "number" and points.isdisjoint(_wider(c))]
    crowded = {cell for cells in numbers for cell in _wider(cells)}
    texts = []
    for kind in ("arrow", "number", "point", "sign"):
        for stamp, cells in placed:
            if stamp.kind != kind or (kind == "arrow" and cells[0] in crowded):
                continue
            if kind == "number" and cells not in numbers:
                continue
            _clear_number(grid, cells[0], below)
            texts.append((cells[0], stamp.text, stamp.look))
    grid.write_all(texts)
    return Occupied(frozenset(points), {cell: cells for cells in numbers for cell in cells})


def _cells(stamp: Stamp, canvas: Canvas) -> tuple[Cell, ...]:
    """The cells of the picture that a stamp takes."""
    left, row = canvas.area.left + stamp.column, canvas.area.top + stamp.row
    return tuple((left + k, row) for k in range(len(stamp.text)))


def _wider(cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """The cells of a text and one more at either end."""
    (left, row), (right, _) = cells[0], cells[-1]
    return ((left - 1, row), *cells, (right + 1, row))
