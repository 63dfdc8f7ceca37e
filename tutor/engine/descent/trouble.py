"""What went wrong with a run, why, and what mends it: overflow, freeze, divergence, ping-pong.

Some runs leave the ground where f is defined. That is not overflow: there numbers are too large for
floats, here f has no number at all.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from tutor.core.arrays import Floats
from tutor.engine.descent.ground import ground_at
from tutor.engine.descent.rules import largest_safe_rate
from tutor.engine.descent.run import Run, walked
from tutor.engine.numbers import show, show_point
from tutor.i18n import Message, message

PRESS = "Press h to halve η from step {k}."
"""The template of the advice that names a key."""
AND_WHY = "{words} {why}"
"""The template of a sentence on a divergence with its reason."""
_NEAR_BY = 1e50
"""A point or value nearer to 0 than this is no sign that floats end."""
_HALVINGS, _TRIED_STEPS = 3, 50
"""So often is η halved, and so many steps are tried with it, before halving counts as no help."""


class Trouble(NamedTuple):
    """What is wrong, and why."""

    words: Message
    mend: Message | None = None
    """What to press in the lab."""


def trouble(run: Run, k: int) -> Trouble | None:
    """Return what is wrong at point k; None if nothing is."""
    lost = lost_ground(run)
    if lost is not None:
        return _about_lost_ground(run, lost) if k >= lost else _about_wrong_eta(run, k)
    if not _is_finite(run, k):
        return _about_overflow(run, k)
    since = run.since if run.since is not None else run.steps_done + 1
    if run.status == "frozen" and k >= since and run.rule(k).learning_rate != 0:
        return _about_freeze(run, k)
    if run.status == "oscillating" and k >= since:
        return Trouble(_about_ping_pong(run, k), _halve(run, k))
    grows = run.status in {"diverged", "nonfinite", "frozen"} and since > k >= _onset(run)
    if grows or (run.status == "diverged" and k >= since):
        return _about_divergence(run, k)
    return _about_wrong_eta(run, k)


def _about_wrong_eta(run: Run, k: int) -> Trouble | None:
    """Return what an η that cannot go downhill does; None for one above 0."""
    rate, loss = run.rule(k).learning_rate, show(float(run.values[k]))
    if rate > 0:
        return None
    if rate == 0:
        return Trouble(message("Step {k}: f = {loss}. η is 0, so no step moves. Take η above 0 to "
                               "go downhill.", k=k, loss=loss))  # fmt: skip
    return Trouble(message("Step {k}: f = {loss}. η is below 0, so every step goes uphill. Take η "
                           "above 0 to go downhill.", k=k, loss=loss))  # fmt: skip


def halving_step(run: Run, step: int | None = None) -> int:
    """Return the step from which halving η is worth trying, for who looks at `step`.

    It is the step looked at; at the end of the run, or where no numbers are left, the step at
    which f first rose.
    """
    k = run.at(step)
    if k < run.steps_done and _is_finite(run, k):
        return k
    with np.errstate(all="ignore"):
        rises = np.flatnonzero(~(np.diff(run.values) <= 0))
    return int(rises[0]) if rises.size else 0


def _halve(run: Run, k: int) -> Message:
    step = halving_step(run, k)
    if run.rule(step).learning_rate <= 0:
        return message("Take η above 0 to go downhill.")
    return message(PRESS, k=step)


def _is_finite(run: Run, k: int) -> bool:
    row = (*run.points[k], run.values[k], *run.gradients[k])
    return bool(np.isfinite(row).all())


def _onset(run: Run) -> int:
    """Return the step from which on f rose at every step, as long as it was a number and moved."""
    last = _first_beyond(run.values)
    if run.status == "frozen" and run.since is not None:
        last = run.since
    with np.errstate(all="ignore"):
        falls = np.flatnonzero(~(np.diff(run.values[:last]) > 0))
    return int(falls[-1]) + 1 if falls.size else 0


def _first_beyond(rows: Floats) -> int:
    """Return the first of the rows that is not finite; how many there are if none is."""
    finite = np.isfinite(rows).reshape(len(rows), -1).all(axis=1)
    return len(rows) if finite.all() else int(finite.argmin())


def _falls_for_ever(run: Run) -> bool:
    """Whether the run flies away downhill: the last number that f still had is the lowest."""
    finite = run.values[np.isfinite(run.values)]
    return bool(finite.size > 1 and finite[-1] == finite.min() and finite[-1] < finite[0])


def _about_overflow(run: Run, k: int) -> Trouble:
    """Return what has outgrown floats and since when: f mostly long before the point."""
    first, what = min(
        (_first_beyond(run.values), message("f")),
        (_first_beyond(run.gradients), message("the gradient")),
        key=lambda each: each[0],
    )
    if _falls_for_ever(run):
        return Trouble(message(
            "From step {k} on {what} is beyond what a float can hold (1.8e308): f falls without "
            "end there, and no η finds a bottom.", k=first, what=what,
        ))  # fmt: skip
    gone = _first_beyond(run.points)
    if first < gone < len(run.points):
        words = message(
            "From step {k} on {what} is beyond what a float can hold (1.8e308), from step {gone} "
            "on the point itself is. The steps were too large.", k=first, what=what, gone=gone,
        )  # fmt: skip
    else:
        words = message("From step {k} on {what} is beyond what a float can hold (1.8e308). The "
                        "steps were too large.", k=first, what=what)  # fmt: skip
    return Trouble(words, _halve(run, k))


def _about_freeze(run: Run, k: int) -> Trouble:
    rule, x = run.rule(k), run.points[k].tolist()
    largest = max(x, key=abs)
    if rule.gradient == "numerical" and not run.gradients[k].any():
        return Trouble(message(
            "Frozen since step {since}: {x} + {h} == {x} in floats, so the numerical gradient is "
            "exactly 0. That is rounding, not a minimum: the true slope is {slope}.",
            since=run.since, x=show(largest), h=show(rule.h),
            slope=show(ground_at(run.setup, x).slope),
        ))  # fmt: skip
    return Trouble(message(
        "Frozen since step {since}: the step is so small beside x that x − η∇f == x in floats. "
        "The slope is still {slope}; a larger η would move again.",
        since=run.since, slope=show(float(run.slopes[k])),
    ))  # fmt: skip


def _about_ping_pong(run: Run, k: int) -> Message:
    other = k - 1 if k > 0 else 1
    here, there = show_point(run.points[k]), show_point(run.points[other])
    if len(run.points) < 3 or show_point(run.points[-3]) != show_point(run.points[-1]):
        return message("It goes round and round: at step {k} it is at {here} again.",
                       k=k, here=here)  # fmt: skip
    loss, before = show(float(run.values[k])), show(float(run.values[other]))
    if before == loss:
        return message("Ping-pong: it jumps to and fro between {here} and {there} and f stays "
                       "{loss}.", here=here, there=there, loss=loss)  # fmt: skip
    return message("Ping-pong: it jumps to and fro between {here} and {there}, and f between "
                   "{loss} and {before}.", here=here, there=there, loss=loss,
                   before=before)  # fmt: skip


def _about_divergence(run: Run, k: int) -> Trouble:
    loss = show(float(run.values[k]))
    if _falls_for_ever(run):
        return Trouble(message(
            "Step {k}: f = {loss} falls without end: there is no bottom on this side, and no η "
            "that finds one.", k=k, loss=loss,
        ))  # fmt: skip
    words = message("It diverges: at step {k} f is {loss} and grows.", k=k, loss=loss)
    why = _why(run, k)
    return Trouble(message(AND_WHY, words=words, why=why) if why else words, _halve(run, k))


def _why(run: Run, k: int) -> Message | None:
    """Return why a run diverges: the factor |1 − ηλ| and the largest safe η, where η is above it.

    Both are of the step with which it began: farther out is other ground.
    """
    if run.rates[min(k, len(run.rates) - 1)] < 0:
        return message("η is below 0, so every step goes uphill.")
    k = min(_onset(run), len(run.rates) - 1)
    rule, rate = run.rule(k), float(run.rates[k])
    steepest = ground_at(run.setup, run.points[k].tolist()).steepest
    limit = largest_safe_rate(rule, steepest)
    if limit is None or not math.isfinite(steepest) or rate <= limit:
        return None
    shown = {"curvature": show(steepest, 3), "limit": show(limit, 3)}
    if rule.optimizer != "gradient-descent":
        return message("With μ = {mu} and the steepest curvature λ = {curvature}, η below {limit} "
                       "is safe.", mu=show(rule.momentum), **shown)  # fmt: skip
    return message(
        "A step multiplies the distance by up to |1 − ηλ| = |1 − {rate}·{curvature}| = {factor}; "
        "the largest safe η is 2/λ = {limit}.",
        rate=show(rate), factor=show(abs(1 - rate * steepest), 3), **shown,
    )  # fmt: skip


# Lost ground


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


def _about_lost_ground(run: Run, lost: int) -> Trouble:
    """Return where the run left the ground, and what mends that: the same from there on."""
    where = show_point(run.points[lost])
    if lost == 0:
        return Trouble(message("At the start {where} the gradient is undefined: {gradient}. No "
                               "step leads on from there: move the start.",
                               where=where, gradient=show_point(run.gradients[0])))  # fmt: skip
    what = message("f") if np.isnan(run.values[lost]) else message("the gradient")
    words = message("At step {k} the run left the ground where f is defined: at {where} {what} has "
                    "no value, and no step after it means anything.",
                    k=lost, where=where, what=what)  # fmt: skip
    if halving_keeps_ground(run, lost - 1):
        return Trouble(words, message(PRESS, k=lost - 1))
    return Trouble(words, message("Halving η there does not help."))


def halving_keeps_ground(run: Run, step: int) -> bool:
    """Return whether some steps from point `step`, at an η halved up to thrice, stay on ground."""
    start, rule = tuple(run.points[step].tolist()), run.rule(step)
    for times in range(1, _HALVINGS + 1):
        rate = float(run.rates[step]) / 2**times
        tried = replace(run.setup, start=start, steps=_TRIED_STEPS, branches=(),
                        rule=replace(rule, learning_rate=rate, schedule="constant"))  # fmt: skip
        made = walked(tried)
        if np.isfinite(made.values).all() and np.isfinite(made.gradients).all():
            return True
    return False


def _is_small(numbers: Floats | np.float64) -> bool:
    return bool((np.abs(numbers) < _NEAR_BY).all())
