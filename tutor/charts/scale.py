"""From data to dots: one axis, linear or logarithmic."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from tutor.charts.chart import Floats

FARTHEST = 1e12
"""Dots beyond this are as good as infinitely far away; nearer ones keep their precision."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Spreads `low`..`high` over the middles of `dots` dots, numbered from 0."""

    low: float
    high: float
    log: bool
    dots: int

    def dot(self, values: Floats) -> Floats:
        """Return where each value lies, in dots, any shape.

        NaN where the value is not finite, or not above 0 on a log axis. Never warns.
        """
        with np.errstate(all="ignore"):
            finite = np.where(np.isfinite(values), values, np.nan)
            if self.log:
                finite = np.log10(np.where(finite > 0, finite, np.nan))
            low, high = self._ends()
            fraction = (finite - low) / (high - low)
            return np.clip(fraction * (self.dots - 1), -FARTHEST, FARTHEST)

    def value(self, dot: float) -> float:
        """Return the value at a position in dots (the inverse of `dot`)."""
        low, high = self._ends()
        position = low + (high - low) * (dot / (self.dots - 1))
        return float(10.0 ** min(max(position, -307.0), 307.0)) if self.log else position

    def values(self, dots: Floats) -> Floats:
        """Return the values at many positions in dots, any shape."""
        low, high = self._ends()
        positions = low + (high - low) * (dots / (self.dots - 1))
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
        low, high = self._ends()
        position = math.log10(value) if self.log and math.isfinite(value) else value
        fraction = (min(max(position, low), high) - low) / (high - low)
        return min(math.floor(fraction * (self.dots - 1) + 0.5), self.dots - 1)

    def _ends(self) -> tuple[float, float]:
        if self.log:
            return math.log10(self.low), math.log10(self.high)
        return self.low, self.high
