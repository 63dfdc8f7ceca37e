"""The one function that moves a lesson run on.

`advance(run, event)` returns the next run and the effects to carry out. It is pure: no clock, no
disk, no screen. An event that makes no sense in the present state changes nothing. Parameters and
the way through the lesson are here, answers with the kind of step that they answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import singledispatch

from tutor.engine.kinds import kind_of
from tutor.engine.lesson import events as ev
from tutor.engine.lesson.controls import Control
from tutor.engine.lesson.run import Advanced, LessonRun, StepState, with_state
from tutor.errors import TutorError
from tutor.i18n import message
from tutor.lesson.model import Lesson


def begin(lesson: Lesson, seed: int) -> LessonRun:
    """Return a fresh run on the first step."""
    return open_step(LessonRun(lesson, seed), 0)


def open_step(run: LessonRun, index: int) -> LessonRun:
    """Return the run on the step at `index`, with a state for it."""
    run = replace(run, index=index)
    step, kind = run.step, kind_of(run.step)
    state = run.states.get(step.id) or StepState(values=kind.start_values(step, run.seed))
    if state.result is None:
        state = replace(state, result=kind.result(step, state.values))
    state = replace(state, problem="", running=False)
    return replace(run, states={**run.states, step.id: state})


def advance(run: LessonRun, event: ev.Event) -> Advanced:
    """Return the run after `event`, and what must be carried out because of it."""
    return _apply(event, run)


@singledispatch
def _apply(event: ev.Event, run: LessonRun) -> Advanced:
    return kind_of(run.step).take(run.step, event, run)


@_apply.register
def _(event: ev.ParameterChanged, run: LessonRun) -> Advanced:
    control = _control(run, event.name)
    if control is None or control.locked or not kind_of(run.step).may_turn(run.state):
        return run, ()
    try:
        value = control.accept(event.value)
    except TutorError as error:
        return with_state(run, problem=error.text), ()
    return _turned(run, {**run.state.values, event.name: value})


@_apply.register
def _(event: ev.ParameterTurned, run: LessonRun) -> Advanced:
    control = _control(run, event.name)
    if control is None:
        return run, ()
    value = control.moved(run.state.values[event.name], event.ticks)
    return advance(run, ev.ParameterChanged(event.name, value))


@_apply.register
def _(_event: ev.ParametersReset, run: LessonRun) -> Advanced:
    return _turned(run, kind_of(run.step).start_values(run.step, run.seed))


@_apply.register
def _(_event: ev.ChangeUndone, run: LessonRun) -> Advanced:
    state = run.state
    if not state.undo or not kind_of(run.step).may_turn(state):
        return run, ()
    run, effects = _turned(run, state.undo[-1])
    return with_state(run, undo=state.undo[:-1]), effects


@_apply.register
def _(_event: ev.AnotherAsked, run: LessonRun) -> Advanced:
    number = kind_of(run.step).another(run)
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
    if not kind_of(step).has_solution(step) or state.solution_shown:
        return run, ()
    if not (state.tries or state.undo) and state.outcome == "open":
        tried_first = message("Try an answer first: then the solution opens.")
        return with_state(run, problem=tried_first), ()
    seen = ev.AttemptMade(step.id, step.kind, ev.SOLUTION_SEEN, None)
    outcome = "skipped" if state.outcome == "open" else state.outcome
    run = with_state(run, solution_shown=True, outcome=outcome)
    run = kind_of(step).solution_seen(step, run)
    return run, (seen, ev.ResumeMoved(at_once=True))


@_apply.register
def _(_event: ev.StepSkipped, run: LessonRun) -> Advanced:
    if not run.step.is_question or run.state.outcome != "open":
        return run, ()
    run = with_state(run, outcome="skipped")
    skipped = ev.AttemptMade(run.step.id, run.step.kind, "skipped", None)
    run, effects = _moved_on(run)
    return run, (skipped, *effects)


@_apply.register
def _(_event: ev.NextAsked, run: LessonRun) -> Advanced:
    if not run.may_continue:
        return with_state(run, problem=kind_of(run.step).missing(run.step, run.state)), ()
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


def _control(run: LessonRun, name: str) -> Control | None:
    controls = kind_of(run.step).controls(run.step)
    return next((control for control in controls if control.name == name), None)


def _turned(run: LessonRun, values: Mapping[str, float]) -> Advanced:
    kind = kind_of(run.step)
    return kind.turned(run.step, values, run) if kind.may_turn(run.state) else (run, ())
