"""Ways to step downhill. Each is one pure step: (x, gradient, state, η) → (x, state).

All are in the form and with the defaults of PyTorch, in float64, so that its trajectories can be
compared digit by digit. A state is a tuple of arrays of x's shape; `start(x)` makes the first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Protocol, TypeAlias

import numpy as np

from tutor.errors import TutorError
from tutor.i18n import message

State: TypeAlias = tuple[Any, ...]


class Optimizer(Protocol):
    """What `gradient_descent` needs of an optimizer."""

    def start(self, x: Any) -> State:
        """Return the state before the first step from x."""

    def step(self, x: Any, gradient: Any, state: State, rate: float) -> tuple[Any, State]:
        """Return the next point and state; nothing that is passed in is changed."""


def _check_decays(**decays: float) -> None:
    for name, decay in decays.items():
        if not 0 <= decay < 1:
            raise ValueError(f"{name} must be 0 or more and less than 1, not {decay}")


@dataclass(frozen=True)
class GradientDescent:
    """x ← x - η g (Cauchy 1847).

    >>> GradientDescent().step(4.0, 8.0, (), 0.1)
    (3.2, ())
    """

    def start(self, _x: Any) -> State:
        """Return the empty state."""
        return ()

    def step(self, x: Any, gradient: Any, state: State, rate: float) -> tuple[Any, State]:
        """Return the next point and state."""
        return x - rate * gradient, state


@dataclass(frozen=True)
class Momentum:
    """v ← μ v + g;  x ← x - η v (Polyak 1964, in the form of Sutskever et al. 2013 and PyTorch).

    The book keeps v ← μ v - η g and x ← x + v: the same path while η is constant; under a
    schedule the book's old steps keep their old η.

    >>> x, state = Momentum().step(4.0, 8.0, Momentum().start(4.0), 0.1)
    >>> float(x), round(float(Momentum().step(x, 6.4, state, 0.1)[0]), 6)
    (3.2, 1.84)
    """

    momentum: float = 0.9

    def start(self, x: Any) -> State:
        """Return the velocity 0."""
        return (np.zeros_like(x),)

    def step(self, x: Any, gradient: Any, state: State, rate: float) -> tuple[Any, State]:
        """Return the next point and state."""
        velocity = self.momentum * state[0] + gradient
        return x - rate * velocity, (velocity,)


@dataclass(frozen=True)
class Nesterov:
    """v ← μ v + g;  x ← x - η (g + μ v) (Nesterov 1983, in PyTorch's form).

    The gradient is taken at x itself. The book's code moves x ← x + μ² v - (1 + μ) η g with
    v ← μ v - η g: the same path while η is constant. The original takes the gradient at the point
    looked ahead to; its path is that of x - η μ v here.

    >>> x, state = Nesterov().step(4.0, 8.0, Nesterov().start(4.0), 0.1)
    >>> round(float(x), 3)
    2.48
    """

    momentum: float = 0.9

    def start(self, x: Any) -> State:
        """Return the velocity 0."""
        return (np.zeros_like(x),)

    def step(self, x: Any, gradient: Any, state: State, rate: float) -> tuple[Any, State]:
        """Return the next point and state."""
        velocity = self.momentum * state[0] + gradient
        return x - rate * (gradient + self.momentum * velocity), (velocity,)


@dataclass(frozen=True)
class AdaGrad:
    """s ← s + g²;  x ← x - η g / (√s + ε) (Duchi, Hazan and Singer 2011).

    PyTorch's ε is 1e-10, the book's 1e-7.

    >>> x, state = AdaGrad().step(4.0, 8.0, AdaGrad().start(4.0), 0.1)
    >>> round(float(x), 9), round(float(AdaGrad().step(x, 8.0, state, 0.1)[0]), 3)
    (3.9, 3.829)
    """

    epsilon: float = 1e-10

    def start(self, x: Any) -> State:
        """Return the sum 0."""
        return (np.zeros_like(x),)

    def step(self, x: Any, gradient: Any, state: State, rate: float) -> tuple[Any, State]:
        """Return the next point and state."""
        total = state[0] + gradient * gradient
        return x - rate * gradient / (np.sqrt(total) + self.epsilon), (total,)


@dataclass(frozen=True)
class RMSProp:
    """s ← α s + (1 - α) g²;  x ← x - η g / (√s + ε) (Tieleman and Hinton 2012).

    PyTorch's α is 0.99 and its ε 1e-8; the book's also 0.99, but 1e-7.

    >>> x, state = RMSProp().step(4.0, 8.0, RMSProp().start(4.0), 0.1)
    >>> round(float(x), 6)
    3.0
    """

    decay: float = 0.99
    epsilon: float = 1e-8

    def __post_init__(self) -> None:
        _check_decays(decay=self.decay)

    def start(self, x: Any) -> State:
        """Return the mean 0."""
        return (np.zeros_like(x),)

    def step(self, x: Any, gradient: Any, state: State, rate: float) -> tuple[Any, State]:
        """Return the next point and state."""
        mean = self.decay * state[0] + (1 - self.decay) * (gradient * gradient)
        return x - rate * gradient / (np.sqrt(mean) + self.epsilon), (mean,)


@dataclass(frozen=True)
class Adam:
    """m ← β₁ m + (1 - β₁) g;  v ← β₂ v + (1 - β₂) g²;  x ← x - η m̂ / (√v̂ + ε).

    m̂ = m / (1 - β₁ᵏ) and v̂ = v / (1 - β₂ᵏ) at step k = 1, 2, … (Kingma and Ba 2015). The book
    divides by √v + 1e-7 after one common correction of η: its first steps differ slightly.
    `weight_decay` is λ: g + λ x stands in the place of g, the slope of a penalty λ/2 x².

    >>> x, state = Adam().step(4.0, 8.0, Adam().start(4.0), 0.1)
    >>> round(float(x), 6), state[2]
    (3.9, 1)
    """

    decay: float = 0.9
    square_decay: float = 0.999
    epsilon: float = 1e-8
    weight_decay: float = 0.0

    def __post_init__(self) -> None:
        _check_decays(decay=self.decay, square_decay=self.square_decay)
        if not self.weight_decay >= 0:
            raise ValueError(f"weight_decay must be 0 or more, not {self.weight_decay}")

    def start(self, x: Any) -> State:
        """Return the means 0 and the step count 0."""
        return (np.zeros_like(x), np.zeros_like(x), 0)

    def step(self, x: Any, gradient: Any, state: State, rate: float) -> tuple[Any, State]:
        """Return the next point and state."""
        if self.weight_decay:
            gradient = gradient + self.weight_decay * x
        return self._adapted(x, gradient, state, rate)

    def _adapted(self, x: Any, gradient: Any, state: State, rate: float) -> tuple[Any, State]:
        k = state[2] + 1
        mean = self.decay * state[0] + (1 - self.decay) * gradient
        square = self.square_decay * state[1] + (1 - self.square_decay) * (gradient * gradient)
        root = np.sqrt(square) / (1 - self.square_decay**k) ** 0.5 + self.epsilon
        return x - rate / (1 - self.decay**k) * mean / root, (mean, square, k)


@dataclass(frozen=True)
class AdamW(Adam):
    """x ← x - η λ x, then Adam's step: weight decay beside the gradient, not in it.

    Loshchilov and Hutter 2019, in PyTorch's form, with its λ = 0.01. What Adam adds to the gradient
    instead (g + λ x) is divided by √v̂ like the rest, so that large gradients decay least.

    >>> x, state = AdamW().step(4.0, 8.0, AdamW().start(4.0), 0.1)
    >>> round(float(x), 6), state[2]
    (3.896, 1)
    """

    weight_decay: float = 0.01

    def step(self, x: Any, gradient: Any, state: State, rate: float) -> tuple[Any, State]:
        """Return the next point and state."""
        return self._adapted(x * (1 - rate * self.weight_decay), gradient, state, rate)


OPTIMIZERS: Mapping[str, Optimizer] = MappingProxyType(
    {
        "gradient-descent": GradientDescent(),
        "momentum": Momentum(),
        "nesterov": Nesterov(),
        "adagrad": AdaGrad(),
        "rmsprop": RMSProp(),
        "adam": Adam(),
        "adamw": AdamW(),
    }
)
"""The optimizers of the course by name, with their defaults."""
_KINDS = frozenset(type(each) for each in OPTIMIZERS.values())


def treats_entries_alone(optimizer: Optimizer) -> bool:
    """Say whether an entry's step depends on that entry alone: true of all of ours.

    An optimizer of a caller's own may look at the whole gradient, for its length say.
    """
    return type(optimizer) in _KINDS


def optimizer(name: str) -> Optimizer:
    """Return the optimizer of this name, with its defaults.

    >>> optimizer("adam")
    Adam(decay=0.9, square_decay=0.999, epsilon=1e-08, weight_decay=0.0)

    Raises:
        TutorError: for an unknown name; it lists the known ones.
    """
    if name not in OPTIMIZERS:
        template = "there is no optimizer “{name}”; there are {known}"
        raise TutorError(message(template, name=name, known=", ".join(OPTIMIZERS)))
    return OPTIMIZERS[name]
