"""How a lesson run is changed: its step's state, its values, an answer that was given.

Used by `tutor.engine.advance` and by `tutor.engine.answering`: what every event has in common.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, TypeAlias

from tutor.engine import events as ev
from tutor.engine.experiment import Result
from tutor.engine.goals import goal_is_met
from tutor.engine.lesson_run import LessonRun, StepState, result_of
from tutor.lesson.grading import Verdict
from tutor.lesson.model import ExperimentStep, PredictStep, Step

UNDO_DEPTH: Final = 100

Advanced: TypeAlias = tuple[LessonRun, tuple[ev.Effect, ...]]
"""The run after an event, and what must be carried out because of it."""


def with_values(run: LessonRun, values: Mapping[str, float]) -> Advanced:
    """Return the run with other parameters (or another guess), computed anew."""
    step, state = run.step, run.state
    if values == state.values:
        return with_state(run), ()
    result = state.result if isinstance(step, PredictStep) else result_of(step, values)
    undo = (*state.undo, state.values)[-UNDO_DEPTH:]
    run = with_state(run, values=dict(values), result=result, undo=undo)
    if _reaches_goal(step, state, result):
        run = with_state(run, outcome="done")
        answer = ",".join(f"{name}={value:.6g}" for name, value in values.items())
        attempt = ev.AttemptMade(step.id, step.kind, answer, True)
        return run, (attempt, ev.ResumeMoved(at_once=True))
    return run, (ev.ResumeMoved(at_once=False),)


def _reaches_goal(step: Step, state: StepState, result: Result | None) -> bool:
    if not isinstance(step, ExperimentStep) or step.goal is None or result is None:
        return False
    is_own_work = state.outcome != "done" and not state.solution_shown
    return is_own_work and goal_is_met(step.goal, result)


def with_state(run: LessonRun, **changes: object) -> LessonRun:
    """Return the run with its step's state changed; an old problem is gone unless given anew."""
    state = replace(run.state, **{"problem": "", **changes})  # type: ignore[arg-type]
    return replace(run, states={**run.states, run.step.id: state})


def answered(
    run: LessonRun,
    verdict: Verdict,
    answer: str,
    *,
    settles: bool,
    confidence: ev.Confidence | None = None,
) -> Advanced:
    """Return the run with an answer and its verdict; `settles`: the step is done with it."""
    variant = run.state.variant
    kept = f"{answer} (variant {variant})" if variant else answer
    attempt = ev.AttemptMade(
        run.step.id, run.step.kind, kept, verdict.correct, verdict.misconception, confidence
    )
    run = with_state(
        run,
        answer=answer,
        verdict=verdict,
        confidence=confidence,
        tries=run.state.tries + 1,
        outcome="done" if settles else run.state.outcome,
    )
    return run, (attempt, ev.ResumeMoved(at_once=True))
