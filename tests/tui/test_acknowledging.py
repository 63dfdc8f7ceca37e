"""A verdict is painted when its answer is written; before that only with its mark."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from textual.pilot import Pilot

from tests.held import EVER, held_store
from tests.tui.apps import at_rest, lesson_screen, tutor_app, until
from tutor.player.player import Receipts
from tutor.store.progress_store import ProgressStore
from tutor.tui.app import TutorApp
from tutor.tui.screens.lesson import LessonScreen

NUMBER = "gradients/derivative#sixth-minute"
TILT = "gradients/derivative#tilt"
MARK = "(not written yet)"


@pytest.fixture
def held(tmp_path: Path) -> Iterator[tuple[ProgressStore, Event]]:
    with held_store(tmp_path / "progress.sqlite3") as held:
        yield held


def text(app: TutorApp) -> str:
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


async def answered(pilot: Pilot[None], answer: str = "900") -> LessonScreen:
    """Type an answer, and return once it was handed in."""
    screen = await lesson_screen(pilot)
    await pilot.press(*answer, "enter")
    await until(pilot, lambda: screen._player.receipts.last is not None)
    return screen


async def test_no_verdict_is_painted_before_its_answer_is_written(held, monkeypatch):
    store, works = held
    monkeypatch.setattr(Receipts, "patience", EVER)
    app = tutor_app(store, NUMBER)
    async with app.run_test(size=(80, 24)) as pilot:
        await lesson_screen(pilot)
        works.clear()
        screen = await answered(pilot)
        await at_rest(pilot)
        assert "Not yet" not in text(app)
        assert screen._player.run.state.verdict is not None
        works.set()
        await until(pilot, lambda: "✗ Not yet." in text(app))
        assert MARK not in text(app)
        assert 1 == len(store.attempts("ana"))


async def test_what_takes_longer_is_painted_with_a_mark_that_goes_once_it_is_written(
    held, monkeypatch
):
    store, works = held
    monkeypatch.setattr(Receipts, "patience", 0.001)
    app = tutor_app(store, NUMBER)
    async with app.run_test(size=(80, 24)) as pilot:
        await lesson_screen(pilot)
        works.clear()
        await answered(pilot)
        await until(pilot, lambda: f"✗ Not yet. {MARK}" in text(app))
        assert "1 not written yet" in text(app).splitlines()[0]
        works.set()
        await until(pilot, lambda: "not written yet" not in text(app))
        assert "✗ Not yet." in text(app)


async def test_keys_pressed_while_an_answer_is_written_wait_in_their_order(held, monkeypatch):
    store, works = held
    monkeypatch.setattr(Receipts, "patience", EVER)
    app = tutor_app(store, NUMBER)
    async with app.run_test(size=(80, 24)) as pilot:
        await lesson_screen(pilot)
        works.clear()
        screen = await answered(pilot)
        await pilot.press("f4")
        await at_rest(pilot)
        assert "sixth-minute" == screen._player.run.step.id
        works.set()
        await until(pilot, lambda: screen.run.step.id == "wide-secant")
        await until(pilot, lambda: screen._player.run is screen.run)
        assert ["900", "skipped"] == [each.answer for each in store.attempts("ana")]


async def test_a_goal_that_is_reached_has_its_mark_beside_it(held, monkeypatch):
    store, works = held
    monkeypatch.setattr(Receipts, "patience", 0.001)
    app = tutor_app(store, TILT)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await lesson_screen(pilot)
        works.clear()
        await pilot.press(*"0.2", "enter")
        await until(pilot, lambda: screen._player.receipts.last is not None)
        await until(pilot, lambda: MARK in text(app))
        marked = next(line for line in text(app).splitlines() if MARK in line)
        assert "✓ Goal" in marked
        works.set()
        await until(pilot, lambda: "✓ Goal" in text(app) and MARK not in text(app))


async def test_what_cannot_be_written_keeps_its_mark_until_the_trouble_is_mended(
    tmp_path: Path, monkeypatch
):
    """A file stands where the folder should be; once it is away, nothing else has to be done."""
    folder = tmp_path / "data"
    folder.write_text("a file")
    monkeypatch.setattr("tutor.tui.screens.delivery._RETRY", 0.01)
    with held_store(folder / "progress.sqlite3") as (store, _):
        app = tutor_app(store, NUMBER)
        async with app.run_test(size=(80, 24)) as pilot:
            await answered(pilot)
            await until(pilot, lambda: f"✗ Not yet. {MARK}" in text(app))
            folder.unlink()
            await until(pilot, lambda: "not written yet" not in text(app))
            assert 1 == len(store.attempts("ana"))


async def test_leaving_waits_for_an_answer_that_is_being_written(held, monkeypatch):
    store, works = held
    monkeypatch.setattr(Receipts, "patience", 0.001)
    app = tutor_app(store, NUMBER)
    async with app.run_test(size=(80, 24)) as pilot:
        await lesson_screen(pilot)
        works.clear()
        await answered(pilot)
        await pilot.press("ctrl+q")
        await until(pilot, lambda: "being written" in str(list(app._notifications)))
        works.set()
        await until(pilot, lambda: not app.is_running or app._exit)
        assert (1, ()) == (len(store.attempts("ana")), store.unwritten)
