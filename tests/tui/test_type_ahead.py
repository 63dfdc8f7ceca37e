"""What is typed while something opens: one opening, every key in its place."""

from __future__ import annotations

import threading
from concurrent.futures import Future

import pytest
from textual import events

from tests.tui.apps import at_rest, lesson_screen, tutor_app, until
from tutor.engine.lesson import events as ev
from tutor.store.opening import Opening
from tutor.tui.screens.endings import EndScreen
from tutor.tui.screens.help import HelpScreen
from tutor.tui.screens.home import HomeScreen
from tutor.tui.screens.lab import LabScreen
from tutor.tui.screens.lesson import LessonScreen
from tutor.tui.type_ahead import MOST_REPEATS, Repeats
from tutor.tui.widgets.code_editor import CodeEditor
from tutor.tui.widgets.parameter_control import ParameterControl

NAMES = {".": "full_stop", "?": "question_mark", "=": "equals_sign"}


def type_at_once(app, *keys: str) -> None:
    """Give the app keys as one read of a terminal does: before it has done any of them."""
    for key in keys:
        character = key if len(key) == 1 else None
        app.post_message(events.Key(NAMES.get(key, key), character))


async def test_impatient_enter_opens_one_lesson(store):
    app = tutor_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        type_at_once(app, "enter", "enter", "enter")
        screen = await lesson_screen(pilot)
        await at_rest(pilot)
        assert [HomeScreen, LessonScreen] == [type(each) for each in app.screen_stack]
        assert 0 == screen.run.index
        assert not screen.run.state.problem


@pytest.mark.parametrize("opener", ["L", "?", "v", "i", "enter", "f8"])
async def test_a_key_that_opens_opens_once(store, opener):
    app = tutor_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.screen.course_map.continue_at is not None)
        type_at_once(app, *[opener] * 5)
        await until(pilot, lambda: not isinstance(app.screen, HomeScreen))
        await at_rest(pilot)
        assert 2 == len(app.screen_stack)


async def test_the_key_that_opened_is_heard_again_once_the_screen_stands(store):
    """Typed to what is there now, it is no repeat: ? opens the help, and ? closes it."""
    app = tutor_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await at_rest(pilot)
        for _ in range(2):
            type_at_once(app, "?")
            await until(pilot, lambda: isinstance(app.screen, HelpScreen))
            await at_rest(pilot)
            type_at_once(app, "?")
            await until(pilot, lambda: isinstance(app.screen, HomeScreen))


async def test_two_keys_that_open_go_one_after_the_other(store):
    """The second is for the screen that the first opened."""
    app = tutor_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        type_at_once(app, "enter", "L", "?")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        assert [HomeScreen, LessonScreen, LabScreen, HelpScreen] == [*map(type, app.screen_stack)]


@pytest.mark.parametrize("start", [None, "gradients/derivative#sixth-minute"])
async def test_a_number_typed_while_a_lesson_opens_is_whole(store, start):
    """The first digit neither comes last nor is lost, before the start and behind Enter."""
    app = tutor_app(store, start_at=start)
    async with app.run_test(size=(80, 24)) as pilot:
        opener = [] if start else ["enter"]
        type_at_once(app, *opener, *"0.2134")
        screen = await lesson_screen(pilot)
        await at_rest(pilot)
        fields = [each.entry for each in screen.query(ParameterControl)]
        typed = fields or [each.value for each in screen.query("Input")]
        assert "0.2134" in typed


async def test_a_program_typed_while_its_step_opens_is_whole(store):
    app = tutor_app(store, start_at="gradients/numerical-differentiation#write-central")
    async with app.run_test(size=(80, 24)) as pilot:
        type_at_once(app, *"xhns")
        screen = await lesson_screen(pilot)
        await at_rest(pilot)
        assert "xhns" in screen.query_one(CodeEditor).text


async def test_keys_wait_for_the_progress(store):
    """Nothing that is typed before the progress is read is lost; leaving needs no progress."""
    progress: Future[Opening] = Future()
    app = tutor_app(store, progress=progress)
    async with app.run_test(size=(80, 24)) as pilot:
        type_at_once(app, "enter", *"0.2")
        await until(pilot, lambda: not app.type_ahead._opened.is_set())
        threading.Timer(0, progress.set_result, [Opening(store, None)]).start()
        screen = await lesson_screen(pilot)
        await at_rest(pilot)
        assert "0.2" == screen.query(ParameterControl).first().entry


async def test_the_end_of_a_lesson_comes_once(store):
    app = tutor_app(store, start_at="gradients/derivative")
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await lesson_screen(pilot)
        last = screen.run.lesson.steps[-1].id
        screen.take(ev.StepOpened(last))
        screen.take(ev.StepSkipped())
        await until(pilot, lambda: isinstance(app.screen, EndScreen))
        await pilot.press("b")
        await until(pilot, lambda: app.screen is screen)
        await at_rest(pilot)
        type_at_once(app, "n", "n", "n")
        await until(pilot, lambda: isinstance(app.screen, EndScreen))
        await at_rest(pilot)
        assert [HomeScreen, LessonScreen, EndScreen] == [*map(type, app.screen_stack)]


async def test_the_map_is_not_seen_before_a_lesson_that_was_asked_for(store):
    app = tutor_app(store, start_at="gradients/derivative")
    async with app.run_test(size=(80, 24)) as pilot:
        home = app.screen_stack[0]
        if app.screen is home:
            assert not home.query_one("#banner").visible
        await lesson_screen(pilot)
        await pilot.press("m")
        await until(pilot, lambda: app.screen is home and home.query_one("#banner").visible)


async def test_keys_that_waited_turn_a_parameter_once_and_as_far(store, monkeypatch):
    """What came while the app was at work is worked through, and drawn, as one."""
    app = tutor_app(store, start_at="gradients/derivative#tilt")
    async with app.run_test(size=(80, 24)) as pilot:
        await lesson_screen(pilot)
        await at_rest(pilot)
        control = app.focused
        assert isinstance(control, ParameterControl)
        turned: list[int] = []
        action = control.action_turn
        monkeypatch.setattr(
            control, "action_turn", lambda ticks: (turned.append(control.repeats), action(ticks))
        )
        app.post_message(Repeats(events.Key("right", None), MOST_REPEATS + 3))
        await until(pilot, lambda: len(turned) == 2)
        await at_rest(pilot)
        there = control.value
        type_at_once(app, *["left"] * (MOST_REPEATS + 3), *["right"] * (MOST_REPEATS + 3))
        await until(pilot, lambda: sum(turned) == 3 * (MOST_REPEATS + 3))
        await at_rest(pilot)
        assert [MOST_REPEATS, 3] == turned[:2]
        assert there == control.value


async def test_a_key_that_means_more_than_a_step_comes_as_often_as_it_was_pressed(store):
    app = tutor_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await at_rest(pilot)
        app.post_message(Repeats(events.Key("question_mark", "?"), 2))
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        await at_rest(pilot)
        assert isinstance(app.screen, HelpScreen)
