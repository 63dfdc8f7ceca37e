"""What a step has in numbers: its settings, and what the core computes from them."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, Final

from tutor.authoring.proved import is_long
from tutor.authoring.rules.equations import DECIMAL
from tutor.authoring.runs import quantities_of, run_of
from tutor.engine.kinds.bug import printed_lines
from tutor.engine.kinds.predict import right_answers
from tutor.engine.settings import objective_of
from tutor.errors import TutorError
from tutor.lesson.grading import evaluate_formula
from tutor.lesson.model import (
    BugStep,
    CodeStep,
    DescentExperiment,
    Experiment,
    ExperimentStep,
    NumberStep,
    ObjectiveExperiment,
    PredictStep,
    Step,
    TextStep,
)
from tutor.lesson.texts import text_fields

_NUMBER: Final = re.compile(rf"(?<![\w.])(?:{DECIMAL}|\.\d+)(?:[eE][-+]?\d+)?")
_LONGEST_PATH: Final = 400


@dataclass
class Facts:
    """The numbers of a step."""

    settings: set[float] = field(default_factory=set)
    """As its author wrote them, and what its formulas give."""
    computed: set[float] = field(default_factory=set)
    """Quantities of its runs: at the start, at the witness, at the presets."""
    paths: list[float] = field(default_factory=list)
    """Losses and coordinates at each step of its descents, sorted."""
    points: set[tuple[float, ...]] = field(default_factory=set)
    """Where something is, and the gradients there."""

    def has(self, number: float, slack: float) -> bool:
        """Return whether a number, known to within `slack`, is one of them."""
        wide = slack + 1e-9 * abs(number)
        known = self.settings | self.computed
        if any(abs(abs(each) - abs(number)) <= wide for each in known):
            return True
        at = bisect_left(self.paths, abs(number) - wide)
        return at < len(self.paths) and self.paths[at] <= abs(number) + wide

    def has_exactly(self, number: float) -> bool:
        """Return whether a number is a setting or a quantity, as it stands."""
        known = self.settings | self.computed
        return any(abs(abs(each) - abs(number)) <= 1e-9 * abs(number) for each in known)

    def close(self) -> Facts:
        """Return them without what is no number, in the order in which they are looked up."""
        self.settings = {each for each in self.settings if math.isfinite(each)}
        self.computed = {each for each in self.computed if math.isfinite(each)}
        self.paths = sorted(abs(each) for each in self.paths if math.isfinite(each))
        return self


def facts_of(step: Step) -> Facts:
    """Return the numbers of a step."""
    facts = Facts()
    facts.settings.update(_written(step))
    if is_long(step):
        return facts.close()
    facts.settings.update(_answers(step))
    for experiment, values in _runs(step):
        facts.computed.update(quantities_of(experiment, values).values())
        with suppress(TutorError):
            _add_path(facts, experiment, values)
    return facts.close()


def numbers_of(formula: str) -> list[float]:
    """Return the numbers that stand in a formula or a program's output, without their signs."""
    return [float(number) for number in _NUMBER.findall(formula.replace("−", "-"))]


def _written(value: Any) -> Iterator[float]:
    """Yield every number that stands in a record of the model but in its texts."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        yield float(value)
    elif isinstance(value, str):
        yield from numbers_of(value)
    else:
        for part in _parts(value):
            yield from _written(part)


def _parts(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        yield from value
        yield from value.values()
    elif isinstance(value, tuple):
        yield from value
    elif is_dataclass(value):
        texts = {name for name, _, kind in text_fields(value.__class__) if kind is not None}
        yield from (getattr(value, each.name) for each in fields(value) if each.name not in texts)


def _answers(step: Step) -> Iterator[float]:
    """Yield what the formulas of a step give, and what its programs print."""
    names = quantities_of(step.experiment) if isinstance(step, NumberStep) else {}
    formulas: list[str] = [step.answer] if isinstance(step, NumberStep) else []
    misses: Iterable[Any] = getattr(step, "near_misses", ())
    for miss in misses:
        formulas += [miss.value] if isinstance(miss.value, str) else map(str, miss.value)
    for formula in formulas:
        with suppress(TutorError):
            yield evaluate_formula(formula, names)
    if isinstance(step, PredictStep) and step.ask != "ordering":
        with suppress(TutorError):
            for answer in right_answers(step, run_of(step.experiment)):
                yield from answer
    if isinstance(step, BugStep):
        with suppress(TutorError):
            printed = [line for m in (False, True) for line in printed_lines(step, mended=m)]
            yield from numbers_of(" ".join(printed))


def _runs(step: Step) -> Iterator[tuple[Experiment, Mapping[str, float]]]:
    """Yield the experiment of a step with each of the settings that it tells of."""
    experiment = step.experiment
    if experiment is None:
        return
    yield experiment, {}
    if isinstance(step, ExperimentStep):
        start: dict[str, float] = {each.name: each.value for each in step.parameters}
        yield experiment, start
        for other in (step.witness, *(preset.values for preset in step.presets)):
            yield experiment, {**start, **{str(name): v for name, v in other.items()}}
    if isinstance(step, PredictStep):
        for item in step.items:
            if item.optimizer is None:
                yield experiment, {str(name): v for name, v in item.values.items()}


def _add_path(facts: Facts, experiment: Experiment, values: Mapping[str, float]) -> None:
    """Add the points of an experiment on a function, and the gradients there."""
    if not isinstance(experiment, ObjectiveExperiment):
        return
    ground = objective_of(experiment)
    places: list[tuple[float, ...]] = [*ground.minimizers]
    if isinstance(experiment, DescentExperiment):
        run = run_of(experiment, values).run  # type: ignore[attr-defined]  # a descent's
        places += [tuple(map(float, point)) for point in run.points[:_LONGEST_PATH]]
        facts.paths += [float(value) for value in run.values[:_LONGEST_PATH]]
    elif hasattr(experiment, "point"):
        places.append(experiment.point)
    else:
        places.append((experiment.x,))
    for place in places[:_LONGEST_PATH]:
        slope = ground.expression.gradient(*place)
        facts.points |= {place, tuple(slope)}
        facts.paths += [*place, *slope, ground.expression.value(*place)]


def programs_of(step: Step) -> Iterator[tuple[str, str]]:
    """Yield the programs of a step that are read and not run, with their keys."""
    keys = {TextStep: ("code",), BugStep: ("code",), CodeStep: ("starter",)}
    for key in keys.get(type(step), ()):
        program = getattr(step, key)
        if program is not None:
            yield key, program
