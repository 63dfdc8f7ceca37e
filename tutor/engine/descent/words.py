"""What is to be seen in a run, and why, in words with its numbers: at a step, in all, compared."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from tutor.engine.descent.check import undefined_part
from tutor.engine.descent.ground import Ground, ground_at
from tutor.engine.descent.maps import edges
from tutor.engine.descent.objectives import USUAL_RATE, objective_of, rate_for
from tutor.engine.descent.run import NEAR, Run
from tutor.engine.descent.setup import Setup
from tutor.engine.descent.trouble import AND_WHY, PRESS, trouble
from tutor.engine.numbers import show, show_point
from tutor.i18n import Message, Text, message

_NAMES = ("x₀", "x₁")
_HARDLY = 1e-3
"""Of the distance to the minimum: so short a step hardly moves."""
_FLAT, _FAR = 1e-3, 0.1
_CRAWL = 0.999
"""A distance kept at more than this part over the whole run: hardly a move."""
_DIGITS_OF_ENDS = 3

# A whole run, as a lesson tells it


def sum_up(run: Run) -> Text:
    """Return one or two sentences on how the run went, and why."""
    k = run.steps_done
    with np.errstate(all="ignore"):
        found = trouble(run, k)
        return found.words if found else _about_progress(run)


def _about_progress(run: Run) -> Text:
    k, loss = run.steps_done, show(float(run.values[-1]))
    at = show_point(run.points[-1].tolist())
    first, last, factor = float(run.distances[0]), float(run.distances[-1]), run.factor()
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
    if math.isnan(factor):
        return words
    if factor > 1:
        return message("{words} The last step led away from it: {factor} of the distance before.",
                       words=words, factor=show(factor, 3))  # fmt: skip
    return message("{words} The last step left {factor} of the distance.", words=words,
                   factor=show(factor, 3))  # fmt: skip


def _rests_elsewhere(run: Run) -> bool:
    """Whether the gradient has all but vanished far from every minimizer."""
    return bool(run.slopes[-1] < _FLAT and run.distances[-1] > _FAR)


def compare(runs: Sequence[tuple[Text, Run]]) -> Text:
    """Return where each of the runs ended, and which was first at the minimum or lowest."""
    ends: Text = ""
    for name, run in runs:
        end = _end_of(name, run)
        ends = message("{ends}, {end}", ends=ends, end=end) if ends else end
    words = message("f after {k} steps: {ends}.", k=runs[0][1].steps_done, ends=ends)
    first = _only_least(runs, [run.arrived for _, run in runs])
    if first is not None:
        return message(
            "{words} First within {near} of the minimum: {name}, at step {k}.",
            words=words, near=show(NEAR), name=first[0], k=int(first[1].arrived),
        )  # fmt: skip
    lowest = _only_least(runs, [_final_loss(run) for _, run in runs])
    if lowest is None:
        return words
    return message("{words} Lowest: {name}.", words=words, name=lowest[0])


def _end_of(name: Text, run: Run) -> Text:
    loss = _told(float(run.values[-1]))
    match run.status:
        case "diverged":
            return message("{name} {loss} (diverges)", name=name, loss=loss)
        case "nonfinite":
            return message("{name} beyond all numbers from step {k} on", name=name,
                           k=run.since)  # fmt: skip
        case "oscillating":
            return message("{name} {loss} (to and fro)", name=name, loss=loss)
        case _:
            return message("{name} {loss}", name=name, loss=loss)


def _told(loss: float) -> str:
    return show(loss, _DIGITS_OF_ENDS)


def _final_loss(run: Run) -> float:
    """F at the end, to the digits that are told: what reads as equal is no lower."""
    loss = float(run.values[-1])
    return math.inf if run.is_lost else float(f"{loss:.{_DIGITS_OF_ENDS}g}")


def _only_least(
    runs: Sequence[tuple[Text, Run]], values: Sequence[float]
) -> tuple[Text, Run] | None:
    """Return the run with the least finite value; None where there is none, or more than one."""
    least = min(values)
    if not math.isfinite(least) or values.count(least) > 1:
        return None
    return runs[values.index(least)]


def about_edge(setup: Setup, x: float) -> Text:
    """Return where the starts on either side of the edge at x end."""
    edge = next((each for each in edges(setup) if each.x == x), None)
    if edge is None:
        return message("Every start in the window ends in the same place.")
    return message(
        "The edge is at {x}: a start just left of it ends at {left}, just right of it at {right}.",
        x=show(x), left=show(edge.left), right=show(edge.right),
    )  # fmt: skip


# A step of a run, as the lab tells it


def describe(run: Run, step: int | None = None) -> Message:
    """Return one to three sentences on the run at this step (None: the last), and why.

    Recognised, the first that holds: numbers beyond floats, a float freeze, ping-pong, divergence
    (with the factor |1 − ηλ|, the largest safe η and what to press), saddle, plateau, the top of
    a hill, another valley than the deepest; else how each coordinate comes nearer.
    """
    k = run.at(step)
    with np.errstate(all="ignore"):
        ground = ground_at(run.setup, run.points[k].tolist())
        words = _about_trouble(run, k) or _about_ground(run, k, ground)
    if k > 0:
        return words
    if own_rate := about_own_rate(run.setup):
        words = message("{words} {own_rate}", words=words, own_rate=own_rate)
    undefined = undefined_part(run.setup)
    if not undefined:
        return words
    return message("{words} On {part:.0%} of the window f is undefined, and the chart is empty.",
                   words=words, part=max(undefined, 0.01))  # fmt: skip


def _about_trouble(run: Run, k: int) -> Message | None:
    found = trouble(run, k)
    if found is None or found.mend is None:
        return found.words if found else None
    return message("{words} {mend}", words=found.words, mend=found.mend)


def without_keys(words: Message) -> Message:
    """Return the same words for who has no program before them: no key is named."""
    template = "Halve η from step {k}." if words.template == PRESS else words.template
    arguments = {
        name: without_keys(part) if isinstance(part, Message) else part
        for name, part in words.arguments.items()
    }
    return message(template, **arguments)


def without_why(words: Text) -> Text:
    """Return the same words without the reason why a run diverges: it needs the curvature λ."""
    if isinstance(words, Message) and words.template == AND_WHY:
        shorter = words.arguments["words"]
        return shorter if isinstance(shorter, Message) else str(shorter)
    return words


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


def _about_ground(run: Run, k: int, ground: Ground) -> Message:
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
            return _about_way(run, k, words)


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


def _about_way(run: Run, k: int, words: Message) -> Message:
    distance = float(run.distances[k])
    if not math.isfinite(distance):
        return _about_fall(run, k, words)
    if k == 0:
        return message("{words} The minimum is {distance} away.", words=words,
                       distance=show(distance, 3))  # fmt: skip
    length = float(run.step_lengths[k - 1])
    if distance >= NEAR and length < _HARDLY * distance:
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
    names = ("x",) if len(nearest) == 1 else _NAMES
    first, *second = [
        _coordinate(name, float(was), float(now))
        for name, was, now in zip(names, before, after, strict=True)
    ]
    return message("{first}, {second}", first=first, second=second[0]) if second else first


def _coordinate(name: str, was: float, now: float) -> Message:
    if max(abs(was), abs(now)) < NEAR:
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
