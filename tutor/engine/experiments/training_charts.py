"""The pictures of a training: its curves, digits, columns of weights, and one weight shifted."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from tutor.charts.chart import (
    Axis,
    AxisRange,
    Chart,
    Floats,
    Guide,
    Line,
    Pictures,
    Role,
)
from tutor.core.network import softmax
from tutor.core.training import Trainable, Training
from tutor.engine.drawing import mark, spanned
from tutor.engine.numbers import show
from tutor.i18n import Text, message
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


SIDE: Final = 8
_SHOWN = 16
_HIGHEST_LOSS = 4.0
"""Of the first loss: where the curve of a diverging training is cut."""
_REACH = 1.5
"""How far the chart of a shifted weight goes to either side, at least: the stairs are seen."""
_SHIFTS = 641


def loss_chart(
    training: Training, updates: int, *, epochs: int | None = None, is_start_known: bool = True
) -> Chart:
    """Return the loss of every batch over the epochs, with the mean of each epoch.

    Args:
        training: what to show.
        updates: how many an epoch has.
        epochs: how many are known; else all.
        is_start_known: whether the loss before the training is shown.
    """
    total = len(training.losses) - 1
    known = (total if epochs is None else epochs) * updates
    losses = training.batch_losses
    means = losses.reshape(total, updates).mean(axis=1).astype(np.float64)[: known // updates]
    start = float(training.losses[0])
    return Chart(
        title=message("the loss of each batch"),
        x_axis=Axis(message("epoch"), AxisRange(0.0, float(total))),
        y_axis=Axis(message("loss"), _loss_range(np.append(losses, start), start)),
        layers=(
            Line(
                np.linspace(0.0, total, len(losses) + 1)[1 : known + 1],
                losses[:known],
                "batch",
                message("a batch"),
            ),
            Line(
                np.arange(len(means), dtype=float) + 0.5,
                means,
                "trained",
                message("mean of the epoch"),
            ),
            *([mark(0.0, start, "start", message("before"))] if is_start_known else []),
        ),
    )


def _loss_range(losses: Floats, start: float) -> AxisRange:
    kept = losses[np.isfinite(losses) & (losses <= _HIGHEST_LOSS * start)]
    return AxisRange(0.0, spanned(np.append(kept, 0.0))[1])


def accuracy_chart(training: Training, *, epochs: int | None = None) -> Chart:
    """Return the accuracy on both parts over the epochs; `epochs`: how many are known."""
    total = len(training.losses) - 1
    known = (total if epochs is None else epochs) + 1
    at = np.arange(known, dtype=float)
    return Chart(
        title=message("accuracy"),
        x_axis=Axis(message("epoch"), AxisRange(0.0, float(total))),
        y_axis=Axis(message("share read right"), AxisRange(0.0, 1.0)),
        layers=(
            Line(at, training.train_accuracies[:known], "trained", message("trained on")),
            Line(at, training.test_accuracies[:known], "held_out", message("held out")),
        ),
    )


def digits_chart(net: Trainable | None) -> Chart:
    """Return the first held-out digits and how they are read; without a network, their labels.

    A wrong one shows what it is, and what the network takes it for.
    """
    digits = load_digits()
    shown, labels = digits.test[:_SHOWN], digits.test_labels[:_SHOWN]
    if net is None:
        return _pictures(message("digits"), shown, [str(label) for label in labels])
    with np.errstate(all="ignore"):
        found = net.predict(shown).argmax(axis=1)
    return _pictures(
        message("held-out digits and what is read"),
        shown,
        [_caption(int(label), int(read)) for label, read in zip(labels, found, strict=True)],
        tuple("truth" if is_right else "uphill" for is_right in labels == found),
    )


def _caption(label: int, found: int) -> Text:
    if label == found:
        return f"{label} ✓"
    return f"{label} → {found} ✗"


def columns_chart(columns: Floats, *, hidden: bool) -> Chart:
    """Return the weights that lead to each hidden unit (or class), shape (units, 64), as pictures.

    The lighter the higher; grey is 0.
    """
    columns = np.nan_to_num(columns)
    largest = float(np.abs(columns).max()) or 1.0
    title = message("columns of W1") if hidden else message("columns of W")
    captions: list[Text] = [
        message("unit {k}", k=k) if hidden else message("class {k}", k=k)
        for k in range(len(columns))
    ]
    return _pictures(title, columns / largest, captions, signed=True)


def _pictures(
    title: Text,
    rows: Floats,
    captions: list[Text],
    roles: tuple[Role, ...] = (),
    *,
    signed: bool = False,
) -> Chart:
    pictures = Pictures(rows.reshape(-1, SIDE, SIDE), tuple(captions), signed, roles)
    note = message("dark −, light +") if signed else ""
    return Chart(title, Axis(""), Axis(""), layers=(pictures,), note=note)


def slice_chart(weights: WeightSlice, shift: float, *, is_known: bool = True) -> Chart:
    """Return loss and accuracy of a few pictures as one weight is shifted.

    `is_known`: draw the curves, not only where the weight stands.
    """
    reach = max(_REACH, 1.25 * abs(shift))
    shifts = np.linspace(-reach, reach, _SHIFTS)
    losses, accuracies = weights.losses(shifts), weights.accuracies(shifts)
    here = np.array([shift])
    heights = spanned(np.concatenate([losses, accuracies]))
    curves = (
        Line(shifts, losses, "curve", message("loss")),
        Line(shifts, accuracies, "line", message("accuracy")),
    )
    return Chart(
        title=message("{count} pictures, {weight} shifted", count=PICTURES, weight=weights.name),
        x_axis=Axis(message("shift"), AxisRange(-reach, reach)),
        y_axis=Axis("", AxisRange(*heights)),
        layers=(
            Guide("reference", x=shift),
            *(curves if is_known else ()),
            mark(shift, float(weights.losses(here)[0]), "current"),
            mark(shift, float(weights.accuracies(here)[0]), "current"),
        ),
        note=_slopes(weights, shift) if is_known else "",
    )


def _slopes(weights: WeightSlice, shift: float) -> Text:
    return message(
        "slopes: loss {loss}, accuracy {accuracy}",
        loss=show(weights.loss_slope(shift), 3),
        accuracy=show(weights.accuracy_slope(shift), 3),
    )
