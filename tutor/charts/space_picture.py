"""Draws a surface in space as a picture: shaded or of wire, its words above and below."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len

from tutor.charts.ascii_art import shorten, words
from tutor.charts.chart import AxisRange, Chart
from tutor.charts.grid import Grid, Look
from tutor.charts.layering import Strokes, lay_stamps, lay_strokes
from tutor.charts.lettering import AXIS, TITLE, has_labels, write_legend, write_note
from tutor.charts.palette import SURFACE_LIGHTS, SURFACE_TONES, Ground, Palette
from tutor.charts.picture import DOTS_ACROSS, DOTS_DOWN, RGB, Picture, PlotArea, Span
from tutor.charts.plan import HEIGHT_FOR_LEGEND, Plan
from tutor.charts.space_drawing import Numbers, Stage, summed
from tutor.charts.strokes import Dots, pack
from tutor.i18n import message

_HEIGHT_FOR_FOOT = 9
"""The keys stand under a small picture, too, such as that of the lab at 80 by 24."""
_HALF = DOTS_DOWN // 2
_PARTS = np.array(list(" ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"))
_UPPER, _ALL = 3, 15
"""Quarters of a cell: which of them `_PARTS` draws."""
_WRITTEN = SURFACE_TONES * SURFACE_LIGHTS
"""Numbers from here on are no tones of the surface: what is written over it."""


def lay_out_space(chart: Chart, width: int, height: int, *, ascii_only: bool) -> Plan:
    """Return the layout of a picture of at least the smallest size: words above and below."""
    has_header = bool(chart.title)
    has_legend = height >= HEIGHT_FOR_LEGEND and has_labels(chart)
    has_foot = height >= _HEIGHT_FOR_FOOT and bool(chart.foot)
    top = has_header + has_legend
    rows, dots = height - top - has_foot, AxisRange
    area = PlotArea(0, top, width, rows, dots(0.0, width * DOTS_ACROSS - 1.0),
                    dots(0.0, rows * DOTS_DOWN - 1.0))  # fmt: skip
    title = shorten(words(chart.title, ascii_only=ascii_only), width, ascii_only=ascii_only)
    middle = max((width - cell_len(title)) // 2, 0) if has_legend or not has_labels(chart) else 0
    return Plan(
        width=width, height=height, area=area, x_ticks=(), y_ticks=(), title=title,
        title_column=middle, x_title="", x_title_column=0, x_title_row=height - 1, y_title="",
        is_boxed=False, has_header=has_header, has_legend=has_legend,
    )  # fmt: skip


def draw_space(chart: Chart, stage: Stage, plan: Plan, palette: Palette) -> Picture:
    """Return the picture of a surface, with the layers of its chart on it."""
    canvas, area = stage.canvas, plan.area
    still = chart.backdrop.layers if chart.backdrop else ()
    drawings = [stage.box(), *stage.drawings((*still, *chart.layers))]
    strokes = [Strokes(drawing.look, pack(drawing.dots), drawing.is_line)
               for drawing in drawings if drawing.dots is not None]  # fmt: skip
    if not canvas.has_grounds:
        strokes.insert(1, Strokes(Look("contour"), pack(stage.mesh), is_line=False))
    grid = Grid(plan.width, plan.height)
    lay_strokes(grid, strokes, canvas)
    drawings[0].stamps += stage.letters(chart)
    lay_stamps(grid, drawings, canvas)
    _write_words(grid, chart, plan, stage)
    write_legend(grid, chart, plan, canvas)
    write_note(grid, chart.note, canvas)
    rows = [grid.spans(row, palette) for row in range(plan.height)]
    if canvas.has_grounds:
        rows[area.top : area.top + area.rows] = _shaded_rows(grid, stage, palette)
    return Picture(tuple(rows), area, stage.place_at)


def _write_words(grid: Grid, chart: Chart, plan: Plan, stage: Stage) -> None:
    """Write the title and the line under the picture, and why there is no surface."""
    canvas = stage.canvas
    if plan.has_header:
        look_of = Look(chart.title_role, bold=True) if chart.title_role else TITLE
        grid.write(plan.title_column, 0, plan.title, look_of)
    if plan.area.top + plan.area.rows < plan.height:
        foot = shorten(words(chart.foot, ascii_only=canvas.ascii_only), plan.width,
                       ascii_only=canvas.ascii_only)  # fmt: skip
        grid.write(0, plan.height - 1, foot, AXIS)
    if stage.land.is_empty:
        text = words(message("f has no value here"), ascii_only=canvas.ascii_only)
        text = shorten(text, plan.width, ascii_only=canvas.ascii_only)
        grid.write((plan.width - cell_len(text)) // 2, plan.area.top + plan.area.rows // 2, text,
                   AXIS)  # fmt: skip


def _shaded_rows(grid: Grid, stage: Stage, palette: Palette) -> list[tuple[Span, ...]]:
    """Return the rows of the canvas: the surface, and over it what stands on the grid.

    Half a cell has a colour of its own, the upper one as its character's. What is written on the
    surface has a dim ground, from which it stands out.
    """
    area = stage.canvas.area
    signs, inks, grounds = _cells(stage)
    looks: list[Look] = []
    for row in range(area.rows):
        for column, (sign, written) in grid.written(area.top + row):
            signs[row, column] = sign
            inks[row, column] = len(looks) + _WRITTEN
            looks.append(written)
            grounds[row, column] = -2 - stage.under[row, column]
    return [_spans(*each, looks, palette) for each in zip(signs, inks, grounds, strict=True)]


def _cells(stage: Stage) -> tuple[NDArray[np.str_], Numbers, Numbers]:
    """The sign of each cell, the tone of the sign and that of its ground; -1: none.

    On the outline of the surface quarters of cells are drawn or not, on a line of the mesh they
    are bright or dark; elsewhere the halves of a cell have each their tone.
    """
    there = _quarters(stage.seen.is_there)
    bright = there & ~_quarters(stage.mesh, at_least=1)
    whole = stage.tones(DOTS_DOWN)
    halves = stage.tones(DOTS_DOWN // 2)
    upper, lower = halves[0::2], halves[1::2]
    has_all = there == _ALL
    is_split = has_all & (bright == _ALL) & (upper != lower)
    is_mesh = has_all & (bright != _ALL)
    dark = whole // SURFACE_LIGHTS * SURFACE_LIGHTS + whole % SURFACE_LIGHTS * 3 // 4
    parts = np.select([is_split, is_mesh, has_all], [_UPPER, bright, 0], there)
    grounds = np.select([is_split, is_mesh, has_all], [lower, dark, whole], -1)
    inks = np.where(parts == 0, -1, np.where(is_split, upper, whole))
    return _PARTS[parts], inks, grounds


def _quarters(dots: Dots, at_least: int = 2) -> Numbers:
    """Which quarters of each cell hold so many of the dots at least: 1, 2 the upper, 4, 8."""
    held = summed(dots.astype(float), _HALF, 1) >= at_least
    bits = (held[0::2, 0::2], held[0::2, 1::2], held[1::2, 0::2], held[1::2, 1::2])
    return np.asarray(sum(bit.astype(np.int64) << k for k, bit in enumerate(bits)))


def _spans(
    signs: NDArray[np.str_], inks: Numbers, grounds: Numbers, looks: list[Look], palette: Palette
) -> tuple[Span, ...]:
    """One row: neighbours of one look are one span."""
    changes = (np.diff(inks) != 0) | (np.diff(grounds) != 0)
    starts = [0, *(np.flatnonzero(changes) + 1).tolist()]
    row, ends = signs.tolist(), [*starts[1:], len(signs)]
    found = zip(starts, ends, inks[starts].tolist(), grounds[starts].tolist(), strict=True)
    spans = []
    for start, end, ink, ground in found:
        written = looks[ink - _WRITTEN] if ink >= _WRITTEN else None
        color = palette.color(written.ink) if written else _tone(ink, palette)
        is_bold = written is not None and written.bold
        spans.append(Span("".join(row[start:end]), color, is_bold, _tone(ground, palette)))
    return tuple(spans)


@lru_cache(maxsize=1024)
def _tone(number: int, palette: Palette) -> RGB | None:
    """The colour of a number of `_shaded_rows`; asked for every span."""
    if number >= 0:
        return palette.background(Ground("surface", number))
    return palette.background(Ground("heat", -2 - number)) if number <= -2 else None
