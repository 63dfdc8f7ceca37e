"""What an answer does to a lesson run: one function for each event that is one.

A guess, a choice, a number, a line, a program: each is graded by `tutor.lesson`, and the run
keeps the verdict. Wrong answers may be mended; a guess is given once.
"""

from __future__ import annotations

from functools import singledispatch

from tutor.engine import events as ev
from tutor.engine.lesson_run import LessonRun, code_of, guess_of, names_of
from tutor.engine.predictions import true_answer
from tutor.engine.run_changes import Advanced, answered, with_state
from tutor.errors import TutorError
from tutor.i18n import message
from tutor.lesson.code_grading import grade_code, too_long
from tutor.lesson.grading import (
    Verdict,
    grade_choice,
    grade_line,
    grade_number,
    grade_prediction,
    parse_number,
)
from tutor.lesson.model import BugStep, ChoiceStep, CodeStep, NumberStep, PredictStep
from tutor.lesson.programs import MAX_SOURCE, gaps


@singledispatch
def answer(event: ev.Event, _run: LessonRun) -> Advanced:
    """Return the run after an answer, and what must be carried out because of it."""
    raise TypeError(f"not an event of a lesson run: {event!r}")


@answer.register
def _(event: ev.Predicted, run: LessonRun) -> Advanced:
    step, state = run.step, run.state
    if not isinstance(step, PredictStep) or state.outcome == "done" or state.result is None:
        return run, ()
    guess = guess_of(step, state)
    verdict = grade_prediction(step, guess, true_answer(step, state.result, guess), names_of(state))
    answer = ",".join(f"{part:.6g}" for part in guess)
    return answered(run, verdict, answer, settles=True, confidence=event.confidence)


@answer.register
def _(event: ev.ChoiceAnswered, run: LessonRun) -> Advanced:
    step = run.step
    if not isinstance(step, ChoiceStep) or not 0 <= event.position < len(step.choices):
        return run, ()
    if run.state.outcome == "done":
        return run, ()
    verdict = grade_choice(step, event.position)
    return answered(run, verdict, str(event.position), settles=verdict.correct)


@answer.register
def _(event: ev.NumberAnswered, run: LessonRun) -> Advanced:
    step = run.step
    if not isinstance(step, NumberStep) or run.state.outcome == "done":
        return run, ()
    try:
        value = parse_number(event.entered, step.unit)
    except TutorError as error:
        return with_state(run, problem=error.text), ()
    verdict = grade_number(step, value, names_of(run.state))
    return answered(run, verdict, event.entered.strip(), settles=verdict.correct)


@answer.register
def _(event: ev.LinePicked, run: LessonRun) -> Advanced:
    step = run.step
    if not isinstance(step, BugStep) or run.state.outcome == "done" or run.state.solution_shown:
        return run, ()
    if not 1 <= event.line <= len(step.code.splitlines()):
        return run, ()
    verdict = grade_line(step, event.line)
    return answered(run, verdict, str(event.line), settles=verdict.correct)


@answer.register
def _(event: ev.CodeChanged, run: LessonRun) -> Advanced:
    if not isinstance(run.step, CodeStep) or event.source == code_of(run.step, run.state):
        return run, ()
    if len(event.source) > MAX_SOURCE:
        return with_state(run, problem=too_long()), ()
    return with_state(run, code=event.source), (ev.ResumeMoved(at_once=False),)


@answer.register
def _(event: ev.CodeSubmitted, run: LessonRun) -> Advanced:
    step = run.step
    if not isinstance(step, CodeStep) or run.state.running:
        return run, ()
    if len(event.source) > MAX_SOURCE:
        return with_state(run, problem=too_long()), ()
    run = with_state(run, code=event.source, running=True, verdict=None, checked=None)
    return run, (ev.ResumeMoved(at_once=True),)


@answer.register
def _(event: ev.CodeChecked, run: LessonRun) -> Advanced:
    step, state = run.step, run.state
    if not isinstance(step, CodeStep) or event.step != step.id or not state.running:
        return run, ()
    verdict = grade_code(step, event.outcome)
    gap = _untouched_gap(step, code_of(step, state))
    if gap is not None and not verdict.correct and event.outcome.broken is None:
        words = message("Line {line} still has `...`: write your own code in its place.", line=gap)
        verdict = Verdict(False, words)
    run = with_state(run, running=False, checked=event.outcome)
    if state.outcome == "done":  # it has been solved: what is tried now is for its own sake
        return with_state(run, verdict=verdict), ()
    return answered(run, verdict, code_of(step, state), settles=verdict.correct)


@answer.register
def _(event: ev.CodeRunEnded, run: LessonRun) -> Advanced:
    if event.step != run.step.id or not run.state.running:
        return run, ()
    return with_state(run, running=False, problem=event.problem), ()


def _untouched_gap(step: CodeStep, source: str) -> int | None:
    """Return the first line that is as the starter has it, with something to be filled in."""
    starter, lines = step.starter.splitlines(), source.splitlines()
    return next((row for row, _ in gaps(source) if lines[row - 1] in starter), None)
