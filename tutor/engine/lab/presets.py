"""Failures to learn from: settings in which descent goes wrong in one clear way."""

from __future__ import annotations

from dataclasses import dataclass

from tutor.engine.descent.setup import Rule, Setup
from tutor.errors import TutorError
from tutor.i18n import Message, message


@dataclass(frozen=True, slots=True)
class Preset:
    """A setting with a name and a sentence on what is to be seen."""

    name: str
    title: Message
    sentence: Message
    setup: Setup


PRESETS: tuple[Preset, ...] = (
    Preset(
        "overshoot",
        message("Overshoot"),
        message("η = 1.05 jumps past the minimum and lands farther away, each time. Which η is the "
                "largest that still comes home?"),
        Setup(start=(-1.5, 2.0), rule=Rule(learning_rate=1.05), steps=20),
    ),
    Preset(
        "glacial",
        message("Glacial"),
        message("η = 1e-4 is safe and useless: a hundred steps hardly move. How much larger may η "
                "be?"),
        Setup(rule=Rule(learning_rate=1e-4), steps=100),
    ),
    Preset(
        "ping-pong",
        message("Ping-pong"),
        message("η = 1 jumps to the mirror point and back, for ever: f never changes. Halve η at "
                "any step and see."),
        Setup(rule=Rule(learning_rate=1.0), steps=40),
    ),
    Preset(
        "trapped",
        message("Trapped"),
        message("The slope is 0 and the run rests, but the deeper valley lies behind the hill. "
                "Which start, or which optimizer, gets there?"),
        Setup(objective="double-well", start=(1.6,), rule=Rule(learning_rate=0.02), steps=80),
    ),
    Preset(
        "cliff",
        message("Cliff"),
        message("An η that suits the valley's floor meets the valley's wall: one steep gradient "
                "throws the point out of the world."),
        Setup(objective="rosenbrock", start=(-2.0, 2.0), rule=Rule(learning_rate=0.002), steps=50),
    ),
    Preset(
        "saddle-escape",
        message("Saddle escape"),
        message("It seems to arrive, f stands still for dozens of steps, and then it leaves: a "
                "saddle is flat, but no minimum."),
        Setup(
            objective="",
            formula="x0**2 + x1**4/4 - x1**2/2",
            start=(2.0, 0.001),
            rule=Rule(learning_rate=0.1),
            steps=150,
            window=(-3.0, 3.0, -2.0, 2.0),
        ),
    ),
    Preset(
        "freeze",
        message("Freeze"),
        message("η = 10 with the numerical gradient: far out x + h == x, so the gradient is "
                "exactly 0 and the run stands still, far from any minimum."),
        Setup(rule=Rule(learning_rate=10.0, gradient="numerical", h=1e-4), steps=100),
    ),
)  # fmt: skip
"""In the order of a first tour."""


def preset(name: str) -> Preset:
    """Return the preset of this name.

    Raises:
        TutorError: for an unknown name; it lists the known ones.
    """
    for each in PRESETS:
        if each.name == name:
            return each
    known = ", ".join(each.name for each in PRESETS)
    raise TutorError(message("“{value}” is unknown; there are {known}", value=name, known=known))
