"""What the axes span: as asked for, or as the data need, and as long on one axis as the other."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Literal, TypeAlias

import numpy as np

from tutor.charts.chart import Arrow, Axis, AxisRange, Bars, Chart, Floats, Layer, Line, Points

LARGEST, DECADES = 1e300, 300.0
MARGIN = 0.04
_Side: TypeAlias = Literal["x", "y"]


def fit_ranges(chart: Chart) -> tuple[AxisRange, AxisRange]:
    """Return the ranges of the two axes: always finite, low < high, above 0 on a log axis.

    A range that the chart gives wins; else the data of all layers span it, with a small margin.
    Values that are not finite (or not above 0 on a log axis) are left out.
    """
    layers = chart.layers + (chart.backdrop.layers if chart.backdrop else ())
    return _fit(chart.x_axis, layers, "x"), _fit(chart.y_axis, layers, "y")


def _fit(axis: Axis, layers: tuple[Layer, ...], side: _Side) -> AxisRange:
    if axis.range is not None:
        return _sane(axis.range, log=axis.scale == "log")
    values = np.concatenate([np.empty(0), *_values(layers, side)])
    values = values[np.isfinite(values) & (np.abs(values) <= LARGEST)]
    if axis.scale == "log":
        return _log_span(values[values >= 1 / LARGEST])
    return _linear_span(values)


def _values(layers: tuple[Layer, ...], side: _Side) -> Iterator[Floats]:
    for layer in layers:
        if isinstance(layer, Line | Points):
            yield np.asarray(layer.x if side == "x" else layer.y, dtype=np.float64)
        elif isinstance(layer, Arrow):
            start, length = (layer.x, layer.dx) if side == "x" else (layer.y, layer.dy)
            yield np.array([start, start + length], dtype=np.float64)
        elif isinstance(layer, Bars):
            yield np.asarray(layer.x if side == "x" else layer.heights, dtype=np.float64)
            yield layer.x - 0.5 if side == "x" else np.zeros(1)
            yield layer.x + 0.5 if side == "x" else np.zeros(1)


def _linear_span(values: Floats) -> AxisRange:
    if values.size == 0:
        return AxisRange(0.0, 1.0)
    low, high = float(values.min()), float(values.max())
    if high - low <= max(1e-12 * max(abs(low), abs(high)), 1e-290):
        room = abs(low) / 2 if abs(low) > 1e-290 else 1.0
        return AxisRange(low - room, high + room)
    room = (high - low) * MARGIN
    return AxisRange(low - room, high + room)


def _log_span(values: Floats) -> AxisRange:
    if values.size == 0:
        return AxisRange(0.1, 1.0)
    low, high = math.log10(values.min()), math.log10(values.max())
    room = (high - low) * MARGIN if high - low > 1e-9 else 0.5
    return AxisRange(10.0 ** max(low - room, -DECADES), 10.0 ** min(high + room, DECADES))


def _sane(asked: AxisRange, *, log: bool) -> AxisRange:
    """The range asked for, or the nearest that can be drawn."""
    ends = np.nan_to_num([asked.low, asked.high], nan=0.0, posinf=LARGEST, neginf=-LARGEST)
    low, high = (float(end) for end in np.clip(np.sort(ends), -LARGEST, LARGEST))
    if log:
        high = high if high >= 1 / LARGEST else 1.0
        low = low if low >= 1 / LARGEST else max(high * 1e-3, 1 / LARGEST)
        return AxisRange(low, high) if low < high else _log_span(np.array([low]))
    return AxisRange(low, high) if high - low > 1e-14 * abs(high) else _linear_span(np.array([low]))


def equal_units(
    x_range: AxisRange, y_range: AxisRange, dots_across: int, dots_up: int
) -> tuple[AxisRange, AxisRange]:
    """Widen one of the ranges about its middle so that a unit takes as many dots on both axes."""
    across = (x_range.high - x_range.low) / (dots_across - 1)
    up = (y_range.high - y_range.low) / (dots_up - 1)
    unit = max(across, up)
    return _widen(x_range, unit * (dots_across - 1)), _widen(y_range, unit * (dots_up - 1))


def _widen(axis_range: AxisRange, length: float) -> AxisRange:
    middle = axis_range.low + (axis_range.high - axis_range.low) / 2
    return AxisRange(middle - length / 2, middle + length / 2)
