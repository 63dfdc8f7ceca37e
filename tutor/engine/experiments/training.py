"""A network trained on pictures of digits: one run for each setting, and what can be seen of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Final

import numpy as np

from tutor.charts.chart import Chart, Floats, Layer, Line, Role
from tutor.core.network import SoftmaxClassifier, TwoLayerNet
from tutor.core.optimizers import optimizer
from tutor.core.training import Examples, LinearNet, Trainable, Training, train, zero_net
from tutor.engine.drawing import MARKS_ON_LINE
from tutor.engine.experiments.training_charts import (
    WeightSlice,
    accuracy_chart,
    columns_chart,
    digits_chart,
    loss_chart,
    slice_chart,
)
from tutor.engine.numbers import show, signed
from tutor.i18n import Text, message, plural
from tutor.lesson.digits import load_digits
from tutor.lesson.model import Ask, ChartName, TrainingExperiment

INPUTS: Final = 64
CLASSES: Final = 10
FIRST_SCALE: Final = 0.1
"""Of the random first weights. The book's 0.01 spends the first ten epochs on a plateau."""
_ALIKE = 1e-12
"""Columns that differ by less are alike but for rounding."""
_KEPT_TRAININGS = 32


@dataclass(frozen=True)
class TrainingRun:
    """One training, computed once for each setting of the process."""

    experiment: TrainingExperiment

    @property
    def training(self) -> Training:
        """What the core makes of the setting; the shifted weight changes nothing of it."""
        return _trained(replace(self.experiment, shift=0.0))

    @cached_property
    def columns(self) -> Floats:
        """The weights that lead to each hidden unit (to each class without any), a row each."""
        return _columns(self.training.net)

    @cached_property
    def slice(self) -> WeightSlice:
        """Loss and accuracy along one weight."""
        return WeightSlice(self.training.net)

    @cached_property
    def quantities(self) -> Mapping[str, float | str]:
        """See `Result`."""
        training, shift = self.training, self.experiment.shift
        return {
            "loss": float(training.losses[-1]),
            "start_loss": float(training.losses[0]),
            "train_accuracy": float(training.train_accuracies[-1]),
            "test_accuracy": float(training.test_accuracies[-1]),
            "steps": float(len(training.batch_losses)),
            "parameter_count": float(sum(p.size for p in training.net.parameters.values())),
            "status": training.status,
            "hidden_spread": self._spread,
            "loss_slope": self.slice.loss_slope(shift),
            "accuracy_slope": self.slice.accuracy_slope(shift),
        }

    def history(self, quantity: str) -> Sequence[float]:
        """See `Result`: before the first epoch and after each."""
        training = self.training
        known = {
            "loss": training.losses,
            "train_accuracy": training.train_accuracies,
            "test_accuracy": training.test_accuracies,
        }
        if quantity in known:
            return [float(value) for value in known[quantity]]
        value = self.quantities[quantity]
        return () if isinstance(value, str) else (value,)

    @property
    def sentence(self) -> Text:
        """See `Result`."""
        training = self.training
        first, last = show(training.losses[0]), show(training.losses[-1])
        if training.status == "nonfinite":
            return message("The weights outgrow what a float can hold: η is far too large.")
        if training.status == "diverged":
            return message("The loss rises from {first} to {last}: η is too large.",
                           first=first, last=last)  # fmt: skip
        words = plural(
            "After {count} epoch {train} % of the training pictures are read right, and {test} % "
            "of those held out; the loss went from {first} to {last}.",
            "After {count} epochs {train} % of the training pictures are read right, and {test} % "
            "of those held out; the loss went from {first} to {last}.",
            self.experiment.epochs,
            train=show(100 * training.train_accuracies[-1], 3),
            test=show(100 * training.test_accuracies[-1], 3),
            first=first,
            last=last,
        )
        if self.experiment.model == "softmax" or self._spread:
            return words
        return message("{words} The {count} hidden units are all alike.", words=words,
                       count=self.experiment.hidden)  # fmt: skip

    @property
    def update_line(self) -> Text:
        """See `Result`: how a step is made, and how many there were."""
        updates, epochs = len(self.training.batch_losses), self.experiment.epochs
        return message(
            "W −= {rate} · dW on {batch} pictures; {each} updates × {epochs} epochs = {updates}",
            rate=signed(self.experiment.learning_rate),
            batch=min(self.experiment.batch_size, len(load_digits().train)),
            each=updates // epochs,
            epochs=epochs,
            updates=updates,
        )

    def hides(self, _quantity: str) -> bool:
        """See `Result`: nothing is hidden."""
        return False

    def chart(self, name: ChartName) -> Chart:
        """See `Result`."""
        match name:
            case "accuracy-curve":
                return accuracy_chart(self.training)
            case "digits":
                return digits_chart(self.training.net)
            case "hidden-weights":
                return columns_chart(self.columns, hidden=self._has_hidden)
            case "weight-slice":
                return slice_chart(self.slice, self.experiment.shift)
            case _:
                return loss_chart(self.training, self._updates_per_epoch)

    def teaser(self, name: ChartName, ask: Ask) -> Chart:
        """See `Result`: how it stands before the first epoch, but for a loss that is asked for."""
        match name:
            case "accuracy-curve":
                return accuracy_chart(self.training, epochs=0)
            case "digits":
                return digits_chart(None)
            case "hidden-weights":
                return columns_chart(_columns(first_net(self.experiment)), hidden=self._has_hidden)
            case "weight-slice":
                return slice_chart(self.slice, 0.0, is_known=False)
            case _:
                known = ask != "quantity"
                updates = self._updates_per_epoch
                return loss_chart(self.training, updates, epochs=0, is_start_known=known)

    def answer_layers(
        self, name: ChartName, ask: Ask, answer: tuple[float, ...], role: Role
    ) -> tuple[Layer, ...]:
        """See `Result`: an epoch is a line across the two curves."""
        if ask != "step-number" or name not in ("loss-curve", "accuracy-curve"):
            return ()
        if not np.isfinite(answer[0]):
            return ()
        label = message("your guess") if role == "guess" else message("truth")
        span = self.chart(name).y_axis.range
        low, high = (0.0, 1.0) if span is None else (span.low, span.high)
        along = np.linspace(low, high, MARKS_ON_LINE)
        return (Line(np.full(MARKS_ON_LINE, answer[0]), along, role, label),)

    @property
    def _has_hidden(self) -> bool:
        return self.experiment.model == "two-layer"

    @property
    def _updates_per_epoch(self) -> int:
        return len(self.training.batch_losses) // self.experiment.epochs

    @property
    def _spread(self) -> float:
        """The largest difference between two columns in the same place; 0 but for rounding: 0."""
        with np.errstate(invalid="ignore"):
            spread = float(np.ptp(self.columns, axis=0).max())
        return 0.0 if spread < _ALIKE else spread


