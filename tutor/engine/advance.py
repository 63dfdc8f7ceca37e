"""The one function that moves a lesson run on.

`advance(run, event)` returns the next run and the effects to carry out. It is pure: no clock, no
disk, no screen. An event that makes no sense in the present state changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import singledispatch
from typing import TypeAlias

from tutor.engine import events as ev
from tutor.engine.another import next_variant
from tutor.engine.experiment import Result
from tutor.engine.goals import goal_is_met
from tutor.engine.lesson_run import (
    LessonRun,
    StepState,
    code_of,
    controls_of,
    guess_of,
    is_ordering,
    names_of,
    open_step,
    result_of,
    start_values,
)
from tutor.engine.ordering import moved, placed
from tutor.engine.predictions import true_answer
from tutor.engine.solutions import has_solution
from tutor.errors import TutorError
from tutor.i18n import Text, message
from tutor.lesson.code_grading import grade_code, too_long
from tutor.lesson.grading import (
    Verdict,
    grade_choice,
    grade_line,
    grade_number,
    grade_prediction,
    parse_number,
)
from tutor.lesson.model import (
    BugStep,
    ChoiceStep,
    CodeStep,
    ExperimentStep,
    NumberStep,
    PredictStep,
    Step,
)
from tutor.lesson.programs import MAX_SOURCE
from tutor.lesson.questions import is_question

_UNDO_DEPTH = 100


def advance(run: LessonRun, event: ev.Event) -> tuple[LessonRun, tuple[ev.Effect, ...]]:
    """Return the run after `event`, and what must be carried out because of it."""
    return _apply(event, run)


_Advanced: TypeAlias = tuple[LessonRun, tuple[ev.Effect, ...]]


@singledispatch
def _apply(event: ev.Event, run: LessonRun) -> _Advanced:  # noqa: ARG001 — dispatch
    raise TypeError(f"not an event of a lesson run: {event!r}")


@_apply.register
def _(event: ev.ParameterChanged, run: LessonRun) -> _Advanced:
    control = next((c for c in controls_of(run.step) if c.name == event.name), None)
    if control is None or control.locked or _is_settled_guess(run):
        return run, ()
    try:
        value = control.accept(event.value)
    except TutorError as error:
        return _with_state(run, problem=error.text), ()
    return _with_values(run, {**run.state.values, event.name: value})


@_apply.register
def _(event: ev.ParameterTurned, run: LessonRun) -> _Advanced:
    control = next((c for c in controls_of(run.step) if c.name == event.name), None)
    if control is None:
        return run, ()
    value = control.moved(run.state.values[event.name], event.ticks)
    return advance(run, ev.ParameterChanged(event.name, value))


@_apply.register
def _(event: ev.ParametersReset, run: LessonRun) -> _Advanced:  # noqa: ARG001 — dispatch
    if _is_settled_guess(run):
        return run, ()
    return _with_values(run, start_values(run.step, run.seed))


@_apply.register
def _(event: ev.ChangeUndone, run: LessonRun) -> _Advanced:  # noqa: ARG001 — dispatch
    state = run.state
    if not state.undo or _is_settled_guess(run):
        return run, ()
    run, effects = _with_values(run, state.undo[-1])
    return _with_state(run, undo=state.undo[:-1]), effects


@_apply.register
def _(event: ev.PresetChosen, run: LessonRun) -> _Advanced:
    step = run.step
    if not isinstance(step, ExperimentStep) or not 0 <= event.position < len(step.presets):
        return run, ()
    chosen: Mapping[str, float] = dict(step.presets[event.position].values.items())
    return _with_values(run, {**run.state.values, **chosen})


@_apply.register
def _(event: ev.ItemMoved, run: LessonRun) -> _Advanced:
    order = guess_of(run.step, run.state) if is_ordering(run.step) else ()
    if event.item not in order or _is_settled_guess(run):
        return run, ()
    return _with_values(run, placed(moved(order, event.item, event.by)))


@_apply.register
def _(event: ev.Predicted, run: LessonRun) -> _Advanced:
    step, state = run.step, run.state
    if not isinstance(step, PredictStep) or state.outcome == "done" or state.result is None:
        return run, ()
    guess = guess_of(step, state)
    verdict = grade_prediction(step, guess, true_answer(step, state.result, guess), names_of(state))
    answer = ",".join(f"{part:.6g}" for part in guess)
    return _answered(run, verdict, answer, settles=True, confidence=event.confidence)


@_apply.register
def _(event: ev.ChoiceAnswered, run: LessonRun) -> _Advanced:
    step = run.step
    if not isinstance(step, ChoiceStep) or not 0 <= event.position < len(step.choices):
        return run, ()
    if run.state.outcome == "done":
        return run, ()
    verdict = grade_choice(step, event.position)
    return _answered(run, verdict, str(event.position), settles=verdict.correct)


@_apply.register
def _(event: ev.NumberAnswered, run: LessonRun) -> _Advanced:
    step = run.step
    if not isinstance(step, NumberStep) or run.state.outcome == "done":
        return run, ()
    try:
        value = parse_number(event.entered)
    except TutorError as error:
        return _with_state(run, problem=error.text), ()
    verdict = grade_number(step, value, names_of(run.state))
    return _answered(run, verdict, event.entered.strip(), settles=verdict.correct)


@_apply.register
def _(event: ev.CodeChanged, run: LessonRun) -> _Advanced:
    if not isinstance(run.step, CodeStep) or event.source == code_of(run.step, run.state):
        return run, ()
    if len(event.source) > MAX_SOURCE:
        return _with_state(run, problem=too_long()), ()
    return _with_state(run, code=event.source), (ev.ResumeMoved(at_once=False),)


@_apply.register
def _(event: ev.CodeSubmitted, run: LessonRun) -> _Advanced:
    step = run.step
    if not isinstance(step, CodeStep) or run.state.running:
        return run, ()
    if len(event.source) > MAX_SOURCE:
        return _with_state(run, problem=too_long()), ()
    run = _with_state(run, code=event.source, running=True, verdict=None, checked=None)
    return run, (ev.ResumeMoved(at_once=True),)


@_apply.register
def _(event: ev.CodeChecked, run: LessonRun) -> _Advanced:
    step, state = run.step, run.state
    if not isinstance(step, CodeStep) or event.step != step.id or not state.running:
        return run, ()
    verdict = grade_code(step, event.outcome)
    run = _with_state(run, running=False, checked=event.outcome)
    if state.outcome == "done":  # it has been solved: what is tried now is for its own sake
        return _with_state(run, verdict=verdict), ()
    return _answered(run, verdict, code_of(step, state), settles=verdict.correct)


@_apply.register
def _(event: ev.CodeRunEnded, run: LessonRun) -> _Advanced:
    if event.step != run.step.id or not run.state.running:
        return run, ()
    return _with_state(run, running=False, problem=event.problem), ()


@_apply.register
def _(event: ev.LinePicked, run: LessonRun) -> _Advanced:
    step = run.step
    if not isinstance(step, BugStep) or run.state.outcome == "done" or run.state.solution_shown:
        return run, ()
    if not 1 <= event.line <= len(step.code.splitlines()):
        return run, ()
    verdict = grade_line(step, event.line)
    return _answered(run, verdict, str(event.line), settles=verdict.correct)


@_apply.register
def _(event: ev.AnotherAsked, run: LessonRun) -> _Advanced:  # noqa: ARG001 — dispatch
    number = next_variant(run)
    if number is None:
        return run, ()
    fresh = StepState(variant=number, earlier=run.state.standing)
    run = replace(run, states={**run.states, run.step.id: fresh})
    return open_step(run, run.index), (ev.ResumeMoved(at_once=True),)


@_apply.register
def _(event: ev.HintAsked, run: LessonRun) -> _Advanced:  # noqa: ARG001 — dispatch
    if run.state.hints >= len(run.step.hints):
        return run, ()
    return _with_state(run, hints=run.state.hints + 1), (ev.ResumeMoved(at_once=True),)


@_apply.register
def _(event: ev.SolutionAsked, run: LessonRun) -> _Advanced:  # noqa: ARG001 — dispatch
    step, state = run.step, run.state
    if not has_solution(step) or state.solution_shown:
        return run, ()
    if not (state.tries or state.undo) and state.outcome == "open":
        tried_first = message("Try an answer first: then the solution opens.")
        return _with_state(run, problem=tried_first), ()
    seen = ev.AttemptMade(step.id, step.kind, ev.SOLUTION_SEEN, None)
    outcome = "skipped" if state.outcome == "open" else state.outcome
    run = _with_state(run, solution_shown=True, outcome=outcome)
    if isinstance(step, ExperimentStep) and step.witness:
        values: Mapping[str, float] = {**state.values, **step.witness}  # type: ignore[dict-item]  # parameter names are names
        undo = (*state.undo, state.values)[-_UNDO_DEPTH:]
        run = _with_state(run, values=values, result=result_of(step, values), undo=undo)
    return run, (seen, ev.ResumeMoved(at_once=True))


@_apply.register
def _(event: ev.StepSkipped, run: LessonRun) -> _Advanced:  # noqa: ARG001 — dispatch
    if not is_question(run.step) or run.state.outcome != "open":
        return run, ()
    run = _with_state(run, outcome="skipped")
    skipped = ev.AttemptMade(run.step.id, run.step.kind, "skipped", None)
    run, effects = _moved_on(run)
    return run, (skipped, *effects)


@_apply.register
def _(event: ev.NextAsked, run: LessonRun) -> _Advanced:  # noqa: ARG001 — dispatch
    if not run.may_continue:
        return _with_state(run, problem=_what_is_missing(run.step)), ()
    if run.state.outcome == "open":
        run = _with_state(run, outcome="done")
    return _moved_on(run)


@_apply.register
def _(event: ev.BackAsked, run: LessonRun) -> _Advanced:  # noqa: ARG001 — dispatch
    if run.index == 0:
        return run, ()
    return open_step(run, run.index - 1), (ev.ResumeMoved(at_once=True),)


@_apply.register
def _(event: ev.StepOpened, run: LessonRun) -> _Advanced:
    for index, step in enumerate(run.lesson.steps):
        if step.id == event.step:
            return open_step(replace(run, finished=False), index), (ev.ResumeMoved(at_once=True),)
    return run, ()


def _moved_on(run: LessonRun) -> _Advanced:
    if run.index + 1 < len(run.lesson.steps):
        return open_step(run, run.index + 1), (ev.ResumeMoved(at_once=True),)
    return replace(run, finished=True), (ev.ResumeMoved(at_once=True), ev.LessonFinished())


def _answered(
    run: LessonRun,
    verdict: Verdict,
    answer: str,
    *,
    settles: bool,
    confidence: ev.Confidence | None = None,
) -> _Advanced:
    variant = run.state.variant
    kept = f"{answer} (variant {variant})" if variant else answer
    attempt = ev.AttemptMade(
        run.step.id, run.step.kind, kept, verdict.correct, verdict.misconception, confidence
    )
    run = _with_state(
        run,
        answer=answer,
        verdict=verdict,
        confidence=confidence,
        tries=run.state.tries + 1,
        outcome="done" if settles else run.state.outcome,
    )
    return run, (attempt, ev.ResumeMoved(at_once=True))


def _with_values(run: LessonRun, values: Mapping[str, float]) -> _Advanced:
    step, state = run.step, run.state
    if values == state.values:
        return _with_state(run), ()
    result = state.result if isinstance(step, PredictStep) else result_of(step, values)
    undo = (*state.undo, state.values)[-_UNDO_DEPTH:]
    run = _with_state(run, values=dict(values), result=result, undo=undo)
    if _reaches_goal(step, state, result):
        run = _with_state(run, outcome="done")
        answer = ",".join(f"{name}={value:.6g}" for name, value in values.items())
        attempt = ev.AttemptMade(step.id, step.kind, answer, True)
        return run, (attempt, ev.ResumeMoved(at_once=True))
    return run, (ev.ResumeMoved(at_once=False),)


def _reaches_goal(step: Step, state: StepState, result: Result | None) -> bool:
    if not isinstance(step, ExperimentStep) or step.goal is None or result is None:
        return False
    is_own_work = state.outcome != "done" and not state.solution_shown
    return is_own_work and goal_is_met(step.goal, result)


def _with_state(run: LessonRun, **changes: object) -> LessonRun:
    """Return the run with its step's state changed; an old problem is gone unless given anew."""
    state = replace(run.state, **{"problem": "", **changes})  # type: ignore[arg-type]
    return replace(run, states={**run.states, run.step.id: state})


def _is_settled_guess(run: LessonRun) -> bool:
    """Whether the guess has been revealed: then it stands as it was meant."""
    return isinstance(run.step, PredictStep) and run.state.outcome == "done"


def _what_is_missing(step: Step) -> Text:
    match step:
        case ExperimentStep():
            return message("Reach the goal first; F4 skips this step.")
        case PredictStep():
            return message("Place your guess, press Enter, and say how sure you are. F4 skips.")
        case ChoiceStep():
            return message("Choose an answer by its number; F4 skips this step.")
        case CodeStep():
            return message("Run your program with Ctrl+R first; F4 skips this step.")
        case BugStep():
            return message("Go to the line at fault and press Enter; F4 skips this step.")
        case _:
            return message("Type a number and press Enter; F4 skips this step.")
