"""Training in mini-batches: one gradient step on each batch, epoch after epoch, told as a value.

Saito, "Deep Learning from Scratch", section 4.5: each epoch goes once through all examples, in a
new random order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tutor.core.arrays import Floats
from tutor.core.network import SoftmaxClassifier, TwoLayerNet, cross_entropy_error
from tutor.core.optimizers import Optimizer

TrainingStatus: TypeAlias = Literal["completed", "diverged", "nonfinite"]
_RISEN = 1.2
"""A loss of more than so many times the first has diverged."""


class Trainable(Protocol):
    """What training needs of a network."""

    @property
    def parameters(self) -> Mapping[str, Floats]:
        """The arrays that are trained, by name."""
        ...

    def with_parameters(self, **changed: ArrayLike) -> Trainable:
        """Return the same network with some parameters replaced."""
        ...

    def predict(self, x: ArrayLike) -> Floats:
        """Return the probabilities of the classes, shape (batch, classes)."""
        ...

    def loss_and_gradient(
        self, x: ArrayLike, targets: ArrayLike
    ) -> tuple[float, Mapping[str, Floats]]:
        """Return the loss of a batch and its slope along every parameter."""
        ...


@dataclass(frozen=True)
class Examples:
    """Rows of inputs, shape (count, inputs), and the index of the class of each, shape (count,)."""

    x: Floats
    targets: NDArray[np.intp]
    held_out_x: Floats
    """Never trained on, only measured on, as are its targets."""
    held_out_targets: NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Training:
    """A whole training. What is told by epoch starts before the first."""

    net: Trainable
    """As it came out."""
    batch_losses: Floats
    """The loss of each batch before its update, shape (updates,)."""
    losses: Floats
    """On all training examples, shape (epochs + 1,)."""
    train_accuracies: Floats
    test_accuracies: Floats
    """On what was held out."""
    status: TrainingStatus


def train(
    net: Trainable,
    examples: Examples,
    *,
    optimizer: Optimizer,
    learning_rate: float,
    batch_size: int,
    epochs: int,
    seed: int = 0,
) -> Training:
    """Return what becomes of a network that takes one step on each mini-batch.

    Args:
        net: the network to start from; it is not changed.
        examples: what to train on, and what to be measured on besides.
        optimizer: makes the steps; it remembers across batches and epochs.
        learning_rate: η, any number: what becomes of a wild one is told by `status`.
        batch_size: examples of a batch, at least 1; the last one of an epoch may be smaller.
        epochs: how often to go through all examples.
        seed: of the order of the examples; the same seed, the same training.

    Raises:
        ValueError: if `batch_size` or `epochs` is below 1.
    """
    if batch_size < 1 or epochs < 1:
        raise ValueError(f"batch_size and epochs must be at least 1: {batch_size}, {epochs}")
    random = np.random.default_rng(seed)
    states = {name: optimizer.start(value) for name, value in net.parameters.items()}
    told = [_measure(net, examples)]
    batch_losses: list[float] = []
    with np.errstate(all="ignore"):
        for _ in range(epochs):
            order = random.permutation(len(examples.targets))
            for first in range(0, len(order), batch_size):
                batch = order[first : first + batch_size]
                x, targets = examples.x[batch], examples.targets[batch]
                loss, slopes = net.loss_and_gradient(x, targets)
                batch_losses.append(loss)
                moved = {}
                for name, value in net.parameters.items():
                    moved[name], states[name] = optimizer.step(
                        value, slopes[name], states[name], learning_rate
                    )
                net = net.with_parameters(**moved)
            told.append(_measure(net, examples))
    losses, train_accuracies, test_accuracies = np.array(told).T
    return Training(
        net=net,
        batch_losses=np.array(batch_losses),
        losses=losses,
        train_accuracies=train_accuracies,
        test_accuracies=test_accuracies,
        status=_status(net, losses),
    )


def _measure(net: Trainable, examples: Examples) -> tuple[float, float, float]:
    """The loss and the accuracy on what is trained on, the accuracy on what is held out."""
    with np.errstate(all="ignore"):
        probabilities = net.predict(examples.x)
        unseen = net.predict(examples.held_out_x)
    return (
        cross_entropy_error(probabilities, examples.targets),
        accuracy(probabilities, examples.targets),
        accuracy(unseen, examples.held_out_targets),
    )


def accuracy(probabilities: Floats, targets: ArrayLike) -> float:
    """Return the share of rows whose most probable class is the target's."""
    return float(np.mean(probabilities.argmax(axis=-1) == np.asarray(targets)))


def _status(net: Trainable, losses: Floats) -> TrainingStatus:
    if not all(np.isfinite(value).all() for value in net.parameters.values()):
        return "nonfinite"
    return "completed" if losses[-1] <= _RISEN * losses[0] else "diverged"


@dataclass(frozen=True, eq=False)
class LinearNet:
    """A softmax classifier whose weights are trained under the name `W`."""

    classifier: SoftmaxClassifier

    @property
    def parameters(self) -> Mapping[str, Floats]:
        """The weights."""
        return {"W": self.classifier.weights}

    def with_parameters(self, **changed: ArrayLike) -> LinearNet:
        """Return a classifier with other weights."""
        return LinearNet(self.classifier.with_weights(changed["W"]))

    def predict(self, x: ArrayLike) -> Floats:
        """Return the probabilities of the classes, shape (batch, classes)."""
        return self.classifier.predict(x)

    def loss_and_gradient(
        self, x: ArrayLike, targets: ArrayLike
    ) -> tuple[float, Mapping[str, Floats]]:
        """Return the loss of a batch and its slope along the weights."""
        classifier = self.classifier
        return classifier.loss(x, targets), {"W": classifier.gradient(x, targets)}


def zero_net(inputs: int, hidden: int, classes: int) -> TwoLayerNet:
    """Return a two-layer network with nothing but zeros: its hidden units stay twins."""
    return TwoLayerNet(inputs, hidden, classes, scale=0.0)
