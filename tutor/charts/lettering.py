"""The words of a picture: titles, legend and note, measured in cells."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from rich.cells import cell_len

from tutor.charts.ascii_art import shorten, words
from tutor.charts.canvas import Canvas, Tone
from tutor.charts.chart import (
    DIVERGES,
    Arrow,
    Band,
    Bars,
    Chart,
    Guide,
    Layer,
    Line,
    Points,
    Regions,
    Role,
)
from tutor.charts.grid import Grid, Look
from tutor.charts.marks import ASCII_LINE_SAMPLES, LINE_SAMPLES, MARKS, arrow_head
from tutor.charts.palette import Ground, Ink
from tutor.charts.plan import Plan
from tutor.charts.shading import band_tone, region_tones
from tutor.i18n import Text

GHOSTS = frozenset({"ghost1", "ghost2", "ghost3", "ghost4", "ghost5"})
SHADED = frozenset({"axis", "shade"})
"""The inks of marks on shaded cells."""
AXIS = Look("axis")
TITLE = Look("axis", bold=True)


def write_titles(grid: Grid, plan: Plan, role: Role | None) -> None:
    """Write the title over the middle of the canvas and the axes' titles beside their axes."""
    for label in plan.x_labels:
        grid.write(label.cell, plan.area.top + plan.area.rows + 1, label.label, AXIS)
    grid.write(plan.x_title_column, plan.x_title_row, plan.x_title, TITLE)
    if plan.has_header:
        grid.write(0, 0, plan.y_title, TITLE)
        grid.write(plan.title_column, 0, plan.title, Look(role, bold=True) if role else TITLE)


def write_note(grid: Grid, note: Text, canvas: Canvas) -> None:
    """Write a remark into the upper right corner of the canvas."""
    area, ascii_only = canvas.area, canvas.ascii_only
    text = shorten(words(note, ascii_only=ascii_only), area.columns, ascii_only=ascii_only)
    grid.write(area.left + area.columns - cell_len(text), area.top, text, TITLE)


def has_labels(chart: Chart) -> bool:
    """Whether any layer has something to say in the legend."""
    return any(map(_is_labelled, _all_layers(chart)))


def _is_labelled(layer: Layer) -> bool:
    match layer:
        case Regions():
            return bool(layer.labels or layer.diverges_label)
        case Line() | Points() | Arrow() | Band() | Guide() | Bars():
            return bool(layer.label)
        case _:
            return False


def _all_layers(chart: Chart) -> tuple[Layer, ...]:
    """The layers that move, then those that stay."""
    return chart.layers + (chart.backdrop.layers if chart.backdrop else ())


@dataclass(frozen=True, slots=True)
class _Entry:
    sample: str
    label: str
    look: Look
    ground: Ground | None = None

    @property
    def width(self) -> int:
        return cell_len(self.sample) + 1 + cell_len(self.label)


def write_legend(grid: Grid, chart: Chart, plan: Plan, canvas: Canvas) -> None:
    """Write mark and label of each layer into one row: its own, or what the titles leave.

    The layers that move come first; what no longer fits is left out.
    """
    entries = _entries(chart, canvas)
    if plan.has_legend:
        row = int(plan.has_header)
        length = sum(entry.width + 2 for entry in entries) - 2
        column = min(plan.area.left, max(plan.width - length, 0))
    else:
        row, column = 0, plan.header_end + 2
    for entry in entries if plan.has_legend or plan.has_header else ():
        if column + entry.width > plan.width:
            return
        grid.write(column, row, entry.sample, entry.look)
        if entry.ground:
            for k in range(cell_len(entry.sample)):
                grid.shade(column + k, row, entry.ground)
        grid.write(column + cell_len(entry.sample) + 1, row, entry.label, entry.look)
        column += entry.width + 2


def _entries(chart: Chart, canvas: Canvas) -> tuple[_Entry, ...]:
    entries = (entry for layer in _all_layers(chart) for entry in _entries_of(layer, canvas))
    return tuple(sorted(dict.fromkeys(entries), key=_rank))


def _rank(entry: _Entry) -> int:
    """First what is drawn, then what is shaded, then ghosts."""
    return 2 if entry.look.ink in GHOSTS else int(entry.look.ink in SHADED)


def _entries_of(layer: Layer, canvas: Canvas) -> list[_Entry]:
    match layer:
        case Regions():
            return _entries_of_regions(layer, canvas)
        case Band() if layer.label:
            return [_shaded_entry(band_tone(canvas), layer.label, "shade", canvas)]
        case Line() | Points() | Arrow() | Guide() | Bars() if layer.label:
            label = words(layer.label, ascii_only=canvas.ascii_only)
            look = Look(layer.role, MARKS[layer.role].bold)
            return [_Entry(_sample(layer, canvas), label, look)]
        case _:
            return []


def _entries_of_regions(layer: Regions, canvas: Canvas) -> list[_Entry]:
    """One for each region with a label, and one for what flies away where anything does."""
    _, diverges, *regions = region_tones(len(layer.labels), canvas)
    seen = set(np.unique(layer.numbers).tolist())
    entries = [
        _shaded_entry(tone, label, "axis", canvas)
        for k, (tone, label) in enumerate(zip(regions, layer.labels, strict=True))
        if k in seen
    ]
    if layer.diverges_label and DIVERGES in seen:
        entries.append(_shaded_entry(diverges, layer.diverges_label, "axis", canvas))
    return entries


def _shaded_entry(tone: Tone, label: Text, role: Ink, canvas: Canvas) -> _Entry:
    sample = f" {tone.mark.strip()} " if tone.ground else tone.mark
    return _Entry(sample, words(label, ascii_only=canvas.ascii_only), Look(role), tone.ground)


def _sample(layer: Line | Points | Arrow | Guide | Bars, canvas: Canvas) -> str:
    """What to look for on the canvas."""
    if isinstance(layer, Bars):
        return "##" if canvas.ascii_only else "⣿⣿"
    mark = MARKS[layer.role]
    point = mark.ascii_point if canvas.ascii_only else mark.point
    if isinstance(layer, Line):
        line = (ASCII_LINE_SAMPLES if canvas.ascii_only else LINE_SAMPLES)[mark.pattern]
        return f"{line[0]}{point}{line[0]}" if mark.on_line else line
    if isinstance(layer, Arrow):
        across, up = canvas.on_screen(np.array(layer.dx), np.array(layer.dy))
        if np.isfinite(across) and np.isfinite(up) and (across or up):
            return arrow_head(float(across), float(up), ascii_only=canvas.ascii_only)
    if isinstance(layer, Guide) and layer.y is None:
        return "|" if canvas.ascii_only else "╎"
    return point
