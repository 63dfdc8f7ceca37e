"""Statements in prose that the core can compute: sums, functions, slopes, gradients, orders.

Each language is read by itself. A rule speaks only where something is false, or differs by one
slip from what the step has: prose that cannot be computed is left to readers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final

from tutor import core
from tutor.authoring.rules.answers import shown
from tutor.authoring.rules.equations import (
    DECIMAL,
    SIGNED,
    Operand,
    false_links,
    formula_after,
    formula_before,
    formulas_in,
    number_of,
    rounding_of,
)
from tutor.authoring.rules.facts import Facts
from tutor.authoring.rules.slips import slips
from tutor.authoring.rules.told import (
    POINT,
    Around,
    Function,
    Text,
    Told,
    definition_of,
    differ,
    is_rounded,
    points_in,
    ranges_in,
)
from tutor.errors import TutorError
from tutor.i18n import message
from tutor.lesson.consistency import Inconsistency
from tutor.lesson.model import Step


def check_statements(
    steps: Iterable[tuple[str, Step]], facts: Mapping[str, Facts]
) -> Iterator[Inconsistency]:
    """Yield what the steps of a lesson say, in one language, that their numbers contradict.

    Only the steps that `facts` (by path) tells of are looked at.
    """
    lesson = Around()
    every = [Told(step, path, facts[path], lesson) for path, step in steps if path in facts]
    for told in every:
        lesson.add(told)
    for told in every:
        for text in told.texts:
            for rule in (_sums, _functions, _formulas, _slopes, _gradients, _orders):
                yield from rule(told, text)
        yield from slips(told)


def _sums(told: Told, text: Text) -> Iterator[Inconsistency]:
    """Yield links of chains that do not hold."""
    links = [told.resolved(link) for link in text.links if definition_of(link) is None]
    for link, value in false_links(links, told.names(text)):
        what = message("{equation} does not hold", equation=str(link))
        if value is not None:
            what = message("{equation}: the left side is {value}", equation=str(link),
                           value=shown((value,)))  # fmt: skip
        yield text.path, what, message("mend the side that is wrong")
    for number, square in _squares(text.words):
        if abs(number_of(number) ** 2 - number_of(square)) > rounding_of(square) * 1.0001:
            what = message("the square of {number} is {value}", number=number,
                           value=shown((number_of(number) ** 2,)))  # fmt: skip
            yield text.path, what, message("mend the side that is wrong")


def _functions(told: Told, text: Text) -> Iterator[Inconsistency]:
    """Yield a formula for f that is not the experiment's."""
    for link in text.links:
        defined = definition_of(link)
        if defined is None or told.ground is None or defined[0] != "f":
            continue
        if len(defined[1].variables) == len(told.ground.variables) and differ(
            defined[1], told.ground
        ):
            what = message("{equation}, and the step's function is {formula}",
                           equation=str(link), formula=_pretty(told.ground))  # fmt: skip
            yield text.path, what, message("write the same function in both")


def _formulas(told: Told, text: Text) -> Iterator[Inconsistency]:
    """Yield formulas that are a function of the lesson but for one sign or digit."""
    operands = [o for o in formulas_in(text.words) if o.names <= {"x", "x0", "x1"}]
    known = {_pretty(each): each for each in told.lesson.grounds} if operands else {}
    common = [f for f, count in told.lesson.formulas.items() if count > 1] if operands else []
    for operand in operands:
        flat = _flat(operand.text)
        same = [p for p, f in known.items() if _flat(p) == flat or _is_same(operand, f)]
        near = [p for p in known if _is_one_slip(flat, _flat(p))]
        near += [f for f in common if _is_one_slip(operand.formula, f, digits=True)]
        if near and not same and told.lesson.formulas[operand.formula] == 1:
            what = message("{formula} is no function of this lesson, {meant} is",
                           formula=operand.text, meant=near[0])  # fmt: skip
            yield text.path, what, message("write the same function in both")


def _slopes(told: Told, text: Text) -> Iterator[Inconsistency]:  # noqa: ARG001 — one signature
    """Yield derivatives that are told wrong: "the derivative of x² is 2x"."""
    for of, derived in _derivatives(text.words):
        if _is_other_derivative(of, derived):
            what = message("the derivative of {formula} is not {told}", formula=of.text,
                           told=derived.text)  # fmt: skip
            yield text.path, what, message("mend one of the two")


def _gradients(told: Told, text: Text) -> Iterator[Inconsistency]:
    """Yield gradients that no function of the lesson has at a point that the step tells of."""
    functions = [told.functions["f"]] if "f" in told.functions else told.lesson.grounds
    functions = [each for each in functions if len(each.variables) == 2]
    found = list(_GRADIENT.finditer(text.words))
    if not functions or not found:
        return
    gradients = [core.parse(each.formula, each.variables).gradient for each in functions]
    places = {tuple(map(float, point)) for each in told.texts for point in points_in(each.words)}
    known = [g(*place) for g in gradients for place in places | told.places]
    for each in found:
        point = (each["x"].replace("−", "-"), each["y"].replace("−", "-"))
        if not any(is_rounded(point, gradient) for gradient in known):
            what = message("the gradient is {point} at none of the points that are told",
                           point=f"({each['x']}, {each['y']})")  # fmt: skip
            yield text.path, what, message("compute it anew, or name the point")


