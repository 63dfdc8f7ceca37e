"""Small networks of the course: softmax, cross entropy, one layer, two layers, both gradients.

Data are rows, as in the book: x has shape (inputs,) or (batch, inputs). Targets are indices of
classes, shape () or (batch,), or one-hot rows of the outputs' shape. Networks are values: a step
of training makes a new one, so that no earlier one changes behind your back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tutor.core.arrays import Floats, as_float64
from tutor.core.finite_differences import H, numerical_gradient

TEXTBOOK_EPSILON = 1e-7
"""What the book adds inside the logarithm, so that log 0 never happens."""

Activation: TypeAlias = Literal["sigmoid", "relu"]


def softmax(scores: ArrayLike) -> Floats:
    """Return exp(scores) / sum of exp(scores) along the last axis: positive, with sum 1.

    Args:
        scores: shape (classes,) or (batch, classes).

    The largest score is subtracted first, which changes nothing but keeps exp from overflowing
    (Saito, "Deep Learning from Scratch", section 3.5).

    >>> softmax([1010.0, 1000.0, 990.0]).round(5)
    array([9.9995e-01, 5.0000e-05, 0.0000e+00])
    """
    shifted = as_float64(scores, "scores")
    shifted -= shifted.max(axis=-1, keepdims=True)
    np.exp(shifted, out=shifted)
    shifted /= shifted.sum(axis=-1, keepdims=True)
    return shifted


def cross_entropy_error(
    probabilities: ArrayLike, targets: ArrayLike, *, epsilon: float = 0.0
) -> float:
    """Return -log of the target's probability, the mean over the batch.

    Args:
        probabilities: shape (classes,) or (batch, classes), each row with sum 1.
        targets: class indices, shape () or (batch,), or rows of the probabilities' shape.
        epsilon: added inside the logarithm; the textbook's is 1e-7.

    Raises:
        ValueError: if the targets fit neither as indices nor as rows; it prints both shapes.

    >>> round(cross_entropy_error([0.1, 0.2, 0.7], 2), 6)
    0.356675
    """
    rows = as_float64(probabilities, "probabilities")
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(rows + epsilon)
        indices = _indices(targets, rows.shape)
        if indices is not None:
            return 0.0 - float(np.mean(np.take_along_axis(logs, indices[..., None], axis=-1)))
        weights = np.asarray(targets, dtype=np.float64)
        # 0 log 0 is 0: a class that is no target costs nothing, however improbable.
        costs = np.where(weights == 0, 0.0, weights * logs)
    return 0.0 - float(np.mean(costs.sum(axis=-1)))


def _loss_of_scores(
    scores: Floats, probabilities: Floats, targets: ArrayLike, epsilon: float
) -> float:
    """Return the cross entropy, also where a probability is too small for a float.

    Its logarithm is score - log of the sum of exp(scores), which never overflows.
    """
    loss = cross_entropy_error(probabilities, targets, epsilon=epsilon)
    if loss != np.inf or not np.isfinite(scores).all():
        return loss
    shifted = scores - scores.max(axis=-1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    indices = _indices(targets, logs.shape)
    if indices is not None:
        return 0.0 - float(np.mean(np.take_along_axis(logs, indices[..., None], axis=-1)))
    return 0.0 - float(np.mean((np.asarray(targets, dtype=np.float64) * logs).sum(axis=-1)))


def _indices(targets: ArrayLike, shape: tuple[int, ...]) -> NDArray[np.intp] | None:
    """Return the targets as class indices; None if they are rows of `shape`."""
    given = np.asarray(targets)
    if given.shape == shape:
        return None
    if given.shape != shape[:-1] or given.dtype.kind not in "iu":
        raise ValueError(
            f"targets must be class indices of shape {shape[:-1]} or rows of shape {shape}, "
            f"not {given.dtype} of shape {given.shape}"
        )
    if given.size and (given.min() < 0 or given.max() >= shape[-1]):
        raise ValueError(f"class indices must lie between 0 and {shape[-1] - 1}")
    return given.astype(np.intp)


def _error_of_scores(probabilities: Floats, targets: ArrayLike) -> Floats:
    """Return (softmax - target) / batch size: the slope of the loss along each score.

    Writes over `probabilities`, which the caller does not need any more.
    """
    indices = _indices(targets, probabilities.shape)
    if indices is None:
        probabilities -= np.asarray(targets, dtype=np.float64)
    elif indices.ndim == 0:
        probabilities[indices] -= 1.0
    else:
        probabilities[np.arange(len(indices)), indices] -= 1.0
    if probabilities.ndim == 2:
        probabilities /= len(probabilities)
    return probabilities


def _checked_rows(x: ArrayLike, inputs: int) -> Floats:
    rows = np.asarray(x, dtype=np.float64)
    if rows.ndim not in {1, 2} or rows.shape[-1] != inputs:
        raise ValueError(f"x must have shape ({inputs},) or (batch, {inputs}), not {rows.shape}")
    return rows


def _checked_parameter(name: str, value: ArrayLike, shape: tuple[int, ...]) -> Floats:
    array = as_float64(value, name)
    if array.shape != shape:
        raise ValueError(f"{name} must have shape {shape}, not {array.shape}")
    return array


class SoftmaxClassifier:
    """One layer: scores = x W, probabilities = softmax(scores). W has shape (inputs, classes).

    The book's simpleNet. `weights=None`: random normal numbers of this seed.

    >>> net = SoftmaxClassifier(2, 3, weights=[[1, 0, 0], [0, 1, 0]])
    >>> net.gradient([0.6, 0.9], 2).shape
    (2, 3)
    """

    def __init__(
        self, inputs: int, classes: int, *, weights: ArrayLike | None = None, seed: int = 0
    ) -> None:
        if weights is None:
            weights = np.random.default_rng(seed).standard_normal((inputs, classes))
        self.weights = _checked_parameter("weights", weights, (inputs, classes))

    def with_weights(self, weights: ArrayLike) -> SoftmaxClassifier:
        """Return a classifier of the same shape with other weights."""
        return SoftmaxClassifier(*self.weights.shape, weights=weights)

    def scores(self, x: ArrayLike) -> Floats:
        """Return x W, shape (classes,) or (batch, classes).

        Raises:
            ValueError: if x does not fit; it prints both shapes.
        """
        return np.asarray(_checked_rows(x, len(self.weights)) @ self.weights)

    def predict(self, x: ArrayLike) -> Floats:
        """Return the probabilities of the classes, shape (classes,) or (batch, classes)."""
        return softmax(self.scores(x))

    def loss(self, x: ArrayLike, targets: ArrayLike, *, epsilon: float = 0.0) -> float:
        """Return the cross entropy of the predictions, the mean over the batch."""
        scores = self.scores(x)
        return _loss_of_scores(scores, softmax(scores), targets, epsilon)

    def gradient(self, x: ArrayLike, targets: ArrayLike) -> Floats:
        """Return dW in W's shape, by backpropagation: outer(x, softmax(xW) - t)."""
        rows = _checked_rows(x, len(self.weights))
        error = _error_of_scores(softmax(rows @ self.weights), targets)
        return np.asarray(np.atleast_2d(rows).T @ np.atleast_2d(error))

    def numerical_gradient(self, x: ArrayLike, targets: ArrayLike, h: float = H) -> Floats:
        """Return dW in W's shape, by central differences: 2 losses for each weight."""
        # A function of the weights: `lambda w: self.loss(x, targets)` would ignore w.
        return numerical_gradient(lambda w: self.with_weights(w).loss(x, targets), self.weights, h)


