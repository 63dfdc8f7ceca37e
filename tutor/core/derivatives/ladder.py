"""A slope with a bound on its error: central differences on a ladder of steps, extrapolated.

The central difference at h errs by a series c₁h² + c₂h⁴ + …; combining the rungs h, h/2, h/4, …
cancels its terms one by one (Richardson 1911; Neville's scheme). All combinations of 14 rungs are
one matrix product. Each has two errors that can be estimated: truncation, by how much it differs
from its neighbours of lower order, and rounding, by how much it amplifies the last bits of f. The
one with the smallest sum is taken, and the sum is the bound.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tutor.core.arrays import EPS, Floats
from tutor.core.derivatives.estimate import Slope, Status

Probe: TypeAlias = Callable[[Floats], Floats]
"""f at each of some points."""

_RUNGS = 14
_FINE = 6
"""The rung from which on a combination counts as fine."""
_OFFSETS = np.outer([1.0, -1.0], 2.0 ** -np.arange(_RUNGS)).reshape(-1)
"""Times the first step: up the ladder, then down it."""
_FIRST_STEPS = (-1, -7, -13, -19)
"""Powers of two, times the size of x: the next is tried where the one before is not enough."""
_ENOUGH = 1e-11
"""A bound this small, relative to the slope or to f / x, needs no finer ladder."""
_HUGE = 1e307
"""A quotient from here on cannot be combined with others without overflow."""
_EARLY, _LATE = _RUNGS - 5, _RUNGS - 1
"""Two rungs, four halvings apart, on which kinks are looked for."""
_CLEAR = 100.0
"""Times the rounding of f: smaller differences say nothing."""
_NOISY = 1e3
"""Times the rounding of f: an f that shakes more than this is called noisy."""
_RESOLVED = 10.0
"""Times the rounding of f: one that shakes less is seen as it is."""
_SINGLE_PRECISION = 2.0**29
"""The rounding of a float32 in units of a float64's."""


@dataclass(frozen=True)
class _Estimate:
    """What one ladder says."""

    value: float
    truncation: float
    rounding: float
    step: float
    kinked: bool
    flat: bool
    """f does not change between the finest rungs."""
    shake: float = 1.0
    """How many times larger than its rounding the noise of f seems to be."""
    settled: bool = False
    """The bound is so small that no finer ladder is needed."""

    @property
    def error(self) -> float:
        return self.truncation + self.rounding


def climb(probe: Probe, x: float, height: float, step: float | None = None) -> Slope:
    """Return the slope of f at `x`, where f is `height`.

    Args:
        probe: evaluates f at an array of points.
        x: the point.
        height: f at the point.
        step: the first step of the only ladder; else ladders of finer steps are tried in turn.
    """
    best, ladders = _Estimate(math.nan, math.inf, 0.0, 0.0, kinked=False, flat=False), 0
    for first in _first_steps(x) if step is None else (step,):
        best = _better(best, _ladder(probe, x, height, first))
        ladders += 1
        if best.settled and not best.kinked:
            break
    # At a kink there is no slope: nothing bounds the distance to it.
    truncation = math.inf if best.kinked else best.truncation
    evaluations = ladders * len(_OFFSETS)
    return Slope(best.value, truncation, best.rounding, best.step, _status(best), evaluations)


def _first_steps(x: float) -> list[float]:
    # The power of two above |x|, as frexp gives it: x + h then rounds little of h away.
    size = 2.0 ** max(math.frexp(x)[1], 0)
    steps = [size * 2.0**exponent for exponent in _FIRST_STEPS]
    if x:  # a pole or an edge at 0 may be very near
        steps[-1] = min(steps[-1], abs(x) / 4)
    return steps


def _status(best: _Estimate) -> Status:
    if math.isnan(best.value):
        return "nonfinite"
    if best.kinked:
        return "kink"
    return "noisy" if best.shake > _NOISY else "ok"


