"""Worked lines: the brackets are in order, and the last of them is the answer."""

from __future__ import annotations

from collections.abc import Iterator

from tutor.authoring.rules.answers import shown
from tutor.authoring.rules.givens import holds_answer
from tutor.authoring.runs import quantities_of
from tutor.engine.kinds.number import BLANK, bracketed, filled, value_of
from tutor.errors import TutorError
from tutor.i18n import message
from tutor.lesson.consistency import Inconsistency
from tutor.lesson.grading import evaluate_formula, tolerance
from tutor.lesson.model import NumberStep, Step


def check_worked(step: Step, path: str) -> Iterator[Inconsistency]:
    """Yield what is wrong with the worked line of a number step."""
    if not isinstance(step, NumberStep) or step.worked is None:
        return
    here, parts = f"{path}.worked", bracketed(step.worked)
    rest = str(step.worked)
    for part in parts:
        rest = rest.replace(f"[{part}]", "", 1)
    if "[" in rest or "]" in rest:
        what = message("a bracket stands alone")
        yield here, what, message("write [number], none inside another")
        return
    if not parts:
        what = message("leaves nothing blank")
        yield here, what, message("put the answer, at least, in brackets: = [3.2]")
        return
    yield from _value_faults(step, parts, here)


def _value_faults(step: NumberStep, parts: list[str], path: str) -> Iterator[Inconsistency]:
    names = quantities_of(step.experiment)
    try:
        answer = evaluate_formula(step.answer, names)
        for part in parts:
            value = value_of(part, names)
    except TutorError as error:
        yield path, message("the core cannot compute it"), message("{error}", error=error)
        return
    if abs(value - answer) > max(tolerance(step, answer), _rounding(parts[-1])):
        what = message("ends in {value}, and the answer is {answer}", value=shown((value,)),
                       answer=shown((answer,)))  # fmt: skip
        yield path, what, message("put the answer in the last brackets")
    elif holds_answer(filled(step.worked or "", [*parts[:-1], BLANK]), answer):
        what = message("holds the answer {answer} before its end", answer=shown((answer,)))
        yield path, what, message("leave it out")


def _rounding(part: str) -> float:
    """Return how far a decimal number may be from what it was rounded from."""
    whole, point, decimals = part.strip().partition(".")
    is_decimal = bool(point) and decimals.isdecimal() and whole.lstrip("-−+").isdecimal()
    return 0.5 * 10.0 ** -len(decimals) if is_decimal else 0.0
