"""From a layer to its drawing."""

from __future__ import annotations

from tutor.charts.canvas import Canvas, Drawing
from tutor.charts.chart import Arrow, ArrowField, ContourLayer, Layer, Line, Points
from tutor.charts.field_drawing import draw_arrow_field, draw_contour
from tutor.charts.line_drawing import draw_arrow, draw_line, draw_points


def draw(layer: Layer, canvas: Canvas) -> Drawing:
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
