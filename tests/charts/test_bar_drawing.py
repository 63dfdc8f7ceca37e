"""Bars: as high as their values, with words for their places and lines seen on top."""

import numpy as np
import pytest

from tests.charts.pictures import line
from tutor.charts.bar_drawing import draw_bars
from tutor.charts.canvas import Canvas
from tutor.charts.chart import Axis, AxisRange, Bars, Chart
from tutor.charts.palette import DARK
from tutor.charts.picture import PlotArea
from tutor.charts.plotext_renderer import ChartRenderer

_AREA = PlotArea(0, 0, 40, 10, AxisRange(-0.5, 2.5), AxisRange(0.0, 1.0))
_LOG = PlotArea(0, 0, 40, 10, AxisRange(-0.5, 2.5), AxisRange(1e-10, 1.0), y_log=True)


def bars(*heights, texts=()):
    return Bars(np.arange(len(heights), dtype=float), np.array(heights), "curve", "p", texts)


def heights_of(drawing, count=3):
    """Dots of each bar, from the middle of its place."""
    width = drawing.dots.shape[1]
    return [int(drawing.dots[:, (2 * k + 1) * width // (2 * count)].sum()) for k in range(count)]


def test_a_bar_is_as_high_as_its_value():
    """Ten rows of four dots: 0 to 1 goes from dot 0 to dot 39."""
    assert [1, 21, 40] == heights_of(draw_bars(Canvas(_AREA), bars(0.0, 0.5, 1.0)))


def test_on_a_log_axis_bars_rise_from_its_low_end():
    """1e-10 to 1 over 40 dots: 1e-5 is half way up."""
    assert [1, 21, 40] == heights_of(draw_bars(Canvas(_LOG), bars(1e-10, 1e-5, 1.0)))


@pytest.mark.parametrize("missing", [np.nan, np.inf, 0.0])
def test_what_has_no_place_on_a_log_axis_has_no_bar(missing):
    assert [0, 21, 0] == heights_of(draw_bars(Canvas(_LOG), bars(missing, 1e-5, np.nan)))


def test_a_bar_beyond_the_axis_fills_it_and_no_more():
    """Below 0 only its foot is left."""
    assert [40, 40, 1] == heights_of(draw_bars(Canvas(_AREA), bars(2.0, 1e300, -1.0)))


def test_the_text_of_a_bar_stands_over_its_top():
    drawing = draw_bars(Canvas(_AREA), bars(0.25, 1.0, 0.0, texts=("low", "high", "none")))
    rows = {stamp.text: stamp.row for stamp in drawing.stamps}
    assert {"low": 6, "high": 0, "none": 8} == rows


def test_words_stand_under_their_bars():
    axis = Axis("", AxisRange(-0.5, 2.5), labels=("one", "类别二", "three"))
    chart = Chart("", axis, Axis("", AxisRange(0, 1)), layers=(bars(0.2, 0.5, 0.3),))
    text = ChartRenderer().render(chart, 50, 12, DARK).to_text().split("\n")
    assert ["one", "类别二", "three"] == text[-1].split()


def test_words_that_are_too_long_are_cut():
    axis = Axis("", AxisRange(-0.5, 2.5), labels=("a very long category",) * 3)
    chart = Chart("", axis, Axis("", AxisRange(0, 1)), layers=(bars(0.2, 0.5, 0.3),))
    text = ChartRenderer().render(chart, 40, 12, DARK).to_text().split("\n")
    assert 3 == text[-1].count("…")


def test_a_line_over_a_bar_is_seen():
    """In its own colour, on the dots of the bar."""
    axis = Axis("", AxisRange(-0.5, 0.5))
    layers = (bars(1.0), line([-0.5, 0.5], [0.5, 0.5], "guess"))
    chart = Chart("", axis, Axis("", AxisRange(0, 1)), layers=layers)
    picture = ChartRenderer().render(chart, 40, 12, DARK)
    assert any(
        span.color == DARK.color("guess") and "⣿" in span.text
        for row in picture.rows
        for span in row
    )
