"""Typed text to a graph, by an allowlist over Python's own syntax tree.

Nothing is ever evaluated by Python: the tree is read node by node, and whatever is not a
number, a known name, an arithmetic operator or a listed function is refused.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any

from tutor.core.formula.functions import CONSTANTS, FUNCTIONS, PAIRS
from tutor.core.formula.graph import Graph
from tutor.core.formula.screen import FormulaError, explain, spelt_plainly
from tutor.i18n import Message, message

MOST_NODES = 300
DEEPEST = 60
LARGEST_EXPONENT = 1000
"""Of a power with a constant exponent: x**1000 is already 0, 1 or an overflow."""

_OPERATORS: Mapping[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Pow: "**",
}


def read(
    text: str, variables: Sequence[str], numbers: Mapping[str, float] | None = None
) -> tuple[Graph, int, str]:
    """Return the graph of a formula, its root, and the text with x₀ and x[0] spelt x0.

    `numbers` are names that stand for numbers.

    Raises:
        FormulaError: for whatever the language does not take, with the mend.
    """
    plain = spelt_plainly(text)
    reader = _Reader(variables, numbers or {})
    try:
        root = reader.read(ast.parse(plain, mode="eval").body, DEEPEST)
    except FormulaError:
        explain(plain)
        raise
    except SyntaxError as error:
        explain(plain)
        raise _incomplete(plain, error) from None
    except (ValueError, MemoryError, RecursionError, OverflowError):
        raise _too_deep() from None
    return reader.graph, root, plain


def _incomplete(text: str, error: SyntaxError) -> FormulaError:
    if "parenthes" in str(error.msg):
        return _too_deep()
    position = min(max((error.offset or 1) - 1, 0), len(text))
    template = "something is missing near “{near}”: a number, a name or an operator"
    return FormulaError(message(template, near=text[max(position - 3, 0) : position + 5]), position)


def _too_deep() -> FormulaError:
    return FormulaError(message("this formula is nested too deeply; write a simpler one"))


class _Reader:
    """Walks over a syntax tree once and grows the graph."""

    def __init__(self, variables: Sequence[str], numbers: Mapping[str, float]) -> None:
        self.graph = Graph()
        self._names = {name: self.graph.add("variable", i) for i, name in enumerate(variables)}
        self._names |= {name: self.graph.constant(value) for name, value in numbers.items()}
        self._nodes_left = MOST_NODES

    def read(self, tree: ast.AST, depth: int) -> int:
        """Return the graph's node for a tree that may be `depth` levels deep."""
        self._nodes_left -= 1
        if depth == 0:
            raise _too_deep()
        if self._nodes_left < 0:
            template = "this formula has more than {limit} parts; write a shorter one"
            raise FormulaError(message(template, limit=MOST_NODES))
        reader = _READERS.get(type(tree))
        if reader is None:
            raise _foreign(tree)
        return reader(self, tree, depth - 1)

    def _number(self, tree: ast.Constant, _: int) -> int:
        if type(tree.value) not in {int, float}:
            template = "{what} is not a number of the formula language"
            raise FormulaError(message(template, what=ascii(tree.value)), tree.col_offset)
        try:
            value = float(tree.value)  # type: ignore[arg-type]  # int or float: just checked
        except OverflowError:
            value = math.inf
        if math.isinf(value):
            template = "this number is too large; the largest is about 1.8e308"
            raise FormulaError(message(template), tree.col_offset)
        return self.graph.constant(value)

    def _name(self, tree: ast.Name, _: int) -> int:
        name = tree.id
        if name in self._names:
            return self._names[name]
        if name in CONSTANTS:
            return self.graph.constant(CONSTANTS[name])
        if name in FUNCTIONS or name in PAIRS:
            template = "{name} is a function: write what it is of, for example {name}(2)"
            raise FormulaError(message(template, name=name), tree.col_offset)
        raise _unknown(name, [*self._names, *CONSTANTS], tree.col_offset)

    def _binary(self, tree: ast.BinOp, depth: int) -> int:
        operator = _OPERATORS.get(type(tree.op))
        if operator is None:
            template = "// is not in the formula language; write / to divide"
            raise FormulaError(message(template), tree.col_offset)
        left, right = self.read(tree.left, depth), self.read(tree.right, depth)
        exponent = self.graph.known[right] if operator == "**" else None
        if exponent is not None and not abs(exponent) <= LARGEST_EXPONENT:
            template = "an exponent may be at most {limit}"
            raise FormulaError(message(template, limit=LARGEST_EXPONENT), tree.right.col_offset)
        return self.graph.add(operator, left, right)

    def _unary(self, tree: ast.UnaryOp, depth: int) -> int:
        if type(tree.op) not in {ast.UAdd, ast.USub}:
            raise _foreign(tree)
        inside = self.read(tree.operand, depth)
        return inside if type(tree.op) is ast.UAdd else self.graph.add("negative", inside)

    def _call(self, tree: ast.Call, depth: int) -> int:
        if type(tree.func) is not ast.Name or tree.keywords:
            raise _foreign(tree)
        name = tree.func.id
        arguments = [self.read(argument, depth) for argument in tree.args]
        if name in FUNCTIONS:
            self._check_count(message("1"), name, len(arguments) == 1, tree)
            return self.graph.call(name, arguments[0])
        if name in PAIRS:
            self._check_count(message("2 or more"), name, len(arguments) >= 2, tree)
            return reduce(lambda a, b: self.graph.add(name, a, b), arguments)
        raise _unknown(name, [*FUNCTIONS, *PAIRS], tree.col_offset)

    @staticmethod
    def _check_count(count: Message, name: str, holds: bool, tree: ast.Call) -> None:
        if not holds:
            template = "{name} takes {count} between its parentheses, here are {given}"
            text = message(template, name=name, count=count, given=len(tree.args))
            raise FormulaError(text, tree.col_offset)


_READERS: Mapping[type[ast.AST], Callable[[_Reader, Any, int], int]] = {
    ast.BinOp: _Reader._binary,
    ast.Name: _Reader._name,
    ast.Constant: _Reader._number,
    ast.UnaryOp: _Reader._unary,
    ast.Call: _Reader._call,
}
"""All that a formula may consist of; a type that is not here is refused."""


def _foreign(tree: ast.AST) -> FormulaError:
    template = "this part is not in the formula language; write + - * / ** and ( )"
    return FormulaError(message(template), getattr(tree, "col_offset", None))


def _unknown(name: str, known: Sequence[str], position: int) -> FormulaError:
    # Only on this road: difflib takes longer to import than the whole language.
    from difflib import get_close_matches  # noqa: PLC0415

    shown = name if len(name) <= 30 else name[:30] + "…"
    nearest = get_close_matches(name, known, n=1, cutoff=0.5)
    if nearest:
        template = "“{name}” is unknown; did you mean {nearest}?"
        return FormulaError(message(template, name=shown, nearest=nearest[0]), position)
    template = "“{name}” is unknown; known here: {known}"
    return FormulaError(message(template, name=shown, known=", ".join(known)), position)
