"""The lab's own objective, against the network that it comes from."""

import numpy as np
import pytest

from tutor.core import SoftmaxClassifier, check_gradient
from tutor.engine.descent.objectives import (
    SOFTMAX_CHOSEN,
    SOFTMAX_INPUT,
    SOFTMAX_NETWORK,
    SOFTMAX_TARGET,
    objective_of,
)
from tutor.engine.descent.setup import Setup

LOSS = objective_of(Setup(objective="softmax-loss"))
WEIGHTS = [(0.47355232, 0.84668094), (0.0, 0.0), (-6.0, 5.5), (3.25, -4.0)]


def network_with(weights):
    matrix = SOFTMAX_NETWORK.weights.copy()
    matrix[0, list(SOFTMAX_CHOSEN)] = weights
    return SoftmaxClassifier(2, 3, weights=matrix)


@pytest.mark.parametrize("weights", WEIGHTS)
def test_the_softmax_loss_is_the_networks_loss(weights):
    loss = network_with(weights).loss(SOFTMAX_INPUT, SOFTMAX_TARGET)
    assert loss == pytest.approx(LOSS.value(weights), rel=1e-13)


@pytest.mark.parametrize("weights", WEIGHTS)
def test_its_gradient_is_two_entries_of_the_networks_gradient(weights):
    gradient = network_with(weights).gradient(SOFTMAX_INPUT, SOFTMAX_TARGET)
    expected = gradient[0, list(SOFTMAX_CHOSEN)].tolist()
    assert expected == pytest.approx(LOSS.gradient(weights).tolist(), rel=1e-12)
    assert "agrees" == check_gradient(LOSS.value, LOSS.gradient, weights).verdict


def test_it_starts_at_the_books_printed_loss_and_gradient():
    """0.92806853874823, and dW[0] = (0.21924763, 0.14356247, −0.36281009), to half a unit."""
    assert 0.92806853874823 == pytest.approx(LOSS.value(WEIGHTS[0]), abs=6e-15)
    assert [0.21924763, -0.36281009] == pytest.approx(LOSS.gradient(WEIGHTS[0]).tolist(), abs=5e-9)


def test_far_out_it_does_not_overflow_where_the_network_does_not():
    points = np.array([[300.0, -300.0], [-300.0, 300.0]])
    assert np.isfinite(LOSS.value(points)).all()
