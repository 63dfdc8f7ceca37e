"""Predictions: the truth can be guessed, but is not the guess that the learner starts with."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from tutor.authoring.rules.answers import near_miss_faults, not_computable, shown
from tutor.authoring.rules.orders import order_faults
from tutor.authoring.runs import quantities_of, run_of
from tutor.engine.experiments import Answer
from tutor.engine.kinds.predict import guess_controls, right_answers, true_answer
from tutor.errors import TutorError
from tutor.i18n import message
from tutor.lesson.consistency import Inconsistency
from tutor.lesson.grading import distance, evaluate_formula
from tutor.lesson.model import PredictStep, Step


def check_prediction(step: Step, path: str) -> Iterator[Inconsistency]:
    """Yield what is wrong with a prediction."""
    if not isinstance(step, PredictStep):
        return
    try:
        result = run_of(step.experiment)
        truth, answers = true_answer(step, result), right_answers(step, result)
    except TutorError:
        return  # The experiment itself is at fault, and another rule says so.
    if not all(map(math.isfinite, truth)):
        what = message("the answer is {truth}: no guess can be right", truth=shown(truth))
        if step.ask in ("stationary-point", "basin-edge"):
            what = message("there is none in the window: no guess can be right")
        yield f"{path}.ask", what, message("change the experiment, or ask for something else")
        return
    if step.ask == "ordering":
        yield from order_faults(step, path)
        return
    yield from _guess_faults(step, truth, path)
    yield from _near_miss_faults(step, answers, path)


def _guess_faults(
    step: PredictStep, truth: tuple[float, ...], path: str
) -> Iterator[Inconsistency]:
    controls = guess_controls(step)
    start = tuple(control.start for control in controls)
    if distance(step.ask, start, truth) <= step.tolerance:
        what = message("the guess starts at {start}, which counts as right", start=shown(start))
        yield f"{path}.ask", what, message("add guess: a start away from the answer")
    for control, part in zip(controls, truth, strict=True):
        if not control.low <= part <= control.high:
            what = message(
                "the answer {part:g} is outside {low:g} to {high:g}, where a guess may be",
                part=part, low=control.low, high=control.high,
            )  # fmt: skip
            yield f"{path}.ask", what, message("widen guess_range, or the experiment's window")


def _near_miss_faults(
    step: PredictStep, answers: Sequence[Answer], path: str
) -> Iterator[Inconsistency]:
    names = quantities_of(step.experiment)
    values = {}
    for number, near in enumerate(step.near_misses, 1):
        here = f"{path}.near_misses[{number}].value"
        try:
            values[here] = tuple(evaluate_formula(part, names) for part in near.value)
        except TutorError as error:
            yield here, *not_computable(error)
    yield from near_miss_faults(
        values, answers, step.tolerance, lambda one, other: distance(step.ask, one, other)
    )