def first_net(experiment: TrainingExperiment) -> Trainable:
    """Return the network before any training."""
    zeros = experiment.first_weights == "zeros"
    if experiment.model == "two-layer":
        if zeros:
            return zero_net(INPUTS, experiment.hidden, CLASSES)
        return TwoLayerNet(
            INPUTS, experiment.hidden, CLASSES, seed=experiment.seed, scale=FIRST_SCALE
        )
    shape = (INPUTS, CLASSES)
    random = np.random.default_rng(experiment.seed)
    weights = np.zeros(shape) if zeros else FIRST_SCALE * random.standard_normal(shape)
    return LinearNet(SoftmaxClassifier(*shape, weights=weights))


@lru_cache(maxsize=_KEPT_TRAININGS)
def _trained(experiment: TrainingExperiment) -> Training:
    digits = load_digits()
    return train(
        first_net(experiment),
        Examples(digits.train, digits.train_labels, digits.test, digits.test_labels),
        optimizer=optimizer(experiment.optimizer),
        learning_rate=experiment.learning_rate,
        batch_size=experiment.batch_size,
        epochs=experiment.epochs,
        seed=experiment.seed,
    )


def _columns(net: Trainable) -> Floats:
    weights = net.parameters["W1"] if "W1" in net.parameters else net.parameters["W"]
    return weights.T
