"""The slope of a curve at a point: difference quotient, exact slope, or the learner's own line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tutor.charts.chart import Axis, AxisRange, Backdrop, Chart, Layer, Line, Points, Role
from tutor.core.finite_differences import central_difference, forward_difference
from tutor.core.objectives import Objective
from tutor.core.step_sweep import StepSweep, step_sweep
from tutor.engine.drawing import mark, spanned
from tutor.engine.numbers import show, signed
from tutor.engine.settings import objective_of, window_of
from tutor.i18n import Text, message
from tutor.lesson.model import Ask, ChartName, SlopeExperiment

_CURVE_SAMPLES = 241
_FOG = 0.12
"""The part of the window's width over which a hidden curve still shows its tangent."""
_SWEEP = tuple(10.0 ** (k / 8) for k in range(-16 * 8, 1))
_TINY = 1e-3
_LOOKS_ALIKE = 0.02
"""A line whose slope is this near the curve's (relative to 1 or to the slope) looks right."""


@dataclass(frozen=True)
class SlopeRun:
    """One variable at one point: what the quotient gives and how far it is off."""

    experiment: SlopeExperiment

    @cached_property
    def objective(self) -> Objective:
        """The curve."""
        return objective_of(self.experiment)

    @cached_property
    def exact(self) -> float:
        """f'(x), by the derivative's formula."""
        return float(self.objective.gradient(self.experiment.x))

    @cached_property
    def height(self) -> float:
        """f(x)."""
        return float(self.objective.value(self.experiment.x))

    @cached_property
    def quotient(self) -> float:
        """The difference quotient, by the experiment's method and precision."""
        return self.forward if self.experiment.method == "forward" else self.central

    @cached_property
    def forward(self) -> float:
        """The forward quotient (f(x + h) - f(x)) / h."""
        setting = self.experiment
        if setting.precision == "float32":
            return float(self._at_h.forward[0])
        return float(forward_difference(self.objective.value, setting.x, setting.h))

    @cached_property
    def central(self) -> float:
        """The central quotient (f(x + h) - f(x - h)) / 2h."""
        setting = self.experiment
        if setting.precision == "float32":
            return float(self._at_h.central[0])
        return float(central_difference(self.objective.value, setting.x, setting.h))

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
        }

    def history(self, quantity: str) -> Sequence[float]:
        """See `Result`: there are no steps."""
        value = self.quantities[quantity]
        return () if isinstance(value, str) else (value,)

    @property
    def sentence(self) -> Text:
        """See `Result`."""
        if self.experiment.slope is not None:
            return self._about_own_line()
        if not self._shows("secant", "quotient"):
            return self._about_point()
        if self._step_vanishes:
            return self._about_vanished_step()
        return self._about_quotient()

    @property
    def update_line(self) -> Text:
        """See `Result`: the quotient with its numbers."""
        setting = self.experiment
        if setting.slope is not None or not self._shows("secant", "quotient"):
            return ""
        low, high = self._ends
        tiny, digits = self._is_tiny, 12 if self._is_tiny else 8
        return message(
            "(f({high}) − f({low})) / {width} = ({f_high} − {f_low}) / {width} = {quotient}",
            high=self._tiny_end(1) if tiny else show(high, 6),
            low=self._tiny_end(0 if setting.method == "forward" else -1) if tiny else show(low, 6),
            width=show(self._nominal_width),
            f_high=show(float(self.objective.value(high)), digits),
            f_low=signed(float(self.objective.value(low)), digits),
            quotient=show(self.quotient, digits),
        )

    def hides(self, quantity: str) -> bool:
        """See `Result`: without `exact` the true slope stays unknown, and so does the error."""
        return quantity in ("slope", "error") and not self._shows("exact")

    def chart(self, name: ChartName) -> Chart:
        """See `Result`."""
        match name:
            case "error-curve":
                return self._error_chart()
            case "slope-curve":
                return self._slope_chart()
            case _:
                return self._curve_chart(self.experiment.show)

    def teaser(self, name: ChartName, ask: Ask) -> Chart:  # noqa: ARG002 — one signature
        """See `Result`: the bare curve and the point."""
        if name == "curve":
            return self._curve_chart(("curve",))
        chart = self.chart(name)
        return Chart(chart.title, chart.x_axis, chart.y_axis)

    def answer_layers(
        self,
        name: ChartName,
        ask: Ask,  # noqa: ARG002 — one signature for every run
        answer: tuple[float, ...],
        role: Role,
    ) -> tuple[Layer, ...]:
        """See `Result`: a slope is a line through the point."""
        if name != "curve":
            return ()
        label = message("your guess") if role == "guess" else message("truth")
        return (self._line_through_point(answer[0], role, label),)

    # What the sentence says

    def _about_point(self) -> Text:
        x, height = show(self.experiment.x), show(self.height)
        if not self._shows("exact"):
            return message("At x = {x} the height is {height}.", x=x, height=height)
        return message("At x = {x} the height is {height} and the slope is {slope}.", x=x,
                       height=height, slope=show(self.exact))  # fmt: skip

    def _about_own_line(self) -> Text:
        own, setting = self.experiment.slope or 0.0, self.experiment
        difference = own - self.exact
        if abs(difference) <= _LOOKS_ALIKE * max(1.0, abs(self.exact)) / 2:
            return message("Slope {own}: near the point, line and curve look alike.",
                           own=show(own))  # fmt: skip
        if difference < 0:
            return message(
                "Slope {own}: just right of x = {x} the curve runs above your line.",
                own=show(own), x=show(setting.x),
            )  # fmt: skip
        return message(
            "Slope {own}: just right of x = {x} the curve runs below your line.",
            own=show(own), x=show(setting.x),
        )  # fmt: skip

    def _about_vanished_step(self) -> Text:
        return message(
            "{x} + {h} is {x} in {precision}: both points are the same, so the quotient is "
            "{quotient}.",
            x=show(self.experiment.x), h=show(self.experiment.h),
            precision=self.experiment.precision, quotient=show(self.quotient),
        )  # fmt: skip

    def _about_quotient(self) -> Text:
        words = self._about_tiny_step() if self._is_tiny else self._about_secant()
        if not self._shows("exact"):
            return words
        return message(
            "{words} Exact: {exact}. Error: forward {forward}, central {central}.",
            words=words,
            exact=show(self.exact, 6),
            forward=show(abs(self.forward - self.exact), 2),
            central=show(abs(self.central - self.exact), 2),
        )

    def _about_secant(self) -> Text:
        low, high = self._ends
        rise = float(self.objective.value(high)) - float(self.objective.value(low))
        return message(
            "From x = {low} to {high} the curve rises {rise}: the secant's slope is {quotient}.",
            low=show(low, 6), high=show(high, 6), rise=show(rise), quotient=show(self.quotient, 6),
        )  # fmt: skip

    def _about_tiny_step(self) -> Text:
        if self.experiment.method == "forward":
            words = message("The forward quotient with h = {h} is {quotient}.",
                            h=show(self.experiment.h), quotient=show(self.quotient, 9))  # fmt: skip
        else:
            words = message("The central quotient with h = {h} is {quotient}.",
                            h=show(self.experiment.h), quotient=show(self.quotient, 9))  # fmt: skip
        return words

    # What the pictures show

    def _curve_chart(self, parts: Sequence[str]) -> Chart:
        x_range, y_range = self._ranges
        backdrop = Backdrop(
            ("curve", self.objective.name, x_range, "curve" in parts),
            (self._curve(x_range),) if "curve" in parts else (),
        )
        layers: list[Layer] = []
        if "tangent" in parts:
            layers.append(self._tangent(hidden_curve="curve" not in parts))
        if "secant" in parts:
            layers.extend(self._secant())
        if self.experiment.slope is not None and "line" in parts:
            layers.append(
                self._line_through_point(self.experiment.slope, "line", message("your line"))
            )
        layers.append(mark(self.experiment.x, self.height, "current", ""))
        return Chart(
            title=self._title if "curve" in parts else message("f(x), unseen"),
            x_axis=Axis(message("x"), AxisRange(*x_range)),
            y_axis=Axis(message("f(x)"), AxisRange(*y_range)),
            layers=tuple(layers),
            backdrop=backdrop,
        )

    @property
    def _title(self) -> Text:
        return message("f(x) = {formula}", formula=self.objective.formula)

    def _slope_chart(self) -> Chart:
        x_range, _ = self._ranges
        x = np.linspace(*x_range, _CURVE_SAMPLES)
        slopes = np.asarray(self.objective.gradient(x), dtype=float)
        backdrop = Backdrop(
            ("slope-curve", self.objective.name, x_range),
            (
                Line(np.array(x_range), np.zeros(2), "reference"),
                Line(x, slopes, "tangent", message("slope f′(x)")),
            ),
        )
        return Chart(
            title=message("slope f′(x)"),
            x_axis=Axis(message("x"), AxisRange(*x_range)),
            y_axis=Axis(message("f′(x)"), AxisRange(*spanned(slopes))),
            layers=(mark(self.experiment.x, self.exact, "current", ""),),
            backdrop=backdrop,
        )

    def _error_chart(self) -> Chart:
        sweep, h = self._sweep, self.experiment.h
        errors = np.concatenate([sweep.forward_error, sweep.central_error])
        seen = errors[np.isfinite(errors) & (errors > 0)]
        low, high = (float(seen.min()) / 3, float(seen.max()) * 3) if seen.size else (1e-17, 1.0)
        steps = np.array(_SWEEP)
        backdrop = Backdrop(
            ("error", self.objective.name, self.experiment.x, self.experiment.precision),
            (
                Line(steps, sweep.forward_error, "forward", message("forward")),
                Line(steps, sweep.central_error, "central", message("central")),
            ),
        )
        return Chart(
            title=message("error of the quotient against h"),
            x_axis=Axis(message("h"), AxisRange(_SWEEP[0], _SWEEP[-1]), "log"),
            y_axis=Axis(message("error"), AxisRange(low, high), "log"),
            layers=(
                Line(np.full(2, h), np.array([low, high]), "reference"),
                mark(h, abs(self.forward - self.exact), "current", ""),
                mark(h, abs(self.central - self.exact), "current", ""),
            ),
            backdrop=backdrop,
        )

    def _curve(self, x_range: tuple[float, float]) -> Line:
        x = np.linspace(*x_range, _CURVE_SAMPLES)
        return Line(x, np.asarray(self.objective.value(x), dtype=float), "curve")

    def _tangent(self, *, hidden_curve: bool) -> Line:
        if not hidden_curve:
            return self._line_through_point(self.exact, "tangent", message("tangent"))
        x, ((low, high), _) = self.experiment.x, self._ranges
        ends = np.array([x - _FOG * (high - low) / 2, x + _FOG * (high - low) / 2])
        return Line(ends, self.height + self.exact * (ends - x), "tangent", message("slope here"))

    def _secant(self) -> tuple[Layer, ...]:
        low, high = self._ends
        f_low, f_high = float(self.objective.value(low)), float(self.objective.value(high))
        if self._step_vanishes:
            return ()
        slope = (f_high - f_low) / (high - low)
        ends = np.array(self._ranges[0])
        return (
            Line(ends, f_low + slope * (ends - low), "secant", message("secant")),
            Points(np.array([low, high]), np.array([f_low, f_high]), "secant"),
        )

    def _line_through_point(self, slope: float, role: Role, label: Text) -> Line:
        ends = np.array(self._ranges[0])
        return Line(ends, self.height + slope * (ends - self.experiment.x), role, label)

    # Small facts

    def _shows(self, *parts: str) -> bool:
        return any(part in self.experiment.show for part in parts)

    @cached_property
    def _ends(self) -> tuple[float, float]:
        """The two points of the quotient."""
        x, h = self.experiment.x, self.experiment.h
        return (x if self.experiment.method == "forward" else x - h), x + h

    @property
    def _is_tiny(self) -> bool:
        """Whether x + h would read like x in words."""
        return self.experiment.h < _TINY * max(1.0, abs(self.experiment.x))

    def _tiny_end(self, steps: int) -> str:
        x, h = show(self.experiment.x), show(self.experiment.h)
        return x if not steps else f"{x} {'+' if steps > 0 else '−'} {h}"

    @property
    def _nominal_width(self) -> float:
        return self.experiment.h * (1 if self.experiment.method == "forward" else 2)

    @property
    def _step_vanishes(self) -> bool:
        x, h = self.experiment.x, self.experiment.h
        if self.experiment.precision == "float32":
            return bool(np.float32(x) + np.float32(h) == np.float32(x))
        return x + h == x

    @cached_property
    def _ranges(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """What the curve's chart spans: x, then f."""
        (low, high), *rest = window_of(self.experiment)
        if self.experiment.zoom != 1:
            half = (high - low) / 2 / self.experiment.zoom
            low, high = self.experiment.x - half, self.experiment.x + half
        if rest and self.experiment.zoom == 1:
            return (low, high), rest[0]
        values = np.asarray(self.objective.value(np.linspace(low, high, _CURVE_SAMPLES)))
        return (low, high), spanned(values)

    @cached_property
    def _sweep(self) -> StepSweep:
        return self._swept(_SWEEP)

    @cached_property
    def _at_h(self) -> StepSweep:
        return self._swept((self.experiment.h,))

    def _swept(self, steps: Sequence[float]) -> StepSweep:
        dtype = np.float32 if self.experiment.precision == "float32" else np.float64
        return step_sweep(
            self.objective.value, self.experiment.x, steps=steps, exact=self.exact, dtype=dtype
        )
