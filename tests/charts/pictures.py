"""Charts for the tests of this folder."""

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
    Layer,
    Line,
    Points,
)
from tutor.charts.picture import Picture


def bowl(points: Floats) -> Floats:
    """x0² + x1²."""
    values: Floats = points[0] ** 2 + points[1] ** 2
    return values


def blank_chart(*layers: Layer, low: float = 0.0, high: float = 10.0) -> Chart:
    """Layers over equal fixed ranges and no words."""
    span = AxisRange(low, high)
    return Chart("", Axis("", span), Axis("", span), layers=layers)


def free_chart(*layers: Layer, scale: str = "linear", title: str = "") -> Chart:
    """Layers over the ranges that they need."""
    return Chart(
        title,
        Axis("x", scale=scale),  # type: ignore[arg-type]  # one of the two scales
        Axis("y", scale=scale),  # type: ignore[arg-type]  # one of the two scales
        layers=layers,
    )


def line(x: list[float], y: list[float], role: str = "curve", label: str = "") -> Line:
    """A line from plain lists."""
    return Line(np.array(x, float), np.array(y, float), role, label)  # type: ignore[arg-type]  # a role


def points(x: list[float], y: list[float], role: str = "current", label: str = "") -> Points:
    """Points from plain lists."""
    return Points(np.array(x, float), np.array(y, float), role, label)  # type: ignore[arg-type]  # a role


def descent_chart(path: Floats, *, key: str = "bowl") -> Chart:
    """A path, shape (2, k), over contour and arrow field of the bowl on -5..5."""
    return Chart(
        "Descent",
        Axis("x₀", AxisRange(-5.0, 5.0)),
        Axis("x₁", AxisRange(-5.0, 5.0)),
        layers=(
            Line(path[0], path[1], "path", "path"),
            Points(path[0][-1:], path[1][-1:], "current", "now"),
        ),
        backdrop=Backdrop(key, (ContourLayer(bowl), ArrowField(lambda p: -2 * p))),
    )


def cells_with(picture: Picture, characters: str) -> list[tuple[int, int]]:
    """Column and row of each of these characters on the canvas of a picture."""
    return [
        (column, row)
        for row, text in enumerate(picture.to_text().split("\n"))
        for column, character in enumerate(text)
        if character in characters and picture.area.contains(column, row)
    ]
