"""The lab's charts: against textual-plotext, a million steps against a thousand, a basin map."""

from __future__ import annotations

import importlib
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from plotext._figure import _figure_class
from rich.text import Text

from tests.benchmarks.charts.lab_scene import CURVE, MAIN, charts_of, descents, wandering
from tests.benchmarks.report import Row, row_of
from tutor.charts.contours import choose_levels, level_segments, sample
from tutor.charts.palette import DARK
from tutor.charts.plotext_renderer import ChartRenderer
from tutor.engine.descent.maps import basins
from tutor.engine.descent.objectives import window_of
from tutor.engine.descent.run import Run, run
from tutor.engine.descent.setup import Rule, Setup
from tutor.engine.lab.lab import Lab
from tutor.engine.lab.pictures import basin_chart

BY_PLOTEXT, LONG_BY_SHORT, BASIN_MS = 1 / 3, 2.0, 300.0
_LONG, _SHORT = 1_000_000, 1_000


class Screen:
    """The two renderers of a lab on the screen."""

    def __init__(self) -> None:
        self._main, self._curve = ChartRenderer(), ChartRenderer()

    def draw(self, made: Run, step: int | None = None) -> None:
        """Draw both charts of a run."""
        main, curve = charts_of(made, step)
        self._main.render(main, *MAIN, DARK)
        self._curve.render(curve, *CURVE, DARK)


def rows(quick: bool) -> list[Row]:
    """Return the rows of the lab's charts."""
    return [_against_plotext(8 if quick else 30), *_long_runs(10 if quick else 40), _basins(quick)]


def _against_plotext(rounds: int) -> Row:
    screen, made = Screen(), descents(rounds + 1)
    name, new_plot = _plotext()
    screen.draw(made[0])
    ours, theirs = [], []
    for each in made[1:]:
        ours.append(_time(lambda each=each: screen.draw(each)))
        theirs.append(_time(lambda each=each: _naive(each, new_plot)))
    what = "lab: contour, path of 200 steps and loss curve"
    return row_of(what, ours, name, theirs, BY_PLOTEXT)


def _plotext() -> tuple[str, Callable[[], Any]]:
    """The plot of textual-plotext; where it is not installed, plotext's own, which it wraps."""
    try:
        return "textual-plotext", importlib.import_module("textual_plotext.plot").Plot
    except ImportError:
        return "plotext, as textual-plotext would", _figure_class


def _naive(made: Run, new_plot: Callable[[], Any]) -> None:
    """Contour, path and loss curve on two plots, made into Textual's text as their widget does.

    The same levels on a grid of the same fineness; the pieces of a level are one broken line.
    """
    plot = _sized(new_plot(), MAIN)
    (low, high), (below, above) = window_of(made.setup)
    x, y = np.linspace(low, high, 2 * MAIN[0]), np.linspace(below, above, 4 * MAIN[1])
    field = sample(made.objective.value, x, y)
    for level in choose_levels(field.values, 7):
        x0, y0, x1, y1 = level_segments(field, level)
        gap = np.full_like(x0, np.nan)
        across, up = np.stack([x0, x1, gap], axis=1), np.stack([y0, y1, gap], axis=1)
        plot.plot(across.ravel().tolist(), up.ravel().tolist(), marker="braille", color="blue")
    plot.plot(*made.points.T.tolist(), marker="braille", color="orange")
    Text.from_ansi(plot.build())
    curve = _sized(new_plot(), CURVE)
    curve.plot(made.values.tolist(), marker="braille", color="orange")
    Text.from_ansi(curve.build())


def _sized(plot: Any, size: tuple[int, int]) -> Any:
    plot._limit_size(False, False)
    plot.plotsize(*size)
    return plot


def _long_runs(rounds: int) -> list[Row]:
    """Every step of a scrub over a million steps, and the first drawing of such a run."""
    screen, long, short = Screen(), wandering(_LONG), wandering(_SHORT)
    screen.draw(long)
    screen.draw(short)
    places = np.linspace(0.1, 1, rounds)
    ours = [_time(lambda p=p: screen.draw(long, int(p * _LONG))) for p in places]
    theirs = [_time(lambda p=p: screen.draw(short, int(p * _SHORT))) for p in places]
    new = [replace(long) for _ in range(rounds)]
    assert {"completed"} == {made.status for made in new}, "the worker that runs it judges it too"
    first = [_time(lambda made=made: screen.draw(made)) for made in new]
    return [
        row_of("lab: scrub through 1,000,000 steps", ours, "1,000 steps", theirs, LONG_BY_SHORT),
        row_of("lab: first drawing of 1,000,000 steps", first, "1,000 steps", theirs),
    ]


def _basins(quick: bool) -> Row:
    setup = Setup(
        objective="himmelblau", start=(0.0, 0.0), rule=Rule(learning_rate=0.01), steps=200
    )
    made, renderer = run(setup), ChartRenderer()

    def whole() -> None:
        *_, found = basins(setup, 60, 30)
        chart = basin_chart(found, Lab(setup=setup, view="basins"), made)
        renderer.render(chart, *MAIN, DARK)

    spent = statistics.median(_time(whole) for _ in range(3 if quick else 10)) * 1e3
    return Row(
        name="lab: basin map 60×30, 200 steps, drawn",
        ours=f"{spent:.4g} ms",
        peer="",
        theirs="",
        ratio="",
        target=f"≤ {BASIN_MS:g} ms",
        reached=spent <= BASIN_MS,
        ours_ms=spent,
    )


def _time(job: Callable[[], object]) -> float:
    start = time.perf_counter()
    job()
    return time.perf_counter() - start
