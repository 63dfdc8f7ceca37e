"""Slopes with a bound on their error: central differences on a ladder of steps, extrapolated.

The central difference at h errs by a series c₁h² + c₂h⁴ + …; combining the rungs h, h/2, h/4, …
cancels its terms one by one (Richardson 1911; Neville's scheme). All combinations of 14 rungs are
one matrix product. Each has two errors that can be estimated: truncation, by how much it differs
from its neighbours of lower order, and rounding, by how much it amplifies the last bits of f. The
one with the smallest sum is taken, and the sum is the bound.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tutor.core.arrays import EPS, Floats
from tutor.core.neville import RUNGS, Combinations, combinations

Status: TypeAlias = Literal["ok", "kink", "nonfinite", "noisy", "unresolved_step"]
Entries: TypeAlias = NDArray[np.intp]
Probe: TypeAlias = Callable[[Entries, Floats], Floats]
"""(entries (m,), points (k, m)) -> shape (k, m): f with only entry `entries[i]` of x moved, to
each of `points[:, i]`."""

_OFFSETS = np.outer([1.0, -1.0], 2.0 ** -np.arange(RUNGS)).reshape(-1, 1)
"""Times the first step: up the ladder, then down it."""
_FIRST_STEPS = (-1, -7, -13, -19)
"""Powers of two, times the size of x: the next is tried where the one before is not enough."""
_ENOUGH = 1e-11
"""A bound this small, relative to the slope or to f / x, needs no finer ladder."""
_HUGE = 1e307
"""A quotient from here on cannot be combined with others without overflow."""
_EARLY, _LATE = RUNGS - 5, RUNGS - 1
"""Two rungs, four halvings apart, on which kinks are looked for."""
_CLEAR = 100.0
"""Times the rounding of f: smaller differences say nothing."""
_NOISY = 1e3
"""Times the rounding of f: an f that shakes more than this is called noisy."""


@dataclass(frozen=True, eq=False)
class Slopes:
    """Estimates for m entries; each array has shape (m,)."""

    value: Floats
    truncation: Floats
    rounding: Floats
    step: Floats
    """The largest h that went into the value."""
    status: NDArray[Any]
    evaluations: int

    @property
    def error(self) -> Floats:
        """The bound: the sum of its two parts."""
        return self.truncation + self.rounding


def climb(probe: Probe, x: Floats, height: float, step: float | None = None) -> Slopes:
    """Return the slopes of f along each entry of `x` (shape (m,)), where f is `height`.

    Args:
        probe: evaluates f; see `Probe`.
        x: the point.
        height: f at the point.
        step: the first step of the only ladder; else ladders of finer steps are tried in turn.
    """
    if step is not None:
        return _slopes(
            _Ladder(probe, np.arange(x.size), x, height, np.full_like(x, step)),
            len(_OFFSETS) * x.size,
        )
    entries = np.arange(x.size)
    size = 2.0 ** np.ceil(np.log2(np.maximum(np.abs(x), 1.0)))
    best = _Ladder(probe, entries, x, height, size * 2.0 ** _FIRST_STEPS[0])
    evaluations = len(_OFFSETS) * x.size
    for exponent in _FIRST_STEPS[1:]:
        entries = np.flatnonzero(best.wanting(x, height))
        if entries.size == 0:
            break
        if exponent == _FIRST_STEPS[1]:
            best.add_noise()
        first = size[entries] * 2.0**exponent
        near = np.abs(x[entries]) / 4
        if exponent == _FIRST_STEPS[-1]:  # a pole or an edge at 0 may be very near
            first = np.where(near > 0, np.minimum(first, near), first)
        finer = _Ladder(probe, entries, x[entries], height, first)
        finer.add_noise()
        best.improve(entries, finer)
        evaluations += len(_OFFSETS) * entries.size
    return _slopes(best, evaluations)


def _slopes(best: _Ladder, evaluations: int) -> Slopes:
    status = np.full(best.value.size, "ok", dtype=object)
    status[best.noise > _NOISY] = "noisy"
    status[best.kinked] = "kink"
    status[np.isnan(best.value)] = "nonfinite"
    # At a kink there is no slope: nothing bounds the distance to it.
    best.truncation[best.kinked] = np.inf
    return Slopes(best.value, best.truncation, best.rounding, best.step, status, evaluations)


class _Ladder:
    """The best combination of one ladder for each of some entries, and its two errors."""

    def __init__(
        self, probe: Probe, entries: Entries, x: Floats, height: float, first: Floats
    ) -> None:
        points = x + first * _OFFSETS
        values = probe(entries, points)
        width = points[:RUNGS] - points[RUNGS:]  # as realised in floating point
        quotients = (values[:RUNGS] - values[RUNGS:]) / width
        # f is known to an ulp of its own size, and of what an ulp of x changes.
        size = np.abs(values)
        size = np.maximum(size[:RUNGS], size[RUNGS:]) + np.abs(x * quotients)
        ulp = EPS * size
        usable = size + np.abs(quotients) < _HUGE  # false for nan
        unusable_to = None
        if not usable.all():
            quotients, ulp = np.where(usable, quotients, 0.0), np.where(usable, ulp, 0.0)
            unusable_to = np.where(usable, -1, np.arange(RUNGS)[:, None]).max(axis=0)
        self.kinked = _kinked(values, height, ulp, usable)
        self.flat = (values[RUNGS - 3 : RUNGS] == values[-3:]).all(axis=0)
        self.noise = np.zeros(x.size)
        rows = combinations()
        self._choose(rows, rows.weights @ quotients, rows.sizes @ (ulp / width), unusable_to)
        self.step = first * _OFFSETS[rows.first[self._row], 0]

    def _choose(
        self,
        rows: Combinations,
        table: Floats,
        rounding: Floats,
        unusable_to: NDArray[np.intp] | None,
    ) -> None:
        columns = np.arange(table.shape[1])
        gaps = table[rows.neighbours]
        table = table[:-1]
        gaps -= table
        truncation = np.abs(gaps, out=gaps).max(axis=0)
        bound = truncation + rounding
        if unusable_to is not None:
            bound[rows.first[:, None] <= unusable_to] = np.inf
        # A coarse ladder can agree with itself by accident (it aliases a fast wave): what it says
        # must be compatible with the best fine combination.
        fine = bound[: rows.fine_rows].argmin(axis=0)
        away = np.abs(table - table[fine, columns])
        away -= bound[fine, columns]
        away += rounding
        bound = np.fmax(bound, away)
        self._row = row = bound.argmin(axis=0)
        self.error = bound[row, columns]
        self.value = np.where(np.isfinite(self.error), table[row, columns], np.nan)
        self.rounding = np.minimum(rounding[row, columns], self.error)
        self.truncation = self.error - self.rounding
        self._table, self._all_rounding = table, rounding

    def wanting(self, x: Floats, height: float) -> NDArray[np.bool_]:
        """Say which entries a finer ladder may improve."""
        size = np.maximum(np.abs(self.value), abs(height) / np.maximum(np.abs(x), 1.0))
        wanting: NDArray[np.bool_] = self.kinked | ~(self.error <= _ENOUGH * size)
        return wanting

    def add_noise(self) -> None:
        """Widen the bounds of an f that shakes more than its rounding accounts for."""
        rows = combinations().smooth_rows
        expected = self._all_rounding[rows[1:]] + self._all_rounding[rows[:-1]]
        gaps = np.abs(np.diff(self._table[rows], axis=0))
        ratios = np.divide(gaps, expected, out=np.zeros_like(gaps), where=expected > 0)
        # Noise grows as the steps shrink; the gaps of an f that is just not smooth do not.
        grows = gaps[-1] + gaps[-2] > gaps[0] + gaps[1]
        self.noise = np.where(grows, ratios.max(axis=0), 1.0)
        self.rounding = self.rounding * np.maximum(self.noise, 1.0)
        self.error = self.truncation + self.rounding

    def improve(self, entries: Entries, finer: _Ladder) -> None:
        """Take over what a finer ladder knows better about `entries`."""
        self.kinked[entries] = finer.kinked
        gap = np.abs(finer.value - self.value[entries])
        better = (finer.error < self.error[entries]) | (gap > finer.error + self.error[entries])
        # Below the resolution of f (in single precision, say) all differences are 0.
        better &= ~finer.flat | (self.value[entries] == 0)
        kept = entries[better]
        for name in ("value", "error", "truncation", "rounding", "step", "noise"):
            getattr(self, name)[kept] = getattr(finer, name)[better]


def _kinked(
    values: Floats, height: float, ulp: Floats, usable: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Say where the slope jumps: a second difference of order h, or a first one of order 1.

    Over four halvings the second difference of a smooth f shrinks 256-fold, at a kink 16-fold;
    the first difference of a smooth f shrinks 16-fold, at a jump not at all.
    """
    up, down = values[_EARLY:RUNGS:4], values[RUNGS + _EARLY :: 4]
    second, first = np.abs(up + down - 2 * height), np.abs(up - down)
    clear = _CLEAR * ulp[_LATE]
    bends = (second[1] > clear) & (second[1] * 26 > second[0])
    leaps = (first[1] > clear) & (first[1] * 4 > first[0])
    kinked: NDArray[np.bool_] = (bends | leaps) & usable[_EARLY] & usable[_LATE]
    return kinked
