"""What plain mode says of a step: each piece one function from the run to the console."""

from __future__ import annotations

from tutor.charts.ascii_art import to_ascii
from tutor.charts.palette import MONO
from tutor.charts.plotext_renderer import ChartRenderer
from tutor.engine.bugs import printed_lines, program_lines
from tutor.engine.controls import Control
from tutor.engine.goals import goal_is_met, goal_progress, goal_sentence
from tutor.engine.lesson_run import LessonRun, controls_of, names_of
from tutor.engine.narration import narrate
from tutor.engine.numbers import show
from tutor.engine.showing import is_hidden, shown_chart, shown_words
from tutor.engine.solutions import solution_of
from tutor.engine.verdict_words import verdict_words
from tutor.engine.worked import worked_line
from tutor.i18n import Message, Text, message, render
from tutor.lesson.model import BugStep, CodeStep, ExperimentStep, TextStep
from tutor.plain.code import say_code
from tutor.plain.console import Console

_PICTURE_ROWS = 22
_WIDEST_PICTURE = 100


def say_heading(console: Console, run: LessonRun) -> None:
    """Say where the learner is."""
    where = message("Step {step} of {total}", step=run.index + 1, total=len(run.lesson.steps))
    console.gap()
    if run.step.title is None:
        console.say(message("{where}.", where=where))
    else:
        console.say(message("{where}: {title}.", where=where, title=run.step.title.rstrip(".")))


def say_body(console: Console, run: LessonRun) -> None:
    """Say the step's prose, and the code of a text step with its lines in focus marked."""
    step = run.step
    console.say_markup(step.body)
    if isinstance(step, BugStep):
        say_program(console, run)
    if isinstance(step, CodeStep):
        console.gap()
        say_code(console, run)
    if isinstance(step, TextStep) and step.code is not None:
        console.gap()
        for number, line in enumerate(step.code.splitlines(), start=1):
            mark = ">" if number in step.focus else " "
            console.say_lines([f"{mark} {number:2}  {line}"])


def say_program(console: Console, run: LessonRun) -> None:
    """Say the program of a bug step and what it prints; once found, with its mend."""
    step, state = run.step, run.state
    if not isinstance(step, BugStep):
        return
    mended = state.outcome == "done" or state.solution_shown
    lines = enumerate(program_lines(step, mended=mended), start=1)
    console.gap()
    console.say_lines([f"{number:2}  {line}" for number, line in lines])
    console.say(message("Mended, it prints:") if mended else message("It prints:"))
    console.say_lines([f"    {line}" for line in printed_lines(step, mended=mended)])


def say_worked(console: Console, run: LessonRun) -> None:
    """Say the worked line, with its blanks."""
    line = worked_line(run)
    if line:
        console.gap()
        console.say_markup(line)


def say_charts(console: Console, run: LessonRun) -> None:
    """Tell every chart of the step in words."""
    for name in run.step.charts:
        chart = shown_chart(run, name)
        if chart is not None:
            console.gap()
            for sentence in narrate(chart):
                console.say(sentence)


def draw_charts(console: Console, run: LessonRun) -> None:
    """Draw every chart of the step in ASCII."""
    renderer = ChartRenderer(ascii_only=True)
    width = min(console.width, _WIDEST_PICTURE)
    for name in run.step.charts:
        chart = shown_chart(run, name)
        if chart is not None:
            console.gap()
            picture = renderer.render(chart, width, _PICTURE_ROWS, MONO)
            console.say_lines("".join(span.text for span in row) for row in picture.rows)


def say_numbers(console: Console, run: LessonRun) -> None:
    """Say what the experiment computed: its sentence, the worked line, the goal."""
    result = run.state.result
    if result is None or is_hidden(run):
        return
    for words in shown_words(run):
        if words:
            console.say(words)
    step = run.step
    if isinstance(step, ExperimentStep) and step.goal is not None:
        goal = message("Goal: {goal}", goal=goal_sentence(step.goal, step.experiment))
        now = goal_progress(step.goal, result)
        if run.state.outcome == "done" and goal_is_met(step.goal, result):
            console.say(message("{goal} ({now}). Reached.", goal=goal, now=now) if now else
                        message("{goal}. Reached.", goal=goal))  # fmt: skip
        else:
            console.say(message("{goal} ({now}).", goal=goal, now=now) if now else
                        message("{goal}.", goal=goal))  # fmt: skip


def say_controls(console: Console, run: LessonRun) -> None:
    """Say what can be set: its name, its value, its range."""
    for control in controls_of(run.step):
        console.say(_about_control(control, run.state.values[control.name]))


def _about_control(control: Control, value: float) -> Message:
    name = render(control.label)
    if control.name != to_ascii(name):
        name = f"{name} ({control.name})"
    if control.locked:
        return message("{name} = {value}, which stays.", name=name, value=show(value))
    return message("{name} = {value}; from {low} to {high}.", name=name, value=show(value),
                   low=show(control.low), high=show(control.high))  # fmt: skip


def say_verdict(console: Console, run: LessonRun, mark: Text = "") -> None:
    """Say what the answer is worth, and why; `mark` says that it is not written yet."""
    step, verdict = run.step, run.state.verdict
    if verdict is not None:
        console.say(verdict_words(run), mark)
        console.say_markup(verdict.feedback)
    if run.state.outcome != "open" and step.explain:
        console.gap()
        console.say_markup(step.explain)


def say_goal_reached(console: Console, run: LessonRun, mark: Text) -> None:
    """Say what the author says once the goal is reached, and whether that is not written yet."""
    step = run.step
    if isinstance(step, ExperimentStep) and mark:
        console.say(mark)
    if isinstance(step, ExperimentStep) and step.debrief:
        console.gap()
        console.say_markup(step.debrief)


def say_hint(console: Console, run: LessonRun) -> None:
    """Say the hint that was opened last."""
    number = run.state.hints
    console.say_markup(f"{number}. {' '.join(run.step.hints[number - 1].split())}")


def say_solution(console: Console, run: LessonRun) -> None:
    """Say the solution."""
    console.say_markup(solution_of(run.step, names_of(run.state)))


def say_end(console: Console, run: LessonRun) -> None:
    """Say what was done in the lesson."""
    outcomes = [state.standing for state in run.states.values()]
    console.gap()
    console.say(message("You have come to the end of “{title}”.", title=run.lesson.title))
    console.say(message("{done} of {total} steps done", done=outcomes.count("done"),
                        total=len(run.lesson.steps)))  # fmt: skip
    if outcomes.count("skipped"):
        skipped = outcomes.count("skipped")
        console.say(message("{n} skipped, or with the solution seen", n=skipped))
