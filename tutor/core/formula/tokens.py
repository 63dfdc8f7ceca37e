"""A typed formula as a row of signs, numbers and names, each with its place in the text.

Books, keyboards and NumPy spell alike things differently: x₀, x_0 and x[0]; ×, · and *; np.sin and
sin. Here they become one spelling; what has none stays a sign of no formula, for which `refused`
has a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from tutor.errors import TutorError
from tutor.i18n import Text, message
from tutor.typed import folded
from tutor.visible import visible_line

LONGEST = 500
"""Characters of a formula."""
MOST_NODES = 300

_TOKEN = re.compile(
    r"(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<indexed>[A-Za-z](?:\s*\[\s*[0-9]{1,3}\s*\]|_\{[0-9]{1,3}\}))"
    r"|(?P<name>(?:(?:np|numpy|math)\s*\.\s*)?(?:[A-Za-z_][A-Za-z_0-9]*[₀-₉]*|[α-ω]))"
    r"|(?P<sign>\*\*|//|[-+*/^(),|√])"
    r"|(?P<space>[ \t\r\n]+)"
    r"|(?P<raised>⁻?[⁰¹²³⁴-⁹]+)"
    r"|(?P<other>.)",
    re.DOTALL,
)
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_SPACED_EXPONENT = re.compile(r"(?<![A-Za-z_])[0-9.][eE](?:\s+[-+]?|[-+]\s+|\s+[-+]\s+)[0-9]")
_INDEX = re.compile(r"([A-Za-z]+)_([0-9]+)")


class FormulaError(TutorError):
    """A typed formula that cannot be read or computed; its text names the mend.

    `position` is the index, in the text as it was typed, of the character that is to blame, where
    one is. `mends` are whole formulas, each of which can be read: one, or two where the text has
    two readings.
    """

    def __init__(self, text: Text, position: int | None = None, mends: Sequence[str] = ()) -> None:
        super().__init__(text)
        self.position = position
        self.mends = tuple(mends)


class Token(NamedTuple):
    """A piece of the text: its kind (a group of the pattern), its spelling, where it stands."""

    kind: str
    text: str
    start: int
    end: int


END = "end"


def tokens_of(text: str) -> tuple[str, list[Token]]:
    """Return the text with each key spelt as that key, and its tokens; the last one is the end.

    Raises:
        FormulaError: for a text that is empty or too long.
    """
    if len(text) > LONGEST:
        template = "this formula has {length} characters; write at most {limit}"
        raise FormulaError(message(template, length=len(text), limit=LONGEST))
    plain = folded(text)
    found = [
        Token(str(match.lastgroup), match.group(), match.start(), match.end())
        for match in _TOKEN.finditer(plain)
        if match.lastgroup != "space"
    ]
    if not found:
        raise FormulaError(message("the formula is empty; write one, for example x**2"), 0)
    if sum(token.text not in "()," for token in found) > MOST_NODES:
        template = "this formula has more than {limit} parts; write a shorter one"
        raise FormulaError(message(template, limit=MOST_NODES))
    found.append(Token(END, "", len(plain), len(plain)))
    return plain, found


def name_of(token: Token) -> str:
    """Return the name that a token spells: `x0` for x₀, x_0, x[0] and x_{0}, `sin` for np.sin."""
    name = token.text.rpartition(".")[2].strip()
    if token.kind == "indexed":
        return "".join(re.findall("[A-Za-z0-9]", name))
    name = name.translate(_SUBSCRIPTS)
    indexed = _INDEX.fullmatch(name)
    return indexed[1] + indexed[2] if indexed else name


def exponent_of(token: Token) -> int:
    """Return the number that raised digits are."""
    return int(token.text.translate(_RAISED))


def spaced_exponent(text: str) -> tuple[int, str] | None:
    """Return where a number with a spaced exponent stands (1e - 4), and how it is written."""
    spaced = _SPACED_EXPONENT.search(text)
    return (spaced.start(), spaced.group()) if spaced else None


_BRACED_INDEX = re.compile(r"_\{([0-9]{1,3})\}")
_NAMED = re.compile(r"\s*(?!x[01]?\s*\Z)[A-Za-z][A-Za-z0-9_₀-₉]*\s*(\([^()]*\))?\s*")
"""What may stand on the left of an = that only names the formula: y, f(x)."""
_BRACKETS = {"[": "(", "]": ")", "{": "(", "}": ")"}


def refused(token: Token, text: str) -> tuple[Text, str | None]:
    """Return what is to be said of a sign of no formula, and the text that may be meant."""
    instead = _BRACKETS.get(token.text)
    if instead is not None:
        template = "write {instead} instead of {sign}"
        mended = "".join(_BRACKETS.get(sign, sign) for sign in _BRACED_INDEX.sub(r"\1", text))
        is_index = token.text == "[" or re.match(r"\{\s*[0-9]", text[token.start :])
        indexes = is_index and text[: token.start].rstrip()[-1:].isalnum()
        problem = message(template, instead=instead, sign=token.text)
        return problem, None if indexes else mended
    if token.text == "=" or text.startswith(":=", token.start):
        template = "leave out the = sign: write only what stands on its right"
        named = _NAMED.fullmatch(text[: token.start])
        return message(template), text[token.start :].lstrip(":=") if named else None
    if token.text == "//":
        return message("// is not in the formula language; write / to divide, or floor( )"), None
    if all(ord(sign) in _SUBSCRIPTS for sign in token.text):
        template = "the index {sign} stands behind no name; write x₀ or x0"
        return message(template, sign=token.text), None
    template = "{sign} has no place in a formula; write numbers, names, + - * / ** and ( )"
    return message(template, sign=f"'{visible_line(token.text)}'"), None
