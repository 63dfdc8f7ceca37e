"""Optimizers and schedules by the names that lessons and the lab use, and what theory says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Protocol

import numpy as np

from tutor.core.optimizers import Momentum, Nesterov, Optimizer, optimizer
from tutor.core.schedules import Constant, Cosine, StepDecay
from tutor.i18n import Message, message

DROPS, DROP_FACTOR = 4, 0.5
"""The schedule `step`: η is halved after each quarter of the run."""

OPTIMIZER_NAMES: Mapping[str, Message] = MappingProxyType(
    {
        "gradient-descent": message("gradient descent"),
        "momentum": message("momentum"),
        "nesterov": message("Nesterov"),
        "adagrad": message("AdaGrad"),
        "rmsprop": message("RMSProp"),
        "adam": message("Adam"),
    }
)


class Method(Protocol):
    """What decides how a step is made."""

    @property
    def optimizer(self) -> str:
        """Its name."""
        ...

    @property
    def momentum(self) -> float:
        """μ, for those that have it."""
        ...


def core_optimizer(method: Method) -> Optimizer:
    """Return the core's optimizer of this name and μ, with its own defaults for the rest."""
    match method.optimizer:
        case "momentum":
            return Momentum(method.momentum)
        case "nesterov":
            return Nesterov(method.momentum)
        case name:
            return optimizer(name)


def core_schedule(name: str, rate: float, steps: int) -> Callable[[int], float]:
    """Return η as a function of the step's number, from 0, in a whole run of `steps`."""
    match name:
        case "step":
            return StepDecay(rate, drop_every(steps), DROP_FACTOR)
        case "cosine":
            return Cosine(rate, steps)
        case _:
            return Constant(rate)


def drop_every(steps: int) -> int:
    """Return after how many steps the schedule `step` halves η."""
    return max(1, -(-steps // DROPS))


def largest_safe_rate(method: Method, curvature: float) -> float | None:
    """Return the η below which steps on a bowl of this curvature come nearer; None if unknown.

    Plain descent: 2/λ. With momentum μ: 2(1 + μ)/λ (Polyak), (2 + 2μ)/((1 + 2μ)λ) (Nesterov);
    both follow from the roots of their recurrences. Methods that divide by past gradients have
    no such bound.
    """
    if not curvature > 0:
        return None
    mu = method.momentum
    with np.errstate(all="ignore"):
        match method.optimizer:
            case "gradient-descent":
                limit = 2 / np.float64(curvature)
            case "momentum":
                limit = 2 * (1 + mu) / np.float64(curvature)
            case "nesterov":
                limit = (2 + 2 * mu) / ((1 + 2 * mu) * np.float64(curvature))
            case _:
                return None
    return float(limit)
