"""What would act on the server's own disk or screen is refused in a served tutor."""

from __future__ import annotations

import asyncio
import io
import webbrowser
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.widgets import Input, Static, TextArea

from tests.server.clients import ON_MAP, Screen, terminal
from tests.server.test_process import Served, served
from tests.server.workshop import Serve
from tutor.engine.lesson.events import StepOpened, StepSkipped
from tutor.server.terminal.served_app import ServedApp
from tutor.tui.screens.endings import EndScreen
from tutor.tui.screens.lesson import LessonScreen

__all__ = ["served"]  # a fixture

REFUSAL = "nothing is written to files"


def test_neither_a_lesson_nor_the_lab_is_exported(serve: Serve):
    workshop = serve()
    before = files(Path.cwd(), workshop.home)
    with workshop.enter("ana", columns=120, rows=36) as ana:
        ana.press("enter")
        ana.wait_for("n Next")
        ana.press("f12")
        ana.wait_for(REFUSAL)
    with workshop.enter("ben", columns=120, rows=36) as ben:
        ben.press("f8")
        ben.wait_for("e Export")
        ben.press("f12")
        ben.wait_for("CSV")
        ben.press("enter")
        ben.wait_for(REFUSAL)
    assert 0 == workshop.stop()
    assert before == files(Path.cwd(), workshop.home)


def files(*folders: Path) -> set[Path]:
    """Return the exports in the folders."""
    return {each for folder in folders for each in folder.glob("nabla-*")}


async def app_of(served: Served, name: str) -> tuple[ServedApp, Screen]:
    """Return a learner's app, which runs, and their terminal."""
    screen = await terminal(await served.connect(name))
    await screen.wait_for(ON_MAP)
    app = served.worker.presence._sessions[name]._app
    assert app is not None
    return app, screen


async def test_an_address_is_shown_and_no_browser_opens(
    served: Served, monkeypatch: pytest.MonkeyPatch
):
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda url, *_: opened.append(url))
    app, screen = await app_of(served, "ana")
    app.open_url("https://example.org/gradient")
    await screen.wait_for(b"example.org/gradient")
    assert [] == opened


async def test_a_file_is_not_delivered(served: Served, tmp_path: Path):
    app, screen = await app_of(served, "ana")
    app.deliver_text(io.StringIO("picture"), save_directory=tmp_path, save_filename="picture.svg")
    await screen.wait_for(b"nothing can be saved to a file")
    assert not (tmp_path / "picture.svg").exists()


async def test_the_end_of_a_lesson_says_what_was_achieved_and_offers_no_export(served: Served):
    app, screen = await app_of(served, "ana")
    await screen.wait_for(b"Goal", screen.press(b"\r"))

    def leave_last_step() -> None:
        lesson = app.screen
        assert isinstance(lesson, LessonScreen)
        lesson.take(StepOpened(lesson.run.lesson.steps[-1].id))
        lesson.take(StepSkipped())

    app.call_later(leave_last_step)
    await until(lambda: isinstance(app.screen, EndScreen) and bool(app.screen.query(Static)))
    words = str(app.screen.query_one(Static).render())
    assert "come to the end" in words
    assert "n: next lesson" in words
    assert "export" not in words
    screen.press(b"en")
    await until(lambda: isinstance(app.screen, LessonScreen) and not app.screen.run.finished)
    assert isinstance(app.screen, LessonScreen)
    assert app.screen.run.lesson.id == "gradients/numerical-differentiation"


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not holds():
            await asyncio.sleep(0)


async def test_no_palette_offers_screenshots_and_no_key_stops_the_process(served: Served):
    app, screen = await app_of(served, "ana")
    screen.press(b"\x10\x1a")  # Ctrl+P and Ctrl+Z
    await screen.wait_for(b"Everywhere", screen.press(b"\x1bOP"))
    assert b"Screenshot" not in screen.seen
    assert not app._driver.can_suspend  # type: ignore[union-attr]


async def test_cursors_do_not_blink(served: Served):
    app, _ = await app_of(served, "ana")
    for field in (Input(id="line"), TextArea(id="area")):
        await app.screen.mount(field)
        field.focus()
        async with asyncio.timeout(60):
            while not field.has_focus or field.cursor_blink:
                await asyncio.sleep(0)


async def test_the_loop_has_threads_and_tasks_of_its_own(served: Served):
    await app_of(served, "ana")
    loop = asyncio.get_running_loop()
    assert loop._default_executor is served.worker._threads  # type: ignore[attr-defined]
    assert loop.get_task_factory() is None
