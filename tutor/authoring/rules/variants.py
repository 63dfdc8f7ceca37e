"""Variants: each is a problem of its own that the core solves, with feedback that fits."""

from __future__ import annotations

from collections.abc import Iterator

from tutor.authoring.rules.answers import check_number, shown
from tutor.authoring.rules.givens import check_answers_given, holds_answer
from tutor.authoring.rules.proofs import check_proof
from tutor.authoring.rules.worked import check_worked
from tutor.authoring.runs import quantities_of
from tutor.engine.kinds.number import bracketed, is_number
from tutor.errors import TutorError
from tutor.i18n import Message, message
from tutor.lesson.consistency import Inconsistency
from tutor.lesson.grading import evaluate_formula
from tutor.lesson.model import NumberStep, Step
from tutor.lesson.scalars import quoted
from tutor.lesson.variants import occurs, occurs_in_settings, variant, variant_count


def check_variants(step: Step, path: str) -> Iterator[Inconsistency]:
    """Yield what is wrong with the variants of a number step."""
    if not isinstance(step, NumberStep) or not step.variants:
        return
    faults = list(_number_faults(step, path))
    yield from faults
    for number in range(1, 1 if faults else variant_count(step)):
        other = variant(step, number)
        for where, what, mend in _problems_of(other, path):
            told = message(
                "variant {number} ({numbers}), {where}: {what}",
                number=number, numbers=_numbers_of(step, number),
                where=where.removeprefix(f"{path}."), what=what,
            )  # fmt: skip
            yield f"{path}.variants", told, mend


def _number_faults(step: NumberStep, path: str) -> Iterator[Inconsistency]:
    counts = {len(others) for others in step.variants.values()}
    if len(counts) > 1:
        what = message("the numbers change together, and have {low} to {high} variants",
                       low=min(counts), high=max(counts))  # fmt: skip
        yield f"{path}.variants", what, message("give each as many")
    for old, others in step.variants.items():
        here = f"{path}.variants.{old}"
        if not all(map(is_number, (old, *others))):
            what = message("{old}: not every one is a number", old=old)
            yield here, what, message("write numbers, such as 0.1: [0.2, 0.3]")
            continue
        if len({*others, old}) <= len(others):
            yield here, message("a number stands there twice"), message("write each once")
        if not occurs(old, step.body):
            yield here, message("{old} does not stand in the body", old=old), _mend_of(old)
        if not occurs(old, step.answer) and not occurs_in_settings(old, step.experiment):
            yield here, message("{old} does not stand in the answer", old=old), _mend_of(old)


def _mend_of(old: str) -> Message:
    return message("write it there as {old}, or delete it here", old=quoted(old))


def _problems_of(step: NumberStep, path: str) -> Iterator[Inconsistency]:
    yield from check_number(step, path)
    yield from check_proof(step, path)
    yield from check_answers_given(step, path)
    if step.worked and not is_number(bracketed(step.worked)[-1]):
        yield from check_worked(step, path)
    names = quantities_of(step.experiment)
    try:
        answer = evaluate_formula(step.answer, names)
    except TutorError:
        return
    for number, near in enumerate(step.near_misses, 1):
        if holds_answer(near.feedback, answer):
            what = message("holds the answer {answer}", answer=shown((answer,)))
            here = f"{path}.near_misses[{number}].feedback"
            yield here, what, message("say it without the number, or take another variant")


def _numbers_of(step: NumberStep, number: int) -> str:
    return ", ".join(f"{old} → {others[number - 1]}" for old, others in step.variants.items())
