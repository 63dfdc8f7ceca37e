"""Which steps ask something of the learner."""

from __future__ import annotations

from tutor.lesson.model import ExperimentStep, Step, TextStep


def is_question(step: Step) -> bool:
    """Return whether the step waits for an answer or for its goal."""
    if isinstance(step, ExperimentStep):
        return step.goal is not None
    return not isinstance(step, TextStep)
