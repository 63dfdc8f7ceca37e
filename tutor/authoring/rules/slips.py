"""Slips: numbers and points in prose that are those of the step but for a digit, sign or order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from tutor.authoring.rules.answers import shown
from tutor.authoring.rules.equations import digits_of, number_of, rounding_of
from tutor.authoring.rules.number_words import numbers_in
from tutor.authoring.rules.told import NO_FACT, TELLING, Text, Told, is_rounded, points_in
from tutor.i18n import message
from tutor.lesson.consistency import Inconsistency
from tutor.lesson.model import ExperimentStep, OrderedItem, Preset


def slips(told: Told) -> Iterator[Inconsistency]:
    """Yield the slips in the texts of a step."""
    for text in told.texts:
        if not NO_FACT.search(text.path):
            yield from _numbers(told, text)
            yield from _points(told, text)
    yield from _givens(told)
    yield from _goal_left_out(told)
    yield from _answers_that_differ(told)
    yield from _other_labels(told)


def _numbers(told: Told, text: Text) -> Iterator[Inconsistency]:
    """Yield numbers that differ by one slip from what the step has, and that it has not."""
    for number in text.numbers:
        if not _is_telling(number) or _is_known(told, number):
            continue
        meant = _meant(told, number, text)
        if meant is not None:
            what = message("{number} is no number of this step, {meant} is", number=number,
                           meant=meant)  # fmt: skip
            mend = message("write {meant}, or say how {number} comes about", meant=meant,
                           number=number)  # fmt: skip
            yield text.path, what, mend


def _is_known(told: Told, number: str) -> bool:
    """Return whether the step has this number, as it is rounded, or says it twice."""
    if told.counts[number.lstrip("-")] > 1 or told.lesson.numbers[number.lstrip("-")] > 1:
        return True
    value, slack = abs(number_of(number)), rounding_of(number) * 1.0001
    if told.facts.has(value, slack) or any(abs(each - value) <= slack for each in told.sums):
        return True
    known = told.lesson.telling | told.heights if len(digits_of(number)) > TELLING else ()
    return any(abs(each - value) <= slack for each in known or told.lesson.telling)


def _is_telling(number: str) -> bool:
    """Return whether a number has digits enough to be known again: 1.05 and 680, not 0.5 or 20."""
    return len(digits_of(number)) >= TELLING or (number.isdecimal() and len(number) >= TELLING)


def _meant(told: Told, number: str, text: Text) -> str | None:
    """Return the number of the step, or of its lesson, that this one is but for one slip."""
    values = told.facts.settings | told.facts.computed | set(told.sums)
    here = {n.lstrip("-") for n in text.numbers}
    beside = {n.lstrip("-") for each in told.texts if each.key in _TOLD for n in each.numbers}
    said = [n for n, count in told.counts.items() if count > 1 or n in beside - here]
    digits = len(digits_of(number))
    if digits == TELLING and "." in number:
        around = {n for n in (as_written(v, number) for v in told.lesson.telling)
                  if n.lstrip("0.")[:1] == number.lstrip("-0.")[:1]}  # fmt: skip
        said += around
    if digits > TELLING:
        values |= told.lesson.telling | told.heights
        said += [n for n, count in told.lesson.numbers.items() if count > 1]
    if digits > _LONG:
        values |= set(told.facts.paths)
    for candidate in [*(as_written(v, number) for v in values), *said]:
        if is_slip(number.lstrip("-"), candidate):
            return candidate
    return None


def _points(told: Told, text: Text) -> Iterator[Inconsistency]:
    """Yield points that differ by a sign, an order or a digit from those of the step."""
    for point in points_in(text.words):
        meant = None if _is_known_point(told, point) else _meant_point(told, point, text)
        if meant is not None:
            what = message("{point} is no point of this step, {meant} is", point=_spelt(point),
                           meant=_spelt(meant))  # fmt: skip
            yield text.path, what, message("write {meant}", meant=_spelt(meant))


def _is_known_point(told: Told, point: tuple[str, str]) -> bool:
    if told.lesson.points[point] > 1 or told.all_points[point] > 1:
        return True
    known = told.facts.points | told.places | told.misses
    if any(point in points_in(each.words) for each in told.texts if NO_FACT.search(each.path)):
        return True
    return any(_is_rounded(point, place) for place in known)


def _meant_point(told: Told, point: tuple[str, str], text: Text) -> tuple[str, str] | None:
    common = {(float(x), float(y)) for (x, y), count in told.lesson.points.items() if count > 2}
    own = text.path.replace("].feedback", "].text")  # the choice that a feedback answers
    choices = {(float(x), float(y)) for each in told.texts if each.path == own != text.path
               for x, y in points_in(each.words)}  # fmt: skip
    for place in [*sorted(told.places), *sorted(common), *sorted(choices)]:
        meant = (_like(place[0], point[0]), _like(place[1], point[1]))
        if meant == point or meant in points_in(text.words):
            continue
        swapped = (_like(place[1], point[0]), _like(place[0], point[1]))
        apart = [n for n in (0, 1) if point[n] != meant[n]]
        if swapped == point or (len(apart) == 1 and _is_other(told, point, place, apart[0])):
            return meant
    return None


def _is_other(told: Told, point: tuple[str, str], place: tuple[float, ...], at: int) -> bool:
    """Return whether a coordinate is that of a place but for its sign, or for one digit.

    One digit alone may be another number of the step, or another place of the lesson.
    """
    if point[at].lstrip("-") == _like(place[at], point[at]).lstrip("-"):
        return True
    short = len(digits_of(point[at])) < TELLING - 1
    elsewhere = told.counts[point[at].lstrip("-")] > 1 or told.facts.has_exactly(float(point[at]))
    return is_slip_of(point[at], place[at]) and not (
        short and (elsewhere or place not in told.places)
    )


def _givens(told: Told) -> Iterator[Inconsistency]:
    """Yield numbers of the body that stand where one of the step's own settings is not told."""
    everywhere = {n.lstrip("-") for text in told.texts for n in text.numbers}
    in_body = numbers_in(told.body.words).all | {abs(number_of(n)) for n in told.body.numbers}
    missing = [given for given in told.givens if abs(given) not in in_body]
    for number in told.body.numbers:
        value = abs(number_of(number))
        if told.counts[number.lstrip("-")] > 1 or told.facts.has_exactly(value):
            continue
        meant = [given for given in missing if _is_same_length(number, given)]
        if len(meant) == 1 and as_written(meant[0], number) not in everywhere:
            what = message("{number} is no number of this step, {meant} is, and is not told",
                           number=number, meant=as_written(meant[0], number))  # fmt: skip
            yield told.body.path, what, message("tell the number that the step is computed with")


