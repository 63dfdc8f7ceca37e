"""Items to be put in order by what their runs give: the guess, the truth, both in words."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import combinations
from typing import TypeAlias

from tutor.engine.experiments import run_experiment
from tutor.engine.kinds.experiment import quantity_name as name_of_quantity
from tutor.engine.numbers import show
from tutor.i18n import Message, Text, message, render
from tutor.lesson.model import (
    DescentExperiment,
    Experiment,
    OptimizerName,
    OrderedItem,
    PredictStep,
    Rival,
    TrainingExperiment,
)

Order: TypeAlias = tuple[float, ...]
"""The items by their numbers from 1, the one with the smallest value first."""

_DIGITS = 6
_SHUFFLES = 50
_MOST_RUNS = 6
"""That are told apart on one chart."""
_AS_RIVALS = frozenset({"learning_rate", "momentum", "x0", "x1"})
"""The settings in which a run may differ from the one that it is drawn beside."""


def item_values(step: PredictStep) -> tuple[float, ...]:
    """Return the quantity that the order goes by for each item; infinite where it is none.

    Rounded to what can be told apart: nobody is wrong for the ninth digit.
    """
    values = (
        _measured(step.experiment, item.optimizer, tuple(item.values.items()), step.of or "")
        for item in step.items
    )
    return tuple(math.inf if math.isnan(value) else _seen(value) for value in values)


def true_order(step: PredictStep, guess: Sequence[float] = ()) -> Order:
    """Return the right order; items of equal value stand as they do in the guess."""
    values = item_values(step)
    given = tuple(guess) or tuple(range(1, len(values) + 1))
    return tuple(sorted(given, key=lambda item: values[int(item) - 1]))


def first_order(step: PredictStep, seed: int) -> Order:
    """Return the order that a learner starts with: shuffled, and never one that counts as right."""
    items: list[float] = [float(number) for number in range(1, len(step.items) + 1)]
    shuffle = random.Random(f"{seed}/{step.id}").shuffle  # noqa: S311 — no secret is drawn
    for _ in range(_SHUFFLES):
        shuffle(items)
        if len(wrong_pairs(step, items)) > step.tolerance:
            return tuple(items)
    return tuple(reversed(true_order(step)))


def wrong_pairs(step: PredictStep, order: Sequence[float]) -> list[tuple[int, int]]:
    """Return the pairs of items that stand the wrong way round, from 0."""
    values = item_values(step)
    pairs = combinations((int(item) - 1 for item in order), 2)
    return [(one, other) for one, other in pairs if values[one] > values[other]]


def placed(order: Sequence[float]) -> dict[str, float]:
    """Return an order as the values of a step's state: which item stands at which place."""
    return {f"place{place}": item for place, item in enumerate(order, start=1)}


def order_of(values: Mapping[str, float]) -> Order:
    """Return the order that a step's state holds."""
    return tuple(values[f"place{place}"] for place in range(1, len(values) + 1))


def kept_order(count: int, saved: Mapping[str, object]) -> dict[str, float]:
    """Return the saved places if they are an order of so many items, else nothing."""
    numbers = range(1, count + 1)
    found = [saved.get(f"place{place}") for place in numbers]
    if not all(isinstance(item, int | float) for item in found):
        return {}
    return placed([float(item) for item in found]) if sorted(found) == [*numbers] else {}  # type: ignore[arg-type, type-var]  # numbers alone


def moved(order: Sequence[float], item: int, by: int) -> Order:
    """Return the order with an item (from 1) so many places further down."""
    items = list(order)
    place = items.index(item)
    items.insert(max(0, min(len(items), place + by)), items.pop(place))
    return tuple(items)


def values_sentence(step: PredictStep) -> Message:
    """Return the items in their true order with what was computed for each."""
    values = item_values(step)
    parts: Text = ""
    before: float | None = None
    for number in map(int, true_order(step)):
        value = values[number - 1]
        item = message("{label}: {value}", label=step.items[number - 1].label, value=show(value))
        joint = "  =  " if value == before else "  <  "
        parts = item if before is None else f"{render(parts)}{joint}{render(item)}"
        before = value
    return message("{quantity}:  {order}", quantity=quantity_name(step), order=parts)


def quantity_name(step: PredictStep) -> Text:
    """Return what the order goes by, in words."""
    return name_of_quantity(step.of or "", step.experiment)


def pairs_sentence(step: PredictStep, order: Sequence[float]) -> Message:
    """Return how many pairs stand the wrong way round, and one of them with its numbers."""
    wrong = wrong_pairs(step, order)
    values = item_values(step)
    one, other = max(wrong, key=lambda pair: _apart(values[pair[0]], values[pair[1]]))
    words = {
        "first": step.items[other].label, "low": show(values[other]),
        "second": step.items[one].label, "high": show(values[one]),
    }  # fmt: skip
    if len(wrong) == 1:
        return message("One pair is the wrong way round: {first} ({low}) comes before "
                       "{second} ({high}).", **words)  # fmt: skip
    return message("{count} pairs are the wrong way round: {first} ({low}) comes before "
                   "{second} ({high}).", count=len(wrong), **words)  # fmt: skip


def side_by_side(step: PredictStep) -> Experiment | None:
    """Return an experiment that shows all items on one chart; None where that cannot be."""
    base, items = step.experiment, step.items
    if not isinstance(base, DescentExperiment) or len(items) > _MOST_RUNS:
        return None
    if any(not set(item.values) <= _AS_RIVALS for item in items):
        return None
    first, *others = (_as_rival(item, base) for item in items)
    own = {key: value for key, value in vars(first).items() if value is not None}
    return replace(base, **own, rivals=tuple(others))


def _as_rival(item: OrderedItem, base: DescentExperiment) -> Rival:
    values: Mapping[str, float] = dict(item.values.items())
    names = zip(("x0", "x1"), base.start, strict=False)
    start = tuple(values.get(name, own) for name, own in names)
    return Rival(
        label=item.label,
        optimizer=item.optimizer,
        learning_rate=values.get("learning_rate"),
        momentum=values.get("momentum"),
        start=start,
    )


@lru_cache(maxsize=512)
def _measured(
    experiment: Experiment,
    optimizer: OptimizerName | None,
    values: tuple[tuple[str, float], ...],
    quantity: str,
) -> float:
    if optimizer is not None and isinstance(experiment, DescentExperiment | TrainingExperiment):
        experiment = replace(experiment, optimizer=optimizer)
    value = run_experiment(experiment, dict(values)).quantities[quantity]
    return math.nan if isinstance(value, str) else value


def _seen(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")


def _apart(one: float, other: float) -> float:
    """Return how clearly two values differ: what is infinite differs most."""
    return abs(one - other) if math.isfinite(one) and math.isfinite(other) else math.inf


def labels_in(step: PredictStep, order: Sequence[float]) -> Iterator[tuple[int, str]]:
    """Yield the number and the label of each item, in this order."""
    for item in order:
        yield int(item), step.items[int(item) - 1].label
