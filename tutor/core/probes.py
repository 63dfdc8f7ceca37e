"""Looking at a function before trusting it: is it scalar, vectorised, does it use its argument?"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tutor.core.arrays import Floats

LOOP_UP_TO = 4
"""Entries for which trying a batched call costs more than it can save."""
_BLOCK, _WIDEST = 128 * 1024, 128
"""Numbers and points in one call: measured best, between the cost of a call and that of memory
(which the system takes back and gives again, page by page, where one call holds everything)."""
_GOLDEN = 0.6180339887498949
"""Its multiples, without their whole parts, lie evenly and in no order."""
_TO_ROUNDING = 1e-13
"""A vectorised sum may add in another order; more than that is another function."""


def scalar_function(f: Callable[..., Any]) -> Callable[..., float]:
    """Return f with its result as a Python float.

    Raises (when called):
        ValueError: if the result is not one number; it prints the shape.
        TypeError: if it is complex or no number.
    """

    def value(x: Any) -> float:
        return as_scalar(f(x))

    return value


def as_scalar(result: Any) -> float:
    """Return one number as a float.

    Raises:
        ValueError: if it is an array with axes, even of one entry; it prints the shape.
        TypeError: if it is complex or no number.
    """
    kind = type(result)
    if kind is float or kind is np.float64:
        return float(result)
    if np.ndim(result) != 0:
        raise ValueError(
            f"f must return one number, not an array of shape {np.shape(result)}; "
            "add it up, for example with np.sum"
        )
    if np.iscomplexobj(result):
        raise TypeError("f must return a real number, not a complex one")
    return float(result)


def vectorised(f: Callable[[Floats], Any], point: Floats, h: float) -> bool:
    """Try whether f takes many points at once, in an array of shape `point.shape + (k,)`.

    It does if one call gives as many numbers as points, and two of them agree with direct calls
    to rounding (a sum in another order may change the last bits).
    """
    if point.size <= LOOP_UP_TO:
        return False
    # As many points as x has along no axis: a sum over another axis is then seen by its length.
    k = next(k for k in range(6, 99) if k not in point.shape)
    columns = np.repeat(point[..., None], k, axis=-1)
    # Every entry moves, in every column otherwise: an f that mixes columns is seen by any entry.
    columns += h * (np.arange(1.0, columns.size + 1).reshape(columns.shape) * _GOLDEN % 1 - 0.5)
    try:
        with np.errstate(all="ignore"):
            values = np.asarray(f(columns.copy()))
            if values.shape != columns.shape[-1:] or values.dtype.kind not in "fiub":
                return False
            direct = [as_scalar(f(columns[..., i].copy())) for i in (0, -1)]
    except Exception:  # whatever a black box says to a shape it does not know
        return False
    return all(_close(float(values[i]), direct[i]) for i in (0, -1))


def tamed(f: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return f that gives nan or inf where `math` or a plain division refuses, as NumPy does."""

    def value(x: Any) -> Any:
        try:
            return f(x)
        except (ArithmeticError, ValueError) as refusal:
            return outside(refusal)

    return value


_DOMAIN = ("math domain error", "math range error", "expected a ")
"""How the sentences of `math` begin; the last one since Python 3.14."""


def outside(refusal: ArithmeticError | ValueError) -> float:
    """Return what f is where `math` or a plain division refused; raise any other refusal."""
    if isinstance(refusal, OverflowError):
        return math.inf
    if isinstance(refusal, ZeroDivisionError) or str(refusal).startswith(_DOMAIN):
        return math.nan
    raise refusal


