"""One key says everything in the other language, and leaves the learner where they are."""

from __future__ import annotations

import asyncio

from textual.widgets import Input

from tests.tui.apps import in_memory, lesson_screen, tutor_app, until
from tests.tui.labs import open_lab, press, settled
from tutor.tui.app import TutorApp
from tutor.tui.screens.home import HomeScreen
from tutor.tui.widgets.key_bar import KeyBar
from tutor.tui.widgets.lab_bars import LabTabs
from tutor.tui.widgets.words_pane import WordsPane

FUNCTION_KEY = "f10"
"""Works in a field as well, where `z` would be typed."""


def screen_text(app: TutorApp) -> str:
    """Return all that stands on the screen."""
    strips = app.screen._compositor.render_strips()
    return "\n".join(strip.text for strip in strips)


def footer_words(app: TutorApp) -> str:
    return " ".join(key.description for bar in app.screen.query(KeyBar) for key in bar.keys)


async def test_a_lesson_goes_on_at_the_same_step_with_the_same_parameter():
    with in_memory() as store:
        app = tutor_app(store, "gradients/derivative")
        async with app.run_test(size=(80, 24)) as pilot:
            await lesson_screen(pilot)
            await pilot.press("left", "left")
            assert "cyclist" in screen_text(app)
            await pilot.press(FUNCTION_KEY)
            await until(pilot, lambda: "骑车人" in screen_text(app))
            screen = await lesson_screen(pilot)
            assert {"slope": 0.3} == dict(screen.run.state.values)
            assert "tilt" == screen.run.step.id
            await pilot.press("left")
            await pilot.pause()
            assert {"slope": 0.29} == dict(screen.run.state.values)


async def test_what_was_said_to_an_answer_is_said_again():
    with in_memory() as store:
        app = tutor_app(store, "gradients/derivative#what-it-says")
        async with app.run_test(size=(80, 24)) as pilot:
            screen = await lesson_screen(pilot)
            await pilot.press("1")
            await pilot.pause()
            before = screen.run.state
            assert before.verdict is not None
            await pilot.press("z")
            await until(pilot, lambda: "骑车人" in screen_text(app))
            after = screen.run.state
            assert after.verdict is not None
            assert (before.answer, before.tries) == (after.answer, after.tries)
            assert before.verdict.feedback != after.verdict.feedback
            await pilot.press("z")
            await until(pilot, lambda: "cyclist" in screen_text(app))
            assert before == screen.run.state


async def test_what_is_being_typed_stays_in_its_field():
    with in_memory() as store:
        app = tutor_app(store, "gradients/derivative#sixth-minute")
        async with app.run_test(size=(80, 24)) as pilot:
            await lesson_screen(pilot)
            await pilot.press("0", ".", "2")
            await pilot.press(FUNCTION_KEY)
            await until(pilot, lambda: "sixth" not in str(app.screen.query_one(WordsPane).children))
            await pilot.pause()
            field = app.screen.query_one(Input)
            assert ("0.2", True) == (field.value, field.has_focus)
            await pilot.press("1")
            assert "0.21" == field.value


async def test_the_map_and_its_footer_change():
    with in_memory() as store:
        app = tutor_app(store)
        async with app.run_test(size=(120, 36)) as pilot:
            await until(pilot, lambda: "Help" in footer_words(app))
            await pilot.press("down", "down")
            await pilot.press("z")
            await until(pilot, lambda: "帮助" in footer_words(app))
            screen = app.screen
            assert isinstance(screen, HomeScreen)
            assert 2 == screen.lessons.highlighted
            assert "数值微分" in screen_text(app)
            assert screen.query_one(KeyBar).is_attached


async def test_the_lab_keeps_its_run_its_page_and_its_focus():
    async with open_lab(size=(80, 24)) as (pilot, screen):
        await press(pilot, screen, "b", "pagedown")
        before, focus = screen.state, screen.focused
        await pilot.press("z")
        await pilot.pause()
        await settled(pilot, screen)
        assert before == screen.state
        assert screen.focused is not None
        assert focus is not None
        assert focus.id == screen.focused.id
        assert 2 == screen.query_one(LabTabs).page
        assert "步" in screen_text(pilot.app)


async def test_two_apps_in_one_loop_each_speak_their_own_language():
    """As in a workshop: one process, many learners."""
    with in_memory() as one, in_memory() as other:
        english, chinese = tutor_app(one), tutor_app(other, language="zh")
        async with english.run_test() as first, chinese.run_test() as second:
            await asyncio.gather(first.pause(), second.pause())
            await until(first, lambda: "Help" in footer_words(english))
            await until(second, lambda: "帮助" in footer_words(chinese))
            await first.press("z")
            await until(first, lambda: "帮助" in footer_words(english))
            await second.press("z")
            await until(second, lambda: "Help" in footer_words(chinese))
            assert "帮助" in footer_words(english)
