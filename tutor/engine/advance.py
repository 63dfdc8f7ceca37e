"""The one function that moves a lesson run on.

`advance(run, event)` returns the next run and the effects to carry out. It is pure: no clock, no
disk, no screen. An event that makes no sense in the present state changes nothing. Parameters and
the way through the lesson are here, answers in `tutor.engine.answering`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import singledispatch

from tutor.engine import events as ev
from tutor.engine.another import next_variant
from tutor.engine.answering import answer
from tutor.engine.lesson_run import (
    LessonRun,
    StepState,
    controls_of,
    guess_of,
    is_ordering,
    open_step,
    result_of,
    start_values,
)
from tutor.engine.ordering import moved, placed
from tutor.engine.questions import missing
from tutor.engine.run_changes import UNDO_DEPTH, Advanced, with_state, with_values
from tutor.engine.solutions import has_solution
from tutor.errors import TutorError
from tutor.i18n import message
from tutor.lesson.model import (
    ExperimentStep,
    PredictStep,
)
from tutor.lesson.questions import is_question


def advance(run: LessonRun, event: ev.Event) -> Advanced:
    """Return the run after `event`, and what must be carried out because of it."""
    return _apply(event, run)


@singledispatch
def _apply(event: ev.Event, run: LessonRun) -> Advanced:
    return answer(event, run)


@_apply.register
def _(event: ev.ParameterChanged, run: LessonRun) -> Advanced:
    control = next((c for c in controls_of(run.step) if c.name == event.name), None)
    if control is None or control.locked or _is_settled_guess(run):
        return run, ()
    try:
        value = control.accept(event.value)
    except TutorError as error:
        return with_state(run, problem=error.text), ()
    return with_values(run, {**run.state.values, event.name: value})


@_apply.register
def _(event: ev.ParameterTurned, run: LessonRun) -> Advanced:
    control = next((c for c in controls_of(run.step) if c.name == event.name), None)
    if control is None:
        return run, ()
    value = control.moved(run.state.values[event.name], event.ticks)
    return advance(run, ev.ParameterChanged(event.name, value))


@_apply.register
def _(_event: ev.ParametersReset, run: LessonRun) -> Advanced:
    if _is_settled_guess(run):
        return run, ()
    return with_values(run, start_values(run.step, run.seed))


@_apply.register
def _(_event: ev.ChangeUndone, run: LessonRun) -> Advanced:
    state = run.state
    if not state.undo or _is_settled_guess(run):
        return run, ()
    run, effects = with_values(run, state.undo[-1])
    return with_state(run, undo=state.undo[:-1]), effects


@_apply.register
def _(event: ev.PresetChosen, run: LessonRun) -> Advanced:
    step = run.step
    if not isinstance(step, ExperimentStep) or not 0 <= event.position < len(step.presets):
        return run, ()
    chosen: Mapping[str, float] = dict(step.presets[event.position].values.items())
    return with_values(run, {**run.state.values, **chosen})


@_apply.register
def _(event: ev.ItemMoved, run: LessonRun) -> Advanced:
    order = guess_of(run.step, run.state) if is_ordering(run.step) else ()
    if event.item not in order or _is_settled_guess(run):
        return run, ()
    return with_values(run, placed(moved(order, event.item, event.by)))


@_apply.register
def _(_event: ev.AnotherAsked, run: LessonRun) -> Advanced:
    number = next_variant(run)
    if number is None:
        return run, ()
    fresh = StepState(variant=number, earlier=run.state.standing)
    run = replace(run, states={**run.states, run.step.id: fresh})
    return open_step(run, run.index), (ev.ResumeMoved(at_once=True),)


@_apply.register
def _(_event: ev.HintAsked, run: LessonRun) -> Advanced:
    if run.state.hints >= len(run.step.hints):
        return run, ()
    return with_state(run, hints=run.state.hints + 1), (ev.ResumeMoved(at_once=True),)


@_apply.register
def _(_event: ev.SolutionAsked, run: LessonRun) -> Advanced:
    step, state = run.step, run.state
    if not has_solution(step) or state.solution_shown:
        return run, ()
    if not (state.tries or state.undo) and state.outcome == "open":
        tried_first = message("Try an answer first: then the solution opens.")
        return with_state(run, problem=tried_first), ()
    seen = ev.AttemptMade(step.id, step.kind, ev.SOLUTION_SEEN, None)
    outcome = "skipped" if state.outcome == "open" else state.outcome
    run = with_state(run, solution_shown=True, outcome=outcome)
    if isinstance(step, ExperimentStep) and step.witness:
        values: Mapping[str, float] = {**state.values, **step.witness}  # type: ignore[dict-item]  # parameter names are names
        undo = (*state.undo, state.values)[-UNDO_DEPTH:]
        run = with_state(run, values=values, result=result_of(step, values), undo=undo)
    return run, (seen, ev.ResumeMoved(at_once=True))


@_apply.register
def _(_event: ev.StepSkipped, run: LessonRun) -> Advanced:
    if not is_question(run.step) or run.state.outcome != "open":
        return run, ()
    run = with_state(run, outcome="skipped")
    skipped = ev.AttemptMade(run.step.id, run.step.kind, "skipped", None)
    run, effects = _moved_on(run)
    return run, (skipped, *effects)


@_apply.register
def _(_event: ev.NextAsked, run: LessonRun) -> Advanced:
    if not run.may_continue:
        return with_state(run, problem=missing(run.step, run.state)), ()
    if run.state.outcome == "open":
        run = with_state(run, outcome="done")
    return _moved_on(run)


@_apply.register
def _(_event: ev.BackAsked, run: LessonRun) -> Advanced:
    if run.index == 0:
        return run, ()
    return open_step(run, run.index - 1), (ev.ResumeMoved(at_once=True),)


@_apply.register
def _(event: ev.StepOpened, run: LessonRun) -> Advanced:
    for index, step in enumerate(run.lesson.steps):
        if step.id == event.step:
            return open_step(replace(run, finished=False), index), (ev.ResumeMoved(at_once=True),)
    return run, ()


def _moved_on(run: LessonRun) -> Advanced:
    if run.index + 1 < len(run.lesson.steps):
        return open_step(run, run.index + 1), (ev.ResumeMoved(at_once=True),)
    return replace(run, finished=True), (ev.ResumeMoved(at_once=True), ev.LessonFinished())


def _is_settled_guess(run: LessonRun) -> bool:
    """Whether the guess has been revealed: then it stands as it was meant."""
    return isinstance(run.step, PredictStep) and run.state.outcome == "done"
