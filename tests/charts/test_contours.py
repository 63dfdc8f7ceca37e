"""Levels are worth drawing, and the lines drawn for them lie on them."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, strategies as st
from hypothesis.extra.numpy import arrays

from tests.charts.pictures import bowl
from tutor.charts.contours import choose_levels, label_place, level_segments, sample

_AXIS = np.linspace(-5.0, 5.0, 101)


def _rosenbrock(p):
    return (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2


@pytest.mark.parametrize("level", [1.0, 9.0, 20.0])
def test_every_end_of_a_line_lies_on_its_level(level):
    """At them f differs from the level by the error of linear interpolation, h²·f''/8 at most."""
    segments = level_segments(sample(bowl, _AXIS, _AXIS), level)
    ends = np.concatenate([segments[:2], segments[2:]], axis=1)
    assert segments.shape[1] > 40
    assert np.abs(bowl(ends) - level).max() <= 0.1**2 * 2 / 8 + 1e-12


def test_the_line_around_a_bowl_is_closed_and_as_long_as_its_circle():
    """Each end belongs to two pieces; the length is 2πr, less the chords' shortening."""
    segments = level_segments(sample(bowl, _AXIS, _AXIS), 9.3)
    ends = np.round(np.concatenate([segments[:2], segments[2:]], axis=1), 9)
    _, counts = np.unique(ends, axis=1, return_counts=True)
    assert {2} == set(counts.tolist())
    length = np.hypot(segments[2] - segments[0], segments[3] - segments[1]).sum()
    assert 2 * math.pi * math.sqrt(9.3) == pytest.approx(length, rel=2e-3)


def test_the_lines_of_a_saddle_do_not_cross():
    """At level 0.1 of x0·x1 each piece stays in its own quadrant."""
    x0, y0, x1, y1 = level_segments(sample(lambda p: p[0] * p[1], _AXIS, _AXIS), 0.1)
    assert ((x0 * x1 > 0) & (y0 * y1 > 0)).all()


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_saddle_inside_one_square_joins_what_its_middle_joins(sign):
    """Corners 2, 0, 2, 0 (or their negatives) and a middle above the level: high ground joins."""
    field = sample(
        lambda p: 1 + sign * (1 - 2 * p[0]) * (1 - 2 * p[1]),
        np.array([0.0, 1.0]),
        np.array([0.0, 1.0]),
    )
    x0, y0, x1, y1 = level_segments(field, 0.9)
    low_corners = {(0, 1), (1, 0)} if sign > 0 else {(0, 0), (1, 1)}
    around = {
        (round(float(a + b) / 2), round(float(c + d) / 2))
        for a, b, c, d in zip(x0, x1, y0, y1, strict=True)
    }
    assert low_corners == around


def test_squares_without_a_value_are_left_out():
    """The logarithm of x0 has lines on the right half alone, and no warning is raised."""
    x0, _, x1, _ = level_segments(sample(lambda p: np.log(p[0]), _AXIS, _AXIS), 0.5)
    assert x0.size > 50
    assert math.exp(0.5) == pytest.approx(np.concatenate([x0, x1]).mean(), abs=0.01)


def test_a_constant_function_may_return_one_number():
    assert {3.0} == set(sample(lambda _: 3.0, _AXIS, _AXIS).values.ravel().tolist())


def test_a_bowl_has_round_levels_evenly_spaced():
    assert (10.0, 20.0, 30.0, 40.0) == choose_levels(sample(bowl, _AXIS, _AXIS).values, 5)


def test_a_valley_has_levels_by_decades():
    x, y = np.linspace(-2, 2, 101), np.linspace(-1, 3, 101)
    levels = choose_levels(sample(_rosenbrock, x, y).values, 6)
    assert [10.0] * (len(levels) - 1) == pytest.approx([b / a for a, b in pairwise(levels)])
    assert 4 <= len(levels) <= 6


@pytest.mark.parametrize(
    "values",
    [np.full((3, 3), 2.0), np.full((3, 3), np.nan), np.empty((0, 0)), np.full((2, 2), np.inf)],
)
def test_where_there_is_nothing_to_show_there_is_no_level(values):
    assert () == choose_levels(values, 6)


@given(arrays(np.float64, st.integers(2, 40), elements=st.floats(width=64)), st.integers(1, 12))
def test_levels_are_finite_rise_and_lie_inside(values, count):
    """Whatever the values are: no NaN, no infinity, at most some twice as many as asked for."""
    clipped = np.clip(values, -1e300, 1e300)
    levels = choose_levels(clipped, count)
    assert sorted(set(levels)) == list(levels)
    assert len(levels) <= 2 * count + 3
    finite = clipped[np.isfinite(clipped)]
    assert all(finite.min() < level < finite.max() for level in levels)


def test_a_number_stands_on_its_line_and_away_from_others():
    """On a level line the place is on it; with a number at its left, the place is at the right."""
    x = np.arange(5.0, 55.0)
    line = np.stack([x, np.full(50, 6.0), x + 1, np.full(50, 6.0)])
    column, row = label_place(line, (60, 12), [(6.0, 6.0)])
    assert row == 6.0
    assert column > 20


def test_a_line_along_the_border_has_no_room_for_its_number():
    line = np.array([[0.0], [0.0], [1.0], [0.0]])
    assert label_place(line, (60, 12), []) is None
