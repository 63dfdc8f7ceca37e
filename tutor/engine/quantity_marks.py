"""A number on the chart where its quantity lives: a level line, or an upright one."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final, Literal

from tutor.charts.chart import Guide, Layer, Role
from tutor.i18n import message
from tutor.lesson.model import ChartName

Direction = Literal["level", "upright"]

_PLANE: Final[Mapping[str, Direction]] = {
    "x0": "upright", "next_x0": "upright", "x1": "level", "next_x1": "level",
}  # fmt: skip
_SLICE: Final[Mapping[str, Direction]] = {"loss": "level", "height": "level"}
_PLACES: Final[Mapping[str, Mapping[str, Direction]]] = {
    "curve": {"height": "level", "x": "upright"},
    "slope-curve": {"slope": "level", "x": "upright"},
    "error-curve": {
        "error": "level", "forward_error": "level", "central_error": "level", "h": "upright",
    },
    "contour": _PLANE,
    "descent-path": _PLANE,
    "slice-x0": {**_SLICE, "x0": "upright"},
    "slice-x1": {**_SLICE, "x1": "upright"},
    "loss-curve": {
        "loss": "level", "start_loss": "level", "worst_loss": "level", "steps": "upright",
    },
    "softmax-bars": {"p0": "level", "p1": "level", "p2": "level", "probability": "level"},
    "accuracy-curve": {"train_accuracy": "level", "test_accuracy": "level"},
    "layer-errors": {
        "error_w1": "level", "error_b1": "level", "error_w2": "level", "error_b2": "level",
        "worst_error": "level",
    },
    "cost-curve": {"evaluations": "level", "parameter_count": "upright"},
}  # fmt: skip
"""Along which axis of which chart a quantity is read."""


def direction_of(chart: ChartName, quantity: str) -> Direction | None:
    """Return how a value of the quantity is drawn on the chart; None where it has no place."""
    return _PLACES.get(chart, {}).get(quantity)


def quantity_layers(chart: ChartName, quantity: str, value: float, role: Role) -> tuple[Layer, ...]:
    """Return a value of the quantity, guessed or true, as a line across the chart."""
    direction = direction_of(chart, quantity)
    if direction is None or not math.isfinite(value):
        return ()
    label = message("your guess") if role == "guess" else message("truth")
    if direction == "level":
        return (Guide(role, y=value, label=label),)
    return (Guide(role, x=value, label=label),)
