"""A lesson's descent as a `Result`: the run of its setup and those beside it, in numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from tutor.charts.chart import Chart, Floats, Layer, Role
from tutor.engine.descent.charts import (
    Drawn,
    basin_chart,
    ground_chart,
    place,
    start_layers,
    walk_layers,
)
from tutor.engine.descent.curves import first_losses, series, series_chart, upright_line
from tutor.engine.descent.maps import basins_of
from tutor.engine.descent.rules import OPTIMIZER_NAMES
from tutor.engine.descent.run import Run, walked
from tutor.engine.descent.setup import Setup, rival_experiments, setup_of_descent
from tutor.engine.descent.updates import WORKED_DIGITS, update_line
from tutor.engine.descent.words import compare, sum_up
from tutor.engine.drawing import in_space
from tutor.i18n import Text, message
from tutor.lesson.model import Ask, ChartName, DescentExperiment

RIVAL_ROLES: tuple[Role, ...] = ("rival1", "rival2", "rival3", "rival4", "rival5")
LAST_STEPS = 10
"""So many points of a run's end are judged by the worst: one of a swing may be good by luck."""


@dataclass(frozen=True)
class DescentRun:
    """A whole descent with one setting, and the runs beside it; computed when asked for."""

    experiment: DescentExperiment

    @cached_property
    def run(self) -> Run:
        """The same run as the lab's."""
        return walked(setup_of_descent(self.experiment))

    @cached_property
    def rivals(self) -> tuple[DescentRun, ...]:
        """The runs beside this one."""
        return tuple(DescentRun(each) for each in rival_experiments(self.experiment))

    @property
    def name(self) -> Text:
        """What the run is called where there are several."""
        return self.experiment.label or OPTIMIZER_NAMES[self.experiment.optimizer]

    @cached_property
    def quantities(self) -> Mapping[str, float | str]:
        """See `Result`."""
        run = self.run
        quantities: dict[str, float | str] = {
            "loss": float(run.values[-1]),
            "start_loss": float(run.values[0]),
            "worst_loss": float(np.max(run.values[-LAST_STEPS:])),
            "distance": float(run.distances[-1]),
            "slope": float(run.slopes[-1]),
            "steps": run.arrived,
            "status": run.status,
            "factor": run.factor(),
        }
        for index, (here, after) in enumerate(zip(run.points[-1], run.next_point, strict=True)):
            quantities[f"x{index}"] = float(here)
            quantities[f"next_x{index}"] = float(after)
        return quantities

    def history(self, quantity: str) -> Sequence[float]:
        """See `Result`: at every step, the start first."""
        rows: Mapping[str, Floats] = {
            "loss": self.run.values, "distance": self.run.distances, "slope": self.run.slopes,
        }  # fmt: skip
        if quantity in rows:
            return [float(value) for value in rows[quantity]]
        value = self.quantities[quantity]
        return () if isinstance(value, str) else (value,)

    @property
    def sentence(self) -> Text:
        """See `Result`."""
        if not self.rivals:
            return sum_up(self.run)
        return compare([(each.name, each.run) for each in (self, *self.rivals)])

    @property
    def update_line(self) -> Text:
        """See `Result`: the last step that still has numbers."""
        last = int(np.flatnonzero(np.isfinite(self.run.points).all(axis=1))[-1])
        return update_line(self.run, last, WORKED_DIGITS)

    def chart(self, name: ChartName) -> Chart:
        """See `Result`."""
        if name == "surface":
            return in_space(self.chart("descent-path"))
        if name == "basins":
            walks = walk_layers(Drawn(self.run, "path"), self.run.steps_done,
                                below=[replace(each, name="") for each in self._others],
                                is_named=False)  # fmt: skip
            return basin_chart(basins_of(self._anywhere), self.run, walks, minimizers=self._marks)
        if name == "loss-curve":
            return self._losses(log=self.experiment.log_loss or self._flies_up)
        return self._ground(walk_layers(self._own, self.run.steps_done, below=self._others,
                                        is_named=not self.rivals))  # fmt: skip

    def hides(self, quantity: str) -> bool:  # noqa: ARG002 — one signature for every run
        """See `Result`: nothing is hidden."""
        return False

    def teaser(self, name: ChartName, ask: Ask) -> Chart:
        """See `Result`: the start alone; for the next point, the steps so far."""
        if name == "surface":
            return in_space(self.teaser("descent-path", ask))
        if ask == "next-point" and name != "basins":
            return self.chart(name)
        if name == "loss-curve":
            bare = self._losses(log=self.experiment.log_loss)
            return replace(bare, layers=first_losses(self._own, self._others))
        return self._ground(start_layers(self._own, self._others, is_named=not self.rivals))

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
        return (place(self.run, answer, role, label),)

    def _step_mark(
        self, name: ChartName, step: float, role: Role, label: Text
    ) -> tuple[Layer, ...]:
        if name == "loss-curve":
            return (upright_line(self.chart(name), step, role, label),)
        if role != "truth":
            return ()
        return (place(self.run, tuple(self.run.points[int(step)].tolist()), role, label),)

    @property
    def _own(self) -> Drawn:
        is_named = self.rivals or self.experiment.label
        return Drawn(self.run, "path", self.name if is_named else "")

    @property
    def _others(self) -> list[Drawn]:
        return [
            Drawn(rival.run, role, rival.name, has_end=True)
            for role, rival in zip(RIVAL_ROLES, self.rivals, strict=False)
        ]

    @property
    def _marks(self) -> bool:
        """Whether the minimizer is on the chart: on a curve it can be seen without."""
        return self.run.objective.dimension == 2

    @property
    def _anywhere(self) -> Setup:
        """The map does not depend on the start: all starts of a setting share one."""
        setup = self.run.setup
        return replace(setup, start=(0.0,) * len(setup.start))

    def _ground(self, layers: tuple[Layer, ...]) -> Chart:
        return ground_chart(self.run, layers, arrow_field=self.experiment.arrow_field,
                            minimizers=self._marks)  # fmt: skip

    @property
    def _flies_up(self) -> bool:
        """Whether the run flies away to ever higher values, which a log axis alone can show."""
        finite = self.run.values[np.isfinite(self.run.values)]
        return self.run.is_lost and bool(np.all(finite > 0))

    def _losses(self, *, log: bool) -> Chart:
        return series_chart(
            series("loss", self._own), self.run.steps_done, log=log,
            below=[series("loss", each) for each in self._others], whole=True,
        )  # fmt: skip
