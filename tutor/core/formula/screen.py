"""Looking at a typed formula: what is not in the language is named, with its mend.

After the first look the text holds nothing but letters, digits, operators, parentheses and
commas, so that Python's own parser can read it without a warning and without surprises. The close
look is for texts that turn out to be no formula: it knows the usual mistakes.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from tutor.core.formula.functions import FUNCTIONS, PAIRS
from tutor.errors import TutorError
from tutor.i18n import Text, message
from tutor.visible import visible_line

LONGEST = 500
"""Characters of a formula."""

_TOKEN = re.compile(
    r"(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z_0-9]*)"
    r"|(?P<operator>\*\*|[-+*/,^])"
    r"|(?P<open>\()"
    r"|(?P<close>\))"
    r"|(?P<space>[ \t\n]+)"
    r"|(?P<other>.)",
    re.DOTALL,
)
_FOREIGN = re.compile(r"[^A-Za-z0-9.+\-*/(), \t\n]|[0-9.][A-Za-z]")
"""What asks for a close look: a sign of no formula, or a letter right behind a digit. (After it,
Python's parser has nothing to warn of.)"""
_INDEX = re.compile(r"\b([A-Za-z])\s*\[\s*([0-9]{1,3})\s*\]")
_SPACED_EXPONENT = re.compile(r"\d[eE](?:\s+[-+]?|[-+]\s+|\s+[-+]\s+)\d")
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_INSTEAD = {
    "^": "**",
    "²": "**2",
    "³": "**3",
    "−": "-",
    "–": "-",
    "×": "*",
    "·": "*",
    "⋅": "*",
    "÷": "/",
    "π": "pi",
    "√": "sqrt( )",
    "[": "(",
    "]": ")",
    "{": "(",
    "}": ")",
}
"""Signs that people write, and how the language writes them."""
_FUNCTION_NAMES = frozenset({*FUNCTIONS, *PAIRS})


class FormulaError(TutorError):
    """A typed formula that cannot be read or computed; its text names the mend.

    `position` is the index of the offending character where one is to blame, else None; it counts
    in the text without the spaces around it and with x[0] spelt x0.
    """

    def __init__(self, text: Text, position: int | None = None) -> None:
        super().__init__(text)
        self.position = position


class Token(NamedTuple):
    """A piece of the text: its kind (a group of the pattern), its text, where it starts."""

    kind: str
    text: str
    start: int


def spelt_plainly(text: str) -> str:
    """Return `text` with x₀ and x[0] spelt x0, if nothing in it is foreign to the language.

    Raises:
        FormulaError: that names the first thing that is, and what to write instead.
    """
    if len(text) > LONGEST:
        template = "this formula has {length} characters; write at most {limit}"
        raise FormulaError(message(template, length=len(text), limit=LONGEST))
    text = _INDEX.sub(r"\1\2", text.translate(_SUBSCRIPTS)).strip()
    if not text:
        raise FormulaError(message("the formula is empty; write one, for example x**2"), 0)
    if _FOREIGN.search(text):
        explain(text)
    return text


def explain(text: str) -> None:
    """Look closely at a text that cannot be read.

    Raises:
        FormulaError: if a mistake is found that people often make, with its mend.
    """
    _refuse_spaced_exponents(text)
    tokens = list(_tokens(text))
    _refuse_missing_operators(tokens)
    _refuse_unbalanced(tokens)


def _tokens(text: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(text):
        token = Token(str(match.lastgroup), match.group(), match.start())
        if token.kind == "other" or token.text == "^":
            _refuse_sign(token)
        if token.kind == "name" and keyword.iskeyword(token.text):
            template = "“{word}” is a word of Python, not of the formula language; leave it out"
            raise FormulaError(message(template, word=token.text), token.start)
        if token.kind != "space":
            yield token


def _refuse_sign(token: Token) -> None:
    instead = _INSTEAD.get(token.text)
    if token.text == "^":
        raise FormulaError(message("write ** for a power, not ^"), token.start)
    if instead is not None:
        template = "write {instead} instead of {sign}"
        raise FormulaError(message(template, instead=instead, sign=token.text), token.start)
    if token.text == "=":
        template = "leave out the = sign: write only what stands on its right"
        raise FormulaError(message(template), token.start)
    template = "{sign} has no place in a formula; write numbers, names, + - * / ** and ( )"
    sign = f"'{visible_line(token.text)}'"
    raise FormulaError(message(template, sign=sign), token.start)


def _refuse_spaced_exponents(text: str) -> None:
    spaced = _SPACED_EXPONENT.search(text)
    if spaced:
        mend = "".join(spaced.group().split())
        template = "write the number {mend} without spaces inside"
        raise FormulaError(message(template, mend="…" + mend), spaced.start())


def _refuse_missing_operators(tokens: Collection[Token]) -> None:
    previous = None
    for token in tokens:
        if previous is not None and _touches(previous, token):
            template = "there is no operator between {left} and {right}; for a product write *"
            raise FormulaError(message(template, left=previous.text, right=token.text), token.start)
        previous = token


def _touches(left: Token, right: Token) -> bool:
    """Say whether two values stand side by side with nothing between them."""
    if left.kind == "name" and right.kind == "open":
        # Any longer name may be meant as a function: then the parser names the nearest one.
        return left.text not in _FUNCTION_NAMES and _looks_like_variable(left.text)
    return left.kind in {"number", "name", "close"} and right.kind in {"number", "name", "open"}


def _looks_like_variable(name: str) -> bool:
    return len(name.rstrip("0123456789")) == 1 or name == "pi"


def _refuse_unbalanced(tokens: Collection[Token]) -> None:
    opened: list[int] = []
    for token in tokens:
        if token.kind == "open":
            opened.append(token.start)
        elif token.kind == "close" and not opened:
            raise FormulaError(message("this ) closes nothing; leave it out"), token.start)
        elif token.kind == "close":
            opened.pop()
    if opened:
        template = "{count} ( not closed; add as many )"
        raise FormulaError(message(template, count=len(opened)), opened[-1])
