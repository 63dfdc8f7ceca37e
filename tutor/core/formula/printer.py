"""A graph as text: in the formula language, or with superscripts and subscripts to read."""

from __future__ import annotations

from collections.abc import Sequence

from tutor.core.formula.functions import CONSTANTS
from tutor.core.formula.graph import Graph

_SUM, _PRODUCT, _SIGN, _POWER, _ATOM = range(1, 6)
"""How tightly a text holds together."""
_SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_NAMES = {value: name for name, value in CONSTANTS.items()}


def source(graph: Graph, root: int, variables: Sequence[str]) -> str:
    """Return the formula in its own language: it can be parsed again."""
    return _Printer(graph, variables, pretty=False).text(root)


def pretty(graph: Graph, root: int, variables: Sequence[str]) -> str:
    """Return the formula to be read: x₀²/20 + x₁²."""
    return _Printer(graph, variables, pretty=True).text(root)


def number(value: float) -> str:
    """Return the shortest text of a number, without a needless point."""
    if value in _NAMES:
        return _NAMES[value]
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


class _Printer:
    def __init__(self, graph: Graph, variables: Sequence[str], *, pretty: bool) -> None:
        self._graph = graph
        self._variables = variables
        self._pretty = pretty
        self._done: dict[int, tuple[str, int]] = {}

    def text(self, root: int) -> str:
        for node in range(root + 1):
            self._done[node] = self._spell(node)
        return self._done[root][0]

    def _spell(self, node: int) -> tuple[str, int]:
        operation, *arguments = self._graph.nodes[node]
        match operation:
            case "const" | "variable":
                text = self._leaf(operation, arguments[0]), _ATOM
            case "negative":
                text = self._minus + self._inside(arguments[0], _SIGN), _SIGN
            case "+" | "-":
                text = self._sum(operation, *arguments), _SUM
            case "*" | "/":
                text = self._product(operation, *arguments), _PRODUCT
            case "**":
                text = self._power(*arguments), _POWER
            case _:
                inside = ", ".join(self._done[argument][0] for argument in arguments)
                text = f"{operation}({inside})", _ATOM
        return text

    def _leaf(self, operation: str, content: float | int) -> str:
        if operation == "const":
            text = number(float(content))
            return text.replace("pi", "π") if self._pretty else text
        name = self._variables[int(content)]
        return name.translate(_SUBSCRIPT) if self._pretty else name

    def _sum(self, operation: str, left: int, right: int) -> str:
        sign = self._minus if operation == "-" else "+"
        # a + (b + c) keeps its parentheses: in floating point it is not (a + b) + c.
        return f"{self._inside(left, _SUM)} {sign} {self._inside(right, _PRODUCT)}"

    @property
    def _minus(self) -> str:
        return "−" if self._pretty else "-"

    def _inside(self, node: int, least: int) -> str:
        text, holds = self._done[node]
        return text if holds >= least else f"({text})"

    def _product(self, operation: str, left: int, right: int) -> str:
        a = self._inside(left, _PRODUCT)
        # a*(b*c) keeps its parentheses: in floating point it is not (a*b)*c.
        b = self._inside(right, _SIGN)
        if operation == "/" or not self._pretty:
            return f"{a}{operation}{b}"
        return f"{a}{b}" if self._may_touch(left, b) else f"{a}·{b}"

    def _may_touch(self, left: int, right_text: str) -> bool:
        """Say whether a product reads well without a sign: 0.01x², 2πx, (2x)y, 3(x + 1)."""
        operation, *arguments = self._graph.nodes[left]
        if operation == "negative":
            return self._may_touch(arguments[0], right_text)
        if right_text[0].isdecimal() or right_text[0] == "−":
            return False
        if operation == "const":
            return "e" not in self._done[left][0]
        return operation == "*" and self._may_touch(arguments[1], "x")

    def _power(self, base: int, exponent: int) -> str:
        a = self._inside(base, _ATOM)
        b = self._done[exponent][0]
        if self._pretty and b.lstrip("−").isdecimal():
            return a + b.replace("−", "-").translate(_SUPERSCRIPT)
        b = self._inside(exponent, _SIGN)
        return f"{a}^{b}" if self._pretty else f"{a}**{b}"
