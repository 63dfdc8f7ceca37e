"""A place picked on a chart, turned into values for the step's controls."""

from __future__ import annotations

import math
from collections.abc import Mapping

from tutor.engine.controls import Control
from tutor.engine.slope_run import SlopeRun
from tutor.lesson.model import ChartName, GradientExperiment, SlopeExperiment, Step

_PLANE = ("contour", "descent-path")


def picked_values(
    step: Step, controls: tuple[Control, ...], chart: ChartName, x: float, y: float
) -> Mapping[str, float]:
    """Return the control values that a click at (x, y), in data units, means; often none."""
    wanted = _wanted(step, chart, x, y)
    open_controls = {control.name: control for control in controls if not control.locked}
    return {
        name: open_controls[name].at_fraction(open_controls[name].fraction(value))
        for name, value in wanted.items()
        if name in open_controls and math.isfinite(value)
    }


def _wanted(step: Step, chart: ChartName, x: float, y: float) -> Mapping[str, float]:
    if chart in _PLANE:
        return {"x0": x, "x1": y, **_angle(step, x, y)}
    if chart == "error-curve":
        return {"h": x}
    if chart == "loss-curve":
        return {"guess": x}
    return {"x": x, **_slope(step, x, y)}


def _angle(step: Step, x: float, y: float) -> Mapping[str, float]:
    """Return the direction from the experiment's point to the place, in degrees."""
    if step.kind != "predict" or not isinstance(step.experiment, GradientExperiment):
        return {}
    x0, x1 = step.experiment.point
    return {"guess": math.degrees(math.atan2(y - x1, x - x0))}


def _slope(step: Step, x: float, y: float) -> Mapping[str, float]:
    """Return the slope of the line from the experiment's point to the place."""
    if step.kind != "predict" or not isinstance(step.experiment, SlopeExperiment):
        return {}
    run = x - step.experiment.x
    if not run:
        return {}
    return {"guess": (y - SlopeRun(step.experiment).height) / run}
