"""Thins long lines before they are drawn: what remains reaches as far in every direction."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tutor.charts.chart import Floats

STRETCHES = 256
"""A long line is cut into so many stretches; a canvas has 100 to 400 dots across."""
FEW = 2048
"""Lines of no more points than this are drawn as they are."""


def extremes(x: Floats, y: Floats) -> NDArray[np.int64]:
    """Return which points of a line (shapes (n,)) to keep, in their order.

    Of each stretch of neighbours the first stays, the leftmost, rightmost, lowest and highest,
    and the first that is not finite: a spike of one point survives, a gap stays a gap,
    whatever n is. All are kept where n is at most `FEW`.
    """
    count = min(x.size, y.size)
    if count <= FEW:
        return np.arange(count)
    length = -(-count // STRETCHES)
    whole = count - count % length
    starts = np.arange(0, whole, length)
    kept = [starts, np.array([count - 1])]
    for values in (x[:count], y[:count]):
        kept += _extremes_of(values[:whole].reshape(-1, length), starts)
        kept += _extremes_of(values[None, whole:], np.array([whole])) if whole < count else []
    return np.unique(np.concatenate(kept))


def _extremes_of(stretches: Floats, starts: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Where the smallest, largest and first non-finite value of each row stand.

    The position of a NaN wins both searches of NumPy; such rows are searched again without.
    """
    lowest, highest = stretches.argmin(axis=1), stretches.argmax(axis=1)
    rows = np.arange(len(stretches))
    ends = np.stack([stretches[rows, lowest], stretches[rows, highest]])
    broken = np.flatnonzero(~np.isfinite(ends).all(axis=0))
    if not broken.size:
        return [starts + lowest, starts + highest]
    finite = np.isfinite(stretches[broken])
    lowest[broken] = np.where(finite, stretches[broken], np.inf).argmin(axis=1)
    highest[broken] = np.where(finite, stretches[broken], -np.inf).argmax(axis=1)
    return [starts + lowest, starts + highest, starts[broken] + finite.argmin(axis=1)]
