"""What a learner did in a lesson, as Markdown to take away: questions, answers, charts in text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from tutor.charts.chart import Chart
from tutor.charts.palette import MONO
from tutor.charts.plotext_renderer import ChartRenderer
from tutor.engine.kinds.number import entered_and_variant
from tutor.engine.kinds.questions import GradientEntry, Program, Settings
from tutor.engine.lesson.advance import open_step
from tutor.engine.lesson.events import CERTAINTY, SOLUTION_SEEN
from tutor.engine.lesson.run import LessonRun, names_of
from tutor.engine.lesson.view import StepView
from tutor.engine.numbers import show
from tutor.i18n import Message, message, plural, render
from tutor.lesson.markdown import code_span, escaped, fenced, line_to_markdown, to_markdown
from tutor.lesson.model import (
    Step,
)
from tutor.lesson.variants import variant, variant_count
from tutor.player.progress_report import misconceptions_met
from tutor.store.model import Attempt

_COLUMNS, _ROWS = 78, 20


def export_name(run: LessonRun) -> str:
    """Return what the file is called, without its ending: `nabla-gradient-descent`."""
    return f"nabla-{run.lesson.id.partition('/')[2]}"


def export_lesson(
    run: LessonRun,
    attempts: Sequence[Attempt],
    now: datetime,
    view_of: Callable[[LessonRun], StepView] = StepView,
) -> str:
    """Return the lesson as a Markdown document, as far as the learner opened it.

    Args:
        run: the lesson as the learner left it.
        attempts: the learner's answers in it, oldest first.
        now: the date to put on it, where no answer has one.
        view_of: what the learner may see of a step: a class may hold back answers.
    """
    given: dict[str, list[Attempt]] = {}
    for attempt in attempts:
        given.setdefault(attempt.step, []).append(attempt)
    parts = [*_head(run, attempts, now)]
    for index, step in enumerate(run.lesson.steps):
        if step.id in run.states:
            parts += _step(view_of(open_step(run, index)), given.get(step.id, ()))
    parts += [*_unopened(run), *_misconceptions(attempts)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(run: LessonRun, attempts: Sequence[Attempt], now: datetime) -> Iterator[str]:
    yield f"# {line_to_markdown(run.lesson.title)}"
    days = sorted(f"{attempt.at.astimezone(now.tzinfo):%Y-%m-%d}" for attempt in attempts)
    first, last = (days[0], days[-1]) if days else (f"{now:%Y-%m-%d}",) * 2
    when = first if first == last else render(message("{first} to {last}", first=first, last=last))
    done = message("{done} of {total} steps done", done=run.completed, total=len(run.lesson.steps))
    yield f"{when} · {render(done)}"


def _step(view: StepView, given: Sequence[Attempt]) -> Iterator[str]:
    """Yield what stands under a step: the question, what was answered, what came of it."""
    number, title = view.run.index + 1, line_to_markdown(view.words.title)
    yield f"## {number}. {title}" if title else f"## {number}"
    yield to_markdown(view.words.body)
    yield _beside(view)
    yield from _answers(view, given)
    if view.used_hints:
        yield _labelled(message("Hints used"), "")
        yield "\n".join(
            f"{k}. {line_to_markdown(hint)}" for k, hint in enumerate(view.used_hints, 1)
        )
    yield to_markdown(render(view.solution))
    yield from _outcome(view)


def _outcome(view: StepView) -> Iterator[str]:
    """Yield the settings, the charts and what they say, and the author's explanation."""
    if not view.is_hidden:
        if isinstance(view.question, Settings):
            yield _settings(view)
        for chart in view.charts:
            yield fenced(_drawn(chart).splitlines())
        sentence, update = map(render, view.told)
        yield escaped(sentence)
        yield code_span(update) if update else ""
    if view.words.said is not None and not view.solution:
        yield to_markdown(view.words.said.after)


def _settings(view: StepView) -> str:
    words = [f"{control.label} = {show(value, 6)}" for control, value in view.controls]
    return _labelled(message("Settings at the end"), escaped(", ".join(words)))


def _drawn(chart: Chart) -> str:
    return ChartRenderer().render(chart, _COLUMNS, _ROWS, MONO).to_text()


def _answers(view: StepView, given: Sequence[Attempt]) -> Iterator[str]:
    """Yield every answer to the step with what was said to it."""
    told = [attempt for attempt in given if attempt.correct is not None]
    if told:
        yield _labelled(message("Answers"), "")
        yield "\n".join(
            f"{number}. {_answer(view, attempt, is_last=attempt is told[-1])}"
            for number, attempt in enumerate(told, start=1)
        )
    if view.outcome == "skipped" and all(each.answer != SOLUTION_SEEN for each in given):
        yield _labelled(message("Skipped"), "")


def _answer(view: StepView, attempt: Attempt, *, is_last: bool) -> str:
    words = view.kind.in_markdown(view.step, attempt.answer)
    sure = CERTAINTY.get(attempt.confidence or "")
    line = words if sure is None else f"{words} ({render(sure)})"
    if view.holds_back:
        return line
    line = f"{line} {'✓' if attempt.correct else '✗'}"
    verdict = view.state.verdict if is_last else None
    if verdict is None:
        asked = _as_asked(view.run, attempt)
        verdict = view.kind.judged(asked, attempt.answer, names_of(view.state))
    if verdict is None:
        return line
    feedback = line_to_markdown(render(verdict.feedback))
    if verdict.miss is not None and not verdict.correct:
        off = render(message("Off by {miss}.", miss=show(verdict.miss, 2)))
        feedback = f"{off} {feedback}"
    return f"{line} {feedback}"


def _as_asked(run: LessonRun, attempt: Attempt) -> Step:
    """Return the step with the numbers that it had when it was answered."""
    step = run.lesson.steps[run.index]
    _, number = entered_and_variant(attempt.answer)
    return variant(step, number) if number < variant_count(step) else run.step


def _beside(view: StepView) -> str:
    """Return what belongs to the question besides its prose: a program, a goal."""
    if view.goal is not None:
        return _labelled(message("Goal"), escaped(render(view.goal.words)))
    if isinstance(view.question, Program):
        return fenced(view.question.source.splitlines(), "python")
    if isinstance(view.question, GradientEntry):
        return to_markdown(view.words.worked)
    listing = view.words.listing
    return fenced(listing.as_asked or listing.lines, "python") if listing is not None else ""


def _unopened(run: LessonRun) -> Iterator[str]:
    left = sum(step.id not in run.states for step in run.lesson.steps)
    if left:
        yield render(plural("{count} step was not opened.", "{count} steps were not opened.", left))


def _misconceptions(attempts: Iterable[Attempt]) -> Iterator[str]:
    met = misconceptions_met(attempts)
    if not met:
        return
    yield f"## {render(message('Misconceptions met'))}"
    yield "\n".join(f"- {escaped(render(words))} ({count}×)" for words, count in met)


def _labelled(label: Message, words: str) -> str:
    return f"**{render(label)}**: {words}" if words else f"**{render(label)}**"