@dataclass(frozen=True, eq=False)
class _Layers:
    """Everything of a forward pass that backpropagation needs again."""

    hidden: Floats
    scores: Floats
    probabilities: Floats


class TwoLayerNet:
    """inputs → hidden (sigmoid or relu) → classes (softmax), as in the book's section 4.5.

    Parameters: W1 (inputs, hidden), b1 (hidden,), W2 (hidden, classes), b2 (classes,). They start
    as normal numbers of this seed times `scale`, biases as zeros.

    >>> net = TwoLayerNet(4, 5, 3, seed=1)
    >>> {name: slopes.shape for name, slopes in net.gradient(np.ones((7, 4)), [0] * 7).items()}
    {'W1': (4, 5), 'b1': (5,), 'W2': (5, 3), 'b2': (3,)}
    """

    def __init__(
        self,
        inputs: int,
        hidden: int,
        classes: int,
        *,
        activation: Activation = "sigmoid",
        seed: int = 0,
        scale: float = 0.01,
    ) -> None:
        if activation not in _ACTIVATIONS:
            raise ValueError(f"activation must be sigmoid or relu, not {activation!r}")
        random = np.random.default_rng(seed)
        self.activation: Activation = activation
        self.parameters: Mapping[str, Floats] = MappingProxyType(
            {
                "W1": scale * random.standard_normal((inputs, hidden)),
                "b1": np.zeros(hidden),
                "W2": scale * random.standard_normal((hidden, classes)),
                "b2": np.zeros(classes),
            }
        )

    def with_parameters(self, **changed: ArrayLike) -> TwoLayerNet:
        """Return the same network with some parameters replaced.

        Raises:
            ValueError: for an unknown name or another shape; it prints both shapes.
        """
        parameters = dict(self.parameters)
        for name, value in changed.items():
            if name not in parameters:
                raise ValueError(f"parameters are {', '.join(parameters)}, not {name}")
            parameters[name] = _checked_parameter(name, value, parameters[name].shape)
        twin = object.__new__(TwoLayerNet)
        twin.activation, twin.parameters = self.activation, MappingProxyType(parameters)
        return twin

    def predict(self, x: ArrayLike) -> Floats:
        """Return the probabilities of the classes, shape (classes,) or (batch, classes)."""
        return self._forward(_checked_rows(x, len(self.parameters["W1"]))).probabilities

    def loss(self, x: ArrayLike, targets: ArrayLike, *, epsilon: float = 0.0) -> float:
        """Return the cross entropy of the predictions, the mean over the batch."""
        layers = self._forward(_checked_rows(x, len(self.parameters["W1"])))
        return _loss_of_scores(layers.scores, layers.probabilities, targets, epsilon)

    def accuracy(self, x: ArrayLike, targets: ArrayLike) -> float:
        """Return the share of rows whose most probable class is the target's."""
        rows = self.predict(x)
        indices = _indices(targets, rows.shape)
        wanted = np.argmax(targets, axis=-1) if indices is None else indices
        return float(np.mean(rows.argmax(axis=-1) == wanted))

    def gradient(self, x: ArrayLike, targets: ArrayLike) -> dict[str, Floats]:
        """Return the slopes of the loss along every parameter, by backpropagation."""
        rows = _checked_rows(x, len(self.parameters["W1"]))
        return self._backward(rows, self._forward(rows), targets)

    def loss_and_gradient(
        self, x: ArrayLike, targets: ArrayLike
    ) -> tuple[float, dict[str, Floats]]:
        """Return both from one pass through the network, as training needs them."""
        rows = _checked_rows(x, len(self.parameters["W1"]))
        layers = self._forward(rows)
        loss = _loss_of_scores(layers.scores, layers.probabilities, targets, 0.0)
        return loss, self._backward(rows, layers, targets)

    def _backward(self, rows: Floats, layers: _Layers, targets: ArrayLike) -> dict[str, Floats]:
        """Return the slopes; writes over the layers' probabilities."""
        error = np.atleast_2d(_error_of_scores(layers.probabilities, targets))
        rows, hidden = np.atleast_2d(rows), np.atleast_2d(layers.hidden)
        behind = error @ self.parameters["W2"].T
        behind *= _ACTIVATIONS[self.activation][1](hidden)
        return {
            "W1": rows.T @ behind,
            "b1": behind.sum(axis=0),
            "W2": hidden.T @ error,
            "b2": error.sum(axis=0),
        }

    def numerical_gradient(
        self, x: ArrayLike, targets: ArrayLike, h: float = H
    ) -> dict[str, Floats]:
        """Return the same by central differences: 2 losses for each number in the network."""

        def loss_of(name: str) -> Callable[[Floats], float]:
            return lambda value: self.with_parameters(**{name: value}).loss(x, targets)

        return {
            name: numerical_gradient(loss_of(name), value, h, batched=False)
            for name, value in self.parameters.items()
        }

    def _forward(self, rows: Floats) -> _Layers:
        hidden = rows @ self.parameters["W1"]
        hidden += self.parameters["b1"]
        hidden = _ACTIVATIONS[self.activation][0](hidden)
        scores = hidden @ self.parameters["W2"]
        scores += self.parameters["b2"]
        return _Layers(hidden, scores, softmax(scores))


def _sigmoid(x: Floats) -> Floats:
    with np.errstate(over="ignore"):  # exp(-x) = inf gives 0, which is right
        return np.asarray(1.0 / (1.0 + np.exp(-x)))


_ACTIVATIONS: dict[str, tuple[Callable[[Floats], Floats], Callable[[Floats], Any]]] = {
    "sigmoid": (_sigmoid, lambda a: a * (1.0 - a)),
    "relu": (lambda x: np.maximum(x, 0.0), lambda a: a > 0),
}
"""The activation, and its slope as a function of its result."""
