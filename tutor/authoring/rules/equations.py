"""Equations in prose: every chain such as `2 · 3 + 1 = 7` is computed, link by link.

A chain is read around its signs (=, ≈, <, >): the longest row of numbers, names and operators on
either side, as far as the first word. What the core's formula language does not take is passed
over: an author's prose is more than what can be computed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

from tutor import core
from tutor.errors import TutorError
from tutor.lesson.prose import parse_prose
from tutor.lesson.wrapping import CodeBlock, FormulaBlock

Names: TypeAlias = Mapping[str, float]

DECIMAL: Final = r"\d+(?:\.\d+)?"
"""A number as prose tells it, without its sign and a power of ten."""
SIGNED: Final = rf"[-−]?{DECIMAL}"
_FUNCTIONS: Final = "sin|cos|tan|exp|log|ln|sqrt|abs|max|min"
_TOKEN: Final = re.compile(
    rf"(?P<number>\d+(?:,\d{{3}})+(?!\d)|(?:{DECIMAL}|\.\d+)(?:[eE][-+−]?\d+)?(?: ?%)?)"
    rf"|(?P<function>{_FUNCTIONS}|√)(?![A-Za-z])"
    r"|(?P<partial>∂f/∂x[₀₁])"
    r"|(?P<name>[A-Za-z][₀-₉]′?|[A-Za-zα-ω]′?(?![A-Za-z]))"
    r"|(?P<raised>⁻?[⁰¹²³⁴-⁹]+)"
    r"|(?P<sign>[-−+*/·×()|,])"
    r"|(?P<relation>==|=|≡|≈|≤|≥|<|>)"
    r"|(?P<space>[ \u00a0]+)"
    r"|(?P<word>[A-Za-z_]+\w*|.)",
    re.DOTALL,
)
_IS: Final = re.compile(
    r"(?<=[\d)⁰-⁹²³¹|])"
    r"(?: is | gives | makes | equals | ?(?:等于|就是|得出|得到|得|是|为) ?)"
    r"(?=[-−]?[\d(])"
)
_RELATED: Final = re.compile(rf"[=≈≤≥<>]|{_IS.pattern}")
_IN_X: Final = re.compile(r"x[₀₁²³⁴-⁹]|(?<![A-Za-z])x [-+−·/]|[\d)]x(?![A-Za-z])")
_SPELT: Final = str.maketrans("−·×\u00a0₀₁₂₃", "-** 0123")
_PLACES: Final = ((0.73, 1.37), (1.91, 0.58), (2.37, 3.11), (0.41, 2.23))
"""Where two formulas are compared that should be one."""
_CLOSE: Final = 1e-9
_ROUNDED_DIGITS: Final = 3
"""A number of so many digits, or more, may itself be rounded."""
_CONSTANTS: Final = ("e", "π")


@dataclass(frozen=True, slots=True)
class Operand:
    """One side of a sign in a chain."""

    text: str
    """As it stands in the prose."""
    formula: str
    """As the formula language spells it."""
    names: frozenset[str]

    @property
    def is_number(self) -> bool:
        """Whether it is a number as it stands."""
        return _LITERAL.fullmatch(self.formula) is not None


_DIGITS: Final = re.compile(r"(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_LITERAL: Final = re.compile(rf"-?\s*{_DIGITS.pattern}")


@dataclass(frozen=True, slots=True)
class Link:
    """Two operands and the sign between them."""

    left: Operand
    sign: str
    right: Operand

    def __str__(self) -> str:
        return f"{self.left.text} {self.sign} {self.right.text}"


def plain_words(markup: str) -> str:
    """Return a text as it is read, its formulas on one line, without blocks of code."""
    on_one_line = markup
    if "$$" in markup:
        on_one_line = re.sub(r"\$\$(.+?)\$\$", r"$\1$", markup, flags=re.DOTALL)
    return "\n".join(
        "".join(span.text for span in block.spans)
        for block in parse_prose(on_one_line)
        if not isinstance(block, CodeBlock | FormulaBlock)
    )


def links_in(words: str) -> tuple[Link, ...]:
    """Return the links of all chains in plain words."""
    if not _RELATED.search(words):
        return ()
    # A verb is a relation of its own, so that only sums are read around it.
    marked = _IS.sub(lambda found: "≡".center(len(found[0])), words)
    tokens = _tokens(_TOKEN.finditer(marked))
    found: list[Link] = []
    for at, token in enumerate(tokens):
        if token.kind != "relation":
            continue
        left = _operand(tokens[_left_end(tokens, at) : at], ends=False)
        right = _operand(tokens[at + 1 : _right_end(tokens, at)], ends=True)
        if left is None or right is None or (token.text == "≡" and not _is_sum(left)):
            continue
        found.append(Link(left, _SIGNS.get(token.text, token.text), right))
    return tuple(found)


def false_links(links: Sequence[Link], names: Names) -> Iterator[tuple[Link, float | None]]:
    """Yield the links that do not hold, with the value that the left side has, if it has one."""
    for link in links:
        verdict = _judged(link, names)
        if verdict is not None:
            yield link, verdict[0]


def names_set(links: Sequence[Link]) -> dict[str, float | None]:
    """Return the names that links set to numbers (x = 3); None where two of them disagree."""
    found: dict[str, float | None] = {}
    for link in links:
        if link.sign == "=" and link.left.formula in link.left.names and link.right.is_number:
            name, value = link.left.formula, number_of(link.right.formula)
            found[name] = value if found.get(name, value) == value else None
    return found


def number_of(text: str) -> float:
    """Return the value of a number as it stands in prose."""
    return float(text.translate(_SPELT).replace(",", "").replace(" ", ""))


def rounding_of(number: str) -> float:
    """Return how far a number as it is written may be from what it was rounded from."""
    mantissa, _, power = number.translate(_SPELT).lower().partition("e")
    decimals = len(mantissa.partition(".")[2])
    return 0.5 * 10.0 ** (int(power or 0) - decimals)


def digits_of(number: str) -> str:
    """Return the digits of a number that tell its value, without zeros around them."""
    mantissa = number.lstrip("-−").lower().partition("e")[0]
    bare = mantissa.replace(".", "").replace(",", "").lstrip("0")
    return bare if "." in mantissa else bare.rstrip("0")


@lru_cache(maxsize=4096)
def value_at(formula: str, names: tuple[str, ...], place: tuple[float, ...]) -> float | None:
    """Return the value of a formula with these names; None where it has none."""
    try:
        return core.evaluate(formula, dict(zip(names, place, strict=True)))
    except TutorError:
        return None


class _Token(NamedTuple):
    kind: str
    text: str
    start: int


_SIGNS: Final = {"==": "=", "≡": "="}


def _is_sum(operand: Operand) -> bool:
    """Whether there is something to compute in numbers alone: "1 − 2 · 0.9 is", not "6 is"."""
    return not operand.names and not operand.is_number


def _tokens(found: Iterator[re.Match[str]]) -> list[_Token]:
    return [_Token(match.lastgroup or "", match.group(), match.start()) for match in found]


_FORMULA_KINDS: Final = frozenset(
    {"number", "function", "partial", "name", "raised", "sign", "space"}
)


def _left_end(tokens: Sequence[_Token], at: int) -> int:
    depth, place = 0, at
    while place > 0 and tokens[place - 1].kind in _FORMULA_KINDS:
        text = tokens[place - 1].text
        depth += (text == ")") - (text == "(")
        if depth < 0 or (text == "," and depth == 0):
            break
        place -= 1
    return place


def _right_end(tokens: Sequence[_Token], at: int) -> int:
    depth, place = 0, at + 1
    while place < len(tokens) and tokens[place].kind in _FORMULA_KINDS:
        text = tokens[place].text
        depth += (text == "(") - (text == ")")
        if depth < 0 or (text == "," and depth == 0):
            break
        place += 1
    return place


def _operand(tokens: Sequence[_Token], *, ends: bool) -> Operand | None:
    """Return the operand that these tokens are; `ends`: a unit may stand behind it."""
    kept = _without_unit(tokens) if ends else tokens
    kept = [token for token in kept if token.kind != "space"]
    if not kept or (len(kept) > 1 and any(token.kind == "partial" for token in kept)):
        return None
    text = "".join(token.text for token in tokens[: tokens.index(kept[-1]) + 1]).strip()
    formula = "".join(_spelling(kept))
    names = frozenset(
        t.text.translate(_SPELT) for t in kept if t.kind == "name" and t.text not in _CONSTANTS
    )
    return Operand(text, formula, names)


def _without_unit(tokens: Sequence[_Token]) -> Sequence[_Token]:
    """Return the tokens without single letters that stand behind a number and a space: 2 m."""
    shown = list(tokens)
    while shown and shown[-1].kind == "space":
        shown.pop()
    is_unit = len(shown) >= 3 and shown[-1].kind == "name" and shown[-2].kind == "space"
    return shown[:-2] if is_unit and shown[-3].kind == "number" else shown


def _spelling(tokens: Sequence[_Token]) -> Iterator[str]:
    for before, token in zip((None, *tokens), tokens, strict=False):
        text = token.text.translate(_SPELT)
        if before is not None and before.kind == "function" and token.kind in ("number", "name"):
            yield f"({text})"  # as in ln 2, which the formula language writes with brackets
        elif token.kind == "number":
            percent = text.endswith("%")
            number = text.rstrip(" %").replace(",", "")
            yield f"({number}/100)" if percent else number
        elif token.kind == "function":
            yield "log" if text == "ln" else text
        else:
            yield text


def _judged(link: Link, names: Names) -> tuple[float | None] | None:
    """Return what the left side is where the link does not hold; None where it holds or is open."""
    unknown = (link.left.names | link.right.names) - names.keys()
    if unknown:
        return _judged_as_identity(link) if link.sign == "=" else None
    left, right = _value(link.left, names), _value(link.right, names)
    if left is None or right is None or _is_setting(link):
        return None
    if link.sign in ("=", "≈"):
        slack = _slack(link.left, names) + _slack(link.right, names)
        loose = 2 if link.sign == "≈" else 1
        holds = abs(left - right) <= loose * slack + _CLOSE * max(abs(left), abs(right))
    else:
        holds = {"<": left < right, ">": left > right, "≤": left <= right, "≥": left >= right}[
            link.sign
        ]
    return None if holds else (left,)


def _is_setting(link: Link) -> bool:
    """Return whether a link says what a name stands for."""
    return link.left.formula in link.left.names or link.right.formula in link.right.names


def _value(operand: Operand, names: Names) -> float | None:
    used = tuple(sorted(operand.names))
    return value_at(operand.formula, used, tuple(names[name] for name in used))


def _slack(operand: Operand, names: Names) -> float:
    """Return how far an operand may be off, as its numbers may be rounded."""
    if operand.is_number:
        return rounding_of(operand.formula)
    value, total = _value(operand, names), 0.0
    for found in _DIGITS.finditer(operand.formula):
        if len(digits_of(found[0])) >= _ROUNDED_DIGITS and "." in found[0] and value is not None:
            moved = float(found[0]) + rounding_of(found[0])
            formula = (
                operand.formula[: found.start()] + f"{moved!r}" + operand.formula[found.end() :]
            )
            other = _value(Operand(operand.text, formula, operand.names), names)
            total += abs(other - value) if other is not None else 0.0
    for name in operand.names:
        written = f"{names[name]:.12g}"
        if len(digits_of(written)) > _ROUNDED_DIGITS and value is not None:
            other = _value(operand, {**names, name: names[name] + rounding_of(written)})
            total += abs(other - value) if other is not None else 0.0
    return total


def _judged_as_identity(link: Link) -> tuple[None] | None:
    """Return (None,) where two formulas in the same names are not one."""
    names = link.left.names | link.right.names
    if link.left.names != link.right.names or _is_setting(link):
        return None
    if not all(map(_is_compound, (link.left, link.right))):
        return None
    used, seen = tuple(sorted(names)), 0
    for first, second in _PLACES:
        place = tuple((first, second)[n % 2] + 0.17 * n for n in range(len(used)))
        left = value_at(link.left.formula, used, place)
        right = value_at(link.right.formula, used, place)
        if left is None or right is None:
            continue
        seen += 1
        if abs(left - right) <= 1e-7 * max(1.0, abs(left), abs(right)):
            return None  # An equation that holds here, at least, may be one to solve.
    return (None,) if seen > 1 else None


def _is_compound(operand: Operand) -> bool:
    return len(operand.formula) > 2 and operand.formula not in operand.names


def formula_after(words: str, start: int) -> tuple[Operand | None, int]:
    """Return the formula that begins at a place of plain words, and where it ends."""
    tokens = _tokens(_TOKEN.finditer(words, start))
    end = _right_end(tokens, -1)
    while end > 0 and tokens[end - 1].kind == "space":
        end -= 1
    place = tokens[end - 1].start + len(tokens[end - 1].text) if end else start
    return _operand(tokens[:end], ends=False), place


def formula_before(words: str, end: int) -> Operand | None:
    """Return the formula that ends at a place of plain words."""
    tokens = _tokens(_TOKEN.finditer(words, 0, end))
    return _operand(tokens[_left_end(tokens, len(tokens)) :], ends=False)


@lru_cache(maxsize=4096)
def formulas_in(words: str) -> tuple[Operand, ...]:
    """Return the longest formulas in x, x₀ and x₁, and others beside them, in plain words."""
    if not _IN_X.search(words):
        return ()
    tokens, found, at = _tokens(_TOKEN.finditer(words)), [], 0
    while at < len(tokens):
        end = _right_end(tokens, at - 1)
        operand = _operand(tokens[at:end], ends=False)
        if operand is not None and operand.names and len(operand.formula) > 2:
            found.append(operand)
        at = max(end, at + 1)
    return tuple(found)
