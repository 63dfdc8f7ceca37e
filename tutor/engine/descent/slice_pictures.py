"""Slices through the looked-at point: f along each variable while the other one stands still."""

from __future__ import annotations

import math

import numpy as np

from tutor.charts.chart import Axis, AxisRange, Chart, Floats, Guide, Layer, Line, Role
from tutor.engine.descent.objectives import window_of
from tutor.engine.descent.run import Run
from tutor.engine.descent.walks import step_label
from tutor.engine.drawing import heights_near, mark
from tutor.engine.numbers import show, show_point
from tutor.i18n import Text, message

_SAMPLES = 321
_ROLES: tuple[Role, Role] = ("slice0", "slice1")
_NAMES = ("x₀", "x₁")


def slice_chart(run: Run, step: int) -> Chart:
    """Return f along x0 and along x1 through the point after `step` steps, with both tangents.

    The axis is how far one goes from the point along a variable, so that both slices and their
    tangents meet at 0.
    """
    point, gradient = run.points[step], run.gradients[step]
    reach = max(high - low for low, high in window_of(run.setup)) / 2
    away = np.linspace(-reach, reach, _SAMPLES)
    slices = [_slice(run, point, variable, away) for variable in (0, 1)]
    value = float(run.values[step])
    ends = np.array([-reach, reach])
    layers: list[Layer] = [Guide("reference", x=0.0)]
    with np.errstate(all="ignore"):
        rises = [value + slope * ends / 4 for slope in gradient.tolist()]
    for name, slope, role, y in zip(_NAMES, gradient.tolist(), _ROLES, slices, strict=True):
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
