"""What a gradient check computes, says and shows."""

from __future__ import annotations

import re
from itertools import product
from typing import Any

import numpy as np
import pytest

from tutor.charts.chart import Bars, Guide, Line
from tutor.engine.descent.check import check_setup
from tutor.engine.descent.setup import setup_of
from tutor.engine.experiments import run_experiment
from tutor.engine.experiments.check import AGREEMENT, CheckRun
from tutor.lesson.model import CheckExperiment

LAYERS = ("w1", "b1", "w2", "b2")
KINDS = ("sign", "scale", "no-activation", "off-by-one")


def run(**changes: Any) -> CheckRun:
    made = run_experiment(CheckExperiment(**{"layers": (4, 5, 3), **changes}), {})
    assert isinstance(made, CheckRun)
    return made


def errors(made: CheckRun) -> list[float]:
    return [float(made.quantities[f"error_{name}"]) for name in LAYERS]


@pytest.mark.parametrize("layers", [(4, 5, 3), (2, 3, 2), (64, 20, 10)])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_backpropagation_without_a_fault_agrees_to_1e_8(layers, seed):
    assert max(errors(run(layers=layers, seed=seed))) < AGREEMENT


FAULTS = [each for each in product(LAYERS, KINDS) if each != ("b2", "no-activation")]


@pytest.mark.parametrize(("fault", "kind"), FAULTS)
def test_the_check_finds_the_layer_that_is_at_fault(fault, kind):
    found = errors(run(fault=fault, fault_kind=kind))
    at_fault = [name for name, error in zip(LAYERS, found, strict=True) if error > 0.1]
    assert [fault] == at_fault
    assert sorted(found)[-2] < AGREEMENT


def test_the_price_is_two_losses_for_every_number():
    """64·20 + 20 + 20·10 + 10 = 1510."""
    quantities = run(layers=(64, 20, 10)).quantities
    assert (1510.0, 3020.0) == (quantities["parameter_count"], quantities["evaluations"])


def test_the_hidden_units_can_be_turned():
    wide = run_experiment(CheckExperiment(layers=(4, 5, 3)), {"hidden": 7.0})
    assert run(layers=(4, 7, 3)).quantities == wide.quantities


def test_the_sentence_tells_every_layer_and_the_worked_line_the_worst_entry():
    made = run(fault="b1", fault_kind="sign")
    assert "b1 2," in str(made.sentence)
    assert "86 evaluations" in str(made.sentence)
    line = str(made.update_line).replace("−", "-")
    found = re.fullmatch(r"b1\[(\d)\]: backpropagation (\S+), differences (\S+)", line)
    assert found is not None
    assert pytest.approx(-float(found[3]), rel=1e-5) == float(found[2])
    assert pytest.approx(float(made.given["b1"][int(found[1])]), rel=1e-5) == float(found[2])


def test_the_bars_are_the_errors_and_those_beyond_agreement_stand_out():
    made = run(fault="w2")
    agree, differ = (x for x in made.chart("layer-errors").layers if isinstance(x, Bars))
    assert ([0.0, 1.0, 3.0], [2.0]) == (agree.x.tolist(), differ.x.tolist())
    assert errors(made)[2] == differ.heights[0]
    (limit,) = (x for x in made.chart("layer-errors").layers if isinstance(x, Guide))
    assert AGREEMENT == limit.y


def test_the_error_has_a_valley_over_h():
    """Truncation falls with h², rounding rises with 1/h: the best h lies between."""
    (curve,) = (x for x in run().chart("error-curve").layers if isinstance(x, Line))
    best = float(curve.x[curve.y.argmin()])
    assert 1e-7 < best < 1e-3
    assert curve.y[curve.x == 1e-1] > 1e3 * curve.y.min()
    assert curve.y[curve.x == 1e-12] > 1e3 * curve.y.min()


def test_a_fault_shows_at_every_h():
    (curve,) = (x for x in run(fault="w1").chart("error-curve").layers if isinstance(x, Line))
    assert curve.y.min() > 0.5


def test_the_price_grows_with_the_network_and_backpropagations_does_not():
    differences, backward = (x for x in run().chart("cost-curve").layers if isinstance(x, Line))
    assert np.array_equal(2 * differences.x, differences.y)
    assert {1.0} == set(backward.y.tolist())
    assert np.all(np.diff(differences.x) > 0)


def test_a_teaser_tells_no_error():
    made = run(fault="w1")
    for name in ("layer-errors", "error-curve"):
        for layer in made.teaser(name, "quantity").layers:
            assert not isinstance(layer, Line)
            assert not (isinstance(layer, Bars) and np.isfinite(layer.heights).any())


def test_the_lab_opens_on_the_smallest_network_with_differences_of_this_h():
    setup = setup_of(CheckExperiment(layers=(4, 5, 3)), {"h": 1e-3, "hidden": 9.0})
    check_setup(setup)
    assert ("numerical", 1e-3) == (setup.rule.gradient, setup.rule.h)
