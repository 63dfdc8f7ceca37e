"""Every step of the course fits the screen: nothing to scroll, nothing cut, charts tall enough.

An automated learner opens each step, answers it in every way that the lesson foresees (each wrong
choice, each near miss, then right) and opens all hints, at both sizes that we promise.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

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
from tutor.engine import events as ev
from tutor.engine.predictions import guess_controls
from tutor.lesson.grading import evaluate_formula
from tutor.lesson.model import (
    BugStep,
    ChoiceStep,
    CodeStep,
    ExperimentStep,
    NumberStep,
    PredictStep,
    Step,
)
from tutor.lesson.programs import Outcome
from tutor.tui.screens.lesson import LessonScreen
from tutor.tui.widgets.chart_view import ChartView

LESSONS = [lesson.id for lesson in course().lessons]
SAMPLES = [lesson.id for lesson in sample_catalog().lessons]
LEAST_CHART_ROWS = 10


def ways_to_answer(step: Step, names: dict[str, float]) -> Iterator[ev.Event]:
    """Yield Next too early, all hints, all wrong answers, the solution, the right one, extremes."""
    yield ev.NextAsked()
    yield from (ev.HintAsked() for _ in step.hints)
    match step:
        case ChoiceStep():
            yield from (ev.ChoiceAnswered(i) for i, c in enumerate(step.choices) if not c.correct)
            yield ev.SolutionAsked()
            yield from (ev.ChoiceAnswered(i) for i, c in enumerate(step.choices) if c.correct)
        case NumberStep():
            wrong = (miss.value for miss in step.near_misses)
            yield from (ev.NumberAnswered(repr(evaluate_formula(w, names))) for w in wrong)
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
            controls = guess_controls(step)
            ends = ((c.name, end) for c in controls for end in (c.low, c.high))
            yield from (ev.ParameterChanged(name, end) for name, end in ends)
            for miss in step.near_misses[:1]:
                wrong = zip(controls, miss.value, strict=False)
                yield from (
                    ev.ParameterChanged(c.name, evaluate_formula(w, names)) for c, w in wrong
                )
            yield ev.Predicted("low")
        case ExperimentStep():
            yield from (ev.PresetChosen(position) for position in range(len(step.presets)))
            yield from (ev.ParameterTurned(p.name, 1) for p in step.parameters)
            yield ev.SolutionAsked()
            yield from (ev.ParameterChanged(n, v) for n, v in step.witness.items())
            ends = ((p.name, end) for p in step.parameters for end in p.range)
            yield from (ev.ParameterChanged(name, end) for name, end in ends)


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
    """Answer with every wrong value that the step foresees, as if a program had given it."""
    found = []
    checked = screen.run.state.checked
    assert checked is not None
    for number, check in enumerate(checked.checks):
        before = tuple(replace(run, value=run.expected) for run in checked.checks[:number])
        for miss in check.misses:
            runs = (*before, replace(check, value=miss, fault=None))
            screen.take(ev.CodeSubmitted(step.starter))
            screen.take(ev.CodeChecked(step.id, Outcome("done", runs)))
            await pilot.pause()
            found += [f"{step.id}, with {miss.text}: {fault}" for fault in faults(screen)]
    return found


async def walk(pilot: Pilot[None]) -> list[str]:
    found = []
    screen = await lesson_screen(pilot)
    for step in screen.run.lesson.steps:
        screen.take(ev.StepOpened(step.id))
        await pilot.pause()
        result = screen.run.state.result
        names = dict(result.quantities) if result else {}
        numbers = {k: v for k, v in names.items() if not isinstance(v, str)}
        found += [f"{step.id}, at first: {fault}" for fault in faults(screen)]
        for event in ways_to_answer(step, numbers):
            if isinstance(event, ev.NextAsked) and screen.run.may_continue:
                continue
            screen.take(event)
            await pilot.app.workers.wait_for_complete()
            await pilot.pause()
            found += [f"{step.id}, after {event}: {fault}" for fault in faults(screen)]
            if event == ev.SolutionAsked() and isinstance(step, CodeStep):
                found += await walk_misses(pilot, screen, step)
    return found


@pytest.mark.parametrize("language", BOTH_LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lesson", LESSONS)
async def test_every_step_fits_however_it_is_answered(lesson, size, language):
    """No state of any step scrolls or shows a chart of fewer than ten rows."""
    with in_memory() as store:
        app = tutor_app(store, lesson, language=language)
        async with app.run_test(size=size) as pilot:
            assert [] == await walk(pilot)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lesson", SAMPLES)
async def test_a_step_of_every_kind_fits_however_it_is_answered(lesson, size):
    """The sample lessons have the kinds and settings that no lesson of the course has, too."""
    with in_memory() as store:
        app = tutor_app(store, lesson, catalog=sample_catalog())
        async with app.run_test(size=size) as pilot:
            assert [] == await walk(pilot)
