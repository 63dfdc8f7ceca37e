"""A formula is read, or refused with the whole formula that was meant.

A mend is never a guess: it is read itself before it is offered, and a text that has two readings
gets both. What was read is written as Python writes it, since exports and programs are Python.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from tutor.core.formula import printer
from tutor.core.formula.functions import CALLABLE, CONSTANTS, FUNCTIONS, PAIRS
from tutor.core.formula.graph import Graph
from tutor.core.formula.parser import (
    NoReadingError,
    Reader,
    TwoReadingsError,
    UnknownNameError,
    Way,
    too_deep,
)
from tutor.core.formula.tokens import (
    LONGEST,
    FormulaError,
    Token,
    name_of,
    refused,
    spaced_exponent,
    tokens_of,
)
from tutor.i18n import Text, message
from tutor.typed import nearest
from tutor.visible import visible_line

_TWO: Final = ("x0", "x1")
_LETTERS: Final = ("x", "y")
_LONGEST_SHOWN: Final = 80
"""Characters of a formula inside a sentence."""
_FOREIGN: Final = frozenset({"mod", "softmax", "i", "j", "z", "t", "n", "inf", "nan", "infinity",
                             "where", "sum", "mean", "dot", "gamma", "erf", "norm", "det",
                             "atan2", "arctan2", "clip", "int", "sig", "sinc", "cis", "gelu", "elu",
                             "selu", "silu", "softsign", "acot", "arccot", "asec", "arcsec",
                             "acsc", "arccsc", "frac", "trunc", "hypot", "fmod", "erfc", "med",
                             "round", "argmax", "alpha", "beta", "delta", "epsilon", "eta", "theta",
                             "mu", "sigma", "phi", "lr"})  # fmt: skip
"""Names that people mean as they stand: no other name is near to them."""


def read(
    text: str, variables: Sequence[str], numbers: Mapping[str, float] | None = None
) -> tuple[Graph, int, str]:
    """Return the graph of a formula, its root, and the formula as Python writes it.

    `numbers` are names that stand for numbers; a formula with such names stays as it was typed.

    Raises:
        FormulaError: for whatever the language does not take, with the mend.
    """
    plain, tokens = tokens_of(text)
    spaced = spaced_exponent(plain)
    if spaced is not None:
        raise _spaced(plain, variables, *spaced)
    reader, graph = _reader(tokens, variables, numbers or {}, None)
    try:
        root = reader.read()
    except TwoReadingsError as stopped:
        names = (*variables, *(numbers or {}))
        raise _two_readings(plain, tokens, names, stopped.token) from None
    except NoReadingError as error:
        raise _explained(plain, tokens, (*variables, *(numbers or {})), error) from None
    except RecursionError:
        raise too_deep() from None
    if reader.python or numbers:
        return graph, root, plain.strip()
    written = printer.source(graph, root, variables)
    if len(written) > LONGEST:
        template = "written out, this formula has {length} characters; write at most {limit}"
        raise FormulaError(message(template, length=len(written), limit=LONGEST))
    return graph, root, written


def variables_meant(text: str) -> tuple[str, ...]:
    """Return the variables that a formula of one or two is in: x, or x0 and x1.

    x and y are x0 and x1 where no x0 is named.
    """
    try:
        tokens = tokens_of(text)[1]
    except FormulaError:
        return ("x",)
    equals = [at for at, token in enumerate(tokens) if token.text == "="]
    names = _names_in(tokens[equals[0] :] if equals else tokens)
    letters = {letter for name in names if not name.strip("xy") for letter in name}
    return _TWO if names & {*_TWO} or letters == {*_LETTERS} else ("x",)


def _names_in(tokens: Sequence[Token]) -> set[str]:
    return {name_of(token) for token in tokens if token.kind in {"name", "indexed"}}


def _reader(
    tokens: Sequence[Token],
    variables: Sequence[str],
    numbers: Mapping[str, float],
    way: Way | None,
) -> tuple[Reader, Graph]:
    graph = Graph()
    names = {name: graph.add("variable", i) for i, name in enumerate(variables)}
    also: dict[str, int] = {}
    if tuple(variables) == _TWO and not (found := _names_in(tokens)) & {*_TWO}:
        pairs = zip(_LETTERS, _TWO, strict=True)
        also = {letter: names[name] for letter, name in pairs} if "y" in found else {}
    names |= {name: graph.constant(value) for name, value in numbers.items()}
    return Reader(tokens, names, also, graph, way), graph


def _source(tokens: Sequence[Token], variables: Sequence[str], way: Way | None) -> str | None:
    """Return what a text is when it is read this way; None where it cannot be."""
    reader, graph = _reader(tokens, variables, {}, way)
    try:
        root = reader.read()
    except (FormulaError, RecursionError):
        return None
    written = printer.source(graph, root, variables)
    return written if len(written) <= LONGEST else None


def _mends(texts: Sequence[str], variables: Sequence[str]) -> tuple[str, ...]:
    """Return what the texts are, written out; none where one of them cannot be read."""
    found: list[str | None] = []
    for text in texts:
        try:
            _, tokens = tokens_of(text)
            found.append(_source(tokens, variables, None))
        except TwoReadingsError:
            found += [_source(tokens, variables, "loosely"), _source(tokens, variables, "tightly")]
        except FormulaError:
            found.append(None)
    known = tuple(dict.fromkeys(each for each in found if each is not None))
    return known if len(known) <= 2 and None not in found else ()


# What is said


def _said(problem: Text, position: int | None, mends: tuple[str, ...]) -> FormulaError:
    """Return the error that says what is wrong and, where it can be known, the whole mend."""
    text = problem
    if mends and max(map(len, mends)) <= _LONGEST_SHOWN:
        if len(mends) == 1:
            text = message("{problem} — so: {mended}", problem=problem, mended=mends[0])
        else:
            text = message("{problem} — so: {first}, or {second}", problem=problem,
                           first=mends[0], second=mends[1])  # fmt: skip
    return FormulaError(text, position, mends)


def _two_readings(
    plain: str, tokens: Sequence[Token], variables: Sequence[str], token: Token
) -> FormulaError:
    ways: tuple[Way, ...] = ("loosely", "tightly")
    found = [_source(tokens, variables, way) for way in ways]
    mends = tuple(dict.fromkeys(each for each in found if each is not None))
    shown = visible_line(plain.strip())
    if len(mends) == 2 and max(len(shown), *map(len, mends)) <= _LONGEST_SHOWN:
        template = "“{formula}” has two readings; write {first} or {second}"
        text = message(template, formula=shown, first=mends[0], second=mends[1])
        return FormulaError(text, token.start, mends)
    near = visible_line(plain[max(token.start - 10, 0) : token.end + 10])
    template = "this can be read in two ways near “{near}”; write * and brackets there"
    return _said(message(template, near=near), token.start, mends)


def _spaced(plain: str, variables: Sequence[str], at: int, number: str) -> FormulaError:
    mend = "".join(number.split())
    joined = plain[:at] + mend + plain[at + len(number) :]
    product = plain[:at] + number[0] + "*" + number[1:] + plain[at + len(number) :]
    mends = _mends([joined], variables) + _mends([product], variables)
    template = "write the number {mend} without spaces inside"
    return _said(message(template, mend="…" + mend), at, mends)


def _explained(
    plain: str, tokens: Sequence[Token], variables: Sequence[str], error: NoReadingError
) -> FormulaError:
    """Look closely at a text that cannot be read, for the mistakes that people often make."""
    foreign = next((t for t in tokens if t.kind == "other" or t.text == "//"), None)
    if foreign is not None:
        problem, meant = refused(foreign, plain)
        mends = _mends([meant], variables) if meant else ()
        return _said(problem, foreign.start, mends)
    token = error.token
    if isinstance(error, UnknownNameError):
        return _unknown(plain, tokens, variables, token)
    return _said(error.text, token.start, _mends([*_around(plain, token)], variables))


def _around(plain: str, token: Token) -> Iterator[str]:
    """Yield what may be meant where a sign stands that has no place."""
    behind = plain[token.end :].strip()
    if token.text == ")" and not behind:
        yield plain[: token.start]
    signed = re.fullmatch(r"-\s*[A-Za-z0-9.]+", behind)
    if token.kind == "name" and signed:  # sin -x
        yield f"{plain[: token.end]}({signed.group()})"
    decimal = re.search(r"\d\Z", plain[: token.start]) and re.match(r"\d+(?!\d*,)", behind)
    if token.text == "," and decimal and len(decimal.group()) != 3:
        yield plain[: token.start] + "." + plain[token.end :]


# Names


def _unknown(
    plain: str, tokens: Sequence[Token], variables: Sequence[str], token: Token
) -> FormulaError:
    name = name_of(token)
    if keyword.iskeyword(name):
        template = "“{word}” is a word of Python, not of the formula language; leave it out"
        return FormulaError(message(template, word=name), token.start)
    shown = name if len(name) <= 30 else name[:30] + "…"

    def instead(*spellings: str) -> tuple[str, ...]:
        texts = [plain[: token.start] + each + plain[token.end :] for each in spellings]
        return _mends(texts, variables)

    known = [*variables, *CONSTANTS]
    if name == "x2" and tuple(variables) == _TWO and "x0" not in _names_in(tokens):
        template = "“x2” is unknown; the variables are counted from 0: x0, x1"
        return _said(message(template), token.start, _mends([_counted_from_0(plain, tokens)], _TWO))
    if (parts := _parts(name, [*known, *(_LETTERS if "x0" in variables else ())])) is not None:
        problem = message("“{name}” is unknown as one name", name=shown)
        if "(" not in parts:
            template = (
                "“{name}” has two readings, a name of its own or a product; the first is none"
            )
            problem = message(template, name=shown)
        return _said(problem, token.start, instead(parts))
    power = re.fullmatch(r"([A-Za-z]+?)([0-9]+)", name)
    if power is not None and power[1] in variables:
        template = "“{name}” is unknown; write a power with ** and a product with *"
        mends = instead(f"{power[1]}**{power[2]}", f"({power[2]}*{power[1]})")
        return _said(message(template, name=shown), token.start, mends)
    if re.match(r"_[0-9]", token.text):
        template = "write a number without _ inside"
        return _said(message(template), token.start, instead(token.text.replace("_", "")))
    return _misspelt(shown, known, token, instead)


def _misspelt(
    shown: str, known: Sequence[str], token: Token, mends: Callable[[str], tuple[str, ...]]
) -> FormulaError:
    near = _nearest(name_of(token), known)
    if near is not None:
        template = "“{name}” is unknown; did you mean {nearest}?"
        problem = message(template, name=shown, nearest=near)
        return _said(problem, token.start, mends(near))
    template = (
        "“{name}” is unknown; known here: {known}, and the functions of `nabla help formulas`"
    )
    return FormulaError(message(template, name=shown, known=", ".join(known[:8])), token.start)


def _nearest(name: str, known: Sequence[str]) -> str | None:
    """Return the one name that is surely meant, if one is."""
    candidates = [*known, *CALLABLE, *FUNCTIONS, *PAIRS]
    if name in _FOREIGN:
        return None
    if name.lower() in candidates:
        return name.lower()
    if len(name) < 3 or name[-1].isdecimal():
        return None
    return nearest(name, candidates, alike=0.66)


def _parts(name: str, known: Sequence[str]) -> str | None:
    """Return the product that letters without a sign between them may be: xy, xsin, sinx."""
    for function in sorted(FUNCTIONS, key=len, reverse=True):
        rest = name.removeprefix(function)
        if rest != name and rest in known:
            return f"{function}({rest})"
    found = [*_split(name, known, 4)]
    return " ".join(found[0]) if len(found) == 1 and len(found[0]) > 1 else None


def _split(name: str, known: Sequence[str], most: int) -> Iterator[list[str]]:
    if not name:
        yield []
    elif most:
        for piece in dict.fromkeys([*known, *CALLABLE]):
            if name.startswith(piece):
                for rest in _split(name[len(piece) :], known, most - 1):
                    yield [piece, *rest]


def _counted_from_0(plain: str, tokens: Sequence[Token]) -> str:
    """Return the text with x0 for x1 and x1 for x2."""
    lower = {"x1": "x0", "x2": "x1"}
    for token in reversed(tokens):
        if token.kind in {"name", "indexed"} and (name := name_of(token)) in lower:
            plain = plain[: token.start] + lower[name] + plain[token.end :]
    return plain
