"""What the texts of a step tell: numbers, points, names, functions; and those of its lesson."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Final

from tutor import core
from tutor.authoring.proved import is_long
from tutor.authoring.rules.equations import (
    DECIMAL,
    SIGNED,
    Link,
    Operand,
    digits_of,
    formulas_in,
    links_in,
    names_set,
    number_of,
    plain_words,
    rounding_of,
    value_at,
)
from tutor.authoring.rules.facts import Facts, numbers_of
from tutor.authoring.runs import run_of
from tutor.engine.kinds.predict import right_answers
from tutor.engine.settings import objective_of
from tutor.errors import TutorError
from tutor.lesson.model import NumberStep, ObjectiveExperiment, PredictStep, SlopeProof, Step
from tutor.lesson.texts import AuthorText, texts_of

_WRITTEN: Final = re.compile(
    rf"(?<![\w.,₀-₉])([-−]?)(\d{{1,3}}(?:,\d{{3}})+|(?:{DECIMAL}|\.\d+)(?:[eE][-−+]?\d+)?)"
    r"(?![\d.]*[A-Za-z_\d]|[²³⁴-⁹⁰¹⁻])"
)
POINT: Final = re.compile(rf"\((?P<x>{SIGNED}), ?(?P<y>{SIGNED})\)")
_CODE: Final = re.compile(r"```.*?```", re.DOTALL)
_PAIR: Final = re.compile(rf"\[\s*(-?{DECIMAL}),\s*(-?{DECIMAL})\s*\]")
_RANGE: Final = re.compile(rf"(?:from|从) ?({DECIMAL}) ?(?:to|到) ?({DECIMAL})(?![.]?\d)")
_NUMBER: Final = re.compile(rf"-?{DECIMAL}")
_GIVEN: Final = ("start", "point", "x", "h", "learning_rate")
_LONGEST_PLACE: Final = 5
TELLING: Final = 3
"""Digits of a number that hardly stands there by chance."""
NO_FACT: Final = re.compile(r"\.choices\[\d+\]\.text$|^sources|\.solution$")
"""Texts whose numbers may be wrong on purpose, or are of no experiment."""


@dataclass(frozen=True)
class Text:
    """One text as it is read."""

    path: str
    key: str
    words: str
    links: tuple[Link, ...]
    numbers: tuple[str, ...]
    """As they are written, those in blocks of code too."""


@dataclass(frozen=True)
class Function:
    """A function: its variables, and its formula in them."""

    variables: tuple[str, ...]
    formula: str


@dataclass
class Around:
    """What the steps of a lesson have and tell together."""

    facts: list[Facts] = field(default_factory=list)
    grounds: list[Function] = field(default_factory=list)
    """The functions of the experiments."""
    formulas: Counter[str] = field(default_factory=Counter)
    """Those of the texts, as the formula language spells them."""
    numbers: Counter[str] = field(default_factory=Counter)
    points: Counter[tuple[str, str]] = field(default_factory=Counter)
    ranges: Counter[tuple[str, ...]] = field(default_factory=Counter)
    """From where to where something is said to go."""

    @cached_property
    def telling(self) -> frozenset[float]:
        """The numbers of all steps that have enough digits to be known again."""
        values = {abs(v) for facts in self.facts for v in facts.settings | facts.computed}
        return frozenset(v for v in values if len(digits_of(f"{v:.6g}")) >= TELLING)

    def add(self, told: Told) -> None:
        """Add what a step, in one language, has and tells."""
        self.facts.append(told.facts)
        if told.ground is not None:
            self.grounds.append(told.ground)
        self.numbers.update(told.counts)
        self.points.update(told.all_points)
        for text in told.texts:
            self.ranges.update(ranges_in(text.words))
            self.formulas.update(operand.formula for operand in formulas_in(text.words))


@dataclass(frozen=True)
class Told:
    """The texts of a step, and what can be held against them."""

    step: Step
    path: str
    facts: Facts
    lesson: Around

    @cached_property
    def texts(self) -> tuple[Text, ...]:
        """The texts as they are read."""
        return tuple(read(text) for text in texts_of(self.step, self.path))

    @cached_property
    def ground(self) -> Function | None:
        """The function of the experiment."""
        return ground_of(self.step)

    @cached_property
    def functions(self) -> Mapping[str, Function]:
        """Functions by name: what the body defines, else the experiment's f."""
        found = {"f": self.ground} if self.ground else {}
        for link in self.body.links:
            defined = definition_of(link)
            if defined is not None:
                found.setdefault(*defined)
        return found

    @cached_property
    def body(self) -> Text:
        """The body."""
        return self.texts[[text.key for text in self.texts].index("body")]

    def names(self, text: Text) -> dict[str, float]:
        """Return what the names of a text stand for, by itself and by the body."""
        found = {**names_set(self.body.links), **names_set(text.links)}
        place = _only_point(text.words) or _only_point(self.body.words)
        if place is not None and not {"x0", "x1"} & found.keys():
            found |= {"x0": place[0], "x1": place[1]}
        return {name: value for name, value in found.items() if value is not None}

    # --- formulas

    def resolved(self, link: Link) -> Link:
        """Return a link with f(…) and ∂f/∂x₀ in it written out."""
        return replace(link, left=self.opened(link.left), right=self.opened(link.right))

    def opened(self, operand: Operand) -> Operand:
        """Return an operand with functions written out."""
        if operand.formula.startswith("∂"):
            return self._partial(operand)
        formula = operand.formula
        for name, function in self.functions.items():
            formula = _written_out(formula, name, function)
        if formula == operand.formula:
            return operand
        return replace(operand, formula=formula, names=_names_of(formula))

    def _partial(self, operand: Operand) -> Operand:
        function = self.functions.get("f")
        if function is None or operand.formula[-2:] not in function.variables:
            return replace(operand, names=frozenset({"∂"}))
        try:
            formula = core.parse(function.formula, function.variables)
            derived = formula.derivative(operand.formula[-2:]).source
        except TutorError:
            return replace(operand, names=frozenset({"∂"}))
        return replace(operand, formula=f"({derived})", names=_names_of(derived))

    # --- numbers

    @cached_property
    def sums(self) -> tuple[float, ...]:
        """What the sums in the texts give."""
        operands = [o for text in self.texts for link in text.links
                    for o in map(self.opened, (link.left, link.right))]  # fmt: skip
        values = (value_at(o.formula, (), ()) for o in operands if not o.names)
        return tuple(abs(value) for value in values if value is not None)

    @cached_property
    def heights(self) -> frozenset[float]:
        """The functions of the lesson in one variable, at the numbers that the step tells."""
        places = [number_of(n) for n in self.counts if len(n) < _LONGEST_PLACE]
        found = (value_at(f.formula, f.variables, (x,)) for f in set(self.lesson.grounds)
                 if len(f.variables) == 1 for x in places)  # fmt: skip
        return frozenset(abs(value) for value in found if value is not None)

    @cached_property
    def counts(self) -> Counter[str]:
        """How often each number is told, whatever its sign."""
        return Counter(n.lstrip("-") for text in self.texts for n in text.numbers)

    @cached_property
    def givens(self) -> tuple[float, ...]:
        """What the step is computed with: its start, its η, the numbers of its answer."""
        found: list[float] = []
        experiment = self.step.experiment
        if isinstance(self.step, NumberStep):
            found += numbers_of(self.step.answer)
        for name in _GIVEN:
            value = getattr(experiment, name, None)
            found += value if isinstance(value, tuple) else [] if value is None else [value]
        return tuple(dict.fromkeys(found))

    @cached_property
    def answers(self) -> tuple[tuple[float, ...], ...]:
        """What a prediction asks for; none where that takes long to compute."""
        if not isinstance(self.step, PredictStep) or self.step.ask == "ordering":
            return ()
        if is_long(self.step):
            return ()
        try:
            return right_answers(self.step, run_of(self.step.experiment))
        except TutorError:
            return ()

    # --- points

    @cached_property
    def all_points(self) -> Counter[tuple[str, str]]:
        """How often each point is told."""
        return Counter(point for text in self.texts for point in points_in(text.words))

    @cached_property
    def places(self) -> set[tuple[float, ...]]:
        """Where the experiment is, what it answers, and what is said of it more than once."""
        texts = (text for text in self.texts if not NO_FACT.search(text.path))
        points = Counter(point for text in texts for point in points_in(text.words))
        found = {tuple(map(float, point)) for point, count in points.items() if count > 1}
        found |= {tuple(answer) for answer in self.answers}
        for holder in (self.step.experiment, *getattr(self.step.experiment, "rivals", ())):
            for key in ("start", "point"):
                place = getattr(holder, key, None)
                found |= {tuple(place)} if place is not None else set()
        for check in getattr(self.step, "checks", ()):
            pairs = _PAIR.findall(f"{check.call} {check.expect}")
            found |= {tuple(map(float, pair)) for pair in pairs}
        return {place for place in found if len(place) == 2}

    @cached_property
    def misses(self) -> set[tuple[float, ...]]:
        """The points that near misses are."""
        return {
            tuple(float(part) for part in miss.value)
            for miss in getattr(self.step, "near_misses", ())
            if len(miss.value) == 2 and all(_NUMBER.fullmatch(str(part)) for part in miss.value)
        }


