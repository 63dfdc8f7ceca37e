"""Networks: the published figures of the chapter, and both gradients agreeing."""

import math

import numpy as np
import pytest

from tests.core.printed import agrees, all_agree
from tutor.core import SoftmaxClassifier, TwoLayerNet, cross_entropy_error, softmax
from tutor.core.museum import W
from tutor.core.network import TEXTBOOK_EPSILON

X, T = [0.6, 0.9], [0, 0, 1]
DW = "0.21924763 0.14356247 -0.36281009 0.32887144 0.2153437 -0.54421514"


def simple_net():
    return SoftmaxClassifier(2, 3, weights=W)


def test_scores_and_probabilities_are_the_published_ones():
    assert all_agree("1.05414809 0.63071653 1.1328074", simple_net().scores(X))
    assert all_agree("0.36541271 0.23927078 0.39531651", simple_net().predict(X))


@pytest.mark.parametrize("target", [T, 2])
def test_the_loss_is_the_published_one_without_and_with_the_textbooks_epsilon(target):
    without = simple_net().loss(X, target)
    with_it = simple_net().loss(X, target, epsilon=TEXTBOOK_EPSILON)
    # Published are the first fourteen digits, cut off: the next would be a 5 and a 7.
    assert repr(without).startswith("0.92806853874823")
    assert repr(with_it).startswith("0.92806828578640")
    assert agrees("0.928068538748235", without)
    assert agrees("0.928068285786408", with_it)


@pytest.mark.parametrize("target", [T, 2])
def test_dw_is_the_published_one_by_backpropagation_and_by_differences(target):
    assert all_agree(DW, simple_net().gradient(X, target))
    assert all_agree(DW, simple_net().numerical_gradient(X, target))
    assert not all_agree(DW, -simple_net().gradient(X, target))
    assert not all_agree(DW, np.zeros((2, 3)))


def test_dw_is_the_outer_product_of_input_and_error():
    for seed in range(5):
        net = SoftmaxClassifier(2, 3, seed=seed)
        dw = net.gradient(X, 2)
        assert np.allclose(np.outer(X, net.predict(X) - T), dw, rtol=0, atol=1e-15)
        assert np.allclose(0, dw.sum(axis=1), atol=1e-15)
        assert np.allclose(1.5 * dw[0], dw[1])
        assert [False, False, True] == (dw[0] < 0).tolist(), "only the target's column is negative"


def test_one_step_lowers_the_loss_as_printed():
    net = simple_net()
    after = net.with_weights(net.weights - 0.1 * net.gradient(X, T))
    assert all_agree("0.92807 0.86438", [net.loss(X, T), after.loss(X, T)])
    assert np.array_equal(W, net.weights), "the first network has not changed"


def test_softmax_is_shifted_so_that_large_scores_do_not_overflow():
    assert all_agree("0.99995 4.5e-5 2.1e-9", softmax([1010, 1000, 990]))
    assert np.allclose(softmax([10.0, 0.0, -10.0]), softmax([1010, 1000, 990]))


def test_softmax_works_row_by_row_and_leaves_its_argument_alone():
    scores = np.array([[1.0, 2.0, 3.0], [1000.0, 1000.0, 1000.0]])
    rows = softmax(scores)
    assert np.allclose([1, 1], rows.sum(axis=1))
    assert np.allclose(softmax([1, 2, 3]), rows[0])
    assert 1000.0 == scores[1, 0]


def test_cross_entropy_takes_indices_and_rows_single_and_batch():
    rows = np.array([[0.1, 0.2, 0.7], [0.5, 0.25, 0.25]])
    one, other = -math.log(0.7), -math.log(0.25)
    assert math.isclose(one, cross_entropy_error(rows[0], 2))
    assert math.isclose(one, cross_entropy_error(rows[0], [0, 0, 1]))
    assert math.isclose((one + other) / 2, cross_entropy_error(rows, [2, 1]))
    assert math.isclose((one + other) / 2, cross_entropy_error(rows, [[0, 0, 1], [0, 1, 0]]))
    assert math.isclose(-math.log(0.7 + 1e-7), cross_entropy_error(rows[0], 2, epsilon=1e-7))


