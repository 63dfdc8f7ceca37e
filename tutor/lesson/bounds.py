"""How much a network may have to compute while the learner waits: what a lesson may ask for.

A parameter can be turned to either end of its range, so the ends count, not the start values.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

from tutor.i18n import Message, message
from tutor.lesson.model import Experiment, ExperimentStep, NetworkExperiment, Step

Fault: TypeAlias = tuple[str, Message, Message]
"""A key path, what is wrong there, and the mend: an inconsistency of the lesson."""

MAX_NETWORK_STEPS: Final = 2_000
"""Of a network: 25 µs each."""


def bound_faults(step: Step, experiment: Experiment, path: str) -> Iterator[Fault]:
    """Yield what would keep the screen waiting, or cannot be run at all."""
    if isinstance(experiment, NetworkExperiment):
        yield from _network_faults(step, experiment, path)


def _network_faults(step: Step, experiment: NetworkExperiment, path: str) -> Iterator[Fault]:
    for where, steps in _ends(step, experiment.steps, "steps", path):
        if steps > MAX_NETWORK_STEPS:
            what = message("{steps:g} steps take too long", steps=steps)
            yield where, what, message("write at most {limit}", limit=MAX_NETWORK_STEPS)
        elif steps < 0:
            what = message("{steps:g} steps cannot be taken", steps=steps)
            yield where, what, message("write 0 or more")


def _ends(step: Step, own: float, name: str, path: str) -> Iterator[tuple[str, float]]:
    """Yield each value that a parameter can have at its ends, with the key where it stands."""
    parameters = step.parameters if isinstance(step, ExperimentStep) else ()
    ranges = [
        (f"{path}.parameters[{number}].range", end)
        for number, parameter in enumerate(parameters, 1)
        for end in parameter.range
        if parameter.name == name
    ]
    yield from ranges or [(f"{path}.experiment.{name}", own)]
