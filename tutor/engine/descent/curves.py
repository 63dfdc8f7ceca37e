"""Charts over the steps of runs; and of f along each variable from one of their points."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from tutor.charts.chart import Axis, AxisRange, Chart, Floats, Guide, Layer, Line, Role
from tutor.charts.strokes import FEW
from tutor.engine.descent.charts import Drawn, Steps, beyond, series_steps, step_label, up_to
from tutor.engine.descent.objectives import window_of
from tutor.engine.descent.run import Run
from tutor.engine.drawing import MARKS_ON_LINE, heights_near, mark, spanned
from tutor.engine.numbers import show, show_point
from tutor.i18n import Text, message

Quantity: TypeAlias = Literal["loss", "log-loss", "distance", "step-length"]
"""What is drawn over the steps; all but the loss on a logarithmic axis."""

LOWEST = 1e-18
"""On a log axis all below is drawn here: it is as good as 0."""
_HIGHEST, _HIGHEST_LOG, _HIGHEST_DRAWN = 4.0, 1e4, 1e300
"""Of the value at the start: where the curve of a diverging run is cut; and never above."""
_SLICE_SAMPLES = 321
_SLICE_ROLES: tuple[Role, Role] = ("slice0", "slice1")
_NAMES = ("x₀", "x₁")


@dataclass(frozen=True, slots=True)
class Series:
    """A number at every step of a run that is drawn."""

    drawn: Drawn
    name: str
    values: Floats
    title: Text
    y_title: Text

    @property
    def steps(self) -> Steps:
        """The steps that draw it."""
        return series_steps(self.drawn.run, self.name, self.values)

    @property
    def seen(self) -> Floats:
        """The values at these steps."""
        return self.values if len(self.values) <= FEW else self.values[self.steps]


def series(quantity: Quantity, drawn: Drawn, base: float = 0.0) -> Series:
    """Return a quantity at each step of a run; `base` is taken off f on a logarithmic axis."""
    run = drawn.run
    match quantity:
        case "distance":
            return Series(drawn, quantity, run.distances,
                          message("distance to the nearest minimum"),
                          message("distance"))  # fmt: skip
        case "step-length":
            lengths = run.step_lengths if run.steps_done else np.full(1, np.nan)
            return Series(drawn, quantity, lengths, message("length of each step"),
                          message("length"))  # fmt: skip
        case "log-loss" if base:
            with np.errstate(all="ignore"):
                above = run.values - base
            return Series(drawn, f"loss above {base}", above,
                          message("f above its minimum, at each step"),
                          message("f − min f"))  # fmt: skip
        case _:
            return Series(drawn, "loss", run.values, message("f at each step"), message("f"))


def base_of(run: Run) -> float:
    """Return what is taken off f on a log axis: its minimum, or its lowest value if below 0."""
    if run.objective.minimizers:
        best = np.array(run.objective.minimizers[0])
        value = float(run.objective.value(best if best.size > 1 else best[0]))
        return value if abs(value) > 1e-12 else 0.0
    finite = run.values[np.isfinite(run.values)]
    return min(float(finite.min()), 0.0) if finite.size else 0.0


def series_chart(
    own: Series,
    step: int,
    *,
    log: bool,
    below: Sequence[Series] = (),
    beside: Series | None = None,
    whole: bool = False,
    label: Text = "",
) -> Chart:
    """Return a quantity over the steps, with a mark at the looked-at step.

    Args:
        own: of the present run, drawn up to `step`; what lies ahead of that is faint.
        step: the step that is looked at.
        log: whether the axis is logarithmic.
        below: of other runs, drawn whole.
        beside: of a run that keeps step with the present one.
        whole: whether the axis holds what is drawn below, too, and a logarithmic one all of it.
        label: what a legend calls the mark.
    """
    strong = [own] if beside is None else [beside, own]
    held = [*strong, *(below if whole else ())]
    span = _log_range(held, math.inf if whole else _HIGHEST_LOG) if log else _linear_range(held)
    floor = span.low if log else -math.inf
    length = max(*(each.drawn.run.setup.steps for each in strong), 1)
    return Chart(
        title=own.title,
        x_axis=Axis(message("step"), AxisRange(0.0, float(length))),
        y_axis=Axis(own.y_title, span, "log" if log else "linear"),
        layers=(
            *(_line(each, each.drawn.role, floor, each.steps, each.drawn.name) for each in below),
            *(layer for each in strong for layer in _split(each, step, floor)),
            _mark(own, step, floor, label),
        ),
        note=message("no minimum is known") if np.isnan(own.seen).all() else "",
    )


def _split(each: Series, step: int, floor: float) -> list[Layer]:
    """The curve up to a step, and what lies ahead of it, faint."""
    at = min(step, len(each.values) - 1)
    role, label = each.drawn.role, each.drawn.name
    layers: list[Layer] = [_line(each, role, floor, up_to(each.steps, at), label)]
    if at < len(each.values) - 1:
        layers.insert(0, _line(each, "ahead", floor, beyond(each.steps, at)))
    return layers


def _mark(own: Series, step: int, floor: float, label: Text) -> Layer:
    at = min(step, len(own.values) - 1)
    value = max(float(own.values[at]), floor)
    return mark(float(at), value, "current" if at else "start", label)


def _line(each: Series, role: Role, floor: float, steps: Steps, label: Text = "") -> Line:
    values = np.maximum(each.values[steps], floor)
    return Line(steps.astype(np.float64), values, role, label)


def _linear_range(held: Sequence[Series]) -> AxisRange:
    """What the values span, cut where a run leaves for many times its first value."""
    reach = _HIGHEST * (max(map(abs, _first(held)), default=1.0) or 1.0)
    kept = _finite(held, lambda each: -reach if each.drawn.run.is_lost else -math.inf)
    kept = kept[kept <= reach]
    low, high = spanned(kept)
    return AxisRange(0.0 if kept.size and kept.min() >= 0 else low, high)


def _log_range(held: Sequence[Series], highest: float) -> AxisRange:
    """The same for values above 0; what is smaller than `LOWEST` counts as that."""
    positive = _finite(held, lambda _: math.ulp(0.0))
    if not positive.size:
        return AxisRange(0.1, 1.0)
    first = max((each for each in _first(held) if each > 0), default=float(positive[0]))
    top = min(first * highest, _HIGHEST_DRAWN)
    near = positive[positive <= top]
    if not near.size:  # all of it left at once: the lowest value stands at the edge
        near = np.minimum(positive.min(keepdims=True), _HIGHEST_DRAWN)
    kept = np.maximum(near, LOWEST)
    return AxisRange(float(kept.min()) / 2, float(kept.max()) * 2)


def _first(held: Sequence[Series]) -> list[float]:
    return [float(each.values[0]) for each in held if math.isfinite(each.values[0])]


def _finite(held: Sequence[Series], lowest: Callable[[Series], float]) -> Floats:
    """The finite values from what is the lowest for each series on."""
    values: Floats = np.concatenate([each.seen[each.seen >= lowest(each)] for each in held])
    finite: Floats = values[np.isfinite(values)]
    return finite


def first_losses(own: Drawn, others: Sequence[Drawn]) -> tuple[Layer, ...]:
    """Return f at the start of each run, and nothing of what follows."""
    first = np.zeros(1, dtype=np.int64)
    every = [series("loss", each) for each in (*others, own)]
    lines = [_line(each, each.drawn.role, -math.inf, first, each.drawn.name) for each in every]
    return (*lines, mark(0.0, float(own.run.values[0]), "start"))


def upright_line(chart: Chart, step: float, role: Role, label: Text) -> Line:
    """Return an upright line at a step of a chart over the steps."""
    span = chart.y_axis.range or AxisRange(0.0, 1.0)
    along = np.linspace(span.low, span.high, MARKS_ON_LINE)
    return Line(np.full(MARKS_ON_LINE, step), along, role, label)


# Slices


def slice_chart(run: Run, step: int) -> Chart:
    """Return f along x0 and along x1 through the point after `step` steps, with both tangents.

    The axis is how far one goes from the point along a variable, so that both slices and their
    tangents meet at 0.
    """
    point, gradient = run.points[step], run.gradients[step]
    reach = max(high - low for low, high in window_of(run.setup)) / 2
    away = np.linspace(-reach, reach, _SLICE_SAMPLES)
    slices = [_slice(run, point, variable, away) for variable in (0, 1)]
    value = float(run.values[step])
    ends = np.array([-reach, reach])
    layers: list[Layer] = [Guide("reference", x=0.0)]
    with np.errstate(all="ignore"):
        rises = [value + slope * ends / 4 for slope in gradient.tolist()]
    for name, slope, role, y in zip(_NAMES, gradient.tolist(), _SLICE_ROLES, slices, strict=True):
        label = message("along {name}, slope {slope}", name=name, slope=show(slope, 3))
        layers.append(Line(away, y, role, label))
    layers += [Line(ends / 4, heights, "tangent") for heights in rises]
    layers.append(mark(0.0, value, "current" if step else "start", step_label(step)))
    return Chart(
        title=message("slices through {point}", point=show_point(point, 3)),
        x_axis=Axis(message("away from the point"), AxisRange(-reach, reach)),
        y_axis=Axis(message("f"), heights_near(np.concatenate(slices), value)),
        layers=tuple(layers),
        note=_note(run, step),
    )


def tangent(run: Run, step: int) -> Line:
    """Return the tangent at the point after `step` steps of a run in one variable."""
    x, y, slope = (
        float(v) for v in (run.points[step, 0], run.values[step], run.gradients[step, 0])
    )
    low, high = window_of(run.setup)[0]
    reach = (high - low) / 5
    ends = np.array([x - reach, x + reach])
    with np.errstate(all="ignore"):
        heights = y + slope * (ends - x)
    return Line(ends, heights, "tangent", message("slope {slope}", slope=show(slope, 3)))


def _slice(run: Run, point: Floats, variable: int, away: Floats) -> Floats:
    points = np.tile(point[:, None], (1, away.size))
    points[variable] += away
    with np.errstate(all="ignore"):
        values = np.asarray(run.objective.value(points), dtype=float)
    return np.broadcast_to(values, away.shape)


def _note(run: Run, step: int) -> Text:
    if np.isfinite(run.points[step]).all() and math.isfinite(run.values[step]):
        return ""
    return message("the point is beyond the largest float")
