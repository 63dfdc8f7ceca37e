"""Lines become dots, each where the line passes and none elsewhere."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from tutor.charts.strokes import (
    BRAILLE,
    FEW,
    MANY,
    STRETCHES,
    clip,
    distinct,
    draw_segments,
    extremes,
    join_segments,
    line_segments,
    outline,
    pack,
)


def _drawn(segments, *, width=20, height=12, pattern="solid"):
    dots = np.zeros((height, width), dtype=np.bool_)
    draw_segments(dots, np.array(segments, dtype=float).T.reshape(4, -1), pattern)
    return dots


def test_a_line_passes_through_both_its_ends_without_gaps():
    dots = _drawn([(2, 1, 17, 8)])
    assert dots[1, 2]
    assert dots[8, 17]
    assert [1] * 16 == dots[:, 2:18].sum(axis=0).tolist()


_PLACE = st.floats(-1e12, 1e12) | st.floats(-30, 60)


@given(_PLACE, _PLACE, _PLACE, _PLACE)
def test_what_is_clipped_lies_on_the_canvas_and_on_the_line(x0, y0, x1, y1):
    """Both ends inside, and no farther from the line than half a dot."""
    part = clip(np.array([[x0], [y0], [x1], [y1]]), (-0.5, -0.5), (19.5, 11.5))
    assert (part[[0, 2]] >= -0.6).all()
    assert (part[[0, 2]] <= 19.6).all()
    assert (part[[1, 3]] >= -0.6).all()
    assert (part[[1, 3]] <= 11.6).all()
    length = np.hypot(x1 - x0, y1 - y0)
    if length > 1:
        cross = (part[0] - x0) / length * (y1 - y0) - (part[1] - y0) / length * (x1 - x0)
        assert (np.abs(cross) < 0.5).all()


def test_a_line_that_crosses_the_canvas_from_outside_is_drawn():
    assert 20 == _drawn([(-1e6, 5, 1e6, 5)]).sum()


def test_a_line_that_misses_the_canvas_leaves_nothing():
    assert not _drawn([(-5, 5, -1, 30), (30, 0, 50, 9), (-9, -9, 40, -1)]).any()


def test_a_value_that_is_not_finite_breaks_the_line():
    """Two pieces and a lone point: nothing bridges the gaps."""
    x = np.array([0.0, 2.0, np.nan, 8.0, np.nan, 12.0, 14.0])
    dots = _drawn(line_segments(x, np.zeros(7)).T)
    assert [0, 1, 2, 8, 12, 13, 14] == np.nonzero(dots[0])[0].tolist()


def test_thinning_keeps_every_dot():
    """A long zigzag with one spike: what is kept sets the very dots of the whole one."""
    k = np.arange(40 * MANY)
    x = np.rint(k % 18).astype(float)
    y = np.where(k == 7777, 11.0, np.rint(k % 5)).astype(float)
    segments = line_segments(x, y)
    thinned = segments[:, distinct(segments)]
    assert thinned.shape[1] < MANY
    assert (_drawn(segments.T) == _drawn(thinned.T)).all()


def test_dashes_leave_gaps_and_dots_leave_more():
    solid, dashed, dotted = (
        int(_drawn([(0, 3, 19, 3)], pattern=p).sum()) for p in ("solid", "dashed", "dotted")
    )
    assert solid > dashed > dotted > 0


def test_dashes_run_on_over_many_short_pieces():
    """A curve of 200 pieces has the same dashes as the one line that it is."""
    x = np.linspace(0, 19, 201)
    many = _drawn(line_segments(x, np.full(201, 3.0)).T, pattern="dashed")
    assert (many == _drawn([(0, 3, 19, 3)], pattern="dashed")).all()


@pytest.mark.parametrize(
    ("up", "across", "character"), [(3, 0, "⠁"), (0, 0, "⡀"), (0, 1, "⢀"), (2, 1, "⠐"), (3, 1, "⠈")]
)
def test_a_dot_becomes_the_braille_character_with_that_dot(up, across, character):
    dots = np.zeros((4, 2), dtype=np.bool_)
    dots[up, across] = True
    assert character == chr(BRAILLE + int(pack(dots)[0, 0]))


def test_the_top_row_of_cells_comes_first():
    dots = np.zeros((8, 2), dtype=np.bool_)
    dots[7] = True
    assert [[0x09], [0x00]] == pack(dots).tolist()


_ZIGZAGS = st.lists(
    st.tuples(st.floats(0, 19) | st.just(np.nan), st.floats(0, 11) | st.integers(0, 11)),
    min_size=1, max_size=60,
)  # fmt: skip


@given(_ZIGZAGS)
def test_the_outline_of_a_line_sets_the_dots_of_the_line(points):
    """On whole dots, as plotext rounds them: neither a spike nor a gap is lost."""
    across, up = np.floor(np.array(points, dtype=float).T + 0.5)
    kept = outline(across, up)
    whole, few = line_segments(across, up), line_segments(across[kept], up[kept])
    assert (_drawn(whole.T) == _drawn(few.T)).all()


def test_of_steps_to_and_fro_in_one_column_few_remain():
    up = np.tile([0.0, 11.0], 500) * np.linspace(1.0, 0.1, 1000)
    assert outline(np.full(1000, 3.0), up).size <= 4


@given(_ZIGZAGS)
def test_segments_join_into_the_line_that_they_are_of(points):
    across, up = np.array(points, dtype=float).T
    segments = line_segments(across, up)
    again = line_segments(*join_segments(segments))
    assert sorted(map(tuple, segments.T)) == sorted(map(tuple, again.T))


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
