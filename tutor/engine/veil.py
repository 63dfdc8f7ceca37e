"""A prediction whose truth nobody may see yet, though it is made: as the learner sees it then."""

from __future__ import annotations

from dataclasses import replace

from tutor.engine.events import Event, SolutionAsked
from tutor.engine.lesson_run import LessonRun
from tutor.i18n import message
from tutor.lesson.model import PredictStep


def can_be_held(run: LessonRun) -> bool:
    """Return whether the step has a truth that can be held back."""
    return isinstance(run.step, PredictStep)


def veiled(run: LessonRun) -> LessonRun:
    """Return the run as if the prediction had not been judged; the guess stands as it was meant."""
    state = run.state
    if not can_be_held(run) or (state.outcome == "open" and not state.solution_shown):
        return run
    words = (
        message("Your guess is in. The instructor opens the answer; n goes on meanwhile.")
        if state.answer is not None
        else message("The instructor opens the answer.")
    )
    shown = replace(state, outcome="open", verdict=None, solution_shown=False, problem=words)
    return replace(run, states={**run.states, run.step.id: shown})


def would_unveil(event: Event) -> bool:
    """Return whether an event asks for what is held back."""
    return isinstance(event, SolutionAsked)
