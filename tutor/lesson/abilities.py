"""What each kind of experiment can do: its parameters, quantities, charts and predictions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tutor.i18n import Message, message
from tutor.lesson.model import (
    CheckExperiment,
    DescentExperiment,
    Experiment,
    GradientExperiment,
    NetworkExperiment,
    SlopeExperiment,
    TrainingExperiment,
)


@dataclass(frozen=True)
class Abilities:
    """The names that a lesson may use with one kind of experiment."""

    title: Message
    parameters: frozenset[str]
    quantities: frozenset[str]
    charts: frozenset[str]
    asks: frozenset[str]
    histories: frozenset[str] = frozenset()
    """The quantities that are known at every step."""


WHOLE_NUMBERS: Final = frozenset({"steps", "batch_size", "epochs", "hidden"})
"""The parameters that are whole numbers."""
_WEIGHTS: Final = ("w00", "w01", "w02", "w10", "w11", "w12")
ANY_ASKS: Final = frozenset({"quantity", "ordering"})
"""What can be asked of every experiment: one of its numbers, or an order by one."""

_ABILITIES: Final[dict[type, Abilities]] = {
    SlopeExperiment: Abilities(
        title=message("an experiment on a slope"),
        parameters=frozenset({"x", "h", "slope", "zoom"}),
        quantities=frozenset(
            {
                *("height", "slope", "quotient", "error", "forward_error", "central_error"),
                *("x", "h", "curvature"),
            }
        ),
        charts=frozenset({"curve", "slope-curve", "error-curve"}),
        asks=frozenset({"slope", "quotient", "stationary-point"}),
    ),
    GradientExperiment: Abilities(
        title=message("an experiment on a gradient"),
        parameters=frozenset({"x0", "x1", "learning_rate"}),
        quantities=frozenset(
            {
                *("loss", "height", "partial_x0", "partial_x1", "slope", "distance", "angle"),
                *("next_loss", "next_x0", "next_x1", "change", "x0", "x1"),
                *("curvature_low", "curvature_high"),
            }
        ),
        charts=frozenset({"contour", "surface", "slice-x0", "slice-x1"}),
        asks=frozenset(
            {"next-point", "slope", "arrow", "partial-x0", "partial-x1", "stationary-point"}
        ),
    ),
    DescentExperiment: Abilities(
        title=message("a descent"),
        parameters=frozenset({"learning_rate", "steps", "h", "x0", "x1", "momentum"}),
        quantities=frozenset(
            {
                *("loss", "distance", "slope", "steps", "status", "factor"),
                *("x0", "x1", "next_x0", "next_x1", "start_loss", "worst_loss"),
            }
        ),
        charts=frozenset({"descent-path", "surface", "loss-curve", "basins"}),
        asks=frozenset({"next-point", "final-point", "step-number", "basin-edge"}),
        histories=frozenset({"loss", "distance", "slope"}),
    ),
    NetworkExperiment: Abilities(
        title=message("an experiment on a network"),
        parameters=frozenset(
            {*_WEIGHTS, "input0", "input1", "learning_rate", "steps"},
        ),
        quantities=frozenset(
            {
                *("loss", "start_loss", "next_loss", "change", "p0", "p1", "p2", "probability"),
                *_WEIGHTS,
                *(f"d{name}" for name in _WEIGHTS),
                "steps",
            }
        ),
        charts=frozenset({"softmax-bars", "weight-gradient", "loss-curve"}),
        asks=frozenset({"weight-to-raise", "weight-to-lower", "step-number"}),
        histories=frozenset({"loss", "probability"}),
    ),
    TrainingExperiment: Abilities(
        title=message("a training"),
        parameters=frozenset({"learning_rate", "batch_size", "epochs", "hidden", "shift"}),
        quantities=frozenset(
            {
                *("loss", "start_loss", "train_accuracy", "test_accuracy", "steps"),
                *("parameter_count", "status", "hidden_spread", "loss_slope", "accuracy_slope"),
            }
        ),
        charts=frozenset(
            {"loss-curve", "accuracy-curve", "digits", "hidden-weights", "weight-slice"}
        ),
        asks=frozenset({"step-number"}),
        histories=frozenset({"loss", "train_accuracy", "test_accuracy"}),
    ),
    CheckExperiment: Abilities(
        title=message("a gradient check"),
        parameters=frozenset({"h", "hidden"}),
        quantities=frozenset(
            {
                *("parameter_count", "evaluations", "worst_error"),
                *("error_w1", "error_b1", "error_w2", "error_b2"),
            }
        ),
        charts=frozenset({"layer-errors", "error-curve", "cost-curve"}),
        asks=frozenset(),
    ),
}

STATUSES: Final = ("completed", "converged", "diverged", "frozen", "nonfinite", "oscillating")
"""What a descent can end as: the values of the quantity `status`."""


POINT_ASKS: Final = ("next-point", "final-point", "stationary-point", "basin-edge")
"""Predictions of a place: as many numbers as the experiment has variables."""


def abilities_of(experiment: Experiment) -> Abilities:
    """Return what this experiment can do."""
    return _ABILITIES[type(experiment)]


def guess_size(ask: str, experiment: Experiment) -> int:
    """Return how many numbers a guess of this kind has: a point has one or two, a weight two."""
    if ask in ("weight-to-raise", "weight-to-lower"):
        return 2
    if ask not in POINT_ASKS:
        return 1
    if isinstance(experiment, DescentExperiment):
        return len(experiment.start)
    return len(experiment.point) if isinstance(experiment, GradientExperiment) else 1
