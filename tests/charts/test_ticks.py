"""Ticks are few, round and told apart by their labels."""

import pytest
from hypothesis import given, strategies as st

from tutor.charts.ticks import linear_ticks, log_ticks, round_step, short_number


def _labels(ticks):
    return [tick.label for tick in ticks]


def test_linear_ticks_are_round_numbers():
    assert ["−4", "−2", "0", "2", "4"] == _labels(linear_ticks(-5.0, 5.0, 5, ascii_only=False))


def test_linear_labels_share_their_decimals():
    assert ["0.0", "0.5", "1.0"] == _labels(linear_ticks(0.0, 1.0, 2, ascii_only=True))


def test_large_and_small_numbers_are_short():
    assert ["0", "5e5", "1e6", "1.5e6"] == _labels(linear_ticks(0.0, 1.6e6, 4, ascii_only=True))
    assert ["0", "1e-7", "2e-7"] == _labels(linear_ticks(0.0, 2e-7, 2, ascii_only=True))


def test_close_to_a_number_the_labels_say_how_far_from_it():
    """Zooming in on 5 by a billion: the labels stay short and differ."""
    assert ["-1e-9", "5", "+1e-9"] == _labels(
        linear_ticks(5 - 1.2e-9, 5 + 1.2e-9, 3, ascii_only=True)
    )


def test_log_ticks_are_powers_of_ten():
    assert ["10⁻⁶", "10⁻³", "10⁰"] == _labels(log_ticks(1e-8, 1.0, 3, ascii_only=False))
    assert ["1e-6", "1e-3", "1e0"] == _labels(log_ticks(1e-8, 1.0, 3, ascii_only=True))


def test_within_a_decade_a_log_axis_has_ones_twos_and_fives():
    assert ["0.2", "0.5", "1"] == _labels(log_ticks(0.15, 1.2, 3, ascii_only=False))


def test_within_a_factor_of_two_a_log_axis_has_linear_ticks():
    assert ["1.10", "1.15", "1.20"] == _labels(log_ticks(1.1, 1.2, 2, ascii_only=True))


@given(st.floats(-1e300, 1e300), st.floats(1e-11, 1e300), st.integers(1, 12))
def test_ticks_lie_inside_and_their_labels_differ(low, length, count):
    """For any range that a chart can have (its ends differ by 1e-11 of their size or more)."""
    length = max(length, abs(low) * 1e-11)
    high = low + length
    ticks = linear_ticks(low, high, count, ascii_only=True)
    assert len(ticks) <= count + 1
    assert len(set(_labels(ticks))) == len(ticks)
    room = length * 1e-6 + abs(low) * 4e-16  # the rounding of floats
    assert all(low - room <= tick.value <= high + room for tick in ticks)


@given(st.floats(-300, 299), st.floats(1e-3, 300), st.integers(1, 12))
def test_log_ticks_lie_inside_and_their_labels_differ(low, decades, count):
    ends = 10.0**low, 10.0 ** min(low + decades, 300.0)
    ticks = log_ticks(*ends, count, ascii_only=True)
    assert len(set(_labels(ticks))) == len(ticks)
    assert all(ends[0] * 0.999 <= tick.value <= ends[1] * 1.001 for tick in ticks)


@pytest.mark.parametrize(("size", "step"), [(0.3, 0.5), (1.0, 1.0), (7.0, 10.0), (1.1e-9, 2e-9)])
def test_a_round_step_is_the_next_of_1_2_5(size, step):
    assert step == pytest.approx(round_step(size))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.05, "0.05"),
        (12.5, "12.5"),
        (2500.0, "2500"),
        (-3.0, "−3"),
        (1e6, "1e6"),
        (2e-7, "2e−7"),
        (0.0, "0"),
    ],
)
def test_a_level_is_written_in_few_cells(value, text):
    assert text == short_number(value, ascii_only=False)
