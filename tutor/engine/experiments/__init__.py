"""An experiment and the learner's parameters, run through the core."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Protocol, TypeAlias

from tutor.charts.chart import Chart, Layer, Role
from tutor.engine.descent.result import DescentRun
from tutor.engine.experiments.check import CheckRun
from tutor.engine.experiments.gradient import GradientRun
from tutor.engine.experiments.network import NetworkRun
from tutor.engine.experiments.slope import SlopeRun
from tutor.engine.experiments.training import TrainingRun
from tutor.engine.settings import with_values
from tutor.i18n import Text
from tutor.lesson.model import (
    Ask,
    ChartName,
    CheckExperiment,
    DescentExperiment,
    Experiment,
    GradientExperiment,
    NetworkExperiment,
    SlopeExperiment,
    TrainingExperiment,
)

Answer: TypeAlias = tuple[float, ...]
"""A guess or a truth: one number, or the coordinates of a point."""


class Result(Protocol):
    """What an experiment gives: numbers, a sentence, the worked line, pictures."""

    @property
    def quantities(self) -> Mapping[str, float | str]:
        """The numbers by the names that goals and formulas use."""
        ...

    @property
    def sentence(self) -> Text:
        """What is to be seen, in one computed sentence or two."""
        ...

    @property
    def update_line(self) -> Text:
        """The formula of the step with this run's numbers in it."""
        ...

    def hides(self, quantity: str) -> bool:
        """Return whether showing the quantity would give away what the learner is to find."""
        ...

    def chart(self, name: ChartName) -> Chart:
        """Return the picture of this name, everything shown."""
        ...

    def teaser(self, name: ChartName, ask: Ask) -> Chart:
        """Return the same picture without what a prediction asks for."""
        ...

    def answer_layers(
        self, name: ChartName, ask: Ask, answer: Answer, role: Role
    ) -> tuple[Layer, ...]:
        """Return an answer to a prediction (a guess or the truth) as marks on that picture."""
        ...

    def history(self, quantity: str) -> Sequence[float]:
        """Return the quantity at each step; a single value where there are no steps."""
        ...


RUNS: Final[Mapping[type, Callable[[Any], Result]]] = {
    SlopeExperiment: SlopeRun,
    GradientExperiment: GradientRun,
    DescentExperiment: DescentRun,
    NetworkExperiment: NetworkRun,
    TrainingExperiment: TrainingRun,
    CheckExperiment: CheckRun,
}
"""What an experiment gives, by its kind."""


def run_experiment(experiment: Experiment, values: Mapping[str, float]) -> Result:
    """Return what the experiment gives with the learner's `values` put in."""
    return RUNS[type(experiment)](with_values(experiment, values))
