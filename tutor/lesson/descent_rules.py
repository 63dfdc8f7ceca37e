"""Whether a descent and the runs beside it fit together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tutor.i18n import Message, message
from tutor.lesson.model import DescentExperiment, Experiment, Step
from tutor.lesson.problem import counted

MAX_STEPS: Final = 100_000
"""Of plain descent: more would freeze the screen."""
MAX_SLOW_STEPS: Final = 10_000
"""Of the other optimizers and schedules, whose steps are taken one by one."""
MAX_BASIN_STEPS: Final = 1000
"""Of walks from everywhere: for the chart of basins, and the edge between them."""
_PLAIN: Final = ("gradient-descent", "constant")


def descent_faults(
    experiment: DescentExperiment, path: str
) -> Iterator[tuple[str, Message, Message]]:
    """Yield what does not fit together in a descent: key path, what is wrong, the mend."""
    limit = most_steps(experiment)
    if experiment.steps > limit:
        what = message("{steps} steps take too long", steps=experiment.steps)
        yield f"{path}.steps", what, message("write at most {limit}", limit=limit)
    labels = [experiment.label or ""]
    for number, rival in enumerate(experiment.rivals, 1):
        here = f"{path}.rivals[{number}]"
        size = len(experiment.start)
        if rival.start is not None and len(rival.start) != size:
            yield (
                f"{here}.start",
                counted(len(rival.start)),
                message("write {count}, as in start", count=size),
            )
        if rival.label in labels:
            what = message("{label} is already the label of another run", label=rival.label)
            yield f"{here}.label", what, message("give this one a label of its own")
        labels.append(rival.label)


def basin_faults(step: Step, path: str) -> Iterator[tuple[str, Message, Message]]:
    """Yield that walks from hundreds of starts would take too long."""
    descent = step.experiment
    if not isinstance(descent, DescentExperiment):
        return
    if "basins" not in step.charts and getattr(step, "ask", None) != "basin-edge":
        return
    if descent.steps > MAX_BASIN_STEPS:
        what = message("{steps} steps from each start take too long", steps=descent.steps)
        mend = message("write at most {limit}", limit=MAX_BASIN_STEPS)
        yield f"{path}.experiment.steps", what, mend


def most_steps(experiment: DescentExperiment) -> int:
    """Return how many steps a descent may have, so that all its runs together stay quick."""
    methods = [(experiment.optimizer, experiment.schedule)] + [
        (each.optimizer or experiment.optimizer, each.schedule or experiment.schedule)
        for each in experiment.rivals
    ]
    most = MAX_STEPS if all(method == _PLAIN for method in methods) else MAX_SLOW_STEPS
    return most // len(methods)


def unused_momentum(experiment: Experiment, path: str) -> Iterator[tuple[str, Message, Message]]:
    """Yield that the parameter `momentum` would change nothing."""
    if not isinstance(experiment, DescentExperiment):
        return
    optimizers = {experiment.optimizer, *(rival.optimizer for rival in experiment.rivals)}
    if not optimizers & {"momentum", "nesterov"}:
        what = message("no run has a momentum")
        yield path, what, message("choose optimizer: momentum or nesterov, or delete this one")
