"""The final loss against η: many runs of one setup at once, as partial results, and their chart."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from tutor.charts.chart import Axis, AxisRange, Band, Chart, Guide, Layer, Line
from tutor.core.arrays import Floats
from tutor.engine.descent.charts import progress
from tutor.engine.descent.check import check_setup
from tutor.engine.descent.curves import LOWEST
from tutor.engine.descent.ground import hessian_at
from tutor.engine.descent.maps import is_away
from tutor.engine.descent.objectives import Window, objective_of, window_of
from tutor.engine.descent.rules import largest_safe_rate
from tutor.engine.descent.setup import Setup
from tutor.engine.descent.walk import walk_together
from tutor.engine.drawing import mark
from tutor.engine.numbers import show
from tutor.i18n import message

_HIGHEST = 1e3
"""Of the loss at the start."""


@dataclass(frozen=True, eq=False)
class Sweep:
    """Where runs of different η stand after `done` of `total` steps."""

    setup: Setup
    """What was swept."""
    rates: Floats
    """Shape (m,): the η of the whole run."""
    losses: Floats
    """Shape (m,): f after `done` steps; inf or nan for runs that flew away."""
    diverged: NDArray[np.bool_]
    """Shape (m,): not finite, above the start's f, or far outside the window."""
    start_loss: float
    limit: float | None
    """The largest safe η by theory (2/λmax for plain descent); None where there is none."""
    limit_is_exact: bool
    """Whether the curvature is the same everywhere, so that the limit holds from any start; if
    not, it holds near the minimum."""
    done: int
    total: int


def sweep(setup: Setup, rates: Sequence[float]) -> Iterator[Sweep]:
    """Yield the setup's loss against η, again and again until all steps are done.

    Raises:
        TutorError: when it is first asked, if the setup cannot be run.
        ValueError: without rates.
    """
    check_setup(setup)
    if not len(rates):
        raise ValueError("rates must hold at least one η")
    objective, tried = objective_of(setup), np.array(rates, dtype=np.float64)
    start_loss = float(objective.expression.value(*map(float, setup.start)))
    starts = np.repeat(np.array(setup.start, dtype=np.float64)[:, None], len(tried), axis=1)
    done = 0
    for done, points in walk_together(setup, starts, tried):
        yield _sweep_at(setup, tried, points, start_loss, done)
    if done < setup.steps:
        yield _sweep_at(setup, tried, points, start_loss, setup.steps)


def _sweep_at(setup: Setup, rates: Floats, points: Floats, start_loss: float, done: int) -> Sweep:
    objective = objective_of(setup)
    losses = objective.expression.value(*points)
    diverged = ~np.isfinite(losses) | (losses > start_loss) | is_away(points, window_of(setup))
    limit, exact = _limit(setup, points[:, _lowest(losses)])
    return Sweep(setup, rates, losses, diverged, start_loss, limit, exact, done, setup.steps)


def _lowest(losses: Floats) -> int:
    return int(np.argmin(np.where(np.isnan(losses), np.inf, losses)))


def _limit(setup: Setup, end: Floats) -> tuple[float | None, bool]:
    """Return the largest safe η, and whether it holds everywhere or near the minimum only."""
    objective = objective_of(setup)
    hessians = [hessian_at(objective, point) for point in _some_points(window_of(setup))]
    exact = all(np.array_equal(hessians[0], other) for other in hessians[1:])
    if exact:
        hessian = hessians[0]
    elif objective.minimizers:
        ways = np.hypot.reduce(np.array(objective.minimizers) - end, axis=1)
        hessian = hessian_at(objective, objective.minimizers[int(np.argmin(ways))])
    else:
        return None, False
    if not np.isfinite(hessian).all():
        return None, False
    curvatures = np.linalg.eigvalsh(hessian)
    if curvatures[0] < 0:
        return None, False
    return largest_safe_rate(setup.rule, float(curvatures[-1])), exact


def _some_points(window: Window) -> list[list[float]]:
    parts = ((0.13, 0.71), (0.5, 0.37), (0.89, 0.93), (0.31, 0.07))
    return [
        [low + part * (high - low) for part, (low, high) in zip(pair, window, strict=False)]
        for pair in parts
    ]


