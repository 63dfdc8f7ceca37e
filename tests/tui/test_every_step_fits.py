"""Every step of the course fits the screen: nothing to scroll, nothing cut, charts tall enough.

An automated learner opens each step and answers it wrong, with all hints open, and right, in both
languages at both sizes that we promise. Of the wrong answers it gives the one to which the lesson
says most: where that fits, the others do. At the smaller size in English it also turns every
parameter to its ends. `tests/test_course_walk.py` does the same from outside, by keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import permutations, product

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot

from tests.tui.apps import (
    BOTH_LANGUAGES,
    SIZES,
    course,
    in_memory,
    lesson_screen,
    sample_catalog,
    tutor_app,
)
from tutor.engine.kinds.predict import guess_controls
from tutor.engine.lesson import events as ev
from tutor.i18n import ENGLISH
from tutor.lesson.grading import evaluate_formula
from tutor.lesson.model import (
    BugStep,
    ChoiceStep,
    CodeStep,
    ExperimentStep,
    MatchStep,
    NumberStep,
    OrderStep,
    PredictStep,
    SelectStep,
    Step,
)
from tutor.lesson.programs import Outcome
from tutor.tui.screens.lesson import LessonScreen
from tutor.tui.widgets.chart_view import ChartView

LESSONS = [lesson.id for lesson in course().lessons]
SAMPLES = [lesson.id for lesson in sample_catalog().lessons]
LEAST_CHART_ROWS = 10


def ways_to_answer(step: Step, names: dict[str, float], *, ends: bool) -> Iterator[ev.Event]:
    """Yield Next too early, all hints, the wrong answer, the solution, the right one, extremes."""
    yield ev.NextAsked()
    yield from (ev.HintAsked() for _ in step.hints)
    match step:
        case SelectStep() | OrderStep() | MatchStep():
            yield from _of_several(step)
        case ChoiceStep():
            wrong = [i for i, choice in enumerate(step.choices) if not choice.correct]
            yield ev.ChoiceAnswered(max(wrong, key=lambda i: cell_len(step.choices[i].feedback)))
            yield ev.SolutionAsked()
            yield from (ev.ChoiceAnswered(i) for i, c in enumerate(step.choices) if c.correct)
        case NumberStep():
            miss = max(step.near_misses, key=lambda miss: cell_len(miss.feedback))
            yield ev.NumberAnswered(repr(evaluate_formula(miss.value, names)))
            yield ev.SolutionAsked()
            yield ev.NumberAnswered(repr(evaluate_formula(step.answer, names)))
            yield from (ev.AnotherAsked() for _ in step.variants)
        case BugStep():
            lines = range(1, len(step.code.splitlines()) + 1)
            yield from (ev.LinePicked(line) for line in lines if line != step.fault_line)
            yield ev.LinePicked(step.fault_line)
        case CodeStep():
            yield ev.CodeSubmitted(step.starter)
            yield ev.SolutionAsked()
            yield ev.CodeSubmitted(step.solution)
        case PredictStep():
            yield from _guesses(step, names, ends=ends)
        case ExperimentStep():
            yield from (ev.PresetChosen(position) for position in range(len(step.presets)))
            yield ev.SolutionAsked()
            yield from (ev.ParameterChanged(n, v) for n, v in step.witness.items())
            yield from _ends(((p.name, p.range) for p in step.parameters) if ends else ())


def _of_several(step: SelectStep | OrderStep | MatchStep) -> Iterator[ev.Event]:
    """Yield all that is wrong, the solution, and what is right."""
    return _selections(step) if isinstance(step, SelectStep) else _arrangements(step)


def _selections(step: SelectStep) -> Iterator[ev.Event]:
    right = tuple(i for i, choice in enumerate(step.choices) if choice.correct)
    yield ev.SelectionAnswered(tuple(i for i in range(len(step.choices)) if i not in right))
    yield from (ev.SelectionAnswered((i,)) for i in right)
    yield ev.SolutionAsked()
    yield ev.SelectionAnswered(right)


def _arrangements(step: OrderStep | MatchStep) -> Iterator[ev.Event]:
    count = len(step.items if isinstance(step, OrderStep) else step.pairs)
    yield from (
        ev.ArrangementAnswered(tuple(order)) for order in permutations(range(1, count + 1))
        if order[0] != 1
    )  # fmt: skip
    yield ev.SolutionAsked()
    yield ev.ArrangementAnswered(tuple(range(1, count + 1)))


def _guesses(step: PredictStep, names: dict[str, float], *, ends: bool) -> Iterator[ev.Event]:
    """Yield what leads to a known wrong guess, and that it is meant."""
    controls = guess_controls(step)
    yield from _ends(((c.name, (c.low, c.high)) for c in controls) if ends else ())
    for miss in step.near_misses[:1]:
        values = zip(controls, miss.value, strict=False)
        yield from (ev.ParameterChanged(c.name, evaluate_formula(v, names)) for c, v in values)
    yield ev.Predicted("low")


def _ends(ranges: Iterable[tuple[str, tuple[float, float]]]) -> Iterator[ev.Event]:
    """Yield each parameter turned to its ends."""
    yield from (ev.ParameterChanged(name, end) for name, both in ranges for end in both)


def faults(screen: LessonScreen) -> list[str]:
    found = []
    stage = screen.query_one("#stage")
    if stage.max_scroll_y or screen.words.max_scroll_y:
        found.append(f"scrolls by {stage.max_scroll_y}/{screen.words.max_scroll_y}")
    found += [
        f"chart of {view.size.height} rows"
        for view in screen.query(ChartView)
        if view.size.height < LEAST_CHART_ROWS
    ]
    found += [
        f"{widget!r} is {widget.size.width} wide, its line {cell_len(line)}"
        for widget in screen.query("Prose, .caption")
        for line in str(widget.render()).splitlines()
        if widget.display and cell_len(line) > widget.size.width and widget.id == "body"
    ]
    return found


async def walk_misses(pilot: Pilot[None], screen: LessonScreen, step: CodeStep) -> list[str]:
    """Answer each check with the wrong value of which most is said, as if a program gave it."""
    found = []
    checked = screen.run.state.checked
    assert checked is not None
    for number, check in enumerate(checked.checks):
        before = tuple(replace(run, value=run.expected) for run in checked.checks[:number])
        known = zip(check.misses, step.checks[number].misses, strict=True)
        for miss, _ in sorted(known, key=lambda pair: cell_len(pair[1].feedback))[-1:]:
            runs = (*before, replace(check, value=miss, fault=None))
            screen.take(ev.CodeSubmitted(step.starter))
            screen.take(ev.CodeChecked(step.id, Outcome("done", runs)))
            await pilot.pause()
            found += [f"{step.id}, with {miss.text}: {fault}" for fault in faults(screen)]
    return found


async def walk(pilot: Pilot[None], *, ends: bool) -> list[str]:
    found = []
    screen = await lesson_screen(pilot)
    for step in screen.run.lesson.steps:
        screen.take(ev.StepOpened(step.id))
        await pilot.pause()
        result = screen.run.state.result
        names = dict(result.quantities) if result else {}
        numbers = {k: v for k, v in names.items() if not isinstance(v, str)}
        found += [f"{step.id}, at first: {fault}" for fault in faults(screen)]
        for event in ways_to_answer(step, numbers, ends=ends):
            if isinstance(event, ev.NextAsked) and screen.run.may_continue:
                continue
            screen.take(event)
            if isinstance(event, ev.HintAsked) and screen.run.state.hints < len(step.hints):
                continue  # the hints stand one under the other: with the last, they are tallest
            await pilot.app.workers.wait_for_complete()
            await pilot.pause()
            found += [f"{step.id}, after {event}: {fault}" for fault in faults(screen)]
            if event == ev.SolutionAsked() and isinstance(step, CodeStep):
                found += await walk_misses(pilot, screen, step)
    return found


def ways() -> Iterator[object]:
    """Yield each lesson in both languages at both sizes.

    A test run takes one in Chinese at the narrow size, where least fits (the linter measures the
    texts of all, and the samples have a step of every kind, in English); the others are marked
    thorough: `pytest -m thorough`.
    """
    taken = {(LESSONS[0], BOTH_LANGUAGES[1])}
    for lesson in LESSONS:
        for size, language in product(SIZES, BOTH_LANGUAGES):
            is_taken = (lesson, language) in taken and size == SIZES[0]
            marks = [] if is_taken else [pytest.mark.thorough]
            yield pytest.param(lesson, size, language, marks=marks)


@pytest.mark.parametrize(("lesson", "size", "language"), ways())
async def test_every_step_fits_however_it_is_answered(lesson, size, language):
    """No state of any step scrolls or shows a chart of fewer than ten rows."""
    with in_memory() as store:
        app = tutor_app(store, lesson, language=language)
        async with app.run_test(size=size) as pilot:
            ends = size == SIZES[0] and language == ENGLISH
            assert [] == await walk(pilot, ends=ends)


@pytest.mark.parametrize("size", [SIZES[0], pytest.param(SIZES[1], marks=pytest.mark.thorough)])
@pytest.mark.parametrize("lesson", SAMPLES)
async def test_a_step_of_every_kind_fits_however_it_is_answered(lesson, size):
    """The sample lessons have the kinds and settings that no lesson of the course has, too."""
    with in_memory() as store:
        app = tutor_app(store, lesson, catalog=sample_catalog())
        async with app.run_test(size=size) as pilot:
            assert [] == await walk(pilot, ends=True)
