"""Draws what shades cells by kind: maps of regions, bands."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tutor.charts.canvas import Canvas, Drawing, Shading, Tone
from tutor.charts.chart import UNKNOWN, AxisRange, Band, Floats, Regions
from tutor.charts.grid import Look
from tutor.charts.marks import MARKS
from tutor.charts.palette import Ground
from tutor.charts.picture import DOTS_ACROSS, DOTS_DOWN

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
FEW_MARKS, MANY_MARKS = (6, 3), (2, 1)
"""Cells from one letter of a region to the next: on coloured grounds, and without any."""
DIVERGES_MARK, UNKNOWN_MARK = "∞", "·"
ASCII_DIVERGES_MARK, ASCII_UNKNOWN_MARK = "!", "."


def draw_regions(canvas: Canvas, layer: Regions) -> Drawing:
    """Give each cell the region of the map's cell under its middle."""
    drawing = Drawing(Look("axis"))
    numbers = np.asarray(layer.numbers)
    area = canvas.area
    x, y = area.x_scale, area.y_scale
    columns = _places(
        x.values(_middles(area.columns, DOTS_ACROSS)), layer.x_range, numbers.shape[1]
    )
    rows = _places(y.values(_middles(area.rows, DOTS_DOWN)), layer.y_range, numbers.shape[0])[::-1]
    found = numbers[np.ix_(np.maximum(rows, 0), np.maximum(columns, 0))] - UNKNOWN
    outside = (rows < 0)[:, None] | (columns < 0)[None, :]
    table = region_tones(int(numbers.max(initial=0)) + 1, canvas)
    spacing = FEW_MARKS if canvas.has_grounds else MANY_MARKS
    drawing.shading = Shading(np.where(outside, -1, found), table, spacing)
    return drawing


def region_tones(count: int, canvas: Canvas) -> tuple[Tone, ...]:
    """Return the tones of UNKNOWN, DIVERGES, region 0, region 1, … in this order."""
    unknown, diverges = (
        (ASCII_UNKNOWN_MARK, ASCII_DIVERGES_MARK)
        if canvas.ascii_only
        else (UNKNOWN_MARK, DIVERGES_MARK)
    )
    regions = (_tone(canvas, Ground("region", k), LETTERS[k % len(LETTERS)]) for k in range(count))
    return (Tone(mark=unknown), _tone(canvas, Ground("diverging"), diverges), *regions)


def _tone(canvas: Canvas, ground: Ground, mark: str) -> Tone:
    return Tone(ground if canvas.has_grounds else None, mark)


def _middles(count: int, dots: int) -> Floats:
    """Where the middles of cells lie, in dots."""
    return np.arange(count, dtype=np.float64) * dots + (dots - 1) / 2


def _places(values: Floats, span: AxisRange, count: int) -> NDArray[np.int64]:
    """Which of `count` equal parts of a range each value lies in; -1 for none."""
    with np.errstate(all="ignore"):
        parts = np.floor((values - span.low) / (span.high - span.low) * count)
    inside = (parts >= 0) & (parts < count)
    return np.where(inside, np.nan_to_num(parts), -1).astype(np.int64)


def draw_band(canvas: Canvas, layer: Band) -> Drawing:
    """Shade the columns whose middle lies within the band."""
    drawing = Drawing(Look("shade"))
    x = canvas.area.x_scale.values(_middles(canvas.area.columns, DOTS_ACROSS))
    within = np.where((x >= layer.low) & (x <= layer.high), 0, -1)
    tones = np.broadcast_to(within, (canvas.area.rows, canvas.area.columns))
    drawing.shading = Shading(tones, (band_tone(canvas),))
    return drawing


def band_tone(canvas: Canvas) -> Tone:
    """Return how a band is shaded."""
    mark = MARKS["shade"].ascii_point if canvas.ascii_only else MARKS["shade"].point
    return Tone(Ground("diverging")) if canvas.has_grounds else Tone(mark=mark)
