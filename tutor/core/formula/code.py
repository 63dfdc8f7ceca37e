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
from tutor.core.formula.spelling import ATOM, SUM, Spelt, spell

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
        self.statements: list[str] = []
        on_grid, done, depths = backend == "grid", {}, {}
        uses = _count_uses(graph, roots)
        for node in sorted(uses):
            operation, *arguments = graph.nodes[node]
            known = graph.known[node]
            depths[node] = 0
            if operation == "const" or (known is not None and on_grid):
                # NumPy is not to see a constant 1/0, which is an error of Python's floats.
                done[node] = f"{known!r}", ATOM if operation == "const" else SUM
                continue
            if operation == "variable":
                done[node] = f"x{arguments[0]}", ATOM
                continue
            parts = [done[argument] for argument in arguments]
            exponent = graph.known[arguments[1]] if operation == "**" else None
            spelt = (_power(exponent, parts, on_grid=on_grid) if operation == "**"
                     else spell(operation, parts))  # fmt: skip
            depth = 1 + max([depths[argument] for argument in arguments])
            if uses[node] > 1 or depth > _DEEPEST_LINE:
                self.statements.append(f"t{node} = {spelt[0]}")
                spelt, depth = (f"t{node}", ATOM), 0
            done[node], depths[node] = spelt, depth
        self.results = [done[root][0] for root in roots]


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
