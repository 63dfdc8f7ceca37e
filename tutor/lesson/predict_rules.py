"""Whether a prediction has the chart on which its guess is made, and what its question needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from tutor.i18n import Message, message
from tutor.lesson.abilities import abilities_of
from tutor.lesson.model import DescentExperiment, PredictStep, TrainingExperiment
from tutor.lesson.problem import mend_by_nearest

_CHARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "partial-x0": ("slice-x0",),
    "partial-x1": ("slice-x1",),
    "stationary-point": ("curve", "contour"),
    "basin-edge": ("descent-path",),
}
"""On which of the charts the guess is seen."""


def ask_faults(step: PredictStep, path: str) -> Iterator[tuple[str, Message, Message]]:
    """Yield what does not fit what is asked for: key path, what is wrong, the mend."""
    wanted = _CHARTS.get(step.ask, step.charts)
    if not set(wanted) & set(step.charts):
        what = message("the guess for {ask} would not be seen", ask=step.ask)
        yield f"{path}.charts", what, message("add one of: {charts}", charts=", ".join(wanted))
    if step.kind_of_point != "any" and step.ask != "stationary-point":
        what = message("kind_of_point belongs to ask: stationary-point")
        yield f"{path}.kind_of_point", what, message("delete it")
    descent = step.experiment if isinstance(step.experiment, DescentExperiment) else None
    if step.ask == "basin-edge" and descent is not None and len(descent.start) != 1:
        what = message("an edge is looked for in one variable")
        yield f"{path}.experiment.start", what, message("write one number: start: [0.5]")


_Fault = tuple[str, Message, Message]


def measured_faults(step: PredictStep, path: str) -> Iterator[_Fault]:
    """Yield what is wrong with `of`, `items` and the range of the guess."""
    if (step.ask in ("quantity", "ordering")) != (step.of is not None):
        what = message("of belongs to ask: quantity and ask: ordering")
        yield f"{path}.ask", what, message("write both: of names the quantity")
    elif step.of is not None:
        yield from _quantity_faults(step, path)
    if step.ask == "quantity" and step.guess_range is None:
        what = message("nothing says how far the guess may go")
        yield f"{path}.ask", what, message("add guess_range: [low, high]")
    if step.ask == "ordering" and step.guess is not None:
        what = message("an ordering starts shuffled")
        yield f"{path}.guess", what, message("delete it")
    yield from _item_faults(step, path)


def _quantity_faults(step: PredictStep, path: str) -> Iterator[_Fault]:
    can = abilities_of(step.experiment)
    if step.of not in can.quantities:
        what = message("{kind} has no quantity {name}", kind=can.title, name=step.of)
        yield f"{path}.of", what, mend_by_nearest(str(step.of), sorted(can.quantities))
    elif step.of == "status":
        what = message("a status is no number")
        yield f"{path}.of", what, message("use a quantity with numbers, such as loss")


def _item_faults(step: PredictStep, path: str) -> Iterator[_Fault]:
    if (step.ask == "ordering") != bool(step.items):
        what = message("ask: ordering and items belong together")
        yield f"{path}.ask", what, message("write both: items are what is put in order")
    elif len(step.items) == 1:
        yield f"{path}.items", message("one item has no order"), message("write at least two")
    can = abilities_of(step.experiment)
    labels: set[str] = set()
    for number, item in enumerate(step.items, 1):
        here = f"{path}.items[{number}]"
        for name in item.values:
            if name not in can.parameters:
                what = message("{kind} has no parameter {name}", kind=can.title, name=name)
                mend = mend_by_nearest(name, sorted(can.parameters))
                yield f"{here}.values.{name}", what, mend
        with_optimizer = isinstance(step.experiment, DescentExperiment | TrainingExperiment)
        if item.optimizer is not None and not with_optimizer:
            what = message("{kind} has no optimizer", kind=can.title)
            yield f"{here}.optimizer", what, message("delete it")
        if item.label in labels:
            what = message("{label} is already an item", label=item.label)
            yield f"{here}.label", what, message("delete one of the two")
        labels.add(item.label)
