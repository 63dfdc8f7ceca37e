"""The functions of the formula language: at a point and on a grid.

Each function has a `math` form for one point and a NumPy form for many. The two may differ
in the last bit, so a screen that shows digits stays with one of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np

from tutor.core.arrays import Floats


@dataclass(frozen=True, slots=True)
class Function:
    """One function of one argument."""

    point: Callable[[float], float]
    grid: Callable[[Any], Any]


def _sigmoid_point(x: float) -> float:
    """1 / (1 + exp(-x)), without overflow on either side."""
    small = math.exp(-abs(x))
    return (1.0 if x >= 0 else small) / (1.0 + small)


def _sigmoid_grid(x: Floats) -> Floats:
    small = np.exp(-np.abs(x))
    return np.asarray(np.where(x >= 0, 1.0, small) / (1.0 + small))


def _sign_point(x: float) -> float:
    return x if math.isnan(x) else float((x > 0) - (x < 0))


def _softplus_point(x: float) -> float:
    """log(1 + exp(x)), without overflow."""
    return math.log1p(math.exp(-abs(x))) + (0.0 if x < 0 else x)


def _softplus_grid(x: Floats) -> Floats:
    return np.logaddexp(0.0, x)


def _relu_point(x: float) -> float:
    return 0.0 if x < 0 else x


def _floor_point(x: float) -> float:
    return float(math.floor(x))


def _ceil_point(x: float) -> float:
    return float(math.ceil(x))


def maximum(a: float, b: float) -> float:
    """Return the larger one; nan if either is nan, as NumPy does."""
    return a if a >= b or math.isnan(a) else b


def minimum(a: float, b: float) -> float:
    """Return the smaller one; nan if either is nan, as NumPy does."""
    return a if a <= b or math.isnan(a) else b


def gate(a: float, b: float) -> float:
    """Return a*b, and 0 where a is 0: also where b is infinite.

    The slope of max and min: what a branch does that is not taken does not count.
    """
    return a * b if a else 0.0


def _gate_grid(a: Floats, b: Floats) -> Floats:
    return np.where(np.equal(a, 0.0), 0.0, np.multiply(a, b))


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


FUNCTIONS = {
    "sin": Function(math.sin, np.sin),
    "cos": Function(math.cos, np.cos),
    "tan": Function(math.tan, np.tan),
    "asin": Function(math.asin, np.arcsin),
    "acos": Function(math.acos, np.arccos),
    "atan": Function(math.atan, np.arctan),
    "asinh": Function(math.asinh, np.arcsinh),
    "acosh": Function(math.acosh, np.arccosh),
    "atanh": Function(math.atanh, np.arctanh),
    "sinh": Function(math.sinh, np.sinh),
    "cosh": Function(math.cosh, np.cosh),
    "tanh": Function(math.tanh, np.tanh),
    "exp": Function(math.exp, np.exp),
    "log": Function(math.log, np.log),
    "log10": Function(math.log10, np.log10),
    "log2": Function(math.log2, np.log2),
    "log1p": Function(math.log1p, np.log1p),
    "expm1": Function(math.expm1, np.expm1),
    "sqrt": Function(math.sqrt, np.sqrt),
    "cbrt": Function(math.cbrt, np.cbrt),
    "sigmoid": Function(_sigmoid_point, _sigmoid_grid),
    "softplus": Function(_softplus_point, _softplus_grid),
    "relu": Function(_relu_point, lambda x: np.maximum(x, 0.0)),
    "floor": Function(_floor_point, np.floor),
    "ceil": Function(_ceil_point, np.ceil),
    "abs": Function(abs, np.abs),
    "sign": Function(_sign_point, np.sign),
}
"""By name. `sign` is there because the derivative of `abs` needs a name."""

PAIRS: dict[str, tuple[Callable[[float, float], float], Callable[[Any, Any], Any]]] = {
    "max": (maximum, np.maximum),
    "min": (minimum, np.minimum),
    "gate": (gate, _gate_grid),
}
"""The functions of two arguments, at a point and on a grid; more of max and min are folded.
`gate` is there because the derivatives of `max`, `min` and `relu` need a name."""

CONSTANTS = {"pi": math.pi, "e": math.e}

ALIASES = {
    "ln": "log", "lg": "log10", "ld": "log2", "lb": "log2", "sgn": "sign", "signum": "sign",
    "tg": "tan", "arctg": "atan",
    "arcsin": "asin", "arccos": "acos", "arctan": "atan",
    "arsinh": "asinh", "arcosh": "acosh", "artanh": "atanh",
    "arcsinh": "asinh", "arccosh": "acosh", "arctanh": "atanh",
    "fabs": "abs", "absolute": "abs", "maximum": "max", "minimum": "min", "logistic": "sigmoid",
    "ReLU": "relu", "π": "pi",
}  # fmt: skip
"""Other names that books and NumPy give to functions and constants of the language."""


def _reciprocal(name: str) -> Callable[..., int]:
    return lambda g, a: g.add("/", g.constant(1.0), g.call(name, a))


WRITTEN_OUT: dict[str, tuple[int, Callable[..., int]]] = {
    "cot": (1, _reciprocal("tan")),
    "ctg": (1, _reciprocal("tan")),
    "sec": (1, _reciprocal("cos")),
    "csc": (1, _reciprocal("sin")),
    "cosec": (1, _reciprocal("sin")),
    "sech": (1, _reciprocal("cosh")),
    "csch": (1, _reciprocal("sinh")),
    "coth": (1, _reciprocal("tanh")),
    "square": (1, lambda g, a: g.add("**", a, g.constant(2.0))),
    "exp2": (1, lambda g, a: g.add("**", g.constant(2.0), a)),
    "pow": (2, lambda g, a, b: g.add("**", a, b)),
    "power": (2, lambda g, a, b: g.add("**", a, b)),
}
"""Functions that are read as what they are short for, and how many arguments they take."""
CALLABLE = frozenset({*FUNCTIONS, *PAIRS, *WRITTEN_OUT, *ALIASES} - {"π"})
FORMULA_NAMES = CALLABLE | {*CONSTANTS, "π"}
"""Names that mean the same in every formula."""
