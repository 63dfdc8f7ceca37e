"""Contours and arrow fields fill the canvas and bury nothing."""

import numpy as np
import pytest

from tests.charts.pictures import bowl
from tutor.charts.canvas import Canvas
from tutor.charts.chart import ArrowField, AxisRange, ContourLayer
from tutor.charts.field_drawing import draw_arrow_field, draw_contour
from tutor.charts.picture import PlotArea

_AREA = PlotArea(0, 0, 60, 24, AxisRange(-5.0, 5.0), AxisRange(-5.0, 5.0))
_CANVAS = Canvas(_AREA)


def test_the_dots_of_a_contour_lie_on_its_level():
    """Each dot is within one dot of the circle of radius 3 (a dot is 0.084 by 0.105)."""
    drawing = draw_contour(_CANVAS, ContourLayer(bowl, levels=(9.0,)))
    x, y = drawing.plot.positions
    assert x.size > 150
    assert np.abs(np.hypot(x, y) - 3.0).max() < 0.11


def test_the_number_of_a_level_stands_on_its_line():
    stamp = draw_contour(_CANVAS, ContourLayer(bowl, levels=(9.0,))).stamps[0]
    x, y = _AREA.to_data(stamp.column, stamp.row)
    assert ("9", "number") == (stamp.text, stamp.kind)
    assert abs(np.hypot(x, y) - 3.0) < 0.4


def test_a_field_points_downhill_everywhere():
    """Every arrow of −∇f of the bowl points to the middle, to within half a turn of 45°."""
    drawing = draw_arrow_field(_CANVAS, ArrowField(lambda p: -p))
    turns = dict(zip("→↗↑↖←↙↓↘", range(8), strict=True))
    for stamp in drawing.stamps:
        x, y = _AREA.to_data(stamp.column, stamp.row)
        across, up = _CANVAS.on_screen(np.array(-x), np.array(-y))
        off = (np.degrees(np.arctan2(up, across)) - 45 * turns[stamp.text] + 180) % 360 - 180
        assert abs(off) <= 22.6
    assert len(drawing.stamps) == 80


def test_a_field_without_a_direction_has_no_arrow():
    """0 and NaN: a plateau, and where f is not defined."""
    field = ArrowField(lambda p: np.where(p[0] > 0, 0.0, np.nan) * p)
    assert [] == draw_arrow_field(_CANVAS, field).stamps


@pytest.mark.parametrize("rows", [7, 12, 24])
def test_contours_leave_room_for_what_matters(rows):
    """A long valley, whose lines run along the rows: few rows have few levels, two at least."""
    area = PlotArea(0, 0, 60, rows, AxisRange(-10.0, 10.0), AxisRange(-5.0, 5.0))
    drawing = draw_contour(Canvas(area), ContourLayer(lambda p: p[0] ** 2 / 20 + p[1] ** 2))
    x, y = drawing.plot.positions
    cells = {area.to_cell(*place) for place in zip(x.tolist(), y.tolist(), strict=True)}
    assert len(cells) <= 0.65 * 60 * rows
    middle = np.sort(y[np.abs(x) < 0.1])
    assert np.count_nonzero(np.diff(middle) > 1.5 * 10 / (4 * rows - 1)) >= 3


def test_levels_asked_for_are_drawn_however_many():
    levels = tuple(np.linspace(1.0, 40.0, 30).tolist())
    few = draw_contour(_CANVAS, ContourLayer(bowl, levels=levels[:3]))
    many = draw_contour(_CANVAS, ContourLayer(bowl, levels=levels))
    assert many.plot.positions.size > 5 * few.plot.positions.size
