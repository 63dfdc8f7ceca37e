"""What is to be seen at a step of a run, and why, in words with this run's numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from tutor.engine.lab.ground import Ground, ground_at, largest_safe_rate
from tutor.engine.lab.objectives import objective_of
from tutor.engine.lab.run import Run
from tutor.engine.lab.setup import Setup
from tutor.engine.numbers import show, show_point, signed
from tutor.i18n import Message, message

_NAMES = ("x₀", "x₁")
_ARRIVED = 1e-6
"""Of the distance at the start: so near has arrived."""
_HARDLY = 1e-3
"""Of the distance to the minimum: so short a step hardly moves."""


def describe(run: Run, step: int | None = None) -> Message:
    """Return one to three sentences on the run at this step (None: the last), and why.

    Recognised, the first that holds: numbers beyond floats, a float freeze, divergence (with the
    factor |1 − ηλ|, the largest safe η and what to press), ping-pong, saddle, plateau, another
    valley than the deepest; else how each coordinate comes nearer.
    """
    k = run.at(step)
    if not _is_finite(run, k):
        return _about_overflow(run, k)
    if _is_frozen(run, k):
        return _about_freeze(run, k)
    began = run.since if run.since is not None else math.inf
    if run.status in {"diverged", "nonfinite"} and _grows(run, k):
        return _about_divergence(run, k)
    if run.status == "oscillating" and k >= began:
        return _about_ping_pong(run, k)
    return _about_ground(run, k, ground_at(run.setup, run.points[k].tolist()))


def _is_finite(run: Run, k: int) -> bool:
    row = (*run.points[k], run.values[k], *run.gradients[k])
    return bool(np.isfinite(row).all())


def _about_overflow(run: Run, k: int) -> Message:
    finite = np.isfinite(run.points).all(axis=1) & np.isfinite(run.values)
    first = int(finite.argmin()) if not finite.all() else k
    if first > 0 and math.isnan(run.values[first]) and abs(run.values[first - 1]) < 1e100:
        return message(
            "Step {k} leaves the ground where f is defined: there is no value and no slope there. "
            "{advice}", k=first, advice=_advice(max(first - 1, 0), run),
        )  # fmt: skip
    return message(
        "From step {k} on the numbers are beyond what a float can hold (1.8e308): ∞, or not a "
        "number. The steps were too large. {advice}",
        k=first, advice=_advice(_onset(run), run),
    )  # fmt: skip


def _advice(step: int, run: Run) -> Message:
    """Return what to press, at the step from which it helps."""
    if run.rule(step).learning_rate <= 0:
        return message("Take η above 0 to go downhill.")
    return message("Press h to halve η from step {k}.", k=step)


def _onset(run: Run) -> int:
    """Return the step from which a smaller η would have helped: where f first rose."""
    with np.errstate(all="ignore"):
        rises = np.flatnonzero(~(np.diff(run.values) <= 0))
    return int(rises[0]) if rises.size else 0


def _is_frozen(run: Run, k: int) -> bool:
    """Whether the point no longer moves although it would on real numbers."""
    if run.status != "frozen" or run.since is None or k < run.since:
        return False
    return run.rule(k).learning_rate != 0


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


def _grows(run: Run, k: int) -> bool:
    """Whether the run is on its way out at step k."""
    began = _onset(run) if run.status == "nonfinite" else (run.since or 0)
    return k >= max(began, 1) or (k == 0 and began == 0 and run.steps_done > 0)


def _about_divergence(run: Run, k: int) -> Message:
    rule, rate = run.rule(k), _rate(run, k)
    ground = ground_at(run.setup, run.points[k].tolist())
    words = message("It diverges: at step {k} f is {loss} and grows.", k=k,
                    loss=show(float(run.values[k])))  # fmt: skip
    if rate < 0:
        return message("{words} η is below 0, so every step goes uphill. {advice}", words=words,
                       advice=_advice(k, run))  # fmt: skip
    limit = largest_safe_rate(rule, ground.steepest)
    if k > 0 and run.values[k] < run.values[0]:
        return message(
            "Step {k}: f = {loss} falls without end: there is no bottom on this side, and no η "
            "that finds one.", k=k, loss=show(float(run.values[k])),
        )  # fmt: skip
    if limit is None:
        return message("{words} {advice}", words=words, advice=_advice(k, run))
    if rule.optimizer != "gradient-descent":
        return message(
            "{words} With curvature λ = {curvature} here, η = {rate} is above the largest safe η "
            "= {limit} of {optimizer}. {advice}",
            words=words, curvature=show(ground.steepest, 3), rate=show(rate),
            limit=show(limit), optimizer=rule.optimizer, advice=_advice(k, run),
        )  # fmt: skip
    return message(
        "{words} A step multiplies the distance by up to |1 − ηλ| = |1 − {rate}·{curvature}| = "
        "{factor}; the largest safe η is 2/λ = {limit}. {advice}",
        words=words, rate=show(rate), curvature=show(ground.steepest, 3),
        factor=show(abs(1 - rate * ground.steepest)), limit=show(limit), advice=_advice(k, run),
    )  # fmt: skip


def _rate(run: Run, k: int) -> float:
    return float(run.rates[min(k, len(run.rates) - 1)])


def _about_ping_pong(run: Run, k: int) -> Message:
    other = k - 1 if k > 0 else 1
    words = message(
        "Ping-pong: it jumps to and fro between {here} and {there}, and f stays {loss}.",
        here=show_point(run.points[k]), there=show_point(run.points[other]),
        loss=show(float(run.values[k])),
    )  # fmt: skip
    return message("{words} {advice}", words=words, advice=_advice(k, run))


def _about_ground(run: Run, k: int, ground: Ground) -> Message:
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
        case "top":
            return message(
                "{words} The top of a hill: the gradient is {slope}, and every way leads down.",
                words=words, slope=show(ground.slope, 2),
            )  # fmt: skip
        case "valley" if away > _close_by(run):
            return message(
                "{words} The floor of a valley (gradient {slope}), but not of the deepest, which "
                "is {distance} away: descent cannot see beyond the hill.",
                words=words, slope=show(ground.slope, 2), distance=show(away, 3),
            )  # fmt: skip
        case _:
            return _about_progress(run, k, words)


def _close_by(run: Run) -> float:
    widths = [high - low for low, high in run.objective.domain]
    return 0.05 * float(np.mean(widths))


def _leaving(run: Run, k: int, ground: Ground) -> Message:
    """Return how fast plain descent leaves a saddle along its way down."""
    factor = 1 - _rate(run, k) * ground.curvatures[0]
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
    if distance > 0 and length < _HARDLY * distance:
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
    if factor < 0:
        return message("{name} jumps across and keeps {factor} of its distance", name=name,
                       factor=show(-factor, 3))  # fmt: skip
    if factor > 1:
        return message("{name} moves away, by {factor}", name=name, factor=show(factor, 3))
    return message("{name} keeps {factor} of its distance", name=name, factor=show(factor, 3))


# The worked line


def update_line(run: Run, step: int | None = None) -> Message:
    """Return the optimizer's formula with the numbers of the step that led to point `step`.

    At the start it is the step that comes.
    """
    k = max(run.at(step), 1)
    words = _update(run, k - 1)
    return message("step {k}: {words}", k=k, words=words)


def _update(run: Run, k: int) -> Message:
    rule = run.rule(k)
    x, gradient = run.points[k], run.gradients[k]
    after = run.points[min(k + 1, run.steps_done)]
    rate = signed(_rate(run, k))
    match rule.optimizer:
        case "momentum" | "nesterov":
            velocity = _velocity(run, k)
            line = message("v ← {mu}·{old} + {g} = {v}", mu=show(rule.momentum),
                           old=show_point(_part(run, k, 0)), g=_vector(gradient),
                           v=show_point(velocity))  # fmt: skip
            if rule.optimizer == "momentum":
                return message("{line};  x ← {x} − {rate}·{v} = {next}", line=line,
                               x=show_point(x), rate=rate, v=_vector(velocity),
                               next=show_point(after))  # fmt: skip
            return message("{line};  x ← {x} − {rate}·({g} + {mu}·{v}) = {next}", line=line,
                           x=show_point(x), rate=rate, g=show_point(gradient),
                           mu=show(rule.momentum), v=_vector(velocity),
                           next=show_point(after))  # fmt: skip
        case "adagrad" | "rmsprop":
            return _scaled_update(run, k)
        case "adam":
            return _adam_update(run, k)
        case _:
            return message("x ← {x} − {rate}·{g} = {next}", x=show_point(x), rate=rate,
                           g=_vector(gradient), next=show_point(after))  # fmt: skip


def _part(run: Run, k: int, part: int) -> list[float]:
    """Return one part of the optimizer's state before the step from point k."""
    return [float(state[part]) for state in run.memory(k)]


