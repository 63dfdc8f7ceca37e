"""A derivative with a bound on its error: time, and accuracy on a fresh seed."""

from __future__ import annotations

import secrets
import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from tests.benchmarks.core.harness import Row, Work, compare, figure
from tests.benchmarks.core.peers import library
from tests.core.derivative_cases import measure
from tests.core.fine_cases import FINE, Found, honesty
from tutor.core import derivative
from tutor.core.derivatives.estimate import Method


def rows(turns: int, count: int) -> list[Row]:
    """Measure time and accuracy."""
    return [*_time(turns), *_many_points(turns), *accuracy(count)]


def accuracy(count: int) -> list[Row]:
    """Measure accuracy: on smooth functions, and family by family beside the peers."""
    return [*_accuracy(count), *_honesty(count)]


def _time(turns: int) -> list[Row]:
    peers: dict[str, Work | None] = {
        "scipy.differentiate": None, "numdifftools": None, "jacobi": None,
    }  # fmt: skip
    if scipy := library("scipy.differentiate"):
        peers["scipy.differentiate"] = partial(scipy.derivative, np.sin, 1.0)
    if numdifftools := library("numdifftools"):
        # Made once, outside of the clock: only the call is measured.
        peers["numdifftools"] = partial(numdifftools.Derivative(np.sin, full_output=True), 1.0)
    if jacobi := library("jacobi"):
        peers["jacobi"] = partial(jacobi.jacobi, np.sin, 1.0)
    targets = {"scipy.differentiate": 15.0, "numdifftools": 12.0, "jacobi": 8.0}
    ours = partial(derivative, np.sin, 1.0)
    return compare("derivative with a bound, sin at 1", ours, peers, dict(targets), turns=turns)


def _many_points(turns: int) -> list[Row]:
    """Compare slopes at 200 points, each in the form that is made for many."""
    points = np.linspace(-3.0, 3.0, 200)
    peers: dict[str, Work | None] = {
        "scipy.differentiate": None, "numdifftools": None, "jacobi, diagonal": None,
    }  # fmt: skip
    if scipy := library("scipy.differentiate"):
        peers["scipy.differentiate"] = partial(scipy.derivative, np.sin, points)
    if numdifftools := library("numdifftools"):
        peers["numdifftools"] = partial(numdifftools.Derivative(np.sin, full_output=True), points)
    if jacobi := library("jacobi"):
        peers["jacobi, diagonal"] = partial(jacobi.jacobi, np.sin, points, diagonal=True)
    ours = partial(derivative, np.sin, points)
    return compare("derivatives with bounds, sin at 200 points", ours, peers,
                   dict.fromkeys(peers, 1.0), turns=turns)  # fmt: skip


def _accuracy(count: int) -> list[Row]:
    seed = secrets.randbelow(2**32)
    print(f"accuracy: seed {seed}, {count} cases")
    found = measure(seed, count)
    return [
        figure("accuracy: median relative error", found.median_relative_error, 1e-14,
               at_least=False),
        figure("accuracy: bound covers the truth", 100 * found.covered, 97, unit=" %",
               at_least=True),
        figure("accuracy: median of bound / error", found.tightness, 100, at_least=False),
        figure("accuracy: not a number", found.not_a_number, 0, at_least=False),
        figure("accuracy: false alarms", found.false_alarms, 0, at_least=False),
    ]  # fmt: skip


def _honesty(count: int) -> list[Row]:
    """Count for each family whose answers are called good though the truth is outside the bound."""
    seed = secrets.randbelow(2**32)
    print(f"honesty: seed {seed}, {count} cases a family")
    rows = []
    for family in FINE:
        for method in ("auto", "central", "forward"):
            mine = honesty(family, partial(_ours, method=method), seed, count)
            name = f"{family}, ours ({method}): ok and outside the own bound"
            name += f" (ok and right: {mine.right} of {count})"
            rows.append(figure(name, mine.wrong, count / 1000, at_least=False))
        for peer, found in _peers().items():
            if (family, peer) == ("scales", "jacobi"):
                continue  # it fits nan to nan and does not come back
            theirs = honesty(family, found, seed, min(count, 500))
            name = f"{family}, {peer}: the same (right: {theirs.right} of {min(count, 500)})"
            rows.append(figure(name, theirs.wrong, np.inf, at_least=False))
    return rows


def _ours(f: Callable[[Any], Any], x: float, method: Method) -> tuple[float, float, str]:
    found = derivative(f, x, method=method)
    return found.value, found.error, found.status


def _peers() -> dict[str, Found]:
    found: dict[str, Found] = {}
    if scipy := library("scipy.differentiate"):
        found["scipy.differentiate"] = partial(_by_scipy, scipy)
    if numdifftools := library("numdifftools"):
        found["numdifftools"] = partial(_by_numdifftools, numdifftools)
    if jacobi := library("jacobi"):
        found["jacobi"] = partial(_by_jacobi, jacobi)
    return {name: _silently(peer) for name, peer in found.items()}


def _silently(peer: Found) -> Found:
    def found(f: Callable[[Any], Any], x: float) -> tuple[float, float, str]:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            try:
                return peer(f, x)
            except (ArithmeticError, IndexError, ValueError):  # numdifftools, where all is nan
                return np.nan, np.inf, "refused"

    return found


def _by_scipy(scipy: Any, f: Callable[[Any], Any], x: float) -> tuple[float, float, str]:
    result = scipy.derivative(f, x)
    return float(result.df), float(result.error), "ok" if result.success else "not found"


def _by_numdifftools(nd: Any, f: Callable[[Any], Any], x: float) -> tuple[float, float, str]:
    found = nd.Derivative(f, full_output=True)(x)
    return float(found.estimate), float(found.error_estimate), "ok"


def _by_jacobi(jacobi: Any, f: Callable[[Any], Any], x: float) -> tuple[float, float, str]:
    value, error = jacobi.jacobi(f, x)
    return float(value), float(error), "ok"
