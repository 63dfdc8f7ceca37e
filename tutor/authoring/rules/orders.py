"""Orderings: there is an order that is right, another that is not, and each near miss is one."""

from __future__ import annotations

from collections.abc import Iterator

from tutor.authoring.rules.answers import near_miss_faults, not_computable
from tutor.engine.kinds.ordering import true_order, wrong_pairs
from tutor.errors import TutorError
from tutor.i18n import message
from tutor.lesson.consistency import Inconsistency
from tutor.lesson.grading import evaluate_formula, pairs_apart
from tutor.lesson.model import PredictStep


def order_faults(step: PredictStep, path: str) -> Iterator[Inconsistency]:
    """Yield what is wrong with an ordering whose items can be run."""
    truth = true_order(step)
    worst = len(wrong_pairs(step, truth[::-1]))
    if worst <= step.tolerance:
        what = message("every order counts as right: at worst {count} pairs are wrong", count=worst)
        yield f"{path}.items", what, message("take items that differ, or lower the tolerance")
        return
    values: dict[str, tuple[float, ...]] = {}
    for number, near in enumerate(step.near_misses, 1):
        here = f"{path}.near_misses[{number}].value"
        try:
            order = tuple(evaluate_formula(part, {}) for part in near.value)
        except TutorError as error:
            yield here, *not_computable(error)
            continue
        if sorted(order) != sorted(truth):
            what = message("is no order of the items")
            mend = message("write each number from 1 to {count} once", count=len(truth))
            yield here, what, mend
            continue
        values[here] = order
    yield from near_miss_faults(
        values, (truth,), step.tolerance, lambda one, other: _apart(step, one, other, truth)
    )


def _apart(
    step: PredictStep, one: tuple[float, ...], other: tuple[float, ...], truth: tuple[float, ...]
) -> float:
    """Return how many pairs are apart; of the truth, pairs of equal value never are."""
    if other == truth:
        return float(len(wrong_pairs(step, one)))
    return float(pairs_apart(one, other))
