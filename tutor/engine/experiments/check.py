"""Backpropagation of a small network against numerical gradients: agreement, and its price."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from tutor.charts.chart import Axis, AxisRange, Bars, Chart, Floats, Guide, Layer, Line, Role
from tutor.core.network import TwoLayerNet
from tutor.core.network_check import (
    LAYERS,
    Batch,
    Fault,
    LayerName,
    backpropagate,
    numerical_slopes,
    relative_errors,
)
from tutor.engine.drawing import mark
from tutor.engine.numbers import show
from tutor.i18n import Text, message
from tutor.lesson.model import Ask, ChartName, CheckExperiment

AGREEMENT: Final = 1e-8
"""What a right backpropagation reaches with the course's h."""
_SCALE = 0.5
"""Of the random weights: large enough that no layer's slopes drown in rounding."""
_STEPS = tuple(10.0**-k for k in range(13))
_LOWEST, _HIGHEST = 1e-12, 10.0
"""Of the relative errors that are drawn."""
_NAMES: Final[Mapping[str, LayerName]] = {name.lower(): name for name in LAYERS}
_KEPT_CHECKS = 128


@dataclass(frozen=True)
class CheckRun:
    """One network, one batch, one backpropagation."""

    experiment: CheckExperiment

    @cached_property
    def given(self) -> Mapping[str, Floats]:
        """What backpropagation says, with its fault where it has one."""
        return backpropagate(*_example(self._setting), self._fault)

    @cached_property
    def numerical(self) -> Mapping[str, Floats]:
        """What differences say."""
        return _numerical(self._setting, self.experiment.h)

    @cached_property
    def errors(self) -> Mapping[str, float]:
        """The relative error of each layer."""
        return relative_errors(self.given, self.numerical)

    @cached_property
    def quantities(self) -> Mapping[str, float | str]:
        """See `Result`."""
        count = parameter_count(self.experiment.layers)
        return {
            "parameter_count": float(count),
            "evaluations": 2.0 * count,
            **{f"error_{key}": self.errors[name] for key, name in _NAMES.items()},
            "worst_error": max(self.errors.values()),
        }

    def history(self, quantity: str) -> Sequence[float]:
        """See `Result`: there are no steps."""
        value = self.quantities[quantity]
        return () if isinstance(value, str) else (value,)

    @property
    def sentence(self) -> Text:
        """See `Result`: what was measured; the verdict is the learner's."""
        return message(
            "Relative errors: W1 {w1}, b1 {b1}, W2 {w2}, b2 {b2}. Differences took {evaluations} "
            "evaluations of the loss, backpropagation one pass forth and back.",
            **{key: show(self.errors[name], 2) for key, name in _NAMES.items()},
            evaluations=2 * parameter_count(self.experiment.layers),
        )

    @property
    def update_line(self) -> Text:
        """See `Result`: the entry where the two are furthest apart."""
        name = max(LAYERS, key=lambda each: self.errors[each])
        gaps = np.abs(self.given[name] - self.numerical[name])
        at = tuple(int(k) for k in np.unravel_index(int(gaps.argmax()), gaps.shape))
        return message(
            "{name}[{at}]: backpropagation {given}, differences {numerical}",
            name=name,
            at=", ".join(map(str, at)),
            given=show(float(self.given[name][at]), 6),
            numerical=show(float(self.numerical[name][at]), 6),
        )

    def hides(self, _quantity: str) -> bool:
        """See `Result`: nothing is hidden."""
        return False

    def chart(self, name: ChartName) -> Chart:
        """See `Result`."""
        match name:
            case "error-curve":
                return self._step_chart(is_known=True)
            case "cost-curve":
                return self._cost_chart(is_known=True)
            case _:
                return self._layer_chart(np.array([self.errors[name] for name in LAYERS]))

    def teaser(self, name: ChartName, ask: Ask) -> Chart:
        """See `Result`: the axes, and what is agreement unless the learner is to guess that."""
        match name:
            case "error-curve":
                return self._step_chart(is_known=False)
            case "cost-curve":
                return self._cost_chart(is_known=False)
            case _:
                bare = self._layer_chart(np.full(len(LAYERS), np.nan))
                guides = () if ask == "quantity" else (self._agreement,)
                return replace(bare, layers=guides)

    def answer_layers(
        self,
        _name: ChartName,
        _ask: Ask,
        _answer: tuple[float, ...],
        _role: Role,
    ) -> tuple[Layer, ...]:
        """See `Result`: it asks for no place of its own."""
        return ()

    def _layer_chart(self, errors: Floats) -> Chart:
        places = np.arange(len(LAYERS), dtype=float)
        above = errors > AGREEMENT
        groups: tuple[tuple[Any, Role], ...] = ((~above, "curve"), (above, "uphill"))
        bars = [
            Bars(
                places[chosen], errors[chosen], role, texts=tuple(_shown(e) for e in errors[chosen])
            )
            for chosen, role in groups
        ]
        return Chart(
            title=message("backpropagation against differences"),
            x_axis=Axis("", AxisRange(-0.5, len(LAYERS) - 0.5), labels=LAYERS),
            y_axis=Axis(message("relative error"), AxisRange(_LOWEST, _HIGHEST), "log"),
            layers=(*bars, self._agreement),
        )

    def _step_chart(self, *, is_known: bool) -> Chart:
        steps = np.array(_STEPS)
        curve = Line(steps, self._worst_errors, "central", message("worst layer"))
        here = mark(self.experiment.h, max(self.errors.values()), "current", message("this h"))
        return Chart(
            title=message("worst error against h"),
            x_axis=Axis(message("h"), AxisRange(min(_STEPS), max(_STEPS)), "log"),
            y_axis=Axis(message("relative error"), AxisRange(_LOWEST, _HIGHEST), "log"),
            layers=((curve, here) if is_known else ()) + (self._agreement,),
        )

    @cached_property
    def _worst_errors(self) -> Floats:
        sweeps = (_numerical(self._setting, h) for h in _STEPS)
        return np.array([max(relative_errors(self.given, sweep).values()) for sweep in sweeps])

    @property
    def _agreement(self) -> Guide:
        return Guide("limit", y=AGREEMENT, label=message("agreement, about 1e−8"))

    def _cost_chart(self, *, is_known: bool) -> Chart:
        inputs, hidden, outputs = self.experiment.layers
        sizes = np.unique(np.geomspace(1, max(10 * hidden, 100), 24).round().astype(int))
        counts = np.array([float(parameter_count((inputs, int(n), outputs))) for n in sizes])
        here = float(parameter_count(self.experiment.layers))
        price = (
            Line(counts, 2 * counts, "forward", message("differences: 2n")),
            mark(here, 2 * here, "current", message("this network")),
        )
        return Chart(
            title=message("what a gradient costs"),
            x_axis=Axis(message("n, weights and biases"), AxisRange(counts[0], counts[-1]), "log"),
            y_axis=Axis(message("passes"), AxisRange(0.5, 4 * counts[-1]), "log"),
            layers=(
                *(price if is_known else ()),
                Line(counts, np.ones_like(counts), "central", message("backpropagation: 1")),
            ),
        )  # fmt: skip

    @property
    def _fault(self) -> Fault | None:
        if self.experiment.fault == "none":
            return None
        return Fault(_NAMES[self.experiment.fault], self.experiment.fault_kind)

    @property
    def _setting(self) -> _Setting:
        layers, own = self.experiment.layers, self.experiment
        return _Setting(layers[0], layers[1], layers[2], own.batch_size, own.seed)


@dataclass(frozen=True, slots=True)
class _Setting:
    """All that decides the network and its batch."""

    inputs: int
    hidden: int
    outputs: int
    batch_size: int
    seed: int


def parameter_count(layers: Sequence[int]) -> int:
    """Return how many weights and biases a network of inputs, hidden and outputs has."""
    inputs, hidden, outputs = layers
    return inputs * hidden + hidden + hidden * outputs + outputs


@lru_cache(maxsize=8)
def _example(setting: _Setting) -> tuple[TwoLayerNet, Batch]:
    random = np.random.default_rng(setting.seed)
    net = TwoLayerNet(
        setting.inputs, setting.hidden, setting.outputs, seed=setting.seed, scale=_SCALE
    )
    x = random.standard_normal((setting.batch_size, setting.inputs))
    return net, Batch(x, random.integers(0, setting.outputs, setting.batch_size))


@lru_cache(maxsize=_KEPT_CHECKS)
def _numerical(setting: _Setting, h: float) -> Mapping[str, Floats]:
    return MappingProxyType(numerical_slopes(*_example(setting), h))


def _shown(error: float) -> str:
    return show(error, 2) if np.isfinite(error) else ""
