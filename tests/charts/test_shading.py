"""Shaded cells: heat maps, regions and bands, with colours and without."""

import numpy as np
import pytest

from tests.charts.pictures import blank_chart, bowl, cells_with
from tutor.charts.canvas import Canvas
from tutor.charts.chart import (
    DIVERGES,
    UNKNOWN,
    Axis,
    AxisRange,
    Backdrop,
    Band,
    Chart,
    HeatMap,
    Line,
    Regions,
)
from tutor.charts.field_drawing import draw_heat_map, heat_shares
from tutor.charts.palette import DARK, HEAT_TONES, MONO
from tutor.charts.picture import PlotArea
from tutor.charts.plotext_renderer import ChartRenderer
from tutor.charts.shading import draw_band, draw_regions

_SPAN = AxisRange(-5.0, 5.0)
_AREA = PlotArea(0, 0, 20, 10, _SPAN, _SPAN)
_COLORED, _PLAIN, _ASCII = Canvas(_AREA, False, True), Canvas(_AREA), Canvas(_AREA, True)
_QUARTERS = np.array([[0, 1], [UNKNOWN, DIVERGES]])


def _tones(drawing):
    return drawing.shading.tones


def _marks(drawing):
    return [[drawing.shading.table[t].mark for t in row] for row in _tones(drawing).tolist()]


def test_the_lowest_cells_have_the_lowest_tone_and_the_highest_the_highest():
    tones = _tones(draw_heat_map(_COLORED, HeatMap(bowl)))
    assert (0, HEAT_TONES - 1) == (tones.min(), tones.max())
    assert 0 == tones[5, 10]
    assert HEAT_TONES - 1 == tones[0, 0]


def test_tones_rise_outward_from_the_bottom_of_a_bowl():
    row = _tones(draw_heat_map(_COLORED, HeatMap(bowl)))[5, 10:]
    assert (np.diff(row) >= 0).all()


def test_without_colour_marks_grow_denser_with_the_value():
    marks = _marks(draw_heat_map(_PLAIN, HeatMap(bowl)))
    diagonal = [marks[row][10 + 2 * (row - 5)] for row in range(5, 10)]
    assert " ░▒▓" == "".join(dict.fromkeys(diagonal))
    corner = _marks(draw_heat_map(_ASCII, HeatMap(bowl)))[0][0]
    assert "#" == corner


def test_cells_without_a_value_stay_blank():
    tones = _tones(draw_heat_map(_COLORED, HeatMap(lambda p: np.log(p[0]))))
    assert {-1} == set(tones[:, :10].ravel().tolist())
    assert -1 not in tones[:, 10:]


@pytest.mark.parametrize("f", [lambda p: 3.0, lambda p: p[0] * np.nan, lambda p: p[0] * 1e308])
def test_no_field_disturbs_a_heat_map(f):
    assert (10, 20) == _tones(draw_heat_map(_COLORED, HeatMap(f))).shape


def test_shares_bring_the_median_of_a_bowl_to_the_middle():
    values = np.linspace(0, 1, 1001) ** 2
    assert 0.5 == pytest.approx(float(heat_shares(values)[500]), abs=0.01)


def test_shares_of_a_valley_go_by_decades():
    """Where most lies far below the top, each factor of ten is as many tones."""
    values = np.concatenate([np.full(1000, 0.1), np.geomspace(0.1, 1e4, 6), np.full(60, 1e4)])
    shares = heat_shares(np.append(values, 0.0))
    assert 0.2 == pytest.approx(float(shares[1004] - shares[1003]), abs=0.01)


def test_regions_lie_where_their_starts_lie():
    """The first row of numbers is the lower half of the chart."""
    marks = _marks(draw_regions(_COLORED, Regions(_QUARTERS, _SPAN, _SPAN)))
    assert ("A", "B", "·", "∞") == (marks[9][0], marks[9][19], marks[0][0], marks[0][19])


def test_beyond_its_rectangle_a_map_leaves_the_canvas_blank():
    tones = _tones(draw_regions(_COLORED, Regions(_QUARTERS, AxisRange(0, 5), _SPAN)))
    assert {-1} == set(tones[:, :10].ravel().tolist())
    assert (tones[:, 10:] >= 0).all()


def test_a_region_has_a_colour_and_a_letter_and_a_name_in_the_legend():
    layer = Regions(_QUARTERS, _SPAN, _SPAN, ("left end", "right end"), "flies away")
    picture = ChartRenderer().render(blank_chart(layer, low=-5, high=5), 60, 20, DARK)
    grounds = {span.background for row in picture.rows for span in row}
    assert {None, DARK.regions[0], DARK.regions[1], DARK.diverging} == grounds
    legend = picture.to_text().split("\n")[0]
    for words in ("A  left end", "B  right end", "∞  flies away"):
        assert words in legend
    assert cells_with(picture, "A")


def test_without_colour_letters_fill_a_region():
    chart = blank_chart(Regions(_QUARTERS, _SPAN, _SPAN), low=-5, high=5)
    picture = ChartRenderer(ascii_only=True).render(chart, 60, 20, MONO)
    assert len(cells_with(picture, "A")) > 100
    assert picture.to_text().isascii()


def test_a_band_shades_its_columns_alone():
    tones = _tones(draw_band(_COLORED, Band(0.0, np.inf)))
    assert [-1] * 10 + [0] * 10 == tones[3].tolist()


def test_a_line_over_a_heat_map_keeps_the_ground_below_it():
    """Every cell of the canvas is shaded, those of the line too."""
    line = Line(np.array([-5.0, 5.0]), np.array([-5.0, 5.0]), "path")
    axis = Axis("", _SPAN)
    chart = Chart("", axis, axis, (line,), Backdrop("heat", (HeatMap(bowl),)))
    picture = ChartRenderer().render(chart, 40, 14, DARK)
    area = picture.area
    for row in picture.rows[area.top : area.top + area.rows]:
        shaded = sum(len(span.text) for span in row if span.background)
        assert area.columns == shaded
    assert any(
        span.color == DARK.color("path") and span.background for row in picture.rows for span in row
    )


def test_a_heat_map_is_drawn_once_for_its_key():
    calls = []

    def counted(points):
        calls.append(points.shape)
        return bowl(points)

    axis, renderer = Axis("", _SPAN), ChartRenderer()
    for end in (1.0, 2.0, 3.0):
        line = Line(np.array([0.0, end]), np.array([0.0, end]), "path")
        backdrop = Backdrop("one", (HeatMap(counted),))
        renderer.render(Chart("", axis, axis, (line,), backdrop), 40, 14, DARK)
    assert 1 == len(calls)
