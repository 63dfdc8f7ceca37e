"""One variable at one point: the quotients, the exact slope, and what is said of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tutor.core.derivatives.sweep import StepSweep, step_sweep
from tutor.core.finite_differences import central_difference, forward_difference
from tutor.core.objectives import Objective
from tutor.engine.numbers import show, signed
from tutor.engine.settings import objective_of
from tutor.i18n import Text, message
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


_LOOKS_ALIKE = 0.01
"""A line whose slope is this near the curve's (relative to 1 or to the slope) looks right."""


def describe(run: SlopeNumbers) -> Text:
    """Return what is to be seen, in one or two sentences."""
    if run.experiment.slope is not None:
        return _about_own_line(run)
    if not run.shows("secant", "quotient"):
        return _about_point(run)
    if run.step_vanishes:
        return _about_vanished_step(run)
    return _about_quotient(run)


def worked_line(run: SlopeNumbers) -> Text:
    """Return the quotient with its numbers; empty where the lesson hides it."""
    setting = run.experiment
    if setting.slope is not None or not run.shows("secant", "quotient"):
        return ""
    low, high = run.ends
    tiny, digits = run.is_tiny, 12 if run.is_tiny else 8
    return message(
        "(f({high}) − f({low})) / {width} = ({f_high} − {f_low}) / {width} = {quotient}",
        high=_tiny_end(run, 1) if tiny else show(high, 6),
        low=_tiny_end(run, 0 if setting.method == "forward" else -1) if tiny else show(low, 6),
        width=show(_nominal_width(run)),
        f_high=show(float(run.objective.value(high)), digits),
        f_low=signed(float(run.objective.value(low)), digits),
        quotient=show(run.quotient, digits),
    )


def _about_point(run: SlopeNumbers) -> Text:
    x, height = show(run.experiment.x), show(run.height)
    if not run.shows("exact"):
        return message("At x = {x} the height is {height}.", x=x, height=height)
    return message("At x = {x} the height is {height} and the slope is {slope}.", x=x,
                   height=height, slope=show(run.exact))  # fmt: skip


def _about_own_line(run: SlopeNumbers) -> Text:
    own, setting = run.experiment.slope or 0.0, run.experiment
    difference = own - run.exact
    if abs(difference) <= _LOOKS_ALIKE * max(1.0, abs(run.exact)):
        return message("Slope {own}: near the point, line and curve look alike.",
                       own=show(own))  # fmt: skip
    if difference < 0:
        return message(
            "Slope {own}: just right of x = {x} the curve runs above your line.",
            own=show(own), x=show(setting.x),
        )  # fmt: skip
    return message(
        "Slope {own}: just right of x = {x} the curve runs below your line.",
        own=show(own), x=show(setting.x),
    )  # fmt: skip


def _about_vanished_step(run: SlopeNumbers) -> Text:
    return message(
        "{x} + {h} is {x} in {precision}: both points are the same, so the quotient is "
        "{quotient}.",
        x=show(run.experiment.x), h=show(run.experiment.h),
        precision=run.experiment.precision, quotient=show(run.quotient),
    )  # fmt: skip


def _about_quotient(run: SlopeNumbers) -> Text:
    words = _about_tiny_step(run) if run.is_tiny else _about_secant(run)
    if not run.shows("exact"):
        return words
    return message(
        "{words} Exact: {exact}, so it is {error} off.",
        words=words, exact=show(run.exact, 6), error=show(abs(run.quotient - run.exact), 2),
    )  # fmt: skip


def _about_secant(run: SlopeNumbers) -> Text:
    low, high = run.ends
    rise = float(run.objective.value(high)) - float(run.objective.value(low))
    return message(
        "From x = {low} to {high} the curve rises {rise}: the secant's slope is {quotient}.",
        low=show(low, 6), high=show(high, 6), rise=show(rise), quotient=show(run.quotient, 6),
    )  # fmt: skip


def _about_tiny_step(run: SlopeNumbers) -> Text:
    if run.experiment.method == "forward":
        words = message("The quotient with h = {h} is {quotient}.",
                        h=show(run.experiment.h), quotient=show(run.quotient, 9))  # fmt: skip
    else:
        words = message("The central quotient with h = {h} is {quotient}.",
                        h=show(run.experiment.h), quotient=show(run.quotient, 9))  # fmt: skip
    return words


def _tiny_end(run: SlopeNumbers, steps: int) -> str:
    x, h = show(run.experiment.x), show(run.experiment.h)
    return x if not steps else f"{x} {'+' if steps > 0 else '−'} {h}"


def _nominal_width(run: SlopeNumbers) -> float:
    return run.experiment.h * (1 if run.experiment.method == "forward" else 2)
