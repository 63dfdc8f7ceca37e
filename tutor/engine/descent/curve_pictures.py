"""The lab's second chart: loss, distance and step length over the steps, final loss against η."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from tutor.charts.chart import Axis, AxisRange, Chart, Floats, Guide, Layer, Line, Role
from tutor.engine.descent.differences import difference
from tutor.engine.descent.run import Run
from tutor.engine.descent.setup import Curve, Lab
from tutor.engine.descent.tracks import Steps, series_steps
from tutor.engine.descent.walks import GHOST_ROLES, beyond, step_label, up_to
from tutor.engine.drawing import mark, spanned
from tutor.i18n import Text, message

LOWEST = 1e-18
"""On a log axis all below is drawn here: it is as good as 0."""
_HIGHEST, _HIGHEST_LOG = 4.0, 1e4
"""Of the value at the start: where the curve of a diverging run is cut."""


@dataclass(frozen=True, slots=True)
class _Series:
    """A number at every step of a run, for `lab.curve`."""

    run: Run
    name: str
    values: Floats

    @property
    def steps(self) -> Steps:
        return series_steps(self.run, self.name, self.values)


def curve_chart(
    lab: Lab,
    run: Run,
    *,
    ghosts: Sequence[Run] = (),
    beside: Run | None = None,
    step: int | None = None,
) -> Chart:
    """Return `lab.curve` over the steps, with a mark at the looked-at step.

    Not for the sweep, which has `sweep_chart`. Arguments as for `main_chart`.
    """
    at, base = run.at(lab.step if step is None else step), _base(run)
    own = _series(lab.curve, run, base)
    strong = [own] if beside is None else [_series(lab.curve, beside, base), own]
    faint = [_series(lab.curve, ghost, base) for ghost in ghosts]
    log: Literal["linear", "log"] = "linear" if lab.curve == "loss" else "log"
    span = (_log_range if log == "log" else _linear_range)([s.values[s.steps] for s in strong])
    floor = span.low if log == "log" else -math.inf
    title, y_title = _titles(lab.curve, base)
    return Chart(
        title=title,
        x_axis=Axis(message("step"), AxisRange(0.0, float(max(_length(s) for s in strong)))),
        y_axis=Axis(y_title, span, log),
        layers=(
            Guide("reference", x=float(at)),
            *_ghosts(faint, run, floor),
            *(layer for series in strong for layer in _split(series, own, at, floor)),
            *_now(own, at, floor),
        ),
        note="" if np.isfinite(own.values[own.steps]).any() else message("no minimum is known"),
    )


def _titles(curve: Curve, base: float) -> tuple[Text, Text]:
    match curve:
        case "distance":
            return message("distance to the nearest minimum"), message("distance")
        case "step-length":
            return message("length of each step"), message("length")
        case "log-loss" if base:
            return message("f above its minimum, at each step"), message("f − min f")
        case _:
            return message("f at each step"), message("f")


def _base(run: Run) -> float:
    """What is taken off f on a log axis: its minimum, or its lowest value if that is below 0."""
    if run.objective.minimizers:
        best = np.array(run.objective.minimizers[0])
        value = float(run.objective.value(best if best.size > 1 else best[0]))
        return value if abs(value) > 1e-12 else 0.0
    finite = run.values[np.isfinite(run.values)]
    return min(float(finite.min()), 0.0) if finite.size else 0.0


def _series(curve: Curve, run: Run, base: float) -> _Series:
    match curve:
        case "distance":
            return _Series(run, curve, run.distances)
        case "step-length":
            return _Series(run, curve, run.step_lengths if run.steps_done else np.full(1, np.nan))
        case "log-loss":
            with np.errstate(all="ignore"):
                return _Series(run, f"loss above {base}", run.values - base)
        case _:
            return _Series(run, "loss", run.values)


def _length(series: _Series) -> int:
    """The steps that the axis spans: all that are asked for, also while they are computed."""
    return max(series.run.setup.steps, 1)


def _ghosts(faint: Sequence[_Series], run: Run, floor: float) -> list[Layer]:
    return [
        _line(ghost, role, floor, ghost.steps, difference(ghost.run.setup, run.setup))
        for role, ghost in zip(GHOST_ROLES, faint, strict=False)
    ]


def _split(series: _Series, own: _Series, step: int, floor: float) -> list[Layer]:
    """The curve up to a step, and what lies ahead of it, faint."""
    at = min(step, len(series.values) - 1)
    role: Role = "path" if series is own else "beside"
    label = "" if series is own else difference(series.run.setup, own.run.setup)
    layers: list[Layer] = [_line(series, role, floor, up_to(series.steps, at), label)]
    if at < len(series.values) - 1:
        layers.insert(0, _line(series, "ahead", floor, beyond(series.steps, at)))
    return layers


def _now(series: _Series, step: int, floor: float) -> list[Layer]:
    at = min(step, len(series.values) - 1)
    value = max(float(series.values[at]), floor)
    return [mark(float(at), value, "current" if at else "start", step_label(step))]


def _line(series: _Series, role: Role, floor: float, steps: Steps, label: Text = "") -> Line:
    values = np.maximum(series.values[steps], floor)
    return Line(steps.astype(np.float64), values, role, label)


def _linear_range(all_values: Sequence[Floats]) -> AxisRange:
    """What the values span, cut where a run leaves for many times its first value."""
    first = [float(v[0]) for v in all_values if math.isfinite(v[0])]
    scale = max(map(abs, first), default=1.0) or 1.0
    middle = max(first, default=0.0)
    kept = _finite(all_values)
    kept = kept[(kept <= max(middle, 0.0) + _HIGHEST * scale) & (kept >= middle - _HIGHEST * scale)]
    low, high = spanned(kept)
    if kept.size and kept.min() >= 0:
        low = 0.0
    return AxisRange(low, high)


def _log_range(all_values: Sequence[Floats]) -> AxisRange:
    """The same for values above 0; what is smaller than `LOWEST` counts as that."""
    finite = _finite(all_values)
    positive = finite[finite > 0]
    if not positive.size:
        return AxisRange(0.1, 1.0)
    first = [float(v[0]) for v in all_values if math.isfinite(v[0]) and v[0] > 0]
    top = max(first, default=float(positive[0])) * _HIGHEST_LOG
    kept = np.maximum(positive[positive <= top], LOWEST)
    return AxisRange(float(kept.min()) / 2, float(kept.max()) * 2)


def _finite(all_values: Sequence[Floats]) -> Floats:
    values = np.concatenate(all_values)
    return values[np.isfinite(values)]
