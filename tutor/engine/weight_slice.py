"""Loss and accuracy of a trained network as one weight is shifted: a slope beside a staircase."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from tutor.charts.chart import Floats
from tutor.core.network import softmax
from tutor.core.training import Trainable
from tutor.lesson.digits import load_digits

PICTURES: Final = 100
"""The first of the training pictures: as few as in a batch, so that the steps of the staircase
are seen."""
_NEAR = 1e-6
"""Half the stretch on which the slope of the accuracy is measured."""


@dataclass(frozen=True, eq=False)
class WeightSlice:
    """The weight into an output on which the loss of those pictures depends most."""

    net: Trainable

    def losses(self, shifts: Floats) -> Floats:
        """Return the loss with the weight shifted by each, shape (shifts,)."""
        own = self._shifted(shifts)[:, np.arange(PICTURES), self._targets]
        with np.errstate(all="ignore"):
            return np.asarray(-np.log(own).mean(axis=1))

    def accuracies(self, shifts: Floats) -> Floats:
        """Return the share that is read right, shape (shifts,)."""
        found = self._shifted(shifts).argmax(axis=-1)
        return np.asarray((found == self._targets).mean(axis=1))

    def loss_slope(self, shift: float) -> float:
        """Return the derivative of the loss along the weight, exactly."""
        error = self._shifted(np.array([shift]))[0, :, self.column]
        error = error - (self._targets == self.column)
        return float((error * self._sources[:, self.row]).mean())

    def accuracy_slope(self, shift: float) -> float:
        """Return the central difference of the accuracy: 0 but where a picture changes sides."""
        low, high = self.accuracies(np.array([shift - _NEAR, shift + _NEAR]))
        return float((high - low) / (2 * _NEAR))

    @property
    def name(self) -> str:
        """The weight's name, as NumPy writes it."""
        return f"{'W2' if 'W2' in self.net.parameters else 'W'}[{self.row}, {self.column}]"

    @cached_property
    def row(self) -> int:
        """Of the weight."""
        return self._place[0]

    @cached_property
    def column(self) -> int:
        """Of the weight: the class that it leads to."""
        return self._place[1]

    @cached_property
    def _place(self) -> tuple[int, int]:
        error = softmax(self._scores)
        error[np.arange(PICTURES), self._targets] -= 1.0
        slopes = np.nan_to_num(np.abs(self._sources.T @ error))
        row, column = np.unravel_index(int(slopes.argmax()), slopes.shape)
        return int(row), int(column)

    @cached_property
    def _targets(self) -> Floats:
        return load_digits().train_labels[:PICTURES]

    @cached_property
    def _sources(self) -> Floats:
        """What the weights into the outputs are multiplied by, shape (pictures, sources)."""
        x, parameters = load_digits().train[:PICTURES], self.net.parameters
        if "W1" not in parameters:
            return x
        with np.errstate(all="ignore"):
            return np.asarray(1.0 / (1.0 + np.exp(-(x @ parameters["W1"] + parameters["b1"]))))

    @cached_property
    def _scores(self) -> Floats:
        parameters = self.net.parameters
        if "W" in parameters:
            return np.asarray(self._sources @ parameters["W"])
        return np.asarray(self._sources @ parameters["W2"] + parameters["b2"])

    def _shifted(self, shifts: Floats) -> Floats:
        """The probabilities for each shift, shape (shifts, pictures, classes)."""
        scores = np.repeat(self._scores[None], len(shifts), axis=0)
        scores[:, :, self.column] += shifts[:, None] * self._sources[:, self.row]
        with np.errstate(all="ignore"):
            return softmax(scores)