def _better(best: _Estimate, finer: _Estimate) -> _Estimate:
    """Return the one that knows more; what the finer one says of kinks holds."""
    gap = abs(finer.value - best.value)
    # A coarse ladder may have missed a fast wave; but noise is not to be followed.
    contradicts = gap > finer.error + best.error and finer.shake < _RESOLVED
    # Below the resolution of f (in single precision, say) all differences are 0.
    blind = finer.flat and best.value != 0 and not math.isnan(best.value)
    if (finer.error < best.error or contradicts) and not blind:
        return finer
    # Noise may hide in one ladder by chance, hardly in two.
    shake = max(best.shake, finer.shake) if finer.shake > _NOISY else best.shake
    rounding = best.rounding * shake / best.shake
    return replace(best, kinked=finer.kinked, shake=shake, rounding=rounding)


def _ladder(probe: Probe, x: float, height: float, first: float) -> _Estimate:
    points = x + first * _OFFSETS
    values = probe(points)
    up, down = values[:_RUNGS], values[_RUNGS:]
    width = points[:_RUNGS] - points[_RUNGS:]  # as realised in floating point
    quotients = (up - down) / width
    # f is known to an ulp of its own size, and of what an ulp of x changes.
    sizes = np.abs(values)
    size = np.maximum(sizes[:_RUNGS], sizes[_RUNGS:]) + abs(x) * np.abs(quotients)
    usable_from = 0
    if not size.max() + abs(quotients[_LATE]) < _HUGE:  # or nan
        usable = (size < _HUGE) & (np.abs(quotients) < _HUGE)
        usable_from = int(np.flatnonzero(~usable)[-1]) + 1 if not usable.all() else 0
        quotients, size = np.where(usable, quotients, 0.0), np.where(usable, size, 0.0)
    rows = _combinations()
    table, rounding = rows.weights @ quotients, rows.ulps @ (size / width)
    truncation = np.maximum.reduce(np.abs(table[rows.neighbours] - table[:-1]))
    bound = truncation + rounding
    if usable_from:
        bound[rows.first < usable_from] = np.inf
    row = _chosen(table, bound, rows.fine_rows)
    shake = _shake(table[rows.smooth_rows], rounding[rows.smooth_rows])
    # A polynomial may give short numbers too, but then the combinations agree.
    if _in_single_precision(values) and np.median(truncation / rounding) > _CLEAR:
        shake = _SINGLE_PRECISION
    value, noise = table.item(row), rounding.item(row) * shake
    found = math.isfinite(bound.item(row))
    enough = _ENOUGH * max(abs(value), abs(height) / max(abs(x), 1.0))
    return _Estimate(
        value=value if found else math.nan,
        truncation=truncation.item(row) if found else math.inf,
        rounding=noise if found else 0.0,
        step=first * _OFFSETS.item(rows.first.item(row)),
        kinked=usable_from <= _EARLY and _kinked(values, height, EPS * float(size[_LATE])),
        flat=up[-3:].tolist() == down[-3:].tolist(),
        shake=shake,
        settled=found and truncation.item(row) + noise <= enough,
    )


def _in_single_precision(values: Floats) -> bool:
    """Say whether f gives float32 numbers: one that does not is most often the first one seen."""
    one = values.item(_LATE)
    return float(np.float32(one)) == one and np.array_equal(values, values.astype(np.float32))


def _chosen(table: Floats, bound: Floats, fine_rows: int) -> int:
    """Return the row of the smallest bound, if the best fine combination does not contradict.

    A coarse ladder can agree with itself by accident: it aliases a fast wave.
    """
    row, fine = int(bound.argmin()), int(bound[:fine_rows].argmin())
    gap = abs(table.item(row) - table.item(fine))
    return fine if gap > bound.item(row) + bound.item(fine) else row


