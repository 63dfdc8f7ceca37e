"""What a descent shows: the walks of all its runs on the ground, and f at each step."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Literal

import numpy as np

from tutor.charts.chart import Axis, AxisRange, Backdrop, Chart, Floats, Layer, Line, Points, Role
from tutor.engine.descent.numbers import DescentNumbers
from tutor.engine.drawing import MARKS_ON_LINE, mark, spanned
from tutor.engine.gradient_run import plane_chart
from tutor.engine.settings import window_of
from tutor.i18n import Text, message

RIVAL_ROLES: tuple[Role, ...] = ("rival1", "rival2", "rival3", "rival4", "rival5")
CURVE_SAMPLES = 241
_HIGHEST_LOSS = 4.0
"""Of the loss at the start: where a linear loss curve of a diverging run is cut."""
_LOWEST_LOSS = 1e-18
_HIGHEST_DRAWN = 1e300
"""On a logarithmic axis a diverging run is drawn as far as floats go, with room above it."""


def path_chart(run: DescentNumbers, *, starts_only: bool = False) -> Chart:
    """Return the walks on the contour, or on the curve in one variable."""
    layers = tuple(_walks(run, 1 if starts_only else None))
    if run.objective.dimension == 1:
        return on_curve(run, layers)
    return plane_chart(
        run.objective,
        window_of(run.experiment),
        layers,
        arrow_field=run.experiment.arrow_field,
        minimizers=True,
    )


def on_curve(run: DescentNumbers, layers: tuple[Layer, ...]) -> Chart:
    """Return the curve of an objective of one variable, with `layers` on it."""
    (low, high), *rest = window_of(run.experiment)
    x = np.linspace(low, high, CURVE_SAMPLES)
    y = np.asarray(run.objective.value(x), dtype=float)
    return Chart(
        title=message("f(x) = {formula}", formula=run.objective.formula),
        x_axis=Axis(message("x"), AxisRange(low, high)),
        y_axis=Axis(message("f(x)"), AxisRange(*(rest[0] if rest else spanned(y)))),
        layers=layers,
        backdrop=Backdrop(
            ("curve", run.objective.source_formula, (low, high)), (Line(x, y, "curve"),)
        ),
    )


def loss_chart(run: DescentNumbers, *, starts_only: bool = False) -> Chart:
    """Return f at each step of every run."""
    low, high = _loss_range(run)
    return Chart(
        title=message("f at each step"),
        x_axis=Axis(message("step"), AxisRange(0.0, float(run.experiment.steps))),
        y_axis=Axis(message("f"), AxisRange(low, high), _loss_scale(run)),
        layers=tuple(_curves(run, 1 if starts_only else None)),
    )


def place(run: DescentNumbers, point: tuple[float, ...], role: Role, label: Text) -> Points:
    """Return a mark on the path's chart: in one variable on the curve."""
    if run.objective.dimension == 1:
        return mark(point[0], float(run.objective.value(point[0])), role, label)
    return mark(point[0], point[1], role, label)


def step_line(run: DescentNumbers, step: float, role: Role, label: Text) -> Line:
    """Return an upright line at a step of the loss curve."""
    along = np.linspace(*_loss_range(run), MARKS_ON_LINE)
    return Line(np.full(MARKS_ON_LINE, step), along, role, label)


def _walks(run: DescentNumbers, count: int | None) -> Iterator[Layer]:
    """The first `count` points of every run (None: all), the rivals below."""
    for role, rival in zip(RIVAL_ROLES, run.rivals, strict=False):
        x, y = _track(rival, count)
        yield Line(x, y, role, rival.name)
        yield mark(x[-1], y[-1], role)
    x, y = _track(run, count)
    yield Line(x, y, "path", _own_name(run))
    yield Points(x[1:-1], y[1:-1], "path")
    alone = not run.rivals
    yield mark(x[0], y[0], "start", message("start") if alone else "")
    if len(x) > 1:
        label = message("step {k}", k=len(x) - 1) if alone else ""
        yield mark(x[-1], y[-1], "current", label)


def _curves(run: DescentNumbers, count: int | None) -> Iterator[Layer]:
    for role, rival in zip(RIVAL_ROLES, run.rivals, strict=False):
        values = rival.trajectory.values[:count]
        yield Line(np.arange(len(values), dtype=float), values, role, rival.name)
    values = run.trajectory.values[:count]
    steps = np.arange(len(values), dtype=float)
    yield Line(steps, values, "path", _own_name(run))
    yield mark(steps[-1], values[-1], "current" if len(values) > 1 else "start")


def _track(run: DescentNumbers, count: int | None) -> tuple[Floats, Floats]:
    """Where a run walks on the path's chart: along and up."""
    points = run.points[:count]
    if run.objective.dimension == 2:
        return points[:, 0], points[:, 1]
    with np.errstate(all="ignore"):
        return points[:, 0], np.asarray(run.objective.value(points[:, 0]), dtype=float)


def _own_name(run: DescentNumbers) -> Text:
    return run.name if run.rivals or run.experiment.label else ""


def _loss_scale(run: DescentNumbers) -> Literal["linear", "log"]:
    return "log" if run.experiment.log_loss else "linear"


def _loss_range(run: DescentNumbers) -> tuple[float, float]:
    """What the losses of all runs span, on a linear axis those not far above the first."""
    values = np.concatenate([each.trajectory.values for each in (run, *run.rivals)])
    finite = values[np.isfinite(values)]
    first = [abs(float(each.trajectory.values[0])) for each in (run, *run.rivals)]
    top = max(first, default=0.0) * _HIGHEST_LOSS
    top = top if math.isfinite(top) else abs(first[0]) * _HIGHEST_LOSS
    if run.experiment.log_loss:
        seen = np.clip(finite, _LOWEST_LOSS, _HIGHEST_DRAWN)
        return (float(seen.min()) / 2, float(seen.max()) * 2)
    kept = finite[finite <= top] if (finite <= top).any() else finite[:1]
    low, high = spanned(kept)
    return (min(low, 0.0) if kept.min() < 0 else 0.0, high)
