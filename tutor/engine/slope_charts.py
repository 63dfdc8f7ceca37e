"""What a slope experiment shows: the curve with its lines, the slope over x, the error over h."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tutor.charts.chart import Axis, AxisRange, Backdrop, Chart, Layer, Line, Points, Role
from tutor.engine.drawing import MARKS_ON_LINE, mark, spanned
from tutor.engine.settings import window_of
from tutor.engine.slope_numbers import SWEEP, SlopeNumbers
from tutor.i18n import Text, message

_CURVE_SAMPLES = 241
_FOG = 0.12
"""The part of the window's width over which a hidden curve still shows its tangent."""


def curve_chart(run: SlopeNumbers, parts: Sequence[str], *, with_point: bool = True) -> Chart:
    """Return the curve (if it is one of `parts`) with its point and the lines in `parts`."""
    x_range, y_range = _ranges(run)
    backdrop = Backdrop(
        ("curve", run.objective.source_formula, x_range, "curve" in parts),
        (_curve(run, x_range),) if "curve" in parts else (),
    )
    layers: list[Layer] = []
    if "tangent" in parts:
        layers.append(_tangent(run, hidden_curve="curve" not in parts))
    if "secant" in parts:
        layers.extend(_secant(run))
    if run.experiment.slope is not None and "line" in parts:
        layers.append(line_through_point(run, run.experiment.slope, "line", message("your line")))
    if with_point:
        layers.append(mark(run.experiment.x, run.height, "current", ""))
    return Chart(
        title=_title(run) if "curve" in parts else message("f(x), unseen"),
        x_axis=Axis(message("x"), AxisRange(*x_range)),
        y_axis=Axis(message("f(x)"), AxisRange(*y_range)),
        layers=tuple(layers),
        backdrop=backdrop,
        title_role="curve" if "curve" in parts else None,
    )


def _title(run: SlopeNumbers) -> Text:
    return message("f(x) = {formula}", formula=run.objective.formula)


def slope_chart(run: SlopeNumbers) -> Chart:
    """Return f' over x, with the point."""
    x_range, _ = _ranges(run)
    x = np.linspace(*x_range, _CURVE_SAMPLES)
    slopes = np.asarray(run.objective.gradient(x), dtype=float)
    backdrop = Backdrop(
        ("slope-curve", run.objective.source_formula, x_range),
        (
            Line(np.array(x_range), np.zeros(2), "reference"),
            Line(x, slopes, "tangent", message("slope f′(x)")),
        ),
    )
    return Chart(
        title=message("slope f′(x)"),
        x_axis=Axis(message("x"), AxisRange(*x_range)),
        y_axis=Axis(message("f′(x)"), AxisRange(*spanned(slopes))),
        layers=(mark(run.experiment.x, run.exact, "current", ""),),
        backdrop=backdrop,
    )


def error_chart(run: SlopeNumbers) -> Chart:
    """Return both errors against h on logarithmic axes, with a mark at the present h."""
    sweep, h = run.sweep, run.experiment.h
    errors = np.concatenate([sweep.forward_error, sweep.central_error])
    seen = errors[np.isfinite(errors) & (errors > 0)]
    low, high = (float(seen.min()) / 3, float(seen.max()) * 3) if seen.size else (1e-17, 1.0)
    steps = np.array(SWEEP)
    backdrop = Backdrop(
        ("error", run.objective.source_formula, run.experiment.x, run.experiment.precision),
        (
            Line(steps, sweep.forward_error, "forward", message("forward")),
            Line(steps, sweep.central_error, "central", message("central")),
        ),
    )
    return Chart(
        title=message("error of the quotient against h"),
        x_axis=Axis(message("h"), AxisRange(SWEEP[0], SWEEP[-1]), "log"),
        y_axis=Axis(message("error"), AxisRange(low, high), "log"),
        layers=(
            Line(np.full(2, h), np.array([low, high]), "reference"),
            mark(h, abs(run.forward - run.exact), "current", ""),
            mark(h, abs(run.central - run.exact), "current", ""),
        ),
        backdrop=backdrop,
    )


def _curve(run: SlopeNumbers, x_range: tuple[float, float]) -> Line:
    x = np.linspace(*x_range, _CURVE_SAMPLES)
    return Line(x, np.asarray(run.objective.value(x), dtype=float), "curve", message("curve"))


def _tangent(run: SlopeNumbers, *, hidden_curve: bool) -> Line:
    if not hidden_curve:
        return line_through_point(run, run.exact, "tangent", message("tangent"))
    x, ((low, high), _) = run.experiment.x, _ranges(run)
    ends = np.array([x - _FOG * (high - low) / 2, x + _FOG * (high - low) / 2])
    return Line(ends, run.height + run.exact * (ends - x), "tangent", message("slope here"))


def _secant(run: SlopeNumbers) -> tuple[Layer, ...]:
    low, high = run.ends
    f_low, f_high = float(run.objective.value(low)), float(run.objective.value(high))
    if run.step_vanishes:
        return ()
    slope = (f_high - f_low) / (high - low)
    ends = np.array(_ranges(run)[0])
    return (
        Line(ends, f_low + slope * (ends - low), "secant", message("secant")),
        Points(np.array([low, high]), np.array([f_low, f_high]), "secant"),
    )


def line_through_point(run: SlopeNumbers, slope: float, role: Role, label: Text) -> Line:
    """Return the line of this slope through the point of the experiment."""
    along = np.linspace(*_ranges(run)[0], MARKS_ON_LINE)
    return Line(along, run.height + slope * (along - run.experiment.x), role, label)


def _ranges(run: SlopeNumbers) -> tuple[tuple[float, float], tuple[float, float]]:
    """What the curve's chart spans: x, then f."""
    (low, high), *rest = window_of(run.experiment)
    if run.experiment.zoom != 1:
        half = (high - low) / 2 / run.experiment.zoom
        low, high = run.experiment.x - half, run.experiment.x + half
    if rest and run.experiment.zoom == 1:
        return (low, high), rest[0]
    values = np.asarray(run.objective.value(np.linspace(low, high, _CURVE_SAMPLES)))
    return (low, high), spanned(values)
