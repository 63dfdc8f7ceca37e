"""Whether a prediction has the chart on which its guess is made, and a question that fits it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from tutor.i18n import Message, message
from tutor.lesson.model import DescentExperiment, PredictStep

_CHARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "partial-x0": ("slice-x0",),
    "partial-x1": ("slice-x1",),
    "stationary-point": ("curve", "contour"),
    "basin-edge": ("descent-path",),
}
"""On which of the charts the guess is seen."""


def ask_faults(step: PredictStep, path: str) -> Iterator[tuple[str, Message, Message]]:
    """Yield what does not fit what is asked for: key path, what is wrong, the mend."""
    wanted = _CHARTS.get(step.ask, step.charts)
    if not set(wanted) & set(step.charts):
        what = message("the guess for {ask} would not be seen", ask=step.ask)
        yield f"{path}.charts", what, message("add one of: {charts}", charts=", ".join(wanted))
    if step.kind_of_point != "any" and step.ask != "stationary-point":
        what = message("kind_of_point belongs to ask: stationary-point")
        yield f"{path}.kind_of_point", what, message("delete it")
    descent = step.experiment if isinstance(step.experiment, DescentExperiment) else None
    if step.ask == "basin-edge" and descent is not None and len(descent.start) != 1:
        what = message("an edge is looked for in one variable")
        yield f"{path}.experiment.start", what, message("write one number: start: [0.5]")
