"""Whether an answer is right, and what to say to whoever gave it. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from typing import Final

from tutor import core
from tutor.errors import TutorError
from tutor.i18n import Message, Text, message
from tutor.lesson.model import (
    BugStep,
    ChoiceStep,
    Formula,
    GuessMiss,
    MatchStep,
    NearMiss,
    NumberStep,
    OrderStep,
    PredictStep,
    SelectStep,
)
from tutor.typed import folded

DEFAULT_RTOL: Final = 1e-6
NEAR_MISS_RTOL: Final = 0.01
"""Learners round a wrong number as freely as a right one: what counts as this near miss."""
MAX_TYPED: Final = 100
"""Characters of a typed number."""

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_COMMA = re.compile(r"([+-]?\d+),(\d+)")
_WITH_UNIT = re.compile(
    rf"({_NUMBER.pattern})\s*([A-Za-zµμ°%\u4e00-\u9fff][A-Za-z/°\u4e00-\u9fff]*)"
)
_PREFIXES: Final = {"G": 9, "M": 6, "k": 3, "d": -1, "c": -2, "m": -3, "µ": -6, "μ": -6, "n": -9,
                    "兆": 6, "千": 3, "分": -1, "厘": -2, "毫": -3, "微": -6, "纳": -9}  # fmt: skip
_UNITS: Final = {"m": ("m", 0), "s": ("s", 0), "g": ("g", 0), "米": ("m", 0), "秒": ("s", 0),
                 "克": ("g", 0), "公里": ("m", 3), "公斤": ("g", 3), "min": ("min", 0),
                 "分钟": ("min", 0)}  # fmt: skip
"""Units by name: what they are a multiple of, and by which power of ten."""
_NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity|∞)", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_CONSTANTS: Final = ("pi", "e")
_ABOUT = re.compile(r"\A\s*(?:≈|≒|约等于|大约|约|=|＝)\s*")
"""What stands before a number that is not exact; an answer has its tolerance."""
_MINUS = re.compile(r"\A\s*负\s*")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an answer is worth, and what to say to it."""

    correct: bool
    feedback: Text
    """The lesson author's markup, or a message."""
    misconception: str | None = None
    """What the answer hints at."""
    miss: float | None = None
    """How far a prediction was off, in data units (degrees for an arrow)."""
    read: str = ""
    """What was read of a number that was typed as a formula, where it is written otherwise."""


def parse_number(text: str, unit: str | None = None) -> float:
    """Return the number that a learner typed: `0.2`, `1/5`, `6e-8`, `−3`, `2*3`, `０．２`.

    `unit` is what is asked for; a number that is written with it or with another power of ten of
    it is taken: `210 m` is 0.21 where km is asked for.

    Raises:
        TutorError: the text is no finite number; it names the mend.
    """
    return read_number(text, unit)[0]


def read_number(text: str, unit: str | None = None) -> tuple[float, str]:
    """Return the number as `parse_number` does, and what was read where that is otherwise written.

    >>> read_number("2√4"), read_number("2*3"), read_number("210 m", "km")
    ((4.0, '2*sqrt(4)'), (6.0, ''), (0.21, ''))
    """
    typed = folded(_MINUS.sub("-", _ABOUT.sub("", text))).strip()
    if not typed:
        raise TutorError(message("Type a number, such as 0.2 or 1/5."))
    if len(typed) > MAX_TYPED:
        raise TutorError(message("Type a shorter number."))
    if _NOT_FINITE.fullmatch(typed):
        raise TutorError(message("“{typed}” is no finite number. Type one, such as 0.2 or 1/5.",
                                 typed=typed))  # fmt: skip
    comma = _COMMA.fullmatch(typed)
    if comma:
        raise TutorError(_comma_mend(comma[1], comma[2]))
    if _NUMBER.fullmatch(typed):
        return _finite(float(typed)), ""
    written = _WITH_UNIT.fullmatch(typed)
    if written and written[4] not in _CONSTANTS:
        return _in_unit(written[1], written[4], unit), ""
    value, read = core.evaluate(typed), core.parse(typed, ()).source
    return value, "" if read == typed else read


def grade_choice(step: ChoiceStep, index: int) -> Verdict:
    """Return the verdict on the choice at `index` (in the author's order, from 0)."""
    choice = step.choices[index]
    return Verdict(choice.correct, choice.feedback, choice.misconception)


