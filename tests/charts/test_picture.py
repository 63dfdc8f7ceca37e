"""A cell of a picture and a place in the data find each other."""

import pytest
from hypothesis import given, strategies as st

from tutor.charts.chart import AxisRange
from tutor.charts.picture import Picture, PlotArea, Span

_AREAS = st.builds(
    lambda left, top, columns, rows, low, length, log: PlotArea(
        left, top, columns, rows, AxisRange(low, low + length), AxisRange(low, low * 3), log, log
    ),
    st.integers(0, 9), st.integers(0, 4), st.integers(2, 120), st.integers(1, 50),
    st.floats(1e-6, 1e6), st.floats(1.0, 1e6), st.booleans(),
)  # fmt: skip


@given(_AREAS, st.data())
def test_to_cell_is_the_inverse_of_to_data(area, data):
    column = data.draw(st.integers(area.left, area.left + area.columns - 1))
    row = data.draw(st.integers(area.top, area.top + area.rows - 1))
    assert (column, row) == area.to_cell(*area.to_data(column, row))


def test_up_on_the_chart_is_up_in_the_data():
    area = PlotArea(5, 1, 40, 10, AxisRange(0.0, 1.0), AxisRange(0.0, 1.0))
    assert (5, 10) == area.to_cell(0.0, 0.0)
    assert (44, 1) == area.to_cell(1.0, 1.0)


def test_a_place_off_the_chart_has_the_nearest_cell():
    area = PlotArea(5, 1, 40, 10, AxisRange(0.0, 1.0), AxisRange(0.0, 1.0))
    assert (44, 10) == area.to_cell(float("inf"), -1e300)


def test_a_click_beside_the_canvas_is_not_inside():
    area = PlotArea(5, 1, 40, 10, AxisRange(0.0, 1.0), AxisRange(0.0, 1.0))
    assert [True, False, False] == [area.contains(*c) for c in ((5, 1), (4, 5), (20, 11))]


def test_a_cell_off_the_canvas_still_has_data():
    """So that a drag may go on over the frame."""
    area = PlotArea(5, 1, 40, 10, AxisRange(0.0, 1.0), AxisRange(0.0, 1.0))
    assert area.to_data(0, 5)[0] == pytest.approx(-0.12, abs=0.02)


def test_the_text_of_a_picture_is_its_rows():
    area = PlotArea(0, 0, 2, 2, AxisRange(0.0, 1.0), AxisRange(0.0, 1.0))
    assert "ab\nc " == Picture(((Span("a"), Span("b", (1, 2, 3))), (Span("c "),)), area).to_text()
