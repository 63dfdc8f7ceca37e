"""From a layer to its drawing."""

from __future__ import annotations

from tutor.charts.bar_drawing import draw_bars
from tutor.charts.canvas import Canvas, Drawing
from tutor.charts.chart import (
    Arrow,
    ArrowField,
    Band,
    Bars,
    ContourLayer,
    Guide,
    HeatMap,
    Layer,
    Line,
    Points,
    Regions,
)
from tutor.charts.field_drawing import draw_arrow_field, draw_contour, draw_heat_map
from tutor.charts.grid import Look
from tutor.charts.line_drawing import draw_arrow, draw_guide, draw_line, draw_points
from tutor.charts.shading import draw_band, draw_regions


def draw(layer: Layer, canvas: Canvas) -> Drawing:  # noqa: C901, PLR0911 — one case for each kind of layer
    """Return the strokes and stamps of one layer; never warns, whatever the numbers are."""
    match layer:
        case Line():
            return draw_line(canvas, layer)
        case Points():
            return draw_points(canvas, layer)
        case Arrow():
            return draw_arrow(canvas, layer)
        case ContourLayer():
            return draw_contour(canvas, layer)
        case ArrowField():
            return draw_arrow_field(canvas, layer)
        case HeatMap():
            return draw_heat_map(canvas, layer)
        case Regions():
            return draw_regions(canvas, layer)
        case Band():
            return draw_band(canvas, layer)
        case Guide():
            return draw_guide(canvas, layer)
        case Bars():
            return draw_bars(canvas, layer)
        case _:
            return Drawing(Look("axis"))  # tables and pictures stand on sheets
