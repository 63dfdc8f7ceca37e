"""The functions of the formula language: at a point, on a grid, and their derivative rules.

Each function has a `math` form for one point and a NumPy form for many. The two may differ
in the last bit, so a screen that shows digits stays with one of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np

from tutor.core.arrays import Floats

if TYPE_CHECKING:
    from tutor.core.formula.graph import Graph

Rule = Callable[["Graph", int, int], int]
"""(graph, argument, result) -> the node of d result / d argument."""


@dataclass(frozen=True, slots=True)
class Function:
    """One function of one argument."""

    point: Callable[[float], float]
    grid: Callable[[Any], Any]
    slope: Rule


def _sigmoid_point(x: float) -> float:
    """1 / (1 + exp(-x)), without overflow on either side."""
    small = math.exp(-abs(x))
    return (1.0 if x >= 0 else small) / (1.0 + small)


def _sigmoid_grid(x: Floats) -> Floats:
    small = np.exp(-np.abs(x))
    return np.asarray(np.where(x >= 0, 1.0, small) / (1.0 + small))


def _sign_point(x: float) -> float:
    return x if math.isnan(x) else float((x > 0) - (x < 0))


def maximum(a: float, b: float) -> float:
    """Return the larger one; nan if either is nan, as NumPy does."""
    return a if a >= b or math.isnan(a) else b


def minimum(a: float, b: float) -> float:
    """Return the smaller one; nan if either is nan, as NumPy does."""
    return a if a <= b or math.isnan(a) else b


def integer_power(base: Any, exponent: int) -> Any:
    """base**exponent by multiplications: a hundred times faster than NumPy's pow on a grid.

    `x**3` on an array of mixed signs takes the slow road through pow; the products agree with
    it to the last bit or two, which no plot can show.
    """
    if exponent < 0:
        return 1.0 / integer_power(base, -exponent)
    factors = []
    while exponent:
        if exponent & 1:
            factors.append(base)
        exponent >>= 1
        base = base * base if exponent else base
    return reduce(np.multiply, factors)


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


def _log10_slope(graph: Graph, x: int, _: int) -> int:
    return _over(graph, graph.product(x, graph.call("log", graph.constant(10.0))))


def _sqrt_slope(graph: Graph, _: int, y: int) -> int:
    return _over(graph, graph.product(graph.constant(2.0), y))


def _sigmoid_slope(graph: Graph, x: int, y: int) -> int:
    """s(x) s(-x), which keeps its digits where s is near 1; s (1 - s) loses them."""
    return graph.product(y, graph.call("sigmoid", graph.negative(x)))


FUNCTIONS = {
    "sin": Function(math.sin, np.sin, lambda g, x, _: g.call("cos", x)),
    "cos": Function(math.cos, np.cos, lambda g, x, _: g.negative(g.call("sin", x))),
    "tan": Function(math.tan, np.tan, _tan_slope),
    "asin": Function(
        math.asin, np.arcsin, lambda g, x, _: _over(g, g.call("sqrt", _one_minus_square(g, x)))
    ),
    "acos": Function(math.acos, np.arccos, _acos_slope),
    "atan": Function(math.atan, np.arctan, _atan_slope),
    "sinh": Function(math.sinh, np.sinh, lambda g, x, _: g.call("cosh", x)),
    "cosh": Function(math.cosh, np.cosh, lambda g, x, _: g.call("sinh", x)),
    "tanh": Function(math.tanh, np.tanh, _tanh_slope),
    "exp": Function(math.exp, np.exp, lambda _, __, y: y),
    "log": Function(math.log, np.log, lambda g, x, _: _over(g, x)),
    "log10": Function(math.log10, np.log10, _log10_slope),
    "sqrt": Function(math.sqrt, np.sqrt, _sqrt_slope),
    "sigmoid": Function(_sigmoid_point, _sigmoid_grid, _sigmoid_slope),
    "abs": Function(abs, np.abs, lambda g, x, _: g.call("sign", x)),
    "sign": Function(_sign_point, np.sign, lambda g, _, __: g.constant(0.0)),
}
"""By name. `sign` is there because the derivative of `abs` needs a name."""

PAIRS = {"max": (maximum, np.maximum), "min": (minimum, np.minimum)}
"""The functions of two arguments, at a point and on a grid; more arguments are folded."""

CONSTANTS = {"pi": math.pi, "e": math.e}
