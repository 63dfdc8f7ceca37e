"""A slope experiment as a `Result`: the curve with its lines, the slope over x, errors over h."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from tutor.charts.chart import Axis, AxisRange, Backdrop, Chart, Layer, Line, Points, Role
from tutor.engine.drawing import MARKS_ON_LINE, mark, spanned
from tutor.engine.experiments.slope_numbers import SWEEP, SlopeNumbers, describe, worked_line
from tutor.engine.settings import window_of
from tutor.i18n import Text, message
from tutor.lesson.model import Ask, ChartName


class SlopeRun(SlopeNumbers):
    """One variable at one point: what the quotient gives and how far it is off."""

    @property
    def quantities(self) -> Mapping[str, float | str]:
        """See `Result`."""
        own = self.experiment.slope
        measured = self.quotient if own is None else own
        return {
            "x": self.experiment.x,
            "h": self.experiment.h,
            "height": self.height,
            "slope": self.exact,
            "quotient": self.quotient,
            "error": abs(measured - self.exact),
            "forward_error": abs(self.forward - self.exact),
            "central_error": abs(self.central - self.exact),
            "curvature": self.curvature,
        }

    def history(self, quantity: str) -> Sequence[float]:
        """See `Result`: there are no steps."""
        value = self.quantities[quantity]
        return () if isinstance(value, str) else (value,)

    @property
    def sentence(self) -> Text:
        """See `Result`."""
        return describe(self)

    @property
    def update_line(self) -> Text:
        """See `Result`: the quotient with its numbers."""
        return worked_line(self)

    def hides(self, quantity: str) -> bool:
        """See `Result`: without `exact` the true slope stays unknown, and so does the error."""
        return quantity in ("slope", "error") and not self.shows("exact")

    def chart(self, name: ChartName) -> Chart:
        """See `Result`."""
        match name:
            case "error-curve":
                return error_chart(self)
            case "slope-curve":
                return slope_chart(self)
            case _:
                return curve_chart(self, self.experiment.show)

    def teaser(self, name: ChartName, ask: Ask) -> Chart:
        """See `Result`: the bare curve and the point (none where points are asked for)."""
        if name == "curve":
            with_point = ask != "stationary-point"
            return curve_chart(self, ("curve",), with_point=with_point)
        chart = self.chart(name)
        return Chart(chart.title, chart.x_axis, chart.y_axis)

    def answer_layers(
        self, name: ChartName, ask: Ask, answer: tuple[float, ...], role: Role
    ) -> tuple[Layer, ...]:
        """See `Result`: a slope is a line through the point, a place a mark on the curve."""
        if name != "curve" or not all(map(math.isfinite, answer)):
            return ()
        label = message("your guess") if role == "guess" else message("truth")
        if ask == "stationary-point":
            return (mark(answer[0], float(self.objective.value(answer[0])), role, label),)
        return (line_through_point(self, answer[0], role, label),)


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
