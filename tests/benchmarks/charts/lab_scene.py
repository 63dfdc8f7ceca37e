"""What the lab's benchmarks draw: charts for many η, and runs of a thousand and a million steps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tutor.charts.chart import Chart
from tutor.engine.descent.run import Run, run
from tutor.engine.descent.setup import Rule, Setup
from tutor.engine.lab.lab import Lab
from tutor.engine.lab.pictures import curve_chart, main_chart

MAIN, CURVE = (70, 28), (48, 28)
"""Columns and rows of the two charts: side by side in a terminal of 120×36."""
BOWL = Setup(objective="elongated-bowl", start=(-7.0, 2.0), steps=200)


def descents(count: int) -> list[Run]:
    """Runs of 200 steps for `count` learning rates from calm to zigzag (0.2 to 0.99)."""
    rates = np.linspace(0.2, 0.99, count).tolist()
    return [run(replace(BOWL, rule=Rule(learning_rate=rate))) for rate in rates]


def wandering(steps: int) -> Run:
    """A run that never comes to rest, so that no two of its points share a dot."""
    points = np.random.default_rng(7).normal((0.0, 0.0), (3.0, 1.5), (steps + 1, 2))
    short = run(replace(BOWL, steps=1))
    values = np.asarray(short.objective.value(points.T), dtype=np.float64)
    setup = replace(BOWL, steps=steps)
    return replace(short, setup=setup, points=points, values=values, gradients=points)


def charts_of(made: Run, step: int | None = None) -> tuple[Chart, Chart]:
    """The contour with the path, and the loss curve."""
    lab = Lab(setup=made.setup)
    return main_chart(lab, made, step=step), curve_chart(lab, made, step=step)
