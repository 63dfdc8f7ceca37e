"""Numerical gradients of black-box functions, against the textbook's loop and scipy."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from tests.benchmarks.core import textbook
from tests.benchmarks.core.harness import Row, compare
from tests.benchmarks.core.peers import library
from tutor.core import numerical_gradient


def squares(x: Any) -> Any:
    """Takes one point or many."""
    return np.sum(x**2, axis=0)


def rosenbrock(x: Any) -> Any:
    """Of n variables; takes one point or many."""
    return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2, axis=0)


def two_squares(x: Any) -> Any:
    """As the chapter writes it."""
    return x[0] ** 2 + x[1] ** 2


TEXTBOOK = {2: 2.2, 10: 9.0, 100: 14.0, 1000: 2.2}
SCIPY = {2: 10.0, 10: 25.0, 100: 30.0, 1000: 4.0}


def rows(turns: int) -> list[Row]:
    """Measure all of them."""
    found: list[Row] = []
    functions: dict[str, Callable[[Any], Any]] = {"Σx²": squares, "Rosenbrock": rosenbrock}
    for n in TEXTBOOK:
        for name, f in functions.items():
            found += _batched(name, f, n, turns)
    x = np.array([3.0, 4.0])
    found += compare(
        "numerical gradient, x[0]**2 + x[1]**2",
        partial(numerical_gradient, two_squares, x),
        {"textbook": partial(textbook.numerical_gradient, two_squares, x.copy())},
        {"textbook": 1.0},
        turns=turns,
    )
    for n in (2, 10, 100):
        x = np.linspace(-1.5, 1.5, n)
        found += compare(
            f"numerical gradient as called by default, Σx², n = {n}",
            partial(numerical_gradient, squares, x),
            {"textbook": partial(textbook.numerical_gradient, squares, x.copy())},
            {"textbook": 1.0},
            turns=turns,
        )
    return found


def _batched(name: str, f: Callable[[Any], Any], n: int, turns: int) -> list[Row]:
    x = np.linspace(-1.5, 1.5, n)
    numdiff = library("scipy.optimize._numdiff")
    scipy = None if numdiff is None else partial(numdiff.approx_derivative, f, x, method="3-point")
    return compare(
        f"numerical gradient, batched, {name}, n = {n}",
        partial(numerical_gradient, f, x, batched=True),
        {"textbook": partial(textbook.numerical_gradient, f, x.copy()), "scipy 3-point": scipy},
        {"textbook": TEXTBOOK[n], "scipy 3-point": SCIPY[n]},
        turns=turns,
    )