def test_an_impossible_target_costs_infinity_and_no_warning():
    assert math.inf == cross_entropy_error([1.0, 0.0], 1)
    assert 0.0 == cross_entropy_error([1.0, 0.0], [1, 0])
    assert math.isclose(-math.log(1e-7), cross_entropy_error([1.0, 0.0], 1, epsilon=1e-7))


@pytest.mark.parametrize(
    ("targets", "words"),
    [
        ([0, 1, 2], r"class indices of shape \(2,\) or rows of shape \(2, 3\), not .*\(3,\)"),
        ([0.0, 1.0], "not float64 of shape"),
        ([0, 3], "between 0 and 2"),
        ([-1, 0], "between 0 and 2"),
    ],
)
def test_targets_that_do_not_fit_are_named_with_both_shapes(targets, words):
    rows = np.full((2, 3), 1 / 3)
    with pytest.raises(ValueError, match=words):
        cross_entropy_error(rows, targets)
    with pytest.raises(ValueError, match=words):
        SoftmaxClassifier(2, 3).gradient(np.ones((2, 2)), targets)


@pytest.mark.parametrize("x", [[1.0, 2.0, 3.0], np.ones((4, 3)), np.ones((1, 1, 2)), 1.0])
def test_inputs_that_do_not_fit_are_named_with_both_shapes(x):
    with pytest.raises(ValueError, match=r"\(2,\) or \(batch, 2\), not \("):
        simple_net().predict(x)
    with pytest.raises(ValueError, match=r"\(2,\) or \(batch, 2\), not \("):
        TwoLayerNet(2, 4, 3).gradient(x, 0)


def test_weights_that_do_not_fit_are_named_with_both_shapes():
    with pytest.raises(ValueError, match=r"weights must have shape \(2, 3\), not \(3, 2\)"):
        SoftmaxClassifier(2, 3, weights=np.ones((3, 2)))
    with pytest.raises(ValueError, match=r"b1 must have shape \(4,\), not \(3,\)"):
        TwoLayerNet(2, 4, 3).with_parameters(b1=np.ones(3))
    with pytest.raises(ValueError, match="parameters are W1, b1, W2, b2, not W3"):
        TwoLayerNet(2, 4, 3).with_parameters(W3=np.ones(3))
    with pytest.raises(ValueError, match="sigmoid or relu, not 'tanh'"):
        TwoLayerNet(2, 4, 3, activation="tanh")


@pytest.mark.parametrize("targets", [[2, 0, 1, 1], np.eye(3)[[2, 0, 1, 1]]])
def test_a_batch_is_the_mean_of_its_rows(targets):
    x = np.random.default_rng(1).standard_normal((4, 2))
    net = simple_net()
    single = [net.gradient(row, target) for row, target in zip(x, targets, strict=True)]
    assert np.allclose(np.mean(single, axis=0), net.gradient(x, targets), atol=1e-15)
    losses = [net.loss(row, target) for row, target in zip(x, targets, strict=True)]
    assert math.isclose(np.mean(losses), net.loss(x, targets))


@pytest.mark.parametrize("activation", ["sigmoid", "relu"])
@pytest.mark.parametrize("one_hot", [False, True])
def test_backpropagation_agrees_with_differences_everywhere(activation, one_hot):
    random = np.random.default_rng(3)
    net = TwoLayerNet(3, 5, 4, activation=activation, seed=2, scale=1.0)
    x, targets = random.standard_normal((6, 3)), random.integers(0, 4, 6)
    given = np.eye(4)[targets] if one_hot else targets
    exact, numerical = net.gradient(x, given), net.numerical_gradient(x, given)
    assert list(net.parameters) == list(exact)
    for name, slopes in exact.items():
        assert net.parameters[name].shape == slopes.shape
        assert np.allclose(numerical[name], slopes, rtol=0, atol=1e-8)
        assert np.abs(slopes).max() > 1e-3, "zeros would agree with a broken difference"


