"""Draws lines, points, arrows, guides: strokes, marks, directions, signs where they leave; bars."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len

from tutor.charts.ascii_art import shorten, words
from tutor.charts.canvas import Canvas, Drawing, Plot, Stamp
from tutor.charts.chart import Arrow, Bars, Floats, Guide, Line, Points, Role
from tutor.charts.grid import Cell, Look
from tutor.charts.marks import MARKS, arrow_head, exit_sign
from tutor.charts.picture import DOTS_ACROSS, DOTS_DOWN
from tutor.charts.scale import FARTHEST, Scale
from tutor.charts.strokes import (
    clip,
    distinct,
    draw_segments,
    extremes,
    join_segments,
    line_segments,
    outline,
)
from tutor.i18n import Text

FEW_POINTS = 8
"""So few single points are each worth a sign at the edge when they lie off the chart."""
APART = 5
"""Marks along a path stand about this many dots apart."""
MARK_EVERY = 20.0
"""Marks along a faint walk, in dots of its way."""
LONG_PIECE = 14.0
CROSS_REACH = 12.0
"""Dots that a cross reaches up and down; twice as many to the sides."""
FEW_HEADS = 3
"""The first pieces of a path that are at least so many dots long carry an arrow head each."""
MOST_DOTS = 3000
"""Lines of more dots than this are too slow for plotext."""
FEW_EXITS = 4
"""Signs for the last places where a path leaves the chart."""

BAR_SHARE = 0.6
"""Of the room from one bar to the next that a bar takes."""


def draw_line(canvas: Canvas, line: Line) -> Drawing:
    """Draw a line in the pattern of its role; a walk with its iterates, directions and exits."""
    drawing, mark = canvas.drawing(line.role), MARKS[line.role]
    drawing.is_line = True
    kept = extremes(line.x, line.y)
    across, up = canvas.dots_of(line.x[kept], line.y[kept])
    drawing.plot = _plot(canvas, line.x[kept], line.y[kept]) if mark.pattern == "solid" else None
    if drawing.plot is None:
        drawing.dots = canvas.blank_dots()
        draw_segments(drawing.dots, line_segments(across, up), mark.pattern)
    drawing.stamps += line_stamps(canvas, line.role, across, up)
    return drawing


def line_stamps(canvas: Canvas, role: Role, across: Floats, up: Floats) -> list[Stamp]:
    """Return what stands on a line of a role (in dots): its marks; a walk's directions, exits."""
    mark = MARKS[role]
    if mark.is_walk:
        chosen = (_far_apart if mark.has_heads else _along)(across, up)
        stamps = _marks(canvas, role, across[chosen], up[chosen])
        stamps += _directions(canvas, role, across, up) if mark.has_heads else []
        return stamps + _exits(canvas, role, across, up)
    if mark.on_line:
        chosen = _every_few_cells(across, up)
        return _marks(canvas, role, across[chosen], up[chosen])
    return []


def _plot(canvas: Canvas, x: Floats, y: Floats) -> Plot | None:
    """What plotext draws of a line: cut to the window, broken at gaps, no dot drawn twice.

    None where that are more than `MOST_DOTS`: plotext spends some 10 µs on each.
    """
    across, up = canvas.dots_of(x, y)
    kept = outline(across, up)
    across, up, scales = across[kept], up[kept], (canvas.area.x_scale, canvas.area.y_scale)
    positions = [s.position(values[kept]) for s, values in zip(scales, (x, y), strict=True)]
    if canvas.inside(across, up).all():
        pieces, in_dots = line_segments(*positions), line_segments(across, up)
    else:
        pieces = _cut(scales, positions)
        in_dots = np.stack([s.dot_at(ends) for s, ends in zip(2 * scales, pieces, strict=True)])
    chosen = distinct(in_dots)
    moves = np.abs(in_dots[2:, chosen] - in_dots[:2, chosen])
    return None if moves.max(axis=0).sum() > MOST_DOTS else Plot(join_segments(pieces[:, chosen]))


def _cut(scales: tuple[Scale, Scale], positions: list[Floats]) -> Floats:
    """The pieces of a line within the window."""
    near = [np.clip(p, *s.edges(FARTHEST)) for s, p in zip(scales, positions, strict=True)]
    low, high = zip(*(scale.edges() for scale in scales), strict=True)
    return clip(line_segments(*near), low, high)


def draw_points(canvas: Canvas, points: Points) -> Drawing:
    """Draw the mark of the role at each point, and a sign at the edge for a few beyond it."""
    drawing = canvas.drawing(points.role)
    across, up = canvas.dots_of(points.x, points.y)
    drawing.stamps += _marks(canvas, points.role, across, up)
    if across.size <= FEW_POINTS:
        for place in zip(across.tolist(), up.tolist(), strict=True):
            drawing.stamps += _beyond(canvas, points.role, *place)
    return drawing


