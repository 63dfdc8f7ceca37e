"""The slope at one point: most often the first ladder tells it, at a fraction of the cost."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tutor.core.arrays import EPS, Floats
from tutor.core.derivatives.estimate import Slopes
from tutor.core.derivatives.ladder import climb, first_steps
from tutor.core.derivatives.rungs import (
    HALVINGS,
    LAST,
    ROUNDINGS,
    RUNGS,
    TINY,
    combinations,
    combined,
    is_even_from,
    known_well,
    last_may_be_off,
    looks_odd,
    spot_may_be_off,
    spot_may_bend,
)
from tutor.core.derivatives.spots import SHAKEN, left_over, scale_of, spot_steps

_OK = np.array(["ok"], dtype=object)
_NO_SIDE = np.full(1, math.nan)


def climb_one(probe: Callable[[Floats], Floats], x: float, height: float) -> Slopes:
    """Return the slope of f at one point: most often the first ladder tells it, at less cost.

    Args:
        probe: returns f at each of some points, shape (k,).
        x: the point.
        height: f at the point.
    """
    offsets = _offsets(math.frexp(x)[1] if x else None)
    points = x + offsets
    values = probe(points)
    quickly = _quick(x, height, offsets, points, values)
    if quickly is not None:
        return quickly

    def columns(_: NDArray[np.intp], points: Floats) -> Floats:
        return probe(points.reshape(-1)).reshape(points.shape)

    return climb(columns, np.array([x]), np.array([height]), seen=values)


@lru_cache(maxsize=256)
def _offsets(exponent: int | None) -> Floats:
    """Return all that is added to an x of this exponent, as `climb` does in its first call."""
    x = np.array([0.0 if exponent is None else math.ldexp(0.75, exponent)])
    scale = scale_of(x)
    h, tiny = first_steps(x, scale)[0] * HALVINGS, spot_steps(x, scale)
    return np.concatenate([h, tiny, -h, -tiny])[:, 0]


def _quick(
    x: float, height: float, offsets: Floats, points: Floats, values: Floats
) -> Slopes | None:
    """Return what the first ladder says of one point; None where anything at all is odd.

    The order of `_ladder`, with the same inequalities, most of them of Python floats: arrays of one
    entry each would cost twenty times as much. Of a wave or a bump nothing is odd here.
    """
    half = len(points) // 2
    up, down = values[:half], values[half:]
    width, leaps, bends = points[:half] - points[half:], up - down, up + down - 2 * height
    quotients, leap_sizes, bend_sizes = leaps / width, np.abs(leaps), np.abs(bends)
    steepest = (leap_sizes + bend_sizes) / width
    ulps = EPS * (np.maximum(np.abs(up), np.abs(down)) + abs(x) * steepest + TINY)
    table, truncation, rounding = combined(quotients[:RUNGS], ulps[:RUNGS] / width[:RUNGS])
    row = int((truncation + rounding).argmin())
    value, first = table.item(row), combinations().first.item(row)
    cut, lost = truncation.item(row), rounding.item(row)
    if not cut + lost < math.inf or not known_well(
        cut, lost, max(abs(value), abs(height) / max(abs(x), 1.0))
    ):
        return None
    sizes = leap_sizes.tolist(), bend_sizes.tolist(), (ROUNDINGS * ulps).tolist()
    if looks_odd(*sizes) or not is_even_from(first, *sizes):
        return None
    seen = _Seen(width.tolist(), quotients.tolist(), *sizes)
    if not _meets(seen, value, cut + lost, first):
        return None
    if max(left_over(leaps[-2:].tolist(), bends[-2:].tolist())) > SHAKEN * ulps.item(-1):
        return None
    last = values.item(LAST)
    if float(np.float32(last)) == last != values.item(0):  # in single precision, perhaps
        return None
    parts = np.array([[value], [cut], [lost], [offsets.item(first)]])
    sides = {"left": _NO_SIDE, "right": _NO_SIDE}
    return Slopes(parts[0], parts[1], parts[2], parts[3], _OK, values.size, **sides)


class _Seen(NamedTuple):
    """What was seen from the rungs and then from the spots; `rough` is what may be chance."""

    width: list[float]
    quotients: list[float]
    leaps: list[float]
    bends: list[float]
    rough: list[float]


def _meets(seen: _Seen, value: float, bound: float, first: int) -> bool:
    """Say of one slope whether the finest rungs and the spots meet it: as `ladder._meet`."""
    width, quotients, _, bends, rough = seen
    near = [abs(q - value) for q in quotients[RUNGS - 3 : RUNGS]]
    off, h_last = near[2], width[LAST] / 2
    known = rough[LAST] / ROUNDINGS / h_last
    if off > last_may_be_off(known, bound, max(near[0], near[1])):
        return False
    reach = max(rough[first:RUNGS])
    for i in range(RUNGS, len(width)):
        h, least = width[i] / 2, max(rough[i], reach)
        ratio = (h / h_last) ** 2
        if (
            not abs(quotients[i] - value) <= spot_may_be_off(bound, least / h, off, ratio)
            or not bends[i] <= spot_may_bend(least, bends[LAST], ratio)
        ):  # fmt: skip
            return False
    return True
