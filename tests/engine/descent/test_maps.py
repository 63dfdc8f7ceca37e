"""The sweep over η and the map of basins: against single runs, theory and symmetry."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from tests.engine.descent.cases import OPTIMIZERS, branched, setup_on, setups
from tests.examples import examples
from tutor.engine.descent.maps import AWAY, UNDERWAY, basins
from tutor.engine.descent.rules import with_change
from tutor.engine.descent.run import run
from tutor.engine.descent.setup import Rule, Setup
from tutor.engine.lab.sweep import sweep
from tutor.errors import TutorError


def last(pieces):
    *_, final = pieces
    return final


RATES = (1e-4, 0.01, 0.3, 0.99, 1.01, 5.0)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_sweep_ends_where_single_runs_end(optimizer):
    """Branches, schedules and numerical gradients included; the last bits may differ."""
    setup = branched(optimizer)
    found = last(sweep(setup, RATES))
    expected = [run(with_change(setup, 0, learning_rate=rate)).values[-1] for rate in RATES]
    assert expected == pytest.approx(found.losses.tolist(), rel=1e-6)


def test_the_diverging_region_begins_at_the_limit_of_theory():
    found = last(sweep(Setup(), RATES))
    assert (1.0, True) == (found.limit, found.limit_is_exact)
    assert [False, False, False, False, True, True] == found.diverged.tolist()


def test_beyond_a_bowl_the_limit_holds_near_the_minimum_only():
    """λmax of Rosenbrock's Hessian at (1, 1) is 1001.6."""
    found = last(sweep(setup_on("rosenbrock"), (1e-4, 1e-3)))
    assert 2 / 1001.6006 == pytest.approx(found.limit, rel=1e-6)
    assert not found.limit_is_exact


@pytest.mark.parametrize("setup", [setup_on("saddle"), setup_on("sphere", optimizer="adam")])
def test_where_theory_knows_no_limit_there_is_none(setup):
    assert last(sweep(setup, RATES)).limit is None


def test_a_long_sweep_comes_in_pieces_that_go_deeper():
    pieces = list(sweep(replace(setup_on("rosenbrock"), steps=3000), RATES))
    assert len(pieces) > 3
    assert [piece.done for piece in pieces] == sorted({piece.done for piece in pieces})
    assert 3000 == pieces[-1].done


def test_a_sweep_that_has_come_to_rest_stops_early():
    """A million steps of which all but the first few change nothing."""
    pieces = list(sweep(replace(Setup(), steps=1_000_000), (0.5, 0.4, 1e3)))
    assert 20 > len(pieces)
    assert 1_000_000 == pieces[-1].done


def test_himmelblaus_four_basins_are_found():
    found = last(basins(setup_on("himmelblau", learning_rate=0.01), 60, 30))
    assert (30, 60) == found.numbers.shape
    assert {0, 1, 2, 3} == set(np.unique(found.numbers[found.numbers >= 0]))
    assert 4 == len(found.ends)
    assert [0.0] * 4 == pytest.approx(found.values, abs=1e-20)


def test_each_start_of_the_map_ends_where_a_run_from_there_ends():
    setup = replace(setup_on("himmelblau", learning_rate=0.01), steps=100)
    found = last(basins(setup, 12, 10))
    for row, x1 in enumerate(found.x1):
        for column, x0 in enumerate(found.x0):
            end = run(replace(setup, start=(float(x0), float(x1)))).points[-1]
            number = found.numbers[row, column]
            if number >= 0:
                assert end.tolist() == pytest.approx(found.ends[number], abs=0.2)


def test_the_bottom_row_of_the_map_comes_first():
    found = last(basins(setup_on("double-well", learning_rate=0.05), 30, 7))
    assert (1, 30) == found.numbers.shape
    assert [0] * 10 == found.numbers[0, :10].tolist()
    assert [1] * 10 == found.numbers[0, -10:].tolist()
    square = last(basins(setup_on("booth"), 5, 4))
    assert (square.x0.tolist(), square.x1.tolist()) == (
        sorted(square.x0.tolist()), sorted(square.x1.tolist())
    )  # fmt: skip


def test_starts_that_fly_away_are_marked():
    found = last(basins(setup_on("sphere", learning_rate=3.0), 6, 6))
    assert {AWAY} == set(found.numbers.ravel().tolist())


def test_starts_that_have_arrived_nowhere_are_marked():
    """A plain has no floor, and a saddle is no valley."""
    plain = replace(setup_on("plateau"), window=(4.0, 6.0, 4.0, 6.0))
    ridge = replace(setup_on("saddle"), window=(-1.0, 1.0, -1e-9, 1e-9))
    for setup in (plain, ridge):
        assert {UNDERWAY} == set(last(basins(setup, 5, 5)).numbers.ravel().tolist())


def test_a_kink_that_is_a_known_minimizer_counts_as_floor():
    found = last(basins(setup_on("abs", learning_rate=0.05, schedule="cosine"), 9, 1))
    assert 0 in found.numbers
    assert (0.0,) == found.ends[0]


def test_a_long_map_comes_in_pieces():
    pieces = list(basins(setup_on("ackley", learning_rate=1e-3), 60, 30))
    assert len(pieces) > 1
    assert [piece.done for piece in pieces] == sorted(piece.done for piece in pieces)
    assert {pieces[-1].total} == {piece.total for piece in pieces}


@examples(60)
@given(setups(most_steps=30))
def test_every_setup_has_its_sweep_and_its_map(setup):
    swept, found = last(sweep(setup, RATES)), last(basins(setup, 7, 5))
    assert (setup.steps, setup.steps) == (swept.done, found.done)
    assert found.numbers.min() >= UNDERWAY
    assert found.numbers.max() < len(found.ends)


def test_what_cannot_be_run_cannot_be_swept_or_mapped():
    wrong = Setup(rule=Rule(h=-1.0))
    for pieces in (sweep(wrong, RATES), basins(wrong, 3, 3)):
        with pytest.raises(TutorError):
            next(pieces)


def test_an_empty_sweep_or_map_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="at least one"):
        next(sweep(Setup(), ()))
    with pytest.raises(ValueError, match="columns and rows"):
        next(basins(Setup(), 0, 3))
