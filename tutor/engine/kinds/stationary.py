"""The stationary points of an experiment's ground: what a guess may mean, marks, words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import TypeAlias

import numpy as np

from tutor.charts.chart import Points, Role
from tutor.core.stationary import Kind, StationaryPoint, stationary_points
from tutor.engine.numbers import show_point
from tutor.engine.settings import objective_of, window_of
from tutor.i18n import Message, Text, message
from tutor.lesson.model import GradientExperiment, SlopeExperiment

Ground: TypeAlias = SlopeExperiment | GradientExperiment

_MOST_NAMED = 5
"""So many points have their places told; of more there are only their numbers."""
_KINDS: dict[Kind, tuple[Role, Message]] = {
    "minimum": ("minimizer", message("minimum")),
    "maximum": ("maximum", message("maximum")),
    "saddle": ("saddle", message("saddle")),
    "inflection": ("saddle", message("inflection")),
    "flat": ("reference", message("flat")),
}


@lru_cache(maxsize=16)
def all_stationary(experiment: Ground) -> tuple[StationaryPoint, ...]:
    """Return every stationary point in the experiment's window, the lowest first."""
    objective = objective_of(experiment)
    window = window_of(experiment)[: objective.dimension]
    return stationary_points(objective, window=window)


def wanted(experiment: Ground, kind: str) -> tuple[StationaryPoint, ...]:
    """Return those of a kind; `any` is all, and an inflection is a saddle of one variable."""
    kinds = {"saddle": {"saddle", "inflection"}}.get(kind, {kind})
    points = all_stationary(experiment)
    return points if kind == "any" else tuple(p for p in points if p.kind in kinds)


def stationary_marks(experiment: Ground) -> tuple[Points, ...]:
    """Return a mark for each stationary point, by its kind: on the curve, or on the contour."""
    layers = []
    for kind, (role, label) in _KINDS.items():
        found = [point for point in all_stationary(experiment) if point.kind == kind]
        if found:
            across = np.array([each.point[0] for each in found])
            up = np.array([each.point[1] if len(each.point) > 1 else each.value for each in found])
            layers.append(Points(across, up, role, label))
    return tuple(layers)


def about_stationary(experiment: Ground, nearest: Sequence[float], asked: str) -> Text:
    """Return what there is in the window, and which of the kind asked for is nearest."""
    points = all_stationary(experiment)
    named = len(points) <= _MOST_NAMED
    items = [_place(each) for each in points] if named else _counts(points)
    listed: Text = items[0] if items else message("none")
    for item in items[1:]:
        listed = message("{words}, {word}", words=listed, word=item)
    words = message("Where the gradient is 0 here: {points}.", points=listed)
    kind = next((each.kind for each in points if each.point == tuple(nearest)), None)
    if kind is None or len(wanted(experiment, asked)) == 1:
        return words
    if asked != "any":
        return message("{words} The nearest {kind}: {point}.", words=words,
                       kind=_KINDS[kind][1], point=show_point(nearest, 3))  # fmt: skip
    return message("{words} Nearest to your guess: {kind} at {point}.", words=words,
                   kind=_KINDS[kind][1], point=show_point(nearest, 3))  # fmt: skip


def _place(each: StationaryPoint) -> Text:
    return message("{kind} at {point}", kind=_KINDS[each.kind][1],
                   point=show_point((x + 0.0 for x in each.point), 3))  # fmt: skip


def _counts(points: Sequence[StationaryPoint]) -> list[Text]:
    counted = Counter(each.kind for each in points)
    return [message("{kind}: {count}", kind=_KINDS[kind][1], count=counted[kind])
            for kind in _KINDS if counted[kind]]  # fmt: skip
