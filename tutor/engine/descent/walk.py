"""The steps of a run, or of many at once, piece by piece: a long one can be watched and left.

Plain descent with a constant η runs in the core's generated loop. For the rest one step is the
optimizer's own, taken coordinate by coordinate in Python floats: all of them treat each
coordinate alone, and arrays of two numbers cost ten times their arithmetic. The digits are
those of arrays.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np

from tutor.core.arrays import Floats
from tutor.core.expression import Expression
from tutor.core.finite_differences import central_partials
from tutor.core.objectives import Objective
from tutor.core.optimizers import GradientDescent, State
from tutor.core.schedules import Constant
from tutor.core.walker import PartByPart, Walker, formula_rows
from tutor.engine.descent.objectives import objective_of
from tutor.engine.descent.rules import Segment, optimizer_of, schedule_of, segments
from tutor.engine.descent.setup import Rule, Setup

PIECE, FAST_PIECE = 1000, 20_000
"""Steps in one piece: about 10 ms of work."""
REMEMBERED = 50
"""Every so many steps the optimizer's state is kept; those between are computed again."""

_WORK, _MOST_STEPS = 45_000, 400
"""Points times steps in one piece, and steps: 10 to 30 ms of work."""
_LONG_FORMULA = 120
"""Characters of a formula that takes clearly longer than the steps around it."""

Slope: TypeAlias = Callable[[Sequence[Any]], Sequence[Any]]
Memory: TypeAlias = tuple[State, ...]
"""The optimizer's state, one for each coordinate."""


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Rows of a run: each a point, f and the gradient in use there, and η of the step from it."""

    first: int
    """The step of the first row."""
    points: Floats
    """Shape (m, d)."""
    values: Floats
    """Shape (m,)."""
    gradients: Floats
    """Shape (m, d)."""
    rates: Floats
    """Shape (m,)."""
    memories: tuple[Memory, ...]
    """The optimizer's state before every `REMEMBERED`-th of these steps, from the first on."""


def walk(setup: Setup, objective: Objective) -> Iterator[Piece]:
    """Yield the steps + 1 rows of the run in pieces; the rate of the last row is never used."""
    run = _Run(objective, [float(x) for x in setup.start])
    *before, last = segments(setup)
    for segment in (*before, last._replace(last=last.last + 1)):
        yield from run.pieces(segment, setup.steps)


class _Run:
    """A walker that goes through the segments of a run, in pieces."""

    def __init__(self, objective: Objective, start: list[float]) -> None:
        self._objective = objective
        self._walker = Walker(start, PartByPart(GradientDescent()))
        self._name = ""

    def pieces(self, segment: Segment, steps: int) -> Iterator[Piece]:
        first, last, rule = segment
        walker, self._name = _followed(self._walker, self._name, rule), rule.optimizer
        schedule = schedule_of(rule, steps)
        is_plain = rule.optimizer == "gradient-descent" and rule.gradient == "exact"
        is_fast = is_plain and rule.schedule == "constant"
        memories: tuple[Memory, ...]
        while first < last:
            memories = (walker.state,)
            if all(map(math.isnan, walker.x)):
                rows = self._lost(rule, last - first)
            elif is_fast:
                rows = self._fast(rule.learning_rate, min(FAST_PIECE, last - first))
            else:
                rates = rates_of(schedule, first, min(first + PIECE, last)).tolist()
                slope = slope_of(self._objective.expression, rule)
                rows, memories = self._slow(slope, rates)
            yield self._piece(first, rows, schedule, memories)
            first += len(rows)

    def _fast(self, rate: float, rows: int) -> Floats:
        with np.errstate(all="ignore"):
            return formula_rows(self._walker, self._objective.expression, [rate] * rows)

    def _slow(self, slope: Slope, rates: Sequence[float]) -> tuple[Floats, tuple[Memory, ...]]:
        value, rows, memories = self._objective.expression.value, [], []
        with np.errstate(all="ignore"):
            for k, (x, slopes, memory) in enumerate(self._walker.steps(slope, rates)):
                if k % REMEMBERED == 0:
                    memories.append(memory)
                rows.append((*x, value(*x), *slopes))
        return np.array(rows), tuple(memories)

    def _lost(self, rule: Rule, rows: int) -> Floats:
        """Return rows of a point that is nan in every coordinate, which it stays for ever."""
        expression = self._objective.expression
        x = self._walker.x
        row = (*x, expression.value(*x), *slope_of(expression, rule)(x))
        return np.tile(np.array(row), (rows, 1))

    def _piece(
        self,
        first: int,
        rows: Floats,
        schedule: Callable[[int], float],
        memories: tuple[Memory, ...],
    ) -> Piece:
        d = len(self._walker.x)
        rates = rates_of(schedule, first, first + len(rows))
        return Piece(first, rows[:, :d], rows[:, d], rows[:, d + 1 :], rates, memories)


def rates_of(schedule: Callable[[int], float], first: int, last: int) -> Floats:
    """Return η of the steps `first` up to, but not with, `last`."""
    if isinstance(schedule, Constant):
        return np.full(last - first, schedule.rate, dtype=np.float64)
    return np.array([schedule(k) for k in range(first, last)], dtype=np.float64)


def _followed(walker: Walker, name: str, rule: Rule) -> Walker:
    """Return the walker on the way of the rule; the same method by another rule remembers on."""
    optimizer = PartByPart(optimizer_of(rule))
    if rule.optimizer != name:
        walker.follow(optimizer)
    walker.optimizer = optimizer
    return walker


def slope_of(expression: Expression, rule: Rule) -> Slope:
    """Return the gradient that the rule uses: exact, or by central differences with its h."""
    if rule.gradient == "numerical":
        return central_partials(expression.value, rule.h)
    exact = expression.gradient
    return lambda x: exact(*x)


# Many points at once


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
    walker, name = Walker(starts, GradientDescent()), ""
    for first, last, own in segments(setup):
        rule = own if rates is None else replace(own, learning_rate=1.0)
        schedule, slope = schedule_of(rule, setup.steps), _in_columns(slope_of(expression, rule))
        if rule.optimizer != name:
            walker.follow(optimizer_of(rule))
        walker.optimizer, name = optimizer_of(rule), rule.optimizer
        for piece in _ranges(first, last, weight):
            before = walker.x
            etas: Any = (schedule(k) if rates is None else schedule(k) * rates for k in piece)
            with np.errstate(all="ignore"):
                for _ in walker.steps(slope, etas):
                    pass
            yield piece.stop, walker.x
            if np.array_equal(before, walker.x, equal_nan=True) and last == setup.steps:
                return


def _in_columns(slope: Slope) -> Callable[[Any], Floats]:
    return lambda points: np.array(slope(points))


def _ranges(first: int, last: int, weight: int) -> Iterator[range]:
    length = min(max(_WORK // weight, 1), _MOST_STEPS)
    for begin in range(first, last, length):
        yield range(begin, min(begin + length, last))
