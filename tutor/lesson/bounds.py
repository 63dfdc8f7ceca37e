"""How much a network may have to compute while the learner waits: what a lesson may ask for.

A parameter can be turned to either end of its range, so the ends count, not the start values.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

from tutor.i18n import Message, message
from tutor.lesson.digits import TRAINED_PICTURES
from tutor.lesson.model import (
    CheckExperiment,
    Experiment,
    ExperimentStep,
    NetworkExperiment,
    Step,
    TrainingExperiment,
)

Fault: TypeAlias = tuple[str, Message, Message]
"""A key path, what is wrong there, and the mend: an inconsistency of the lesson."""

MAX_NETWORK_STEPS: Final = 2_000
"""Of a network: 25 µs each."""
MAX_TRAINING_TIME: Final = 150.0
"""Milliseconds of a training on a common machine, by the formula of `training_time`."""
MAX_CHECK_WORK: Final = 10_000
"""Weights and biases times examples of a gradient check: 10 ms for each h."""
_CLASSES: Final = 10


def bound_faults(step: Step, experiment: Experiment, path: str) -> Iterator[Fault]:
    """Yield what would keep the screen waiting, or cannot be run at all."""
    if isinstance(experiment, NetworkExperiment):
        yield from _network_faults(step, experiment, path)
    if isinstance(experiment, TrainingExperiment):
        yield from _training_faults(step, experiment, path)
    if isinstance(experiment, CheckExperiment):
        yield from _check_faults(step, experiment, path)


def _network_faults(step: Step, experiment: NetworkExperiment, path: str) -> Iterator[Fault]:
    for where, steps in _ends(step, experiment.steps, "steps", path):
        if steps > MAX_NETWORK_STEPS:
            what = message("{steps:g} steps take too long", steps=steps)
            yield where, what, message("write at most {limit}", limit=MAX_NETWORK_STEPS)
        elif steps < 0:
            what = message("{steps:g} steps cannot be taken", steps=steps)
            yield where, what, message("write 0 or more")


def _training_faults(step: Step, experiment: TrainingExperiment, path: str) -> Iterator[Fault]:
    sizes = {}
    for name in ("epochs", "hidden", "batch_size"):
        ends = list(_ends(step, getattr(experiment, name), name, path))
        for where, value in ends:
            if value < 1:
                what = message("{name} must be at least 1, not {value:g}", name=name, value=value)
                yield where, what, message("start the range at 1")
                return
        values = [value for _, value in ends]
        sizes[name] = min(values) if name == "batch_size" else max(values)
    hidden = sizes["hidden"] if experiment.model == "two-layer" else float(_CLASSES)
    time = training_time(sizes["epochs"], sizes["batch_size"], hidden)
    if time > MAX_TRAINING_TIME:
        what = message(
            "{epochs:g} epochs with batches of {batch:g} and {hidden:g} units take too long",
            epochs=sizes["epochs"], batch=sizes["batch_size"], hidden=hidden,
        )  # fmt: skip
        most = int(MAX_TRAINING_TIME / training_time(1, sizes["batch_size"], hidden))
        mend = message("write at most {most} epochs, larger batches, or fewer units", most=most)
        yield f"{path}.experiment", what, mend


def training_time(epochs: float, batch_size: float, hidden: float) -> float:
    """Return about how many milliseconds a training takes: per epoch, and per update."""
    batch = min(batch_size, TRAINED_PICTURES)
    updates = -(-TRAINED_PICTURES // batch)
    return epochs * (0.8 + 0.025 * hidden + updates * (0.085 + 1.2e-5 * batch * hidden))


def _check_faults(step: Step, experiment: CheckExperiment, path: str) -> Iterator[Fault]:
    inputs, hidden, outputs = experiment.layers
    units = [value for _, value in _ends(step, hidden, "hidden", path)]
    if min(units) < 1:
        what = message("hidden must be at least 1, not {value:g}", value=min(units))
        yield f"{path}.experiment", what, message("start the range at 1")
        return
    work = (max(units) * (inputs + 1 + outputs) + outputs) * experiment.batch_size
    if work > MAX_CHECK_WORK:
        what = message("{work:g} weights and biases times examples take too long", work=work)
        mend = message("choose layers and batch_size so that they are at most {limit}",
                       limit=MAX_CHECK_WORK)  # fmt: skip
        yield f"{path}.experiment", what, mend
    yield from _unseen_faults(experiment, min(units), path)


def _unseen_faults(experiment: CheckExperiment, hidden: float, path: str) -> Iterator[Fault]:
    """Yield planted faults that change nothing, and those that there cannot be."""
    layer, kind, outputs = experiment.fault, experiment.fault_kind, experiment.layers[2]
    here = f"{path}.experiment.fault_kind"
    if outputs < 2:
        what = message("one output has probability 1 whatever the weights are")
        yield f"{path}.experiment.layers", what, message("write 2 outputs or more")
    if layer == "none":
        return
    if (layer, kind) == ("b2", "no-activation"):
        what = message("b2 has no activation that could be left out")
        yield here, what, message("write sign, scale or off-by-one")
    if kind == "scale" and experiment.batch_size == 1:
        what = message("a forgotten mean over one example is no fault")
        yield here, what, message("write a batch_size of 2 or more")
    if kind == "off-by-one" and layer in ("w1", "b1") and hidden < 2:
        what = message("one hidden unit has no neighbour")
        yield here, what, message("write 2 hidden units or more")


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
