"""The rungs of a ladder: how their quotients are combined, and what tells a kink from a slope."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tutor.core.arrays import Floats

Flags = NDArray[np.bool_]
Probe: TypeAlias = Callable[[NDArray[np.intp], Floats], Floats]
"""(entries (m,), points (k, m)) -> shape (k, m): f with only entry `entries[i]` of x moved, to
each of `points[:, i]`."""

MANTISSA = 733_009 / 2**20
"""Times a step: no wave whose period is a round number, in decimals or in binary, looks flat from
it. It has so few digits that x + h rounds nothing away."""
RUNGS = 12
LAST = RUNGS - 1
LADDERS = 5
"""Each begins six halvings below the one before; more where x is small."""
HALVINGS = 2.0 ** -np.arange(RUNGS)[:, None]
ENOUGH = 1e-11
"""A bound this small, relative to the slope or to f / x, needs no finer ladder."""
HUGE = 1e307
"""A quotient from here on cannot be combined with others without overflow."""
TINY = 2.0**-1022
"""Numbers below it have fewer digits."""
_EARLY, _LATE = np.array([7, 4, 0]), np.array([11, 8, 4])
"""Pairs of rungs on which kinks are looked for, the finest first."""
PAIRS = tuple(zip(_EARLY.tolist(), _LATE.tolist(), strict=True))
SEEN = 4
"""The rung by which a ladder sees a kink, or has none to see."""
_SHRINK = np.array([26.0, 4.0])[:, None, None]
"""By what second and first differences of a smooth f shrink at least between such a pair: over
four halvings 256-fold and 16-fold; at a kink the second 16-fold, at a jump the first not at all."""
CLEAR = 100.0
"""Times the rounding of f: smaller differences say nothing."""


ROUNDED = 2.0
"""Times an ulp: what f may be off by at an end, where it adds up several terms."""
_BEND_LEFT, _LEAP_LEFT = 0.45, 0.75
"""What is left of second and first differences of a smooth f one halving on: about 1/4 and 1/2."""
ROUNDINGS = 16.0
"""Times the rounding of f: what two values may differ by without a reason."""


def uneven_until(leaps: Floats, bends: Floats, noise: Floats) -> NDArray[np.intp]:
    """Return for each column the first rung from which on f looks smooth.

    On coarser rungs its differences do not shrink with h: a bump between them, however flat it is
    at x, lets quotients agree with each other that say nothing of the slope.
    """
    bends, leaps, clear = np.abs(bends), np.abs(leaps), ROUNDINGS * noise[1:]
    uneven = bends[1:] > _BEND_LEFT * bends[:-1] + clear
    uneven |= leaps[1:] > _LEAP_LEFT * leaps[:-1] + clear
    return np.asarray(np.where(uneven.any(axis=0), LAST - uneven[::-1].argmax(axis=0), 0))


def is_even_from(first: int, leaps: list[float], bends: list[float], clear: list[float]) -> bool:
    """Say of one point whether f looks smooth from a rung on: see `uneven_until`.

    The differences are absolute ones; `clear` is `ROUNDINGS` times what f is known to.
    """
    leap, bend = leaps[first], bends[first]
    for i in range(first + 1, RUNGS):
        least = clear[i]
        if bends[i] > _BEND_LEFT * bend + least or leaps[i] > _LEAP_LEFT * leap + least:
            return False
        leap, bend = leaps[i], bends[i]
    return True


class Data(NamedTuple):
    """What was seen from the rungs of one ladder; shape (rungs, m)."""

    h: Floats
    quotients: Floats
    noise: Floats
    """What f is known to there."""
    reach: Floats
    """The rounding of the largest f seen from a rung or a finer one."""
    leaps: Floats
    bends: Floats


def looks_odd(leaps: list[float], bends: list[float], clear: list[float]) -> bool:
    """Say whether any pair of rungs looks like a kink's: of absolute differences of one point."""
    for early, late in PAIRS:
        least = CLEAR / ROUNDINGS * clear[late]
        bend, leap = bends[late], leaps[late]
        if (bend > least and bend * 26 > bends[early]) or (
            leap > least and leap * 4 > leaps[early]
        ):
            return True
    return False


# What a slope must satisfy, of one point (floats) or of many (arrays)


def known_well(truncation: Any, rounding: Any, enough: Any) -> Any:
    """Say whether no finer ladder would know more; `enough` is f, or the slope, per x."""
    return (truncation <= rounding) | (truncation + rounding <= ENOUGH * enough)


def last_may_be_off(known: Any, bound: Any, before: Any) -> Any:
    """Return how far the finest quotient may lie from the slope, by those before it."""
    return ROUNDINGS * known + bound + before / 2


def spot_may_be_off(bound: Any, rough: Any, off: Any, ratio: Any) -> Any:
    """Return how far a quotient on a tiny step may lie from the slope.

    `ratio` is the square of that step by the finest rung's, which is `off` from the slope.
    """
    return bound + rough + 4 * off * ratio


def spot_may_bend(rough: Any, bend: Any, ratio: Any) -> Any:
    """Return how large the second difference on a tiny step may be, by the finest rung's."""
    return rough + 4 * bend * ratio


