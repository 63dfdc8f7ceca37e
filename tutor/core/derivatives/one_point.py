"""The slope at one point: most often the first ladder tells it, at a fraction of the cost."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tutor.core.arrays import EPS, Floats
from tutor.core.derivatives.estimate import Slopes
from tutor.core.derivatives.ladder import climb, first_steps
from tutor.core.derivatives.rungs import (
    ENOUGH,
    HALVINGS,
    HUGE,
    LAST,
    ROUNDED,
    RUNGS,
    TINY,
    combinations,
    is_even_from,
    looks_odd,
)
from tutor.core.derivatives.spots import ROUNDINGS, SHAKEN, scale_of, spot_steps

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
    return np.concatenate([h, -h, tiny, -tiny])[:, 0]


def _quick(
    x: float, height: float, offsets: Floats, points: Floats, values: Floats
) -> Slopes | None:
    """Return what the first ladder says of one point; None where anything at all is odd.

    The same judgements as in `_ladder`, most of them by Python floats: of arrays of one entry each
    would cost twenty times as much.
    """
    up, down = values[:RUNGS], values[RUNGS : 2 * RUNGS]
    width = points[:RUNGS] - points[RUNGS : 2 * RUNGS]
    leaps, bends = up - down, up + down - 2 * height
    quotients, sizes = leaps / width, np.abs(values[: 2 * RUNGS])
    steepest = (np.abs(leaps) + np.abs(bends)) / width
    ulps = EPS * (np.maximum(sizes[:RUNGS], sizes[RUNGS:]) + abs(x) * steepest + TINY)
    if not ulps.max() + abs(quotients.item(LAST)) < EPS * HUGE:
        return None
    rows = combinations()
    table, rounding = rows.weights @ quotients, rows.amounts @ (ROUNDED * ulps / width)
    truncation = np.abs(table[rows.neighbours] - table[:-1]).max(axis=0)
    row = int((truncation + rounding).argmin())
    value, first = table.item(row), rows.first.item(row)
    cut, lost = truncation.item(row), rounding.item(row)
    bound = cut + lost
    settled = cut <= lost or bound <= ENOUGH * max(abs(value), abs(height) / max(abs(x), 1.0))
    seen = leaps.tolist(), bends.tolist(), ulps.tolist()
    if not settled or looks_odd(*seen) or not is_even_from(first, *seen):
        return None
    near = [abs(q - value) for q in quotients[-3:].tolist()]
    h_last = width.item(LAST) / 2
    if near[2] > ROUNDINGS * ulps.item(LAST) / h_last + bound + max(near[:2]) / 2:
        return None
    reach = float(ulps[first:].max())
    judged = (value, bound, reach, h_last, 4 * near[2], 4 * abs(bends.item(LAST)))
    if not _meet_one(x, height, points, values, judged):
        return None
    parts = np.array([[value], [cut], [lost], [offsets.item(first)]])
    sides = {"left": _NO_SIDE, "right": _NO_SIDE}
    return Slopes(parts[0], parts[1], parts[2], parts[3], _OK, values.size, **sides)


def _meet_one(
    x: float,
    height: float,
    points: Floats,
    values: Floats,
    judged: tuple[float, float, float, float, float, float],
) -> bool:
    """Say of one slope whether the spots meet it, and nothing there shakes or looks odd.

    `judged` is the slope, its bound, and the rounding of the largest f that went into it; and of
    the finest rung its step, and four times how far it is off and its second difference.
    """
    value, bound, reach, h_last, off, curve = judged
    count = len(points) // 2 - RUNGS
    ends, seen = points[2 * RUNGS :].tolist(), values[2 * RUNGS :].tolist()
    odd = even = known = last_leap = last_bend = 0.0
    for i in range(count):
        width, up, down = ends[i] - ends[i + count], seen[i], seen[i + count]
        h, leap, bend = width / 2, up - down, up + down - 2 * height
        ratio = (h / h_last) ** 2
        quotient = leap / width
        known = EPS * (max(abs(up), abs(down)) + abs(x * quotient) + TINY)
        rough = ROUNDINGS * max(known, reach)
        near = abs(quotient - value) <= bound + rough / h + off * ratio
        if not (near and abs(bend) <= rough + curve * ratio):
            return False
        odd, even = abs(last_leap - 2 * leap) / 2, abs(last_bend - 4 * bend) / 4
        last_leap, last_bend = leap, bend
    if max(odd, even) > SHAKEN * known:
        return False
    last = values.item(RUNGS - 1)
    return float(np.float32(last)) != last or last == values.item(0)