def ground_of(step: Step) -> Function | None:
    """Return the function that a step is about: its experiment's, else its proof's."""
    if isinstance(step, NumberStep) and isinstance(step.proof, SlopeProof):
        variables = ("x",) if len(step.proof.at) == 1 else ("x0", "x1")
        return Function(variables, step.proof.slope)
    experiment = step.experiment
    if isinstance(step, NumberStep) and experiment is None:
        experiment = getattr(step.proof, "run", None)
    if not isinstance(experiment, ObjectiveExperiment):
        return None
    try:
        objective = objective_of(experiment)
    except TutorError:
        return None
    return Function(objective.variables, objective.source_formula)


def read(text: AuthorText) -> Text:
    """Return a text as it is read."""
    words, links, numbers = _parts(text.text)
    return Text(text.path, text.key, words, links, numbers)


@lru_cache(maxsize=2048)
def _parts(markup: str) -> tuple[str, tuple[Link, ...], tuple[str, ...]]:
    words = plain_words(markup)
    code = "\n".join(_CODE.findall(markup)) if "```" in markup else ""
    return words, links_in(words), tuple(_numbers(f"{words}\n{code}"))


def _numbers(words: str) -> list[str]:
    """Return the numbers of a text as they are written, with a minus where one is theirs."""
    found = []
    for match in _WRITTEN.finditer(words):
        before = words[match.start() - 1 : match.start()]
        sign = "" if before.isalnum() or before == ")" else match[1].replace("−", "-")
        found.append(sign + match[2].replace(",", "").replace("−", "-"))
    return found


