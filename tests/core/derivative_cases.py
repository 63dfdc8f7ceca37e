"""Random functions of sixteen families with derivatives to fifty digits, for accuracy tests.

Each family is written once, for NumPy and for mpmath: `m` is the library. The test suite draws
fixed seeds, the benchmark a fresh one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import mpmath
import numpy as np

DIGITS = 50


@dataclass(frozen=True)
class Case:
    """A function to differentiate at a point, and the true slope there."""

    family: str
    f: Callable[[Any], Any]
    x: float
    truth: mpmath.mpf


@dataclass(frozen=True)
class Family:
    """f(m, z, a, b) and its derivative, and where z may lie."""

    name: str
    f: Callable[..., Any]
    slope: Callable[..., Any]
    low: float = -3.0
    high: float = 3.0
    log_scale: bool = False
    stretch: float = 1.0


def _atan(m: Any, z: Any) -> Any:
    return m.arctan(z) if m is np else m.atan(z)


def _asin(m: Any, z: Any) -> Any:
    return m.arcsin(z) if m is np else m.asin(z)


FAMILIES = (
    Family("quintic", lambda m, z, a, b: a * z**5 - b * z**3 + 2 * z - 1,
           lambda m, z, a, b: 5 * a * z**4 - 3 * b * z**2 + 2),
    Family("exponential", lambda m, z, a, b: m.exp(a * z), lambda m, z, a, b: a * m.exp(a * z)),
    Family("sine", lambda m, z, a, b: m.sin(a * z + b),
           lambda m, z, a, b: a * m.cos(a * z + b)),
    Family("fast wave", lambda m, z, a, b: m.sin(a * z), lambda m, z, a, b: a * m.cos(a * z),
           stretch=20.0),
    Family("logarithm", lambda m, z, a, b: m.log(abs(a) * z), lambda m, z, a, b: 1 / z,
           1e-4, 1e4, log_scale=True),
    Family("root", lambda m, z, a, b: m.sqrt(z), lambda m, z, a, b: 1 / (2 * m.sqrt(z)),
           1e-3, 1e3, log_scale=True),
    Family("power", lambda m, z, a, b: z**a, lambda m, z, a, b: a * z ** (a - 1),
           0.1, 30, log_scale=True),
    Family("runge", lambda m, z, a, b: 1 / (1 + a * a * z * z),
           lambda m, z, a, b: -2 * a * a * z / (1 + a * a * z * z) ** 2, stretch=5.0),
    Family("saturation", lambda m, z, a, b: m.tanh(a * z + b),
           lambda m, z, a, b: a / m.cosh(a * z + b) ** 2),
    Family("logistic", lambda m, z, a, b: 1 / (1 + m.exp(-a * z)),
           lambda m, z, a, b: a * m.exp(-a * z) / (1 + m.exp(-a * z)) ** 2),
    Family("bell", lambda m, z, a, b: m.exp(-a * a * z * z),
           lambda m, z, a, b: -2 * a * a * z * m.exp(-a * a * z * z)),
    Family("nested", lambda m, z, a, b: m.exp(m.sin(a * z)),
           lambda m, z, a, b: a * m.cos(a * z) * m.exp(m.sin(a * z))),
    Family("angle", lambda m, z, a, b: _atan(m, a * z), lambda m, z, a, b: a / (1 + (a * z) ** 2),
           stretch=3.0),
    Family("arc sine", lambda m, z, a, b: _asin(m, z), lambda m, z, a, b: 1 / m.sqrt(1 - z * z),
           -0.95, 0.95),
    Family("product", lambda m, z, a, b: z * z * m.sin(a * z) + m.cosh(z),
           lambda m, z, a, b: 2 * z * m.sin(a * z) + z * z * a * m.cos(a * z) + m.sinh(z)),
    Family("pole", lambda m, z, a, b: a / z + z * z, lambda m, z, a, b: -a / z**2 + 2 * z,
           0.3, 3),
)  # fmt: skip


def cases(seed: int, count: int) -> Iterator[Case]:
    """Yield `count` random cases, drawn evenly from the families."""
    random = np.random.default_rng(seed)
    for i in range(count):
        family = FAMILIES[i % len(FAMILIES)]
        a = float(random.uniform(0.2, 3) * random.choice([-1, 1]) * family.stretch)
        b = float(random.uniform(-3, 3))
        ends = np.array([family.low, family.high])
        x = float(np.exp(random.uniform(*np.log(ends))) if family.log_scale
                  else random.uniform(*ends))  # fmt: skip
        yield _case(family, x, a, b)


def _case(family: Family, x: float, a: float, b: float) -> Case:
    with mpmath.workdps(DIGITS):
        truth = family.slope(mpmath, mpmath.mpf(x), mpmath.mpf(a), mpmath.mpf(b))
    return Case(family.name, lambda z: family.f(np, z, a, b), x, truth)


@dataclass(frozen=True)
class Accuracy:
    """What `derivative` reached on some cases."""

    median_relative_error: float
    covered: float
    """The share of cases whose true error is within the bound."""
    tightness: float
    """The median of bound / true error."""
    not_a_number: int
    false_alarms: int
    """Statuses other than ok."""


def measure(seed: int, count: int) -> Accuracy:
    """Differentiate random cases and compare with the truth."""
    from tutor.core import derivative

    relative, ratios, covered, bad, alarms = [], [], 0, 0, 0
    for case in cases(seed, count):
        found = derivative(case.f, case.x)
        if np.isnan(found.value):
            bad += 1
            continue
        with mpmath.workdps(DIGITS):
            error = abs(mpmath.mpf(found.value) - case.truth)
            relative.append(float(error / abs(case.truth)))
        covered += float(error) <= found.error
        alarms += found.status != "ok"
        if error:
            ratios.append(found.error / float(error))
    return Accuracy(
        float(np.median(relative)), covered / count, float(np.median(ratios)), bad, alarms
    )
