"""Lines, points and arrows say where they go, on the chart and off it."""

import math
from itertools import pairwise

import numpy as np
import pytest

from tests.charts.pictures import line, points
from tutor.charts.canvas import Canvas
from tutor.charts.chart import Arrow, Axis, AxisRange, Bars, Chart, Guide, Line
from tutor.charts.line_drawing import draw_arrow, draw_bars, draw_guide, draw_line, draw_points
from tutor.charts.palette import DARK
from tutor.charts.picture import PlotArea
from tutor.charts.plotext_renderer import ChartRenderer

_CANVAS = Canvas(PlotArea(0, 0, 40, 20, AxisRange(0.0, 10.0), AxisRange(0.0, 10.0)))


def _stamps(drawing, *texts):
    return [(s.column, s.row, s.text) for s in drawing.stamps if s.text in texts or not texts]


@pytest.mark.parametrize(
    ("dx", "dy", "head"),
    [(4, 0, "→"), (-4, 0, "←"), (0, 4, "↑"), (0, -4, "↓"), (3, 3, "↗"), (-3, -3, "↙")],
)
def test_the_head_stands_at_the_tip_and_points_along(dx, dy, head):
    """One unit is as long on both axes here: 40 cells by 20 of double height."""
    drawing = draw_arrow(_CANVAS, Arrow(5.0, 5.0, dx, dy, "uphill"))
    tip = _CANVAS.area.to_cell(5.0 + dx, 5.0 + dy)
    assert [(*tip, head)] == _stamps(drawing)


def test_a_head_follows_the_screen_not_the_data():
    """(1, 1) on axes of 0..10 by 0..100 is a flat arrow."""
    canvas = Canvas(PlotArea(0, 0, 40, 20, AxisRange(0.0, 10.0), AxisRange(0.0, 100.0)))
    assert "→" == draw_arrow(canvas, Arrow(5.0, 50.0, 2.0, 2.0, "uphill")).stamps[0].text


def test_a_short_arrow_shows_its_head_beside_its_tail():
    """Else a mark on the tail would hide it."""
    tail = _CANVAS.area.to_cell(5.0, 5.0)
    drawing = draw_arrow(_CANVAS, Arrow(5.0, 5.0, 0.15, 0.0, "uphill"))
    assert [(tail[0] + 1, tail[1], "→")] == _stamps(drawing)


@pytest.mark.parametrize("length", [0.0, 1e-9, math.nan])
def test_an_arrow_of_no_length_leaves_nothing(length):
    drawing = draw_arrow(_CANVAS, Arrow(5.0, 5.0, length, 0.0, "uphill"))
    assert ([], None) == (drawing.stamps, drawing.dots)


def test_an_arrow_that_leaves_ends_in_a_sign_at_the_edge():
    drawing = draw_arrow(_CANVAS, Arrow(5.0, 5.0, 1e9, 0.0, "uphill"))
    assert [(39, _CANVAS.area.to_cell(5.0, 5.0)[1], "▶")] == _stamps(drawing)


@pytest.mark.parametrize(
    ("x", "y", "sign", "cell"),
    [(99, 5, "▶", (39, 9)), (-99, 5, "◀", (0, 9)), (5, 1e300, "▲", (20, 0)), (5, -1, "▼", (20, 19)),
     (99, 99, "◥", (39, 0)), (-9, -9, "◣", (0, 19))],
)  # fmt: skip
def test_a_point_off_the_chart_is_pointed_to(x, y, sign, cell):
    assert [(*cell, sign)] == _stamps(draw_points(_CANVAS, points([x], [y])))


def test_a_point_without_a_value_leaves_nothing():
    assert [] == draw_points(_CANVAS, points([math.nan, 3.0], [1.0, math.inf])).stamps


def test_a_path_has_a_sign_where_it_leaves():
    """From the middle to the right and up beyond the top: the top edge is met first."""
    drawing = draw_line(_CANVAS, line([5, 11], [5, 25], "path"))
    column, row, sign = next(s for s in _stamps(drawing, "▲", "▶"))
    assert (0, "▲") == (row, sign)
    assert _CANVAS.area.to_cell(5 + 6 * 5 / 20, 10)[0] == pytest.approx(column, abs=1)


