"""A control moves on round numbers, stays in its range and says why a value is refused."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from tests.engine.lessons import GUESS, TUNE
from tutor.engine.kinds import kind_of
from tutor.engine.kinds.picking import picked_values
from tutor.engine.lesson.controls import Control
from tutor.errors import TutorError

LOG = Control(name="h", label="h", start=1e-4, low=1e-16, high=1.0, log=True)
LINEAR = Control(name="x", label="x", start=0.0, low=-2.0, high=3.0, step=0.1)
STEPS = Control(name="steps", label="steps", start=20, low=1, high=100, integer=True)


def test_ten_steps_of_a_logarithmic_control_are_a_decade():
    assert pytest.approx(1e-3) == LOG.moved(1e-4, 10)
    assert pytest.approx(1e-5) == LOG.moved(1e-4, -10)


def test_there_and_back_is_the_same_value():
    value = 1e-4
    for ticks in (1, 1, 1, -1, -1, -1):
        value = LOG.moved(value, ticks)
    assert 1e-4 == value


def test_linear_steps_leave_no_dust():
    """0.1 + 0.1 + 0.1 is 0.3, not 0.30000000000000004."""
    value = 0.0
    for _ in range(3):
        value = LINEAR.moved(value, 1)
    assert 0.3 == value


@given(st.sampled_from([LOG, LINEAR, STEPS]), st.floats(0, 1), st.integers(-500, 500))
def test_every_move_stays_in_the_range(control, fraction, ticks):
    value = control.moved(control.at_fraction(fraction), ticks)
    assert control.low <= value <= control.high
    assert 0 <= control.fraction(value) <= 1


def test_whole_numbers_stay_whole():
    assert 21.0 == STEPS.moved(20.0, 1)
    with pytest.raises(TutorError, match="whole number"):
        STEPS.accept(2.5)


@pytest.mark.parametrize("value", [5.0, -3.0, float("nan"), float("inf")])
def test_a_value_that_cannot_be_taken_is_refused_with_the_range(value):
    with pytest.raises(TutorError, match=r"x (goes from −2 to 3|must be a finite number)"):
        LINEAR.accept(value)


def test_a_place_on_the_plane_moves_the_guess():
    picked = picked_values(GUESS, kind_of(GUESS).controls(GUESS), "descent-path", 1.0, -2.0)
    assert {"x0": pytest.approx(1.0), "x1": pytest.approx(-2.0)} == dict(picked)


def test_a_place_means_nothing_where_no_control_follows_it():
    assert {} == dict(picked_values(TUNE, kind_of(TUNE).controls(TUNE), "descent-path", 1.0, 1.0))
