"""Slopes by one step, as the course takes it; the ladder says how far each is off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from tutor.core.arrays import EPS, Floats
from tutor.core.derivatives.estimate import Method, Slopes
from tutor.core.derivatives.rungs import MANTISSA, TINY, Probe

_SMALLEST = 2.0**-1074
"""Numbers are multiples of it: of a product that is no larger nothing is left."""


def by_one_step(
    method: Method, probe: Probe, x: Floats, height: Floats, step: float | None, ladder: Slopes
) -> Slopes:
    """Return the slopes by one `central` or `forward` step: 2 calls an entry, or 1.

    Two steps may well agree and see nothing of a fast wave, and no difference tells a kink below
    the last digits of f from none: so what `ladder` found judges them.
    """
    central = method == "central"
    h = np.full_like(x, step) if step is not None else _chosen(x, central=central)
    right = x + h
    left = x - h if central else x
    values = probe(np.arange(x.size), np.array([right, left] if central else [right]))
    below = values[-1] if central else height
    width = right - left
    value = (values[0] - below) / width
    size = np.maximum(np.abs(values[0]), np.abs(below)) + np.abs(x * value)
    return _judged(value, 2 * EPS * size / width, h, ladder, values.size)


def _chosen(x: Floats, *, central: bool) -> Floats:
    """Return for each entry a step near the best one where f and x are of size 1.

    x + h then loses little of h, and what it loses is the same on both sides.
    """
    target = np.cbrt(EPS) if central else np.sqrt(EPS)
    powers = np.exp2(np.round(np.log2(target * np.maximum(np.abs(x), 1.0))))
    # No power of two: a wave whose period is one would look flat.
    return np.asarray(powers * MANTISSA if central else powers)


def _judged(value: Floats, rounding: Floats, h: Floats, ladder: Slopes, calls: int) -> Slopes:
    """Return slopes with the ladder's status, and a bound that covers what the ladder's does."""
    finite = np.isfinite(value) & np.isfinite(ladder.value)
    bound = np.abs(value - ladder.value) + ladder.error
    return replace(
        ladder,
        value=np.where(finite, value, np.nan),
        truncation=np.where(finite, np.maximum(bound - rounding, 0.0), np.inf),
        rounding=rounding,
        step=h,
        status=np.where(finite, ladder.status, "nonfinite").astype(object),
        evaluations=calls + ladder.evaluations,
    )


def imaginary(f: Callable[[Any], Any], x: Floats, step: float | None, ladder: Slopes) -> Slopes:
    """Return Im f(x + ih) / h, which subtracts nothing (Squire and Trapp 1998): 2 calls an entry.

    Raises:
        ValueError: if f does not compute with complex numbers, or not as it does with real ones
            (abs, max and comparisons do not).
    """
    flat = x.reshape(-1)
    small = np.where(flat == 0, 1e-20, np.maximum(2.0**-70 * np.abs(flat), TINY))
    h = small if step is None else np.full_like(flat, step)

    def slope(entry: int, shift: float) -> float:
        moved = x.astype(np.complex128).reshape(-1)
        moved[entry] += complex(shift, h[entry])
        result = np.asarray(f(moved.reshape(x.shape)[()]))
        if result.shape != () or result.dtype.kind != "c":
            raise ValueError("method complex needs an f that computes with complex numbers")
        return float(result.imag) / h.item(entry)

    nudge = 2.0**-31 * np.abs(flat)
    value = np.array([slope(i, 0.0) for i in range(flat.size)])
    beside = np.array([slope(i, shift) for i, shift in enumerate(nudge.tolist())])
    # What an ulp of x changes, and the last digits of f's imaginary part.
    rounding = 2.0**32 * EPS * np.abs(beside - value) + 16 * EPS * np.abs(value) + _SMALLEST / h
    found = _judged(value, rounding, h, ladder, 2 * flat.size)
    far = np.abs(value - ladder.value) > 10 * (ladder.error + rounding) + 1e-6 * np.abs(value)
    seen = np.isin(ladder.status, ["ok", "noisy"])
    if (far & seen).any():
        raise ValueError("f takes complex numbers otherwise than real ones: abs, max, comparisons?")
    return found if step is not None else replace(found, truncation=np.where(seen, 0.0, np.inf))
