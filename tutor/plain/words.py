"""What plain mode says of a step, piece by piece: when it opens, and when it has changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tutor.charts.ascii_art import to_ascii
from tutor.charts.palette import MONO
from tutor.charts.plotext_renderer import ChartRenderer
from tutor.engine.kinds.questions import FaultyLine, GradientEntry, Program
from tutor.engine.lesson.controls import Control
from tutor.engine.lesson.view import StepView
from tutor.engine.narration import narrate
from tutor.engine.numbers import show
from tutor.i18n import Message, Text, message, render
from tutor.plain.answers import question_of
from tutor.plain.console import Console
from tutor.player.recap import Recap

_PICTURE_ROWS = 22
_WIDEST_PICTURE = 100


def say_step(console: Console, view: StepView) -> None:
    """Say all of a step: where, what, its charts, what was answered before, what is asked."""
    _say_heading(console, view)
    console.say_markup(view.words.body)
    _say_listing(console, view)
    _say_worked(console, view)
    say_charts(console, view)
    _say_numbers(console, view)
    _say_goal(console, view)
    _say_verdict(console, view)
    _say_question(console, view)


def say_changes(console: Console, old: StepView, new: StepView, mark: Text = "") -> None:
    """Say what an event did to the step; `mark` goes beside what is said of an answer."""
    was, now = old.state, new.state
    if now.problem:
        console.say(now.problem)
    if len(new.used_hints) > len(old.used_hints):
        console.say_markup(f"{len(new.used_hints)}. {new.used_hints[-1]}")
    if new.solution and not old.solution:
        console.say_markup(new.solution)
    if now.values != was.values and not new.is_hidden:
        say_controls(console, new)
        _say_numbers(console, new)
        _say_goal(console, new)
    if now.checked is not was.checked:
        _say_printed(console, new)
    if now.tries > was.tries or (now.checked is not was.checked and now.verdict):
        _say_answer(console, new, mark)
    if new.outcome == "done" and old.outcome != "done":
        _say_done(console, new, mark)


def _say_answer(console: Console, view: StepView, mark: Text) -> None:
    """Say what an answer is worth; of a graph, what is asked for now."""
    _say_verdict(console, view, mark)
    if isinstance(view.question, GradientEntry) and view.question.asked:
        console.say(view.question.asked)


def _say_done(console: Console, view: StepView, mark: Text) -> None:
    if view.is_revealed:
        say_charts(console, view)
        _say_numbers(console, view)
    if view.words.listing is not None and view.words.listing.is_mended:
        _say_listing(console, view)
    _say_worked(console, view)
    if view.goal is not None:
        _say_verdict(console, view, mark)
    if view.has_another:
        console.say(message("`other` asks the same with other numbers."))
    console.say(message("`next` goes on."))


def _say_question(console: Console, view: StepView) -> None:
    if view.outcome == "done" and view.is_answered:
        console.say(message("`next` goes on."))
        return
    console.gap()
    say_controls(console, view)
    for sentence in question_of(view):
        console.say(sentence)


def _say_heading(console: Console, view: StepView) -> None:
    run, title = view.run, view.words.title
    where = message("Step {step} of {total}", step=run.index + 1, total=len(run.lesson.steps))
    console.gap()
    if title:
        console.say(message("{where}: {title}.", where=where, title=title.rstrip(".")))
    else:
        console.say(message("{where}.", where=where))


def _say_listing(console: Console, view: StepView) -> None:
    """Say the program of the step: read, with what it prints and its mend, or the learner's own."""
    listing = view.words.listing
    if isinstance(view.question, Program):
        console.gap()
        console.say_lines(_with_numbers(view.question.source.splitlines()))
    elif listing is not None and isinstance(view.question, FaultyLine):
        console.gap()
        console.say_lines(_with_numbers(listing.lines))
        console.say(message("Mended, it prints:") if listing.is_mended else message("It prints:"))
        console.say_lines(f"    {line}" for line in listing.printed)
    elif listing is not None:
        console.gap()
        lines = zip(_with_numbers(listing.lines), range(1, len(listing.lines) + 1), strict=True)
        console.say_lines(f"{'>' if n in listing.focus else ' '} {line}" for line, n in lines)