def grade_selection(step: SelectStep, positions: Collection[int]) -> Verdict:
    """Return the verdict on the choices at these positions (in the author's order, from 0).

    Each that is wrong is spoken of and, where none is, each that is missing.
    """
    taken = [choice for at, choice in enumerate(step.choices) if at in positions]
    wrong = [choice for choice in taken if not choice.correct]
    missed = [choice for choice in step.choices if choice.correct and choice not in taken]
    if not wrong and not missed:
        return Verdict(True, step.right)
    said: list[Text] = [
        message("{choice}: {feedback}", choice=each.text, feedback=each.feedback) for each in wrong
    ]
    said = said or [each.feedback for each in missed]
    hinted = (each.misconception for each in (*wrong, *missed) if each.misconception)
    return Verdict(False, reduce(_one_after_the_other, said), next(hinted, None))


def _one_after_the_other(said: Text, more: Text) -> Text:
    return message("{said}\n\n{more}", said=said, more=more)


def grade_arrangement(step: OrderStep | MatchStep, order: Sequence[int]) -> Verdict:
    """Return the verdict on texts in this order, by their numbers in the lesson, from 1.

    The first place that is wrong is spoken of: of an order, what stands there; of a match, to whom
    it was given.
    """
    place = next((at for at, number in enumerate(order) if number != at + 1), None)
    if place is None:
        return Verdict(True, step.right)
    found = step.items[order[place] - 1] if isinstance(step, OrderStep) else step.pairs[place]
    return Verdict(False, found.feedback or step.wrong, found.misconception)


def grade_line(step: BugStep, line: int) -> Verdict:
    """Return the verdict on the line (from 1) that was taken for the one at fault."""
    if line == step.fault_line:
        return Verdict(True, step.right)
    own = next((each for each in step.lines if each.line == line), None)
    if own is not None:
        return Verdict(False, own.feedback, own.misconception)
    return Verdict(False, step.wrong)


def _spoken(value: float) -> str:
    return f"{value:.6g}".replace("-", "−")


def grade_number(
    step: NumberStep, value: float, names: Mapping[str, float] | None = None
) -> Verdict:
    """Return the verdict on a number; `names` are the quantities of the step's experiment."""
    known = names or {}
    try:
        answer = evaluate_formula(step.answer, known)
    except TutorError as error:
        return Verdict(False, message("This question is broken: {error}", error=error))
    if abs(value - answer) <= tolerance(step, answer):
        return Verdict(True, message("The value is {answer}.", answer=_spoken(answer)))
    near = _nearest_near_miss(step, value, answer, known)
    if near is not None:
        return Verdict(False, near.feedback, near.misconception)
    return _common_slip(value, answer) or Verdict(
        False, message("{value:.6g} is not it: try again, or ask for a hint.", value=value)
    )


def grade_prediction(
    step: PredictStep,
    guess: Sequence[float],
    truth: Sequence[float],
    names: Mapping[str, float] | None = None,
) -> Verdict:
    """Return the verdict on a guess of what the run then showed.

    Whatever the guess is nearest to, the truth or a near miss, decides; nothing further off than
    the step's tolerance does.
    """
    miss = distance(step.ask, guess, truth)
    shown = miss if math.isfinite(miss) else None
    near, off = _nearest_guess_miss(step, guess, names or {})
    if miss <= step.tolerance and miss <= off:
        return Verdict(True, step.right, miss=shown)
    if near is not None and off <= step.tolerance:
        return Verdict(False, near.feedback, near.misconception, shown)
    return Verdict(False, step.wrong, step.misconception, shown)


def distance(ask: str, one: Sequence[float], other: Sequence[float]) -> float:
    """Return how far two answers to a prediction are apart: angles the shorter way round."""
    if ask == "ordering":
        return float(pairs_apart(one, other))
    if ask == "arrow":
        return abs((one[0] - other[0] + 180.0) % 360.0 - 180.0)
    return math.hypot(*(a - b for a, b in zip(one, other, strict=True)))


def pairs_apart(one: Sequence[float], other: Sequence[float]) -> int:
    """Return how many pairs stand the other way round in two orders of the same items."""
    place = {item: number for number, item in enumerate(other)}
    pairs = combinations(one, 2)
    return sum(place.get(first, 0) > place.get(second, 0) for first, second in pairs)