def _velocity(run: Run, k: int) -> list[float]:
    mu = run.rule(k).momentum
    slopes = run.gradients[k].tolist()
    return [mu * old + g for old, g in zip(_part(run, k, 0), slopes, strict=True)]


def _scaled_update(run: Run, k: int) -> Message:
    rule, gradient = run.rule(k), run.gradients[k]
    old, squares = np.array(_part(run, k, 0)), gradient * gradient
    after = show_point(run.points[min(k + 1, run.steps_done)])
    if rule.optimizer == "adagrad":
        total = old + squares
        line = message("s ← {old} + {g}² = {s}", old=show_point(old), g=_vector(gradient),
                       s=show_point(total))  # fmt: skip
    else:
        total = rule.alpha * old + (1 - rule.alpha) * squares
        line = message("s ← {alpha}·{old} + {rest}·{g}² = {s}", alpha=show(rule.alpha),
                       old=show_point(old), rest=show(1 - rule.alpha), g=_vector(gradient),
                       s=show_point(total))  # fmt: skip
    return message("{line};  x ← {x} − {rate}·{g}/√s = {next}", line=line,
                   x=show_point(run.points[k]), rate=signed(_rate(run, k)), g=_vector(gradient),
                   next=after)  # fmt: skip


def _adam_update(run: Run, k: int) -> Message:
    rule, gradient = run.rule(k), run.gradients[k]
    count = run.memory(k)[0][2] + 1
    mean = rule.beta1 * np.array(_part(run, k, 0)) + (1 - rule.beta1) * gradient
    square = rule.beta2 * np.array(_part(run, k, 1)) + (1 - rule.beta2) * gradient**2
    return message(
        "m̂ = {mean}, √v̂ = {root};  x ← {x} − {rate}·m̂/√v̂ = {next}",
        mean=show_point(mean / (1 - rule.beta1**count)),
        root=show_point(np.sqrt(square / (1 - rule.beta2**count))),
        x=show_point(run.points[k]), rate=signed(_rate(run, k)),
        next=show_point(run.points[min(k + 1, run.steps_done)]),
    )  # fmt: skip


def _vector(values: Sequence[float]) -> str:
    return signed(float(values[0])) if len(values) == 1 else show_point(values)


# The cursor


def read_off(setup: Setup, cursor: Sequence[float]) -> Message:
    """Return f and its gradient under the cursor."""
    expression = objective_of(setup).expression
    point = [float(x) for x in cursor]
    value, gradient = expression.value(*point), expression.gradient(*point)
    if math.isnan(value):
        return message("{point}: f is undefined here", point=show_point(point))
    return message("{point}: f = {value}, ∇f = {gradient}", point=show_point(point),
                   value=show(value), gradient=show_point(gradient))  # fmt: skip
