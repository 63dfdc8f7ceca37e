"""Where a run stands and how it gets on, in words: valley, saddle, plateau, each coordinate."""

from __future__ import annotations

import math

import numpy as np

from tutor.engine.descent.ground import Ground
from tutor.engine.descent.run import Run
from tutor.engine.numbers import show, show_point
from tutor.i18n import Message, message

_NAMES = ("x₀", "x₁")
_ARRIVED = 1e-6
"""Of the distance at the start: so near has arrived."""
_HARDLY = 1e-3
"""Of the distance to the minimum: so short a step hardly moves."""


def about_ground(run: Run, k: int, ground: Ground) -> Message:
    """Return what the ground under point k is like, or else what the step there has brought."""
    words = message("Step {k}: f = {loss}.", k=k, loss=show(float(run.values[k])))
    if k == 0:
        words = message("Start at {point}: f = {loss}, slope {slope}.",
                        point=show_point(run.points[0]), loss=show(float(run.values[0])),
                        slope=show(float(run.slopes[0]), 3))  # fmt: skip
    away = float(run.distances[k])
    match ground.kind:
        case "saddle":
            return message(
                "{words} A saddle: the gradient all but vanishes ({slope}), but the curvatures are "
                "{low} and {high}: up one way, down the other. {leaving}",
                words=words, slope=show(ground.slope, 2), low=show(ground.curvatures[0], 3),
                high=show(ground.curvatures[-1], 3), leaving=_leaving(run, k, ground),
            )  # fmt: skip
        case "plateau" if not away < _close_by(run):
            return message(
                "{words} A plateau: the gradient ({slope}) and the curvature all but vanish, so "
                "the steps are tiny. It is no minimum.",
                words=words, slope=show(ground.slope, 2),
            )  # fmt: skip
        case "flat" if not away < _close_by(run):
            return message(
                "{words} Nearly flat here: the gradient is only {slope}, but f falls on close by, "
                "so this is no minimum.", words=words, slope=show(ground.slope, 2),
            )  # fmt: skip
        case "top":
            return message(
                "{words} The top of a hill: the gradient is {slope}, and every way leads down.",
                words=words, slope=show(ground.slope, 2),
            )  # fmt: skip
        case "valley" if not away <= _close_by(run):
            return _about_valley(words, show(ground.slope, 2), away)
        case _:
            return _about_progress(run, k, words)


def _about_valley(words: Message, slope: str, away: float) -> Message:
    if math.isnan(away):
        return message(
            "{words} The floor of a valley: the gradient is {slope}, and every way leads up.",
            words=words, slope=slope,
        )  # fmt: skip
    return message(
        "{words} The floor of a valley (gradient {slope}), but not of the deepest, which is "
        "{distance} away: descent cannot see beyond the hill.",
        words=words, slope=slope, distance=show(away, 3),
    )  # fmt: skip


def _close_by(run: Run) -> float:
    widths = [high - low for low, high in run.objective.domain]
    return 0.05 * float(np.mean(widths))


def _leaving(run: Run, k: int, ground: Ground) -> Message:
    """Return how fast plain descent leaves a saddle along its way down."""
    factor = 1 - float(run.rates[min(k, len(run.rates) - 1)]) * ground.curvatures[0]
    if run.rule(k).optimizer != "gradient-descent" or factor <= 1:
        return message("Whatever is off its ridge falls away from it in the end.")
    along = float(ground.directions[:, 0] @ run.gradients[k])
    if along == 0:
        return message("This run stands exactly on the ridge and never leaves: nudge the start.")
    return message("Each step multiplies what it is off the ridge by 1 + η|λ| = {factor}.",
                   factor=show(factor))  # fmt: skip


def _about_progress(run: Run, k: int, words: Message) -> Message:
    distance = float(run.distances[k])
    if not math.isfinite(distance):
        return _about_fall(run, k, words)
    if k == 0:
        return message("{words} The minimum is {distance} away.", words=words,
                       distance=show(distance, 3))  # fmt: skip
    length = float(run.step_lengths[k - 1])
    has_arrived = distance <= _ARRIVED * float(run.distances[0])
    if not has_arrived and length < _HARDLY * distance:
        return message(
            "{words} This step moved {length}, and {distance} are still to go: the steps are far "
            "too small.", words=words, length=show(length, 2), distance=show(distance, 3),
        )  # fmt: skip
    return message("{words} {coordinates}; {distance} from the minimum.", words=words,
                   coordinates=_coordinate_words(run, k), distance=show(distance, 3))  # fmt: skip


def _about_fall(run: Run, k: int, words: Message) -> Message:
    slope = show(float(run.slopes[k]), 3)
    if k == 0:
        return words
    change = float(run.values[k] - run.values[k - 1])
    if change <= 0:
        return message("{words} This step took {change} off; the slope is {slope}.", words=words,
                       change=show(-change, 3), slope=slope)  # fmt: skip
    return message("{words} This step added {change}: it went too far. The slope is {slope}.",
                   words=words, change=show(change, 3), slope=slope)  # fmt: skip


def _coordinate_words(run: Run, k: int) -> Message:
    """Return what this step did to each coordinate's way to the minimizer that is nearest."""
    minimizers = np.array(run.objective.minimizers)
    nearest = minimizers[np.argmin(np.hypot.reduce(minimizers - run.points[k], axis=1))]
    before, after = run.points[k - 1] - nearest, run.points[k] - nearest
    far = max(float(np.abs(run.points[0] - nearest).max()), 1e-300)
    names = ("x",) if len(nearest) == 1 else _NAMES
    first, *second = [
        _coordinate(name, float(was), float(now), far)
        for name, was, now in zip(names, before, after, strict=True)
    ]
    return message("{first}, {second}", first=first, second=second[0]) if second else first


def _coordinate(name: str, was: float, now: float, far: float) -> Message:
    if max(abs(was), abs(now)) <= _ARRIVED * far:
        return message("{name} has arrived", name=name)
    factor = now / was if was else math.inf
    if not math.isfinite(factor):
        return message("{name} is pushed off to {now}", name=name, now=show(now, 3))
    if factor < -1:
        return message("{name} jumps across and lands {factor} times as far", name=name,
                       factor=show(-factor, 3))  # fmt: skip
    if factor < 0:
        return message("{name} jumps across and keeps {factor} of its distance", name=name,
                       factor=show(-factor, 3))  # fmt: skip
    if factor > 1:
        return message("{name} moves away, {factor} times as far", name=name,
                       factor=show(factor, 3))  # fmt: skip
    return message("{name} keeps {factor} of its distance", name=name, factor=show(factor, 3))
