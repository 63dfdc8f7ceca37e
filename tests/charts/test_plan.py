"""Everything has its place, the canvas the most."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from tutor.charts.chart import AxisRange
from tutor.charts.plan import Frame, lay_out

_FRAME = Frame(
    width=38, height=10, title="Error against h", x_title="step h", y_title="error",
    x_range=AxisRange(1e-16, 1.0), y_range=AxisRange(1e-12, 1.0), x_log=True, y_log=True,
    equal_aspect=False, has_labels=True, ascii_only=False,
)  # fmt: skip


def test_of_ten_rows_seven_are_the_canvas():
    """One row for the titles, one for the axis with its own, one for the numbers."""
    assert 7 == lay_out(_FRAME).area.rows


def test_a_small_chart_still_has_three_ticks_on_each_axis():
    plan = lay_out(_FRAME)
    assert len(plan.x_ticks) >= 3
    assert len(plan.y_ticks) >= 3


@given(st.integers(20, 140), st.integers(6, 50), st.floats(-1e6, 1e6), st.floats(1e-6, 1e7))
def test_labels_never_touch_and_the_canvas_stays_inside(width, height, low, length):
    span = AxisRange(low, low + max(length, abs(low) * 1e-9))
    plan = lay_out(replace(_FRAME, width=width, height=height, x_range=span, y_range=span,
                           x_log=False, y_log=False))  # fmt: skip
    area = plan.area
    assert area.left + area.columns + plan.is_boxed == width
    assert area.columns >= 1
    assert area.rows >= 1
    assert len({tick.cell for tick in plan.y_ticks}) == len(plan.y_ticks)
    ends = [(t.cell - len(t.label) // 2, t.cell + len(t.label) // 2) for t in plan.x_ticks]
    assert all(a[1] < b[0] for a, b in pairwise(ends))


def test_the_title_of_the_x_axis_covers_no_tick():
    plan = lay_out(_FRAME)
    first = plan.x_title_column - plan.area.left
    covered = range(first, first + len(plan.x_title))
    assert not {tick.cell for tick in plan.x_ticks} & set(covered)


@pytest.mark.parametrize(("width", "height"), [(38, 10), (78, 10), (70, 30)])
def test_equal_aspect_makes_a_unit_as_long_up_as_across(width, height):
    span = AxisRange(-5.0, 5.0)
    plan = lay_out(replace(_FRAME, width=width, height=height, x_range=span, y_range=span,
                           x_log=False, y_log=False, equal_aspect=True))  # fmt: skip
    x, y = plan.area.x_range, plan.area.y_range
    across = (plan.area.columns * 2 - 1) / (x.high - x.low)
    up = (plan.area.rows * 4 - 1) / (y.high - y.low)
    assert across == pytest.approx(up)
    assert min(x.high - x.low, y.high - y.low) == pytest.approx(10.0)
