"""What `derivative` and `gradient` return: a value that knows its error and can explain it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tutor.core.arrays import Floats
from tutor.i18n import Message, message

Status: TypeAlias = Literal["ok", "noisy", "unclear", "kink", "unresolved_step", "nonfinite"]
Method: TypeAlias = Literal["auto", "central", "forward", "ladder", "complex", "exact"]

_STATUS: dict[str, str] = {
    "kink": "the slope jumps at {x}: there is no derivative, only one from the left and one from "
    "the right",
    "nonfinite": "f has no finite value on both sides of {x}: there is no derivative to be found",
    "unclear": "f changes around {x} on a scale that differences do not see: {step} and less",
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
    left: float = math.nan
    """At a kink: the slope from the left, infinite where f jumps; else nan."""
    right: float = math.nan

    def explain(self) -> tuple[Message, ...]:
        """Return one sentence a term: the value, the two parts of its error, what is peculiar."""
        told = [message("the slope at {x:.10g} is {value:.15g}", x=self.x, value=self.value)]
        told += _sentences(self.truncation, self.rounding, self.step, self.method)
        told += _peculiar(self.status, self.x, self.step, self.left, self.right)
        return (*told, *self.notes)


@dataclass(frozen=True, eq=False)
class Gradient:
    """All partial derivatives of f at x, or the slopes of a function of one number at many x.

    Each array has x's shape. Terms as in `Derivative`.
    """

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
    left: Floats
    right: Floats
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
        sides = float(self.left[worst]), float(self.right[worst])
        told += _peculiar(self.statuses[worst], float(self.x[worst]), step, *sides)
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


def _peculiar(status: Status, x: float, step: float, left: float, right: float) -> list[Message]:
    if status == "ok":
        return []
    told = [message(_STATUS[status], x=f"{x:.10g}", step=f"{step:.10g}")]
    if status == "kink" and math.isfinite(left) and math.isfinite(right):
        template = "from the left the slope is {left:.6g}, from the right {right:.6g}"
        told.append(message(template, left=left, right=right))
    return told


# What each way to find slopes hands over, before it is told


PARTS = ("value", "truncation", "rounding", "step", "status", "left", "right")
"""The arrays of `Slopes`."""


@dataclass(frozen=True, eq=False)
class Slopes:
    """The slopes along m entries; each array has shape (m,)."""

    value: Floats
    truncation: Floats
    rounding: Floats
    step: Floats
    """The largest h that went into the value."""
    status: NDArray[Any]
    evaluations: int
    left: Floats
    """At a kink: the slope from the left; infinite where f jumps."""
    right: Floats

    @property
    def error(self) -> Floats:
        """The bound: the sum of its two parts."""
        return self.truncation + self.rounding

    def at(self, entry: int) -> Slopes:
        """Return the slope along one entry; it counts all evaluations if it is the first."""
        parts = {name: getattr(self, name)[entry : entry + 1] for name in PARTS}
        return Slopes(**parts, evaluations=0 if entry else self.evaluations)

    def unresolved(self, x: Floats, step: float) -> Slopes:
        """Return them with a slope of 0, as the course sees it, where the step leads nowhere."""
        lost = (x + step == x) | (x - step == x)
        if not lost.any():
            return self
        return replace(
            self,
            value=np.where(lost, 0.0, self.value),
            truncation=np.where(lost, np.inf, self.truncation),
            rounding=np.where(lost, 0.0, self.rounding),
            step=np.where(lost, step, self.step),
            status=np.where(lost, "unresolved_step", self.status).astype(object),
        )


def side_by_side(slopes: Sequence[Slopes]) -> Slopes:
    """Return slopes along single entries as slopes along all."""
    if len(slopes) < 2:
        return slopes[0] if slopes else nothing()
    parts = {name: np.concatenate([getattr(one, name) for one in slopes]) for name in PARTS}
    return Slopes(**parts, evaluations=sum(one.evaluations for one in slopes))


def nothing() -> Slopes:
    """Return the slopes along no entry."""
    none = np.zeros(0)
    return Slopes(none, none, none, none, np.zeros(0, dtype=object), 0, none, none)


def resolved(
    value: Floats, truncation: Floats, rounding: Floats, step: Floats, calls: int
) -> Slopes:
    """Return slopes of which nothing is known but whether they are finite."""
    finite = np.isfinite(value)
    status: NDArray[Any] = np.where(finite, "ok", "nonfinite").astype(object)
    value = np.where(finite, value, np.nan)
    bounded = np.where(finite & np.isfinite(truncation), truncation, np.inf)
    sides = np.full((2, *value.shape), np.nan)
    return Slopes(value, bounded, rounding, step, status, calls, *sides)


def kinked(slopes: Slopes, kinks: NDArray[np.bool_], left: Floats, right: Floats) -> Slopes:
    """Return the slopes without a bound where f has a kink, with the slopes of both sides."""
    if not kinks.any():
        return slopes
    return replace(
        slopes,
        truncation=np.where(kinks, np.inf, slopes.truncation),
        status=np.where(kinks, "kink", slopes.status).astype(object),
        left=np.where(kinks, left, slopes.left),
        right=np.where(kinks, right, slopes.right),
    )
