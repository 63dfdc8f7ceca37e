"""Slopes with a bound on their error: central differences on a ladder of steps, extrapolated.

The central difference at h errs by a series c₁h² + c₂h⁴ + …; combining the rungs h, h/2, h/4, …
cancels its terms one by one (Richardson 1911; Neville's scheme). All combinations of 12 rungs are
one matrix product. Each has two errors that can be estimated: truncation, by how much it differs
from its neighbours of lower order, and rounding, by how much it amplifies the last bits of f. The
one with the smallest sum is taken, and the sum is the bound.

Coarse combinations may agree with each other and see nothing of a narrow bump or a fast wave. So
each must meet the finest data within its bound: quotients at `Spots`, on steps down to 2⁻³⁹ times
x. Where none does, a finer ladder is climbed; where none of any ladder does, nothing is ok.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from tutor.core.arrays import EPS, Floats
from tutor.core.derivatives.estimate import Slopes
from tutor.core.derivatives.rungs import (
    CLEAR,
    HALVINGS,
    HUGE,
    LADDERS,
    LAST,
    MANTISSA,
    ROUNDINGS,
    RUNGS,
    SEEN,
    TINY,
    Combinations,
    Data,
    Flags,
    Probe,
    combinations,
    combined,
    kinks_of,
    known_well,
    last_may_be_off,
    spot_may_be_off,
    spot_may_bend,
    uneven_until,
)
from tutor.core.derivatives.spots import (
    SINGLE_PRECISION,
    Spots,
    in_single_precision,
    look,
    pairs,
    scale_of,
    spot_steps,
)

_NOISY = 1e3
"""Times the rounding of f: an f that shakes more than this is called noisy."""
_ABRUPT = 1e3
"""Times the rounding of f: no smooth f parts from its tangent by so much within one halving."""
_FINE = 1e-9
"""Times the size of x: on finer steps much is chance, and a bound that is wide is none."""
_NARROW = 0.01
"""Times the slope."""
_NEAR = 1e-6
"""Times the size of x: beside a jump nearer than this no slope is shown."""


_RUNGS, _SPOTS = slice(RUNGS), slice(RUNGS, None)


@dataclass(frozen=True, eq=False)
class _Found:
    """What a ladder says of m slopes; each array has shape (m,)."""

    value: Floats
    truncation: Floats
    rounding: Floats
    step: Floats
    shake: Floats
    """How many times larger than its rounding the noise of f is."""
    agrees: Flags
    """The finest data meet the value within its bound."""
    settled: Flags
    """No finer ladder is needed."""
    abrupt: Flags
    """A jump or a corner lies very near."""
    kinked: Flags
    at_kink: Floats
    """Of a kink: the difference that showed it, at step 1 by the power of h that it follows; that
    power; and the difference as it was seen. Shape (3, m)."""
    visible: Floats
    """The step, and the smallest difference there that this ladder could have seen: (2, m)."""
    left: Floats
    right: Floats

    @property
    def error(self) -> Floats:
        return self.truncation + self.rounding

    def at(self, columns: Flags) -> _Found:
        """Return some of the columns."""
        return _Found(*(getattr(self, part.name)[..., columns] for part in fields(self)))

    def put(self, columns: Flags, other: _Found) -> None:
        """Put other columns in the place of some."""
        for part in fields(self):
            getattr(self, part.name)[..., columns] = getattr(other, part.name)


def climb(
    probe: Probe,
    x: Floats,
    height: Floats,
    step: float | None = None,
    seen: Floats | None = None,
    known: Floats | None = None,
) -> Slopes:
    """Return the slopes of f at m points.

    Args:
        probe: called with columns (j,) and points (k, j), returns f at each, shape (k, j).
        x: the points, shape (m,).
        height: f at each.
        step: the first step of the only ladder; else ladders of finer steps are tried in turn.
        seen: what the first call of `probe` would return, of one point.
        known: what f itself is known to, shape (m,), where that is more than its rounding.
    """
    columns = np.arange(x.size)
    scale = scale_of(x)
    firsts, h_spots = first_steps(x, scale), spot_steps(x, scale)
    if step is not None:
        firsts, h_spots = np.full((1, x.size), step), np.minimum(h_spots, step / 4)
    h = firsts[0] * HALVINGS
    ends, tiny = pairs(x, h), pairs(x, h_spots)
    asked = np.concatenate([ends[0], tiny[0], ends[1], tiny[1]])
    values = probe(columns, asked) if seen is None else seen[:, None]
    up, down = np.split(values, 2)
    at_ends, at_spots = (np.concatenate([up[s], down[s]]) for s in (_RUNGS, _SPOTS))
    spots, calls = look(probe, x, height, scale, tiny, at_spots)
    if known is not None:
        np.maximum(spots.floor, known, out=spots.floor)
    if (values[0].astype(np.float32) == values[0]).any():
        single = in_single_precision(values)
        spots.floor[single] = SINGLE_PRECISION * np.abs(values).max(axis=0)[single]
    np.maximum(spots.noise, spots.floor, out=spots.noise)
    best = _ladder(x, height, h, ends, at_ends, spots, scale)
    evaluations = values.size + calls
    for first in firsts[1:]:
        todo = ~best.settled
        if not todo.any():
            break
        h = first[todo] * HALVINGS
        ends = pairs(x[todo], h)
        values = probe(columns[todo], np.concatenate(ends))
        evaluations += values.size
        finer = _ladder(x[todo], height[todo], h, ends, values, spots.at(todo), scale[todo])
        best.put(todo, _better(best.at(todo), finer))
    return _told(best, evaluations)


def first_steps(x: Floats, scale: Floats) -> Floats:
    """Return the first step of each ladder, shape (ladders, m).

    From 1, or from a larger x, down; where x is small, down to what is small against it: a pole
    or an edge at 0 may be very near.
    """
    smallest = scale[x != 0].min(initial=1.0)
    more = -int(np.floor(np.log2(smallest) / 6))
    top = np.maximum(scale, 1.0) * MANTISSA
    if more <= LADDERS:
        return np.asarray(np.exp2(-1.0 - 6 * np.arange(LADDERS + more)[:, None]) * top)
    powers = np.exp2(-1.0 - 6 * np.arange(LADDERS)[:, None])
    near = np.minimum(powers * scale * MANTISSA, powers[4:] * top)
    return np.concatenate([powers[:4] * top, near])


def _told(best: _Found, evaluations: int) -> Slopes:
    status = np.full(best.value.shape, "ok", dtype=object)
    status[best.shake > _NOISY] = "noisy"
    status[~best.agrees | best.abrupt] = "unclear"
    status[best.kinked] = "kink"
    status[np.isnan(best.value)] = "nonfinite"
    # Where there is no slope, or none that is seen, nothing bounds the distance to it.
    truncation = np.where(best.agrees & ~best.kinked & ~best.abrupt, best.truncation, np.inf)
    sides = best.left, best.right
    return Slopes(best.value, truncation, best.rounding, best.step, status, evaluations, *sides)


def _better(best: _Found, finer: _Found) -> _Found:
    """Return for each column the one that knows more, of a coarser and a finer ladder."""
    # What the finer one says of a kink holds, if it could have seen it.
    expected = best.at_kink[0] * finer.visible[0] ** best.at_kink[1]
    # What showed a kink may be no more than rounding, now that f is seen to be steeper.
    seen = (expected > finer.visible[1]) | (4 * best.at_kink[2] <= finer.visible[1])
    kinked = np.where(seen, finer.kinked, best.kinked | finer.kinked)
    worse = np.where(best.agrees == finer.agrees, best.error < finer.error, best.agrees)
    worse = worse & ~(best.kinked & ~kinked) & ~np.isnan(best.value)
    gap = np.abs(finer.value - best.value)
    # Two that agree with the finest data but not with each other: the bound covers both.
    beyond = np.where(best.agrees & finer.agrees & ~best.kinked, gap - best.error - finer.error, 0)
    names = [part.name for part in fields(finer)]
    chosen = _Found(*(np.where(worse, getattr(best, name), getattr(finer, name)) for name in names))
    sides = kinked & best.kinked & ~finer.kinked
    return replace(
        chosen,
        truncation=chosen.truncation + np.where(beyond > 0, gap, 0.0),
        kinked=kinked,
        settled=finer.settled & ~kinked,
        abrupt=best.abrupt | finer.abrupt,
        at_kink=np.where(sides, best.at_kink, finer.at_kink),
        left=np.where(sides, best.left, chosen.left),
        right=np.where(sides, best.right, chosen.right),
    )


def _ladder(
    x: Floats,
    height: Floats,
    h: Floats,
    ends: tuple[Floats, Floats],
    values: Floats,
    spots: Spots,
    scale: Floats,
) -> _Found:
    up, down = values[:RUNGS], values[RUNGS:]
    width = ends[0] - ends[1]  # as realised in floating point
    leaps, bends = up - down, up + down - 2 * height
    quotients = leaps / width
    sizes = np.abs(values)
    # f is known to an ulp of its own size, and of what an ulp of x changes.
    steepest = (np.abs(leaps) + np.abs(bends)) / width
    size = np.maximum(sizes[:RUNGS], sizes[RUNGS:]) + np.abs(x) * steepest + TINY
    usable_from = np.zeros(x.size, dtype=np.intp)
    if not size.max() + np.abs(quotients).max() < HUGE:  # or nan
        usable = (size < HUGE) & (np.abs(quotients) < HUGE)
        usable_from = np.where(usable.all(0), 0, RUNGS - usable[::-1].argmin(0))
        quotients, size, leaps = (np.where(usable, a, 0.0) for a in (quotients, size, leaps))
    ulps = EPS * size
    noise = np.maximum(ulps, spots.floor) if spots.floor.any() else ulps
    rows = combinations()
    table, truncation, rounding = combined(quotients, noise / width)
    bound = truncation + rounding
    usable_from = np.maximum(usable_from, uneven_until(leaps, bends, noise))
    if usable_from.any():
        bound[rows.first[:, None] < usable_from] = np.inf
    data = Data(width / 2, quotients, noise, np.maximum.accumulate(ulps[::-1])[::-1], leaps, bends)
    row, agrees = _chosen(table, bound, data, spots, rows)
    at = (row, np.arange(x.size))
    value, first = table[at], rows.first[row]
    known, error = np.isfinite(bound[at]), bound[at]
    kinked, at_kink, left, right = kinks_of(data, height, up, down)
    enough = np.maximum(np.abs(value), np.abs(height) / np.maximum(np.abs(x), 1.0))
    well = known_well(truncation[at], rounding[at], enough)
    agrees &= known & (well | (h[first, at[1]] >= _FINE * scale))
    # A wide bound lets any point lie on the tangent.
    narrow = well | (error <= _NARROW * np.abs(value))
    abrupt = agrees & narrow & _abrupt(data, value, error, scale)
    settled = agrees & ~kinked & ~abrupt & well
    return _Found(
        value=np.where(known, value, np.nan),
        truncation=np.where(known, truncation[at], np.inf),
        rounding=np.where(known, rounding[at], 0.0),
        step=h[first, at[1]],
        shake=noise[first, at[1]] / ulps[first, at[1]],
        agrees=agrees,
        settled=settled,
        abrupt=abrupt,
        kinked=kinked,
        at_kink=at_kink,
        visible=np.array([data.h[SEEN], 2 * CLEAR * noise[SEEN]]),
        left=left,
        right=right,
    )


def _chosen(
    table: Floats, bound: Floats, data: Data, spots: Spots, rows: Combinations
) -> tuple[NDArray[np.intp], Flags]:
    """Return the row of the smallest bound that meets the finest data, and whether one does."""
    columns = np.arange(bound.shape[1])
    row = bound.argmin(axis=0)
    at = (row, columns)
    agrees = _meet(table[at][None], bound[at][None], rows.first[row][None], data, spots)[0]
    if agrees.all():
        return row, agrees
    every = np.broadcast_to(rows.first[:, None], bound.shape)
    bound = np.where(_meet(table[:-1], bound, every, data, spots), bound, np.inf)
    other = bound.argmin(axis=0)
    found = np.isfinite(bound[other, columns])
    return np.where(found, other, row), found


def _meet(value: Floats, bound: Floats, first: NDArray[np.intp], data: Data, spots: Spots) -> Flags:
    """Say of values, shape (rows, m), whether the finest data meet them within their bounds."""
    q, h, noise = data.quotients, data.h, data.noise
    off = np.abs(q[-3:, None] - value)
    before = np.maximum(off[0], off[1])
    meets = off[2] <= last_may_be_off(noise[LAST] / h[LAST], bound, before)
    reach = data.reach[first, np.arange(value.shape[1])]
    ratio = (spots.h / h[LAST]) ** 2
    rough = ROUNDINGS * np.maximum(spots.noise[:, None], reach)
    gap, ratios = np.abs(spots.quotients[:, None] - value), ratio[:, None]
    near = gap <= spot_may_be_off(bound, rough / spots.h[:, None], off[2], ratios)
    flat = np.abs(spots.bends)[:, None] <= spot_may_bend(rough, np.abs(data.bends[LAST]), ratios)
    # A spot that is coarser than the ladder knows less than it.
    met: Flags = meets & ((near & flat) | (ratio > 1)[:, None]).all(axis=0)
    return met


def _abrupt(data: Data, value: Floats, error: Floats, scale: Floats) -> Flags:
    """Say whether f parts from its tangent all at once, near x: there is a jump or a corner."""
    if not (data.h[LAST] < _NEAR * scale).any():
        return np.zeros(value.shape, dtype=bool)
    away = np.abs(data.leaps - 2 * data.h * value)
    on = away <= ROUNDINGS * data.noise + 2 * data.h * error
    off = away > _ABRUPT * data.noise + 4 * data.h * error
    # The coarsest rung from which on all lie on the tangent, and the one before it.
    last_off = RUNGS - 1 - (~on)[::-1].argmax(axis=0)
    columns = np.arange(value.size)
    near = data.h[last_off, columns] < 2 * _NEAR * scale
    found: Flags = on[LAST] & ~on.all(axis=0) & off[last_off, columns] & near
    return found
