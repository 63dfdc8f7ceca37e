"""Long lines are thinned without losing what can be seen."""

import numpy as np
from hypothesis import given, strategies as st

from tutor.charts.thinning import FEW, STRETCHES, extremes


def _noise(seed, count):
    return np.random.default_rng(seed).standard_normal((2, count))


def test_short_lines_stay_as_they_are():
    assert FEW == extremes(*_noise(0, FEW)).size


@given(st.integers(0, 10_000), st.integers(FEW + 1, 3 * FEW))
def test_what_remains_reaches_as_far(seed, count):
    """Leftmost, rightmost, lowest and highest, the ends, and in order."""
    x, y = _noise(seed, count)
    kept = extremes(x, y)
    for values in (x, y):
        assert (values.min(), values.max()) == (values[kept].min(), values[kept].max())
    assert (0, count - 1) == (kept[0], kept[-1])
    assert (np.diff(kept) > 0).all()


def test_a_million_points_become_a_few_thousand():
    assert extremes(*_noise(1, 1_000_000)).size <= 8 * (STRETCHES + 1)


@given(st.integers(0, 99_999), st.sampled_from([np.nan, np.inf, -np.inf]))
def test_a_gap_stays_a_gap_and_the_peaks_beside_it_stay(place, value):
    y = _noise(2, 100_000)[1]
    y[place] = value
    kept = extremes(np.zeros_like(y), y)
    assert place in kept
    finite = y[np.isfinite(y)]
    seen = y[kept][np.isfinite(y[kept])]
    assert (finite.min(), finite.max()) == (seen.min(), seen.max())


def test_a_line_of_nothing_but_nan_disturbs_nobody():
    nothing = np.full(10_000, np.nan)
    assert np.isnan(nothing[extremes(nothing, nothing)]).all()
