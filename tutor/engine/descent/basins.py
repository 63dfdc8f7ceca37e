"""Where each start of a descent ends: the edges between basins in one variable, and the map."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tutor.charts.chart import Floats
from tutor.core.descent import descend_many
from tutor.core.stationary import stationary_points
from tutor.engine.descent.numbers import DescentNumbers
from tutor.engine.numbers import show
from tutor.engine.settings import window_of
from tutor.i18n import Text, message
from tutor.lesson.model import DescentExperiment

_STARTS = 400
"""Cells of the window that are looked into for an edge."""
_WIDEST_GAP = 3
"""Cells between two starts of known end; what lies between them (a top, say) ends at neither."""
_HALVINGS = 20
_NEAR, _NEAR_EACH = 0.02, 0.25
"""Of the window, and of the way between two floors: so near an end counts as there."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A start at which the end of the run changes."""

    x: float
    left: float
    """Where starts just left of it end."""
    right: float


@lru_cache(maxsize=16)
def edges(experiment: DescentExperiment) -> tuple[Edge, ...]:
    """Return the edges in the window of a descent in one variable, from left to right."""
    run = DescentNumbers(experiment)
    low, high = window_of(experiment)[0]
    floors = _floors(run, low, high)
    if run.objective.dimension != 1 or len(floors) < 2:
        return ()
    ends = _ends(run, floors, (high - low) * _NEAR)
    starts = np.linspace(low, high, _STARTS + 1)
    numbers = ends(starts)
    known = np.flatnonzero(numbers >= 0)
    found = [
        (a, b) for a, b in pairwise(known) if numbers[a] != numbers[b] and b - a <= _WIDEST_GAP
    ]
    if not found:
        return ()
    left, right = np.array(found).T
    places = _bisected(ends, starts[left], starts[right], numbers[left], numbers[right])
    return tuple(
        Edge(float(x), float(floors[numbers[a]]), float(floors[numbers[b]]))
        for x, a, b in zip(places, left, right, strict=True)
    )


def about_edge(experiment: DescentExperiment, x: float) -> Text:
    """Return where the starts on either side of the edge at x end."""
    edge = next((each for each in edges(experiment) if each.x == x), None)
    if edge is None:
        return message("Every start in the window ends in the same place.")
    return message(
        "The edge is at {x}: a start just left of it ends at {left}, just right of it at {right}.",
        x=show(x), left=show(edge.left), right=show(edge.right),
    )  # fmt: skip


def _floors(run: DescentNumbers, low: float, high: float) -> Floats:
    """Return the minimizers in the window and as far again on either side."""
    reach = high - low
    wide = ((low - reach, high + reach),)
    if run.objective.dimension != 1:
        return np.empty(0)
    points = stationary_points(run.objective, window=wide)
    return np.array(sorted(each.point[0] for each in points if each.kind == "minimum"))


def _ends(
    run: DescentNumbers, floors: Floats, near: float
) -> Callable[[Floats], NDArray[np.int64]]:
    """Return the function that tells at which of the floors some starts end; -1 for none."""
    reach = max(near, _NEAR_EACH * float(np.diff(floors).min()))

    def numbers(starts: Floats) -> NDArray[np.int64]:
        setting = run.experiment
        with np.errstate(all="ignore"):
            ends = descend_many(
                run.objective.value,
                starts[None, :],
                learning_rate=run.rate,
                steps=setting.steps,
                gradient=_slope(run),
                optimizer=run.optimizer,
            )[0]
            ways = np.abs(ends[:, None] - floors)
        ways = np.where(np.isfinite(ways), ways, np.inf)
        nearest = ways.argmin(axis=1)
        return np.where(ways.min(axis=1) <= reach, nearest, -1)

    return numbers


def _slope(run: DescentNumbers) -> Callable[[Floats], Floats]:
    if run.experiment.gradient == "exact":
        return run.objective.gradient
    h, f = run.experiment.h, run.objective.value
    return lambda x: np.asarray((f(x + h) - f(x - h)) / (2 * h))


def _bisected(
    ends: Callable[[Floats], NDArray[np.int64]],
    low: Floats,
    high: Floats,
    left: NDArray[np.int64],
    right: NDArray[np.int64],
) -> Floats:
    """Return where, between `low` and `high`, the ends change from `left` to something else."""
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        numbers = ends(middle)
        stays, goes = numbers == left, numbers == right
        # A start that ends at neither (a top, on which the run stays) is itself the edge.
        low = np.where(goes, low, middle)
        high = np.where(stays, high, middle)
    return np.asarray((low + high) / 2)
