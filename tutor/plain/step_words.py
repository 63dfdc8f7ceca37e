"""What plain mode says when a step opens, and when an event has changed it: which pieces, when."""

from __future__ import annotations

from tutor.engine.another import next_variant
from tutor.engine.lesson_run import LessonRun
from tutor.i18n import Text, message
from tutor.lesson.model import ExperimentStep, PredictStep
from tutor.plain import words
from tutor.plain.answers import question_of
from tutor.plain.code import say_printed
from tutor.plain.console import Console


def say_step(console: Console, run: LessonRun) -> None:
    """Say all of a step: where, what, its charts, what was answered before, what is asked."""
    words.say_heading(console, run)
    words.say_body(console, run)
    words.say_worked(console, run)
    words.say_charts(console, run)
    words.say_numbers(console, run)
    if run.state.verdict is not None:
        words.say_verdict(console, run)
    _say_question(console, run)


def _say_question(console: Console, run: LessonRun) -> None:
    if run.state.outcome == "done" and not isinstance(run.step, ExperimentStep):
        console.say(message("`next` goes on."))
        return
    console.gap()
    words.say_controls(console, run)
    for sentence in question_of(run):
        console.say(sentence)


def say_changes(console: Console, old: LessonRun, new: LessonRun, mark: Text = "") -> None:
    """Say what an event did to the step; `mark` goes beside what is said of an answer."""
    was, now = old.state, new.state
    if now.problem:
        console.say(now.problem)
    if now.hints > was.hints:
        words.say_hint(console, new)
    if now.solution_shown and not was.solution_shown:
        words.say_solution(console, new)
    if now.values != was.values and not isinstance(new.step, PredictStep):
        words.say_controls(console, new)
        words.say_numbers(console, new)
    if now.checked is not was.checked:
        say_printed(console, new)
    if now.tries > was.tries or (now.checked is not was.checked and now.verdict):
        words.say_verdict(console, new, mark)
    if now.outcome == "done" and was.outcome != "done":
        _say_done(console, new, mark)


def _say_done(console: Console, run: LessonRun, mark: Text) -> None:
    if isinstance(run.step, PredictStep):
        words.say_charts(console, run)
        words.say_numbers(console, run)
    words.say_program(console, run)
    words.say_worked(console, run)
    words.say_goal_reached(console, run, mark)
    if next_variant(run) is not None:
        console.say(message("`other` asks the same with other numbers."))
    console.say(message("`next` goes on."))
