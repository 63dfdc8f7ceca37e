"""From data to dots: one axis, linear or logarithmic."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from tutor.charts.chart import Floats

FARTHEST = 1e12
"""Dots beyond this are as good as infinitely far away; nearer ones keep their precision."""
HUGE = 1e307
"""The difference of two positions within this is finite."""
EDGE = 0.499
"""So many dots beyond the middles of the outermost ones an axis ends."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Spreads `low`..`high` over the middles of `dots` dots, numbered from 0."""

    low: float
    high: float
    log: bool
    dots: int

    def position(self, values: Floats) -> Floats:
        """Return where each value lies between the `ends`, any shape: its log10 on a log axis.

        NaN where the value is not finite, or not above 0 on a log axis. Never warns.
        """
        with np.errstate(all="ignore"):
            finite = np.where(np.isfinite(values), values, np.nan)
            return np.log10(np.where(finite > 0, finite, np.nan)) if self.log else finite

    def dot(self, values: Floats) -> Floats:
        """Return where each value lies, in dots, any shape; NaN where `position` is."""
        return self.dot_at(self.position(values))

    def dot_at(self, positions: Floats) -> Floats:
        """Return the positions in dots, any shape."""
        low, high = self.ends
        with np.errstate(all="ignore"):
            fraction = (positions - low) / (high - low)
            return np.clip(fraction * (self.dots - 1), -FARTHEST, FARTHEST)

    def position_at(self, dots: Floats) -> Floats:
        """Return the positions of dots, any shape (the inverse of `dot_at`)."""
        low, high = self.ends
        with np.errstate(over="ignore"):
            return np.asarray(low + (high - low) * (dots / (self.dots - 1)))

    def value(self, dot: float) -> float:
        """Return the value at a position in dots (the inverse of `dot`)."""
        return float(self.values(np.array(dot)))

    def values(self, dots: Floats) -> Floats:
        """Return the values at many positions in dots, any shape."""
        positions = self.position_at(dots)
        return np.power(10.0, np.clip(positions, -307.0, 307.0)) if self.log else positions

    def nearest_dot(self, value: float) -> int:
        """Return the dot nearest to `value`, the first or last for one beyond the ends.

        Raises:
            ValueError: `value` is NaN.
        """
        if math.isnan(value):
            raise ValueError(f"nan has no place on the axis {self.low}..{self.high}")
        if self.log and value <= 0:
            return 0
        low, high = self.ends
        position = math.log10(value) if self.log and math.isfinite(value) else value
        fraction = (min(max(position, low), high) - low) / (high - low)
        return min(math.floor(fraction * (self.dots - 1) + 0.5), self.dots - 1)

    def edges(self, beyond: float = EDGE) -> tuple[float, float]:
        """Return the positions so many dots beyond the middles of the first and the last one."""
        low, high = self.position_at(np.array([-beyond, self.dots - 1 + beyond])).tolist()
        return max(low, -HUGE), min(high, HUGE)

    @property
    def ends(self) -> tuple[float, float]:
        """The positions of `low` and `high`."""
        if self.log:
            return math.log10(self.low), math.log10(self.high)
        return self.low, self.high
