"""Neville's scheme as matrices: every way to combine the rungs of a ladder of halved steps."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tutor.core.arrays import EPS, Floats

RUNGS = 14
FINE = 6
"""The rung from which on a combination counts as fine."""


class Combinations(NamedTuple):
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
def combinations() -> Combinations:
    """Return all combinations of `RUNGS` central differences whose steps are halved each time.

    Row (rung, order) uses the rungs from rung - order to rung and cancels the error's terms up
    to h^(2 order); its rule is (4^order fine - coarse) / (4^order - 1).
    """
    keys = [(rung, order) for rung in range(RUNGS) for order in range(rung + 1)]
    keys.sort(key=lambda key: (key == (0, 0), key[0] - key[1] < FINE))
    row = {key: i for i, key in enumerate(keys)}
    weights = np.zeros((len(keys), RUNGS))
    for rung, order in sorted(keys, key=lambda key: key[1]):
        if order == 0:
            weights[row[rung, 0], rung] = 1.0
        else:
            fine, coarse = weights[row[rung, order - 1]], weights[row[rung - 1, order - 1]]
            weights[row[rung, order]] = (4.0**order * fine - coarse) / (4.0**order - 1)
    first = np.array([rung - order for rung, order in keys[:-1]])
    return Combinations(
        weights=weights,
        ulps=EPS * np.abs(weights[:-1]),
        first=first,
        neighbours=np.array([_neighbours(key, row) for key in keys[:-1]]).T,
        fine_rows=int(np.sum(first >= FINE)),
        smooth_rows=np.array([row[rung, 3] for rung in range(RUNGS - 5, RUNGS)]),
    )


def _neighbours(key: tuple[int, int], row: dict[tuple[int, int], int]) -> list[int]:
    rung, order = key
    lower = [(rung, order - 1), (rung - 1, order - 1), (rung - 1, order)]
    known = [row[neighbour] for neighbour in lower if neighbour in row]
    return (known * 3)[:3]
