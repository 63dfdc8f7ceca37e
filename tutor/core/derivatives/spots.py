"""The finest data about f near a point: quotients on tiny steps, and how much f shakes."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tutor.core.arrays import EPS, Floats
from tutor.core.derivatives.rungs import TINY, Probe

SHAKEN = 4.0
"""Times the rounding of f: what is left of two spots that are smooth is less."""
_COARSEST, _FINEST = -22.0, -38.0
"""Powers of two, times the size of x, of the spots; one more lies beyond, to know the noise by."""
_STRIDE = 8.0
"""Powers of two between spots: what is narrower than one spot is seen from the next."""
_AT_ZERO = -20
"""The size of x = 0, as a power of two."""
_SMALLEST = -980
_SMALL_NOISE = 1e6
"""Times the rounding of f: as much as digits that f has lost on its way."""
_BELOW = np.array([-44.0, -45.0, -49.0, -50.0])[:, None]
"""Powers of two, times the size of x: where noise must still be, else it is a pattern."""
_PERSISTS = 30.0
"""By what noise may be smaller there, by chance."""
_SAME_LAW = 0.02
_SPREAD = 4.0
"""Few values of a noisy f are a small sample: the true spread may well be larger."""
SINGLE_PRECISION = 2.0**-23
"""The rounding of a float32."""


class Spots(NamedTuple):
    """What is seen on steps h; shape (spots, m), the two finest last."""

    h: Floats
    quotients: Floats
    bends: Floats
    """Second differences."""
    noise: Floats
    """What f is known to."""
    floor: Floats
    """Shape (m,): the noise of f; 0 where it is no more than rounding."""

    def at(self, columns: NDArray[np.bool_]) -> Spots:
        """Return some of the columns."""
        return Spots(*(part[..., columns] for part in self))


def scale_of(x: Floats) -> Floats:
    """Return the power of two above each |x|; of 0 a small one.

    As frexp gives it: x + h then rounds little of h away.
    """
    exponents = np.where(x == 0, _AT_ZERO, np.frexp(x)[1])
    return np.asarray(np.ldexp(1.0, np.clip(exponents, _SMALLEST, 1023)))


def spot_steps(x: Floats, scale: Floats) -> Floats:
    """Return the steps of the spots, shape (spots, m): the smaller |x|, the finer and the more."""
    size = np.where(np.abs(x) < 1, scale, 1.0)
    ends = _FINEST + np.log2(np.minimum(size, 1.0))
    count = 2 + int((_COARSEST - ends.min()) / _STRIDE)
    exponents = np.linspace(_COARSEST, ends, count)
    powers = np.concatenate([exponents, ends[None] - 1])
    return np.asarray(np.exp2(powers) * np.maximum(scale, 1.0))


def pairs(x: Floats, h: Floats) -> tuple[Floats, Floats]:
    """Return the points above and below x by each step."""
    return x + h, x - h


def look(
    probe: Probe,
    x: Floats,
    height: Floats,
    scale: Floats,
    ends: tuple[Floats, Floats],
    values: Floats,
) -> tuple[Spots, int]:
    """Return what is seen from the points `ends`, where f is `values`, and how often f was asked.

    Noise is what is left of the two finest spots once slope and curvature are taken away. Noise
    is everywhere: much of it must be there on still finer steps, or it is a pattern not seen.
    """
    up, down = np.split(values, 2)
    leaps, bends, width = up - down, up + down - 2 * height, ends[0] - ends[1]
    quotients = leaps / width
    size = np.maximum(np.abs(up), np.abs(down)) + TINY
    noise, floor = EPS * (size + np.abs(x * quotients)), np.maximum(*left_over(leaps, bends))
    calls = 0
    floor[~(floor > SHAKEN * noise[-1])] = 0.0
    big = floor > _SMALL_NOISE * EPS * size[-1]
    if big.any():
        h = np.exp2(_BELOW) * scale[big]
        below = probe(np.flatnonzero(big), np.concatenate(pairs(x[big], h)))
        calls = below.size
        up, down = np.split(below, 2)
        leaps = np.concatenate([leaps[-2:, big], up - down])
        bends_below = np.concatenate([bends[-2:, big], up + down - 2 * height[big]])
        floor[big] = np.where(_is_noise(leaps, bends_below), floor[big], 0.0)
    if floor.any():
        floor *= _SPREAD
    return Spots(width / 2, quotients, bends, np.maximum(noise, floor), floor), calls


def _is_noise(leaps: Floats, bends: Floats) -> NDArray[np.bool_]:
    """Say whether what is left of three pairs of steps, the finer the later, is noise.

    Noise stays as large as it was. A jump or a root stays too, but by the same law at each pair.
    """
    left = [np.maximum(*left_over(leaps[i : i + 2], bends[i : i + 2])) for i in (0, 2, 4)]
    sizes = np.abs(leaps) + np.abs(bends)
    ratios = sizes[::2] / sizes[1::2]
    by_a_law = np.ptp(ratios, axis=0) <= _SAME_LAW * ratios[0]
    stays = np.minimum(left[1], left[2]) * _PERSISTS >= left[0]
    return np.asarray(stays & ~by_a_law)


def left_over(leaps: Any, bends: Any) -> tuple[Any, Any]:
    """Return what is left of first and second differences at h and h/2 once the smooth is gone.

    Of one point (floats) or of many (arrays).
    """
    return abs(leaps[-2] - 2 * leaps[-1]) / 2, abs(bends[-2] - 4 * bends[-1]) / 4


def in_single_precision(values: Floats) -> NDArray[np.bool_]:
    """Say of columns whether f gives float32 numbers: full ones, as integers are not."""
    short = values.astype(np.float32) == values
    single = short.all(axis=0)
    if single.any():
        digits = np.frexp(values)[0] * 2.0**24
        single &= (digits % 2 == 1).any(axis=0) & (np.ptp(values, axis=0) > 0)
    return np.asarray(single)
