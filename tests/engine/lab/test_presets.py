"""Each preset fails in the way that it is named after."""

import numpy as np
import pytest

from tutor.engine.descent.run import run
from tutor.engine.lab.presets import PRESETS, preset
from tutor.errors import TutorError


def of(name):
    return run(preset(name).setup)


def test_every_failure_of_the_tour_is_there():
    assert [
        "overshoot", "glacial", "ping-pong", "trapped", "cliff", "saddle-escape", "freeze",
    ] == [each.name for each in PRESETS]  # fmt: skip
    assert all(str(each.title) and str(each.sentence) for each in PRESETS)


def test_overshoot_lands_farther_away_each_time():
    made = of("overshoot")
    assert "diverged" == made.status
    assert (np.diff(made.distances) > 0).all()


def test_glacial_hardly_moves():
    made = of("glacial")
    assert 0.95 * made.distances[0] < made.distances[-1] < made.distances[0]


def test_ping_pong_comes_back_every_second_step():
    made = of("ping-pong")
    assert "oscillating" == made.status
    assert np.allclose(made.points[::2], made.points[0], rtol=1e-12)


def test_trapped_rests_in_the_wrong_valley():
    made = of("trapped")
    assert "converged" == made.status
    assert made.distances[-1] > 1.9


def test_cliff_is_thrown_out_of_the_world():
    assert "nonfinite" == of("cliff").status


def test_saddle_escape_stands_still_and_then_leaves():
    made = of("saddle-escape")
    assert abs(made.values[30] - made.values[20]) < 1e-3
    assert made.values[-1] == pytest.approx(-0.25)


def test_freeze_stands_still_far_from_any_minimum():
    made = of("freeze")
    assert ("frozen", 10) == (made.status, made.since)
    assert made.distances[-1] > 1e13


def test_an_unknown_preset_lists_the_known_ones():
    with pytest.raises(TutorError, match="overshoot, glacial"):
        preset("avalanche")