# The chart


def sweep_chart(sweep: Sweep, rate: float) -> Chart:
    """Return the final loss against η on log axes, with the diverging region shaded.

    Args:
        sweep: as far as it is computed; its rates rise.
        rate: the present η.
    """
    losses = np.asarray(sweep.losses, dtype=np.float64)
    good = np.isfinite(losses) & ~sweep.diverged
    base = min(float(losses[good].min()), 0.0) if good.any() else 0.0
    heights = np.where(good, np.maximum(losses - base, LOWEST), np.nan)
    return Chart(
        title=message("f after {steps} steps, for each η", steps=sweep.done),
        x_axis=Axis(message("η"), _range_of_rates(sweep.rates, rate), "log"),
        y_axis=Axis(
            message("f − lowest f") if base else message("f"),
            _heights(heights, sweep.start_loss - base),
            "log",
        ),
        layers=(
            *_bands(sweep.rates, ~good),
            *_limit_line(sweep),
            Guide("reference", x=rate),
            Line(sweep.rates, heights, "curve"),
            *_lowest_mark(sweep.rates, heights),
            *_present_mark(sweep.rates, heights, rate),
        ),
        note=progress(sweep.done, sweep.total),
    )


def _limit_line(sweep: Sweep) -> list[Layer]:
    """A line at the largest safe η, where theory knows one."""
    if sweep.limit is None or not math.isfinite(sweep.limit):
        return []
    value = show(sweep.limit, 3)
    if not sweep.limit_is_exact:
        label = message("safe near the minimum below {value}", value=value)
    elif sweep.setup.rule.optimizer == "gradient-descent":
        label = message("2/λmax = {value}", value=value)
    else:
        label = message("safe below {value}", value=value)
    return [Guide("limit", x=sweep.limit, label=label)]


def _bands(rates: Floats, lost: NDArray[np.bool_]) -> Iterator[Band]:
    """Shaded stretches of rates whose runs fly away, half-way to the neighbours."""
    if not rates.size:
        return
    between = np.sqrt(rates[:-1] * rates[1:])
    lows = np.concatenate([rates[:1], between])
    highs = np.concatenate([between, [math.inf]])
    label = message("flies away")
    for is_lost, group in groupby(range(len(rates)), key=lambda k: bool(lost[k])):
        members = list(group)
        if is_lost:
            yield Band(float(lows[members[0]]), float(highs[members[-1]]), label)


def _range_of_rates(rates: Floats, rate: float) -> AxisRange:
    ends = [float(rates.min()), float(rates.max())] if rates.size else [1e-3, 1.0]
    ends += [rate] if rate > 0 and math.isfinite(rate) else []
    return AxisRange(min(ends), max(ends))


def _heights(heights: Floats, start: float) -> AxisRange:
    """What the losses span that do not lie far above the one at the start."""
    finite = heights[np.isfinite(heights)]
    if not finite.size:
        return AxisRange(0.1, 1.0)
    top = min(float(finite.max()), start * _HIGHEST) if start > 0 else float(finite.max())
    return AxisRange(float(finite.min()) / 2, max(top, float(finite.min())) * 2)


def _lowest_mark(rates: Floats, heights: Floats) -> list[Layer]:
    if not np.isfinite(heights).any():
        return []
    best = int(np.nanargmin(heights))
    label = message("lowest at η = {rate}", rate=show(float(rates[best]), 3))
    return [mark(float(rates[best]), float(heights[best]), "minimizer", label)]


def _present_mark(rates: Floats, heights: Floats, rate: float) -> list[Layer]:
    """A mark on the curve at the present η, between its neighbours on the log axes."""
    if not rates.size or not rates[0] <= rate <= rates[-1]:
        return []
    with np.errstate(all="ignore"):
        height = float(np.exp(np.interp(math.log(rate), np.log(rates), np.log(heights))))
    return [mark(rate, height, "current", message("η = {rate}", rate=show(rate, 3)))]