def _goal_left_out(told: Told) -> Iterator[Inconsistency]:
    """Yield a goal whose number the body does not tell."""
    goal = told.step.goal if isinstance(told.step, ExperimentStep) else None
    if goal is None or isinstance(goal.value, str):
        return
    numbers = numbers_in(told.body.words)
    wanted = {abs(goal.value), 100 * abs(goal.value)}
    is_told = any(abs(n - w) <= 1e-9 * max(1.0, w) for n in numbers.all for w in wanted)
    if not is_told and numbers.digits and _GOAL.search(told.body.words):
        what = message("the goal is {value}, and the body tells another number",
                       value=shown((goal.value,)))  # fmt: skip
        yield told.body.path, what, message("tell the goal, or mend it")


def _answers_that_differ(told: Told) -> Iterator[Inconsistency]:
    """Yield a prediction whose right and wrong tell two answers."""
    answers = [answer[0] for answer in told.answers if len(answer) == 1]
    tells = [text for text in told.texts if text.key in ("right", "wrong")]
    if not any(_is_told(answers, text.numbers) for text in tells):
        return
    for text in tells:
        once = [n for n in text.numbers if told.counts[n.lstrip("-")] == 1]
        slipped = [n for n in once if any(is_slip_of(n, answer) for answer in answers)]
        if slipped and not _is_told(answers, text.numbers):
            what = message("tells {number}, and its neighbour the answer {answer}",
                           number=slipped[0], answer=shown((answers[0],)))  # fmt: skip
            yield text.path, what, message("compare right and wrong")


