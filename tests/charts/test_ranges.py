"""Axes span the data, whatever the data are."""

import math

import pytest
from hypothesis import given, strategies as st

from tests.charts.pictures import free_chart, line, points
from tutor.charts.chart import Arrow, Axis, AxisRange, Chart
from tutor.charts.ranges import equal_units, fit_ranges


def test_the_range_asked_for_wins():
    chart = Chart("", Axis("", AxisRange(-1.0, 2.0)), Axis(""), layers=(line([0, 9], [0, 9]),))
    assert AxisRange(-1.0, 2.0) == fit_ranges(chart)[0]


def test_all_layers_span_the_range_with_a_margin():
    """Lines, points and the tips of arrows, of the backdrop too."""
    chart = free_chart(line([0, 1], [0, 1]), points([3], [0]), Arrow(0, 0, 5, -2, "uphill"))
    x_range, y_range = fit_ranges(chart)
    assert (-0.2, 5.2) == pytest.approx((x_range.low, x_range.high))
    assert (-2.12, 1.12) == pytest.approx((y_range.low, y_range.high))


def test_values_without_a_place_do_not_count():
    """NaN, infinity, and on a log axis what is not above 0."""
    chart = free_chart(line([1, 100], [math.nan, math.inf]), points([0, -5], [1, 1]), scale="log")
    x_range, y_range = fit_ranges(chart)
    assert (10**-0.08, 10**2.08) == pytest.approx((x_range.low, x_range.high))
    assert y_range.low < 1 < y_range.high


_ANY = st.lists(st.floats(), max_size=6)


@given(_ANY, st.sampled_from(["linear", "log"]))
def test_a_range_is_always_finite_and_open(values, scale):
    """No data, one point, constants, NaN and 1e308 included; above 0 on a log axis."""
    for axis_range in fit_ranges(free_chart(line(values, values), scale=scale)):
        assert -math.inf < axis_range.low < axis_range.high < math.inf
        assert scale == "linear" or axis_range.low > 0


@given(st.floats(), st.floats(), st.sampled_from(["linear", "log"]))
def test_an_impossible_range_asked_for_is_mended(low, high, scale):
    axis = Axis("", AxisRange(low, high), scale)
    for axis_range in fit_ranges(Chart("", axis, axis)):
        assert -math.inf < axis_range.low < axis_range.high < math.inf
        assert scale == "linear" or axis_range.low > 0


def test_equal_units_widen_the_shorter_axis_about_its_middle():
    """20 dots across 4 units and 10 dots up 9: a unit must take one dot on both."""
    x_range, y_range = equal_units(AxisRange(0.0, 4.0), AxisRange(0.0, 9.0), 20, 10)
    assert AxisRange(-7.5, 11.5) == x_range
    assert AxisRange(0.0, 9.0) == y_range
