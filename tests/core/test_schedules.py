"""Learning rates that change with the step."""

import math

import pytest

from tutor.core import Constant, Cosine, StepDecay
from tutor.core.schedules import rates


def test_a_constant_rate_never_changes():
    assert {0.3} == {Constant(0.3)(step) for step in range(9)}


def test_a_step_decay_falls_after_every_so_many_steps():
    assert [1.0] * 3 + [0.1] * 3 == [StepDecay(1.0, every=3)(step) for step in range(6)]


def test_a_cosine_falls_from_its_rate_to_its_least_and_stays_there():
    fall = Cosine(1.0, steps=10, least=0.2)
    assert 1.0 == fall(0)
    assert math.isclose(0.6, fall(5))
    assert math.isclose(0.2, fall(10))
    assert fall(10) == fall(99)
    assert all(fall(step) > fall(step + 1) for step in range(10))


def test_a_rate_is_a_number_or_a_schedule():
    assert [0.5, 0.5] == rates(0.5, 2)
    assert [1.0, 0.5] == rates(lambda step: 1 / (1 + step), 2)
    assert [] == rates(0.5, 0)


def test_a_schedule_without_steps_is_refused_when_it_is_made():
    with pytest.raises(ValueError, match="every must be 1 step or more, not 0"):
        StepDecay(1.0, every=0)
    with pytest.raises(ValueError, match="steps must be 1 or more, not 0"):
        Cosine(1.0, steps=0)