def draw_guide(canvas: Canvas, guide: Guide) -> Drawing:
    """Draw a line at x or at y from edge to edge, or both, short, with a mark where they cross."""
    drawing = canvas.drawing(guide.role)
    nowhere = (canvas.width / 2, canvas.height / 2)
    area = canvas.area
    across = nowhere[0] if guide.x is None else float(area.x_scale.dot(np.array(guide.x)))
    up = nowhere[1] if guide.y is None else float(area.y_scale.dot(np.array(guide.y)))
    cell = canvas.cell(across, up) if math.isfinite(across) and math.isfinite(up) else None
    if cell is None:
        return drawing
    drawing.dots = canvas.blank_dots()
    reach = CROSS_REACH if guide.x is not None and guide.y is not None else math.inf
    low, high = max(0.0, up - reach), min(canvas.height - 1.0, up + reach)
    left, right = max(0.0, across - 2 * reach), min(canvas.width - 1.0, across + 2 * reach)
    upright, level = [[across], [low], [across], [high]], [[left], [up], [right], [up]]
    pattern = "solid" if canvas.ascii_only else MARKS[guide.role].pattern
    for line, place in ((upright, guide.x), (level, guide.y)):
        if place is not None:
            draw_segments(drawing.dots, np.array(line), pattern)
    if guide.x is not None and guide.y is not None:
        drawing.stamps += _marks(canvas, guide.role, np.array([across]), np.array([up]))
    return drawing


def draw_arrow(canvas: Canvas, arrow: Arrow) -> Drawing:
    """Draw a shaft of dots and a head; nothing for an arrow of no length on the screen."""
    drawing = canvas.drawing(arrow.role)
    across, up = canvas.dots_of(
        np.array([arrow.x, arrow.x + arrow.dx]), np.array([arrow.y, arrow.y + arrow.dy])
    )
    dx, dy = float(across[1] - across[0]), float(up[1] - up[0])
    if not math.hypot(dx, dy) >= 0.5:
        return drawing
    drawing.dots = canvas.blank_dots()
    draw_segments(drawing.dots, line_segments(across, up))
    tip = canvas.cell(float(across[1]), float(up[1]))
    if tip is None:
        drawing.stamps += _exits(canvas, arrow.role, across, up)
        return drawing
    if tip == canvas.cell(float(across[0]), float(up[0])):
        tip = _next_cell(canvas, tip, dx, dy)
    head = arrow_head(dx, dy, ascii_only=canvas.ascii_only)
    drawing.stamps.append(Stamp(*tip, head, Look(arrow.role, bold=True)))
    return drawing


def _next_cell(canvas: Canvas, cell: Cell, dx: float, dy: float) -> Cell:
    """The neighbour of a cell in a direction, where the canvas has one."""
    longer = max(abs(dx), abs(dy))
    column, row = cell[0] + round(dx / longer), cell[1] - round(dy / longer)
    area = canvas.area
    return min(max(column, 0), area.columns - 1), min(max(row, 0), area.rows - 1)


def _marks(canvas: Canvas, role: Role, across: Floats, up: Floats) -> list[Stamp]:
    """The role's mark at each place on the canvas, once for each cell."""
    mark = MARKS[role]
    character = mark.ascii_point if canvas.ascii_only else mark.point
    inside = canvas.inside(across, up)
    columns = np.floor(across[inside] + 0.5).astype(np.int64) // DOTS_ACROSS
    heights = np.floor(up[inside] + 0.5).astype(np.int64) // DOTS_DOWN
    rows = canvas.area.rows - 1 - heights
    cells = dict.fromkeys(zip(columns.tolist(), rows.tolist(), strict=True))
    return [Stamp(*cell, character, Look(role, mark.bold), "point") for cell in cells]


