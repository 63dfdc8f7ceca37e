"""Graphs to straight-line Python: one form for a point (`math`), one for a grid (NumPy).

The text that is compiled consists of names and numbers made here; nothing that a person
typed reaches it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal

import numpy as np

from tutor.core.formula.functions import FUNCTIONS, PAIRS, integer_power
from tutor.core.formula.graph import Graph

Backend = Literal["point", "grid"]

_DEEPEST_LINE = 20
"""Nested this deeply, a value gets a name of its own: Python refuses 200 parentheses."""

FAILURES = (ArithmeticError, ValueError, TypeError)
"""What `math` raises where the result is nan, infinite or complex; NumPy answers there."""

_NAMESPACES: dict[str, dict[str, Any]] = {
    "point": {
        "__builtins__": {},
        "power": math.pow,
        "failures": FAILURES,
        **{name: function.point for name, function in FUNCTIONS.items()},
        **{name: point for name, (point, _) in PAIRS.items()},
    },
    "grid": {
        "__builtins__": {},
        "inf": np.inf,
        "nan": np.nan,
        "power": np.power,
        "square": np.square,
        "integer_power": integer_power,
        **{name: function.grid for name, function in FUNCTIONS.items()},
        **{name: grid for name, (_, grid) in PAIRS.items()},
    },
}


class Lines:
    """The statements that compute some nodes of a graph, and how to name each of them."""

    def __init__(self, graph: Graph, roots: Sequence[int], backend: Backend) -> None:
        self._graph = graph
        self._backend = backend
        self._uses = _count_uses(graph, roots)
        self._text: dict[int, tuple[str, int]] = {}
        self.statements: list[str] = []
        for node in sorted(self._uses):
            self._write(node)
        self.results = [self._text[root][0] for root in roots]

    def _write(self, node: int) -> None:
        operation, *arguments = self._graph.nodes[node]
        known = self._graph.known[node]
        if operation == "const" or (known is not None and self._backend == "grid"):
            # NumPy is not to see a constant 1/0, which is an error of Python's floats.
            self._text[node] = (f"({known!r})", 0)
            return
        if operation == "variable":
            self._text[node] = (f"x{arguments[0]}", 0)
            return
        texts = [self._text[argument] for argument in arguments]
        depth = 1 + max(depth for _, depth in texts)
        text = self._spell(node, operation, [text for text, _ in texts])
        if self._uses[node] > 1 or depth > _DEEPEST_LINE:
            self.statements.append(f"t{node} = {text}")
            text, depth = f"t{node}", 0
        self._text[node] = (text, depth)

    def _spell(self, node: int, operation: str, texts: list[str]) -> str:
        if operation == "**":
            return self._spell_power(self._graph.known[self._graph.nodes[node][2]], texts)
        if operation in {"+", "-", "*", "/"}:
            return f"({texts[0]} {operation} {texts[1]})"
        if operation == "negative":
            return f"(-{texts[0]})"
        return f"{operation}({', '.join(texts)})"

    def _spell_power(self, exponent: float | None, texts: list[str]) -> str:
        if exponent is None or not exponent.is_integer():
            return f"power({texts[0]}, {texts[1]})"
        if self._backend == "point" or exponent == 0:
            return f"({texts[0]} ** {texts[1]})"
        if exponent == 2:
            return f"square({texts[0]})"
        return f"integer_power({texts[0]}, {int(exponent)})"


def _count_uses(graph: Graph, roots: Sequence[int]) -> dict[int, int]:
    uses = dict.fromkeys(roots, 0)
    for root in roots:
        uses[root] += 1
    for node in range(max(roots), -1, -1):
        operation, *arguments = graph.nodes[node]
        if node in uses and operation not in {"const", "variable"}:
            for argument in arguments:
                uses[argument] = uses.get(argument, 0) + 1
    return uses


def function(
    graph: Graph, roots: Sequence[int], variables: int, backend: Backend, *, as_tuple: bool = False
) -> Callable[..., Any]:
    """Return f(x0, x1, ...) that computes the nodes `roots`: a value, or a tuple of them."""
    lines = Lines(graph, roots, backend)
    result = "".join(f"{text}, " for text in lines.results) if as_tuple else lines.results[0]
    body = [*lines.statements, f"return ({result})"]
    return assemble("f", [f"x{i}" for i in range(variables)], body, backend)


def descent(graph: Graph, value: int, partials: Sequence[int]) -> Callable[..., Iterator[float]]:
    """Return a generator of gradient steps with the formula and its gradient written out in it.

    f(x0, ..., rate, steps): see `Expression.descend`.
    """
    lines = Lines(graph, [value, *partials], "point")
    xs, ds = ([f"{letter}{i}" for i in range(len(partials))] for letter in "xd")
    results = zip(["y", *ds], lines.results, strict=True)
    step = [
        *lines.statements,
        *(f"{name} = {text}" for name, text in results),
        # A value that `math` cannot give has ended the loop before anything of this step is said.
        *(f"yield {name}" for name in [*xs, "y", *ds]),
        *(f"{x} -= rate * {d}" for x, d in zip(xs, ds, strict=True)),
    ]
    body = [
        "try:",
        " for _ in steps:",
        *(f"  {line}" for line in step),
        "except failures:",
        " return",
    ]
    return assemble("descend", [*xs, "rate", "steps"], body, "point")


def assemble(
    name: str, parameters: Sequence[str], body: Sequence[str], backend: Backend
) -> Callable[..., Any]:
    """Return the function with these parameters and statements."""
    source = f"def {name}({', '.join(parameters)}):\n" + "".join(f" {line}\n" for line in body)
    namespace = _NAMESPACES[backend].copy()
    # The source holds names and numbers made in this file, never a person's text.
    exec(compile(source, "<formula>", "exec"), namespace)  # noqa: S102
    return namespace[name]  # type: ignore[no-any-return]  # what `def` has just put there
