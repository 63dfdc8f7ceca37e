"""A descent as a `Result`: its numbers, its words, its pictures."""

from __future__ import annotations

import math

import numpy as np

from tutor.charts.chart import Chart, Layer, Role
from tutor.engine.descent import charts
from tutor.engine.descent.numbers import DescentNumbers
from tutor.engine.descent.sentences import compare, describe
from tutor.engine.descent.updates import Update, update_words
from tutor.engine.gradient_run import WORKED_DIGITS, update_line
from tutor.i18n import Text, message
from tutor.lesson.model import Ask, ChartName


class DescentRun(DescentNumbers):
    """A whole descent with one setting, and the runs beside it."""

    @property
    def sentence(self) -> Text:
        """See `Result`."""
        return compare(self) if self.rivals else describe(self)

    @property
    def update_line(self) -> Text:
        """See `Result`: the last step that still has numbers."""
        points, gradients = self.trajectory.points, self.trajectory.gradients
        finite = np.isfinite(self.points).all(axis=1)
        k = max(0, int(np.flatnonzero(finite)[-1]) - 1)
        rate = self.schedule(k)
        if self.experiment.optimizer == "gradient-descent":
            words = update_line(points[k], rate, gradients[k], points[k + 1])
        else:
            memory = [np.atleast_1d(np.asarray(part, dtype=float)) for part in self.memory(k)]
            step = Update(self.optimizer, memory, self.points[k], np.atleast_1d(gradients[k]),
                          rate, self.points[k + 1], WORKED_DIGITS)  # fmt: skip
            words = update_words(step)
        return message("step {k}: {words}", k=k + 1, words=words)

    def chart(self, name: ChartName) -> Chart:
        """See `Result`."""
        if name == "basins":
            # The map comes from the lab, which few steps need.
            from tutor.engine.descent.basin_chart import basin_chart  # noqa: PLC0415

            return basin_chart(self)
        return charts.loss_chart(self) if name == "loss-curve" else charts.path_chart(self)

    def hides(self, _quantity: str) -> bool:
        """See `Result`: nothing is hidden."""
        return False

    def teaser(self, name: ChartName, ask: Ask) -> Chart:
        """See `Result`: the start alone; for the next point, the steps so far."""
        if ask == "next-point" and name != "basins":
            return self.chart(name)
        if name == "loss-curve":
            return charts.loss_chart(self, starts_only=True)
        return charts.path_chart(self, starts_only=True)

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
        return (charts.place(self, answer, role, label),)

    def _step_mark(
        self, name: ChartName, step: float, role: Role, label: Text
    ) -> tuple[Layer, ...]:
        if name == "loss-curve":
            return (charts.step_line(self, step, role, label),)
        if role != "truth":
            return ()
        return (charts.place(self, tuple(self.points[int(step)].tolist()), role, label),)