def _other_labels(told: Told) -> Iterator[Inconsistency]:
    """Yield labels of items that name other values than they have."""
    for list_name, key in (("items", "label"), ("presets", "name")):
        for number, item in enumerate(getattr(told.step, list_name, ()), 1):
            if not isinstance(item, OrderedItem | Preset):  # texts have no values
                continue
            named = numbers_in(getattr(item, key)).digits
            has = {abs(value) for value in item.values.values()}
            if named and has and not any(abs(t - h) <= 1e-9 * h for t in named for h in has):
                what = message("names a value that the item does not have")
                mend = message("write the same number in both")
                yield f"{told.path}.{list_name}[{number}].{key}", what, mend


_TOLD: Final = ("right", "wrong")
_LONG: Final = 5
_GOAL: Final = re.compile(
    r"\b(?:below|above|under|over|within|less than|more than|to)\b"
    r"|低于|高于|以内|小于|大于|超过|以下|以上|不到"
)


def as_written(value: float, number: str) -> str:
    """Return the size of a value, written with as many digits as the number."""
    mantissa, power, _ = number.lstrip("-").lower().partition("e")
    decimals = len(mantissa.partition(".")[2])
    if not power:
        return f"{abs(value):.{decimals}f}"
    head, _, tail = f"{abs(value):.{decimals}e}".partition("e")
    return f"{head}e{int(tail)}"


def is_slip(number: str, meant: str) -> bool:
    """Return whether one digit is another one, or two neighbours stand the other way round."""
    if len(number) != len(meant) or len(digits_of(number)) != len(digits_of(meant)):
        return False
    if "." in meant and meant.endswith("0"):
        return False
    apart = [n for n, (one, two) in enumerate(zip(number, meant, strict=True)) if one != two]
    if not all(number[n].isdigit() and meant[n].isdigit() for n in apart):
        return False
    if len(apart) == 2 and apart[1] == apart[0] + 1:
        return (number[apart[0]], number[apart[1]]) == (meant[apart[1]], meant[apart[0]])
    return len(apart) == 1


def is_slip_of(number: str, value: float) -> bool:
    """Return whether a number is this value but for its sign or one of its digits."""
    meant = _like(value, number)
    if number.lstrip("-") == meant.lstrip("-"):
        return number != meant
    same_sign = number.startswith("-") == meant.startswith("-")
    return same_sign and _is_same_length(number, value)


def _is_same_length(number: str, value: float) -> bool:
    """Return whether a number has one digit other than a value that is written as long."""
    one, two = number.lstrip("-"), as_written(value, number)
    if "e" in one:
        return is_slip(one, two) and len(digits_of(one)) >= TELLING
    if abs(float(two) - abs(value)) > 1e-9 * abs(value) and len(digits_of(two)) < TELLING:
        return False  # The value has more digits: this is not how it would be told.
    apart = [n for n, (a, b) in enumerate(zip(one, two, strict=False)) if a != b]
    return len(one) == len(two) and len(apart) == 1


def _like(value: float, number: str) -> str:
    written = as_written(value, number)
    return f"-{written}" if value < 0 and float(written) else written


def _is_told(answers: Sequence[float], numbers: Iterable[str]) -> bool:
    """Return whether one of the numbers is one of the answers, as it is rounded."""
    return any(abs(number_of(n) - a) <= 1.01 * rounding_of(n) for n in numbers for a in answers)


def _spelt(point: tuple[str, str]) -> str:
    return f"({point[0]}, {point[1]})".replace("-", "−")


def _is_rounded(point: tuple[str, str], place: tuple[float, ...]) -> bool:
    """Return whether a point is this place, or the way back from it, as it is rounded."""
    back = [-value for value in place]
    return len(place) == 2 and (is_rounded(point, place) or is_rounded(point, back))
