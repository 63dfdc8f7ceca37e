"""The softmax classifier of the chapter on one example, its gradient, and steps against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tutor.charts.chart import (
    Axis,
    AxisRange,
    Bars,
    Chart,
    Entry,
    Floats,
    Guide,
    Layer,
    Line,
    Role,
    Table,
)
from tutor.core.network import SoftmaxClassifier
from tutor.engine.drawing import MARKS_ON_LINE, mark, spanned
from tutor.engine.numbers import show, signed
from tutor.i18n import Text, message
from tutor.lesson.model import Ask, ChartName, NetworkExperiment

_DIGITS = 3
"""Of the numbers over the bars."""
ROWS, COLUMNS = 2, 3


def weight_to_turn(quantities: Mapping[str, float | str], *, raise_it: bool) -> tuple[float, float]:
    """Return row and column of the entry of dW that says most to raise (or lower) its weight."""
    slopes = np.array([[quantities[f"dw{i}{j}"] for j in range(COLUMNS)] for i in range(ROWS)])
    flat = slopes.astype(float)
    row, column = np.unravel_index(flat.argmin() if raise_it else flat.argmax(), flat.shape)
    return (float(row), float(column))


@dataclass(frozen=True)
class NetworkRun:
    """One example, W before the first step and after each."""

    experiment: NetworkExperiment

    @cached_property
    def trail(self) -> tuple[SoftmaxClassifier, ...]:
        """The classifier before the first step and after each, `steps` + 1 of them."""
        net = SoftmaxClassifier(ROWS, COLUMNS, weights=self.experiment.weights)
        nets = [net]
        for _ in range(self.experiment.steps):
            nets.append(self._stepped(nets[-1]))
        return tuple(nets)

    @cached_property
    def losses(self) -> list[float]:
        """The loss before the first step and after each."""
        return [self._loss(net) for net in self.trail]

    @cached_property
    def gradient(self) -> Floats:
        """DW where the steps have led, shape (2, 3)."""
        return self._gradient(self.trail[-1])

    @cached_property
    def probabilities(self) -> Floats:
        """What softmax makes of the scores there, shape (3,)."""
        return self.trail[-1].predict(self.experiment.input)

    @cached_property
    def quantities(self) -> Mapping[str, float | str]:
        """See `Result`."""
        next_loss = self._loss(self._stepped(self.trail[-1]))
        quantities: dict[str, float | str] = {
            "loss": self.losses[-1],
            "start_loss": self.losses[0],
            "next_loss": next_loss,
            "change": next_loss - self.losses[-1],
            "probability": self._probability,
            "steps": float(self.experiment.steps),
        }
        for k, probability in enumerate(self.probabilities):
            quantities[f"p{k}"] = float(probability)
        for (i, j), weight in np.ndenumerate(self.trail[-1].weights):
            quantities[f"w{i}{j}"] = float(weight)
            quantities[f"dw{i}{j}"] = float(self.gradient[i, j])
        return quantities

    def history(self, quantity: str) -> Sequence[float]:
        """See `Result`: the loss and the target's probability before and after every step."""
        if quantity == "loss":
            return self.losses
        if quantity == "probability":
            return [float(np.exp(-loss)) for loss in self.losses]
        value = self.quantities[quantity]
        return () if isinstance(value, str) else (value,)

    @property
    def sentence(self) -> Text:
        """See `Result`."""
        words = message(
            "Class {k} has probability {p}: the loss is −ln {p} = {loss}.",
            k=self.experiment.target,
            p=show(self._probability),
            loss=show(self.losses[-1]),
        )
        if not self.experiment.steps:
            return words
        return message(
            "{words} Before the first step it was {start}.",
            words=words, start=show(self.losses[0]),
        )  # fmt: skip

    @property
    def update_line(self) -> Text:
        """See `Result`: the step just made, or the next, for the entry that it moves most."""
        before = self.trail[max(self.experiment.steps - 1, 0)]
        slopes = self._gradient(before)
        i, j = (int(n) for n in np.unravel_index(np.abs(slopes).argmax(), slopes.shape))
        weight, slope, rate = before.weights[i, j], slopes[i, j], self.experiment.learning_rate
        return message(
            "W −= {rate} · dW;  W[{i}, {j}]: {weight} − {rate} · {slope} = {next}",
            rate=signed(rate),
            i=i,
            j=j,
            weight=show(float(weight)),
            slope=signed(float(slope)),
            next=show(float(weight - rate * slope)),
        )

    def hides(self, _quantity: str) -> bool:
        """See `Result`: nothing is hidden."""
        return False

    def chart(self, name: ChartName) -> Chart:
        """See `Result`."""
        match name:
            case "softmax-bars":
                return self._bars_chart(self.probabilities)
            case "weight-gradient":
                return self._weights_chart()
            case _:
                return self._loss_chart(self.losses)

    def teaser(self, name: ChartName, _ask: Ask) -> Chart:
        """See `Result`: W without dW, the bars and the losses not yet there."""
        match name:
            case "softmax-bars":
                return self._bars_chart(np.full(COLUMNS, np.nan))
            case "weight-gradient":
                return self._sheet((self._table(message("W"), self.trail[0].weights),))
            case _:
                return self._loss_chart(self.losses[:1])

    def answer_layers(
        self, name: ChartName, ask: Ask, answer: tuple[float, ...], role: Role
    ) -> tuple[Layer, ...]:
        """See `Result`: a mark on an entry of the tables, a level on the curve."""
        label = message("your guess") if role == "guess" else message("truth")
        if ask in ("weight-to-raise", "weight-to-lower"):
            if name != "weight-gradient":
                return ()
            return (Entry(round(answer[0]), round(answer[1]), role, label),)
        if ask == "step-number" and name == "loss-curve" and np.isfinite(answer[0]):
            along = np.linspace(*self._loss_range, MARKS_ON_LINE)
            return (Line(np.full(MARKS_ON_LINE, answer[0]), along, role, label),)
        return ()

    # What the pictures show

    def _bars_chart(self, probabilities: Floats) -> Chart:
        target = self.experiment.target
        others = np.array([k for k in range(COLUMNS) if k != target])
        heights = probabilities[others]
        own = probabilities[target]
        is_known = bool(np.isfinite(own))
        return Chart(
            title=message("softmax(xW)"),
            x_axis=Axis("", AxisRange(-0.5, COLUMNS - 0.5), labels=self._class_names),
            y_axis=Axis(message("probability"), AxisRange(0.0, 1.0)),
            layers=(
                Guide("reference", y=1.0),
                Bars(others.astype(float), heights, "curve",
                     texts=tuple(show(float(h), _DIGITS) for h in heights) if is_known else ()),
                Bars(np.array([float(target)]), np.array([own]), "target", message("target"),
                     texts=(show(float(own), _DIGITS),) if is_known else ()),
            ),
        )  # fmt: skip

    @property
    def _class_names(self) -> tuple[Text, ...]:
        return tuple(
            message("◎ class {k}", k=k)
            if k == self.experiment.target
            else message("class {k}", k=k)
            for k in range(COLUMNS)
        )

    def _weights_chart(self) -> Chart:
        """W and dW; where steps were made, those of the last one, and what it led to."""
        before = self.trail[max(self.experiment.steps - 1, 0)]
        tables = [
            self._table(message("W"), before.weights),
            self._table(message("dW"), self._gradient(before)),
        ]
        if self.experiment.steps:
            tables.append(self._table(message("new W"), self.trail[-1].weights))
        return self._sheet(tuple(tables))

    def _sheet(self, tables: tuple[Table, ...]) -> Chart:
        k = self.experiment.steps
        title = message("step {k}", k=k) if k and len(tables) > 1 else message("weights")
        return Chart(title, Axis(""), Axis(""), layers=tables, note=message("◎ target"))

    def _table(self, title: Text, values: Floats) -> Table:
        target = self.experiment.target
        heads = tuple(
            message("class {k}◎", k=k) if k == target else message("class {k}", k=k)
            for k in range(COLUMNS)
        )
        rows = tuple(
            message("x{k}={value}", k=k, value=show(value, _DIGITS))
            for k, value in enumerate(self.experiment.input)
        )
        return Table(title, values, rows, heads)

    def _loss_chart(self, losses: Sequence[float]) -> Chart:
        steps = np.arange(len(losses), dtype=float)
        last: Role = "current" if len(losses) > 1 else "start"
        return Chart(
            title=message("the loss at each step"),
            x_axis=Axis(message("step"), AxisRange(0.0, float(max(self.experiment.steps, 1)))),
            y_axis=Axis(message("loss"), AxisRange(*self._loss_range)),
            layers=(
                Line(steps, np.array(losses), "path"),
                mark(steps[-1], losses[-1], last),
            ),
        )

    @cached_property
    def _loss_range(self) -> tuple[float, float]:
        return (0.0, spanned(np.array([0.0, *self.losses]))[1])

    # Small facts

    @property
    def _probability(self) -> float:
        return float(self.probabilities[self.experiment.target])

    def _loss(self, net: SoftmaxClassifier) -> float:
        return net.loss(self.experiment.input, self.experiment.target)

    def _gradient(self, net: SoftmaxClassifier) -> Floats:
        example = (self.experiment.input, self.experiment.target)
        if self.experiment.gradient == "exact":
            return net.gradient(*example)
        return net.numerical_gradient(*example, self.experiment.h)

    def _stepped(self, net: SoftmaxClassifier) -> SoftmaxClassifier:
        return net.with_weights(net.weights - self.experiment.learning_rate * self._gradient(net))