class EntryProbe:
    """f along single entries of x: called with entries (m,) and points (k, m), it returns (k, m).

    Value (i, j) is f with only entry `entries[j]` moved, to `points[i, j]`. Batched, many points
    are asked for in one call; blocks keep them in the processor's cache.
    """

    def __init__(self, f: Callable[[Floats], Any], point: Floats, *, batched: bool) -> None:
        self._f, self._point, self._batched = f, point, batched

    def __call__(self, entries: NDArray[np.intp], points: Floats) -> Floats:
        """Return f with entry `entries[j]` moved to `points[i, j]`, shape (k, m)."""
        rows = np.broadcast_to(entries, points.shape).reshape(-1)
        values = self._columns if self._batched else self._singles
        return values(rows, points.reshape(-1)).reshape(points.shape)

    def _columns(self, rows: NDArray[np.intp], moved: Floats) -> Floats:
        reuse_freed_memory()
        width = max(1, min(_WIDEST, _BLOCK // self._point.size))
        flat, found = self._point.reshape(-1), np.empty(moved.size)
        for start in range(0, moved.size, width):
            part = slice(start, start + width)
            k = len(moved[part])
            block = np.repeat(flat[:, None], k, axis=1)
            block[rows[part], np.arange(k)] = moved[part]
            found[part] = columns_of(self._f(block.reshape(*self._point.shape, k)), k)
        return found

    def _singles(self, rows: NDArray[np.intp], moved: Floats) -> Floats:
        buffer = self._point.copy()
        flat, seen = buffer.reshape(-1), read_only(buffer)
        found = []
        for row, value in zip(rows.tolist(), moved.tolist(), strict=True):
            before, flat[row] = flat[row], value
            found.append(as_scalar(self._f(seen)))
            flat[row] = before
        return np.array(found)


@cache
def reuse_freed_memory() -> None:
    """Let the C library reuse freed arrays of up to 4 MiB instead of giving them back.

    glibc learns that from the first array of this size that is freed (mallopt(3), on
    M_MMAP_THRESHOLD). Before, the system maps and clears the pages of each temporary array of f
    anew, which costs up to four times the computation.
    """
    np.empty(4 * 1024 * 1024, dtype=np.uint8)


def read_only(buffer: Floats) -> Floats:
    """Return a view that shows the buffer to f, which cannot write to it."""
    seen = buffer.view()
    seen.flags.writeable = False
    return seen


def columns_of(values: Any, k: int) -> Floats:
    """Return what a batched f gave for k points.

    Raises:
        ValueError: if that is not one number a point.
    """
    if type(values) is np.ndarray and values.shape == (k,):
        return values
    result = np.asarray(values)
    if result.shape != (k,):
        raise ValueError(
            f"a batched f must return shape ({k},), one number a point, not {result.shape}; "
            "sum over the axes of x only, for example np.sum(x**2, axis=0)"
        )
    return result


def elementwise(f: Callable[[Any], Any], points: Floats) -> Floats:
    """Return f of each number: in one call where f takes arrays, else in one call for each."""
    flat = points.reshape(-1)
    first = as_scalar(f(float(flat[0])))
    try:
        values = np.asarray(f(flat), dtype=np.float64)
        agrees = values.shape == flat.shape and _close(float(values[0]), first)
    except Exception:  # whatever a function of one number says to an array
        agrees = False
    if not agrees:
        values = np.array([first, *(as_scalar(f(x)) for x in flat[1:].tolist())])
    return values.reshape(points.shape)


def _close(a: float, b: float) -> bool:
    if not math.isfinite(b):
        return a == b or (math.isnan(a) and math.isnan(b))
    return abs(a - b) <= _TO_ROUNDING * abs(b)


def unresponsive(f: Callable[[Floats], Any], point: Floats) -> bool:
    """Say whether f returns one identical number at points that are far apart.

    A plateau is flat near a point; a function that ignores its argument is flat everywhere.
    """
    try:
        with np.errstate(all="ignore"):
            values = {as_scalar(f(point + shift)) for shift in (0.0, 1.0, -2.7, 1e3)}
            values |= {as_scalar(f(point * factor + 0.3)) for factor in (-1.5, 0.1)}
    except Exception:  # a black box that minds far points does look at them
        return False
    return len(values) == 1
