"""What can be turned in the lab: the numbers with their ranges, and which optimizer has which."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from tutor.engine.descent.objectives import window_of
from tutor.engine.descent.rules import rule_at
from tutor.engine.descent.setup import Rule, Setup
from tutor.engine.lab.lab import Lab, rule_step_of
from tutor.engine.lesson.controls import Control
from tutor.errors import TutorError
from tutor.i18n import Text, message

COORDINATES: Final = ("x0", "x1")


class RateControl(Control):
    """η: turned on a logarithmic track; 0 and below can be typed, for what they show."""

    def moved(self, value: float, ticks: int) -> float:
        """Return `value` moved on the track, which a value of 0 or below is left of."""
        return Control.moved(self, value, ticks) if value > 0 else self.low

    def fraction(self, value: float) -> float:
        """Return where `value` stands on the track."""
        return Control.fraction(self, value) if value > 0 else 0.0

    def accept(self, value: float) -> float:
        """Return a typed `value`: any finite number (TutorError for others)."""
        return value if math.isfinite(value) else Control.accept(self, value)


class StartControl(Control):
    """A coordinate of the start: its track spans the chart; beyond it can be typed or clicked."""

    def moved(self, value: float, ticks: int) -> float:
        """Return `value` moved on the track; what lies beyond it is moved where it is."""
        if self.low <= value <= self.high:
            return Control.moved(self, value, ticks)
        return value + ticks * self.tick

    def accept(self, value: float) -> float:
        """Return a typed `value`: any finite number (TutorError for others)."""
        return value if math.isfinite(value) else Control.accept(self, value)


def _control(name: str, label: Text, low: float, high: float, **more: bool | float) -> Control:
    start = float(getattr(Rule(), name, 0.0))
    return Control(name=name, label=label, start=start, low=low, high=high, **more)  # type: ignore[arg-type]  # the keywords that Control has


RULE_CONTROLS: Final[Mapping[str, Control]] = MappingProxyType(
    {
        control.name: control
        for control in (
            RateControl(name="learning_rate", label="η", start=0.1, low=1e-6, high=1e3, log=True),
            _control("momentum", message("momentum"), 0.0, 0.999, step=0.01),
            _control("beta1", "β₁", 0.0, 0.999, step=0.01),
            _control("beta2", "β₂", 0.0, 0.9999, step=0.001),
            _control("alpha", "α", 0.0, 0.999, step=0.01),
            _control("h", "h", 1e-20, 1.0, log=True),
        )
    }
)
STEPS_CONTROL: Final = Control(
    name="steps", label=message("steps"), start=100, low=1, high=1_000_000, log=True, integer=True
)
_OWN: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "momentum": ("momentum",),
        "nesterov": ("momentum",),
        "rmsprop": ("alpha",),
        "adam": ("beta1", "beta2"),
        "adamw": ("beta1", "beta2"),
    }
)


def start_control(index: int, window: tuple[float, float], dimension: int) -> Control:
    """Return the control for a coordinate of the start; it ranges over the chart's window."""
    label = message("start x")
    if dimension > 1:
        label = (message("start x₀"), message("start x₁"))[index]
    low, high = window
    return StartControl(name=COORDINATES[index], label=label, start=low, low=low, high=high)


def is_in_use(name: str, rule: Rule) -> bool:
    """Whether the rule has a place for this number."""
    if name == "h":
        return rule.gradient == "numerical"
    return name == "learning_rate" or name in _OWN.get(rule.optimizer, ())


def turned(lab: Lab, name: str, ticks: int) -> float:
    """Return what a number comes to that is turned so many ticks."""
    setup = lab.setup
    if name == "steps":
        return _moved_steps(setup.steps, ticks)
    if name in COORDINATES[: len(setup.start)]:
        index = COORDINATES.index(name)
        window = window_of(setup)
        return start_control(index, window[index], len(window)).moved(setup.start[index], ticks)
    if name not in RULE_CONTROLS:
        raise TutorError(message("a rule has no “{name}”", name=name))
    value = float(getattr(rule_at(setup, rule_step_of(lab)), name))
    return RULE_CONTROLS[name].moved(value, ticks)


def _moved_steps(value: float, ticks: int) -> int:
    """Return `value` steps moved on the logarithmic track, by one step at least."""
    moved = int(STEPS_CONTROL.moved(value, ticks))
    if moved == int(value):
        moved += 1 if ticks > 0 else -1
    return int(min(STEPS_CONTROL.high, max(STEPS_CONTROL.low, moved)))


def coordinate_moved(setup: Setup, name: str, value: float) -> tuple[float, ...]:
    """Return the setup's start with one coordinate replaced."""
    start = list(setup.start)
    start[COORDINATES.index(name)] = value
    return tuple(start)