def _kinked(values: Floats, height: float, ulp: float) -> bool:
    """Say whether the slope jumps: a second difference of order h, or a first one of order 1.

    Over four halvings the second difference of a smooth f shrinks 256-fold, at a kink 16-fold;
    the first difference of a smooth f shrinks 16-fold, at a jump not at all.
    """
    early_up, late_up = values.item(_EARLY), values.item(_LATE)
    early_down, late_down = values.item(_RUNGS + _EARLY), values.item(_RUNGS + _LATE)
    second, first = abs(late_up + late_down - 2 * height), abs(late_up - late_down)
    bends = second > _CLEAR * ulp and second * 26 > abs(early_up + early_down - 2 * height)
    leaps = first > _CLEAR * ulp and first * 4 > abs(early_up - early_down)
    if not (bends or leaps):
        return False
    up, down = values[_EARLY:_RUNGS], values[_RUNGS + _EARLY :]
    return _shrinks_evenly(up + down - 2 * height if bends else up - down)


def _shrinks_evenly(differences: Floats) -> bool:
    """Tell a kink or a jump from noise: from rung to rung it shrinks by 1 to 2, never otherwise."""
    with np.errstate(all="ignore"):
        ratios = differences[:-1] / differences[1:]
    return bool(((ratios > 0.9) & (ratios < 2.3)).all())


def _shake(combined: Floats, rounding: Floats) -> float:
    """Return how many times larger than its rounding the noise of f seems to be.

    Of a smooth f nothing but noise parts these combinations, and it grows as the steps shrink;
    the gaps of an f that is just not smooth do not.
    """
    table, ulps = combined.tolist(), rounding.tolist()
    gaps = [abs(b - a) for a, b in pairwise(table)]
    if 3 * max(gaps[2:]) <= max(gaps[:2]):
        return 1.0
    expected = [a + b for a, b in pairwise(ulps)]
    shake = max(gap / ulp if ulp else 1.0 for gap, ulp in zip(gaps, expected, strict=True))
    # Four gaps of a noisy f are a small sample: the true spread may well be larger.
    return 4 * shake if shake > _NOISY else max(shake, 1.0)


class _Combinations(NamedTuple):
    """One row for each combination; fine ones first, the first rung alone last."""

    weights: Floats
    """Shape (rows, rungs): what each rung counts."""
    ulps: Floats
    """Their absolute values times the spacing of floats at 1, without the last row."""
    first: NDArray[np.intp]
    """The coarsest rung of each row but the last."""
    neighbours: NDArray[np.intp]
    """Shape (3, rows - 1): rows of lower order or coarser steps, to compare with."""
    fine_rows: int
    """How many rows use fine rungs only."""
    smooth_rows: NDArray[np.intp]
    """Order 3, of the finest rungs: of a smooth f only noise parts them."""


@cache
def _combinations() -> _Combinations:
    """Return all combinations of `_RUNGS` central differences whose steps are halved each time.

    Row (rung, order) uses the rungs from rung - order to rung and cancels the error's terms up
    to h^(2 order); its rule is (4^order fine - coarse) / (4^order - 1).
    """
    keys = [(rung, order) for rung in range(_RUNGS) for order in range(rung + 1)]
    keys.sort(key=lambda key: (key == (0, 0), key[0] - key[1] < _FINE))
    row = {key: i for i, key in enumerate(keys)}
    weights = np.zeros((len(keys), _RUNGS))
    for rung, order in sorted(keys, key=lambda key: key[1]):
        if order == 0:
            weights[row[rung, 0], rung] = 1.0
        else:
            fine, coarse = weights[row[rung, order - 1]], weights[row[rung - 1, order - 1]]
            weights[row[rung, order]] = (4.0**order * fine - coarse) / (4.0**order - 1)
    first = np.array([rung - order for rung, order in keys[:-1]])
    return _Combinations(
        weights=weights,
        ulps=EPS * np.abs(weights[:-1]),
        first=first,
        neighbours=np.array([_neighbours(key, row) for key in keys[:-1]]).T,
        fine_rows=int(np.sum(first >= _FINE)),
        smooth_rows=np.array([row[rung, 3] for rung in range(_RUNGS - 5, _RUNGS)]),
    )


def _neighbours(key: tuple[int, int], row: dict[tuple[int, int], int]) -> list[int]:
    rung, order = key
    lower = [(rung, order - 1), (rung - 1, order - 1), (rung - 1, order)]
    known = [row[neighbour] for neighbour in lower if neighbour in row]
    return (known * 3)[:3]
