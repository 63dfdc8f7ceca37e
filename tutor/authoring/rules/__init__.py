"""What the linter asks of every step, one file for each concern."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, TypeAlias

from tutor.authoring.rules.answers import check_choices, check_graph, check_number
from tutor.authoring.rules.bugs import check_bug
from tutor.authoring.rules.code import check_code
from tutor.authoring.rules.controls import check_controls
from tutor.authoring.rules.experiments import check_experiment, check_settings
from tutor.authoring.rules.givens import check_answers_given, check_giveaways
from tutor.authoring.rules.goals import check_goal
from tutor.authoring.rules.legends import check_legend
from tutor.authoring.rules.names import check_misconceptions
from tutor.authoring.rules.orders import check_arrangement, check_runs
from tutor.authoring.rules.predictions import check_prediction
from tutor.authoring.rules.proofs import check_proof
from tutor.authoring.rules.prose import check_programs, check_prose
from tutor.authoring.rules.room import check_room
from tutor.authoring.rules.variants import check_variants
from tutor.authoring.rules.worked import check_worked
from tutor.lesson.consistency import Inconsistency
from tutor.lesson.model import Step

Rule: TypeAlias = Callable[[Any, str], Iterator[Inconsistency]]
"""Takes a step and its key path, and yields what is wrong with it."""

_READING_RULES: Final[tuple[Rule, ...]] = (
    check_arrangement,
    check_choices,
    check_code,
    check_misconceptions,
    check_prose,
    check_programs,
    check_giveaways,
    check_room,
    check_legend,
)
_RUNNING_RULES: Final[tuple[Rule, ...]] = (
    check_variants,
    check_worked,
    check_bug,
    check_runs,
    check_goal,
    check_number,
    check_graph,
    check_proof,
    check_controls,
    check_prediction,
    check_answers_given,
)


def check_step(step: Step, path: str, *, runs: bool = True) -> Iterator[Inconsistency]:
    """Yield all that is wrong with a step; one whose experiment is at fault is not run."""
    at_fault = experiment_faults(step, path)
    yield from at_fault
    is_run = runs and not at_fault
    for rule in (*_READING_RULES, *_RUNNING_RULES) if is_run else _READING_RULES:
        yield from rule(step, path)


def experiment_faults(step: Step, path: str) -> list[Inconsistency]:
    """Return what keeps the experiment of a step from being run."""
    return [*check_experiment(step, path), *check_settings(step, path)]