def _far_apart(across: Floats, up: Floats) -> NDArray[np.int64]:
    """Which points of a path deserve a mark: far from the next in time and from all in place."""
    known = np.isfinite(across) & np.isfinite(up)
    far = np.hypot(np.diff(across), np.diff(up)) >= APART
    candidates = np.nonzero(known & (np.append(True, far) | np.append(far, True)))[0]
    chosen: dict[tuple[int, int], int] = {}
    for k in candidates.tolist():
        chosen.setdefault((int(across[k] // APART), int(up[k] // APART)), k)
    return np.array(list(chosen.values()), dtype=np.int64)


def _every_few_cells(across: Floats, up: Floats) -> NDArray[np.int64]:
    """Points of a line about five cells apart, left to right or right to left."""
    chosen: list[int] = []
    last = -math.inf
    for k, (place, height) in enumerate(zip(across.tolist(), up.tolist(), strict=True)):
        if abs(place - last) >= 5 * DOTS_ACROSS and math.isfinite(height):
            chosen.append(k)
            last = place
    return np.array(chosen, dtype=np.int64)


def _along(across: Floats, up: Floats) -> NDArray[np.int64]:
    """Points that lie about `MARK_EVERY` dots apart on the way along a line."""
    moves = np.nan_to_num(np.hypot(np.diff(across), np.diff(up)), nan=0.0)
    passed = np.floor(np.cumsum(np.minimum(moves, MARK_EVERY)) / MARK_EVERY)
    known = np.isfinite(across) & np.isfinite(up)
    is_next = np.diff(passed, prepend=0.0) > 0
    return np.flatnonzero(np.append(False, is_next) & known)


def _directions(canvas: Canvas, role: Role, across: Floats, up: Floats) -> list[Stamp]:
    """Arrow heads in the middle of the first long pieces of a path."""
    dx, dy = np.diff(across), np.diff(up)
    stamps = []
    for k in np.nonzero(np.hypot(dx, dy) >= LONG_PIECE)[0][:FEW_HEADS].tolist():
        cell = canvas.cell(float(across[k] + dx[k] / 2), float(up[k] + dy[k] / 2))
        if cell:
            head = arrow_head(float(dx[k]), float(dy[k]), ascii_only=canvas.ascii_only)
            stamps.append(Stamp(*cell, head, Look(role, bold=True)))
    return stamps


def _beyond(canvas: Canvas, role: Role, across: float, up: float) -> list[Stamp]:
    """A sign at the edge for a place off the canvas, pointing to it."""
    side = int(across > canvas.width - 0.5) - int(across < -0.5)
    level = int(up > canvas.height - 0.5) - int(up < -0.5)
    if not (math.isfinite(across) and math.isfinite(up) and (side or level)):
        return []
    return [_sign(canvas, role, (across, up), (side, level))]


def _sign(
    canvas: Canvas, role: Role, place: tuple[float, float], direction: tuple[int, int]
) -> Stamp:
    text = exit_sign(*direction, ascii_only=canvas.ascii_only)
    return Stamp(*canvas.nearest_cell(*place), text, Look(role, bold=True), "sign")


def _exits(canvas: Canvas, role: Role, across: Floats, up: Floats) -> list[Stamp]:
    """A sign at each of the last places where a line leaves the canvas."""
    known = np.isfinite(across) & np.isfinite(up)
    across, up = across[known], up[known]
    inside = canvas.inside(across, up)
    if across.size and not inside.any():
        return _beyond(canvas, role, float(across[-1]), float(up[-1]))
    leaving = np.nonzero(inside[:-1] & ~inside[1:])[0][-FEW_EXITS:]
    return [
        _leave(canvas, role, across[k : k + 2].tolist(), up[k : k + 2].tolist())
        for k in leaving.tolist()
    ]


def _leave(canvas: Canvas, role: Role, across: list[float], up: list[float]) -> Stamp:
    """The sign where a segment from inside to outside meets the edge that it meets first."""
    dx, dy = across[1] - across[0], up[1] - up[0]
    shares: list[tuple[float, tuple[int, int]]] = []
    if dx:
        edge = canvas.width - 0.5 if dx > 0 else -0.5
        shares.append(((edge - across[0]) / dx, (1 if dx > 0 else -1, 0)))
    if dy:
        edge = canvas.height - 0.5 if dy > 0 else -0.5
        shares.append(((edge - up[0]) / dy, (0, 1 if dy > 0 else -1)))
    share, direction = min(shares)
    return _sign(canvas, role, (across[0] + share * dx, up[0] + share * dy), direction)


def draw_bars(canvas: Canvas, bars: Bars) -> Drawing:
    """Draw a bar at each x, as high as its value, with its text on top."""
    drawing = canvas.drawing(bars.role)
    drawing.dots = canvas.blank_dots()
    left, _ = canvas.dots_of(bars.x - BAR_SHARE / 2, bars.heights)
    right, top = canvas.dots_of(bars.x + BAR_SHARE / 2, bars.heights)
    log = canvas.area.y_log
    base = 0.0 if log else float(canvas.area.y_scale.dot(np.array(0.0)))
    base = min(max(base, 0.0), canvas.height - 1.0)
    texts = bars.texts or ("",) * len(bars.x)
    for first, last, height, text in zip(left, right, top, texts, strict=True):
        if not all(map(math.isfinite, (first, last, height))):
            continue
        low, high = sorted((base, min(max(float(height), -1.0), canvas.height - 1.0)))
        if high > low or float(height) >= base:
            columns = slice(max(round(float(first)), 0), max(round(float(last)) + 1, 0))
            drawing.dots[max(round(low), 0) : round(high) + 1, columns] = True
        if text:
            middle = (float(first) + float(last)) / 2
            drawing.stamps.append(_text_over(canvas, bars, text, middle, high))
    return drawing


def _text_over(canvas: Canvas, bars: Bars, text: Text, across: float, up: float) -> Stamp:
    """The text in the row above a height, or in the top row of the canvas."""
    room = canvas.area.columns
    shown = shorten(words(text, ascii_only=canvas.ascii_only), room, ascii_only=canvas.ascii_only)
    column = round(across / DOTS_ACROSS - cell_len(shown) / 2)
    row = canvas.area.rows - 2 - round(up) // DOTS_DOWN
    return Stamp(
        min(max(column, 0), room - cell_len(shown)),
        max(row, 0),
        shown,
        canvas.drawing(bars.role).look,
        "sign",
    )
