"""Charts of long work: the final loss against η, and where each start ends. Half-done is shown."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import groupby
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tutor.charts.chart import (
    UNKNOWN,
    Axis,
    AxisRange,
    Backdrop,
    Band,
    Chart,
    Floats,
    Guide,
    Layer,
    Line,
    Regions,
)
from tutor.engine.drawing import mark
from tutor.engine.lab.objectives import window_of
from tutor.engine.lab.setup import Point, Setup
from tutor.engine.numbers import show, show_point
from tutor.i18n import message

LOWEST = 1e-18
_HIGHEST = 1e3
"""Of the loss at the start."""


class SweepFound(Protocol):
    """What is known so far of a sweep over η; the rates rise."""

    @property
    def setup(self) -> Setup:
        """What was swept."""

    @property
    def rates(self) -> Floats:
        """Shape (m,): all rates, those that are not computed yet too."""

    @property
    def losses(self) -> Floats:
        """Shape (k,), k ≤ m: f at the end of the run with each of the first k rates."""

    @property
    def diverged(self) -> NDArray[np.bool_]:
        """Shape (k,): which of these runs flew away."""

    @property
    def limit(self) -> float | None:
        """The largest safe η, where it is known."""


class BasinsFound(Protocol):
    """What is known so far of a map of basins."""

    @property
    def setup(self) -> Setup:
        """Whose starts are varied over its window."""

    @property
    def numbers(self) -> NDArray[np.int64]:
        """Shape (rows, columns), the bottom row first; as in `Regions`."""

    @property
    def ends(self) -> tuple[Point, ...]:
        """Where the starts of region 0, 1, … end."""


def sweep_chart(sweep: SweepFound, rate: float) -> Chart:
    """Return the final loss against η on log axes, with the diverging region shaded.

    Args:
        sweep: as far as it is computed.
        rate: the present η.
    """
    known = len(sweep.losses)
    rates, losses = sweep.rates[:known], np.asarray(sweep.losses, dtype=np.float64)
    good = np.isfinite(losses) & ~sweep.diverged
    base = min(float(losses[good].min()), 0.0) if good.any() else 0.0
    heights = np.where(good, np.maximum(losses - base, LOWEST), np.nan)
    layers: list[Layer] = [*_bands(rates, ~good)]
    if sweep.limit is not None and math.isfinite(sweep.limit):
        label = message("largest safe η = {limit}", limit=show(sweep.limit, 3))
        layers.append(Guide("limit", x=sweep.limit, label=label))
    layers += [Guide("reference", x=rate), Line(rates, heights, "curve")]
    layers += _lowest(rates, heights)
    return Chart(
        title=message("f after {steps} steps, for each η", steps=sweep.setup.steps),
        x_axis=Axis(message("η"), _range_of_rates(sweep.rates, rate), "log"),
        y_axis=Axis(
            message("f") if not base else message("f − lowest f"), _heights(heights), "log"
        ),
        layers=(*layers, *_present(rates, heights, rate)),
        note="" if known == len(sweep.rates) else message("computing…"),
    )


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


def _heights(heights: Floats) -> AxisRange:
    finite = heights[np.isfinite(heights)]
    if not finite.size:
        return AxisRange(0.1, 1.0)
    top = min(float(finite.max()), float(finite[0]) * _HIGHEST)
    return AxisRange(float(finite.min()) / 2, max(top, float(finite.min())) * 2)


def _lowest(rates: Floats, heights: Floats) -> list[Layer]:
    if not np.isfinite(heights).any():
        return []
    best = int(np.nanargmin(heights))
    label = message("lowest at η = {rate}", rate=show(float(rates[best]), 3))
    return [mark(float(rates[best]), float(heights[best]), "minimizer", label)]


def _present(rates: Floats, heights: Floats, rate: float) -> list[Layer]:
    """A mark on the curve at the present η, between its neighbours on the log axes."""
    if not rates.size or not rates[0] <= rate <= rates[-1]:
        return []
    with np.errstate(all="ignore"):
        height = float(np.exp(np.interp(math.log(rate), np.log(rates), np.log(heights))))
    return [mark(rate, height, "current", message("η = {rate}", rate=show(rate, 3)))]


def basin_map(basins: BasinsFound) -> tuple[Backdrop | None, tuple[Layer, ...]]:
    """Return the map as a backdrop once it is finished, else as a layer that moves."""
    (low, high), *rest = window_of(basins.setup)
    below, above = rest[0] if rest else (-math.inf, math.inf)
    regions = Regions(
        basins.numbers,
        AxisRange(low, high),
        AxisRange(below, above),
        tuple(message("to {point}", point=show_point(end, 3)) for end in basins.ends),
        message("flies away"),
    )
    if (basins.numbers == UNKNOWN).any():
        return None, (regions,)
    key = ("basins", window_of(basins.setup), basins.numbers.tobytes(), basins.ends)
    return Backdrop(key, (regions,)), ()
