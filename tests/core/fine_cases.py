"""Random functions whose scale is not x's own: fast waves, narrow bumps, steps, kinks, noise.

An estimate that looks only at coarse steps is confidently wrong here. Each family draws cases; a
truth of nan says that there is no derivative (or none that floats can show): any status but ok.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import mpmath
import numpy as np

from tests.core.derivative_cases import DIGITS, Case

Draw = np.random.Generator
Found = Callable[[Callable[[Any], Any], float], tuple[float, float, str]]
"""What is judged: (f, x) -> value, bound, status."""


def _log_uniform(draw: Draw, low: float, high: float) -> float:
    return float(10 ** draw.uniform(low, high))


def _sign(draw: Draw) -> float:
    return float(draw.choice([-1.0, 1.0]))


SHAPES: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "sine": (lambda m, z: m.sin(z), lambda m, z: m.cos(z)),
    "cosine": (lambda m, z: m.cos(z), lambda m, z: -m.sin(z)),
    "two waves": (
        lambda m, z: m.sin(z) + m.cos(3 * z) / 2,
        lambda m, z: m.cos(z) - 3 * m.sin(3 * z) / 2,
    ),
    "wave of waves": (
        lambda m, z: m.exp(m.sin(z)),
        lambda m, z: m.cos(z) * m.exp(m.sin(z)),
    ),
    "gaussian": (lambda m, z: m.exp(-z * z), lambda m, z: -2 * z * m.exp(-z * z)),
    "lorentzian": (lambda m, z: 1 / (1 + z * z), lambda m, z: -2 * z / (1 + z * z) ** 2),
    "tanh step": (lambda m, z: m.tanh(z), lambda m, z: 1 / m.cosh(z) ** 2),
    "flat top": (lambda m, z: m.exp(-(z**4)), lambda m, z: -4 * z**3 * m.exp(-(z**4))),
    "flat pole": (lambda m, z: 1 / (1 + z**4), lambda m, z: -4 * z**3 / (1 + z**4) ** 2),
    "slow tails": (lambda m, z: z / (1 + z * z), lambda m, z: (1 - z * z) / (1 + z * z) ** 2),
    "flat zeros": (lambda m, z: m.cos(z) ** 9, lambda m, z: -9 * m.cos(z) ** 8 * m.sin(z)),
    "packet": (
        lambda m, z: m.exp(-z * z) * m.sin(5 * z),
        lambda m, z: m.exp(-z * z) * (5 * m.cos(5 * z) - 2 * z * m.sin(5 * z)),
    ),
}


def _shape(draw: Draw, names: tuple[str, ...], grounds: bool) -> Case:
    """Return A g((x - c) / w), on a slow ground perhaps; w is 1e-8 to 1 times |x|."""
    name = str(draw.choice(names))
    f, slope = SHAPES[name]
    x = _sign(draw) * _log_uniform(draw, -3, 3)
    w = abs(x) * _log_uniform(draw, -8, 0)
    if name in _WAVES:
        w /= 2 * np.pi  # what is drawn is a period
    c = x - w * draw.uniform(-2, 2)
    size = _sign(draw) * (_log_uniform(draw, -6, 0) if grounds else _log_uniform(draw, -3, 3))
    a, b = (draw.uniform(-2, 2), draw.uniform(0.2, 2)) if grounds else (0.0, 1.0)
    s = abs(x)

    def g(z: Any) -> Any:
        return size * f(np, (z - c) / w) + a * np.sin(b * z / s)

    with mpmath.workdps(DIGITS):
        at, w_, s_ = mpmath.mpf(x), mpmath.mpf(w), mpmath.mpf(s)
        truth = size * slope(mpmath, (at - c) / w_) / w_ + a * b * mpmath.cos(b * at / s_) / s_
    return Case(name, g, x, truth)


_WAVES = ("sine", "cosine", "two waves", "wave of waves", "flat zeros")
_BUMPS = (
    "gaussian", "lorentzian", "tanh step", "packet", "flat top", "flat pole", "slow tails",
)  # fmt: skip


def _round_periods(draw: Draw) -> Case:
    """Return a wave whose period divides what is round in decimals or in binary."""
    p = float(draw.choice([1.0, 0.5, 0.25, 0.125, 0.1, 0.01, 1e-3, 2.0**-10, 2.0**-14]))
    x = float(draw.choice([draw.uniform(32, 64), draw.integers(1, 2000), draw.uniform(100, 1e4)]))
    w = p / (2 * np.pi)
    with mpmath.workdps(DIGITS):
        truth = mpmath.cos(mpmath.mpf(x) / mpmath.mpf(w)) / mpmath.mpf(w)
    return Case("round periods", lambda z: np.sin(z / w), x, truth)


def _triangles(draw: Draw) -> Case:
    x = _sign(draw) * _log_uniform(draw, -3, 3)
    p = abs(x) * _log_uniform(draw, -8, 0)
    while True:
        phase = draw.uniform(0, 1)
        at = (x / p + phase) % 1
        if min(abs(at - 0.5), at, 1 - at) > max(1e-3, 1e-6 * abs(x) / p * 1.1):
            break
        if p < 1e-5 * abs(x):
            p *= 10
    slope = 1 / p if at > 0.5 else -1 / p
    return Case("triangles", lambda z: abs((z / p + phase) % 1 - 0.5), x, mpmath.mpf(slope))


def _steps(draw: Draw) -> Case:
    """Return floor or mod; nearer than 1e-6 |x| to a jump: nothing may be ok."""
    x = _sign(draw) * _log_uniform(draw, -3, 3)
    p = abs(x) * _log_uniform(draw, -5, 1)
    distance = (
        p * draw.uniform(0, 1) if draw.random() < 0.5 else abs(x) * _log_uniform(draw, -12, -3)
    )
    jump = x - _sign(draw) * distance
    is_mod = bool(draw.random() < 0.5)

    def f(z: Any) -> Any:
        return (z - jump) % p if is_mod else p * np.floor((z - jump) / p)

    away = abs(x - jump) % p
    away = min(away, p - away)
    truth = mpmath.mpf(is_mod) if away >= 1e-6 * abs(x) else mpmath.nan
    return Case("steps", f, x, truth)


def _kinks(draw: Draw) -> Case:
    """Return |x - c| at c, on a slope or on a large constant."""
    x = float(draw.choice([0.0, _sign(draw) * _log_uniform(draw, -3, 3)]))
    a, on_slope = draw.uniform(0.1, 3), bool(draw.random() < 0.5)
    b = draw.uniform(-5, 5) if on_slope else 0.0
    k = 0.0 if on_slope else _sign(draw) * _log_uniform(draw, 0, 10) * max(abs(x), 1.0)
    return Case("kinks", lambda z: k + b * z + a * abs(z - x), x, mpmath.nan)


def _constants(draw: Draw) -> Case:
    """Return a wave, or a sawtooth of several terms, on a constant up to 1e12 times larger."""
    x = _sign(draw) * _log_uniform(draw, -3, 3)
    k, b = _sign(draw) * _log_uniform(draw, 0, 12), _log_uniform(draw, -2, 0.5) / abs(x)
    with mpmath.workdps(DIGITS):
        at = mpmath.mpf(x)
        if draw.random() < 0.5:
            return Case("constants", lambda z: k + np.sin(b * z), x, b * mpmath.cos(b * at))
        p = abs(x) * _log_uniform(draw, -2, 1)
        phase = float(1.5 - at / p % 1 + draw.uniform(-0.49, 0.49))
        truth = 1 / mpmath.mpf(p) + mpmath.cos(at * b) * b
    return Case("constants", lambda z: (z / p + phase) % 1 + np.sin(b * z), x, truth)


def _scales(draw: Draw) -> Case:
    """Return A g(x / s), A and s from 1e-300 to 1e300 with a slope in the same range."""
    name = str(draw.choice(["sine", "gaussian", "lorentzian", "tanh step", "wave of waves"]))
    f, slope = SHAPES[name]
    while True:
        s, size = _log_uniform(draw, -300, 300), _log_uniform(draw, -300, 300)
        if 1e-295 < size / s < 1e295:
            break
    x = s * draw.uniform(-2, 2)
    with mpmath.workdps(DIGITS):
        truth = mpmath.mpf(size) / s * slope(mpmath, mpmath.mpf(x) / s)
    return Case("scales", lambda z: size * f(np, z / s), x, truth)


def scrambled(x: Any) -> Any:
    """Return numbers from -1/2 to 1/2 without a pattern, the same ones for the same x."""
    bits = np.asarray(x, dtype=np.float64).view(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    bits ^= bits >> np.uint64(29)
    bits *= np.uint64(0xBF58476D1CE4E5B9)
    bits ^= bits >> np.uint64(32)
    return (bits >> np.uint64(11)) / 2.0**53 - 0.5


def _noise(draw: Draw) -> Case:
    x = _sign(draw) * _log_uniform(draw, -2, 2)
    amount, b = _log_uniform(draw, -12, -3), draw.uniform(0.3, 3) / abs(x)
    with mpmath.workdps(DIGITS):
        truth = b * mpmath.cos(b * mpmath.mpf(x))
    return Case("noise", lambda z: np.sin(b * z) + amount * scrambled(z), x, truth)


FINE: dict[str, Callable[[Draw], Case]] = {
    "waves": lambda draw: _shape(draw, _WAVES, grounds=False),
    "bumps": lambda draw: _shape(draw, _BUMPS, grounds=False),
    "slow and fast": lambda draw: _shape(draw, _WAVES + _BUMPS, grounds=True),
    "round periods": _round_periods,
    "triangles": _triangles,
    "steps": _steps,
    "kinks": _kinks,
    "constants": _constants,
    "scales": _scales,
    "noise": _noise,
}


def fine_cases(family: str, seed: int, count: int) -> Iterator[Case]:
    """Yield `count` random cases of a family."""
    draw = np.random.default_rng([seed, list(FINE).index(family)])
    for _ in range(count):
        yield FINE[family](draw)


@dataclass(frozen=True)
class Honesty:
    """How some cases of a family were answered."""

    right: int
    """ok, and the truth lies within the bound."""
    wrong: int
    """ok, though it does not, or though there is no derivative."""
    told: Counter[str]
    """The statuses."""
    outside: int
    """Not ok, with a bound that the truth lies outside of all the same."""
    examples: tuple[Case, ...]
    """Some of the wrong ones."""


def honesty(family: str, found: Found, seed: int, count: int) -> Honesty:
    """Differentiate random cases of a family and compare with the truth."""
    right, outside, told = 0, 0, Counter[str]()
    wrong: list[Case] = []
    for case in fine_cases(family, seed, count):
        value, bound, status = found(case.f, case.x)
        told[status] += 1
        within = bool(abs(mpmath.mpf(value) - case.truth) <= bound)
        if status != "ok":
            outside += not (within or mpmath.isnan(case.truth))
        elif within:
            right += 1
        else:
            wrong.append(case)
    return Honesty(right, len(wrong), told, outside, tuple(wrong[:5]))
