"""Slopes by one step, with two more points (or one) to bound what the step costs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tutor.core.arrays import EPS, Floats
from tutor.core.derivatives.estimate import Slopes, kinked, resolved
from tutor.core.probes import as_scalar

Probe: TypeAlias = Callable[[NDArray[np.intp], Floats], Floats]
"""(entries (m,), points (k, m)) -> shape (k, m): f with only entry `entries[i]` of x moved, to
each of `points[:, i]`."""


MANTISSA = 733_009 / 2**20
"""Times a step: no wave whose period is a round number, in decimals or in binary, looks flat from
it. It has so few digits that x + h rounds nothing away."""
_CLEAR = 100.0
"""Times the rounding of f: smaller differences say nothing."""
_ROUNDINGS = 64.0
"""Times the rounding of f: what the two second differences may be apart by without a reason."""
_NOISY = 1e3
_SHRINK = np.array([2.8, 1.4])[:, None]
"""By what second and first differences of a smooth f shrink at least when h is halved."""


def power_of_two_near(target: float, x: Floats) -> Floats:
    """Return for each entry a power of two near `target` times its size (at least 1).

    x + h then loses little of h, and what it loses is the same on both sides.
    """
    return np.exp2(np.round(np.log2(target * np.maximum(np.abs(x), 1.0))))


def central(probe: Probe, x: Floats, height: float | Floats, step: float | None) -> Slopes:
    """Return (f(x + h) - f(x - h)) / 2h, with the same at 2h for the bound: 4 calls an entry.

    The error of the one is a third of the difference of the two; the whole difference is taken.
    The second differences tell kinks and noise: of a smooth f the one at 2h is four times as large.
    """
    # No power of two: a wave whose period is one would look flat.
    chosen = power_of_two_near(float(np.cbrt(EPS)), x) * MANTISSA
    h = chosen if step is None else _size(step, x)
    points = np.array([x + h, x - h, x + 2 * h, x - 2 * h])
    values = probe(np.arange(x.size), points)
    width = points[0] - points[1]
    leaps, bends = values[::2] - values[1::2], values[::2] + values[1::2] - 2 * height
    value, wide = leaps[0] / width, leaps[1] / (points[2] - points[3])
    ulp = _ulp(values, x, value)
    noise = np.abs(bends[1] - 4 * bends[0])
    shakes = (noise > _ROUNDINGS * ulp) & (step is None)
    rounding = np.where(shakes, np.maximum(noise, ulp), ulp) * 2 / width
    found = resolved(value, np.abs(wide - value), rounding, h, 4 * x.size)
    found.status[(found.status == "ok") & shakes & (noise > _NOISY * ulp)] = "noisy"
    near, far = np.abs(np.array([[bends[0], leaps[0]], [bends[1], leaps[1]]]))
    odd = ((near > _CLEAR * ulp) & (near * _SHRINK > far)).any(axis=0)
    right, left = (values[0] - height) / h, (height - values[1]) / h
    return kinked(found, odd & (found.status != "nonfinite"), left, right)


def forward(probe: Probe, x: Floats, height: float | Floats, step: float | None) -> Slopes:
    """Return (f(x + h) - f(x)) / h, with the same at 2h for the bound: 3 calls an entry.

    The third looks to the other side, where the slope may be another one.
    """
    h = _size(step, x) if step is not None else power_of_two_near(float(np.sqrt(EPS)), x)
    points = np.array([x + h, x + 2 * h, x - h])
    values = probe(np.arange(x.size), points)
    width = points[0] - x
    value = (values[0] - height) / width
    wide = (values[1] - height) / (points[1] - x)
    ulp = _ulp(np.array([*values, height + 0 * x]), x, value)
    rounding = ulp * 2 / width
    found = resolved(value, 2 * np.abs(wide - value), rounding, h, 3 * x.size)
    left = (height - values[2]) / (x - points[2])
    bend = np.abs(value - left)
    odd = (bend * h > _CLEAR * ulp) & (bend > 4 * np.abs(wide - value))
    return kinked(found, odd & (found.status != "nonfinite"), left, value)


def _size(step: float, x: Floats) -> Floats:
    return np.full_like(x, step)


def imaginary(f: Callable[[Any], Any], probe: Probe, x: Floats, step: float | None) -> Slopes:
    """Return Im f(x + ih) / h, which subtracts nothing (Squire and Trapp 1998).

    Raises:
        ValueError: if f does not compute with complex numbers, or not as it does with real ones
            (abs, max and comparisons do not).
    """
    h = 1e-20 if step is None else step
    slopes = []
    for i in range(x.size):
        moved = x.astype(np.complex128).reshape(-1)
        moved[i] += 1j * h
        result = np.asarray(f(moved.reshape(x.shape)[()]))
        if result.shape != () or result.dtype.kind != "c":
            raise ValueError("method complex needs an f that computes with complex numbers")
        slopes.append(float(result.imag) / h)
    value, check = np.array(slopes), central(probe, x.reshape(-1), as_scalar(f(x[()].copy())), None)
    if np.any(np.abs(value - check.value) > 10 * check.error + 1e-6 * np.abs(value)):
        raise ValueError("f takes complex numbers otherwise than real ones: abs, max, comparisons?")
    truncation = np.abs(value) * h**2
    rounding = 16 * EPS * np.abs(value)
    return resolved(value, truncation, rounding, np.full_like(value, h), 5 * x.size)


def _ulp(values: Floats, x: Floats, slope: Floats) -> Floats:
    """What f is known to: an ulp of its own size, and of what an ulp of x changes."""
    ulp: Floats = EPS * (np.abs(values).max(axis=0) + np.abs(x * slope))
    return ulp
