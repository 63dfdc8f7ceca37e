"""What is drawn: descent on x0²/20 + x1² from (−7, 2), with a learning rate that changes."""

from __future__ import annotations

import numpy as np

from tutor.charts.chart import (
    ArrowField,
    Axis,
    AxisRange,
    Backdrop,
    Chart,
    ContourLayer,
    Floats,
    Line,
    Points,
)

WIDTH, HEIGHT = 70, 28
STEPS = 200
CURVATURES = np.array([[0.1], [2.0]])
SPAN_X, SPAN_Y = AxisRange(-10.0, 10.0), AxisRange(-3.0, 3.0)


def valley(points: Floats) -> Floats:
    """x0²/20 + x1²."""
    values: Floats = points[0] ** 2 / 20 + points[1] ** 2
    return values


def downhill(points: Floats) -> Floats:
    """Minus the gradient."""
    direction: Floats = -CURVATURES * points
    return direction


def descent_charts(count: int) -> list[Chart]:
    """Charts of one backdrop for `count` learning rates from calm to zigzag (0.2 to 0.99)."""
    return [_chart(float(rate)) for rate in np.linspace(0.2, 0.99, count)]


def _chart(rate: float) -> Chart:
    path = np.array([[-7.0], [2.0]]) * (1 - rate * CURVATURES) ** np.arange(STEPS + 1)
    return Chart(
        "Descent",
        Axis("x₀", SPAN_X),
        Axis("x₁", SPAN_Y),
        layers=(
            Line(path[0], path[1], "path", f"η = {rate:.2f}"),
            Points(path[0][:1], path[1][:1], "start", "start"),
            Points(path[0][-1:], path[1][-1:], "current", "step 200"),
        ),
        backdrop=Backdrop("valley", (ContourLayer(valley), ArrowField(downhill))),
    )
