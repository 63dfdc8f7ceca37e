"""A number that the learner turns: how far one key goes, what may be typed."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tutor.engine.numbers import show
from tutor.errors import TutorError
from tutor.i18n import Text, message
from tutor.lesson.abilities import WHOLE_NUMBERS
from tutor.lesson.model import Parameter

SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_STEPS_IN_RANGE = 50
_STEPS_IN_DECADE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One turnable number: its name, label, start value, range and step."""

    name: str
    label: Text
    start: float
    low: float
    high: float
    log: bool = False
    step: float | None = None
    integer: bool = False
    locked: bool = False

    def moved(self, value: float, ticks: int) -> float:
        """Return `value` moved by so many steps, kept in range and on round numbers."""
        if self.log:
            tenths = round(math.log10(value) * _STEPS_IN_DECADE) + ticks
            return self._kept(_rounded(10.0 ** (tenths / _STEPS_IN_DECADE), 3))
        step = self.tick
        places = max(0, 2 - math.floor(math.log10(step)))
        return self._kept(round((round(value / step) + ticks) * step, places))

    def at_fraction(self, fraction: float) -> float:
        """Return the value at this fraction (0 to 1) of the track, on a whole step."""
        fraction = min(1.0, max(0.0, fraction))
        if self.log:
            low, high = math.log10(self.low), math.log10(self.high)
            return self.moved(10.0 ** (low + fraction * (high - low)), 0)
        return self.moved(self.low + fraction * (self.high - self.low), 0)

    def fraction(self, value: float) -> float:
        """Return where `value` stands on the track, 0 to 1."""
        if self.log:
            low, high, here = math.log10(self.low), math.log10(self.high), math.log10(value)
        else:
            low, high, here = self.low, self.high, value
        return min(1.0, max(0.0, (here - low) / (high - low)))

    @property
    def tick(self) -> float:
        """What one key press adds on a linear scale."""
        if self.integer:
            return max(1.0, self.step or 1.0)
        return self.step or round_step(self.high - self.low)

    def accept(self, value: float) -> float:
        """Return a typed `value`, or say why it cannot be taken (TutorError)."""
        if not math.isfinite(value):
            raise TutorError(message("{label} must be a finite number", label=self.label))
        if not self.low <= value <= self.high:
            raise TutorError(
                message(
                    "{label} goes from {low} to {high}",
                    label=self.label,
                    low=show(self.low),
                    high=show(self.high),
                )
            )
        if self.integer and value != int(value):
            raise TutorError(message("{label} is a whole number", label=self.label))
        return value

    def _kept(self, value: float) -> float:
        value = min(self.high, max(self.low, value))
        return float(round(value)) if self.integer else value


def round_step(extent: float) -> float:
    """Return about a fiftieth of `extent`, as 1, 2 or 5 times a power of ten.

    >>> round_step(10.0), round_step(8.0), round_step(2.0)
    (0.2, 0.2, 0.05)
    """
    raw = extent / _STEPS_IN_RANGE
    unit = 10.0 ** math.floor(math.log10(raw))
    return _rounded(min((1, 2, 5, 10), key=lambda n: abs(math.log(n * unit / raw))) * unit, 1)


def _rounded(value: float, digits: int) -> float:
    return float(f"{value:.{digits - 1}e}")


def control_of(parameter: Parameter) -> Control:
    """Return the control for a lesson's parameter."""
    return Control(
        name=parameter.name,
        label=parameter.label,
        start=parameter.value,
        low=parameter.range[0],
        high=parameter.range[1],
        log=parameter.scale == "log",
        step=parameter.step,
        integer=parameter.name in WHOLE_NUMBERS,
        locked=parameter.locked,
    )