def _with_numbers(lines: Iterable[str]) -> Iterator[str]:
    return (f"{number:2}  {line}" for number, line in enumerate(lines, start=1))


def _say_printed(console: Console, view: StepView) -> None:
    """Say what the last run of the learner's program printed."""
    checked = view.question.checked if isinstance(view.question, Program) else None
    if checked is None or not checked.printed:
        return
    console.say(message("It printed:"))
    console.say_lines(f"    {line}" for line in checked.printed.splitlines())
    if checked.more_printed:
        console.say(message("… and {count} bytes more", count=checked.more_printed))


def _say_worked(console: Console, view: StepView) -> None:
    """Say the worked line, with its blanks; of a graph, what is computed of what."""
    if isinstance(view.question, GradientEntry):
        console.gap()
        for sentence in view.question.listed:
            console.say(sentence)
    elif view.words.worked:
        console.gap()
        console.say_markup(view.words.worked)


def say_charts(console: Console, view: StepView) -> None:
    """Tell every chart of the step in words."""
    for chart in view.charts:
        console.gap()
        for sentence in narrate(chart):
            console.say(sentence)


def draw_charts(console: Console, view: StepView) -> None:
    """Draw every chart of the step in ASCII."""
    renderer = ChartRenderer(ascii_only=True)
    width = min(console.width, _WIDEST_PICTURE)
    for chart in view.charts:
        console.gap()
        picture = renderer.render(chart, width, _PICTURE_ROWS, MONO)
        console.say_lines("".join(span.text for span in row) for row in picture.rows)


def _say_numbers(console: Console, view: StepView) -> None:
    """Say what the experiment computed: its sentence, the worked step."""
    for words in view.told:
        if words:
            console.say(words)


def _say_goal(console: Console, view: StepView) -> None:
    goal = view.goal
    if goal is None:
        return
    words, now = message("Goal: {goal}", goal=goal.words), goal.now
    if goal.standing == "reached":
        console.say(message("{goal} ({now}). Reached.", goal=words, now=now) if now else
                    message("{goal}. Reached.", goal=words))  # fmt: skip
    else:
        console.say(message("{goal} ({now}).", goal=words, now=now) if now else
                    message("{goal}.", goal=words))  # fmt: skip


def say_controls(console: Console, view: StepView) -> None:
    """Say what can be set: its name, its value, its range."""
    for control, value in view.controls:
        console.say(_about_control(control, value))


def _about_control(control: Control, value: float) -> Message:
    name = render(control.label)
    if control.name != to_ascii(name):
        name = f"{name} ({control.name})"
    if control.locked:
        return message("{name} = {value}, which stays.", name=name, value=show(value))
    return message("{name} = {value}; from {low} to {high}.", name=name, value=show(value),
                   low=show(control.low), high=show(control.high))  # fmt: skip


def _say_verdict(console: Console, view: StepView, mark: Text = "") -> None:
    """Say what the answer is worth, and why; `mark` says that it is not written yet."""
    said = view.words.said
    if said is None:
        if mark:
            console.say(mark)
        return
    console.say(said.words, mark)
    console.say_markup(said.feedback)
    if said.after:
        console.gap()
        console.say_markup(said.after)


def say_recap(console: Console, recap: Recap) -> None:
    """Say what was achieved, what comes back when, and what is next."""
    console.gap()
    console.say(recap.ended)
    for _, sentence in recap.achieved:
        console.say(sentence)
    say_parts(console, recap)
    if recap.next_words is not None:
        console.gap()
        console.say(recap.next_words)
        console.say(message("`next` opens it."))


def say_parts(console: Console, recap: Recap) -> None:
    """Say the headed lines of a recap."""
    for part in recap.parts:
        console.gap()
        console.say(message("{heading}:", heading=part.heading))
        for sentence in part.lines:
            console.say(sentence)