def kinks_of(
    data: Data, height: Floats, up: Floats, down: Floats
) -> tuple[Flags, Floats, Floats, Floats]:
    """Say where the slope jumps: flags, `at_kink`, slope from the left and from the right."""
    nothing = np.full(height.shape, np.nan)
    sizes = np.abs(np.array([data.bends, data.leaps]))
    late = sizes[:, _LATE]
    clear = late > CLEAR * data.noise[_LATE]
    odd = clear & (late * _SHRINK > sizes[:, _EARLY])
    kinked, at_kink, left, right = odd[0, 0] & False, np.zeros((3, height.size)), nothing, +nothing
    for column in np.flatnonzero(odd.any(axis=(0, 1))).tolist() if odd.any() else ():
        for kind in (0, 1):
            pair = int(clear[kind, :, column].argmax())
            early, last = int(_EARLY[pair]), int(_LATE[pair])
            size = sizes[kind, early : last + 1, column]
            signed = (data.bends, data.leaps)[kind][early : last + 1, column]
            if odd[kind, pair, column] and _shrinks_evenly(signed):
                power = float(np.log2(size[0] / size[-1])) / (last - early)
                kinked[column] = True
                at_kink[:, column] = size[-1] / data.h[last, column] ** power, power, size[-1]
                rungs = slice(last - 1, last + 1)
                h = data.h[rungs, column]
                right[column] = _one_sided((up[rungs, column] - height[column]) / h)
                left[column] = _one_sided((height[column] - down[rungs, column]) / h)
                break
    return kinked, at_kink, left, right


def _shrinks_evenly(differences: Floats) -> bool:
    """Tell a kink or a jump from noise: from rung to rung it shrinks by 1 to 2, and by one law."""
    ratios = differences[:-1] / differences[1:]
    least, most = float(ratios.min()), float(ratios.max())
    return least > 0.9 and most < min(2.3, 1.6 * least)


def _one_sided(quotients: Floats) -> float:
    """Return the limit of quotients at h and h/2; infinite where f jumps or stands upright."""
    coarse, fine = quotients.item(0), quotients.item(1)
    if abs(fine) > 1.25 * abs(coarse):
        return float(np.copysign(np.inf, fine))
    return 2 * fine - coarse


class Combinations(NamedTuple):
    """One row for each combination; the first rung alone last."""

    weights: Floats
    """Shape (rows, rungs): what each rung counts."""
    amounts: Floats
    """Their absolute values, without the last row."""
    first: NDArray[np.intp]
    """The coarsest rung of each row but the last."""
    neighbours: NDArray[np.intp]
    """Shape (3, rows - 1): rows of lower order or coarser steps, to compare with."""
    both: Floats
    """`weights`, and below them what is to be added for each neighbour:
    shape (rows + 3 (rows - 1), rungs)."""


@cache
def combinations() -> Combinations:
    """Return all combinations of `RUNGS` central differences whose steps are halved each time.

    Row (rung, order) uses the rungs from rung - order to rung and cancels the error's terms up
    to h^(2 order); its rule is (4^order fine - coarse) / (4^order - 1).
    """
    keys = [(rung, order) for rung in range(RUNGS) for order in range(rung + 1)]
    keys.sort(key=lambda key: key == (0, 0))
    row = {key: i for i, key in enumerate(keys)}
    weights = np.zeros((len(keys), RUNGS))
    for rung, order in sorted(keys, key=lambda key: key[1]):
        if order == 0:
            weights[row[rung, 0], rung] = 1.0
        else:
            fine, coarse = weights[row[rung, order - 1]], weights[row[rung - 1, order - 1]]
            weights[row[rung, order]] = (4.0**order * fine - coarse) / (4.0**order - 1)
    neighbours = np.array([_neighbours(key, row) for key in keys[:-1]]).T
    return Combinations(
        weights=weights,
        amounts=np.abs(weights[:-1]),
        first=np.array([rung - order for rung, order in keys[:-1]]),
        neighbours=neighbours,
        both=np.concatenate([weights, *(weights[n] - weights[:-1] for n in neighbours)]),
    )


def combined(quotients: Floats, noise: Floats) -> tuple[Floats, Floats, Floats]:
    """Return all combinations of the quotients, and the truncation and rounding of each.

    `noise` is what the quotients are known to; shape (rungs,) or (rungs, m), as `quotients`.
    """
    rows = combinations()
    rounding = rows.amounts @ (ROUNDED * noise)
    if quotients.ndim == 1:  # one product costs less than gathering the neighbours
        every, count = rows.both @ quotients, len(rows.weights)
        return every[:count], np.maximum.reduce(np.abs(every[count:]).reshape(3, -1)), rounding
    table = rows.weights @ quotients  # small enough for one thread, which is faster here
    gaps = table[rows.neighbours] - table[:-1]
    return table, np.maximum.reduce(np.abs(gaps)), rounding


def _neighbours(key: tuple[int, int], row: dict[tuple[int, int], int]) -> list[int]:
    rung, order = key
    lower = [(rung, order - 1), (rung - 1, order - 1), (rung - 1, order)]
    known = [row[neighbour] for neighbour in lower if neighbour in row]
    return (known * 3)[:3]
