"""What is to be seen in a descent, in words: progress, ping-pong, divergence, freeze, who won."""

from __future__ import annotations

import math

import numpy as np

from tutor.charts.chart import Floats
from tutor.core.objectives import Objective
from tutor.engine.descent.methods import largest_safe_rate
from tutor.engine.descent.numbers import NEAR, DescentNumbers
from tutor.engine.numbers import show, show_point
from tutor.i18n import Text, message

_FLAT, _FAR = 1e-3, 0.1
_CRAWL = 0.999
"""A distance kept at more than this part over the whole run: hardly a move."""
_LOST = ("diverged", "nonfinite")


def describe(run: DescentNumbers) -> Text:
    """Return one or two sentences on how the run went, and why."""
    match run.trajectory.status:
        case "diverged":
            return _about_divergence(run)
        case "nonfinite":
            return _about_lost_numbers(run)
        case "frozen" if run.experiment.gradient == "numerical":
            return message(
                "Frozen from step {k} on: x + h == x here, so the numerical gradient is exactly 0. "
                "That is rounding, not a minimum.",
                k=run.trajectory.since,
            )
        case "oscillating":
            return _about_ping_pong(run)
        case _:
            return _about_progress(run)


def compare(run: DescentNumbers) -> Text:
    """Return where each of the runs ended, and which was first at the minimum or lowest."""
    runs = (run, *run.rivals)
    ends = _end_of(run)
    for rival in run.rivals:
        ends = message("{ends}, {end}", ends=ends, end=_end_of(rival))
    words = message("f after {k} steps: {ends}.", k=run.experiment.steps, ends=ends)
    first = _only_least(runs, [each.first_near for each in runs])
    if first is not None:
        return message(
            "{words} First within {near} of the minimum: {name}, at step {k}.",
            words=words, near=show(NEAR), name=first.name, k=int(first.first_near),
        )  # fmt: skip
    lowest = _only_least(runs, [_final_loss(each) for each in runs])
    if lowest is None:
        return words
    return message("{words} Lowest: {name}.", words=words, name=lowest.name)


def _end_of(run: DescentNumbers) -> Text:
    loss, name = show(float(run.trajectory.values[-1]), 3), run.name
    match run.trajectory.status:
        case "diverged":
            return message("{name} {loss} (diverges)", name=name, loss=loss)
        case "nonfinite":
            return message("{name} beyond all numbers from step {k} on", name=name,
                           k=run.trajectory.since)  # fmt: skip
        case "oscillating":
            return message("{name} {loss} (to and fro)", name=name, loss=loss)
        case _:
            return message("{name} {loss}", name=name, loss=loss)


def _final_loss(run: DescentNumbers) -> float:
    return math.inf if run.trajectory.status in _LOST else float(run.trajectory.values[-1])


def _only_least(runs: tuple[DescentNumbers, ...], values: list[float]) -> DescentNumbers | None:
    """Return the run with the least finite value; None where there is none, or more than one."""
    least = min(values)
    if not math.isfinite(least) or values.count(least) > 1:
        return None
    return runs[values.index(least)]


def _about_divergence(run: DescentNumbers) -> Text:
    k, values = run.experiment.steps, run.trajectory.values
    loss = show(float(values[-1]), 3)
    if values[-1] < values[0]:
        return message("Step {k}: f = {loss} falls without end: there is no bottom on this side.",
                       k=k, loss=loss)  # fmt: skip
    words = message("It diverges: after {k} steps f = {loss}.", k=k, loss=loss)
    curvature = steepest_curvature(run.objective, run.points[0])
    limit = largest_safe_rate(run.experiment, curvature)
    rate = run.experiment.learning_rate
    if limit is None or rate <= limit:
        return words
    shown = {"curvature": show(curvature, 3), "limit": show(limit, 3)}
    if run.experiment.optimizer != "gradient-descent":
        return message(
            "{words} With μ = {mu} and the steepest curvature λ = {curvature}, η below {limit} "
            "is safe.",
            words=words, mu=show(run.experiment.momentum), **shown,
        )  # fmt: skip
    if run.experiment.schedule != "constant":
        return message(
            "{words} η begins at {rate}; for the steepest curvature, λ = {curvature}, it is safe "
            "below {limit}.",
            words=words, rate=show(rate), **shown,
        )  # fmt: skip
    return message(
        "{words} A step stretches by |1 − ηλ| = {factor} (λ = {curvature}, the steepest "
        "curvature); η below {limit} is safe.",
        words=words, factor=show(abs(1 - rate * curvature), 3), **shown,
    )  # fmt: skip


