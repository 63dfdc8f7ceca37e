"""A chart in words, for whoever cannot see it: what is where, from where to where, and how high.

Everything is said from the chart's data, as the learner's guess and the truth are; a picture of
200 points is not read out, but its ends and its lowest and highest place are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import singledispatch

import numpy as np

from tutor.charts.chart import (
    UNKNOWN,
    Arrow,
    ArrowField,
    Axis,
    AxisRange,
    Band,
    Bars,
    Chart,
    ContourLayer,
    Entry,
    Floats,
    Guide,
    HeatMap,
    Layer,
    Line,
    Pictures,
    Points,
    Regions,
    Table,
)
from tutor.charts.ranges import fit_ranges
from tutor.charts.sheet import is_sheet
from tutor.charts.space import Eye
from tutor.engine.numbers import show, show_point
from tutor.i18n import Message, Text, message, render

_SAMPLES = 41
"""Places along each axis at which a field is looked at."""
_FLAT = 1e-9

_Ranges = tuple[AxisRange, AxisRange]

_NAMES = {
    "curve": message("the curve"),
    "tangent": message("the tangent"),
    "secant": message("the secant"),
    "line": message("the line"),
    "forward": message("forward quotient"),
    "central": message("central quotient"),
    "path": message("the path"),
    "start": message("start"),
    "current": message("current point"),
    "minimizer": message("minimum"),
    "guess": message("your guess"),
    "truth": message("truth"),
    "uphill": message("uphill"),
    "downhill": message("downhill"),
}
"""What a layer without a label is called, by its role."""


def narrate(chart: Chart) -> tuple[Text, ...]:
    """Return the chart in sentences: its axes, then each of its layers from back to front."""
    ranges = fit_ranges(chart)
    layers = (chart.backdrop.layers if chart.backdrop else ()) + chart.layers
    told = [sentence for layer in layers for sentence in layer_words(layer, ranges)]
    note = (chart.note,) if chart.note else ()
    return (_about_axes(chart, ranges), *_about_space(chart, ranges), *told, *note)


def _about_space(chart: Chart, ranges: _Ranges) -> Iterator[Text]:
    """Say from where a surface in space is seen: which corner is nearest, which farthest."""
    if chart.viewpoint is None or not chart.is_landscape:
        return
    across, up = ranges
    corners = [(a, b) for a in (-1.0, 1.0) for b in (-1.0, 1.0)]
    away = Eye(chart.viewpoint, 2, 2).turned(*np.array(corners).T)[1]
    near, far = (
        show_point((across.low if a < 0 else across.high, up.low if b < 0 else up.high), 3)
        for a, b in (corners[int(away.argmin())], corners[int(away.argmax())])
    )
    yield message(
        "It is seen as a surface in space, {tilt}° from above; the corner {near} is in front, the "
        "corner {far} behind.",
        tilt=show(chart.viewpoint.tilt, 3), near=near, far=far,
    )  # fmt: skip


def _about_axes(chart: Chart, ranges: _Ranges) -> Text:
    if is_sheet(chart):
        return message("{title}.", title=chart.title)
    if chart.x_axis.labels:
        return message(
            "Chart: {title}. Across, from 0 on: {places}; up {y}.",
            title=chart.title,
            places=", ".join(map(render, chart.x_axis.labels)),
            y=_about_axis(chart.y_axis, ranges[1]),
        )
    return message(
        "Chart: {title}. Across {x}; up {y}.",
        title=chart.title,
        x=_about_axis(chart.x_axis, ranges[0]),
        y=_about_axis(chart.y_axis, ranges[1]),
    )


def _about_axis(axis: Axis, span: AxisRange) -> Message:
    low, high = show(span.low, 3), show(span.high, 3)
    if axis.scale == "log":
        return message("{title} from {low} to {high}, in powers of ten", title=axis.title,
                       low=low, high=high)  # fmt: skip
    return message("{title} from {low} to {high}", title=axis.title, low=low, high=high)


def _name(layer: Line | Points | Arrow | Guide) -> Text:
    return layer.label or _NAMES.get(layer.role, "")


@singledispatch
def layer_words(layer: Layer, _ranges: _Ranges) -> Iterator[Text]:
    """Yield what is to be said of a layer; of one that nobody taught it, its label."""
    label = getattr(layer, "label", "")
    if label:
        yield message("{name}.", name=label)


@layer_words.register
def _(layer: Points, _ranges: _Ranges) -> Iterator[Text]:
    x, y = _finite(layer.x, layer.y)
    name = _name(layer)
    if not x.size or not name:
        return
    if x.size == 1:
        yield message("{name} at {place}.", name=name, place=show_point((x[0], y[0])))
        return
    yield message("{name}: {count} points, from {first} to {last}.", name=name, count=x.size,
                  first=show_point((x[0], y[0])), last=show_point((x[-1], y[-1])))  # fmt: skip


@layer_words.register
def _(layer: Line, ranges: _Ranges) -> Iterator[Text]:
    x, y = _finite(layer.x, layer.y)
    name = _name(layer)
    if not x.size or not name:
        return
    first, last = show_point((x[0], y[0])), show_point((x[-1], y[-1]))
    yield message("{name}: from {first} to {last}.", name=name, first=first, last=last)
    if x.size > 2:
        yield from _notable(x, y, ranges)


def _notable(x: Floats, y: Floats, ranges: _Ranges) -> Iterator[Text]:
    """Yield where a line is lowest and highest between its ends, and where it leaves the chart."""
    inner = slice(1, -1)
    lowest, highest = int(np.argmin(y[inner])) + 1, int(np.argmax(y[inner])) + 1
    ends = min(y[0], y[-1]), max(y[0], y[-1])
    room = _FLAT * max(1.0, float(np.abs(y).max()))
    if y[lowest] < ends[0] - room:
        yield message("Its lowest place is {place}.", place=show_point((x[lowest], y[lowest])))
    if y[highest] > ends[1] + room:
        yield message("Its highest place is {place}.", place=show_point((x[highest], y[highest])))
    off = (x < ranges[0].low) | (x > ranges[0].high) | (y < ranges[1].low) | (y > ranges[1].high)
    if off.any():
        at = int(np.argmax(off))
        yield message("It leaves the chart at {place}.", place=show_point((x[at], y[at])))


@layer_words.register
def _(layer: Arrow, _ranges: _Ranges) -> Iterator[Text]:
    name = _name(layer)
    if not name or not np.isfinite((layer.dx, layer.dy)).all():
        return
    angle = float(np.degrees(np.arctan2(layer.dy, layer.dx)))
    yield message(
        "{name}: an arrow from {start} to {end}, {angle}° from the axis across.",
        name=name,
        start=show_point((layer.x, layer.y)),
        end=show_point((layer.x + layer.dx, layer.y + layer.dy)),
        angle=show(angle, 3),
    )


@layer_words.register
def _(layer: ContourLayer, ranges: _Ranges) -> Iterator[Text]:
    yield from _heights(message("Contour lines"), layer.f, ranges)


@layer_words.register
def _(layer: HeatMap, ranges: _Ranges) -> Iterator[Text]:
    yield from _heights(message("Shaded cells"), layer.f, ranges)


def _heights(name: Text, f: Callable[[Floats], Floats], ranges: _Ranges) -> Iterator[Text]:
    """Yield where a field is lowest and highest."""
    points = _grid(ranges)
    with np.errstate(all="ignore"):
        values = np.asarray(f(points), dtype=float)
    known = np.isfinite(values)
    if not known.any():
        return
    low = int(np.argmin(np.where(known, values, np.inf)))
    high = int(np.argmax(np.where(known, values, -np.inf)))
    yield message(
        "{name}: the ground is lowest near {low} ({lowest}) and highest near {high} ({highest}).",
        name=name,
        low=show_point(points[:, low], 2),
        lowest=show(float(values[low]), 3),
        high=show_point(points[:, high], 2),
        highest=show(float(values[high]), 3),
    )


def _grid(ranges: _Ranges) -> Floats:
    across, up = (np.linspace(span.low, span.high, _SAMPLES) for span in ranges)
    return np.stack([grid.ravel() for grid in np.meshgrid(across, up)])


@layer_words.register
def _(layer: ArrowField, ranges: _Ranges) -> Iterator[Text]:
    """Say where the arrows point on the left and on the right."""
    middle = (ranges[1].low + ranges[1].high) / 2
    span = ranges[0].high - ranges[0].low
    places = np.array([[ranges[0].low + span / 4, ranges[0].high - span / 4], [middle, middle]])
    with np.errstate(all="ignore"):
        angles = np.degrees(np.arctan2(*layer.direction(places)[::-1]))
    if np.isfinite(angles).all():
        yield message(
            "Small arrows all over the ground: at {left} they point {left_angle}°, at {right} "
            "{right_angle}° (0° is to the right, 90° is up).",
            left=show_point(places[:, 0], 2),
            left_angle=show(float(angles[0]), 3),
            right=show_point(places[:, 1], 2),
            right_angle=show(float(angles[1]), 3),
        )


@layer_words.register
def _(layer: Regions, _ranges: _Ranges) -> Iterator[Text]:
    known = layer.numbers[layer.numbers != UNKNOWN]
    for number in sorted(set(known.tolist())):
        share = show(100 * float((known == number).mean()), 2)
        yield message("{region} covers {share} % of the ground.", region=_region(layer, number),
                      share=share)  # fmt: skip


def _region(layer: Regions, number: int) -> Text:
    if number < 0:
        return layer.diverges_label or message("The part from where it flies away")
    letter = chr(ord("A") + number % 26)
    if number < len(layer.labels):
        return message("Region {letter} ({label})", letter=letter, label=layer.labels[number])
    return message("Region {letter}", letter=letter)


@layer_words.register
def _(layer: Band, _ranges: _Ranges) -> Iterator[Text]:
    name = layer.label or message("A shaded band")
    yield message("{name}: from {low} to {high} across.", name=name, low=show(layer.low),
                  high=show(layer.high))  # fmt: skip


@layer_words.register
def _(layer: Guide, _ranges: _Ranges) -> Iterator[Text]:
    name = _name(layer)
    if not name:
        return
    places = [value for value in (layer.x, layer.y) if value is not None]
    yield message("{name} at {place}.", name=name, place=show_point(places))


@layer_words.register
def _(layer: Bars, _ranges: _Ranges) -> Iterator[Text]:
    x, heights = _finite(layer.x, layer.heights)
    if x.size:
        told = (f"{show(h, 3)} ({show(at)})" for at, h in zip(x, heights, strict=True))
        name = layer.label or message("Bars")
        yield message("{name}: {heights}.", name=name, heights=", ".join(told))


@layer_words.register
def _(layer: Table, _ranges: _Ranges) -> Iterator[Text]:
    heads = [render(head) for head in layer.column_heads]
    for row, values in zip(layer.row_heads, layer.values.tolist(), strict=True):
        entries = (f"{head} {show(value)}" for head, value in zip(heads, values, strict=True))
        yield message("{table}, {row}: {entries}.", table=layer.title, row=row,
                      entries=", ".join(entries))  # fmt: skip


@layer_words.register
def _(layer: Entry, _ranges: _Ranges) -> Iterator[Text]:
    name = layer.label or _NAMES.get(layer.role, "")
    if name:
        yield message("{name}: row {row}, column {column}.", name=name, row=layer.row,
                      column=layer.column)  # fmt: skip


@layer_words.register
def _(layer: Pictures, _ranges: _Ranges) -> Iterator[Text]:
    yield message("{count} small pictures: {captions}.", count=len(layer.captions),
                  captions=", ".join(map(render, layer.captions)))  # fmt: skip
    if len(layer.values) > 1 and np.ptp(layer.values, axis=0).max() < _FLAT:
        yield message("All the pictures are alike.")


def _finite(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    known = np.isfinite(x) & np.isfinite(y)
    return x[known], y[known]
