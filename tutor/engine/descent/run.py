"""A finished run: every point, value, gradient and η of a setup, and how it ended."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tutor.core.arrays import Floats
from tutor.core.descent_end import End, Status, judge
from tutor.core.objectives import Objective
from tutor.engine.descent.check import check_setup
from tutor.engine.descent.objectives import objective_of
from tutor.engine.descent.rules import optimizer_of, rule_at, schedule_of
from tutor.engine.descent.setup import Rule, Setup
from tutor.engine.descent.walk import REMEMBERED, Memory, Piece, walk

__all__ = ["NEAR", "Run", "check_setup", "run", "run_of", "walked"]

NEAR = 1e-3
"""So near to a minimizer a run, or one of its coordinates, has arrived."""


@dataclass(frozen=True, eq=False)
class Run:
    """Row k of each array belongs to the point after k steps."""

    setup: Setup
    objective: Objective
    points: Floats
    """Shape (n + 1, d), d = 1 or 2: the start first, the end last."""
    values: Floats
    """Shape (n + 1,)."""
    gradients: Floats
    """Shape (n + 1, d): the gradient in use at each point, exact or numerical."""
    rates: Floats
    """Shape (n,): η of the step from point k to the next."""
    memories: tuple[tuple[int, Memory], ...] = ()
    """What the optimizer remembered at some of the steps, in their order, from step 0 on."""

    @property
    def steps_done(self) -> int:
        """The number of steps, n: fewer than the setup's only while a long run goes on."""
        return len(self.values) - 1

    @property
    def status(self) -> Status:
        """How the run ended; the rules are those of `tutor.core.descent_end`."""
        return self._end[0]

    @property
    def is_lost(self) -> bool:
        """Whether it has flown away."""
        return self.status in ("diverged", "nonfinite")

    @property
    def since(self) -> int | None:
        """The step at which that began; None if completed."""
        return self._end[1]

    @property
    def arrived(self) -> float:
        """The first step that is nearer than `NEAR` to a minimizer; infinity if none is."""
        near = np.flatnonzero(self.distances < NEAR)
        return float(near[0]) if near.size else math.inf

    def factor(self, step: int | None = None) -> float:
        """Return by what the step to point `step` multiplied the distance to the minimizer.

        At the start, where no minimizer is known, and for 0/0 it is nan.
        """
        k = self.at(step)
        before, after = self.distances[k - 1], self.distances[k]
        with np.errstate(all="ignore"):
            return float(after / before) if k else math.nan

    @cached_property
    def _end(self) -> End:
        shape = () if self.objective.dimension == 1 else (2,)
        with np.errstate(all="ignore"):
            return judge(self.objective.value, shape, self.points, self.values, self.gradients)

    @cached_property
    def distances(self) -> Floats:
        """The distance of every point to the nearest global minimizer, shape (n + 1,); or nan."""
        return distances(self.objective, self.points)

    @cached_property
    def step_lengths(self) -> Floats:
        """The length of every step, shape (n,)."""
        with np.errstate(all="ignore"):
            moves = np.diff(self.points, axis=0)
            return np.asarray(np.hypot.reduce(moves, axis=1))

    @cached_property
    def slopes(self) -> Floats:
        """The length of the gradient in use at every point, shape (n + 1,)."""
        with np.errstate(all="ignore"):
            return np.asarray(np.abs(np.hypot.reduce(self.gradients, axis=1)))

    def at(self, step: int | None) -> int:
        """Return the step that is meant: None is the last, others are kept within the run."""
        return self.steps_done if step is None else min(max(step, 0), self.steps_done)

    def rule(self, step: int) -> Rule:
        """Return the rule of the step from point `step` on."""
        return rule_at(self.setup, step)

    def memory(self, step: int) -> Memory:
        """Return the optimizer's state before the step from point `step`, for each coordinate.

        It is computed again from the recorded gradients since the last one that was kept.
        """
        kept = bisect_right(self.memories, step, key=lambda each: each[0])
        first, memory = self.memories[kept - 1]
        if np.isnan(self.points[step]).all():
            return memory  # where nothing is a number any more, neither is this
        for k in range(first, step if memory[0] else first):
            memory = self._remembered(k, memory)
        return memory

    @cached_property
    def next_point(self) -> Floats:
        """Where one step more would lead, shape (d,)."""
        k, rule = self.steps_done, self.rule(self.steps_done)
        rate, step = schedule_of(rule, self.setup.steps)(k), optimizer_of(rule).step
        rows = zip(self.points[k].tolist(), self.gradients[k].tolist(), self.memory(k), strict=True)
        with np.errstate(all="ignore"):
            return np.array([step(x, slope, state, rate)[0] for x, slope, state in rows])

    def _remembered(self, k: int, memory: Memory) -> Memory:
        optimizer, rate = optimizer_of(self.rule(k)), float(self.rates[k])
        rows = zip(self.points[k].tolist(), self.gradients[k].tolist(), memory, strict=True)
        with np.errstate(all="ignore"):
            return tuple(optimizer.step(x, slope, state, rate)[1] for x, slope, state in rows)


def run(setup: Setup) -> Run:
    """Return the whole run of a setup.

    Raises:
        TutorError: if it cannot be run; see `check_setup`.
    """
    check_setup(setup)
    return walked(setup)


def walked(setup: Setup) -> Run:
    """Return the whole run of a setup, unchecked: a lesson may start where f is undefined."""
    objective = objective_of(setup)
    return run_of(setup, objective, list(walk(setup, objective)))


def run_of(setup: Setup, objective: Objective, pieces: Sequence[Piece]) -> Run:
    """Return the run that consists of these pieces, at least one."""
    points, values, gradients, rates = (
        rows[0] if len(rows) == 1 else np.concatenate(rows)
        for rows in zip(
            *((each.points, each.values, each.gradients, each.rates) for each in pieces),
            strict=True,
        )
    )
    memories = tuple(
        (piece.first + k * REMEMBERED, memory)
        for piece in pieces
        for k, memory in enumerate(piece.memories)
    )
    return Run(setup, objective, points, values, gradients, rates[:-1], memories)


def distances(objective: Objective, points: Floats) -> Floats:
    """Return how far each of `points` (m, d) is from the nearest global minimizer; nan if none."""
    nearest = np.full(len(points), np.nan)
    with np.errstate(all="ignore"):
        for minimizer in objective.minimizers:
            ways = np.hypot.reduce(points - np.array(minimizer), axis=1)
            nearest = np.fmin(nearest, np.abs(ways))
    return nearest
