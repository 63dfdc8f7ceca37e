"""Charts of long work: the final loss against η, and where each start ends. Half-done is shown."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from tutor.charts.chart import (
    DIVERGES,
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
from tutor.engine.descent.maps import AWAY, UNDERWAY, Basins, Sweep
from tutor.engine.descent.objectives import window_of
from tutor.engine.drawing import mark
from tutor.engine.numbers import show, show_point
from tutor.i18n import Text, message

LOWEST = 1e-18
EVERYWHERE = 1e300
_TINY = 1e-9
"""Of the window: a coordinate so small is named 0."""
_HIGHEST = 1e3
"""Of the loss at the start."""


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
            *_limit(sweep),
            Guide("reference", x=rate),
            Line(sweep.rates, heights, "curve"),
            *_lowest(sweep.rates, heights),
            *_present(sweep.rates, heights, rate),
        ),
        note=progress(sweep.done, sweep.total),
    )


def progress(done: int, total: int) -> Text:
    """Return how far a computation is, in words; nothing when it is finished."""
    if done >= total:
        return ""
    return message("computing… {share} %", share=100 * done // total)


def _limit(sweep: Sweep) -> list[Layer]:
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


def basin_map(basins: Basins) -> tuple[Backdrop | None, tuple[Layer, ...]]:
    """Return the map as a backdrop once it is finished, else as a layer that moves."""
    (low, high), *rest = window_of(basins.setup)
    below, above = rest[0] if rest else (-EVERYWHERE, EVERYWHERE)
    tiny = (high - low) * _TINY
    ends = [tuple(0.0 if abs(x) < tiny else x for x in end) for end in basins.ends]
    labels = tuple(show_point(end, 3) for end in ends)
    regions = Regions(
        np.select(
            [basins.numbers == UNDERWAY, basins.numbers == AWAY],
            [UNKNOWN, DIVERGES],
            basins.numbers,
        ),
        AxisRange(low, high),
        AxisRange(below, above),
        labels,
        message("flies away"),
    )
    if basins.done < basins.total:
        return None, (regions,)
    key = ("basins", window_of(basins.setup), basins.numbers.tobytes(), basins.ends)
    return Backdrop(key, (regions,)), ()
