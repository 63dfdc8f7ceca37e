"""The steps of a run, or of many at once, piece by piece: a long one can be watched and left.

Plain descent with a constant η runs in the core's generated loop. For the rest one step is the
optimizer's own, taken coordinate by coordinate in Python floats: all of them treat each
coordinate alone, and arrays of two numbers cost ten times their arithmetic. The digits are
those of arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np

from tutor.core.arrays import Floats
from tutor.core.expression import Expression
from tutor.core.finite_differences import central_partials
from tutor.core.objectives import Objective
from tutor.core.optimizers import GradientDescent, Optimizer, State
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
    walker = _Walker(objective, [float(x) for x in setup.start])
    *before, last = segments(setup)
    for segment in (*before, last._replace(last=last.last + 1)):
        yield from walker.pieces(segment, setup.steps)


class _Walker:
    """Where a run is: its point, its optimizer and what that remembers."""

    def __init__(self, objective: Objective, start: list[float]) -> None:
        self._objective, self._x = objective, start
        self._name = ""
        self._memory: Memory = ()

    def pieces(self, segment: Segment, steps: int) -> Iterator[Piece]:
        first, last, rule = segment
        optimizer = optimizer_of(rule)
        if rule.optimizer != self._name:
            self._name, self._memory = rule.optimizer, fresh_memory(optimizer, len(self._x))
        schedule = schedule_of(rule, steps)
        is_plain = rule.optimizer == "gradient-descent" and rule.gradient == "exact"
        is_fast = is_plain and rule.schedule == "constant"
        memories: tuple[Memory, ...]
        while first < last:
            if all(x != x for x in self._x):  # noqa: PLR0124 — true of nan alone
                rows, memories = self._lost(rule, last - first), (self._memory,)
            elif is_fast:
                rows = self._fast(rule.learning_rate, min(FAST_PIECE, last - first))
                memories = (self._memory,)
            else:
                rates = rates_of(schedule, first, min(first + PIECE, last)).tolist()
                slope = slope_of(self._objective.expression, rule)
                rows, memories = self._slow(slope, optimizer, rates)
            yield self._piece(first, rows, schedule, memories)
            first += len(rows)

    def _fast(self, rate: float, rows: int) -> Floats:
        walker = Walker(self._x, PartByPart(GradientDescent()))
        with np.errstate(all="ignore"):
            walked = formula_rows(walker, self._objective.expression, [rate] * rows)
        self._x = walker.x
        return walked

    def _slow(
        self, slope: Slope, optimizer: Optimizer, rates: Sequence[float]
    ) -> tuple[Floats, tuple[Memory, ...]]:
        value, step = self._objective.expression.value, optimizer.step
        x, memory, rows, memories = self._x, self._memory, [], []
        with np.errstate(all="ignore"):
            for k, rate in enumerate(rates):
                if k % REMEMBERED == 0:
                    memories.append(memory)
                slopes = slope(x)
                rows.append((*x, value(*x), *slopes))
                moved = [
                    step(entry, change, state, rate)
                    for entry, change, state in zip(x, slopes, memory, strict=True)
                ]
                x = [float(entry) for entry, _ in moved]
                memory = tuple([state for _, state in moved])
        self._x, self._memory = x, memory
        return np.array(rows), tuple(memories)

    def _lost(self, rule: Rule, rows: int) -> Floats:
        """Return rows of a point that is nan in every coordinate, which it stays for ever."""
        expression = self._objective.expression
        row = (*self._x, expression.value(*self._x), *slope_of(expression, rule)(self._x))
        return np.tile(np.array(row), (rows, 1))

    def _piece(
        self,
        first: int,
        rows: Floats,
        schedule: Callable[[int], float],
        memories: tuple[Memory, ...],
    ) -> Piece:
        d = len(self._x)
        rates = rates_of(schedule, first, first + len(rows))
        return Piece(first, rows[:, :d], rows[:, d], rows[:, d + 1 :], rates, memories)


def rates_of(schedule: Callable[[int], float], first: int, last: int) -> Floats:
    """Return η of the steps `first` up to, but not with, `last`."""
    if isinstance(schedule, Constant):
        return np.full(last - first, schedule.rate, dtype=np.float64)
    return np.array([schedule(k) for k in range(first, last)], dtype=np.float64)


def fresh_memory(optimizer: Optimizer, coordinates: int) -> Memory:
    """Return the optimizer's state before its first step, in Python numbers."""
    state = tuple(part if isinstance(part, int) else float(part) for part in optimizer.start(0.0))
    return (state,) * coordinates


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
    points, state, name = starts, (), ""
    for first, last, own in segments(setup):
        rule = own if rates is None else replace(own, learning_rate=1.0)
        optimizer, schedule = optimizer_of(rule), schedule_of(rule, setup.steps)
        slope = slope_of(expression, rule)
        if rule.optimizer != name:
            name, state = rule.optimizer, optimizer.start(points)
        for piece in _ranges(first, last, weight):
            before = points
            with np.errstate(all="ignore"):
                for k in piece:
                    rate = schedule(k) if rates is None else schedule(k) * rates
                    points, state = optimizer.step(points, np.array(slope(points)), state, rate)  # type: ignore[arg-type]  # one η a column
            yield piece.stop, points
            if np.array_equal(before, points, equal_nan=True) and last == setup.steps:
                return


def _ranges(first: int, last: int, weight: int) -> Iterator[range]:
    length = min(max(_WORK // weight, 1), _MOST_STEPS)
    for begin in range(first, last, length):
        yield range(begin, min(begin + length, last))
