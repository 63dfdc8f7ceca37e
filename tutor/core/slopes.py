"""What the ways to find a slope have in common: a value, the parts of its error, a status."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tutor.core.arrays import Floats

Status: TypeAlias = Literal["ok", "kink", "nonfinite", "noisy", "unresolved_step"]


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
