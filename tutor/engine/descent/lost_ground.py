"""Runs that leave the ground where f is defined: when, and whether a smaller η keeps them on it.

That is not overflow: there numbers are too large for floats, here f has no number at all.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tutor.core.arrays import Floats
from tutor.engine.descent.objectives import objective_of
from tutor.engine.descent.run import Run
from tutor.engine.descent.setup import Setup
from tutor.engine.descent.walk import walk
from tutor.engine.numbers import show_point
from tutor.i18n import Message, message

PRESS = "Press h to halve η from step {k}."
"""The template of the advice that names a key."""
_NEAR_BY = 1e50
"""A point or value nearer to 0 than this is no sign that floats end."""
_HALVINGS, _TRIED_STEPS = 3, 50
"""So often is η halved, and so many steps are tried with it, before halving counts as no help."""


def lost_ground(run: Run) -> int | None:
    """Return the first step at which f or its gradient is undefined; None if none is.

    None too for a run that overflowed before.
    """
    if run.status != "nonfinite" or run.since is None:
        return None
    point, value, gradient = (part[run.since] for part in (run.points, run.values, run.gradients))
    if not _is_small(point) or np.isinf(value):
        return None
    is_undefined = np.isnan(value) or (_is_small(value) and not np.isfinite(gradient).all())
    return run.since if is_undefined else None


def about_lost_ground(run: Run, lost: int) -> Message:
    """Return where the run left the ground, and what mends that: the same from there on."""
    where = show_point(run.points[lost])
    if lost == 0:
        return message("At the start {where} the gradient is undefined: {gradient}. No step leads "
                       "on from there: move the start.",
                       where=where, gradient=show_point(run.gradients[0]))  # fmt: skip
    what = message("f") if np.isnan(run.values[lost]) else message("the gradient")
    words = message("At step {k} the run left the ground where f is defined: at {where} {what} has "
                    "no value, and no step after it means anything.",
                    k=lost, where=where, what=what)  # fmt: skip
    if halving_keeps_ground(run, lost - 1):
        return message("{words} {advice}", words=words, advice=message(PRESS, k=lost - 1))
    return message("{words} Halving η there does not help.", words=words)


def halving_keeps_ground(run: Run, step: int) -> bool:
    """Return whether some steps from point `step`, at an η halved up to thrice, stay on ground."""
    objective, rule = objective_of(run.setup), run.rule(step)
    for times in range(1, _HALVINGS + 1):
        rate = float(run.rates[step]) / 2**times
        tried = Setup(
            objective=run.setup.objective,
            formula=run.setup.formula,
            start=tuple(run.points[step].tolist()),
            rule=replace(rule, learning_rate=rate, schedule="constant"),
            steps=_TRIED_STEPS,
        )
        pieces = walk(tried, objective)
        if all(np.isfinite(p.values).all() and np.isfinite(p.gradients).all() for p in pieces):
            return True
    return False


def _is_small(numbers: Floats | np.float64) -> bool:
    return bool((np.abs(numbers) < _NEAR_BY).all())
