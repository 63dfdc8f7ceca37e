"""A learner's terminal shows what the app paints, whatever was sent of it; and Textual's parts."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import asyncssh
import pyte
import pytest
from textual._compositor import LayoutUpdate

from tests.server.clients import HELP, ON_MAP, Screen, terminal
from tests.server.served import Served
from tests.server.test_cells import NO_WRAP, picture
from tests.terminal import TIMEOUT
from tutor.server.terminal.output import HIGH
from tutor.server.terminal.session import TerminalSession

RIGHT, LEFT, ESCAPE = b"\x1b[C", b"\x1b[D", b"\x1b"


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    served = Served(tmp_path)
    yield served
    await served.close()
    gc.unfreeze()


class Watched(Screen):
    """A terminal whose screen can be looked at."""

    def __init__(self, columns: int, rows: int) -> None:
        super().__init__()
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)

    def data_received(self, data: bytes, datatype: asyncssh.DataType) -> None:
        super().data_received(data, datatype)
        for each in (b"\x1b[>25u", b"\x1b[?2026$p"):  # which pyte would print
            data = data.replace(each, b"")
        self._stream.feed(data)


def painted(session: TerminalSession) -> object:
    """Return what a terminal shows that is sent the whole screen by Textual itself."""
    app = session._app
    assert app is not None
    width, height = app.size
    with app._context():
        strips = [[each] for each in app.screen._compositor.render_strips()]
    update = LayoutUpdate(strips, app.size.region)  # type: ignore[arg-type]
    screen = pyte.Screen(width, height)
    pyte.Stream(screen).feed(NO_WRAP + update.render_segments(app.console))
    return picture(screen)


async def come_in(served: Served, name: str, **options: object) -> tuple[Watched, TerminalSession]:
    connection = await served.connect(name)
    size = (100, 30)
    _, screen = await connection.create_session(
        lambda: Watched(*size), term_type="xterm-256color", term_size=size, encoding=None, **options
    )  # type: ignore[arg-type]
    await screen.wait_for(ON_MAP if not options else "未开始".encode())
    return screen, served.worker.presence._sessions[name]


async def shows_the_same(screen: Watched, session: TerminalSession) -> None:
    """Wait until the terminal shows what the app paints."""
    async with asyncio.timeout(TIMEOUT):
        while painted(session) != picture(screen.screen):
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("language", ["en", "zh_CN.UTF-8"])
async def test_a_terminal_shows_what_is_painted(served: Served, language: str):
    options = {} if language == "en" else {"env": {"LANG": language}}
    screen, session = await come_in(served, "ana", **options)
    keys = (b"\x1b[B", b"\x1b[A", b"\r", RIGHT, RIGHT, LEFT, HELP, ESCAPE, b"h", b"s", b"m", b"L")
    for key in keys:
        screen.press(key)
        await asyncio.sleep(0.1)
        await shows_the_same(screen, session)


async def test_a_terminal_whose_frames_were_dropped_is_painted_anew(
    served: Served, monkeypatch: pytest.MonkeyPatch
):
    screen, session = await come_in(served, "ana")
    output = session.output
    assert output is not None
    with monkeypatch.context() as patch:
        patch.setattr(output, "_pipe", _Full(output._pipe))
        screen.press(HELP)
        async with asyncio.timeout(TIMEOUT):
            while not output.dropped:
                await asyncio.sleep(0.05)
        assert painted(session) != picture(screen.screen)
    await shows_the_same(screen, session)


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(TIMEOUT):
        while not holds():
            await asyncio.sleep(0.05)


async def test_for_a_client_that_reads_nothing_nothing_is_painted_nor_laid_out(
    served: Served, monkeypatch: pytest.MonkeyPatch
):
    screen, session = await come_in(served, "ana")
    output, app = session.output, session._app
    assert output is not None
    assert app is not None
    before = app.screen
    with monkeypatch.context() as patch:
        patch.setattr(output, "_pipe", _Full(output._pipe))
        screen.press(HELP)
        await until(lambda: output.is_stale and app.screen is not before)
        is_quiet = asyncio.Event()  # what was on its way when the frame was dropped is done
        app.screen.call_after_refresh(is_quiet.set)
        await is_quiet.wait()
        painted_since: list[object] = []
        patch.setattr(app.screen._compositor, "render_update", lambda **_: painted_since.append(1))
        patch.setattr(before._compositor, "render_update", lambda **_: painted_since.append(1))
        screen.channel.change_terminal_size(130, 40)
        screen.press(ESCAPE)
        await until(lambda: app.screen is before)
        screen.press(HELP)
        await until(lambda: app.screen is not before)
        assert [] == painted_since
        assert (100, 30) == app.size
    screen.screen.resize(40, 130)
    await until(lambda: app.size == (130, 40))
    await shows_the_same(screen, session)


class _Full:
    """A pipe in which too much waits."""

    def __init__(self, pipe: object) -> None:
        self._pipe = pipe

    def __getattr__(self, name: str) -> object:
        return getattr(self._pipe, name)

    def unread(self) -> int:
        return HIGH + 1


async def test_a_window_of_another_size_is_painted_anew(served: Served):
    screen, session = await come_in(served, "ana")
    screen.screen.resize(40, 130)
    screen.screen.reset()
    screen.channel.change_terminal_size(130, 40)
    async with asyncio.timeout(TIMEOUT):
        while session._app is None or session._app.size != (130, 40):
            await asyncio.sleep(0.05)
    await shows_the_same(screen, session)


async def test_a_parameter_change_is_short(served: Served):
    """At most 3 KB; a whole picture takes more than twice as much."""
    screen = await terminal(await served.connect("ana"), (120, 36))
    await screen.wait_for(ON_MAP)
    await screen.wait_for(b"Goal", screen.press(b"\r"))
    await asyncio.sleep(0.5)
    before = screen.press(RIGHT)
    await screen.wait_for(lambda seen: len(seen) > 100, before)
    await asyncio.sleep(0.5)
    assert len(screen.seen) - before < 3 * 1024
