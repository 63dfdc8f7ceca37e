"""A lesson run as plain JSON values and back, so that the learner comes back to the same step.

Only what the learner did is kept. Verdicts and pictures are computed again, so that a mended
lesson shows its mended words; a step that the lesson no longer has is passed over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tutor.engine.advance import advance
from tutor.engine.events import (
    ChoiceAnswered,
    Confidence,
    Event,
    LinePicked,
    NumberAnswered,
    Predicted,
)
from tutor.engine.lesson_run import (
    LessonRun,
    Outcome,
    StepState,
    begin,
    controls_of,
    is_ordering,
    open_step,
    start_values,
)
from tutor.engine.ordering import kept_order
from tutor.errors import TutorError
from tutor.lesson.grading import Verdict
from tutor.lesson.model import CodeStep, Lesson, NumberStep, Step
from tutor.lesson.programs import MAX_SOURCE
from tutor.lesson.variants import variant_count

_OUTCOMES: dict[str, Outcome] = {"open": "open", "done": "done", "skipped": "skipped"}
_CONFIDENCES: dict[str, Confidence] = {"low": "low", "medium": "medium", "high": "high"}


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
    values = start_values(step, run.seed) | _acceptable(step, saved.get("values"))
    state = StepState(values=values, code=_program(step, saved.get("code")),
                      variant=_variant(step, saved.get("variant")))  # fmt: skip
    run = open_step(replace(run, states={**run.states, step.id: state}), index)
    run = _answered_again(run, step, saved)
    state = replace(
        run.states[step.id],
        tries=_count(saved.get("tries")),
        hints=min(_count(saved.get("hints")), len(step.hints)),
        solution_shown=saved.get("solution") is True,
        outcome=_OUTCOMES.get(str(saved.get("outcome")), "open"),
        earlier=_OUTCOMES.get(str(saved.get("earlier")), "open"),
    )
    return replace(run, states={**run.states, step.id: state})


def _answered_again(run: LessonRun, step: Step, saved: Mapping[str, Any]) -> LessonRun:
    """Return the run with the saved answer judged anew by the lesson as it is now."""
    answer = saved.get("answer")
    if not isinstance(answer, str):
        return run
    if step.kind == "code":
        return _solved_again(run, step) if saved.get("outcome") == "done" else run
    event = _answer_event(step, answer, saved)
    return run if event is None else advance(run, event)[0]


def _answer_event(step: Step, answer: str, saved: Mapping[str, Any]) -> Event | None:
    match step.kind:
        case "choice" if answer.isdigit():
            return ChoiceAnswered(int(answer))
        case "number":
            return NumberAnswered(answer)
        case "bug" if answer.isdigit():
            return LinePicked(int(answer))
        case "predict":
            return Predicted(_CONFIDENCES.get(str(saved.get("confidence")), "low"))
        case _:
            return None


def _solved_again(run: LessonRun, step: Step) -> LessonRun:
    """Return the run with what is said to a program that was right: it is not run again."""
    if not isinstance(step, CodeStep):
        return run
    state = replace(run.states[step.id], verdict=Verdict(True, step.right))
    return replace(run, states={**run.states, step.id: state})


def _program(step: Step, saved: object) -> str | None:
    """Return the learner's program, if there is one that can be taken."""
    fits = isinstance(step, CodeStep) and isinstance(saved, str) and len(saved) <= MAX_SOURCE
    return str(saved) if fits else None


def _acceptable(step: Step, saved: object) -> dict[str, float]:
    if not isinstance(saved, Mapping):
        return {}
    if is_ordering(step):
        return kept_order(step, saved)
    accepted = {}
    for control in controls_of(step):
        value = saved.get(control.name)
        if isinstance(value, int | float):
            try:
                accepted[control.name] = control.accept(float(value))
            except TutorError:
                continue
    return accepted


def _variant(step: Step, saved: object) -> int:
    known = range(variant_count(step)) if isinstance(step, NumberStep) else ()
    return saved if isinstance(saved, int) and saved in known else 0


def _count(saved: object) -> int:
    return saved if isinstance(saved, int) and saved > 0 else 0
