"""Looking at a function before trusting it: is it scalar, vectorised, does it use its argument?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tutor.core.arrays import Floats

_LOOP_UP_TO = 4
"""Entries for which trying a batched call costs more than it can save."""


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
    if point.size <= _LOOP_UP_TO:
        return False
    k = 2 * point.size
    columns = np.repeat(point[..., None], min(k, 6), axis=-1)
    columns[(0,) * point.ndim] += h * np.arange(columns.shape[-1])
    try:
        with np.errstate(all="ignore"):
            values = np.asarray(f(columns.copy()))
            if values.shape != columns.shape[-1:] or values.dtype.kind not in "fiub":
                return False
            direct = [as_scalar(f(columns[..., i].copy())) for i in (0, -1)]
    except Exception:  # whatever a black box says to a shape it does not know
        return False
    tolerance = 1e-13 * max(abs(value) for value in direct)
    return bool(np.all(np.abs(values[[0, -1]] - direct) <= tolerance))


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
