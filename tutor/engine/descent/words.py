"""What is to be seen at a step of a run, and why, in words with this run's numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from tutor.engine.descent.check import undefined_part
from tutor.engine.descent.ground import ground_at
from tutor.engine.descent.ground_words import about_ground
from tutor.engine.descent.lost_ground import PRESS
from tutor.engine.descent.objectives import USUAL_RATE, objective_of, rate_for
from tutor.engine.descent.run import Run
from tutor.engine.descent.setup import Setup
from tutor.engine.descent.trouble import halving_step, trouble
from tutor.engine.descent.update_line import update_line
from tutor.engine.numbers import show, show_point
from tutor.i18n import Message, Text, message

__all__ = ["about_own_rate", "describe", "halving_step", "read_off", "update_line", "without_keys"]


def describe(run: Run, step: int | None = None) -> Message:
    """Return one to three sentences on the run at this step (None: the last), and why.

    Recognised, the first that holds: numbers beyond floats, a float freeze, ping-pong, divergence
    (with the factor |1 − ηλ|, the largest safe η and what to press), saddle, plateau, the top of
    a hill, another valley than the deepest; else how each coordinate comes nearer.
    """
    k = run.at(step)
    with np.errstate(all="ignore"):
        ground = ground_at(run.setup, run.points[k].tolist())
        words = trouble(run, k) or about_ground(run, k, ground)
    if k > 0:
        return words
    if own_rate := about_own_rate(run.setup):
        words = message("{words} {own_rate}", words=words, own_rate=own_rate)
    undefined = undefined_part(run.setup)
    if not undefined:
        return words
    return message("{words} On {part:.0%} of the window f is undefined, and the chart is empty.",
                   words=words, part=max(undefined, 0.01))  # fmt: skip


def without_keys(words: Message) -> Message:
    """Return the same words for who has no program before them: no key is named."""
    template = "Halve η from step {k}." if words.template == PRESS else words.template
    arguments = {
        name: without_keys(part) if isinstance(part, Message) else part
        for name, part in words.arguments.items()
    }
    return message(template, **arguments)


def about_own_rate(setup: Setup) -> Text:
    """Return that η is the one that suits this objective, where the usual one does not."""
    rate = rate_for(setup)
    if rate == USUAL_RATE or setup.rule.learning_rate != rate:
        return ""
    return message("η is {rate} here: {usual} is too large for this ground.",
                   rate=show(rate), usual=show(USUAL_RATE))  # fmt: skip


def read_off(setup: Setup, cursor: Sequence[float]) -> Message:
    """Return f and its gradient under the cursor."""
    expression = objective_of(setup).expression
    point = [float(x) for x in cursor]
    value, gradient = expression.value(*point), expression.gradient(*point)
    if math.isnan(value):
        return message("{point}: f is undefined here", point=show_point(point))
    return message("{point}: f = {value}, ∇f = {gradient}", point=show_point(point),
                   value=show(value), gradient=show_point(gradient))  # fmt: skip