def test_a_single_row_has_the_gradient_of_a_batch_of_one():
    net = TwoLayerNet(3, 5, 4, scale=1.0)
    one, batch = net.gradient([1.0, 2.0, 3.0], 1), net.gradient([[1.0, 2.0, 3.0]], [1])
    assert all(np.array_equal(one[name], batch[name]) for name in one)
    assert (4,) == net.predict([1.0, 2.0, 3.0]).shape


def test_a_network_learns_what_one_layer_cannot():
    x, targets = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float), [0, 1, 1, 0]
    net = TwoLayerNet(2, 8, 2, seed=1, scale=1.0)
    first = net.loss(x, targets)
    for _ in range(2000):
        slopes = net.gradient(x, targets)
        net = net.with_parameters(**{k: net.parameters[k] - slopes[k] for k in slopes})
    assert net.loss(x, targets) < 0.05 < first
    assert 1.0 == net.accuracy(x, targets) == net.accuracy(x, np.eye(2)[targets])
    layer = SoftmaxClassifier(2, 2, weights=np.zeros((2, 2)))
    assert math.isclose(math.log(2), layer.loss(x, targets))
    assert np.allclose(0, layer.gradient(x, targets)), "half-way is the best that one layer can"


def test_zero_weights_keep_the_hidden_columns_identical_and_harm_no_classifier():
    x, targets = np.random.default_rng(0).standard_normal((8, 3)), [0, 1, 2, 0, 1, 2, 0, 1]
    slopes = TwoLayerNet(3, 4, 3, scale=0.0).gradient(x, targets)
    assert np.all(slopes["W1"] == 0)
    assert np.allclose(slopes["W2"][0], slopes["W2"][1:])
    assert (
        np.abs(SoftmaxClassifier(3, 3, weights=np.zeros((3, 3))).gradient(x, targets)).max() > 0.01
    )


def test_extreme_scores_of_the_hidden_layer_do_not_overflow():
    net = TwoLayerNet(1, 2, 2, scale=1.0).with_parameters(W1=[[1e4, -1e4]])
    assert np.isfinite(net.loss([[1.0]], [0]))
    assert np.isfinite(net.gradient([[1.0]], [0])["W1"]).all()


def test_the_same_seed_makes_the_same_network_and_no_global_state():
    state = np.random.get_state()[1].tolist()
    one, two = TwoLayerNet(3, 4, 2, seed=5), TwoLayerNet(3, 4, 2, seed=5)
    assert np.array_equal(one.parameters["W1"], two.parameters["W1"])
    assert not np.array_equal(one.parameters["W1"], TwoLayerNet(3, 4, 2).parameters["W1"])
    assert np.array_equal(SoftmaxClassifier(2, 3).weights, SoftmaxClassifier(2, 3).weights)
    assert state == np.random.get_state()[1].tolist()


def test_a_loss_beyond_the_smallest_float_is_that_of_the_scores():
    single = SoftmaxClassifier(1, 2, weights=[[1000.0, -1000.0]])
    assert 2000.0 == single.loss([1.0], 1) == single.loss([1.0], [0, 1])
    net = TwoLayerNet(1, 1, 2).with_parameters(W2=[[4000.0, 0.0]], b1=[50.0])
    assert 3500 < net.loss([1.0], 1) == net.loss_and_gradient([1.0], 1)[0] <= 4000
    assert math.isclose(-math.log(1e-7), single.loss([1.0], 1, epsilon=1e-7))


def test_a_sure_prediction_costs_nothing_and_not_minus_nothing():
    assert "0.0" == str(cross_entropy_error([1.0, 0.0], 0))
