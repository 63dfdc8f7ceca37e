"""A slope experiment as a `Result`: its numbers, its words, its pictures."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from tutor.charts.chart import Chart, Layer, Role
from tutor.engine import slope_charts, slope_words
from tutor.engine.drawing import mark
from tutor.engine.slope_numbers import SlopeNumbers
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
        return slope_words.describe(self)

    @property
    def update_line(self) -> Text:
        """See `Result`: the quotient with its numbers."""
        return slope_words.worked_line(self)

    def hides(self, quantity: str) -> bool:
        """See `Result`: without `exact` the true slope stays unknown, and so does the error."""
        return quantity in ("slope", "error") and not self.shows("exact")

    def chart(self, name: ChartName) -> Chart:
        """See `Result`."""
        match name:
            case "error-curve":
                return slope_charts.error_chart(self)
            case "slope-curve":
                return slope_charts.slope_chart(self)
            case _:
                return slope_charts.curve_chart(self, self.experiment.show)

    def teaser(self, name: ChartName, ask: Ask) -> Chart:
        """See `Result`: the bare curve and the point (none where points are asked for)."""
        if name == "curve":
            with_point = ask != "stationary-point"
            return slope_charts.curve_chart(self, ("curve",), with_point=with_point)
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
        return (slope_charts.line_through_point(self, answer[0], role, label),)
