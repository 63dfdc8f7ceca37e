"""Does a gradient belong to its function? Compared entry by entry, and by Taylor remainders.

If g is the gradient of f, then f(x + hv) - f(x) shrinks like h, and f(x + hv) - f(x) - h g·v
like h². A wrong g leaves the second shrinking like h too: a test that knows no tolerance.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from tutor.core.arrays import EPS, Floats, as_float64
from tutor.core.derivatives.differentiate import derivative, gradient
from tutor.core.probes import as_scalar
from tutor.i18n import Message, message

Verdict: TypeAlias = Literal["agrees", "differs", "unclear"]

_TOLERANCE = 1e-6
"""Relative, on top of the numerical gradient's own bound."""
_SWALLOWED = 0.1
"""Relative: a numerical gradient with a larger bound tells nothing."""
_HALVINGS = 2.0 ** -np.arange(3, 29)


@dataclass(frozen=True, eq=False)
class GradientCheck:
    """What a check found. The terms of the worst entry (or direction) stand for all."""

    verdict: Verdict
    """unclear: f has a kink or no finite value where it was probed, the numerical gradient is not
    known well enough, or differences and Taylor remainders contradict each other."""
    relative_error: float
    """The length of given - numerical, relative to the longer of the two; 0 if both are 0."""
    worst: tuple[int, ...] | None
    """The index of the entry that disagrees most; None where random directions were compared."""
    given: float
    """The worst entry of the gradient that was checked (or its slope along the direction)."""
    numerical: float
    """The same by differences."""
    bound: float
    """How far the numerical one may be off."""
    taylor_orders: tuple[float, float]
    """How the two remainders shrink: about (1, 2) for a gradient that belongs to f, (1, 1) for
    another one; inf where a remainder is nothing but rounding."""
    compared: int
    """How many entries or directions were compared."""

    def __bool__(self) -> bool:
        return self.verdict == "agrees"

    def explain(self) -> tuple[Message, ...]:
        """Return the finding and, for a wrong gradient, what kind of mistake it looks like."""
        along = message("along the worst direction")
        where = along if self.worst is None else f"[{_index(self.worst)}]"
        terms = {"where": where, "given": self.given, "numerical": self.numerical}
        if self.verdict == "agrees":
            template = "the gradient belongs to f; the largest relative difference is {error:.1g}"
            return (message(template, error=self.relative_error),)
        if self.verdict == "unclear":
            return (self._why_unclear(),)
        template = "{where}: the gradient says {given:.6g}, differences say {numerical:.6g}"
        return (message(template, **terms), *self._suspicion())

    def _why_unclear(self) -> Message:
        if not math.isfinite(self.bound):
            return message("f has a kink or no finite value here: nothing can be compared")
        if self.bound > _SWALLOWED * max(abs(self.given), abs(self.numerical)):
            template = (
                "differences know the slope of f only to ±{bound:.1g}: nothing can be compared"
            )
            return message(template, bound=self.bound)
        return message("differences contradict the gradient, but f changes as the gradient says")

    def _suspicion(self) -> tuple[Message, ...]:
        if self.given == 0:
            return (message("this entry is missing"),)
        if self.numerical == 0 or not math.isfinite(self.given):
            return ()
        ratio = self.given / self.numerical
        if abs(ratio + 1) < 1e-3:
            return (message("the sign is wrong"),)
        small = abs(ratio) < 1
        factor = 1 / ratio if small else ratio
        nearest = round(factor)
        if abs(nearest) < 2 or abs(factor) > 100 or abs(factor - nearest) > 1e-3 * abs(factor):
            return ()
        if small:
            return (message("too small by a factor {factor:.3g}", factor=nearest),)
        return (message("a factor {factor:.3g} too much", factor=nearest),)


def _index(entry: tuple[int, ...]) -> str:
    return ", ".join(map(str, entry))


def check_gradient(
    f: Callable[[Any], Any],
    grad: Callable[[Any], Any] | ArrayLike,
    x: ArrayLike,
    *,
    directions: Literal["all"] | int = "all",
    seed: int = 0,
) -> GradientCheck:
    """Compare a gradient with differences of f at x.

    Args:
        f: a function of an array of x's shape that returns one number.
        grad: the gradient to be checked: a function of x, or its array at x, in x's shape.
        x: the point, of any shape; not one where f has a kink.
        directions: "all" compares every entry. A number compares that many random directions:
            for large shapes, where each entry would cost too much.
        seed: of the random directions.

    Returns:
        A `GradientCheck`; it is true if the gradient belongs to f.

    Raises:
        ValueError: if the gradient has not x's shape, f does not return one number, or
            `directions` is less than 1.

    >>> check = check_gradient(lambda x: np.sum(x**2), lambda x: -2*x, np.array([3.0, 4.0]))
    >>> check.verdict, str(check.explain()[-1])
    ('differs', 'the sign is wrong')
    """
    point = as_float64(x)
    given = as_float64(grad(point.copy()[()]) if callable(grad) else grad, "the gradient")
    if given.shape != point.shape:
        raise ValueError(f"the gradient must have x's shape {point.shape}, not {given.shape}")
    if directions != "all" and directions < 1:
        raise ValueError(f"directions must be “all” or at least 1, not {directions}")
    random = np.random.default_rng(seed)
    if directions == "all":
        compared = _entries(f, given, point)
    else:
        compared = _directions(f, given, point, random, directions)
    found = _judged(compared, _taylor_orders(f, given, point, _direction(point, random)))
    gap = given.reshape(-1) - compared.numerical if compared.shape is not None else np.zeros(0)
    if found.verdict == "agrees" or not gap.any() or not np.isfinite(gap).all():
        return found
    # Along what the two differ by: a small fault in one of many entries is lost in any other.
    along = (gap / float(np.linalg.norm(gap))).reshape(point.shape)
    return _judged(compared, _taylor_orders(f, given, point, along))


