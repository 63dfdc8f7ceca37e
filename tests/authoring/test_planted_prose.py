"""Of faults that chance plants into the prose of our lessons, nine of ten are found."""

import pytest

from tests.planted import COUNT, plant

SHARE = 0.9


def found(seed: int, count: int) -> list[bool]:
    return [fault.is_found() for fault in plant(seed, count)]


def test_of_a_sample_of_planted_faults_most_are_found():
    """One of each kind; a chance that fails one of ten kinds is no fault of the linter."""
    assert 8 <= sum(found(seed=1, count=10))


@pytest.mark.thorough
def test_of_sixty_planted_faults_fifty_four_are_found_on_average():
    seeds = range(1, 6)
    assert SHARE * COUNT * len(seeds) <= sum(sum(found(seed, COUNT)) for seed in seeds)
