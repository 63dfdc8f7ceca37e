"""Draws bars: filled with dots, so that a line laid over them is still seen."""

from __future__ import annotations

import math

import numpy as np
from rich.cells import cell_len

from tutor.charts.canvas import Canvas, Drawing, Stamp
from tutor.charts.chart import Bars
from tutor.charts.picture import DOTS_ACROSS, DOTS_DOWN
from tutor.charts.words import shorten, words
from tutor.i18n import Text

BAR_SHARE = 0.6
"""Of the room from one bar to the next that a bar takes."""


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
