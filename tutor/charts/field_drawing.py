"""Draws what fills the canvas: shaded heights, contour lines with their numbers, arrow fields."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from tutor.charts.canvas import Canvas, Drawing, Plot, Shading, Stamp, Tone
from tutor.charts.chart import ArrowField, ContourLayer, Floats, HeatMap
from tutor.charts.contours import (
    STEEP,
    SampledField,
    choose_levels,
    label_place,
    level_segments,
    sample,
)
from tutor.charts.grid import Look
from tutor.charts.marks import arrow_head
from tutor.charts.palette import HEAT_TONES, Ground
from tutor.charts.picture import DOTS_ACROSS, DOTS_DOWN
from tutor.charts.ticks import short_number

ARROW_SPACING = 6, 3
"""Cells from one arrow of a field to the next, across and down."""
FEWEST_LEVELS, MOST_ON_FEW_ROWS, MOST_LEVELS = 2, 6, 8
CROWDED, CROWDED_ASCII = 0.65, 0.45
"""The part of the cells that contour lines may take."""
HEAT_MARKS, ASCII_HEAT_MARKS = " ░▒▓", " :+%#"
_DECADES = 5.0


def draw_contour(canvas: Canvas, layer: ContourLayer) -> Drawing:
    """Draw the level lines of f, sampled once at every dot, with numbers on some, over its heights.

    The ground is shaded where cells can have a ground colour, by the middle of each.
    """
    drawing = canvas.drawing("contour")
    dots_x, dots_y = np.arange(canvas.width, dtype=float), np.arange(canvas.height, dtype=float)
    x_scale, y_scale = canvas.area.x_scale, canvas.area.y_scale
    in_data = sample(layer.f, x_scale.values(dots_x), y_scale.values(dots_y))
    in_dots = SampledField(dots_x, dots_y, in_data.values)
    levels, lines = _trace(canvas, in_dots, layer.levels)
    drawing.plot = _plot(canvas, lines)
    drawing.stamps += _numbers(canvas, levels, lines)
    if canvas.has_grounds:
        cells = in_data.values.reshape(canvas.area.rows, DOTS_DOWN, -1, DOTS_ACROSS)
        drawing.shading = _shading(canvas, cells.mean(axis=(1, 3)))
    return drawing


def _plot(canvas: Canvas, lines: Sequence[Floats]) -> Plot:
    """The ends of the pieces of lines as single points: they are no more than a dot apart."""
    across, up = np.unique(_dots_of(lines), axis=1)
    x_scale, y_scale = canvas.area.x_scale, canvas.area.y_scale
    return Plot(np.stack([x_scale.position_at(across), y_scale.position_at(up)]), is_joined=False)


def _dots_of(lines: Sequence[Floats]) -> Floats:
    """The dots in which the pieces of lines end, shape (2, n), some more than once."""
    pieces = np.concatenate([np.empty((4, 0)), *lines], axis=1)
    return np.floor(pieces.reshape(2, 2, -1).swapaxes(0, 1).reshape(2, -1) + 0.5)


def draw_heat_map(canvas: Canvas, layer: HeatMap) -> Drawing:
    """Shade each cell by the value at its middle, and write the numbers of some levels."""
    drawing = Drawing(Look("shade"))
    across = np.arange(canvas.area.columns, dtype=np.float64) * DOTS_ACROSS + 0.5
    up = np.arange(canvas.area.rows, dtype=np.float64) * DOTS_DOWN + 1.5
    x, y = canvas.area.x_scale.values(across), canvas.area.y_scale.values(up)
    values = sample(layer.f, x, y).values
    drawing.shading = _shading(canvas, values)
    levels = choose_levels(values, min(max(canvas.area.rows // 4, 2), MOST_LEVELS))
    lines = [level_segments(SampledField(across, up, values), level) for level in levels]
    drawing.stamps += _numbers(canvas, levels, lines)
    return drawing


def _shading(canvas: Canvas, values: Floats) -> Shading:
    """Shade cells by their heights (shape (rows, columns), the bottom row first)."""
    marks = ASCII_HEAT_MARKS if canvas.ascii_only else HEAT_MARKS
    count = HEAT_TONES if canvas.has_grounds else len(marks)
    shares = heat_shares(values)[::-1]
    tones = np.where(np.isfinite(shares), np.nan_to_num(shares) * count, -1).astype(np.int64)
    table = tuple(
        Tone(Ground("heat", k)) if canvas.has_grounds else Tone(mark=marks[k]) for k in range(count)
    )
    return Shading(np.minimum(tones, count - 1), table)


def heat_shares(values: Floats) -> Floats:
    """Return how high each value lies, any shape: 0 the lowest, 1 the highest; NaN stays NaN.

    Spread by a power that brings the median to the middle; by decades above the lowest where
    most values lie far below the top, as contour levels are.
    """
    finite = values[np.isfinite(values)]
    if finite.size == 0:
        return np.full_like(values, np.nan)
    low, middle, top = (float(q) for q in np.quantile(finite, (0.0, 0.5, 0.99)))
    if not top - low > 1e-12 * max(abs(low), abs(top), 1e-290):
        return np.where(np.isfinite(values), 0.0, np.nan)
    shares = np.clip((values - low) / (top - low), 0.0, 1.0)
    if top - low > STEEP * (middle - low):
        with np.errstate(all="ignore"):
            return np.clip(1 + np.log10(shares) / _DECADES, 0.0, 1.0)
    power = math.log(0.5) / math.log(min(max((middle - low) / (top - low), 0.15), 0.7))
    return np.asarray(shares**power, dtype=np.float64)


def _trace(
    canvas: Canvas, field: SampledField, levels: tuple[float, ...] | None
) -> tuple[tuple[float, ...], list[Floats]]:
    """The levels and their lines, in dots: the levels asked for, or as many as fit.

    Where lines would crowd the canvas, fewer levels are tried.
    """
    most = min(max(canvas.area.rows // 4, MOST_ON_FEW_ROWS), MOST_LEVELS)
    for count in range(most, FEWEST_LEVELS - 1, -1):
        chosen = levels or choose_levels(field.values, count)
        lines = [level_segments(field, level) for level in chosen]
        across, up = _dots_of(lines)
        cells = np.unique(across // DOTS_ACROSS * canvas.height + up // DOTS_DOWN).size
        crowding = cells / (canvas.area.rows * canvas.area.columns)
        if levels or crowding <= (CROWDED_ASCII if canvas.ascii_only else CROWDED):
            break
    return chosen, lines


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


def _number(canvas: Canvas, level: float, column: float, up: float) -> Stamp:
    text = short_number(level, ascii_only=canvas.ascii_only)
    first = min(max(int(column) - len(text) // 2, 0), canvas.area.columns - len(text))
    return Stamp(first, canvas.area.rows - 1 - int(up), text, Look("axis"), "number")


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
