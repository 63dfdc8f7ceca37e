"""A formula as a graph: each node is computed once, however often the text repeats it.

A node is its index in `nodes`; its arguments have smaller indices, so that walking up the
indices computes and walking down differentiates. Equal nodes are one node (hash-consing).
`("const", 2.0)`, `("variable", 0)`, `("+", a, b)`, `("negative", a)`, `("sin", a)`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from tutor.core.arrays import EPS
from tutor.core.formula.functions import CONSTANTS, FUNCTIONS, PAIRS

Node = tuple[Any, ...]

_OTHERS: dict[str, Callable[..., Any]] = {
    "negative": lambda a: -a,
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "**": lambda a, b: a**b if b.is_integer() else math.pow(a, b),
}
_NAMED = frozenset(CONSTANTS.values())


class Graph:
    """The nodes of a formula. It only grows; `copy` before growing one that others read."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.known: list[float | None] = []
        """The value of each node that depends on no variable (nan where it has none)."""
        self.plain: list[float | None] = []
        """The value of each written number that may be merged with another; pi stays pi."""
        self._index: dict[Node, int] = {}

    def copy(self) -> Graph:
        """Return a graph that grows by itself from here on; its nodes keep their indices."""
        twin = Graph()
        twin.nodes, twin.known, twin.plain = self.nodes.copy(), self.known.copy(), self.plain.copy()
        twin._index = self._index.copy()
        return twin

    # As written: what the parser builds. Nothing is simplified, so that the digits are those
    # of the formula that the author wrote.

    def add(self, *node: Any) -> int:
        """Return the index of `node`, which is stored if it is new."""
        index = self._index.get(node)
        if index is None:
            index = self._index[node] = len(self.nodes)
            self.nodes.append(node)
            known, plain = self._values(*node)
            self.known.append(known)
            self.plain.append(plain)
        return index

    def constant(self, value: float) -> int:
        """Return the node of a number."""
        return self.add("const", value)

    def call(self, name: str, argument: int) -> int:
        """Return the node of a function of one argument."""
        return self.add(name, argument)

    def _values(self, operation: str, *arguments: Any) -> tuple[float | None, float | None]:
        """Return what to store in `known` and in `plain`."""
        if operation == "variable":
            return None, None
        if operation == "const":
            value = float(arguments[0])
            return value, None if value in _NAMED else value
        known = self.known
        if known[arguments[0]] is None or known[arguments[-1]] is None:
            return None, None
        inner = self.plain[arguments[0]] if operation == "negative" else None
        value = _compute(operation, [known[argument] for argument in arguments])
        return value, None if inner is None else -inner

    # Simplified: what the derivative rules build, so that a derivative can be read.

    def number(self, value: float) -> int:
        """Return the node of a number, with its sign outside."""
        return self.add("negative", self.constant(-value)) if value < 0 else self.constant(value)

    def negative(self, a: int) -> int:
        """Return -a."""
        operation, *rest = self.nodes[a]
        if operation == "negative":
            return int(rest[0])
        if self.plain[a] == 0.0:
            return a
        return self.add("-", rest[1], rest[0]) if operation == "-" else self.add("negative", a)

    def sum(self, a: int, b: int) -> int:
        """Return a + b."""
        left, right = self.plain[a], self.plain[b]
        if left is not None and right is not None:
            return self.number(left + right)
        if left == 0.0:
            return b
        if right == 0.0:
            return a
        if self.nodes[b][0] == "negative":
            return self.add("-", a, self.nodes[b][1])
        if self.nodes[a][0] == "negative":
            return self.add("-", b, self.nodes[a][1])
        return self.add("+", a, b)

    def difference(self, a: int, b: int) -> int:
        """Return a - b."""
        return self.sum(a, self.negative(b))

    def product(self, a: int, b: int) -> int:
        """Return a * b, numbers first and merged, minus signs outside."""
        if self.nodes[a][0] == "negative":
            return self.negative(self.product(self.nodes[a][1], b))
        if self.nodes[b][0] == "negative":
            return self.negative(self.product(a, self.nodes[b][1]))
        if self.known[a] is None and self.known[b] is not None:
            a, b = b, a
        factor = self.plain[a]
        return self._product(a, b) if factor is None else self._multiple(factor, b)

    def _product(self, a: int, b: int) -> int:
        """`product` of two parts that are no plain numbers."""
        operation, *rest = self.nodes[b]
        if operation == "*" and self.known[b] is None and self.plain[rest[0]] is not None:
            return self.product(self.product(rest[0], a), rest[1])
        if operation == "/" and self.plain[rest[0]] == 1.0:
            return self.quotient(a, rest[1])
        operation, *rest = self.nodes[a]
        if operation == "/" and self.plain[rest[0]] == 1.0:
            return self.quotient(b, rest[1])
        return self.add("*", a, b)

    def _multiple(self, factor: float, node: int) -> int:
        value = self.plain[node]
        if value is not None:
            return self.number(factor * value)
        if factor in {0.0, 1.0}:
            return node if factor else self.constant(0.0)
        operation, *rest = self.nodes[node]
        first, last = (self.plain[rest[0]], self.plain[rest[-1]]) if rest[1:] else (None, None)
        if operation == "*" and first is not None:
            return self.product(self.number(factor * first), rest[1])
        if operation == "/" and first is not None:
            return self.quotient(self.number(factor * first), rest[1])
        if operation == "/" and last:
            return self.product(self.number(factor / last), rest[0])
        return self.add("*", self.constant(factor), node)

    def quotient(self, a: int, b: int) -> int:
        """Return a / b."""
        if self.plain[a] == 0.0 or self.plain[b] == 1.0:
            return a
        if self.nodes[a][0] == "negative":
            return self.negative(self.quotient(self.nodes[a][1], b))
        if self.nodes[b][0] == "negative":
            return self.negative(self.quotient(a, self.nodes[b][1]))
        top, bottom = self.plain[a], self.plain[b]
        if top is not None and bottom:
            return self.number(top / bottom)
        return self.add("/", a, b)

    def power(self, a: int, b: int) -> int:
        """Return a ** b."""
        exponent = self.plain[b]
        if exponent == 1.0:
            return a
        return self.constant(1.0) if exponent == 0.0 else self.add("**", a, b)


