"""f along one variable while the other is held: the curve, its tangent, the learner's line."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tutor.charts.chart import Axis, AxisRange, Backdrop, Chart, Floats, Guide, Layer, Line, Role
from tutor.core.objectives import Objective
from tutor.engine.drawing import MARKS_ON_LINE, heights_near, mark
from tutor.engine.numbers import show
from tutor.engine.settings import Window
from tutor.i18n import Text, message

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
