"""A lesson run as plain JSON values and back, so that the learner comes back to the same step.

Only what the learner did is kept. Verdicts and pictures are computed again, so that a mended
lesson shows its mended words; a step that the lesson no longer has is passed over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tutor.engine.kinds import kind_of
from tutor.engine.lesson.advance import begin, open_step
from tutor.engine.lesson.run import LessonRun, Outcome, StepState
from tutor.lesson.model import Lesson, Step
from tutor.lesson.variants import variant_count

_OUTCOMES: dict[str, Outcome] = {"open": "open", "done": "done", "skipped": "skipped"}


def snapshot(run: LessonRun) -> dict[str, Any]:
    """Return all that the learner did in this run, as JSON values."""
    return {
        "seed": run.seed,
        "step": run.step.id,
        "steps": {step_id: _kept(state) for step_id, state in run.states.items()},
    }


def restore(lesson: Lesson, saved: Mapping[str, Any], seed: int) -> LessonRun:
    """Return the run that `saved` describes; whatever no longer fits starts afresh."""
    kept_seed = saved.get("seed")
    run = begin(lesson, kept_seed if isinstance(kept_seed, int) else seed)
    steps = saved.get("steps")
    if isinstance(steps, Mapping):
        for index, step in enumerate(lesson.steps):
            if isinstance(steps.get(step.id), Mapping):
                run = _restored_step(run, index, steps[step.id])
    ids = [step.id for step in lesson.steps]
    here = saved.get("step")
    return open_step(run, ids.index(here) if here in ids else 0)


def retold(run: LessonRun, lesson: Lesson) -> LessonRun:
    """Return the run with the same lesson in another language, all its words said anew."""
    again = restore(lesson, snapshot(run), run.seed)
    states = {
        name: replace(state, undo=run.states[name].undo, problem=run.states[name].problem)
        for name, state in again.states.items()
    }
    return replace(again, states=states, finished=run.finished)


def _kept(state: StepState) -> dict[str, Any]:
    kept: dict[str, Any] = {"outcome": state.outcome}
    optional = {
        "values": dict(state.values),
        "answer": state.answer,
        "confidence": state.confidence,
        "tries": state.tries,
        "hints": state.hints,
        "solution": state.solution_shown,
        "variant": state.variant,
        "earlier": "" if state.earlier == "open" else state.earlier,
        "code": state.code,
    }
    return kept | {name: value for name, value in optional.items() if value}


def _restored_step(run: LessonRun, index: int, saved: Mapping[str, Any]) -> LessonRun:
    step = run.lesson.steps[index]
    kind, kept = kind_of(step), saved.get("values")
    values = kind.start_values(step, run.seed)
    if isinstance(kept, Mapping):
        values |= kind.kept_values(step, kept)
    state = StepState(values=values, code=kind.kept_program(saved.get("code")),
                      variant=_variant(step, saved.get("variant")))  # fmt: skip
    run = open_step(replace(run, states={**run.states, step.id: state}), index)
    run = kind.answered_again(run.step, saved, run)
    state = replace(
        run.states[step.id],
        tries=_count(saved.get("tries")),
        hints=min(_count(saved.get("hints")), len(step.hints)),
        solution_shown=saved.get("solution") is True,
        outcome=_OUTCOMES.get(str(saved.get("outcome")), "open"),
        earlier=_OUTCOMES.get(str(saved.get("earlier")), "open"),
    )
    return replace(run, states={**run.states, step.id: state})


def _variant(step: Step, saved: object) -> int:
    known = isinstance(saved, int) and saved in range(variant_count(step))
    return saved if isinstance(saved, int) and known else 0


def _count(saved: object) -> int:
    return saved if isinstance(saved, int) and saved > 0 else 0
