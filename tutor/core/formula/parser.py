"""Typed text to a graph: the formula language as Python writes it, and as people do.

Nothing is ever evaluated by Python: whatever is not a number, a known name, an arithmetic operator
or a listed function is refused. What people write beside Python's signs (2x, x², |x|, sin x) is
read where it has one reading. Where it has two the first pass stops, and `read` has the text read
both ways: *loosely*, where a product without a sign holds like any other, and *tightly*, where what
stands close together belongs together.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Final, Literal

from tutor.core.formula.functions import ALIASES, CONSTANTS, FUNCTIONS, PAIRS, WRITTEN_OUT
from tutor.core.formula.graph import Graph
from tutor.core.formula.tokens import END, FormulaError, Token, exponent_of, name_of
from tutor.i18n import Text, message

DEEPEST: Final = 60
LARGEST_EXPONENT: Final = 1000
"""Of a power with a constant exponent: x**1000 is already 0, 1 or an overflow."""

Way = Literal["loosely", "tightly"]
_POWERS: Final = frozenset({"**", "^"})
_STARTS: Final = frozenset({"(", "√"})
_INVERSES: Final = {"sin": "asin", "cos": "acos", "tan": "atan", "sinh": "asinh",
                    "cosh": "acosh", "tanh": "atanh"}  # fmt: skip
_EXPONENTS: Final = ("1", "-1", "(1)", "(-1)")
"""How the exponent of a function is written, a sign for each token: sin^-1, sin^(2)."""


class TwoReadingsError(Exception):
    """The text has two readings, or none that is sure; each way of reading it is to be tried."""

    def __init__(self, token: Token) -> None:
        super().__init__(token.text)
        self.token = token


class NoReadingError(FormulaError):
    """The text cannot be read, for a reason that stands at a token."""

    def __init__(self, text: Text, token: Token) -> None:
        super().__init__(text, token.start)
        self.token = token


class UnknownNameError(NoReadingError):
    """A name that is none of the language and none of the variables."""


def too_deep() -> FormulaError:
    """Return the error of what is nested too deeply."""
    return FormulaError(message("this formula is nested too deeply; write a simpler one"))


class Reader:
    """Walks over the tokens once and grows the graph."""

    def __init__(
        self,
        tokens: Sequence[Token],
        names: Mapping[str, int],
        also: Mapping[str, int],
        graph: Graph,
        way: Way | None,
    ) -> None:
        self.graph, self._names, self._also = graph, names, also
        self.python = True
        """Whether all that was read so far is spelt as Python spells it."""
        self._tokens, self._way = tokens, way
        self._at = 0
        self._token = tokens[0]
        self._bars = 0
        self._closed_bars: Token | None = None

    def read(self) -> int:
        """Return the node of the whole formula."""
        root = self._sum(DEEPEST)
        if self._token.kind != END:
            raise self._misplaced()
        return root

    # One token after another

    def _step(self) -> Token:
        token = self._token
        self._at += 1
        self._token = self._tokens[self._at]
        return token

    def _starts_value(self) -> bool:
        """Say whether the token begins a value, which makes a product with the one before."""
        kind, text, _, _ = self._token
        return kind in {"number", "name", "indexed"} or text in _STARTS or (
            text == "|" and not self._bars
        )  # fmt: skip

    def _two_readings(self, *, tight: bool = True) -> bool:
        """Say whether this pass reads tightly; the first pass stops here."""
        if self._way is None:
            raise TwoReadingsError(self._token)
        self.python = False
        return self._way == "tightly" and tight

    def _here(self, text: Text) -> NoReadingError:
        """Return the error that stands at the token which is to be read."""
        return NoReadingError(text, self._token)

    def _misplaced(self) -> NoReadingError:
        if self._token.text == ")":
            return self._here(message("this ) closes nothing; leave it out"))
        if self._token.text == ",":
            template = "a comma has its place only between the arguments of a function"
            return self._here(message(template))
        return self._here(message("this part is not in the formula language"))

    # Sums, products, powers

    def _sum(self, depth: int) -> int:
        if depth <= 0:
            raise too_deep()
        left = self._product(depth)
        while self._token.text in {"+", "-"}:
            operation = self._step().text
            left = self.graph.add(operation, left, self._product(depth))
        return left

    def _product(self, depth: int) -> int:
        self._closed_bars = None
        left = self._signed(depth)
        while True:
            if self._token.text == "*":
                self._step()
                self._closed_bars = None
                left = self.graph.add("*", left, self._signed(depth))
            elif self._token.text == "/":
                self._step()
                self._closed_bars = None
                right = self._signed(depth)
                if self._starts_value() and self._two_readings():  # 1/2x
                    right = self._juxtaposed(right, depth)
                left = self.graph.add("/", left, right)
            elif self._starts_value():
                left = self._times(left, depth)
            else:
                return left

    def _juxtaposed(self, left: int, depth: int) -> int:
        """Return a value with all that stands beside it without a sign."""
        while self._starts_value():
            left = self._times(left, depth)
        return left

    def _times(self, left: int, depth: int) -> int:
        if self._token.kind == "number":
            previous = self._tokens[self._at - 1]
            if previous.kind == "number" or self._token.text[0] == ".":
                template = "there is no operator between {left} and {right}; for a product write *"
                right = self._token.text[:20]
                raise self._here(message(template, left=previous.text[-20:], right=right))
            if self._two_readings():  # x 2, (x + 1)2
                return self._raised(left, self._power(depth))
        self.python = False
        return self.graph.add("*", left, self._power(depth))

    def _signed(self, depth: int) -> int:
        if self._token.text not in {"+", "-"}:
            return self._power(depth)
        if depth <= 0:
            raise too_deep()
        sign = self._step().text
        inside = self._signed(depth - 1)
        return inside if sign == "+" else self.graph.add("negative", inside)

    def _power(self, depth: int) -> int:
        base = self._atom(depth)
        while self._token.kind == "raised":
            self.python = False
            exponent = self.graph.number(float(exponent_of(self._step())))
            if self._token.text in _POWERS or self._token.kind == "raised":  # x²^3
                raise self._here(message("two powers stand behind one another; set brackets"))
            base = self._raised(base, exponent)
        if self._token.text not in _POWERS:
            return base
        self.python &= self._step().text == "**"
        if depth <= 0:
            raise too_deep()
        exponent = self._signed(depth - 1)
        bracketed = self._tokens[self._at - 1].text == ")"
        if not bracketed and self._starts_value() and self._two_readings():  # x^2y
            exponent = self._juxtaposed(exponent, depth)
        return self._raised(base, exponent)

    def _raised(self, base: int, exponent: int) -> int:
        known = self.graph.known[exponent]
        if known is not None and not abs(known) <= LARGEST_EXPONENT:
            template = "an exponent may be at most {limit}"
            token = self._tokens[self._at - 1]
            raise NoReadingError(message(template, limit=LARGEST_EXPONENT), token)
        return self.graph.add("**", base, exponent)

    # Values

    def _atom(self, depth: int) -> int:
        kind, text, _, _ = self._token
        if kind == "number":
            return self._number()
        if kind in {"name", "indexed"}:
            return self._name(depth)
        if text == "(":
            return self._bracket(depth)
        if text == "|":
            return self._absolute(depth)
        if text == "√":
            return self._root(depth)
        raise self._here(message("something is missing here: a number, a name or an operator"))

    def _number(self) -> int:
        token = self._step()
        value = float(token.text)
        if math.isinf(value):
            template = "this number is too large; the largest is about 1.8e308"
            raise NoReadingError(message(template), token)
        if value == 0.0 and token.text.lower().partition("e")[0].strip("0."):
            template = "{number} is too small for a float64, where it would be 0; write 0"
            shown = token.text if len(token.text) <= 30 else token.text[:30] + "…"
            raise NoReadingError(message(template, number=shown), token)
        if token.text[0] == "0" and token.text[1:2].isdecimal():
            self.python = False
        return self.graph.constant(value)

    def _bracket(self, depth: int) -> int:
        opening, bars = self._step(), self._bars
        self._bars = 0
        inside = self._sum(depth - 1)
        self._bars = bars
        self._close(")", opening)
        return inside

    def _absolute(self, depth: int) -> int:
        if self._closed_bars is not None and self._closed_bars is not self._tokens[self._at - 1]:
            template = "these bars can be read in two ways; write abs( )"  # |x|y|z|
            raise self._here(message(template))
        self.python = False
        opening = self._step()
        self._bars += 1
        inside = self._sum(depth - 1)
        self._bars -= 1
        self._closed_bars = self._token
        self._close("|", opening)
        return self.graph.call("abs", inside)

    def _close(self, sign: str, opening: Token) -> None:
        if self._token.text == sign:
            self._step()
            self._closed_bars = None if sign == ")" else self._closed_bars
            return
        if self._token.kind != END:
            raise self._misplaced()
        problem = message("this | is not closed; add one, or write abs( )")
        raise NoReadingError(problem if sign == "|" else message("this ( is not closed; add a )"),
                             opening)  # fmt: skip

    def _root(self, depth: int) -> int:
        self.python = False
        self._step()
        start, bracketed = self._at, self._token.text == "("
        inside = self._atom(depth - 1)
        goes_on = self._token.text in _POWERS or self._token.kind == "raised"
        if not bracketed and (goes_on or self._starts_value()) and self._two_readings():  # √2x
            self._at, self._token = start, self._tokens[start]
            inside = self._juxtaposed(self._power(depth), depth)
        return self.graph.call("sqrt", inside)

    # Names

    def _name(self, depth: int) -> int:
        token = self._step()
        node = self._names.get(token.text)
        if node is not None:
            return node
        name = name_of(token)
        self.python &= name == token.text
        if name in self._names:
            return self._names[name]
        if name in self._also:
            self.python = False
            return self._also[name]
        if name in ALIASES:
            self.python = False
            name = ALIASES[name]
        if name == "e" and self._token[1:3] == ("(", token.end) and self._two_readings():  # e(x)
            return self._function("exp", token, depth)
        if name in CONSTANTS:
            return self.graph.constant(CONSTANTS[name])
        if name in FUNCTIONS or name in PAIRS or name in WRITTEN_OUT:
            return self._function(name, token, depth)
        raise UnknownNameError(message("“{name}” is unknown", name=name), token)

    def _function(self, name: str, token: Token, depth: int) -> int:
        exponent = self._power_of_function()
        if exponent == -1.0 and name in _INVERSES and self._two_readings():  # sin⁻¹(x)
            name, exponent = _INVERSES[name], None
        if self._token.text == "(":
            result = self._called(name, token, depth)
            if self._token[1:3] == ("(", self._tokens[self._at - 1].end):
                self._two_readings(tight=False)  # sin(x)(y)
        else:
            result = self._of_one(name, token, depth)
        if exponent is None:
            return result
        return self._raised(result, self.graph.number(exponent))

    def _power_of_function(self) -> float | None:
        """Return the exponent between a function and its argument, as in sin²(x)."""
        if self._token.kind == "raised":
            self.python = False
            return float(exponent_of(self._step()))
        if self._token.text not in _POWERS:
            return None
        ahead = self._tokens[self._at + 1 : self._at + 5]
        texts = ["1" if token.kind == "number" else token.text for token in ahead]
        for written in _EXPONENTS:
            if texts[: len(written)] == [*written]:
                self.python = False
                for _ in written:
                    self._step()
                number = float(ahead[written.index("1")].text)
                self._step()
                return -number if "-" in written else number
        return None

    def _called(self, name: str, token: Token, depth: int) -> int:
        opening, bars = self._step(), self._bars
        self._bars, arguments = 0, list[int]()
        while self._token.text != ")":
            arguments.append(self._sum(depth - 1))
            if self._token.text != ",":
                break
            self._step()
        self._bars = bars
        self._close(")", opening)
        given = len(arguments)
        if name == "log" and given == 2:  # Python's log of a base
            self.python = False
            return self.graph.add("/", *[self.graph.call("log", each) for each in arguments])
        takes = 2 if name in PAIRS else WRITTEN_OUT[name][0] if name in WRITTEN_OUT else 1
        if given != takes and not (name in PAIRS and given > takes):
            count = message("2 or more") if name in PAIRS else str(takes)
            template = "{name} takes {count} between its parentheses, here are {given}"
            raise NoReadingError(message(template, name=name, count=count, given=given), token)
        return self._applied(name, *arguments)

    def _applied(self, name: str, *arguments: int) -> int:
        if name in PAIRS:
            return reduce(lambda a, b: self.graph.add(name, a, b), arguments)
        if name in WRITTEN_OUT:
            self.python = False
            return WRITTEN_OUT[name][1](self.graph, *arguments)
        return self.graph.call(name, *arguments)

    def _of_one(self, name: str, token: Token, depth: int) -> int:
        """Return a function of the one argument that stands behind it without brackets."""
        takes_one = name in FUNCTIONS or WRITTEN_OUT.get(name, (0,))[0] == 1
        if not takes_one or not (self._starts_value() or self._token.text == "|"):
            template = "{name} is a function: write what it is of, for example {name}({example})"
            example = "2" if takes_one else "2, 3"
            raise NoReadingError(message(template, name=name, example=example), token)
        if depth <= 0:
            raise too_deep()
        self.python = False
        start = self._at
        argument = self._close_together(depth - 1)
        goes_on = self._token.text in {"*", "/", *_POWERS} or self._token.kind == "raised"
        if (goes_on or self._starts_value()) and self._two_readings():  # sin x^2, sin x*y
            self._at, self._token = start, self._tokens[start]
            argument = self._product(depth - 1)
        return self._applied(name, argument)

    def _close_together(self, depth: int) -> int:
        """Return a value, or a number with the names that touch it: 2x, 2πx."""
        counts = self._token.kind == "number"
        value = self._atom(depth)
        while counts and self._token.kind in {"name", "indexed"}:
            if self._token.start > self._tokens[self._at - 1].end:
                break
            value = self.graph.add("*", value, self._atom(depth))
        return value