def _compute(operation: str, values: list[Any]) -> float:
    try:
        return float(_operation_at_point(operation)(*values))
    except (ArithmeticError, ValueError):
        with np.errstate(all="ignore"):
            return float(_operation_on_grid(operation)(*map(np.float64, values)))


def _operation_on_grid(name: str) -> Callable[..., Any]:
    """Return the NumPy form of an operation, which gives nan or inf where `math` raises."""
    if name == "**":
        return np.power
    return PAIRS[name][1] if name in PAIRS else _OTHERS.get(name) or FUNCTIONS[name].grid


def _operation_at_point(name: str) -> Callable[..., Any]:
    if name in PAIRS:
        return PAIRS[name][0]
    return _OTHERS[name] if name in _OTHERS else FUNCTIONS[name].point


# How far rounding can have moved a result: each operation hands on the errors of its arguments and
# adds an ulp of its own (running error analysis; Higham, "Accuracy and Stability of Numerical
# Algorithms", 2002, section 3.3).


def rounding_bounds(graph: Graph, roots: Sequence[int], point: Sequence[float]) -> list[float]:
    """Return for each node of `roots` a bound on its rounding error at `point`; inf for none."""
    values: list[Any] = []
    errors: list[float] = []
    with np.errstate(all="ignore"):
        for operation, *arguments in graph.nodes[: max(roots) + 1]:
            if operation == "variable":
                value, error = np.float64(point[arguments[0]]), 0.0
            elif operation == "const":
                value = np.float64(arguments[0])
                # 0.1 and pi are written exactly, but stored to half an ulp.
                error = 0.0 if value.is_integer() else EPS / 2 * abs(float(value))
            else:
                spread = [errors[a] for a in arguments]
                value, error = _propagate(operation, [values[a] for a in arguments], spread)
            values.append(value)
            errors.append(error)
    return [errors[root] if math.isfinite(errors[root]) else math.inf for root in roots]


def _propagate(operation: str, inputs: list[Any], spread: list[float]) -> tuple[Any, float]:
    """Return an operation's value and how far it can be off: each argument is moved to its ends."""
    compute = _operation_on_grid(operation)
    value = compute(*inputs)
    error = 2 * EPS * abs(float(value))  # `math` and NumPy's functions err by less than 2 ulps
    for i, reach in enumerate(spread):
        ends = [
            compute(*inputs[:i], inputs[i] + sign * reach, *inputs[i + 1 :]) for sign in (1, -1)
        ]
        error += max(abs(float(end - value)) for end in ends) if reach else 0.0
    return value, error
