"""What is to be seen in a descent, in words: progress, ping-pong, divergence, freeze."""

from __future__ import annotations

import math

import numpy as np

from tutor.charts.chart import Floats
from tutor.core.descent import Trajectory
from tutor.core.objectives import Objective
from tutor.engine.numbers import show, show_point
from tutor.i18n import Text, message
from tutor.lesson.model import DescentExperiment

_FLAT, _FAR = 1e-3, 0.1
_CRAWL = 0.999
"""A distance kept at more than this part over the whole run: hardly a move."""


def describe(
    experiment: DescentExperiment, objective: Objective, trajectory: Trajectory, distances: Floats
) -> Text:
    """Return one or two sentences on how the run went, and why."""
    match trajectory.status:
        case "diverged":
            return _about_divergence(experiment, objective, trajectory)
        case "nonfinite":
            return _about_overflow(trajectory)
        case "frozen" if experiment.gradient == "numerical":
            return message(
                "Frozen from step {k} on: x + h == x here, so the numerical gradient is exactly 0. "
                "That is rounding, not a minimum.",
                k=trajectory.since,
            )
        case "oscillating":
            return _about_ping_pong(trajectory)
        case _:
            return _about_progress(trajectory, distances)


def _about_divergence(
    experiment: DescentExperiment, objective: Objective, trajectory: Trajectory
) -> Text:
    words = message("It diverges: after {k} steps f = {loss}.", k=len(trajectory.values) - 1,
                    loss=show(float(trajectory.values[-1]), 3))  # fmt: skip
    curvature = steepest_curvature(objective, np.atleast_1d(trajectory.points[0]))
    if not curvature > 0:
        return words
    return message(
        "{words} A step stretches by |1 − ηλ| = {factor} (λ = {curvature}, the steepest "
        "curvature); η below {limit} is safe.",
        words=words,
        factor=show(abs(1 - experiment.learning_rate * curvature), 3),
        curvature=show(curvature, 3),
        limit=show(2 / curvature, 3),
    )


def _about_overflow(trajectory: Trajectory) -> Text:
    return message(
        "At step {k} the numbers outgrow what a float can hold (1.8e308): from there on "
        "all is ∞ or not a number. The steps were too large.",
        k=trajectory.since,
    )


def _about_ping_pong(trajectory: Trajectory) -> Text:
    return message(
        "Ping-pong: it jumps to and fro between {here} and {there} and f stays {loss}.",
        here=show_point(np.atleast_1d(trajectory.points[-1])),
        there=show_point(np.atleast_1d(trajectory.points[-2])),
        loss=show(float(trajectory.values[-1])),
    )


def _about_progress(trajectory: Trajectory, distances: Floats) -> Text:
    k, loss = len(trajectory.values) - 1, show(float(trajectory.values[-1]))
    at = show_point(np.atleast_1d(trajectory.points[-1]))
    if not math.isfinite(distances[-1]):
        return message("Step {k}: {at}, f = {loss}.", k=k, at=at, loss=loss)
    if distances[-1] > _CRAWL * distances[0] > 0:
        return message(
            "After {k} steps it has moved {moved} in all and is still {distance} from the minimum.",
            k=k, moved=show(float(distances[0] - distances[-1]), 2),
            distance=show(float(distances[-1])),
        )  # fmt: skip
    if _rests_elsewhere(trajectory, distances):
        return message(
            "Step {k}: {at}, f = {loss}. The ground is flat here, but the deepest point is "
            "{distance} away: this is another valley, or a plateau.",
            k=k, at=at, loss=loss, distance=show(float(distances[-1]), 3),
        )  # fmt: skip
    words = message("Step {k}: {at}, f = {loss}, {distance} from the minimum.", k=k, at=at,
                    loss=loss, distance=show(float(distances[-1]), 3))  # fmt: skip
    if not distances[-2] > 0:
        return words
    return message("{words} The last step left {factor} of the distance.", words=words,
                   factor=show(float(distances[-1] / distances[-2]), 3))  # fmt: skip


def _rests_elsewhere(trajectory: Trajectory, distances: Floats) -> bool:
    """Whether the gradient has all but vanished far from every minimizer."""
    slope = float(np.linalg.norm(np.atleast_1d(trajectory.gradients[-1])))
    return slope < _FLAT and distances[-1] > _FAR


def steepest_curvature(objective: Objective, x: Floats) -> float:
    """Return the largest eigenvalue of the Hessian at x, shape (n,); nan where there is none."""
    hessian = np.atleast_2d(np.asarray(objective.hessian(x if x.size > 1 else x[0]), dtype=float))
    if not np.isfinite(hessian).all():
        return math.nan
    return float(np.linalg.eigvalsh(hessian)[-1])
