"""Backpropagation, right and with each planted fault, against differences."""

from itertools import product

import numpy as np
import pytest

from tutor.core.finite_differences import H
from tutor.core.network import TwoLayerNet
from tutor.core.network_check import (
    LAYERS,
    Batch,
    Fault,
    backpropagate,
    numerical_slopes,
    relative_errors,
)

KINDS = ("sign", "scale", "no-activation", "off-by-one")
FAULTS = [Fault(*each) for each in product(LAYERS, KINDS) if each != ("b2", "no-activation")]
SHAPES = [(4, 5, 3), (2, 3, 2), (1, 2, 2), (6, 1, 4)]


def example(layers=(4, 5, 3), seed=2, size=6):
    random = np.random.default_rng(seed)
    net = TwoLayerNet(*layers, seed=seed, scale=0.5)
    biased = {name: random.standard_normal(net.parameters[name].shape) for name in ("b1", "b2")}
    x = random.standard_normal((size, layers[0]))
    return net.with_parameters(**biased), Batch(x, random.integers(0, layers[2], size))


@pytest.mark.parametrize("layers", SHAPES)
def test_without_a_fault_it_is_the_networks_own_gradient(layers):
    """Two ways to write the same sums: equal but for rounding."""
    net, batch = example(layers)
    own = net.gradient(batch.x, batch.targets)
    found = backpropagate(net, batch)
    assert all(np.abs(own[name] - found[name]).max() < 1e-15 for name in LAYERS)


@pytest.mark.parametrize("layers", SHAPES)
def test_many_losses_at_once_are_the_losses_one_by_one(layers):
    """2·1e-16·loss/h is what rounding may differ by: about 1e-11."""
    net, batch = example(layers)
    one_by_one = net.numerical_gradient(batch.x, batch.targets)
    at_once = numerical_slopes(net, batch, H)
    assert all(np.abs(one_by_one[name] - at_once[name]).max() < 2e-11 for name in LAYERS)


@pytest.mark.parametrize("layers", SHAPES)
def test_backpropagation_and_differences_agree_to_1e_8(layers):
    net, batch = example(layers)
    errors = relative_errors(backpropagate(net, batch), numerical_slopes(net, batch, H))
    assert max(errors.values()) < 1e-8


def test_the_error_of_the_differences_shrinks_with_the_square_of_h():
    net, batch = example()
    right = backpropagate(net, batch)
    errors = [max(relative_errors(right, numerical_slopes(net, batch, h)).values())
              for h in (0.02, 0.01)]  # fmt: skip
    assert 4.0 == pytest.approx(errors[0] / errors[1], rel=0.01)


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_fault_spoils_its_layer_and_no_other(fault):
    net, batch = example()
    errors = relative_errors(backpropagate(net, batch, fault), backpropagate(net, batch))
    assert errors.pop(fault.layer) > 0.1
    assert [0.0] * 3 == list(errors.values())


@pytest.mark.parametrize("layer", LAYERS)
def test_a_wrong_sign_and_a_forgotten_mean_are_a_factor(layer):
    """-1, and the number of examples: 6."""
    net, batch = example()
    right = backpropagate(net, batch)[layer]
    wrong, summed = (backpropagate(net, batch, Fault(layer, kind))[layer] for kind in KINDS[:2])
    assert pytest.approx(-right) == wrong
    assert pytest.approx(6 * right) == summed


@pytest.mark.parametrize("layer", LAYERS)
def test_off_by_one_gives_each_unit_its_neighbours_slope(layer):
    net, batch = example()
    right = backpropagate(net, batch)[layer]
    wrong = backpropagate(net, batch, Fault(layer, "off-by-one"))[layer]
    assert pytest.approx(np.roll(right, 1, axis=-1)) == wrong


def test_without_the_activation_the_way_back_is_that_of_a_linear_layer():
    """The slope of b1 is then that of the hidden values themselves."""
    net, batch = example()
    own = backpropagate(net, batch, Fault("b1", "no-activation"))["b1"]
    error = net.predict(batch.x) - np.eye(3)[batch.targets]
    assert pytest.approx((error @ net.parameters["W2"].T).mean(axis=0)) == own


def test_b2_has_no_activation_to_leave_out():
    with pytest.raises(ValueError, match="no activation"):
        Fault("b2", "no-activation")


def test_the_error_is_relative_to_the_longer_one():
    zeros = {name: np.zeros(2) for name in LAYERS}
    one, other = ({**zeros, "W1": np.array(v)} for v in ([3.0, 4.0], [0.0, 0.0]))
    assert {"W1": 1.0, "b1": 0.0, "W2": 0.0, "b2": 0.0} == relative_errors(one, other)
