"""Number questions with other numbers in them, so that `again` is a new problem. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, Final, TypeAlias, TypeVar

from tutor.lesson.model import Formula, NumberStep, Step
from tutor.lesson.texts import map_texts

Change: TypeAlias = Callable[[str], str]
Record = TypeVar("Record")
AnyStep = TypeVar("AnyStep", bound=Step)

_MINUS: Final = "[-−]"
_NOT_OF_THE_EXPERIMENT: Final = frozenset({"window", "seed"})
"""Settings that happen to hold a number but are no part of the question."""
_FORMULAS: Final = frozenset({"formula", "slope", "at", "gives", "zero", "program"})
"""Of an experiment and of a proof; an experiment's own `slope` is a number."""


def variant_count(step: Step) -> int:
    """Return how many problems there are: the one that is written, and its variants."""
    if not isinstance(step, NumberStep):
        return 1
    return 1 + min((len(others) for others in step.variants.values()), default=0)


def variant(step: AnyStep, number: int) -> AnyStep:
    """Return the problem with the numbers of this variant in it; 0 is the one that is written.

    Numbers are replaced where they stand by themselves: 0.1 neither in 10.1 nor in 0.12.
    """
    if number == 0 or not isinstance(step, NumberStep):
        return step
    numbers = {str(old): str(new[number - 1]) for old, new in step.variants.items()}
    in_formula = replacing({old: _bracketed(new) for old, new in numbers.items()})
    in_prose = replacing({old: new.replace("-", "−") for old, new in numbers.items()})
    changed: Any = map_texts(step, "", lambda text: in_prose(text.text))
    near_misses = tuple(
        replace(miss, value=Formula(in_formula(miss.value))) for miss in changed.near_misses
    )
    varied: AnyStep = replace(
        changed,
        answer=Formula(in_formula(step.answer)),
        near_misses=near_misses,
        proof=_with_numbers(changed.proof, numbers, in_formula),
        experiment=_with_numbers(changed.experiment, numbers, in_formula),
    )
    return varied


def occurs(number: str, text: str) -> bool:
    """Return whether the number stands by itself somewhere in the text."""
    return _pattern([number]).search(text) is not None


def occurs_in_settings(number: str, experiment: object) -> bool:
    """Return whether a setting of the experiment has this value."""
    if experiment is None:
        return False
    changed = _with_numbers(experiment, {number: "nan"}, replacing({number: "nan"}))
    return repr(changed) != repr(experiment)


def replacing(numbers: Mapping[str, str]) -> Change:
    """Return a function that puts other numbers in place of these, all at once."""
    pattern = _pattern(list(numbers))
    known = {old.replace("−", "-"): new for old, new in numbers.items()}
    return lambda text: pattern.sub(lambda found: known[found[0].replace("−", "-")], text)


def _pattern(numbers: list[str]) -> re.Pattern[str]:
    """Return what finds these numbers as whole tokens, in ASCII letters' company or none.

    A Chinese character may stand right beside a number.
    """
    longest_first = sorted((number.replace("−", "-") for number in numbers), key=len, reverse=True)
    any_of = "|".join(re.escape(number).replace(r"\-", _MINUS) for number in longest_first)
    return re.compile(rf"(?<![A-Za-z0-9_.])(?:{any_of})(?![A-Za-z0-9_])(?!\.[0-9])")


def _bracketed(number: str) -> str:
    number = number.replace("−", "-")
    return f"({number})" if number.startswith("-") else number


def _with_numbers(record: Record, numbers: Mapping[str, str], in_formula: Change) -> Record:
    """Return the settings with the numbers changed, and the formulas among them."""
    if not is_dataclass(record) or isinstance(record, type):
        return record
    values = {float(old.replace("−", "-")): float(new.replace("−", "-"))
              for old, new in numbers.items()}  # fmt: skip
    changes: dict[str, Any] = {}
    for field in fields(record):
        before = getattr(record, field.name)
        if field.name in _FORMULAS:
            changes[field.name] = _other_formula(before, in_formula)
        elif is_dataclass(before):
            changes[field.name] = _with_numbers(before, numbers, in_formula)
        elif field.name not in _NOT_OF_THE_EXPERIMENT:
            changes[field.name] = _other_value(before, values)
    return replace(record, **changes)


def _other_formula(value: Any, in_formula: Change) -> Any:
    """Return a formula, or a row of them, with the numbers changed."""
    if isinstance(value, tuple):
        return tuple(in_formula(part) for part in value)
    return in_formula(value) if isinstance(value, str) else value


def _other_value(value: Any, values: Mapping[float, float]) -> Any:
    if isinstance(value, tuple):
        return tuple(_other_value(item, values) for item in value)
    if isinstance(value, bool) or not isinstance(value, int | float) or value not in values:
        return value
    other = values[value]
    return int(other) if isinstance(value, int) and other == int(other) else other
