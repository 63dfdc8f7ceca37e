"""Data become dots, and dots data."""

import math

import numpy as np
import pytest
from hypothesis import given, strategies as st

from tutor.charts.scale import FARTHEST, Scale


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.booleans(), st.integers(2, 400), st.data())
def test_value_is_the_inverse_of_dot(low, length, log, dots, data):
    """Every dot comes back from its value, on linear and log axes (to the rounding of floats)."""
    scale = Scale(abs(low) + 1e-3, (abs(low) + 1e-3) * (1 + length), log=True, dots=dots)
    if not log:
        scale = Scale(low, low + length, log=False, dots=dots)
    dot = data.draw(st.floats(0, dots - 1))
    assert dot == pytest.approx(scale.dot(np.array([scale.value(dot)]))[0], abs=1e-3)


def test_the_ends_are_the_first_and_the_last_dot():
    assert [0.0, 9.5, 19.0] == Scale(-1.0, 3.0, log=False, dots=20).dot(
        np.array([-1.0, 1.0, 3.0])
    ).tolist()


def test_a_log_axis_gives_each_decade_the_same_length():
    assert [0.0, 4.0, 8.0] == pytest.approx(
        Scale(1e-8, 1.0, log=True, dots=9).dot(np.array([1e-8, 1e-4, 1.0])).tolist()
    )


def test_what_has_no_place_is_nan():
    """NaN and infinities everywhere; zero and below on a log axis."""
    scale = Scale(1e-3, 1.0, log=True, dots=10)
    assert np.isnan(scale.dot(np.array([math.nan, math.inf, -math.inf, 0.0, -2.0]))).all()


def test_values_far_away_stay_finite():
    """1e300 on an axis of length 1e-300 is far, not infinite: lines to it can still be cut."""
    far = Scale(0.0, 1e-300, log=False, dots=10).dot(np.array([1e300, -1e300]))
    assert [FARTHEST, -FARTHEST] == far.tolist()


def test_the_nearest_dot_of_a_value_beyond_the_end_is_the_last():
    scale = Scale(0.0, 1.0, log=False, dots=10)
    assert [0, 9, 0, 9] == [scale.nearest_dot(v) for v in (-5.0, 7.0, -math.inf, math.inf)]


def test_nan_has_no_nearest_dot():
    with pytest.raises(ValueError, match="nan has no place"):
        Scale(0.0, 1.0, log=False, dots=10).nearest_dot(math.nan)