def _about_lost_numbers(run: DescentNumbers) -> Text:
    k = run.trajectory.since or 0
    point = run.points[k]
    if math.isnan(run.trajectory.values[k]) and np.isfinite(point).all():
        return message(
            "At step {k} it lands on {point}, where f is undefined: there is no slope to follow.",
            k=k, point=show_point(point.tolist()),
        )  # fmt: skip
    return message(
        "At step {k} the numbers outgrow what a float can hold (1.8e308): from there on "
        "all is ∞ or not a number. The steps were too large.",
        k=k,
    )


def _about_ping_pong(run: DescentNumbers) -> Text:
    points, loss = run.points, show(float(run.trajectory.values[-1]))
    here, there = show_point(points[-1].tolist()), show_point(points[-2].tolist())
    before = show(float(run.trajectory.values[-2]))
    if len(points) < 3 or show_point(points[-3].tolist()) != here:
        return message("It goes round and round: after {k} steps it is at {here} again.",
                       k=run.experiment.steps, here=here)  # fmt: skip
    if before == loss:
        return message("Ping-pong: it jumps to and fro between {here} and {there} and f stays "
                       "{loss}.", here=here, there=there, loss=loss)  # fmt: skip
    return message("Ping-pong: it jumps to and fro between {here} and {there}, and f between "
                   "{loss} and {before}.", here=here, there=there, loss=loss,
                   before=before)  # fmt: skip


def _about_progress(run: DescentNumbers) -> Text:
    k, loss = run.experiment.steps, show(float(run.trajectory.values[-1]))
    at = show_point(run.points[-1].tolist())
    first, before, last = (float(run.distances[each]) for each in (0, -2, -1))
    if not math.isfinite(last):
        return message("Step {k}: {at}, f = {loss}.", k=k, at=at, loss=loss)
    if first >= last > _CRAWL * first:
        return message(
            "After {k} steps it has moved {moved} in all and is still {distance} from the minimum.",
            k=k, moved=show(first - last, 2), distance=show(last),
        )  # fmt: skip
    if _rests_elsewhere(run):
        return message(
            "Step {k}: {at}, f = {loss}. The ground is flat here, but the deepest point is "
            "{distance} away: this is another valley, or a plateau.",
            k=k, at=at, loss=loss, distance=show(last, 3),
        )  # fmt: skip
    words = message("Step {k}: {at}, f = {loss}, {distance} from the minimum.", k=k, at=at,
                    loss=loss, distance=show(last, 3))  # fmt: skip
    if not before > 0:
        return words
    if last > before:
        return message("{words} The last step led away from it: {factor} of the distance before.",
                       words=words, factor=show(last / before, 3))  # fmt: skip
    return message("{words} The last step left {factor} of the distance.", words=words,
                   factor=show(last / before, 3))  # fmt: skip


def _rests_elsewhere(run: DescentNumbers) -> bool:
    """Whether the gradient has all but vanished far from every minimizer."""
    return bool(run.slopes[-1] < _FLAT and run.distances[-1] > _FAR)


def steepest_curvature(objective: Objective, x: Floats) -> float:
    """Return the largest eigenvalue of the Hessian at x, shape (n,); nan where there is none."""
    hessian = np.atleast_2d(np.asarray(objective.hessian(x if x.size > 1 else x[0]), dtype=float))
    if not np.isfinite(hessian).all():
        return math.nan
    return float(np.linalg.eigvalsh(hessian)[-1])
