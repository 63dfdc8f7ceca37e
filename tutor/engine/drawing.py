"""Small pieces of charts that several experiments draw."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from tutor.charts.chart import (
    ArrowField,
    Axis,
    AxisRange,
    Backdrop,
    Chart,
    ContourLayer,
    Floats,
    HeatMap,
    Layer,
    Points,
    Role,
    Viewpoint,
)
from tutor.core.objectives import Objective
from tutor.engine.settings import Window
from tutor.i18n import Text, message

_MARGIN = 0.08
_STEEP_PART = 0.8
"""The part of some heights, from the lowest up, that a chart shows at least."""
MARKS_ON_LINE = 6
"""Points of a straight line: a role that marks its lines shows that many of its marks."""


def mark(x: float, y: float, role: Role, label: Text = "") -> Points:
    """Return a single point."""
    return Points(np.array([x]), np.array([y]), role, label)


def spanned(values: Floats) -> tuple[float, float]:
    """Return the range of the finite values with a margin; never empty, never infinite."""
    finite = values[np.isfinite(values)]
    if not finite.size:
        return (-1.0, 1.0)
    low, high = float(finite.min()), float(finite.max())
    margin = (high - low) * _MARGIN or max(1.0, abs(low)) * _MARGIN
    return (low - margin, high + margin) if math.isfinite(margin) else (-1.0, 1.0)


def heights_near(values: Floats, value: float) -> AxisRange:
    """Return what most of the values span, and `value`: a wall far above it is cut off."""
    finite = values[np.isfinite(values)]
    if not finite.size:
        return AxisRange(-1.0, 1.0)
    top = float(np.quantile(finite, _STEEP_PART))
    if math.isfinite(value):
        top = max(top, value + (value - float(finite.min())) / 4)
    return AxisRange(*spanned(np.append(finite[finite <= top], top)))


def downhill_field(objective: Objective) -> ArrowField:
    """Return arrows of −∇f, none where f itself is not defined (log has a slope below 0, too)."""

    def direction(points: Floats) -> Floats:
        down = -np.asarray(objective.gradient(points), dtype=float)
        defined = np.isfinite(objective.value(points))
        return np.where(defined, down, np.nan)

    return ArrowField(direction)


def plane_chart(
    objective: Objective,
    window: Window,
    layers: tuple[Layer, ...],
    *,
    arrow_field: bool,
    minimizers: bool,
    heat_map: bool = False,
    note: Text = "",
) -> Chart:
    """Return a surface on a window, as a contour or a heat map, with `layers` on it.

    The axes have scales of their own: a chart about right angles asks for equal ones itself.
    """
    still: list[Layer] = [(HeatMap if heat_map else ContourLayer)(objective.value)]
    if arrow_field:
        still.append(downhill_field(objective))
    if minimizers and objective.minimizers:
        x0, x1 = np.array(objective.minimizers, dtype=float).T
        still.append(Points(x0, x1, "minimizer", message("minimum")))
    key = ("plane", objective.source_formula, heat_map, arrow_field, minimizers)
    return Chart(
        title=message("f(x₀, x₁) = {formula}", formula=objective.formula),
        x_axis=Axis(message("x₀"), AxisRange(*window[0])),
        y_axis=Axis(message("x₁"), AxisRange(*window[1])),
        layers=layers,
        backdrop=Backdrop(key, tuple(still)),
        note=note,
    )


def in_space(chart: Chart) -> Chart:
    """Return a chart of heights as a surface in space; another one says why it is none."""
    if chart.is_landscape:
        return replace(chart, viewpoint=Viewpoint())
    return replace(chart, note=chart.note or message("f of one variable: a curve, no surface"))