def test_a_path_that_swings_out_has_a_sign_on_either_side():
    """η above the limit: x grows by −1.5 a step."""
    x = 5 + 1.0 * (-1.5) ** np.arange(12)
    drawing = draw_line(_CANVAS, line(x.tolist(), [5.0] * 12, "path"))
    assert 1 == len(_stamps(drawing, "▶", "◀"))


def test_a_curve_that_leaves_has_no_sign():
    """A parabola is cut by the frame, it does not go astray."""
    assert [] == draw_line(_CANVAS, line([0, 5, 10], [99, 0, 99], "curve")).stamps


def test_a_path_wholly_off_the_chart_points_to_its_end():
    assert [(39, 0, "◥")] == _stamps(draw_line(_CANVAS, line([20, 30], [20, 30], "path")))


def test_a_path_marks_its_iterates_and_its_direction():
    drawing = draw_line(_CANVAS, line([1, 8, 8], [9, 9, 4], "path"))
    iterates = {(*_CANVAS.area.to_cell(x, y), "•") for x, y in [(1, 9), (8, 9), (8, 4)]}
    assert iterates == set(_stamps(drawing, "•"))
    assert ["→", "↓"] == [text for *_, text in _stamps(drawing, "→", "↓")]


def test_iterates_that_crowd_have_no_marks():
    """A thousand steps along one line: the line alone, but for its ends."""
    x = np.linspace(1, 9, 1000).tolist()
    assert len(_stamps(draw_line(_CANVAS, line(x, x, "path")), "•")) <= 2


def _dots(guide):
    drawing = draw_guide(_CANVAS, guide)
    return np.zeros((80, 80), bool) if drawing.dots is None else drawing.dots


def test_an_upright_guide_runs_from_edge_to_edge():
    up, across = np.nonzero(_dots(Guide("reference", x=5.0)))
    assert 1 == len(set(across.tolist()))
    assert up.min() < 4
    assert up.max() > 75


def test_a_cross_is_small_and_has_its_mark_in_the_middle():
    drawing = draw_guide(_CANVAS, Guide("cursor", x=5.0, y=5.0))
    assert [(*_CANVAS.area.to_cell(5.0, 5.0), "┼")] == _stamps(drawing)
    up, across = np.nonzero(drawing.dots)
    assert (24, 48) == pytest.approx((np.ptp(up), np.ptp(across)), abs=6)


@pytest.mark.parametrize("x", [-1.0, 11.0, math.nan, math.inf])
def test_a_guide_off_the_chart_leaves_nothing(x):
    assert not _dots(Guide("limit", x=x)).any()
    assert not _dots(Guide("cursor", x=x, y=5.0)).any()


def test_a_ghost_has_marks_all_along_its_way_and_no_heads():
    """However small its steps are: its mark alone tells it from other ghosts."""
    x = np.linspace(0, 10, 2000)
    drawing = draw_line(_CANVAS, line(x.tolist(), x.tolist(), "ghost2"))
    assert 5 <= len(_stamps(drawing, "△")) <= 8
    assert {"△"} == {text for *_, text in _stamps(drawing)}


def test_a_spike_in_a_million_points_is_drawn():
    """One sample of a million reaches the top row; the others lie in the bottom one."""
    y = np.zeros(1_000_000)
    y[654_321] = 10.0
    x = np.linspace(0, 10, y.size)
    across, up = draw_line(_CANVAS, Line(x, y, "curve")).plot.positions
    assert [6.54321] == pytest.approx(across[up == 10.0].tolist())
    assert (0.0, 10.0) == (np.nanmin(across), np.nanmax(across))
    assert across.size < 20


def test_marks_on_a_line_keep_their_distance():
    x = np.linspace(0, 10, 500).tolist()
    columns = [c for c, *_ in _stamps(draw_line(_CANVAS, line(x, x, "forward")), "△")]
    assert all(5 <= b - a <= 6 for a, b in pairwise(columns))
    assert len(columns) >= 7


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
