"""Runs made ready for drawing: at most a few thousand points each, no spike lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from tutor.charts.chart import Floats
from tutor.charts.thinning import extremes
from tutor.engine.descent.run import Run

Steps: TypeAlias = NDArray[np.int64]

# Of runs that are still in use, so that scrubbing through a million steps searches them once.
# What is kept follows from the run alone: sessions that share it see no difference.
_KEPT: WeakKeyDictionary[Run, dict[str, Steps]] = WeakKeyDictionary()


def path_steps(run: Run) -> Steps:
    """Return the steps whose points draw the run's path on the chart: all, or the extremes."""
    return _kept(run, "path", lambda: path_of(run))


def path_of(run: Run) -> tuple[Floats, Floats]:
    """Return across and up of the path: (x0, x1), or (x, f(x)) in one variable; shapes (n + 1,)."""
    if run.points.shape[1] == 1:
        return run.points[:, 0], run.values
    return run.points[:, 0], run.points[:, 1]


def series_steps(run: Run, name: str, values: Floats) -> Steps:
    """Return the steps that draw `values` (shape (n,)), known by `name`, over the steps."""
    return _kept(run, name, lambda: (np.zeros_like(values), values))


def _kept(run: Run, name: str, line: Callable[[], tuple[Floats, Floats]]) -> Steps:
    known = _KEPT.setdefault(run, {})
    if name not in known:
        known[name] = extremes(*line())
    return known[name]
