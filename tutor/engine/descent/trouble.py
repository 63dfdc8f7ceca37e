"""What went wrong with a run, why, and what mends it: overflow, freeze, divergence, ping-pong."""

from __future__ import annotations

import math

import numpy as np

from tutor.engine.descent.ground import Ground, ground_at
from tutor.engine.descent.lost_ground import PRESS, about_lost_ground, lost_ground
from tutor.engine.descent.methods import largest_safe_rate
from tutor.engine.descent.run import Run
from tutor.engine.numbers import show, show_point
from tutor.i18n import Message, message


def trouble(run: Run, k: int) -> Message | None:
    """Return what is wrong at point k; None if nothing is."""
    lost = lost_ground(run)
    if lost is not None:
        return about_lost_ground(run, lost) if k >= lost else _about_wrong_eta(run, k)
    if not _is_finite(run, k):
        return _about_overflow(run, k)
    since = run.since if run.since is not None else run.steps_done + 1
    if run.status == "frozen" and k >= since and run.rule(k).learning_rate != 0:
        return _about_freeze(run, k)
    if run.status == "oscillating" and k >= since:
        return _about_ping_pong(run, k)
    grows = run.status in {"diverged", "nonfinite", "frozen"} and since > k >= _onset(run)
    if grows or (run.status == "diverged" and k >= since):
        return _about_divergence(run, k)
    return _about_wrong_eta(run, k)


def _about_wrong_eta(run: Run, k: int) -> Message | None:
    """Return what an η that cannot go downhill does; None for one above 0."""
    rate, loss = run.rule(k).learning_rate, show(float(run.values[k]))
    if rate > 0:
        return None
    if rate == 0:
        return message("Step {k}: f = {loss}. η is 0, so no step moves. Take η above 0 to go "
                       "downhill.", k=k, loss=loss)  # fmt: skip
    return message("Step {k}: f = {loss}. η is below 0, so every step goes uphill. Take η above 0 "
                   "to go downhill.", k=k, loss=loss)  # fmt: skip


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


def _is_finite(run: Run, k: int) -> bool:
    row = (*run.points[k], run.values[k], *run.gradients[k])
    return bool(np.isfinite(row).all())


def _onset(run: Run) -> int:
    """Return the step from which on f rose at every step, as long as it was a number and moved."""
    finite = np.isfinite(run.values)
    last = int(finite.argmin()) if not finite.all() else len(finite)
    if run.status == "frozen" and run.since is not None:
        last = run.since
    with np.errstate(all="ignore"):
        falls = np.flatnonzero(~(np.diff(run.values[:last]) > 0))
    return int(falls[-1]) + 1 if falls.size else 0


def _falls_for_ever(run: Run) -> bool:
    """Whether the run flies away downhill: the last number that f still had is the lowest."""
    finite = run.values[np.isfinite(run.values)]
    return bool(finite.size > 1 and finite[-1] == finite.min() and finite[-1] < finite[0])


def _advice(run: Run, k: int) -> Message:
    step = halving_step(run, k)
    if run.rule(step).learning_rate <= 0:
        return message("Take η above 0 to go downhill.")
    return message(PRESS, k=step)


def _about_overflow(run: Run, k: int) -> Message:
    finite = np.isfinite(run.points).all(axis=1) & np.isfinite(run.values)
    first = int(finite.argmin()) if not finite.all() else k
    if _falls_for_ever(run):
        return message(
            "From step {k} on the numbers are beyond what a float can hold (1.8e308): f falls "
            "without end there, and no η finds a bottom.", k=first,
        )  # fmt: skip
    return message(
        "From step {k} on the numbers are beyond what a float can hold (1.8e308): ∞, or not a "
        "number. The steps were too large. {advice}", k=first, advice=_advice(run, k),
    )  # fmt: skip


def _about_freeze(run: Run, k: int) -> Message:
    rule, x = run.rule(k), run.points[k].tolist()
    largest = max(x, key=abs)
    if rule.gradient == "numerical" and not run.gradients[k].any():
        return message(
            "Frozen since step {since}: {x} + {h} == {x} in floats, so the numerical gradient is "
            "exactly 0. That is rounding, not a minimum: the true slope is {slope}.",
            since=run.since, x=show(largest), h=show(rule.h),
            slope=show(ground_at(run.setup, x).slope),
        )  # fmt: skip
    return message(
        "Frozen since step {since}: the step is so small beside x that x − η∇f == x in floats. "
        "The slope is still {slope}; a larger η would move again.",
        since=run.since, slope=show(float(run.slopes[k])),
    )  # fmt: skip


def _about_ping_pong(run: Run, k: int) -> Message:
    other = k - 1 if k > 0 else 1
    return message(
        "Ping-pong: it jumps to and fro between {here} and {there}, and f is {loss} here, {other} "
        "there. {advice}",
        here=show_point(run.points[k]), there=show_point(run.points[other]),
        loss=show(float(run.values[k])), other=show(float(run.values[other])),
        advice=_advice(run, k),
    )  # fmt: skip


def _about_divergence(run: Run, k: int) -> Message:
    loss = show(float(run.values[k]))
    if _falls_for_ever(run):
        return message(
            "Step {k}: f = {loss} falls without end: there is no bottom on this side, and no η "
            "that finds one.", k=k, loss=loss,
        )  # fmt: skip
    words = message("It diverges: at step {k} f is {loss} and grows.", k=k, loss=loss)
    if run.rates[min(k, len(run.rates) - 1)] < 0:
        return message("{words} η is below 0, so every step goes uphill. {advice}", words=words,
                       advice=_advice(run, k))  # fmt: skip
    why = _why(run, k, ground_at(run.setup, run.points[k].tolist()))
    if why is None:
        return message("{words} {advice}", words=words, advice=_advice(run, k))
    return message("{words} {why} {advice}", words=words, why=why, advice=_advice(run, k))


def _why(run: Run, k: int, ground: Ground) -> Message | None:
    """Return the factor |1 − ηλ| and the largest safe η, where η is above it."""
    rule, rate = run.rule(k), float(run.rates[min(k, len(run.rates) - 1)])
    limit = largest_safe_rate(rule, ground.steepest)
    if limit is None or not math.isfinite(ground.steepest) or rate <= limit:
        return None
    curvature = show(ground.steepest, 3)
    if rule.optimizer != "gradient-descent":
        return message(
            "The curvature here is λ = {curvature}; for it η = {rate} is above the largest safe η "
            "of {optimizer}, {limit}.",
            curvature=curvature, rate=show(rate), optimizer=rule.optimizer, limit=show(limit),
        )  # fmt: skip
    return message(
        "A step multiplies the distance by up to |1 − ηλ| = |1 − {rate}·{curvature}| = {factor}; "
        "the largest safe η is 2/λ = {limit}.",
        rate=show(rate), curvature=curvature, factor=show(abs(1 - rate * ground.steepest)),
        limit=show(limit),
    )  # fmt: skip
