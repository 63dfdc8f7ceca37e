"""What every part of the core does with the arrays that it is given."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]

FLOAT64 = np.dtype(np.float64)

EPS = 2.0**-52
"""The spacing of floating-point numbers at 1."""


def as_float64(x: ArrayLike, name: str = "x") -> Floats:
    """Return `x` as float64, never the caller's own array; ints and bools are promoted.

    Raises:
        TypeError: for complex numbers, objects and anything else that is no real number.
    """
    if type(x) is np.ndarray and x.dtype is FLOAT64:
        return x.copy()
    given = np.asarray(x)
    if given.dtype.kind not in "fiub":
        raise TypeError(f"{name} must be real numbers, not {given.dtype}")
    return np.array(given, dtype=np.float64)
