"""Reverse mode: from a formula's graph to the graph of all its partial derivatives.

Walking down from the result, each node hands on to its arguments how much the result changes
with it (its adjoint). All n partials cost a few times the formula, not n times. The rules are
those of calculus, in the tables `_RULES` and `_SLOPES` (Griewank and Walther, "Evaluating
Derivatives", 2008).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce

from tutor.core.formula.graph import Graph

_MOST_MASKS = 8
"""At one node: beyond them, what the masks let through is summed before it goes on."""


def gradient(graph: Graph, root: int, variables: int) -> tuple[Graph, tuple[int, ...]]:
    """Return a grown copy of `graph` and in it the nodes of the partials by each variable.

    What goes through max, min or relu carries, as its mask, the share that the branch has in the
    result: a share of 0 times the slopes below it, were one infinite, would be nan.
    """
    graph = graph.copy()
    shares: dict[int, dict[int | None, list[int]]] = {root: {None: [graph.constant(1.0)]}}
    sums: dict[int, int] = {}
    for node in range(root, -1, -1):
        if node not in shares or graph.known[node] is not None:
            continue
        # All that depends on this node has been seen; in the order in which it was written.
        masked = {m: reduce(graph.sum, reversed(each)) for m, each in shares[node].items()}
        if graph.nodes[node][0] == "variable" or len(masked) > _MOST_MASKS:
            masked = {None: reduce(graph.sum, [_masked(graph, *each) for each in masked.items()])}
            sums[node] = masked[None]
        for mask, adjoint in masked.items():
            for argument, share, gate in _shares(graph, node, adjoint):
                both = gate if mask is None else mask if gate is None else graph.product(mask, gate)
                shares.setdefault(argument, {}).setdefault(both, []).append(share)
    zero = graph.constant(0.0)
    # A variable's node may be new here, when the formula does not name it.
    nodes = [graph.add("variable", i) for i in range(variables)]
    return graph, tuple([sums.get(node, zero) for node in nodes])


def _masked(graph: Graph, mask: int | None, slope: int) -> int:
    if mask is None:
        return slope
    if graph.known[slope] is not None:
        return graph.product(mask, slope)
    return graph.add("gate", mask, slope)


def _shares(graph: Graph, node: int, adjoint: int) -> Iterable[tuple[int, int, int | None]]:
    """Yield (argument, its share, the mask of that share) for each argument that may vary."""
    operation, *arguments = graph.nodes[node]
    if operation == "variable":
        return
    if operation in _CHOICES:
        for argument, mask in zip(arguments, _CHOICES[operation](graph, *arguments), strict=True):
            if graph.known[argument] is None:
                yield argument, adjoint, mask
        return
    rule = _RULES.get(operation)
    if rule is None:
        (x,) = arguments
        yield x, graph.product(adjoint, _SLOPES[operation](graph, x, node)), None
        return
    for position, argument in enumerate(arguments):
        if graph.known[argument] is None:
            yield argument, rule[position](graph, adjoint, arguments, node), None


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


def _half(graph: Graph, sign: float, x: int) -> int:
    """(1 + sign·sign(x))/2: 1 or 0, and the half where x is 0."""
    signed = graph.product(graph.number(sign), graph.call("sign", x))
    return graph.sum(graph.constant(0.5), graph.product(graph.constant(0.5), signed))


def _winner_takes_all(sign: float) -> Callable[..., tuple[int, int]]:
    """The larger (or smaller) argument passes the slope on; where they tie, each the half."""

    def masks(graph: Graph, a: int, b: int) -> tuple[int, int]:
        lead = graph.difference(a, b)
        return _half(graph, sign, lead), _half(graph, -sign, lead)

    return masks


_CHOICES: dict[str, Callable[..., tuple[int, ...]]] = {
    "max": _winner_takes_all(1.0),
    "min": _winner_takes_all(-1.0),
    "relu": lambda graph, x: (_half(graph, 1.0, x),),
}
"""Which share each argument has in the result of a function that chooses."""

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
    "gate": (
        lambda g, d, ab, _: g.product(d, ab[1]),
        lambda g, d, ab, _: _masked(g, ab[0], d),
    ),
}
"""For each operation and each of its arguments: (graph, adjoint, arguments, node) -> its share."""


# Of the functions of one argument

_Slope = Callable[[Graph, int, int], int]


def _over(graph: Graph, divisor: int) -> int:
    return graph.quotient(graph.constant(1.0), divisor)


def _one_minus_square(graph: Graph, x: int) -> int:
    """(1 - x)(1 + x), which keeps its digits where x is near 1; 1 - x² loses them."""
    one = graph.constant(1.0)
    return graph.product(graph.difference(one, x), graph.sum(one, x))


def _tan_slope(graph: Graph, _: int, y: int) -> int:
    return graph.sum(graph.constant(1.0), graph.power(y, graph.constant(2.0)))


def _acos_slope(graph: Graph, x: int, _: int) -> int:
    return graph.negative(_over(graph, graph.call("sqrt", _one_minus_square(graph, x))))


def _atan_slope(graph: Graph, x: int, _: int) -> int:
    square = graph.power(x, graph.constant(2.0))
    return _over(graph, graph.sum(graph.constant(1.0), square))


def _tanh_slope(graph: Graph, x: int, _: int) -> int:
    """1 / cosh², which keeps its digits where tanh is near 1; 1 - tanh² loses them."""
    return _over(graph, graph.power(graph.call("cosh", x), graph.constant(2.0)))


def _slope_of_log(base: float) -> _Slope:
    def slope(graph: Graph, x: int, _: int) -> int:
        return _over(graph, graph.product(x, graph.call("log", graph.constant(base))))

    return slope


def _asinh_slope(graph: Graph, x: int, _: int) -> int:
    square = graph.power(x, graph.constant(2.0))
    return _over(graph, graph.call("sqrt", graph.sum(square, graph.constant(1.0))))


def _acosh_slope(graph: Graph, x: int, _: int) -> int:
    one = graph.constant(1.0)
    below, above = graph.difference(x, one), graph.sum(x, one)
    return _over(graph, graph.product(graph.call("sqrt", below), graph.call("sqrt", above)))


def _cbrt_slope(graph: Graph, _: int, y: int) -> int:
    return _over(graph, graph.product(graph.constant(3.0), graph.power(y, graph.constant(2.0))))


def _sqrt_slope(graph: Graph, _: int, y: int) -> int:
    return _over(graph, graph.product(graph.constant(2.0), y))


def _sigmoid_slope(graph: Graph, x: int, y: int) -> int:
    """s(x) s(-x), which keeps its digits where s is near 1; s (1 - s) loses them."""
    return graph.product(y, graph.call("sigmoid", graph.negative(x)))


_SLOPES: dict[str, _Slope] = {
    "sin": lambda g, x, _: g.call("cos", x),
    "cos": lambda g, x, _: g.negative(g.call("sin", x)),
    "tan": _tan_slope,
    "asin": lambda g, x, _: _over(g, g.call("sqrt", _one_minus_square(g, x))),
    "acos": _acos_slope,
    "atan": _atan_slope,
    "sinh": lambda g, x, _: g.call("cosh", x),
    "cosh": lambda g, x, _: g.call("sinh", x),
    "tanh": _tanh_slope,
    "exp": lambda _, __, y: y,
    "log": lambda g, x, _: _over(g, x),
    "log10": _slope_of_log(10.0),
    "log2": _slope_of_log(2.0),
    "log1p": lambda g, x, _: _over(g, g.sum(g.constant(1.0), x)),
    "expm1": lambda g, x, _: g.call("exp", x),
    "cbrt": _cbrt_slope,
    "asinh": _asinh_slope,
    "acosh": _acosh_slope,
    "atanh": lambda g, x, _: _over(g, _one_minus_square(g, x)),
    "softplus": lambda g, x, _: g.call("sigmoid", x),
    "floor": lambda g, _, __: g.constant(0.0),
    "ceil": lambda g, _, __: g.constant(0.0),
    "sqrt": _sqrt_slope,
    "sigmoid": _sigmoid_slope,
    "abs": lambda g, x, _: g.call("sign", x),
    "sign": lambda g, _, __: g.constant(0.0),
}
"""For each function: (graph, argument, result) -> the node of d result / d argument."""
