"""Runs of the lessons' experiments, each made once however many rules ask for its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from tutor.engine.experiments import Result, run_experiment
from tutor.errors import TutorError
from tutor.lesson.model import Experiment


def run_of(experiment: Experiment, values: Mapping[str, float] | None = None) -> Result:
    """Return what the experiment gives with these values put in (TutorError if it cannot run)."""
    return _run(experiment, tuple(sorted((values or {}).items())))


def quantities_of(
    experiment: Experiment | None, values: Mapping[str, float] | None = None
) -> dict[str, float]:
    """Return the numbers that a formula of the step may use (none where it cannot be run)."""
    if experiment is None:
        return {}
    try:
        quantities = run_of(experiment, values).quantities
    except TutorError:
        return {}
    return {name: value for name, value in quantities.items() if not isinstance(value, str)}


@lru_cache(maxsize=256)
def _run(experiment: Experiment, values: tuple[tuple[str, float], ...]) -> Result:
    return run_experiment(experiment, dict(values))
