"""Legends: the names of the runs of a descent fit over the chart, at 80 columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rich.cells import cell_len

from tutor.engine.descent.rules import OPTIMIZER_NAMES
from tutor.engine.kinds.ordering import side_by_side
from tutor.i18n import message, render
from tutor.lesson.consistency import Inconsistency
from tutor.lesson.model import DescentExperiment, PredictStep, Step

_SCREEN: Final = 80
_SAMPLE, _GAP = 4, 2
"""The cells of the line's sample with its blank, and between two names."""
_PATHS: Final = ("descent-path", "loss-curve")


def check_legend(step: Step, path: str) -> Iterator[Inconsistency]:
    """Yield a legend that is wider than its chart."""
    experiment = step.experiment
    if isinstance(step, PredictStep) and step.items:
        experiment = side_by_side(step)
    if not isinstance(experiment, DescentExperiment) or not experiment.rivals:
        return
    if not any(chart in _PATHS for chart in step.charts):
        return
    own = experiment.label or render(OPTIMIZER_NAMES[experiment.optimizer])
    names = [own, *(rival.label for rival in experiment.rivals)]
    width = sum(cell_len(name) + _SAMPLE + _GAP for name in names) - _GAP
    room = _SCREEN // len(step.charts)
    if width > room:
        what = message("the names of the runs take {width} cells", width=width)
        mend = message("shorten label to fit {room}, or show one chart", room=room)
        key = "experiment.rivals" if step.experiment is experiment else "items"
        yield f"{path}.{key}", what, mend
