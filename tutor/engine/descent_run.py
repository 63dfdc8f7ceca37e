"""Gradient descent from a start, in one or two variables, and what can be said of it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from tutor.charts.chart import Axis, AxisRange, Backdrop, Chart, Floats, Layer, Line, Points, Role
from tutor.core.descent import Trajectory, gradient_descent
from tutor.core.finite_differences import numerical_gradient
from tutor.core.objectives import Objective
from tutor.engine.descent_words import describe
from tutor.engine.drawing import MARKS_ON_LINE, mark, spanned
from tutor.engine.gradient_run import plane_chart, update_line
from tutor.engine.settings import objective_of, window_of
from tutor.i18n import Text, message
from tutor.lesson.model import Ask, ChartName, DescentExperiment

NEAR = 1e-3
"""The distance to a minimizer that the quantity `steps` waits for."""
_CURVE_SAMPLES = 241
_HIGHEST_LOSS = 4.0
"""Of the loss at the start: where the loss curve of a diverging run is cut."""
_LOWEST_LOSS = 1e-18


@dataclass(frozen=True)
class DescentRun:
    """A whole descent with one setting."""

    experiment: DescentExperiment

    @cached_property
    def objective(self) -> Objective:
        """What is descended."""
        return objective_of(self.experiment)

    @cached_property
    def trajectory(self) -> Trajectory:
        """Every iterate, computed by the core."""
        return self._descend(self._start, self.experiment.steps)

    @cached_property
    def distances(self) -> Floats:
        """The distance of every iterate to the nearest minimizer, shape (steps + 1,)."""
        points = self.trajectory.points.reshape(len(self.trajectory.points), -1)
        if not self.objective.minimizers:
            return np.full(len(points), np.nan)
        minimizers = np.array(self.objective.minimizers, dtype=float).reshape(
            -1, self.objective.dimension
        )
        with np.errstate(all="ignore"):
            ways = np.linalg.norm(points[:, None, :] - minimizers[None, :, :], axis=2)
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
        last, trajectory = np.atleast_1d(self.trajectory.points[-1]), self.trajectory
        near = np.flatnonzero(self.distances < NEAR)
        quantities: dict[str, float | str] = {
            "loss": float(trajectory.values[-1]),
            "start_loss": float(trajectory.values[0]),
            "distance": float(self.distances[-1]),
            "slope": float(self.slopes[-1]),
            "steps": float(near[0]) if near.size else math.inf,
            "status": trajectory.status,
            "factor": self.factor,
        }
        for index, value in enumerate(last):
            quantities[f"x{index}"] = float(value)
            quantities[f"next_x{index}"] = float(np.atleast_1d(self._after_last)[index])
        return quantities

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

    @property
    def sentence(self) -> Text:
        """See `Result`."""
        return describe(self.experiment, self.objective, self.trajectory, self.distances)

    @property
    def update_line(self) -> Text:
        """See `Result`: the last step that still has numbers."""
        points, gradients = self.trajectory.points, self.trajectory.gradients
        finite = np.isfinite(points).reshape(len(points), -1).all(axis=1)
        k = max(0, int(np.flatnonzero(finite)[-1]) - 1)
        words = update_line(points[k], self.experiment.learning_rate, gradients[k], points[k + 1])
        return message("step {k}: {words}", k=k + 1, words=words)

    def chart(self, name: ChartName) -> Chart:
        """See `Result`."""
        if name == "loss-curve":
            return self._loss_chart(self.trajectory.values)
        return self._path_chart(self.trajectory.points)

    def hides(self, quantity: str) -> bool:  # noqa: ARG002 — one signature for every run
        """See `Result`: nothing is hidden."""
        return False

    def teaser(self, name: ChartName, ask: Ask) -> Chart:
        """See `Result`: the start alone; for the next point, the steps so far."""
        if ask == "next-point":
            return self.chart(name)
        if name == "loss-curve":
            return self._loss_chart(self.trajectory.values[:1])
        return self._path_chart(self.trajectory.points[:1])

    def answer_layers(
        self, name: ChartName, ask: Ask, answer: tuple[float, ...], role: Role
    ) -> tuple[Layer, ...]:
        """See `Result`: a point on the path's chart, a step number on the loss curve."""
        label = message("your guess") if role == "guess" else message("truth")
        if not all(map(math.isfinite, answer)):
            return ()
        if ask == "step-number":
            return self._step_mark(name, answer[0], role, label)
        if name == "loss-curve":
            return ()
        if self.objective.dimension == 1:
            return (mark(answer[0], float(self.objective.value(answer[0])), role, label),)
        return (mark(answer[0], answer[1], role, label),)

    # What the pictures show

    def _path_chart(self, points: Floats) -> Chart:
        if self.objective.dimension == 1:
            return self._path_on_curve(points)
        x0, x1 = points.T
        layers: list[Layer] = [
            Line(x0, x1, "path"),
            Points(x0[1:-1], x1[1:-1], "path"),
            mark(x0[0], x1[0], "start", message("start")),
        ]
        if len(points) > 1:
            layers.append(mark(x0[-1], x1[-1], "current", message("step {k}", k=len(points) - 1)))
        return plane_chart(
            self.objective,
            window_of(self.experiment),
            tuple(layers),
            arrow_field=self.experiment.arrow_field,
            minimizers=True,
        )

    def _path_on_curve(self, x: Floats) -> Chart:
        (low, high), *rest = window_of(self.experiment)
        curve_x = np.linspace(low, high, _CURVE_SAMPLES)
        curve_y = np.asarray(self.objective.value(curve_x), dtype=float)
        with np.errstate(all="ignore"):
            y = np.asarray(self.objective.value(x), dtype=float)
        layers: list[Layer] = [
            Line(x, y, "path"),
            Points(x[1:-1], y[1:-1], "path"),
            mark(x[0], y[0], "start", message("start")),
        ]
        if len(x) > 1:
            layers.append(mark(x[-1], y[-1], "current", message("step {k}", k=len(x) - 1)))
        return Chart(
            title=message("f(x) = {formula}", formula=self.objective.formula),
            x_axis=Axis(message("x"), AxisRange(low, high)),
            y_axis=Axis(message("f(x)"), AxisRange(*(rest[0] if rest else spanned(curve_y)))),
            layers=tuple(layers),
            backdrop=Backdrop(
                ("curve", self.objective.source_formula, (low, high)),
                (Line(curve_x, curve_y, "curve"),),
            ),
        )

    def _loss_chart(self, values: Floats) -> Chart:
        steps = np.arange(len(values), dtype=float)
        low, high = self._loss_range
        return Chart(
            title=message("f at each step"),
            x_axis=Axis(message("step"), AxisRange(0.0, float(self.experiment.steps))),
            y_axis=Axis(message("f"), AxisRange(low, high), self._loss_scale),
            layers=(
                Line(steps, values, "path"),
                mark(steps[-1], values[-1], "current" if len(values) > 1 else "start"),
            ),
        )

    def _step_mark(
        self, name: ChartName, step: float, role: Role, label: Text
    ) -> tuple[Layer, ...]:
        if name == "loss-curve":
            along = np.linspace(*self._loss_range, MARKS_ON_LINE)
            return (Line(np.full(MARKS_ON_LINE, step), along, role, label),)
        if role != "truth":
            return ()
        point = np.atleast_1d(self.trajectory.points[int(step)])
        if self.objective.dimension == 1:
            return (mark(point[0], float(self.objective.value(point[0])), role, label),)
        return (mark(point[0], point[1], role, label),)

    @property
    def _loss_scale(self) -> Literal["linear", "log"]:
        return "log" if self.experiment.log_loss else "linear"

    @cached_property
    def _loss_range(self) -> tuple[float, float]:
        values = self.trajectory.values
        finite = values[np.isfinite(values)]
        top = abs(float(values[0])) * _HIGHEST_LOSS
        kept = finite[finite <= top] if (finite <= top).any() else finite[:1]
        if self.experiment.log_loss:
            seen = np.maximum(kept, _LOWEST_LOSS)
            return (float(seen.min()) / 2, float(seen.max()) * 2)
        low, high = spanned(kept)
        return (min(low, 0.0) if kept.min() < 0 else 0.0, high)

    # Small facts

    @property
    def _start(self) -> Floats:
        start = np.array(self.experiment.start, dtype=float)
        return start.reshape(()) if self.objective.dimension == 1 else start

    @cached_property
    def _after_last(self) -> Floats:
        return np.asarray(self._descend(self.trajectory.points[-1], 1).points[-1])

    def _descend(self, start: Floats, steps: int) -> Trajectory:
        exact = self.experiment.gradient == "exact"
        return gradient_descent(
            self.objective.value,
            start,
            learning_rate=self.experiment.learning_rate,
            steps=steps,
            gradient=self.objective.gradient if exact else self._numerical,
        )

    def _numerical(self, x: Floats) -> Floats:
        return np.asarray(numerical_gradient(self.objective.value, x, self.experiment.h))


def _listed(values: Floats) -> list[float]:
    return [float(value) for value in values]
