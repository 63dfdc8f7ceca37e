"""What `derivative` and `gradient` return: a value that knows its error and can explain it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tutor.core.arrays import Floats
from tutor.i18n import Message, message

Status: TypeAlias = Literal["ok", "kink", "nonfinite", "noisy", "unresolved_step"]
Method: TypeAlias = Literal["auto", "central", "forward", "ladder", "complex", "exact"]

_STATUS: dict[str, str] = {
    "kink": "the slope jumps at {x}: there is no derivative, only one from the left and one from "
    "the right",
    "nonfinite": "f has no finite value on both sides of {x}: there is no derivative to be found",
    "noisy": "f shakes by much more than its last digit around {x}: fewer digits are true",
    "unresolved_step": "{x} + {step} is {x}: in floating point this step leads nowhere",
}


@dataclass(frozen=True, eq=False)
class Derivative:
    """The slope of f at x, and how far it may be off."""

    x: float
    value: float
    """In f's units per x's unit; nan where there is none."""
    error: float
    """A bound on |value - f'(x)|: truncation + rounding. Infinite at a kink. It is an estimate,
    which held in more than 99 of 100 test cases."""
    truncation: float
    """The part that comes of secants that are not the tangent."""
    rounding: float
    """The part that comes of the last digits of f."""
    step: float
    """The largest h that went into the value; 0 for an exact derivative."""
    evaluations: int
    """How often f was computed."""
    status: Status
    method: Method
    notes: tuple[Message, ...] = ()

    def explain(self) -> tuple[Message, ...]:
        """Return one sentence a term: the value, the two parts of its error, what is peculiar."""
        told = [message("the slope at {x:.10g} is {value:.15g}", x=self.x, value=self.value)]
        told += _sentences(self.truncation, self.rounding, self.step, self.method)
        told += _peculiar(self.status, self.x, self.step)
        return (*told, *self.notes)


@dataclass(frozen=True, eq=False)
class Gradient:
    """All partial derivatives of f at x; each array has x's shape. Terms as in `Derivative`."""

    x: Floats
    value: Floats
    error: Floats
    truncation: Floats
    rounding: Floats
    step: Floats
    evaluations: int
    status: Status
    """The worst of `statuses`."""
    statuses: NDArray[np.object_]
    """The status of each entry."""
    method: Method
    notes: tuple[Message, ...] = ()

    def explain(self) -> tuple[Message, ...]:
        """Return one sentence a term, about the entry with the largest error."""
        if self.value.size == 0:
            return (message("x has no entries: there is nothing to differentiate"), *self.notes)
        worst = np.unravel_index(int(np.argmax(self.error)), self.x.shape)
        where = ", ".join(map(str, worst)) or "0"
        template = "the least certain entry is [{where}]: {value:.15g}"
        told = [message(template, where=where, value=float(self.value[worst]))]
        step = float(self.step[worst])
        told += _sentences(
            float(self.truncation[worst]), float(self.rounding[worst]), step, self.method
        )
        told += _peculiar(self.statuses[worst], float(self.x[worst]), step)
        return (*told, *self.notes)


def _sentences(truncation: float, rounding: float, step: float, method: Method) -> list[Message]:
    if not math.isfinite(truncation):
        return []
    if method == "exact":
        first = message("truncation: none, the formula itself was differentiated")
    elif method == "complex":
        first = message("truncation: none, a complex step of {step:.1g} is small enough", step=step)
    else:
        template = "truncation: a step of {step:.1g} can move it by {part:.1g}"
        first = message(template, step=step, part=truncation)
    return [
        first,
        message("rounding: the last digits of f can move it by {part:.1g}", part=rounding),
    ]


def _peculiar(status: Status, x: float, step: float) -> list[Message]:
    if status == "ok":
        return []
    return [message(_STATUS[status], x=f"{x:.10g}", step=f"{step:.10g}")]


# What each way to find slopes hands over, before it is told


class Slope(NamedTuple):
    """The slope along one entry."""

    value: float
    truncation: float
    rounding: float
    step: float
    """The largest h that went into the value."""
    status: Status
    evaluations: int


@dataclass(frozen=True, eq=False)
class Slopes:
    """The slopes along m entries; each array has shape (m,)."""

    value: Floats
    truncation: Floats
    rounding: Floats
    step: Floats
    status: NDArray[Any]
    evaluations: int

    @property
    def error(self) -> Floats:
        """The bound: the sum of its two parts."""
        return self.truncation + self.rounding

    def row(self, i: int) -> Slope:
        """Return one slope; the evaluations are shared out."""
        return Slope(
            self.value.item(i),
            self.truncation.item(i),
            self.rounding.item(i),
            self.step.item(i),
            self.status[i],
            self.evaluations // self.value.size,
        )


def gathered(slopes: Sequence[Slope]) -> Slopes:
    """Return single slopes side by side."""
    numbers = np.array([slope[:4] for slope in slopes], dtype=np.float64).reshape(-1, 4)
    value, truncation, rounding, step = numbers.T
    status = np.array([slope.status for slope in slopes], dtype=object)
    evaluations = sum(slope.evaluations for slope in slopes)
    return Slopes(value, truncation, rounding, step, status, evaluations)


def resolved(
    value: Floats, truncation: Floats, rounding: Floats, step: Floats, calls: int
) -> Slopes:
    """Return slopes of which nothing is known but whether they are finite."""
    finite = np.isfinite(value)
    status: NDArray[Any] = np.where(finite, "ok", "nonfinite").astype(object)
    value = np.where(finite, value, np.nan)
    bounded = np.where(np.isfinite(truncation), truncation, np.inf)
    return Slopes(value, bounded, rounding, step, status, calls)
