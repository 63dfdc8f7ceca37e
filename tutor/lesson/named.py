"""What a lesson names once: numbers (`values`) and functions (`functions`), put in where it reads.

`values: {eta: 0.1}` and `functions: {f: x**2 + 1}` may then be used in every formula (`f(3)/eta`),
in place of a number after a sign of equality (`learning_rate: =eta`), and in prose in braces
(`{=f(3)}`). All of it is put in while the file is read, so nothing behind the reader knows of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from re import Match, compile as pattern
from typing import Any, Final, TypeAlias, get_args

from tutor import core
from tutor.core.formula.tokens import Token, name_of, tokens_of
from tutor.errors import TutorError
from tutor.i18n import Message, message
from tutor.lesson.experiments import Quantity
from tutor.lesson.fields import DefinedName, Definition
from tutor.lesson.problem import mend_by_nearest
from tutor.lesson.scalars import (
    RefusedError,
    quoted,
    read_formula,
    read_line,
    read_number,
    read_text,
    read_whole_number,
)
from tutor.lesson.schema import first_of
from tutor.lesson.yaml_nodes import ScalarNode
from tutor.typed import nearest

Fault: TypeAlias = tuple[str, Message, Message]
"""A key path, what is wrong there, and the mend."""

_IN_PROSE: Final = pattern(r"\{=([^{}]*)(\}?)")
_NUMBER: Final = pattern(r"\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\s*")
_ALONE: Final = pattern(r"\s*[A-Za-z0-9.]+\s*")
_WITH_DIGITS: Final = pattern(r"(.*?)(?::\s*([1-9]|1[0-5])\s*)?")
_DIGITS: Final = 6
_DEEPEST: Final = 20
_VARIABLES: Final = ("x0", "x1")
_LETTERS: Final = ("x", "y")
_BESIDE: Final = frozenset({"number", "name", "indexed", "raised"})


class BrokenNameError(Exception):
    """Uses a name whose definition is at fault, which is told there."""


@dataclass(frozen=True)
class Named:
    """The names of one lesson, each with what stands in its place."""

    values: Mapping[str, str] = field(default_factory=dict)
    """Numbers, as formulas write them."""
    functions: Mapping[str, str] = field(default_factory=dict)
    """In x, or in x0 and x1; no other name of the lesson stands in them any more."""
    broken: frozenset[str] = frozenset()
    are_all_known: bool = True
    """Whether the tables could be read; else a name that means nothing may stand in one."""

    def spelt(self, read: Callable[[ScalarNode], object], node: ScalarNode) -> ScalarNode:
        """Return the value with what its names mean in their place, as `read` will read it.

        Raises:
            RefusedError: a name is unknown there, or has no value.
            BrokenNameError: what a name means is not known.
        """
        if isinstance(read, partial) and read.func is first_of:
            read = read.keywords["readers"][0]
        change = _CHANGES.get(read)
        text = node.text if change is None else change(self, node.text)
        return node if text == node.text else replace(node, text=text)

    def in_formula(self, text: str) -> str:
        """Return a formula without names of the lesson; as it is, where it is none."""
        try:
            plain, tokens = tokens_of(text)
        except TutorError:
            return text
        parts, end = [], 0
        for start, stop, instead in self._replaced(plain, tokens):
            parts += [plain[end:start], instead]
            end = stop
        return "".join([*parts, plain[end:]]) if parts else text

    def in_prose(self, text: str) -> str:
        """Return prose with the values of what stands in `{=…}`."""
        return _IN_PROSE.sub(self._shown, text) if "{=" in text else text

    def as_number(self, text: str) -> str:
        """Return the number that `=` and a formula are."""
        if text.strip() in self.values:
            what = message("{text} is not a number", text=quoted(text))
            raise RefusedError(what, message("write ={name}", name=text.strip()))
        if not text.lstrip().startswith("="):
            return text
        return number_text(self._computed(text.strip()[1:], text))

    def _shown(self, found: Match[str]) -> str:
        if not found[2]:
            what = message("{text} is not closed", text=quoted(found[0]))
            raise RefusedError(what, message("write a name or a formula in braces: {{=f(2)}}"))
        split = _WITH_DIGITS.fullmatch(found[1])
        formula, digits = (split[1], split[2]) if split else (found[1], None)
        name = formula.strip()
        if name in self.broken:
            raise BrokenNameError
        if name in self.functions:
            return _pretty(self.functions[name])
        if name in self.values and digits is None:
            return self.values[name].replace("-", "−")
        return f"{self._computed(formula, found[0]):.{digits or _DIGITS}g}".replace("-", "−")

    def _computed(self, formula: str, written: str) -> float:
        try:
            return core.evaluate(self.in_formula(formula))
        except TutorError as error:
            what = message("{text} has no value here", text=quoted(written))
            raise RefusedError(what, self._mend(formula, error)) from error

    def _mend(self, formula: str, error: TutorError) -> Message:
        """Return the name of the lesson that was meant, or what the core says."""
        known = (*self.values, *self.functions)
        for name in _names_in(formula):
            if name not in known and (near := nearest(name, known)) is not None:
                return mend_by_nearest(name, [near])
        return message("{error}", error=error)

    def _replaced(self, plain: str, tokens: Sequence[Token]) -> Iterator[tuple[int, int, str]]:
        """Yield what is to be replaced: from where, to where, by what."""
        at = 0
        while at < len(tokens) - 1:
            token, at = tokens[at], at + 1
            name = name_of(token) if token.kind in {"name", "indexed"} else ""
            if name and self._is_broken(name):
                raise BrokenNameError
            if name in self.values:
                number = self.values[name]
                touched = _touches(tokens, at - 1) or number.startswith("-")
                yield token.start, token.end, f"({number})" if touched else number
            elif name in self.functions:
                arguments, after = _arguments(plain, tokens, at)
                yield token.start, tokens[after - 1].end, self._called(name, arguments)
                at = after

    def _is_broken(self, name: str) -> bool:
        is_known = name in self.values or name in self.functions or _has_meaning(name)
        return name in self.broken or not (self.are_all_known or is_known)

    def _called(self, name: str, arguments: Sequence[str]) -> str:
        """Return the formula of a function, with its arguments in place of its variables."""
        formula = self.functions[name]
        if not arguments:
            return f"({formula})"
        variables = variables_of(formula)
        if len(arguments) != len(variables):
            what = message("{name} is a function of {variables}", name=name,
                           variables=", ".join(variables))  # fmt: skip
            example = f"{name}({', '.join('12'[: len(variables)])})"
            raise RefusedError(what, message("write, for instance, {example}", example=example))
        given = {
            variable: argument if _ALONE.fullmatch(argument) else f"({argument})"
            for variable, argument in zip(variables, map(self.in_formula, arguments), strict=True)
        }
        return f"({Named(values=given).in_formula(formula)})"


def named(
    values: Mapping[DefinedName, Definition],
    functions: Mapping[DefinedName, Definition],
    unread: Iterable[str] = (),
    *,
    are_all_known: bool = True,
) -> tuple[Named, list[Fault]]:
    """Return what these definitions mean, and what is wrong with them.

    The definitions of `unread` could not be read, or, where not all are known, a whole table of
    them: that is told elsewhere.
    """
    making = _Making(dict(values.items()), dict(functions.items()), are_all_known, broken={*unread})
    for name in (*values, *functions):
        making.make(name, ())
    return making.made(), making.faults


def variables_of(formula: str) -> tuple[str, ...]:
    """Return what a named function is a function of: x, or x0 and x1."""
    return _VARIABLES if _names_in(formula) & {*_VARIABLES} else _LETTERS[:1]


def number_text(value: float) -> str:
    """Return a number as a formula writes it: 5 for 5.0."""
    return repr(value).removesuffix(".0")


@dataclass
class _Making:
    """Works out definitions, each after those that it uses."""

    values: Mapping[Any, str]
    functions: Mapping[Any, str]
    are_all_known: bool
    numbers: dict[str, str] = field(default_factory=dict)
    formulas: dict[str, str] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)

    def made(self) -> Named:
        """Return the names that were worked out so far."""
        return Named(self.numbers, self.formulas, frozenset(self.broken), self.are_all_known)

    def make(self, name: str, path: tuple[str, ...]) -> None:
        """Work out one name; `path` are those that wait for it."""
        if name in path:
            circle = " → ".join([*path[path.index(name) :], name])
            what = message("is defined by itself: {circle}", circle=circle)
            self._refuse(name, what, message("write one of them without the other"))
        if len(path) > _DEEPEST:
            what = message("is used by a row of more than {limit} names", limit=_DEEPEST)
            self._refuse(name, what, message("write some of them out"))
        if name in self.numbers or name in self.formulas or name in self.broken:
            return
        if (clash := self._clash(name)) is not None:
            self._refuse(name, *clash)
            return
        formula = self.values.get(name, self.functions.get(name, ""))
        for other in sorted(_names_in(formula) & {*self.values, *self.functions}):
            self.make(other, (*path, name))
        if name not in self.broken:
            self._define(name, formula)

    def _define(self, name: str, formula: str) -> None:
        """Put the names before it into a definition, and look that it means something."""
        try:
            self._settle(name, self.made().in_formula(formula))
        except BrokenNameError:
            self.broken.add(name)
        except RefusedError as refused:
            self._refuse(name, refused.what, refused.mend)
        except TutorError as error:
            what = message("the core cannot compute it")
            self._refuse(name, what, message("{error}", error=error))

    def _settle(self, name: str, formula: str) -> None:
        if name in self.functions:
            core.parse(formula, variables_of(formula))
            self.formulas[name] = formula
        else:
            value = core.evaluate(formula)  # refuses what is no finite number, 1e999 too
            as_written = _NUMBER.fullmatch(formula)
            self.numbers[name] = formula.strip() if as_written else number_text(value)

    def _clash(self, name: str) -> tuple[Message, Message] | None:
        mend = message("give it another name")
        if name in self.values and name in self.functions:
            return message("{name} is a value and a function", name=name), mend
        if _has_meaning(name):
            return message("{name} has a meaning in every formula", name=name), mend
        return None

    def _refuse(self, name: str, what: Message, mend: Message) -> None:
        if name not in self.broken:
            self.broken.add(name)
            key = "functions" if name in self.functions else "values"
            self.faults.append((f"{key}.{name}", what, mend))


def _has_meaning(name: str) -> bool:
    """Return whether every formula knows the name."""
    return name in get_args(Quantity) or name in _LETTERS or name in core.FORMULA_NAMES


def _names_in(formula: str) -> set[str]:
    try:
        tokens = tokens_of(formula)[1]
    except TutorError:
        return set()
    return {name_of(token) for token in tokens if token.kind in {"name", "indexed"}}


def _touches(tokens: Sequence[Token], at: int) -> bool:
    """Return whether a number there would run into what stands beside it: 2eta is no 20.1."""
    before = tokens[at - 1] if at else None
    after = tokens[at + 1]
    closes = before is not None and (before.kind in _BESIDE or before.text == ")")
    return closes or after.kind in _BESIDE or after.text == "("


def _arguments(plain: str, tokens: Sequence[Token], at: int) -> tuple[list[str], int]:
    """Return the texts between brackets that open at a token, and the token after them."""
    if tokens[at].text != "(":
        return [], at
    depth, start, found = 0, tokens[at].end, []
    for place in range(at, len(tokens)):
        token = tokens[place]
        depth += (token.text == "(") - (token.text == ")")
        if depth == 0 or (depth == 1 and token.text == ","):
            found.append(plain[start : token.start])
            start = token.end
        if depth == 0:
            return found, place + 1
    raise RefusedError(message("a bracket is not closed"), message("close it with )"))


def _pretty(formula: str) -> str:
    return core.parse(formula, variables_of(formula)).pretty


_CHANGES: Final[Mapping[object, Callable[[Named, str], str]]] = {
    read_text: Named.in_prose,
    read_line: Named.in_prose,
    read_formula: Named.in_formula,
    read_number: Named.as_number,
    read_whole_number: Named.as_number,
}
"""How a value is spelt out, by what reads it then. Programs and ids stay as they are."""