def _orders(told: Told, text: Text) -> Iterator[Inconsistency]:
    """Yield orders of two numbers that are the other way round."""
    for pattern, is_rise in _ORDERS if _IN_ORDER.search(text.words) else ():
        for found in pattern.finditer(text.words):
            first, second = number_of(found["a"]), number_of(found["b"])
            if first == second or (first < second) == is_rise:
                continue
            what = message("{words}: the numbers are the other way round", words=found[0])
            yield text.path, what, message("swap the numbers, or mend the word")
    ranges = told.lesson.ranges
    for low, high in ranges_in(text.words):
        if ranges[high, low] and ranges[low, high] == 1 and number_of(low) > number_of(high):
            what = message("from {low} to {high}, and elsewhere from {high} to {low}",
                           low=low, high=high)  # fmt: skip
            yield text.path, what, message("swap the numbers, or mend the word")


_SQUARE: Final = re.compile(
    rf"(?<!half the )square of (?P<n>{SIGNED}) is (?P<s>{DECIMAL})(?![.]?\d)"
    rf"|(?<!\d)(?P<m>{SIGNED}) ?的平方是 ?(?P<t>{DECIMAL})(?![.]?\d)"
)
_GRADIENT: Final = re.compile(
    rf"(?:gradient(?: there)?(?: is)?|∇f(?:\([^()]*\))? =|梯度(?:是|为)?) ?{POINT.pattern}"
)
_OF: Final = re.compile(r"\bderivatives? of |(?P<and>and )that of ")
_VERB: Final = re.compile(r" (?:is|are) ")
_DERIVED: Final = re.compile(r" ?的导数(?:就)?是 ?")
_SHORTEST: Final = 4
_NUMBER: Final = rf"{SIGNED}(?:[eE][-−]?\d+)?"


def _order(pattern: str) -> re.Pattern[str]:
    named = pattern.replace("A", rf"(?P<a>{_NUMBER})").replace("B", rf"(?P<b>{_NUMBER})")
    return re.compile(named)


_IN_ORDER: Final = re.compile(r" from | than |between|[从比在大小] ?[于\d]")
_ORDERS: Final = tuple(
    (_order(pattern), is_rise)
    for pattern, is_rise in (
        (r"\b(?:falls?|sinks?|drops?|shrinks?|down) from A to B", False),
        (r"\b(?:rises?|grows?|climbs?|up) from A to B", True),
        (r"(?<![\d.])A(?: is|,)? (?:larger|greater|more|higher) than B", False),
        (r"(?<![\d.])A(?: is|,)? (?:smaller|less|lower) than B", True),
        (r"\bbetween(?: about)? A and B(?! ?%)", True),
        (r"从 ?A ?[^，。；\d]{0,3}(?:降|减|落|跌)[^，。；\d]{0,3}B", False),
        (r"从 ?A ?[^，。；\d]{0,3}(?:升|增|涨|长)[^，。；\d]{0,3}B", True),
        (r"(?<![\d.])A ?比 ?B ?(?:大|多|高)", False),
        (r"(?<![\d.])A ?比 ?B ?(?:小|少|低)", True),
        (r"(?<![\d.])A ?大于 ?B", False),
        (r"(?<![\d.])A ?小于 ?B", True),
        (r"在 ?A ?[和到] ?B ?之间", True),
    )
)
"""How an order of two numbers is told, and whether the first is the smaller one."""


def _squares(words: str) -> Iterator[tuple[str, str]]:
    for found in _SQUARE.finditer(words):
        yield found["n"] or found["m"], found["s"] or found["t"]


def _derivatives(words: str) -> Iterator[tuple[Operand, Operand]]:
    """Yield what is said to be the derivative of what."""
    for found in _OF.finditer(words) if "derivative" in words else ():
        of, end = formula_after(words, found.end())
        verb = _VERB.match(words, end)
        told = formula_after(words, verb.end())[0] if verb else None
        if of is not None and told is not None:
            yield of, told
    for found in _DERIVED.finditer(words):
        of, told = formula_before(words, found.start()), formula_after(words, found.end())[0]
        if of is not None and told is not None:
            yield of, told


def _is_other_derivative(of: Operand, told: Operand) -> bool:
    if len(of.names) != 1 or not told.names <= of.names:
        return False
    (name,) = of.names
    try:
        derived = core.parse(of.formula, [name]).derivative(name).source
    except TutorError:
        return False
    return differ(Function((name,), derived), Function((name,), told.formula))


@lru_cache(maxsize=256)
def _pretty(function: Function) -> str:
    return core.parse(function.formula, function.variables).pretty


def _flat(formula: str) -> str:
    return "".join(formula.split()).replace("·", "")


def _is_same(operand: Operand, function: Function) -> bool:
    if not operand.names <= set(function.variables):
        return False
    return not differ(Function(function.variables, operand.formula), function)


def _is_one_slip(one: str, other: str, *, digits: bool = False) -> bool:
    """Return whether exactly one character, or digit, is another one."""
    if len(one) != len(other) or len(one) < _SHORTEST:
        return False
    apart = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    return len(apart) == 1 and not (digits and not "".join(apart[0]).isdecimal())
