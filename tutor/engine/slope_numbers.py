"""One variable at one point: the quotients, the exact slope, and how far they differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tutor.core.derivatives.sweep import StepSweep, step_sweep
from tutor.core.finite_differences import central_difference, forward_difference
from tutor.core.objectives import Objective
from tutor.engine.settings import objective_of
from tutor.lesson.model import SlopeExperiment

SWEEP = tuple(10.0 ** (k / 8) for k in range(-16 * 8, 1))
"""The steps h of the error curve: eight a decade, from 1e-16 to 1."""
_TINY = 1e-3


@dataclass(frozen=True)
class SlopeNumbers:
    """What the core gives for an experiment, computed when asked for."""

    experiment: SlopeExperiment

    @cached_property
    def objective(self) -> Objective:
        """The curve."""
        return objective_of(self.experiment)

    @cached_property
    def exact(self) -> float:
        """f'(x), by the derivative's formula."""
        return float(self.objective.gradient(self.experiment.x))

    @cached_property
    def height(self) -> float:
        """f(x)."""
        return float(self.objective.value(self.experiment.x))

    @cached_property
    def curvature(self) -> float:
        """f''(x), by the formula; nan or infinite where there is none."""
        with np.errstate(all="ignore"):
            return float(self.objective.hessian(self.experiment.x))

    @cached_property
    def quotient(self) -> float:
        """The difference quotient, by the experiment's method and precision."""
        return self.forward if self.experiment.method == "forward" else self.central

    @cached_property
    def forward(self) -> float:
        """The forward quotient (f(x + h) - f(x)) / h."""
        setting = self.experiment
        if setting.precision == "float32":
            return float(self.at_h.forward[0])
        return float(forward_difference(self.objective.value, setting.x, setting.h))

    @cached_property
    def central(self) -> float:
        """The central quotient (f(x + h) - f(x - h)) / 2h."""
        setting = self.experiment
        if setting.precision == "float32":
            return float(self.at_h.central[0])
        return float(central_difference(self.objective.value, setting.x, setting.h))

    def shows(self, *parts: str) -> bool:
        """Return whether the author lets any of these parts be seen."""
        return any(part in self.experiment.show for part in parts)

    @cached_property
    def ends(self) -> tuple[float, float]:
        """The two points of the quotient, the lower first."""
        x, h = self.experiment.x, self.experiment.h
        return (x if self.experiment.method == "forward" else x - h), x + h

    @property
    def is_tiny(self) -> bool:
        """Whether x + h would read like x in words."""
        return self.experiment.h < _TINY * max(1.0, abs(self.experiment.x))

    @property
    def step_vanishes(self) -> bool:
        """Whether x + h is x in the experiment's precision."""
        x, h = self.experiment.x, self.experiment.h
        if self.experiment.precision == "float32":
            return bool(np.float32(x) + np.float32(h) == np.float32(x))
        return x + h == x

    @cached_property
    def sweep(self) -> StepSweep:
        """Both quotients and their errors for every step of `SWEEP`."""
        return self._swept(SWEEP)

    @cached_property
    def at_h(self) -> StepSweep:
        """Both quotients at h, in the experiment's precision."""
        return self._swept((self.experiment.h,))

    def _swept(self, steps: Sequence[float]) -> StepSweep:
        dtype = np.float32 if self.experiment.precision == "float32" else np.float64
        return step_sweep(
            self.objective.value, self.experiment.x, steps=steps, exact=self.exact, dtype=dtype
        )
