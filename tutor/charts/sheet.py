"""Draws sheets: charts without axes, which hold tables of numbers or small pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rich.cells import cell_len

from tutor.charts.ascii_art import shorten, words
from tutor.charts.chart import AxisRange, Chart, Entry, Pictures, Table
from tutor.charts.grid import Grid, Look
from tutor.charts.lettering import AXIS, TITLE
from tutor.charts.marks import MARKS
from tutor.charts.palette import Palette
from tutor.charts.picture import Picture, PlotArea, Span
from tutor.charts.pixels import draw_pictures

_GAP = 3
"""Cells between tables side by side."""
_MARGIN = 1
"""Blank cells at the left: a chart may stand right beside."""
_UNIT = AxisRange(0.0, 1.0)


@dataclass(frozen=True, slots=True)
class _Block:
    """A table in words, with its size in cells."""

    table: Table
    title: str
    heads: int
    """Cells of the column of row heads, with the corner."""
    column: int
    """Cells of a column: a mark, the number, a mark."""

    @property
    def width(self) -> int:
        return self.heads + self.column * int(self.table.values.shape[1])

    @property
    def height(self) -> int:
        return 1 + int(self.table.values.shape[0])


def is_sheet(chart: Chart) -> bool:
    """Return whether a chart has no axes."""
    return any(isinstance(layer, Table | Pictures) for layer in chart.layers)


def draw_sheet(
    chart: Chart, width: int, height: int, palette: Palette, *, ascii_only: bool
) -> Picture:
    """Return a sheet as exactly `height` rows of exactly `width` cells.

    Tables stand side by side where they fit, else one below the other; what does not fit at all
    is left out from the end.
    """
    grid = Grid(width - _MARGIN, height)
    _write_header(grid, chart, ascii_only=ascii_only)
    area = PlotArea(0, 0, grid.width, height, _UNIT, _UNIT)
    tables = [layer for layer in chart.layers if isinstance(layer, Table)]
    if tables:
        marks = [layer for layer in chart.layers if isinstance(layer, Entry)]
        area = _write_tables(grid, tables, marks, ascii_only=ascii_only)
    for pictures in (layer for layer in chart.layers if isinstance(layer, Pictures)):
        draw_pictures(grid, pictures, palette, top=1, ascii_only=ascii_only)
    margin = Span(" " * _MARGIN)
    rows = tuple((margin, *grid.spans(row, palette)) for row in range(height))
    return Picture(rows, replace(area, left=area.left + _MARGIN))


def _write_header(grid: Grid, chart: Chart, *, ascii_only: bool) -> None:
    """Write the title, what the marks mean, and the note at the right, as far as there is room."""
    title = shorten(words(chart.title, ascii_only=ascii_only), grid.width, ascii_only=ascii_only)
    grid.write(0, 0, title, TITLE)
    column = cell_len(title) + 2
    labelled = (e for e in chart.layers if isinstance(e, Entry) and e.label)
    for entry in labelled:
        text = f"{_mark(entry, ascii_only)} {words(entry.label, ascii_only=ascii_only)}"
        if column + cell_len(text) <= grid.width:
            grid.write(column, 0, text, Look(entry.role, bold=True))
            column += cell_len(text) + 2
    note = words(chart.note, ascii_only=ascii_only)
    if note and column + cell_len(note) < grid.width:
        grid.write(grid.width - cell_len(note) - 1, 0, note, AXIS)


def _write_tables(
    grid: Grid, tables: Sequence[Table], marks: Sequence[Entry], *, ascii_only: bool
) -> PlotArea:
    """Write the tables under the header; return where the entries of the first stand."""
    blocks = [_block(table, grid.width, ascii_only=ascii_only) for table in tables]
    heads = max(block.heads for block in blocks)
    blocks = [replace(block, heads=heads) for block in blocks]
    rows = _rows_of(blocks, grid.width)
    free = grid.height - 1 - sum(row[0].height for row in rows)
    gap = 1 if free >= len(rows) else 0
    top = 1 + gap
    area = PlotArea(0, 0, grid.width, grid.height, _UNIT, _UNIT)
    for number, row in enumerate(rows):
        left = 0
        for place, block in enumerate(row):
            if top + block.height > grid.height:
                return area
            _write_table(grid, block, marks, (left, top), ascii_only=ascii_only)
            if number == place == 0:
                area = _area_of(block, left, top)
            left += block.width + _GAP
        top += row[0].height + gap
    return area


def _block(table: Table, width: int, *, ascii_only: bool) -> _Block:
    """Measure a table; it loses decimals where it would be wider than the sheet."""
    heads = [words(head, ascii_only=ascii_only) for head in table.row_heads]
    title = words(table.title, ascii_only=ascii_only)
    first = max(map(cell_len, (title, *heads))) + 1
    tops = [cell_len(words(head, ascii_only=ascii_only)) for head in table.column_heads]
    numbers = [len(_number(v, table.decimals, ascii_only)) for v in table.values.ravel()]
    block = _Block(table, title, first, max(*tops, *numbers) + 2)
    if block.width > width and table.decimals > 1:
        fewer = replace(table, decimals=table.decimals - 1)
        return _block(fewer, width, ascii_only=ascii_only)
    room = max((width - first) // max(len(tops), 1), 3)
    return replace(block, column=min(block.column, room))


def _rows_of(blocks: Sequence[_Block], width: int) -> list[list[_Block]]:
    """Fill rows of the sheet with blocks, in order."""
    rows: list[list[_Block]] = []
    for block in blocks:
        used = sum(b.width + _GAP for b in rows[-1]) if rows else width + 1
        if used + block.width <= width:
            rows[-1].append(block)
        else:
            rows.append([block])
    return rows


def _write_table(
    grid: Grid,
    block: _Block,
    marks: Sequence[Entry],
    corner: tuple[int, int],
    *,
    ascii_only: bool,
) -> None:
    left, top = corner
    table = block.table
    grid.write(left, top, block.title, TITLE)
    for j, head in enumerate(table.column_heads):
        text = shorten(words(head, ascii_only=ascii_only), block.column - 1, ascii_only=ascii_only)
        right = left + block.heads + (j + 1) * block.column - 1
        grid.write(right - cell_len(text), top, text, AXIS)
    for i, head in enumerate(table.row_heads):
        grid.write(left, top + 1 + i, words(head, ascii_only=ascii_only), AXIS)
        for j, value in enumerate(table.values[i]):
            text = _number(float(value), table.decimals, ascii_only)
            first = left + block.heads + j * block.column
            found = [mark for mark in marks if (mark.row, mark.column) == (i, j)]
            column = first + block.column - 1 - len(text)
            grid.write(column, top + 1 + i, text, Look(_sign_role(value), bold=bool(found)))
            places = (column - 1, first + block.column - 1)
            for mark, place in zip(found, places, strict=False):
                grid.write(place, top + 1 + i, _mark(mark, ascii_only), Look(mark.role, True))


def _area_of(block: _Block, left: int, top: int) -> PlotArea:
    rows, columns = block.table.values.shape
    return PlotArea(
        left + block.heads,
        top + 1,
        block.column * columns,
        rows,
        AxisRange(-0.5, columns - 0.5),
        AxisRange(0.5 - rows, 0.5),
    )


def _number(value: float, decimals: int, ascii_only: bool) -> str:
    text = f"{value:+.{decimals}f}"
    if not float(text):
        text = " " + text[1:]
    return text if ascii_only else text.replace("-", "−")


def _sign_role(value: float) -> Literal["uphill", "downhill", "axis"]:
    """The colour of a number; its sign stands before it, too."""
    if value > 0:
        return "uphill"
    return "downhill" if value < 0 else "axis"


def _mark(entry: Entry, ascii_only: bool) -> str:
    mark = MARKS[entry.role]
    return mark.ascii_point if ascii_only else mark.point
