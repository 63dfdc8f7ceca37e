"""f, f', f'' and f''' of a smooth function: exactly for a formula, else by extrapolation."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from tutor.core.differentiate import derivative
from tutor.core.expression import Expression, formula_of
from tutor.core.probes import as_scalar


def taylor_coefficients(f: Callable[[Any], Any], x: float) -> tuple[float, float, float, float]:
    """Return f(x), f'(x), f''(x) and f'''(x) of a function of one number.

    Exact where f is a formula or a named objective; else the first is extrapolated to nearly
    full precision and the others are good for the theory lines of a chart (four digits or more
    for smooth functions of size 1).
    """
    expression = formula_of(f)
    if expression is not None:
        return _exact(expression, x)
    second, third = _estimated(lambda z: as_scalar(f(z)), x)
    return as_scalar(f(x)), derivative(f, x).value, second, third


def _exact(expression: Expression, x: float) -> tuple[float, float, float, float]:
    orders = [expression]
    for _ in range(3):
        orders.append(orders[-1].derivative(expression.variables[0]))
    height, slope, second, third = (float(order.value(x)) for order in orders)
    return height, slope, second, third


def _estimated(f: Callable[[float], float], x: float) -> tuple[float, float]:
    first = 2.0**-5 * max(1.0, abs(x))

    def bend(h: float) -> float:
        return (f(x + h) - 2 * f(x) + f(x - h)) / h**2

    def twist(h: float) -> float:
        return (f(x + 2 * h) - 2 * f(x + h) + 2 * f(x - h) - f(x - 2 * h)) / (2 * h**3)

    with np.errstate(all="ignore"):
        return _extrapolated(bend, first), _extrapolated(twist, first)


def _extrapolated(quotient: Callable[[float], float], h: float) -> float:
    """Richardson's extrapolation of a quotient whose error is a series in h²."""
    row = [quotient(h / 2**k) for k in range(5)]
    for order in range(1, 5):
        factor = 4.0**order
        row = [(factor * fine - coarse) / (factor - 1) for coarse, fine in pairwise(row)]
    return row[0]