def definition_of(link: Link) -> tuple[str, Function] | None:
    """Return the function that a link defines: f(x) = x², or f(x₀, x₁) = …."""
    found = re.fullmatch(r"([fg])\(([a-z]\d?(?:,[a-z]\d?)?)\)", link.left.formula)
    if found is None or link.sign != "=":
        return None
    variables = tuple(found[2].split(","))
    is_whole = link.right.names and link.right.names <= set(variables)
    return (found[1], Function(variables, link.right.formula)) if is_whole else None


def _written_out(formula: str, name: str, function: Function) -> str:
    """Return a formula with the function's own formula in place of its name and arguments."""
    pattern = rf"(?<![A-Za-z]){name}\(([^()]*)\)"
    found = re.search(pattern, formula)
    if found is None or len(found[1].split(",")) != len(function.variables):
        return formula
    body = function.formula
    for number, (variable, argument) in enumerate(
        zip(function.variables, found[1].split(","), strict=True)
    ):
        body = re.sub(rf"(?<![A-Za-z]){variable}(?![A-Za-z\d])", f"§{number}", body)
        body = body.replace(f"§{number}", f"({argument})")
    return _written_out(formula[: found.start()] + f"({body})" + formula[found.end() :],
                        name, function)  # fmt: skip


_NAME: Final = re.compile(r"(?<![A-Za-z])[a-zα-ωA-Z]\d?(?![A-Za-z])")


def _names_of(formula: str) -> frozenset[str]:
    return frozenset(_NAME.findall(formula)) - {"e", "π"}


def differ(one: Function, other: Function) -> bool:
    """Return whether two functions of as many variables have other values somewhere."""
    for place in ((0.73, 1.37), (1.91, -0.58), (-1.2, 2.3)):
        at = place[: len(one.variables)]
        first, second = (value_at(f.formula, f.variables, at) for f in (one, other))
        if first is None or second is None:
            continue
        if abs(first - second) > 1e-7 * max(1.0, abs(first)):
            return True
    return False


def points_in(words: str) -> list[tuple[str, str]]:
    """Return the points of a text as they are written."""
    return [(m["x"].replace("−", "-"), m["y"].replace("−", "-")) for m in POINT.finditer(words)]


def is_rounded(point: Sequence[str], place: Sequence[float]) -> bool:
    """Return whether the numbers of a point, as they are written, are a place's, rounded."""
    return all(abs(number_of(n) - value) <= rounding_of(n) + 1e-9
               for n, value in zip(point, place, strict=True))  # fmt: skip


def ranges_in(words: str) -> list[tuple[str, ...]]:
    """Return from where to where something is said to go."""
    return _RANGE.findall(words)


def _only_point(words: str) -> tuple[float, float] | None:
    """Return the point of a text, if it has exactly one."""
    points = {(number_of(found["x"]), number_of(found["y"])) for found in POINT.finditer(words)}
    return points.pop() if len(points) == 1 else None
