"""The gradient at a point of the plane, f along one variable, and where one step leads."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from tutor.charts.chart import (
    Arrow,
    Axis,
    AxisRange,
    Backdrop,
    Chart,
    Floats,
    Guide,
    Layer,
    Line,
    Role,
)
from tutor.core.objectives import Objective
from tutor.core.optimizers import GradientDescent
from tutor.engine.descent.updates import WORKED_DIGITS, Update, update_words
from tutor.engine.drawing import MARKS_ON_LINE, heights_near, in_space, mark, plane_chart
from tutor.engine.numbers import show, show_point
from tutor.engine.settings import Window, objective_of, window_of
from tutor.i18n import Text, message
from tutor.lesson.model import Ask, ChartName, GradientExperiment

_LONGEST_ARROW = 0.35
"""Of the window's shorter side: the arrow of the largest gradient at the window's corners."""

_SLICES: tuple[ChartName, ...] = ("slice-x0", "slice-x1")
_PARTIALS: Mapping[Ask, ChartName] = {"partial-x0": "slice-x0", "partial-x1": "slice-x1"}
"""The chart on which a partial derivative is guessed."""
_VECTORS = {"arrow-field", "uphill", "downhill", "next-point"}
"""Parts that show the gradient as a vector: without them it is not spoken of."""


@dataclass(frozen=True)
class GradientRun:
    """Two variables at one point."""

    experiment: GradientExperiment

    @cached_property
    def objective(self) -> Objective:
        """The surface."""
        return objective_of(self.experiment)

    @cached_property
    def point(self) -> Floats:
        """Where we stand, shape (2,)."""
        return np.array(self.experiment.point, dtype=float)

    @cached_property
    def gradient(self) -> Floats:
        """The exact gradient there, shape (2,)."""
        return np.asarray(self.objective.gradient(self.point), dtype=float)

    @cached_property
    def next_point(self) -> Floats:
        """Where x - η∇f(x) leads, shape (2,)."""
        return self.point - self.experiment.learning_rate * self.gradient

    @cached_property
    def quantities(self) -> Mapping[str, float | str]:
        """See `Result`."""
        loss = float(self.objective.value(self.point))
        next_loss = float(self.objective.value(self.next_point))
        return {
            "x0": float(self.point[0]),
            "x1": float(self.point[1]),
            "loss": loss,
            "height": loss,
            "partial_x0": float(self.gradient[0]),
            "partial_x1": float(self.gradient[1]),
            "slope": math.hypot(*self.gradient),
            "distance": self._way_to_minimizer[0],
            "angle": self._way_to_minimizer[1],
            "next_x0": float(self.next_point[0]),
            "next_x1": float(self.next_point[1]),
            "next_loss": next_loss,
            "change": next_loss - loss,
            "curvature_low": self.curvatures[0],
            "curvature_high": self.curvatures[1],
        }

    @cached_property
    def curvatures(self) -> tuple[float, float]:
        """The eigenvalues of the Hessian at the point, the smaller first; nan where undefined."""
        with np.errstate(all="ignore"):
            hessian = np.asarray(self.objective.hessian(self.point), dtype=float)
        if not np.isfinite(hessian).all():
            return (math.nan, math.nan)
        low, high = np.linalg.eigvalsh(hessian).tolist()
        return (low, high)

    def history(self, quantity: str) -> Sequence[float]:
        """See `Result`: there are no steps."""
        value = self.quantities[quantity]
        return () if isinstance(value, str) else (value,)

    @property
    def sentence(self) -> Text:
        """See `Result`."""
        if "slices" in self.experiment.show and not _VECTORS & set(self.experiment.show):
            return self._about_slices()
        length = math.hypot(*self.gradient)
        if not length:
            return message("At {point} the gradient is (0, 0): no direction goes up at first.",
                           point=show_point(self.point))  # fmt: skip
        words = message(
            "At {point} f = {loss} and ∇f = {gradient}, of length {length}.",
            point=show_point(self.point), loss=show(self._loss),
            gradient=show_point(self.gradient), length=show(length),
        )  # fmt: skip
        if "next-point" in self.experiment.show:
            return message("{words} {change}", words=words, change=self._about_step())
        if "minimizer" in self.experiment.show and math.isfinite(self._way_to_minimizer[1]):
            return message("{words} −∇f misses the minimum's direction by {angle}°.",
                           words=words, angle=show(self._way_to_minimizer[1], 3))  # fmt: skip
        return words

    @property
    def update_line(self) -> Text:
        """See `Result`: the step with its numbers."""
        if "next-point" not in self.experiment.show:
            return ""
        return update_words(Update(GradientDescent(), (), self.point, self.gradient,
                                   self.experiment.learning_rate, self.next_point,
                                   WORKED_DIGITS))  # fmt: skip

    def chart(self, name: ChartName) -> Chart:
        """See `Result`: the contour with the arrows, or a slice with its tangent."""
        if name in _SLICES:
            cut = self._slice(name)
            slope = float(self.gradient[cut.variable])
            label = message("slope {slope}", slope=show(slope, 3))
            return cut.chart((cut.line(slope, "tangent", label),))
        return in_space(self._plane) if name == "surface" else self._plane

    @property
    def _plane(self) -> Chart:
        parts = self.experiment.show
        layers: list[Layer] = []
        if "uphill" in parts:
            layers.append(self._arrow(self.gradient, "uphill", message("+∇f")))
        if "downhill" in parts:
            layers.append(self._arrow(-self.gradient, "downhill", message("−∇f")))
        if "next-point" in parts:
            layers.extend(self._step_layers())
        return self._base((*layers, mark(self.point[0], self.point[1], "current")))

    def hides(self, _quantity: str) -> bool:
        """See `Result`: nothing is hidden."""
        return False

    def teaser(self, name: ChartName, ask: Ask) -> Chart:
        """See `Result`: the ground and the point; the arrow field would give it away."""
        if name in _SLICES:
            return self._slice(name).chart(())
        if name == "surface":
            return in_space(self.teaser("contour", ask))
        if ask == "stationary-point":
            return GradientRun(replace(self.experiment, show=()))._base(())
        kept = tuple(part for part in self.experiment.show if part in ("minimizer", "slices"))
        bare = replace(self.experiment, show=kept)
        chart = GradientRun(bare)._base((mark(self.point[0], self.point[1], "current"),))
        return replace(chart, equal_aspect=self._is_about_directions)

    def answer_layers(
        self, name: ChartName, ask: Ask, answer: tuple[float, ...], role: Role
    ) -> tuple[Layer, ...]:
        """See `Result`: a point or an arrow at the point; on its slice, a line."""
        label = message("your guess") if role == "guess" else message("truth")
        if name in _SLICES or ask in _PARTIALS:
            if _PARTIALS.get(ask) != name:
                return ()
            return (self._slice(name).line(answer[0], role, label),)
        if not all(map(math.isfinite, answer)):
            return ()
        if ask != "arrow":
            return (mark(answer[0], answer[1], role, label),)
        length, angle = self._longest_arrow, math.radians(answer[0])
        x, y = map(float, self.point)
        return (Arrow(x, y, length * math.cos(angle), length * math.sin(angle), role, label),)

    def _base(self, layers: tuple[Layer, ...]) -> Chart:
        parts = self.experiment.show
        guides = slice_guides(self.point) if "slices" in parts else ()
        chart = plane_chart(
            self.objective,
            window_of(self.experiment),
            (*guides, *layers),
            arrow_field="arrow-field" in parts,
            minimizers="minimizer" in parts,
        )
        return replace(chart, equal_aspect=self._is_about_directions)

    @property
    def _is_about_directions(self) -> bool:
        """Whether an arrow across a contour line has to meet it at a right angle."""
        parts = set(self.experiment.show)
        return bool(parts & {"uphill", "downhill"}) or not parts & {"next-point", "slices"}

    def _slice(self, name: ChartName) -> Slice:
        variable = _SLICES.index(name)
        return Slice(self.objective, self.point, window_of(self.experiment), variable)

    def _about_slices(self) -> Text:
        along, across = (show(float(partial)) for partial in self.gradient)
        return message(
            "At {point} f = {loss}. Along x₀, with x₁ held, the slope is {along}; along x₁, with "
            "x₀ held, it is {across}.",
            point=show_point(self.point), loss=show(self._loss), along=along, across=across,
        )  # fmt: skip

    def _arrow(self, vector: Floats, role: Role, label: Text) -> Arrow:
        x, y = map(float, self.point)
        dx, dy = map(float, vector * (self._longest_arrow / self._steepest))
        return Arrow(x, y, dx, dy, role, label)

    def _step_layers(self) -> tuple[Layer, ...]:
        (x, y), (next_x, next_y) = self.point.tolist(), self.next_point.tolist()
        return (
            Arrow(x, y, next_x - x, next_y - y, "path"),
            mark(next_x, next_y, "path", message("next point")),
        )

    def _about_step(self) -> Text:
        next_loss = float(self.objective.value(self.next_point))
        if next_loss < self._loss:
            return message("One step, and f is lower.")
        if next_loss == self._loss:
            return message("One step, and f is the same.")
        return message("One step, and f rises to {loss}.", loss=show(next_loss))

    @cached_property
    def _loss(self) -> float:
        return float(self.objective.value(self.point))

    @cached_property
    def _way_to_minimizer(self) -> tuple[float, float]:
        """The distance to the nearest minimizer and the angle of -∇f to it, in degrees."""
        ways = [np.asarray(m, dtype=float) - self.point for m in self.objective.minimizers]
        if not ways:
            return (math.nan, math.nan)
        way = min(ways, key=lambda w: math.hypot(*w))
        lengths = math.hypot(*way) * math.hypot(*self.gradient)
        if not lengths:
            return (math.hypot(*way), math.nan)
        cosine = float(-self.gradient @ way) / lengths
        return (math.hypot(*way), math.degrees(math.acos(max(-1.0, min(1.0, cosine)))))

    @cached_property
    def _longest_arrow(self) -> float:
        return _LONGEST_ARROW * min(high - low for low, high in window_of(self.experiment))

    @cached_property
    def _steepest(self) -> float:
        (a, b), (c, d) = window_of(self.experiment)
        corners = np.array([[a, a, b, b], [c, d, c, d]])
        lengths = np.hypot(*self.objective.gradient(corners))
        return max(float(lengths.max()), math.hypot(*self.gradient)) or 1.0


_SAMPLES = 241
_NAMES = ("x₀", "x₁")
_ROLES: tuple[Role, Role] = ("slice0", "slice1")


@dataclass(frozen=True, eq=False)
class Slice:
    """f of two variables, along one of them through a point."""

    objective: Objective
    point: Floats
    """Shape (2,)."""
    window: Window
    variable: int
    """0 or 1: the one that moves."""

    @property
    def here(self) -> float:
        """The coordinate of the point along the slice."""
        return float(self.point[self.variable])

    @property
    def height(self) -> float:
        """F at the point."""
        return float(self.objective.value(self.point))

    def line(self, slope: float, role: Role, label: Text) -> Line:
        """Return the line of this slope through the point."""
        along = np.linspace(*self.window[self.variable], MARKS_ON_LINE)
        return Line(along, self.height + slope * (along - self.here), role, label)

    def chart(self, layers: tuple[Layer, ...]) -> Chart:
        """Return the curve with the point on it and `layers` below the point."""
        low, high = self.window[self.variable]
        x = np.linspace(low, high, _SAMPLES)
        points = np.tile(self.point[:, None], (1, _SAMPLES))
        points[self.variable] = x
        with np.errstate(all="ignore"):
            values = np.asarray(self.objective.value(points), dtype=float)
        values = np.broadcast_to(values, x.shape)
        held = float(self.point[1 - self.variable])
        name = _NAMES[self.variable]
        return Chart(
            title=message("f({x0}, {x1})", x0=show(held) if self.variable else name,
                          x1=name if self.variable else show(held)),
            x_axis=Axis(name, AxisRange(low, high)),
            y_axis=Axis(message("f"), heights_near(values, self.height)),
            layers=(*layers, mark(self.here, self.height, "current")),
            backdrop=Backdrop(
                ("slice", self.objective.source_formula, self.variable, held, low, high),
                (Line(x, values, _ROLES[self.variable]),),
            ),
        )  # fmt: skip


def slice_guides(point: Floats) -> tuple[Guide, Guide]:
    """Return the two lines of the contour along which the slices run."""
    x0, x1 = point.tolist()
    return (
        Guide("slice0", y=x1, label=message("along {name}", name=_NAMES[0])),
        Guide("slice1", x=x0, label=message("along {name}", name=_NAMES[1])),
    )
