"""The lab's main chart: where a run goes on its surface, on its curve, along its slices."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tutor.charts.chart import (
    Axis,
    AxisRange,
    Backdrop,
    Chart,
    ContourLayer,
    Floats,
    Guide,
    HeatMap,
    Layer,
    Line,
    Points,
)
from tutor.engine.descent.curve_pictures import curve_chart
from tutor.engine.descent.lost_ground import lost_ground
from tutor.engine.descent.map_pictures import basin_map, progress, sweep_chart
from tutor.engine.descent.maps import Basins
from tutor.engine.descent.objectives import window_of
from tutor.engine.descent.run import Run
from tutor.engine.descent.setup import Lab, Point, View
from tutor.engine.descent.slice_pictures import slice_chart, tangent
from tutor.engine.descent.walks import walk_layers
from tutor.engine.drawing import downhill_field, spanned
from tutor.i18n import Text, message

__all__ = ["basin_chart", "curve_chart", "main_chart", "sweep_chart"]

_CURVE_SAMPLES = 481


def main_chart(
    lab: Lab,
    run: Run,
    *,
    ghosts: Sequence[Run] = (),
    beside: Run | None = None,
    step: int | None = None,
) -> Chart:
    """Return the chart of the lab's view: contour, heat map or slices; one variable: the curve.

    The surface is the backdrop; it depends on the objective, the view and the window alone.

    Args:
        lab: the view and the cursor.
        run: the present run.
        ghosts: pinned runs, at most five, drawn faintly.
        beside: a second run, drawn as strongly as the first, at the same step.
        step: the step that is looked at; None: `lab.step`.
    """
    at = run.at(lab.step if step is None else step)
    if run.objective.dimension == 2 and lab.view == "slices":
        return slice_chart(run, at)
    layers = (*walk_layers(run, ghosts, beside, at), *cursor_layers(lab.cursor))
    if run.objective.dimension == 2:
        return plane_chart(run, lab.view, layers, about_end(run, at))
    if lab.view == "slices":
        layers = (tangent(run, at), *layers)
    return curve_plane(run, layers, about_end(run, at))


def basin_chart(basins: Basins, lab: Lab, run: Run, *, step: int | None = None) -> Chart:
    """Return where each start on the window ends, as far as it is computed, under the path."""
    at = run.at(lab.step if step is None else step)
    backdrop, layers = basin_map(basins)
    if run.objective.dimension == 2 and basins.ends:
        x0, x1 = np.array(basins.ends).T
        layers += (Points(x0, x1, "minimizer"),)
    layers += (*walk_layers(run, (), None, at), *cursor_layers(lab.cursor))
    note = progress(basins.done, basins.total)
    if run.objective.dimension == 1:
        plane = curve_plane(run, layers, note)
        curve = plane.backdrop.layers if plane.backdrop else ()
    else:
        plane, curve = plane_chart(run, "contour", layers, note), ()
    bare = replace(plane, title=message("where each start ends"), equal_aspect=False)
    if backdrop is None:
        return replace(bare, layers=(*layers[:1], *curve, *layers[1:]), backdrop=None)
    key = (backdrop.key, run.objective.source_formula)
    return replace(bare, backdrop=Backdrop(key, (*backdrop.layers, *curve)))


def plane_chart(run: Run, view: View, layers: tuple[Layer, ...], note: Text = "") -> Chart:
    """Return the surface of a run's objective in two variables, with `layers` on it."""
    objective = run.objective
    still: list[Layer] = []
    if view == "heat-map":
        still.append(HeatMap(objective.value))
    else:
        still.append(ContourLayer(objective.value))
        still.append(downhill_field(objective))
    if objective.minimizers:
        x0, x1 = np.array(objective.minimizers, dtype=float).T
        still.append(Points(x0, x1, "minimizer", message("minimum")))
    first, second = window_of(run.setup)
    return Chart(
        title=message("f(x₀, x₁) = {formula}", formula=objective.formula),
        x_axis=Axis(message("x₀"), AxisRange(*first)),
        y_axis=Axis(message("x₁"), AxisRange(*second)),
        layers=layers,
        backdrop=Backdrop(("lab", view == "heat-map", objective.source_formula), tuple(still)),
        equal_aspect=True,
        note=note,
    )


def curve_plane(run: Run, layers: tuple[Layer, ...], note: Text = "") -> Chart:
    """Return the curve of a run's objective in one variable, with `layers` on it."""
    objective = run.objective
    low, high = window_of(run.setup)[0]
    x = np.linspace(low, high, _CURVE_SAMPLES)
    with np.errstate(all="ignore"):
        y = np.broadcast_to(np.asarray(objective.value(x), dtype=float), x.shape)
    still: list[Layer] = [Line(x, y, "curve")]
    if objective.minimizers:
        lowest = np.array(objective.minimizers, dtype=float)[:, 0]
        heights = np.asarray(objective.value(lowest), dtype=float)
        still.append(Points(lowest, heights, "minimizer", message("minimum")))
    return Chart(
        title=message("f(x) = {formula}", formula=objective.formula),
        x_axis=Axis(message("x"), AxisRange(low, high)),
        y_axis=Axis(message("f(x)"), AxisRange(*_heights(run, y))),
        layers=layers,
        backdrop=Backdrop(("lab", objective.source_formula, low, high), tuple(still)),
        note=note,
    )


def _heights(run: Run, y: Floats) -> tuple[float, float]:
    """The window's own range of f where it has one, else what the curve needs."""
    asked = run.setup.window[2:]
    return (asked[0], asked[1]) if len(asked) == 2 else spanned(y)


def cursor_layers(cursor: Point | None) -> tuple[Layer, ...]:
    """Return the cursor's cross; nothing where it is off."""
    if cursor is None or len(cursor) < 2:
        return ()
    return (Guide("cursor", x=cursor[0], y=cursor[1]),)


def about_end(run: Run, step: int) -> Text:
    """Return a remark for the corner of the chart once a run is lost; else nothing."""
    if run.since is None or step < run.since:
        return ""
    if lost_ground(run) is not None:
        if math.isnan(run.values[run.since]):
            return message("f is undefined from step {k} on", k=run.since)
        return message("the gradient is undefined from step {k} on", k=run.since)
    if run.status == "nonfinite":
        return message("beyond the largest float from step {k} on", k=run.since)
    if run.status == "diverged":
        return message("flies away from step {k} on", k=run.since)
    return ""
