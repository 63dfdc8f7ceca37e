"""A formula's exact gradient against differences, also where its values are enormous."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tutor.core.derivatives.gradient_check import GradientCheck, check_gradient
from tutor.core.objectives import Objective

_MOST = 500
"""Numbers are brought below 2 to this power, so that what is made of them is a float too."""


def cross_check(objective: Objective, start: Sequence[float]) -> GradientCheck:
    """Return what differences say of the objective's gradient at `start`, shape (d,).

    An enormous f is compared on a smaller scale, by a power of 2: that changes no digit.
    The verdict is “unclear” where differences still overflow.
    """
    point = np.array(start if len(start) > 1 else start[0], dtype=np.float64)
    with np.errstate(all="ignore"):
        sizes = np.abs(np.append(objective.gradient(point), objective.value(point)))
        largest = float(sizes.max())
        down = max(int(np.frexp(largest)[1]), 0) if largest > 2.0**_MOST else 0

        def value(x: Any) -> Any:
            return np.ldexp(objective.value(x), -down)

        def gradient(x: Any) -> Any:
            return np.ldexp(objective.gradient(x), -down)

        return check_gradient(value, gradient, point)
