"""The loops that the book's chapter gives, as its readers write them: the first peer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


def numerical_gradient(f: Callable[[Any], Any], x: Any) -> Any:
    """Central differences, one element after the other, written into x and back."""
    h = 1e-4
    grad = np.zeros_like(x)
    for idx in range(x.size):
        before = x[idx]
        x[idx] = before + h
        above = f(x)
        x[idx] = before - h
        below = f(x)
        grad[idx] = (above - below) / (2 * h)
        x[idx] = before
    return grad


def gradient_descent(
    init_x: Any,
    lr: float,
    step_num: int,
    gradient: Callable[[Any], Any],
    f: Callable[[Any], Any] | None = None,
) -> tuple[Any, Any, Any]:
    """Descent with a history of copies, and with the values of f if it is given."""
    x = init_x.copy()
    history, values = [], []
    for _ in range(step_num):
        history.append(x.copy())
        if f is not None:
            values.append(f(x))
        x -= lr * gradient(x)
    return x, np.array(history), np.array(values)
