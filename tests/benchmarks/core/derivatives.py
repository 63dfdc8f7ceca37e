"""A derivative with a bound on its error: time, and accuracy on a fresh seed."""

from __future__ import annotations

import secrets
from functools import partial

import numpy as np

from tests.benchmarks.core.harness import Row, Work, compare, figure
from tests.benchmarks.core.peers import library
from tests.core.derivative_cases import measure
from tutor.core import derivative


def rows(turns: int, count: int) -> list[Row]:
    """Measure time and accuracy."""
    return [*_time(turns), *_accuracy(count)]


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
