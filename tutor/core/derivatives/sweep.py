"""Error against h: how wrong the two quotients are for each h, and why.

A large h is wrong because the secant is not the tangent (truncation); a small one because
f(x+h) and f(x) agree in nearly all of their digits (round-off). The best h lies between.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from tutor.core.arrays import Floats
from tutor.core.derivatives.differentiate import derivative
from tutor.core.expression import Expression, formula_of
from tutor.core.finite_differences import central_difference, forward_difference
from tutor.core.probes import as_scalar

STEPS = tuple(10.0 ** (-quarter / 4) for quarter in range(64, -1, -1))
"""Four a decade, from 1e-16 to 1."""


@dataclass(frozen=True, eq=False)
class StepSweep:
    """What a sweep over h found. Arrays have one entry for each h, in the order of `steps`."""

    x: float
    exact: float
    """The slope that the errors are measured against."""
    steps: Floats
    forward: Floats
    central: Floats
    forward_error: Floats
    """|quotient - exact|."""
    central_error: Floats
    forward_truncation: Floats
    """What theory expects of an exact computer: |f''(x)| h / 2."""
    central_truncation: Floats
    """|f'''(x)| h² / 6."""
    forward_rounding: Floats
    """What theory expects of rounding: eps |f(x)| / h, with the eps of the dtype."""
    central_rounding: Floats
    """eps |f(x)| / (2 h)."""
    eps: float
    """The spacing of floating-point numbers near 1."""

    @property
    def best_forward(self) -> float:
        """The h of the smallest measured forward error (the largest such h)."""
        return _best(self.steps, self.forward_error)

    @property
    def best_central(self) -> float:
        """The h of the smallest measured central error (the largest such h)."""
        return _best(self.steps, self.central_error)

    @property
    def theory_forward(self) -> float:
        """√eps: the best h that theory expects where f, f'' and x are of size 1."""
        return float(self.eps**0.5)

    @property
    def theory_central(self) -> float:
        """∛eps, likewise for the central quotient."""
        return float(self.eps ** (1 / 3))


def step_sweep(
    f: Callable[[Any], Any],
    x: float,
    steps: Sequence[float] = STEPS,
    dtype: type[np.floating[Any]] | type[float] = float,
    *,
    exact: float | Callable[[float], Any] | None = None,
) -> StepSweep:
    """Return both difference quotients of f at x, and their errors, for each h.

    Args:
        f: a function of one number.
        x: the point.
        steps: the h to try, positive, in x's units.
        dtype: float, or np.float32 for the low-precision lesson.
        exact: the true slope, or a function that returns it; else a reference of our own.

    Returns:
        A `StepSweep`. An h that vanishes gives a quotient of 0, or nan where h itself is 0.

    >>> sweep = step_sweep(np.exp, 1.0, steps=[1e-5, 1e-1], exact=np.e)
    >>> [f"{error:.1e}" for error in sweep.central_error]
    ['5.9e-11', '4.5e-03']
    """
    kind = np.dtype(dtype).type
    tried = np.asarray(steps, dtype=np.float64)
    # The course's own numbers are Python floats; other precisions are NumPy's.
    point, lower = (float(x), tried.tolist()) if kind is np.float64 else (kind(x), kind(tried))
    forward = np.array([forward_difference(f, point, h) for h in lower], dtype=np.float64)
    central = np.array([central_difference(f, point, h) for h in lower], dtype=np.float64)
    height, slope, second, third = _taylor_coefficients(f, float(x))
    if exact is not None:
        slope = float(exact(float(x)) if callable(exact) else exact)
    eps = float(np.finfo(kind).eps)
    return StepSweep(
        x=float(x),
        exact=slope,
        steps=tried,
        forward=forward,
        central=central,
        forward_error=np.abs(forward - slope),
        central_error=np.abs(central - slope),
        forward_truncation=abs(second) * tried / 2,
        central_truncation=abs(third) * tried**2 / 6,
        forward_rounding=eps * abs(height) / tried,
        central_rounding=eps * abs(height) / (2 * tried),
        eps=eps,
    )


def _best(steps: Floats, errors: Floats) -> float:
    smallest = np.nanmin(errors)
    return float(np.max(steps[errors == smallest]))


def _taylor_coefficients(f: Callable[[Any], Any], x: float) -> tuple[float, float, float, float]:
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
