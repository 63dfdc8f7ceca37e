"""Reverse mode: from a formula's graph to the graph of all its partial derivatives.

Walking down from the result, each node hands on to its arguments how much the result changes
with it (its adjoint). All n partials cost a few times the formula, not n times. The rules are
those of calculus, in the table `_RULES` and with each function (Griewank and Walther,
"Evaluating Derivatives", 2008).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce

from tutor.core.formula.functions import FUNCTIONS
from tutor.core.formula.graph import Graph


def gradient(graph: Graph, root: int, variables: int) -> tuple[Graph, tuple[int, ...]]:
    """Return a grown copy of `graph` and in it the nodes of the partials by each variable."""
    graph = graph.copy()
    shares: dict[int, list[int]] = {root: [graph.constant(1.0)]}
    adjoints: dict[int, int] = {}
    for node in range(root, -1, -1):
        if node not in shares or graph.known[node] is not None:
            continue
        # All that depends on this node has been seen; in the order in which it was written.
        adjoint = adjoints[node] = reduce(graph.sum, reversed(shares[node]))
        for argument, share in _shares(graph, node, adjoint):
            shares.setdefault(argument, []).append(share)
    zero = graph.constant(0.0)
    # A variable's node may be new here, when the formula does not name it.
    nodes = [graph.add("variable", i) for i in range(variables)]
    return graph, tuple([adjoints.get(node, zero) for node in nodes])


def _shares(graph: Graph, node: int, adjoint: int) -> Iterable[tuple[int, int]]:
    operation, *arguments = graph.nodes[node]
    if operation == "variable":
        return
    rule = _RULES.get(operation)
    if rule is None:
        (x,) = arguments
        yield x, graph.product(adjoint, FUNCTIONS[operation].slope(graph, x, node))
        return
    for position, argument in enumerate(arguments):
        if graph.known[argument] is None:
            yield argument, rule[position](graph, adjoint, arguments, node)


_Share = Callable[[Graph, int, list[int], int], int]


def _power_base(graph: Graph, adjoint: int, arguments: list[int], _: int) -> int:
    base, exponent = arguments
    lower = graph.power(base, graph.difference(exponent, graph.constant(1.0)))
    return graph.product(adjoint, graph.product(exponent, lower))


def _power_exponent(graph: Graph, adjoint: int, arguments: list[int], node: int) -> int:
    return graph.product(adjoint, graph.product(node, graph.call("log", arguments[0])))


def _quotient_bottom(graph: Graph, adjoint: int, arguments: list[int], _: int) -> int:
    top, bottom = arguments
    square = graph.power(bottom, graph.constant(2.0))
    return graph.negative(graph.product(adjoint, graph.quotient(top, square)))


def _winner_takes_all(sign: float) -> _Share:
    """The larger (or smaller) argument passes the slope on; where they tie, each the half."""

    def share(graph: Graph, adjoint: int, arguments: list[int], _: int) -> int:
        lead = graph.call("sign", graph.difference(arguments[0], arguments[1]))
        signed = graph.product(graph.number(sign), lead)
        half = graph.sum(graph.constant(0.5), graph.product(graph.constant(0.5), signed))
        return graph.product(adjoint, half)

    return share


_RULES: dict[str, tuple[_Share, ...]] = {
    "+": (lambda _, d, __, ___: d, lambda _, d, __, ___: d),
    "-": (lambda _, d, __, ___: d, lambda g, d, __, ___: g.negative(d)),
    "*": (
        lambda g, d, ab, _: g.product(d, ab[1]),
        lambda g, d, ab, _: g.product(d, ab[0]),
    ),
    "/": (lambda g, d, ab, _: g.quotient(d, ab[1]), _quotient_bottom),
    "**": (_power_base, _power_exponent),
    "negative": (lambda g, d, _, __: g.negative(d),),
    "max": (_winner_takes_all(1.0), _winner_takes_all(-1.0)),
    "min": (_winner_takes_all(-1.0), _winner_takes_all(1.0)),
}
"""For each operation and each of its arguments: (graph, adjoint, arguments, node) -> its share."""
