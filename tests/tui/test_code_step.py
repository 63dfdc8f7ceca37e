"""A program on the lesson screen: written, run, stopped, explained; the screen never waits."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from tests.tui.apps import lesson_screen, sample_catalog, tutor_app, until
from tutor.engine.kinds.code import WantedProgram
from tutor.engine.lesson.events import CodeChecked, CodeRunEnded
from tutor.lesson.model import CodeStep
from tutor.player.programs import Programs
from tutor.sandbox.protection import Protection, plain_protection
from tutor.store.progress_store import ProgressStore
from tutor.tui.app import TutorApp
from tutor.tui.screens.delivery import ConsentScreen
from tutor.tui.screens.lesson import LessonScreen
from tutor.tui.widgets.code_editor import CodeEditor

STEP = "gradients/sample#write-it"
RIGHT = "step = lambda x, gradient, rate: x - rate * gradient(x)"


class EndlessPrograms(Programs):
    """A program that runs until it is stopped."""

    def __init__(self) -> None:
        super().__init__(consented=True)
        self.stopped: list[str] = []

    async def run(self, wanted: WantedProgram) -> CodeChecked | CodeRunEnded:
        try:
            await asyncio.Event().wait()
        finally:
            self.stopped.append(wanted.step)
        raise AssertionError("nobody sets the event")


def app_on_step(store: ProgressStore, programs: Programs | None = None) -> TutorApp:
    app = tutor_app(store, STEP, catalog=sample_catalog())
    if programs is not None:
        app.navigation.services = replace(app.navigation.services, open_programs=lambda: programs)
    return app


def editor(screen: LessonScreen) -> CodeEditor:
    return screen.query_one("#program", CodeEditor)


def words(screen: LessonScreen, name: str) -> str:
    return str(screen.query_one(f"#{name}", Static).render())


async def opened(pilot: Pilot[None]) -> LessonScreen:
    screen = await lesson_screen(pilot)
    await until(pilot, lambda: isinstance(screen.focused, CodeEditor))
    return screen


async def run_it(pilot: Pilot[None], screen: LessonScreen) -> None:
    await pilot.press("ctrl+r")
    await pilot.app.workers.wait_for_complete()
    await until(pilot, lambda: not screen.run.state.running)
    await pilot.pause()


async def test_a_program_is_typed_run_and_right(store):
    app = app_on_step(store)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        editor(screen).write_anew(RIGHT)
        await run_it(pilot, screen)
        assert "done" == screen.run.state.outcome
        assert "That is all that gradient descent is." in screen.words.query_one("#verdict").markup
        assert None is screen.focused
        await pilot.press("n")
        await until(pilot, lambda: screen.run.finished)


async def test_the_line_at_fault_is_marked_until_the_program_is_changed(store):
    app = app_on_step(store)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        editor(screen).write_anew("def step(*_):\n    print('so far')\n    return 1 / 0\n")
        await run_it(pilot, screen)
        assert 3 == editor(screen).fault_line
        assert "so far" in words(screen, "printed-words")
        assert "Line 3: a division by zero." in screen.words.query_one("#verdict").markup
        await pilot.press("x")
        await until(pilot, lambda: editor(screen).fault_line is None)


async def test_escape_stops_a_program_and_then_leaves_the_editor(store):
    programs = EndlessPrograms()
    app = app_on_step(store, programs)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        await pilot.press("ctrl+r")
        await until(pilot, lambda: "Esc stops it" in words(screen, "code-state"))
        await pilot.press("escape")
        await until(pilot, lambda: bool(programs.stopped))
        assert "Stopped." == str(screen.run.state.problem)
        assert isinstance(screen.focused, CodeEditor)
        await pilot.press("escape")
        assert None is screen.focused


@pytest.mark.parametrize("key", ["f4", "f7", "ctrl+b"])
async def test_leaving_the_step_stops_its_program(store, key):
    programs = EndlessPrograms()
    app = app_on_step(store, programs)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("ctrl+r", key)
        await until(pilot, lambda: ["write-it"] == programs.stopped)


async def test_the_starter_comes_back_and_undo_takes_that_back(store):
    app = app_on_step(store)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        step = screen.run.step
        assert isinstance(step, CodeStep)
        await pilot.press("a", "b", "f5")
        await until(pilot, lambda: step.starter == screen.run.state.code)
        await pilot.press("ctrl+z")
        typed = step.starter.replace("...", "ab")
        await until(pilot, lambda: typed == screen.run.state.code)


async def test_the_solution_stands_beside_and_is_hidden_by_the_same_key(store):
    app = app_on_step(store)
    async with app.run_test(size=(120, 36)) as pilot:
        screen = await opened(pilot)
        solution = screen.query_one("#solution-code", CodeEditor)
        await pilot.press("f3")
        assert not solution.display
        await run_it(pilot, screen)
        await pilot.press("f3")
        await until(pilot, lambda: solution.display)
        assert editor(screen).display
        assert editor(screen).size.width == solution.size.width > 60
        await pilot.press("f3")
        await until(pilot, lambda: not solution.display)


async def test_on_a_small_terminal_the_solution_takes_the_programs_place(store):
    app = app_on_step(store)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        await run_it(pilot, screen)
        await pilot.press("f3")
        await until(pilot, lambda: screen.query_one("#solution-code").display)
        assert not editor(screen).display
        await pilot.press("o")
        await until(pilot, lambda: editor(screen).display)


async def test_a_program_is_kept_when_the_learner_leaves(store):
    app = app_on_step(store)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        await pilot.press("#", "f7")
        await until(pilot, lambda: app.screen is not screen)
    again = app_on_step(store)
    async with again.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        assert editor(screen).text.rstrip().endswith("#")


async def test_the_cursor_stands_on_what_is_to_be_written_and_typing_replaces_it(store):
    app = app_on_step(store)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        assert "..." == editor(screen).selected_text
        await pilot.press("0", "f5")
        await until(pilot, lambda: "..." == editor(screen).selected_text)


async def test_a_starter_as_it_stands_is_answered_by_its_line(store):
    app = app_on_step(store)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        await run_it(pilot, screen)
        assert "Line 3 still has `...`" in screen.words.query_one("#verdict").markup
        await pilot.press("escape", "n")
        said = "Your program does not do all it should yet. s skips this step."
        await until(pilot, lambda: said == screen.words.query_one("#notice").markup)


def unprotected() -> Protection:
    return plain_protection()


@pytest.mark.parametrize(("key", "runs"), [("y", True), ("n", False), ("escape", False)])
async def test_without_bubblewrap_the_learner_is_asked_once(store, key, runs):
    kept: list[bool] = []
    programs = Programs(find_protection=unprotected, keep_consent=lambda: kept.append(True))
    app = app_on_step(store, programs)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        await pilot.press("ctrl+r")
        await until(pilot, lambda: isinstance(app.screen, ConsentScreen))
        await pilot.press(key)
        await pilot.app.workers.wait_for_complete()
        await until(pilot, lambda: not screen.run.state.running)
        assert runs is (screen.run.state.checked is not None)
        assert [True] * runs == kept
        if runs:
            await run_it(pilot, screen)
            assert 2 == screen.run.state.tries
        else:
            assert "It was not run. Skip the step, or run it again." == str(
                screen.run.state.problem
            )


async def test_served_without_bubblewrap_the_step_is_closed(store):
    programs = Programs(find_protection=unprotected, is_served=True)
    app = app_on_step(store, programs)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        await run_it(pilot, screen)
        assert "Programs cannot be run in this workshop" in str(screen.run.state.problem)
