"""Learning rates that change with the step: each is a function of the step's number, from 0."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

LearningRate: TypeAlias = float | Callable[[int], float]
"""One η for all steps, or a schedule."""


@dataclass(frozen=True)
class Constant:
    """The same η at every step.

    >>> Constant(0.1)(7)
    0.1
    """

    rate: float

    def __call__(self, _step: int) -> float:
        """Return η at this step."""
        return self.rate


@dataclass(frozen=True)
class StepDecay:
    """η times `factor` after every `every` steps; the form of PyTorch's StepLR.

    >>> [StepDecay(1.0, every=2, factor=0.5)(k) for k in range(5)]
    [1.0, 1.0, 0.5, 0.5, 0.25]
    """

    rate: float
    every: int
    factor: float = 0.1

    def __post_init__(self) -> None:
        if self.every < 1:
            raise ValueError(f"every must be 1 step or more, not {self.every}")

    def __call__(self, step: int) -> float:
        """Return η at this step."""
        return self.rate * self.factor ** (step // self.every)


@dataclass(frozen=True)
class Cosine:
    """η falls from `rate` to `least` along half a cosine in `steps` steps, then stays.

    The form of PyTorch's CosineAnnealingLR (Loshchilov and Hutter 2017), without its second rise.

    >>> [round(Cosine(1.0, steps=4)(k), 3) for k in (0, 2, 4, 9)]
    [1.0, 0.5, 0.0, 0.0]
    """

    rate: float
    steps: int
    least: float = 0.0

    def __post_init__(self) -> None:
        if self.steps < 1:
            raise ValueError(f"steps must be 1 or more, not {self.steps}")

    def __call__(self, step: int) -> float:
        """Return η at this step."""
        done = min(step / self.steps, 1.0)
        return self.least + (self.rate - self.least) * (1 + math.cos(math.pi * done)) / 2


def rates(learning_rate: LearningRate, steps: int) -> list[float]:
    """Return η of each of so many steps, of a number or a schedule.

    >>> rates(0.1, 2), rates(lambda step: 1 / (1 + step), 2)
    ([0.1, 0.1], [1.0, 0.5])
    """
    if isinstance(learning_rate, str):
        raise TypeError(f"learning_rate must be a number or a schedule, not {learning_rate!r}")
    if callable(learning_rate):
        return [float(learning_rate(step)) for step in range(steps)]
    return [float(learning_rate)] * steps