def tolerance(step: NumberStep, answer: float) -> float:
    """Return how far from `answer` a number may be and still count as right."""
    if step.rtol is None and step.atol is None:
        return DEFAULT_RTOL * abs(answer)
    return (step.rtol or 0.0) * abs(answer) + (step.atol or 0.0)


def evaluate_formula(formula: Formula | str, names: Mapping[str, float]) -> float:
    """Return the value of a formula, computed by the core.

    Raises:
        TutorError: it is no formula, or has no finite value.
    """
    used = {name: names[name] for name in _NAME.findall(formula) if name in names}
    # The formula language has no underscore in a name; the quantities have.
    spelt = _NAME.sub(lambda m: m[0].replace("_", "") if m[0] in used else m[0], formula)
    return core.evaluate(spelt, {name.replace("_", ""): used[name] for name in used})


def _nearest_near_miss(
    step: NumberStep, value: float, answer: float, names: Mapping[str, float]
) -> NearMiss | None:
    """Return the near miss that the value means, if it means none less than the answer."""
    found: list[tuple[float, NearMiss]] = []
    for near in step.near_misses:
        try:
            wrong = evaluate_formula(near.value, names)
        except TutorError:
            continue
        off = abs(value - wrong)
        reach = max(NEAR_MISS_RTOL * abs(wrong), tolerance(step, wrong))
        if off <= reach and off < abs(value - answer):
            found.append((off, near))
    return min(found, key=lambda pair: pair[0])[1] if found else None


def _nearest_guess_miss(
    step: PredictStep, guess: Sequence[float], names: Mapping[str, float]
) -> tuple[GuessMiss | None, float]:
    """Return the near miss that the guess is nearest to, and how far from it."""
    nearest: tuple[GuessMiss | None, float] = (None, math.inf)
    for near in step.near_misses:
        try:
            wrong = [evaluate_formula(part, names) for part in near.value]
        except TutorError:
            continue
        off = distance(step.ask, guess, wrong)
        if off < nearest[1]:
            nearest = (near, off)
    return nearest


def _common_slip(value: float, answer: float) -> Verdict | None:
    """Return the verdict on a lost sign or a shifted decimal point, or None."""
    if answer == 0 or value == 0:
        return None
    ratio = value / answer
    if math.isclose(ratio, -1.0, rel_tol=NEAR_MISS_RTOL):
        return Verdict(False, message("The size is right, the sign is not."), "sign")
    power = math.log10(abs(ratio)) if ratio else 0.0
    if ratio > 0 and abs(power) > 0.5 and abs(power - round(power)) < 1e-6:
        return Verdict(
            False, message("The digits are right, the decimal point is not."), "decimal-point"
        )
    return None


def _comma_mend(whole: str, part: str) -> Message:
    if len(part) == 3:
        return message(
            "Write {point} with a decimal point, or {whole} without a comma.",
            point=f"{whole}.{part}",
            whole=whole + part,
        )
    return message("Write it with a decimal point: {point}", point=f"{whole}.{part}")


def _in_unit(number: str, written: str, wanted: str | None) -> float:
    """Return the number in the unit that is asked for.

    Raises:
        TutorError: it is written in another one, or in one where none is asked for.
    """
    if written == "%":
        value = float(number) / 100
        raise TutorError(message("Write {number} % as {value:g}.", number=number, value=value))
    if wanted is None:
        raise TutorError(message("Write the number alone: {number}", number=number))
    found, asked = _multiple(written), _multiple(wanted)
    if written != wanted and (found is None or asked is None or found[0] != asked[0]):
        raise TutorError(message("{unit} is not read here: write the number in {wanted}.",
                                 unit=written, wanted=wanted))  # fmt: skip
    power = found[1] - asked[1] if found and asked else 0
    value = float(number)
    return _finite(value * 10.0**power if power >= 0 else value / 10.0**-power)


def _multiple(unit: str) -> tuple[str, int] | None:
    """Return what a unit is a multiple of, and by which power of ten; None for an unknown one."""
    if unit in _UNITS:
        return _UNITS[unit]
    base = _UNITS.get(unit[1:])
    if base is None or base[1] or unit[0] not in _PREFIXES:
        return None
    return base[0], _PREFIXES[unit[0]]


def _finite(number: float) -> float:
    if math.isinf(number):
        raise TutorError(message("That is larger than any float64: stay below 1e308."))
    return number
