"""Backpropagation of a two-layer network, right or with a planted fault, against differences.

Each slope of a layer is a product of what comes into it and of the error behind it, summed over
the batch. A planted fault spoils one of the two for one layer, as it happens to whoever writes
backpropagation by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tutor.core.arrays import Floats
from tutor.core.finite_differences import numerical_gradient
from tutor.core.network import TwoLayerNet, softmax

LayerName: TypeAlias = Literal["W1", "b1", "W2", "b2"]
FaultKind: TypeAlias = Literal["sign", "scale", "no-activation", "off-by-one"]
LAYERS: Final[tuple[LayerName, ...]] = ("W1", "b1", "W2", "b2")


@dataclass(frozen=True)
class Fault:
    """What is wrong, and in which layer.

    sign: the error is target - probability. scale: the mean over the batch is forgotten, so the
    slope is as many times too large as there are examples. no-activation: the sigmoid is left out,
    its slope on the way back (W1, b1) or itself on the way forth (W2). off-by-one: each unit gets
    the error of its neighbour.
    """

    layer: LayerName
    kind: FaultKind

    def __post_init__(self) -> None:
        if (self.layer, self.kind) == ("b2", "no-activation"):
            raise ValueError("b2 has no activation that could be left out")


@dataclass(frozen=True, eq=False)
class Batch:
    """Inputs, shape (batch, inputs), with the index of the class of each, shape (batch,)."""

    x: Floats
    targets: NDArray[np.intp]


def backpropagate(net: TwoLayerNet, batch: Batch, fault: Fault | None = None) -> dict[str, Floats]:
    """Return the slopes of the loss along every parameter of a sigmoid network.

    Without a fault they are those of `net.gradient`.

    >>> net = TwoLayerNet(2, 3, 2, scale=0.5)
    >>> batch = Batch(np.ones((4, 2)), np.array([0, 1, 1, 1]))
    >>> wrong = backpropagate(net, batch, Fault("W2", "sign"))
    >>> bool(np.allclose(wrong["W2"], -net.gradient(batch.x, batch.targets)["W2"]))
    True
    """
    into_hidden = batch.x @ net.parameters["W1"] + net.parameters["b1"]
    hidden = 1.0 / (1.0 + np.exp(-into_hidden))
    error = softmax(hidden @ net.parameters["W2"] + net.parameters["b2"])
    error[np.arange(len(batch.x)), batch.targets] -= 1.0
    error /= len(batch.x)
    passed = error @ net.parameters["W2"].T
    behind = passed * hidden * (1.0 - hidden)
    ones = np.ones((len(batch.x), 1))
    pairs = {
        "W1": (batch.x, behind), "b1": (ones, behind), "W2": (hidden, error), "b2": (ones, error),
    }  # fmt: skip
    if fault is not None:
        before, after = pairs[fault.layer]
        if fault.kind == "no-activation":
            pairs[fault.layer] = (into_hidden, after) if fault.layer == "W2" else (before, passed)
        else:
            pairs[fault.layer] = (before, _spoilt(after, fault.kind))
    slopes = {name: before.T @ after for name, (before, after) in pairs.items()}
    return {name: slopes[name].reshape(net.parameters[name].shape) for name in LAYERS}


def _spoilt(error: Floats, kind: FaultKind) -> Floats:
    match kind:
        case "sign":
            return -error
        case "scale":
            return error * len(error)
        case _:
            return np.roll(error, 1, axis=1)


def numerical_slopes(net: TwoLayerNet, batch: Batch, h: float) -> dict[str, Floats]:
    """Return the same by central differences: 2 losses for each number of the network.

    The losses of many probes are computed in one pass; each is a whole loss of the network.
    """
    return {
        name: numerical_gradient(_losses_along(net, batch, name), net.parameters[name], h,
                                 batched=True)
        for name in LAYERS
    }  # fmt: skip


def _losses_along(net: TwoLayerNet, batch: Batch, name: LayerName) -> Callable[[Floats], Floats]:
    """The loss as a function of one parameter, of shape (*its shape, k): k losses."""

    def losses(probes: Floats) -> Floats:
        stack = {key: value[..., None] for key, value in net.parameters.items()}
        stack[name] = probes
        hidden = _product(batch.x[..., None], stack["W1"]) + stack["b1"]
        hidden = 1.0 / (1.0 + np.exp(-hidden))
        scores = _product(hidden, stack["W2"]) + stack["b2"]
        own = scores[np.arange(len(batch.x)), batch.targets]
        top = scores.max(axis=1)
        logs = np.log(np.exp(scores - top[:, None]).sum(axis=1)) + top
        return np.asarray((logs - own).mean(axis=0))

    return losses


def _product(left: Floats, right: Floats) -> Floats:
    """Matrix products along the last axis; one of the two has but one matrix."""
    if left.shape[-1] == 1:
        return np.asarray(np.tensordot(left[..., 0], right, axes=1))
    return np.moveaxis(np.tensordot(left, right[..., 0], axes=([1], [0])), 1, 2)


def relative_errors(one: Mapping[str, Floats], other: Mapping[str, Floats]) -> dict[str, float]:
    """Return for each layer the length of the difference, relative to the longer of the two."""
    errors: dict[str, float] = {}
    for name in LAYERS:
        longer = max(float(np.linalg.norm(one[name])), float(np.linalg.norm(other[name])))
        gap = float(np.linalg.norm(one[name] - other[name]))
        errors[name] = gap / longer if longer else 0.0
    return errors
