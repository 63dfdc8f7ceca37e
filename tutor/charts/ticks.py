"""Round numbers for an axis, and how to write them in few cells."""

from __future__ import annotations

import math
from dataclasses import dataclass

_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
LONG_LABEL = 9


@dataclass(frozen=True, slots=True)
class Tick:
    """A value on an axis and its label."""

    value: float
    label: str


def round_step(size: float) -> float:
    """Return the smallest of 1, 2, 5 times a power of ten that is at least `size` (above 0)."""
    exponent = math.floor(math.log10(size))
    unit = 10.0**exponent if exponent > -300 else size
    for factor in (1, 2, 5, 10):
        if factor * unit >= size * (1 - 1e-9):
            return factor * unit
    return 10 * unit


def short_number(value: float, *, ascii_only: bool) -> str:
    """Return a number in three digits at most: 0.05, 12.5, 2500, 1e6."""
    text = f"{value:.3g}" if 1e-3 <= abs(value) < 1e3 or value == 0 else f"{value:.0e}"
    if 1e3 <= abs(value) < 1e5:
        text = f"{value:.0f}"
    text = text.replace("e+0", "e").replace("e+", "e").replace("e-0", "e-")
    return text if ascii_only else text.replace("-", "−")


def linear_ticks(low: float, high: float, count: int, *, ascii_only: bool) -> tuple[Tick, ...]:
    """Return about `count` (at most `count + 1`) ticks at round numbers within low..high."""
    step = round_step((high - low) / max(count, 1))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    values = [step * k for k in range(first, min(last, first + count + 1) + 1)]
    texts = _plain_labels(values, step)
    return tuple(
        Tick(value, text if ascii_only else text.replace("-", "−"))
        for value, text in zip(values, texts, strict=True)
    )


def _plain_labels(values: list[float], step: float) -> list[str]:
    largest = max((abs(value) for value in values), default=0.0)
    if largest >= 1e5 or (0 < largest < 1e-3):
        return [_scientific(value, step) for value in values]
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    labels = [f"{value + 0.0:.{decimals}f}" for value in values]
    if max(map(len, labels), default=0) > LONG_LABEL:
        return _labels_from_the_middle(values, step)
    return labels


def _labels_from_the_middle(values: list[float], step: float) -> list[str]:
    """The middle one in six digits, the others by how far they are from it: 5, +1e-9."""
    middle = len(values) // 2
    labels = [_scientific((k - middle) * step, step) for k in range(len(values))]
    signed = [label if label.startswith("-") else f"+{label}" for label in labels]
    signed[middle] = f"{values[middle]:.6g}"
    return signed


def _scientific(value: float, step: float) -> str:
    """2e6, 1.5e-7: as few digits as tell neighbours apart."""
    if abs(value) < step / 2:
        return "0"
    exponent = math.floor(math.log10(abs(value)) + 1e-12)
    digits = max(0, exponent - math.floor(math.log10(step) + 1e-9))
    mantissa, power = f"{value:.{digits}e}".split("e")
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return f"{mantissa}e{int(power)}"


def log_ticks(low: float, high: float, count: int, *, ascii_only: bool) -> tuple[Tick, ...]:
    """Return at most about `count` ticks at powers of ten, or at 1, 2, 5 within few decades.

    `0 < low < high`. A range of less than a factor of two or so falls back on linear ticks.
    """
    first = math.ceil(math.log10(low) - 1e-9)
    last = math.floor(math.log10(high) + 1e-9)
    decades = last - first + 1
    if decades >= 2:
        every = _decade_step(decades, count)
        start = math.ceil(first / every) * every
        exponents = range(start, last + 1, every)
        return tuple(Tick(10.0**e, _power(e, ascii_only=ascii_only)) for e in exponents)
    ticks = _between_decades(low, high)
    if len(ticks) >= 2:
        return ticks
    return linear_ticks(low, high, count, ascii_only=ascii_only)


def _decade_step(decades: int, count: int) -> int:
    needed = decades / max(count, 1)
    return next((step for step in (1, 2, 3, 4, 5, 10, 20, 50, 100) if step >= needed), 200)


def _between_decades(low: float, high: float) -> tuple[Tick, ...]:
    exponents = range(math.floor(math.log10(low)), math.floor(math.log10(high)) + 1)
    values = [factor * 10.0**e for e in exponents for factor in (1, 2, 5)]
    return tuple(Tick(v, _short(v)) for v in values if low <= v <= high)


def _short(value: float) -> str:
    return f"{value:g}" if 1e-3 <= value < 1e5 else _scientific(value, value)


def _power(exponent: int, *, ascii_only: bool) -> str:
    if ascii_only:
        return f"1e{exponent}"
    return "10" + str(exponent).translate(_SUPERSCRIPTS)
