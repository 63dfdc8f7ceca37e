"""Draws small pictures on a sheet: a pixel is two cells, or half a one where there are many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len

from tutor.charts.ascii_art import shorten, words
from tutor.charts.chart import Floats, Pictures
from tutor.charts.grid import Grid, Look
from tutor.charts.lettering import AXIS
from tutor.charts.palette import PIXEL_TONES, Ground, Palette

_MARKS, _ASCII_MARKS = " ░▒▓█", " .+%#"
_SIGNED_MARKS = "=- +#"
"""From -1 to 1, where there is no colour."""
_GAP = 2
Kind: TypeAlias = Literal["pixel", "signed"]


@dataclass(frozen=True, slots=True)
class _Size:
    """How many pictures fit, and how large each is drawn."""

    halved: bool
    width: int
    height: int
    """Of a picture in cells, without its caption."""
    across: int
    down: int

    @property
    def count(self) -> int:
        return self.across * self.down


def draw_pictures(
    grid: Grid, pictures: Pictures, palette: Palette, *, top: int, ascii_only: bool
) -> None:
    """Draw as many pictures as there is room for below `top`, large ones if all of them fit."""
    has_tones = bool(palette.pixels) and not ascii_only
    size = _size(grid, pictures.values, top, may_halve=has_tones)
    tones = _tones(pictures)
    for k in range(min(size.count, len(tones))):
        left = k % size.across * (size.width + _GAP)
        row = top + k // size.across * (size.height + 1)
        caption = words(pictures.captions[k], ascii_only=ascii_only)
        caption = shorten(caption, size.width + 1, ascii_only=ascii_only)
        look = Look(pictures.roles[k], bold=True) if pictures.roles else AXIS
        middle = left + max((size.width - cell_len(caption)) // 2, 0)
        grid.write(middle, row + size.height, caption, look)
        kind: Kind = "signed" if pictures.signed else "pixel"
        if size.halved:
            _draw_halved(grid, tones[k], (left, row), kind)
        elif has_tones:
            _draw_toned(grid, tones[k], (left, row), kind)
        else:
            _draw_marked(grid, tones[k], (left, row), _marks(pictures, ascii_only=ascii_only))


def _size(grid: Grid, values: Floats, top: int, *, may_halve: bool) -> _Size:
    count, rows, columns = values.shape
    large = _fit(grid, top, (2 * columns, rows), halved=False)
    if large.count >= count or not may_halve:
        return large
    return _fit(grid, top, (columns, -(-rows // 2)), halved=True)


def _fit(grid: Grid, top: int, size: tuple[int, int], *, halved: bool) -> _Size:
    width, height = size
    across = max((grid.width + _GAP) // (width + _GAP), 1)
    return _Size(halved, width, height, across, max((grid.height - top) // (height + 1), 0))


def _tones(pictures: Pictures) -> NDArray[np.int64]:
    """The number of the tone of every pixel, shape (pictures, rows, columns)."""
    values = np.nan_to_num(pictures.values)
    shares = (values + 1) / 2 if pictures.signed else values
    return np.rint(np.clip(shares, 0.0, 1.0) * (PIXEL_TONES - 1)).astype(np.int64)


def _draw_toned(grid: Grid, tones: NDArray[np.int64], corner: tuple[int, int], kind: Kind) -> None:
    left, top = corner
    for (i, j), tone in np.ndenumerate(tones):
        for cell in (left + 2 * j, left + 2 * j + 1):
            if cell < grid.width:
                grid.shade(cell, top + i, Ground(kind, int(tone)))


def _draw_halved(grid: Grid, tones: NDArray[np.int64], corner: tuple[int, int], kind: Kind) -> None:
    """The upper half of a cell is its character's colour, the lower half its ground."""
    left, top = corner
    rows, columns = tones.shape
    for i in range(0, rows, 2):
        for j in range(columns):
            upper = Ground(kind, int(tones[i, j]))
            lower = Ground(kind, int(tones[min(i + 1, rows - 1), j]))
            grid.put(left + j, top + i // 2, "▀", Look(upper))
            grid.shade(left + j, top + i // 2, lower)


def _draw_marked(grid: Grid, tones: NDArray[np.int64], corner: tuple[int, int], marks: str) -> None:
    left, top = corner
    for (i, j), tone in np.ndenumerate(tones):
        mark = marks[round(float(tone) / (PIXEL_TONES - 1) * (len(marks) - 1))]
        grid.write(left + 2 * j, top + i, mark * 2, AXIS)


def _marks(pictures: Pictures, *, ascii_only: bool) -> str:
    if pictures.signed:
        return _SIGNED_MARKS
    return _ASCII_MARKS if ascii_only else _MARKS
