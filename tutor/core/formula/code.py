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
from tutor.core.formula.printer import ATOM, SUM, Spelt, spell

Backend = Literal["point", "grid"]

_LONGEST_TEXT = 200
"""Characters after which a value gets a name of its own: Python refuses 200 parentheses."""

FAILURES = (ArithmeticError, ValueError, TypeError)
"""What `math` raises where the result is nan, infinite or complex; NumPy answers there."""

_NAMESPACES: dict[str, dict[str, Any]] = {
    "point": {
        "__builtins__": {},
        "power": math.pow,
        "failures": FAILURES,
        "inf": math.inf,
        "nan": math.nan,
        "float": float,
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
        self.statements: list[str] = []
        self._graph, self._on_grid = graph, backend == "grid"
        done: dict[int, Spelt] = {}
        uses = _count_uses(graph, roots)
        for node in sorted(uses):
            spelt = self._spell(node, done)
            if spelt[1] != ATOM and (uses[node] > 1 or len(spelt[0]) > _LONGEST_TEXT):
                self.statements.append(f"t{node} = {spelt[0]}")
                spelt = f"t{node}", ATOM
            done[node] = spelt
        self.results = [done[root][0] for root in roots]

    def _spell(self, node: int, done: dict[int, Spelt]) -> Spelt:
        operation, *arguments = self._graph.nodes[node]
        if operation == "variable":
            return f"x{arguments[0]}", ATOM
        known = self._graph.known[node]
        if operation == "const":
            return f"{known!r}", ATOM
        if known is not None and self._on_grid:
            # NumPy is not to see a constant 1/0, which is an error of Python's floats.
            return f"{known!r}", SUM
        parts = [done[argument] for argument in arguments]
        if operation == "**":
            return _power(self._graph.known[arguments[1]], parts, on_grid=self._on_grid)
        return spell(operation, parts)


def _power(exponent: float | None, parts: Sequence[Spelt], *, on_grid: bool) -> Spelt:
    """Spell a power: `**` gives complex numbers where the exponent is no integer."""
    if exponent is None or not exponent.is_integer():
        return spell("power", parts)
    if not on_grid or exponent == 0:
        return spell("**", parts)
    if exponent == 2:
        return spell("square", parts[:1])
    return f"integer_power({parts[0][0]}, {int(exponent)})", ATOM


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


def grid_function(
    graph: Graph, roots: Sequence[int], variables: int
) -> Callable[..., tuple[Any, ...]]:
    """Return f(x0, x1, ...) that computes the nodes `roots`, in a tuple, by NumPy."""
    lines = Lines(graph, roots, "grid")
    body = [*lines.statements, f"return {_tuple(lines.results)}"]
    return _assemble("f", _names("x", variables), body, _NAMESPACES["grid"])


def point_function(
    graph: Graph,
    roots: Sequence[int],
    variables: int,
    elsewhere: Callable[..., Any],
    *,
    as_tuple: bool,
) -> Callable[..., Any]:
    """Return f(x0, x1, ...) that computes the nodes `roots` (or the only one) by `math`.

    `elsewhere` answers, with the same arguments, where they are not all Python floats, and where
    `math` gives up.
    """
    lines = Lines(graph, roots, "point")
    xs = _names("x", variables)
    body = [
        f"if {' is '.join([*[f'{x}.__class__' for x in xs], 'float'])}:",  # a chain: all of them
        " try:",
        *[f"  {line}" for line in lines.statements],
        f"  return {_tuple(lines.results) if as_tuple else lines.results[0]}",
        " except failures:",
        "  pass",
        f"return elsewhere({', '.join(xs)})",
    ]
    return _assemble("f", xs, body, {**_NAMESPACES["point"], "elsewhere": elsewhere})


def descent(graph: Graph, value: int, partials: Sequence[int]) -> Callable[..., Iterator[float]]:
    """Return a generator of gradient steps with the formula and its gradient written out in it.

    f(x0, ..., rates, otherwise): see `Expression.descend`.
    """
    lines = Lines(graph, [value, *partials], "point")
    xs, ds = _names("x", len(partials)), _names("d", len(partials))
    results = zip(["y", *ds], lines.results, strict=True)
    body = [
        "rate = 0.0",
        "try:",
        " for rate in rates:",
        *(f"  {line}" for line in lines.statements),
        *(f"  {name} = {text}" for name, text in results),
        # What `math` cannot give has ended the loop before anything of this step is said.
        *(f"  yield {name}" for name in [*xs, "y", *ds]),
        *(f"  {x} -= rate * {d}" for x, d in zip(xs, ds, strict=True)),
        *(f" yield {x}" for x in xs),
        "except failures:",
        f" yield from otherwise([{', '.join(xs)}], [rate, *rates])",
    ]
    return _assemble("descend", [*xs, "rates", "otherwise"], body, _NAMESPACES["point"])


def descent_of_many(graph: Graph, partials: Sequence[int]) -> Callable[..., None]:
    """Return gradient steps of many points, written out, that move the rows of points in place.

    f(x0, ..., rates): arrays of one shape, and an iterable of η. The operations are those of
    `grid_function`, in its order and so with its digits, but each goes into an array that is
    there: a new one for each result costs as much as the arithmetic.
    """
    n = len(partials)
    program = _InPlace(graph, partials)
    slopes = [program.scaled(node) for node in partials]
    body = [
        *(f"{name} = like(x0)" for name in program.buffers),
        "for rate in rates:",
        *(f" {line}" for line in program.statements),
        *(f" subtract(x{i}, {slope}, x{i})" for i, slope in enumerate(slopes)),
    ]
    return _assemble("descend", [*_names("x", n), "rates"], body, _NAMESPACES["in place"])


class _InPlace:
    """Statements that compute nodes of a graph on arrays of one shape, each into a buffer."""

    def __init__(self, graph: Graph, roots: Sequence[int]) -> None:
        self.statements: list[str] = []
        self.buffers: list[str] = []
        self._graph, self._free = graph, list[str]()
        self._left = _count_uses(graph, roots)
        self._spelt: dict[int, str] = {}
        self._negated = {
            arguments[0]
            for operation, *arguments in (graph.nodes[node] for node in self._left)
            if operation == "negative" and self._is_multiple(arguments[0])
        }
        for node in sorted(self._left):
            self._spelt[node] = self._computed(node)

    def _is_multiple(self, node: int) -> bool:
        """Say whether a node is a number times another, of which one use is made."""
        operation, *arguments = self._graph.nodes[node]
        return self._left[node] == 1 and operation == "*" and (
            self._graph.known[arguments[0]] is not None
        )  # fmt: skip

    def scaled(self, root: int) -> str:
        """Return the text of η times a result."""
        return self._into("multiply", ["rate", self._used(root)])

    def _computed(self, node: int) -> str:
        operation, *arguments = self._graph.nodes[node]
        known = self._graph.known[node]
        if operation == "variable":
            return f"x{arguments[0]}"
        if known is not None:
            return f"{known!r}"
        if operation == "negative" and arguments[0] in self._negated:
            return self._spelt[arguments[0]]
        if operation == "**":
            exponent = self._graph.known[arguments[1]]
            if exponent == 2:
                return self._into("square", [self._used(arguments[0])])
            if exponent and exponent.is_integer():
                return self._into("integer_power", [self._used(arguments[0]), str(int(exponent))])
        texts = [self._used(argument) for argument in arguments]
        if node in self._negated:  # -2*a rounds like -(2*a)
            texts[0] = f"-{texts[0]}"
        return self._into(_UFUNCS.get(str(operation), str(operation)), texts)

    def _used(self, node: int) -> str:
        """Return the text of an argument, whose buffer is free after its last use."""
        text = self._spelt[node]
        self._left[node] -= 1
        if not self._left[node] and text in self.buffers:
            self._free.append(text)
        return text

    def _into(self, operation: str, arguments: Sequence[str]) -> str:
        if not self._free:
            self._free.append(f"b{len(self.buffers)}")
            self.buffers.append(self._free[0])
        buffer = self._free.pop()
        call = f"{operation}({', '.join(arguments)}"
        if not isinstance(_NAMESPACES["in place"][operation], np.ufunc):
            self.statements.append(f"{buffer}[...] = {call})")
        else:  # NumPy would take a third one of max and min for an argument
            self.statements.append(f"{call}, {'out=' if operation in PAIRS else ''}{buffer})")
        return buffer


_UFUNCS = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide", "**": "power",
           "negative": "negative"}  # fmt: skip
_NAMESPACES["in place"] = {
    **_NAMESPACES["grid"],
    **{name: getattr(np, name) for name in _UFUNCS.values()},
    "like": np.empty_like,
}


def _names(letter: str, count: int) -> list[str]:
    return [f"{letter}{i}" for i in range(count)]


def _tuple(texts: Sequence[str]) -> str:
    return f"({''.join([f'{text}, ' for text in texts])})"


def _assemble(
    name: str, parameters: Sequence[str], body: Sequence[str], namespace: dict[str, Any]
) -> Callable[..., Any]:
    """Return the function with these parameters and statements."""
    source = f"def {name}({', '.join(parameters)}):\n" + "".join([f" {line}\n" for line in body])
    namespace = namespace.copy()
    # The source holds names and numbers made in this file, never a person's text.
    exec(compile(source, "<formula>", "exec"), namespace)  # noqa: S102
    return namespace[name]  # type: ignore[no-any-return]  # what `def` has just put there