@dataclass(frozen=True, eq=False)
class _Compared:
    """Slopes by the gradient that was given and by differences, side by side; flat arrays."""

    given: Floats
    numerical: Floats
    bound: Floats
    clear: bool
    shape: tuple[int, ...] | None


def _entries(f: Callable[[Any], Any], given: Floats, point: Floats) -> _Compared:
    # Behind another function a formula is a black box: its own gradient is no witness.
    found = gradient(_Opaque(f), point)
    return _Compared(
        given.reshape(-1),
        found.value.reshape(-1),
        found.error.reshape(-1),
        found.status in {"ok", "noisy"},
        point.shape,
    )


def _directions(
    f: Callable[[Any], Any], given: Floats, point: Floats, random: np.random.Generator, count: int
) -> _Compared:
    rows, clear = [], True
    for _ in range(count):
        along = _direction(point, random)
        found = derivative(partial(_moved, f, point, along), 0.0)
        clear &= found.status in {"ok", "noisy"}
        rows.append((float(np.sum(given * along)), found.value, found.error))
    columns = np.array(rows).T
    return _Compared(columns[0], columns[1], columns[2], clear, None)


def _moved(f: Callable[[Any], Any], point: Floats, along: Floats, t: float) -> float:
    return as_scalar(f((point + t * along)[()]))


class _Opaque:
    """A function of which nobody can see what it is."""

    def __init__(self, f: Callable[[Any], Any]) -> None:
        self.call = f

    def __call__(self, x: Any) -> Any:
        return self.call(x)


def _direction(point: Floats, random: np.random.Generator) -> Floats:
    along = random.standard_normal(point.shape)
    return np.asarray(along / max(float(np.linalg.norm(along)), 1e-300))


def _judged(compared: _Compared, orders: tuple[float, float]) -> GradientCheck:
    given, numerical = compared.given, compared.numerical
    if given.size == 0:
        return GradientCheck("agrees", 0.0, None, 0.0, 0.0, 0.0, orders, 0)
    gap = np.abs(given - numerical)
    size = np.maximum(np.abs(given), np.abs(numerical))
    excess = gap - compared.bound - _TOLERANCE * size
    scores = excess / np.maximum(size, 1e-300)
    scores[~np.isfinite(scores)] = np.inf  # a nan among the slopes is no gradient of anything
    worst = int(np.argmax(scores))
    longer = max(float(np.linalg.norm(given)), float(np.linalg.norm(numerical)))
    swallowed = (compared.bound > _SWALLOWED * longer) & (gap > _TOLERANCE * longer)
    verdict: Verdict = "differs" if scores[worst] > 0 else "agrees"
    # By Taylor's remainders it is the gradient: one of the two does not see what f does.
    contradicted = verdict == "differs" and 1.5 < orders[1] < math.inf
    clear = compared.clear and not contradicted and not (verdict == "agrees" and swallowed.any())
    index = compared.shape and tuple(int(i) for i in np.unravel_index(worst, compared.shape))
    return GradientCheck(
        verdict=verdict if clear else "unclear",
        relative_error=float(np.linalg.norm(given - numerical)) / longer if longer else 0.0,
        worst=() if compared.shape == () else index,
        given=float(given[worst]),
        numerical=float(numerical[worst]),
        bound=float(compared.bound[worst]),
        taylor_orders=orders,
        compared=given.size,
    )


def _taylor_orders(
    f: Callable[[Any], Any], given: Floats, point: Floats, along: Floats
) -> tuple[float, float]:
    with np.errstate(all="ignore"):
        values = np.array([_moved(f, point, along, h) for h in (0.0, *_HALVINGS)])
    constant = values[1:] - values[0]
    linear = constant - _HALVINGS * float(np.sum(given * along))
    noise = 1e3 * EPS * float(np.abs(values).max())
    return _order(np.abs(constant), noise), _order(np.abs(linear), noise)


def _order(remainders: Floats, noise: float) -> float:
    """Return the power of h by which remainders at halved steps shrink; the finest clear ones."""
    clear = remainders[remainders > noise][-5:]
    if clear.size < 2:
        return math.inf
    return float(np.median(np.log2(clear[:-1] / clear[1:])))
