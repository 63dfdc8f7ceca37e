"""Backpropagation through 784-50-10, a batch of 100, in float64 on one thread."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.benchmarks.core.harness import Row, Work, compare
from tests.benchmarks.core.peers import library
from tutor.core import TwoLayerNet


def rows(turns: int) -> list[Row]:
    """Measure it for both activations."""
    random = np.random.default_rng(0)
    x, t = random.random((100, 784)), random.integers(0, 10, 100)
    found: list[Row] = []
    torch = library("torch")
    for activation in ("sigmoid", "relu"):
        net = TwoLayerNet(784, 50, 10, activation=activation)  # type: ignore[arg-type]
        found += compare(
            f"backpropagation 784-50-10, {activation}, batch of 100",
            lambda net=net: net.gradient(x, t),
            {"torch": _by_torch(torch, net, x, t) if torch else None},
            {"torch": 0.8},
            turns=turns,
        )
    return found


def _by_torch(torch: Any, net: TwoLayerNet, x: Any, t: Any) -> Work:
    torch.set_num_threads(1)
    w1, b1, w2, b2 = (torch.tensor(value, requires_grad=True) for value in net.parameters.values())
    rows, targets = torch.tensor(x), torch.tensor(t)
    activate = torch.sigmoid if net.activation == "sigmoid" else torch.relu

    def run() -> Any:
        for parameter in (w1, b1, w2, b2):
            parameter.grad = None
        hidden = activate(rows @ w1 + b1)
        torch.nn.functional.cross_entropy(hidden @ w2 + b2, targets).backward()
        return w1.grad

    return run
