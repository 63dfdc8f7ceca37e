"""The glossary over the help: both languages, found while typing, left by one key."""

from __future__ import annotations

import pytest
from rich.cells import cell_len
from textual.widgets import Input, Static

from tests.tui.apps import SIZES, tutor_app, until
from tutor.tui.screens.glossary import GlossaryScreen
from tutor.tui.screens.help import HelpScreen


def shown(app) -> str:
    return str(app.screen.query_one("#terms", Static).render())


async def open_glossary(pilot, key="g"):
    await pilot.press("question_mark")
    await until(pilot, lambda: isinstance(pilot.app.screen, HelpScreen))
    await pilot.press(key)
    await until(pilot, lambda: isinstance(pilot.app.screen, GlossaryScreen))
    await until(pilot, lambda: isinstance(pilot.app.focused, Input))


@pytest.mark.parametrize("key", ["g", "ctrl+g"])
async def test_typing_searches_both_languages(store, key):
    app = tutor_app(store)
    async with app.run_test(size=SIZES[0]) as pilot:
        await open_glossary(pilot, key)
        await pilot.press(*"saddl")
        await until(pilot, lambda: "鞍点" in shown(app))
        assert "learning rate" not in shown(app)
        await pilot.press(*["backspace"] * 5, "学")
        await until(pilot, lambda: "learning rate" in shown(app))


@pytest.mark.parametrize("size", SIZES)
async def test_no_line_is_wider_than_its_room(store, size):
    app = tutor_app(store)
    async with app.run_test(size=size) as pilot:
        await open_glossary(pilot)
        room = app.screen.query_one("#terms").content_size.width
        assert all(cell_len(line) <= room for line in shown(app).splitlines())


async def test_what_is_not_there_is_said(store):
    app = tutor_app(store)
    async with app.run_test(size=SIZES[0]) as pilot:
        await open_glossary(pilot)
        await pilot.press(*"xyzzy")
        await until(pilot, lambda: "No such term" in shown(app))


async def test_the_arrows_scroll_while_the_search_has_the_focus(store):
    app = tutor_app(store)
    async with app.run_test(size=SIZES[0]) as pilot:
        await open_glossary(pilot)
        await pilot.press("pagedown")
        await until(pilot, lambda: app.screen.query_one("VerticalScroll").scroll_y > 0)


async def test_esc_leads_back_to_the_help(store):
    app = tutor_app(store)
    async with app.run_test(size=SIZES[0]) as pilot:
        await open_glossary(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
