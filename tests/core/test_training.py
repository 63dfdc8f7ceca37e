"""Training in mini-batches does what its definition says, step by step."""

import numpy as np
import pytest

from tutor.core.network import SoftmaxClassifier, TwoLayerNet
from tutor.core.optimizers import OPTIMIZERS, optimizer
from tutor.core.training import Examples, LinearNet, accuracy, train, zero_net

PLAIN = optimizer("gradient-descent")


def examples(count=30, inputs=4, seed=3):
    """Two clouds that a line parts."""
    random = np.random.default_rng(seed)
    targets = np.arange(count) % 2
    x = random.standard_normal((count, inputs)) + 2.0 * targets[:, None]
    held_out = random.standard_normal((6, inputs)) + 2.0 * (np.arange(6) % 2)[:, None]
    return Examples(x, targets, held_out, np.arange(6) % 2)


def trained(net, data=None, **changes):
    setting = {"optimizer": PLAIN, "learning_rate": 0.5, "batch_size": 8, "epochs": 5, "seed": 1}
    return train(net, data or examples(), **{**setting, **changes})


@pytest.mark.parametrize("name", ["W1", "b1", "W2", "b2"])
def test_one_batch_of_all_is_one_step_against_the_gradient(name):
    """The order of the examples does not matter for a mean over all of them."""
    net, data = TwoLayerNet(4, 3, 2, scale=0.5), examples()
    after = trained(net, batch_size=100, epochs=1).net
    slopes = net.gradient(data.x, data.targets)
    assert pytest.approx(net.parameters[name] - 0.5 * slopes[name]) == after.parameters[name]


def test_an_epoch_takes_every_example_once():
    """30 in batches of 8: 4 updates, the last of 6; the mean weighted by size is that of all."""
    net, data = TwoLayerNet(4, 3, 2, scale=0.5), examples()
    run = trained(net, learning_rate=0.0, epochs=1)
    assert 4 == len(run.batch_losses)
    weighted = run.batch_losses @ np.array([8, 8, 8, 6]) / 30
    assert net.loss(data.x, data.targets) == pytest.approx(weighted)


def test_what_is_told_by_epoch_starts_before_the_first():
    net, data = TwoLayerNet(4, 3, 2, scale=0.5), examples()
    run = trained(net)
    assert 6 == len(run.losses) == len(run.train_accuracies) == len(run.test_accuracies)
    assert net.loss(data.x, data.targets) == run.losses[0]
    assert run.net.loss(data.x, data.targets) == run.losses[-1]
    assert run.net.accuracy(data.held_out_x, data.held_out_targets) == run.test_accuracies[-1]


def test_what_is_held_out_is_never_trained_on():
    data = examples()
    others = Examples(data.x, data.targets, -data.held_out_x, data.held_out_targets)
    one, other = (trained(TwoLayerNet(4, 3, 2, scale=0.5), each) for each in (data, others))
    assert np.array_equal(one.net.parameters["W1"], other.net.parameters["W1"])
    assert not np.array_equal(one.test_accuracies, other.test_accuracies)


def test_the_same_seed_gives_the_same_training_and_another_one_another():
    net = TwoLayerNet(4, 3, 2, scale=0.5)
    first, again, other = (trained(net, seed=seed).batch_losses for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_the_network_to_start_from_is_not_changed():
    net = TwoLayerNet(4, 3, 2, scale=0.5)
    before = {name: value.copy() for name, value in net.parameters.items()}
    trained(net)
    assert all(np.array_equal(before[name], net.parameters[name]) for name in before)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_parts_two_clouds(name):
    run = trained(TwoLayerNet(4, 3, 2, scale=0.5), optimizer=optimizer(name), learning_rate=0.1,
                  epochs=40)  # fmt: skip
    assert "completed" == run.status
    assert run.losses[-1] < 0.5 * run.losses[0]


def test_an_optimizer_remembers_across_batches():
    """Two batches with momentum are not two runs of one batch."""
    net = TwoLayerNet(4, 3, 2, scale=0.5)
    plain, heavy = (trained(net, optimizer=optimizer(o)) for o in ("gradient-descent", "momentum"))
    assert plain.batch_losses[1] == heavy.batch_losses[1]
    assert plain.batch_losses[2] != heavy.batch_losses[2]


def test_a_linear_network_is_the_softmax_classifier():
    """Convex: zero weights are a fair start."""
    data = examples()
    classifier = SoftmaxClassifier(4, 2, weights=np.zeros((4, 2)))
    run = trained(LinearNet(classifier), batch_size=30, epochs=1)
    expected = -0.5 * classifier.gradient(data.x, data.targets)
    assert pytest.approx(expected) == run.net.parameters["W"]
    losses = trained(LinearNet(classifier), epochs=40).losses
    assert losses[-1] < 0.8 * losses[0]


def test_from_zeros_the_hidden_units_stay_twins():
    """Whatever moves one of them moves all alike, so the network has but one hidden unit."""
    run = trained(zero_net(4, 5, 2), epochs=20)
    weights = run.net.parameters["W1"]
    assert np.abs(weights).max() > 1e-3
    assert np.ptp(weights, axis=1).max() < 1e-12


def test_a_wild_learning_rate_is_told_and_not_raised():
    net = TwoLayerNet(4, 3, 2, scale=0.5)
    assert "diverged" == trained(net, learning_rate=1e5).status
    assert "nonfinite" == trained(LinearNet(SoftmaxClassifier(4, 2)), learning_rate=1e308,
                                  epochs=20).status  # fmt: skip


@pytest.mark.parametrize("wrong", [{"batch_size": 0}, {"epochs": 0}])
def test_nothing_to_do_is_an_error(wrong):
    with pytest.raises(ValueError, match="at least 1"):
        trained(TwoLayerNet(4, 3, 2), **wrong)


def test_accuracy_is_the_share_of_rows_whose_largest_is_the_target():
    assert 0.5 == accuracy(np.array([[0.2, 0.8], [0.6, 0.4]]), np.array([1, 1]))
