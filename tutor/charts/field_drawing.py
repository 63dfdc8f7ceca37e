"""Draws what fills the canvas: contour lines with their numbers, and arrow fields."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tutor.charts.canvas import Canvas, Drawing, Stamp
from tutor.charts.chart import ArrowField, ContourLayer, Floats
from tutor.charts.contours import SampledField, choose_levels, label_place, level_segments, sample
from tutor.charts.grid import Look
from tutor.charts.marks import arrow_head
from tutor.charts.picture import DOTS_ACROSS, DOTS_DOWN
from tutor.charts.strokes import Dots, draw_segments, pack
from tutor.charts.ticks import short_number

ARROW_SPACING = 6, 3
"""Cells from one arrow of a field to the next, across and down."""
FEWEST_LEVELS, MOST_ON_FEW_ROWS, MOST_LEVELS = 2, 6, 8
CROWDED, CROWDED_ASCII = 0.65, 0.45
"""The part of the cells that contour lines may take."""


def draw_contour(canvas: Canvas, layer: ContourLayer) -> Drawing:
    """Draw the level lines of f, sampled once at every dot, with numbers on some."""
    drawing = canvas.drawing("contour")
    dots_x, dots_y = np.arange(canvas.width, dtype=float), np.arange(canvas.height, dtype=float)
    x_scale, y_scale = canvas.area.x_scale, canvas.area.y_scale
    in_data = sample(layer.f, x_scale.values(dots_x), y_scale.values(dots_y))
    in_dots = SampledField(dots_x, dots_y, in_data.values)
    levels, lines, drawing.dots = _trace(canvas, in_dots, layer.levels)
    drawing.stamps += _numbers(canvas, levels, lines)
    return drawing


def _trace(
    canvas: Canvas, field: SampledField, levels: tuple[float, ...] | None
) -> tuple[tuple[float, ...], list[Floats], Dots]:
    """The levels, their lines and the dots of these: the levels asked for, or as many as fit.

    Where lines would crowd the canvas, fewer levels are tried.
    """
    most = min(max(canvas.area.rows // 4, MOST_ON_FEW_ROWS), MOST_LEVELS)
    for count in range(most, FEWEST_LEVELS - 1, -1):
        chosen = levels or choose_levels(field.values, count)
        lines = [level_segments(field, level) for level in chosen]
        dots = canvas.blank_dots()
        for line in lines:
            draw_segments(dots, line)
        crowding = np.count_nonzero(pack(dots)) / (canvas.area.rows * canvas.area.columns)
        if levels or crowding <= (CROWDED_ASCII if canvas.ascii_only else CROWDED):
            break
    return chosen, lines, dots


def _numbers(canvas: Canvas, levels: Sequence[float], lines: Sequence[Floats]) -> list[Stamp]:
    """The numbers of some levels, each on its line, the lowest first."""
    most = min(max(canvas.area.rows // 3, 2), 6)
    every = max(1, -(-len(levels) // most))
    per_cell = np.array([[DOTS_ACROSS], [DOTS_DOWN], [DOTS_ACROSS], [DOTS_DOWN]])
    taken: list[tuple[float, float]] = []
    stamps: list[Stamp] = []
    for level, line in zip(levels[::every], lines[::every], strict=True):
        place = label_place((line + 0.5) / per_cell, (canvas.area.columns, canvas.area.rows), taken)
        if place is not None:
            taken.append(place)
            stamps.append(_number(canvas, level, *place))
    return stamps


def numbers_of_levels(canvas: Canvas, field: SampledField) -> list[Stamp]:
    """The numbers of some levels of a field (in dots), each where f has that value."""
    levels = choose_levels(field.values, min(max(canvas.area.rows // 4, 2), MOST_LEVELS))
    stamps = _numbers(canvas, levels, [level_segments(field, level) for level in levels])
    return [replace(stamp, look=Look("axis")) for stamp in stamps]


def _number(canvas: Canvas, level: float, column: float, up: float) -> Stamp:
    text = short_number(level, ascii_only=canvas.ascii_only)
    first = min(max(int(column) - len(text) // 2, 0), canvas.area.columns - len(text))
    return Stamp(first, canvas.area.rows - 1 - int(up), text, Look("contour"), "number")


def draw_arrow_field(canvas: Canvas, layer: ArrowField) -> Drawing:
    """Draw an arrow in every so many-th cell, none where there is no direction."""
    drawing = canvas.drawing(layer.role)
    area = canvas.area
    across, down = ARROW_SPACING
    cells = [(c, r) for r in _lattice(area.rows, down) for c in _lattice(area.columns, across)]
    middles = [area.to_data(area.left + column, area.top + row) for column, row in cells]
    with np.errstate(all="ignore"):
        dx, dy = np.asarray(layer.direction(np.array(middles).T), dtype=np.float64)
    on_screen = zip(*(part.tolist() for part in canvas.on_screen(dx, dy)), strict=True)
    for cell, (right, up) in zip(cells, on_screen, strict=True):
        if math.isfinite(right) and math.isfinite(up) and (right or up):
            head = arrow_head(right, up, ascii_only=canvas.ascii_only)
            drawing.stamps.append(Stamp(*cell, head, Look(layer.role)))
    return drawing


def _lattice(size: int, spacing: int) -> range:
    """Evenly spaced cells, as far from one end as from the other."""
    count = max(size // spacing, 1)
    first = (size - 1 - (count - 1) * spacing) // 2
    return range(first, first + count * spacing, spacing)
