"""A descent with one setting: the core's run, its numbers, and those of the runs beside it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from tutor.charts.chart import Floats
from tutor.core.descent import Trajectory, gradient_descent
from tutor.core.finite_differences import numerical_gradient
from tutor.core.objectives import Objective
from tutor.core.optimizers import Optimizer, State
from tutor.core.schedules import LearningRate
from tutor.engine.descent.methods import OPTIMIZER_NAMES, core_optimizer, core_schedule
from tutor.engine.settings import objective_of
from tutor.i18n import Text
from tutor.lesson.model import DescentExperiment, Rival

NEAR = 1e-3
"""The distance to a minimizer that the quantity `steps` waits for."""


@dataclass(frozen=True)
class DescentNumbers:
    """What the core gives for a descent, computed when asked for."""

    experiment: DescentExperiment

    @cached_property
    def objective(self) -> Objective:
        """What is descended."""
        return objective_of(self.experiment)

    @cached_property
    def optimizer(self) -> Optimizer:
        """The rule of each step."""
        return core_optimizer(self.experiment)

    @cached_property
    def schedule(self) -> Callable[[int], float]:
        """η by the number of the step, from 0."""
        setting = self.experiment
        return core_schedule(setting.schedule, setting.learning_rate, setting.steps)

    @property
    def rate(self) -> LearningRate:
        """η as the core takes it: a number where it is constant, for its fast loops."""
        setting = self.experiment
        return setting.learning_rate if setting.schedule == "constant" else self.schedule

    @cached_property
    def trajectory(self) -> Trajectory:
        """Every iterate, computed by the core."""
        setting = self.experiment
        return gradient_descent(
            self.objective.value,
            self.start,
            learning_rate=self.rate,
            steps=setting.steps,
            gradient=self.objective.gradient if setting.gradient == "exact" else self._numerical,
            optimizer=self.optimizer,
        )

    @cached_property
    def rivals(self) -> tuple[DescentNumbers, ...]:
        """The runs beside this one."""
        return tuple(DescentNumbers(each) for each in rival_experiments(self.experiment))

    @property
    def name(self) -> Text:
        """What the run is called where there are several."""
        return self.experiment.label or OPTIMIZER_NAMES[self.experiment.optimizer]

    @cached_property
    def points(self) -> Floats:
        """Every iterate, shape (steps + 1, n), also in one variable."""
        points = self.trajectory.points
        return points.reshape(len(points), -1)

    @cached_property
    def distances(self) -> Floats:
        """The distance of every iterate to the nearest minimizer, shape (steps + 1,)."""
        if not self.objective.minimizers:
            return np.full(len(self.points), np.nan)
        minimizers = np.array(self.objective.minimizers, dtype=float).reshape(
            -1, self.objective.dimension
        )
        with np.errstate(all="ignore"):
            ways = np.linalg.norm(self.points[:, None, :] - minimizers[None, :, :], axis=2)
        return np.asarray(ways.min(axis=1), dtype=float)

    @cached_property
    def slopes(self) -> Floats:
        """The length of the gradient at every iterate, shape (steps + 1,)."""
        gradients = self.trajectory.gradients.reshape(len(self.trajectory.values), -1)
        with np.errstate(all="ignore"):
            return np.asarray(np.linalg.norm(gradients, axis=1), dtype=float)

    @cached_property
    def quantities(self) -> Mapping[str, float | str]:
        """See `Result`."""
        trajectory = self.trajectory
        quantities: dict[str, float | str] = {
            "loss": float(trajectory.values[-1]),
            "start_loss": float(trajectory.values[0]),
            "distance": float(self.distances[-1]),
            "slope": float(self.slopes[-1]),
            "steps": self.first_near,
            "status": trajectory.status,
            "factor": self.factor,
        }
        for index, (here, after) in enumerate(zip(self.points[-1], self._after_last, strict=True)):
            quantities[f"x{index}"] = float(here)
            quantities[f"next_x{index}"] = float(after)
        return quantities

    @property
    def first_near(self) -> float:
        """The first step that is nearer than `NEAR` to a minimizer; infinity if none is."""
        near = np.flatnonzero(self.distances < NEAR)
        return float(near[0]) if near.size else math.inf

    @property
    def factor(self) -> float:
        """By what the last step multiplied the distance to the minimizer."""
        before, after = self.distances[-2:]
        with np.errstate(all="ignore"):
            return float(np.float64(after) / np.float64(before))

    def history(self, quantity: str) -> Sequence[float]:
        """See `Result`: at every step, the start first."""
        match quantity:
            case "loss":
                return _listed(self.trajectory.values)
            case "distance":
                return _listed(self.distances)
            case "slope":
                return _listed(self.slopes)
            case _:
                value = self.quantities[quantity]
                return () if isinstance(value, str) else (value,)

    def memory(self, step: int) -> State:
        """Return the optimizer's state before the step from point `step`."""
        state = self.optimizer.start(self.start)
        if not state:
            return state
        with np.errstate(all="ignore"):
            for k in range(step):
                x, gradient = self.trajectory.points[k], self.trajectory.gradients[k]
                _, state = self.optimizer.step(x, gradient, state, self.schedule(k))
        return state

    @cached_property
    def start(self) -> Floats:
        """Where the run begins: shape () in one variable, else (2,)."""
        start = np.array(self.experiment.start, dtype=float)
        return start.reshape(()) if self.objective.dimension == 1 else start

    @cached_property
    def _after_last(self) -> Floats:
        """Where one step more would lead, shape (n,)."""
        last, trajectory = self.experiment.steps, self.trajectory
        with np.errstate(all="ignore"):
            after, _ = self.optimizer.step(
                trajectory.points[-1], trajectory.gradients[-1],
                self.memory(last), self.schedule(last),
            )  # fmt: skip
        return np.atleast_1d(np.asarray(after, dtype=float))

    def _numerical(self, x: Floats) -> Floats:
        return np.asarray(numerical_gradient(self.objective.value, x, self.experiment.h))


def rival_experiments(experiment: DescentExperiment) -> tuple[DescentExperiment, ...]:
    """Return the descents that stand beside this one, each whole."""
    return tuple(_in_place_of(experiment, rival) for rival in experiment.rivals)


def _in_place_of(experiment: DescentExperiment, rival: Rival) -> DescentExperiment:
    """Return the experiment with what the rival has of its own."""
    keys = ("label", "optimizer", "learning_rate", "momentum", "schedule", "start")
    own = {key: getattr(rival, key) for key in keys if getattr(rival, key) is not None}
    return replace(experiment, rivals=(), **own)


def _listed(values: Floats) -> list[float]:
    return [float(value) for value in values]
