"""A place on a chart: what a pick there means for the controls, and where a quantity lies."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final, Literal

from tutor.charts.chart import Guide, Layer, Role
from tutor.engine.experiments.gradient import GradientRun
from tutor.engine.experiments.slope import SlopeRun
from tutor.engine.lesson.controls import Control
from tutor.i18n import message
from tutor.lesson.model import ChartName, GradientExperiment, SlopeExperiment, Step

_ON_PLANE = ("contour", "surface", "descent-path", "basins")
_ALONG = {
    "error-curve": "h", "loss-curve": "guess", "accuracy-curve": "guess", "weight-slice": "shift",
}  # fmt: skip
"""The control that stands for the way across a chart."""
_SLICES = {"slice-x0": "x0", "slice-x1": "x1"}
"""The coordinate along each slice."""


def picked_values(
    step: Step, controls: tuple[Control, ...], chart: ChartName, x: float, y: float
) -> Mapping[str, float]:
    """Return the control values that a click at (x, y), in data units, means; often none."""
    measured = step.kind == "predict" and step.ask == "quantity"
    wanted = _measured(step, chart, x, y) if measured else _wanted(step, chart, x, y)
    open_controls = {control.name: control for control in controls if not control.locked}
    return {
        name: open_controls[name].at_fraction(open_controls[name].fraction(value))
        for name, value in wanted.items()
        if name in open_controls and math.isfinite(value)
    }


def _measured(step: Step, chart: ChartName, x: float, y: float) -> Mapping[str, float]:
    """Return the value that the place has where the chart shows what is asked for."""
    quantity = step.of if step.kind == "predict" else None
    direction = direction_of(chart, quantity or "")
    return {} if direction is None else {"guess": x if direction == "upright" else y}


def _wanted(step: Step, chart: ChartName, x: float, y: float) -> Mapping[str, float]:
    if chart in _ON_PLANE:
        return {"x0": x, "x1": y, **_angle(step, x, y)}
    if chart in _SLICES:
        return _along_slice(step, chart, x, y)
    if chart == "weight-gradient":
        return {"row": -y, "column": x}
    if chart in _ALONG:
        return {_ALONG[chart]: x}
    return {"x": x, "x0": x, **_slope(step, x, y)}


def _angle(step: Step, x: float, y: float) -> Mapping[str, float]:
    """Return the direction from the experiment's point to the place, in degrees."""
    if step.kind != "predict" or not isinstance(step.experiment, GradientExperiment):
        return {}
    x0, x1 = step.experiment.point
    return {"guess": math.degrees(math.atan2(y - x1, x - x0))}


def _along_slice(step: Step, chart: ChartName, x: float, y: float) -> Mapping[str, float]:
    """Return the place along the slice; for a guess, the slope from the point to the place."""
    name = _SLICES[chart]
    if step.kind != "predict" or not isinstance(step.experiment, GradientExperiment):
        return {name: x}
    at = GradientRun(step.experiment)
    run = x - at.quantities[name]  # type: ignore[operator]  # a coordinate is a number
    if not run or step.ask != f"partial-{name}":
        return {}
    return {"guess": (y - at.quantities["height"]) / run}  # type: ignore[operator]


def _slope(step: Step, x: float, y: float) -> Mapping[str, float]:
    """Return the slope of the line from the experiment's point to the place."""
    if step.kind != "predict" or not isinstance(step.experiment, SlopeExperiment):
        return {}
    run = x - step.experiment.x
    if not run:
        return {}
    return {"guess": (y - SlopeRun(step.experiment).height) / run}


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
    "surface": _PLANE,
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
