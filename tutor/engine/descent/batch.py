"""Many points that walk by one setup's rules at once, piece by piece: for sweeps and maps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from tutor.core.arrays import Floats
from tutor.core.expression import Expression
from tutor.engine.descent.objectives import objective_of
from tutor.engine.descent.rules import optimizer_of, schedule_of, segments
from tutor.engine.descent.setup import Rule, Setup

_WORK, _MOST_STEPS = 45_000, 400
"""Points times steps in one piece, and steps: 10 to 30 ms of work."""
_LONG_FORMULA = 120
"""Characters of a formula that takes clearly longer than the steps around it."""


def walk_together(
    setup: Setup, starts: Floats, rates: Floats | None = None
) -> Iterator[tuple[int, Floats]]:
    """Yield, a few times, how many steps are done and where the points are now, shape (d, m).

    Args:
        setup: gives the objective, the rules and the number of steps.
        starts: shape (d, m).
        rates: η of each of the m points in place of the rules'; its schedule is kept.
    """
    objective = objective_of(setup)
    expression = objective.expression
    weight = starts.shape[1] * (1 + len(objective.source_formula) // _LONG_FORMULA)
    points, state, name = starts, (), ""
    for first, last, own in segments(setup):
        rule = own if rates is None else replace(own, learning_rate=1.0)
        optimizer, schedule = optimizer_of(rule), schedule_of(rule, setup.steps)
        slope = _slope_of(expression, rule)
        if rule.optimizer != name:
            name, state = rule.optimizer, optimizer.start(points)
        for piece in _pieces(first, last, weight):
            before = points
            with np.errstate(all="ignore"):
                for k in piece:
                    rate = schedule(k) if rates is None else schedule(k) * rates
                    points, state = optimizer.step(points, slope(points), state, rate)  # type: ignore[arg-type]  # one η a column
            yield piece.stop, points
            if np.array_equal(before, points, equal_nan=True) and last == setup.steps:
                return


def _pieces(first: int, last: int, weight: int) -> Iterator[range]:
    length = min(max(_WORK // weight, 1), _MOST_STEPS)
    for begin in range(first, last, length):
        yield range(begin, min(begin + length, last))


def _slope_of(expression: Expression, rule: Rule) -> Callable[[Floats], Floats]:
    if rule.gradient == "exact":
        return lambda points: np.array(expression.gradient(*points))
    h = rule.h

    def slopes(points: Floats) -> Floats:
        found = np.empty_like(points)
        for i, row in enumerate(points):
            above, below = list(points), list(points)
            above[i], below[i] = row + h, row - h
            found[i] = (expression.value(*above) - expression.value(*below)) / (2 * h)
        return found

    return slopes
