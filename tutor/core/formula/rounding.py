"""How far rounding can have moved an exact formula's result: a bound that runs along with it.

Each operation hands on the errors of its arguments and adds an ulp of its own (running error
analysis; Higham, "Accuracy and Stability of Numerical Algorithms", 2002, section 3.3).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from tutor.core.arrays import EPS
from tutor.core.formula.graph import Graph, operation_on_grid


def rounding_bounds(graph: Graph, roots: Sequence[int], point: Sequence[float]) -> list[float]:
    """Return for each node of `roots` a bound on its rounding error at `point`; inf for none."""
    values: list[Any] = []
    errors: list[float] = []
    with np.errstate(all="ignore"):
        for operation, *arguments in graph.nodes[: max(roots) + 1]:
            if operation == "variable":
                value, error = np.float64(point[arguments[0]]), 0.0
            elif operation == "const":
                value = np.float64(arguments[0])
                # 0.1 and pi are written exactly, but stored to half an ulp.
                error = 0.0 if value.is_integer() else EPS / 2 * abs(float(value))
            else:
                spread = [errors[a] for a in arguments]
                value, error = _propagate(operation, [values[a] for a in arguments], spread)
            values.append(value)
            errors.append(error)
    return [errors[root] if math.isfinite(errors[root]) else math.inf for root in roots]


def _propagate(operation: str, inputs: list[Any], spread: list[float]) -> tuple[Any, float]:
    """Return an operation's value and how far it can be off: each argument is moved to its ends."""
    compute = operation_on_grid(operation)
    value = compute(*inputs)
    error = 2 * EPS * abs(float(value))  # `math` and NumPy's functions err by less than 2 ulps
    for i, reach in enumerate(spread):
        ends = [
            compute(*inputs[:i], inputs[i] + sign * reach, *inputs[i + 1 :]) for sign in (1, -1)
        ]
        error += max(abs(float(end - value)) for end in ends) if reach else 0.0
    return value, error
