"""What a terminal sends becomes what its learner did, however it is cut and however busy we are."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import Callable
from dataclasses import replace

import pytest
from textual import constants, events
from textual.message import Message

from tutor.server.options import Limits
from tutor.server.terminal.input import Sink, TerminalInput

SHIFT_DOWN = b"\x1b[1;2B"


class BusyApp:
    """Takes what is delivered, and has done it only when it is let."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        self.waiting: list[Callable[[], None]] = []

    def sink(self) -> Sink:
        return Sink(
            deliver=self.take,
            pause=lambda: None,
            resume=lambda: None,
            when_done=self.waiting.append,
            is_behind=lambda: False,
        )

    def take(self, message: Message) -> None:
        message.set_sender(self)  # type: ignore[arg-type]
        if isinstance(message, events.Key):
            self.keys.append(message.key)


def many() -> Limits:
    """Limits that a burst of keys does not reach."""
    return replace(Limits(), events_rate=10_000, input_rate=1_000_000)


@pytest.mark.parametrize("delay", [constants.ESCAPE_DELAY, 0.01])
async def test_a_sequence_of_which_the_rest_waits_here_is_not_taken_for_the_escape_key(
    monkeypatch: pytest.MonkeyPatch, delay: float
):
    """The app is busy for longer than the rest of a sequence may take to come."""
    monkeypatch.setattr(constants, "ESCAPE_DELAY", delay)
    app = BusyApp()
    terminal = TerminalInput(app.sink(), many())
    terminal.feed(SHIFT_DOWN * 40)
    while app.waiting:
        await asyncio.sleep(max(2 * constants.ESCAPE_DELAY, 0.06))
        app.waiting.pop(0)()
        while not app.waiting and len(app.keys) < 40:
            await asyncio.sleep(0)
    assert ["shift+down"] * 40 == app.keys
    terminal.close()


async def test_a_key_that_comes_when_the_last_is_done_does_not_wait():
    """What an idle learner's time is: not time that the app took."""
    app = BusyApp()
    terminal = TerminalInput(app.sink(), many())
    for count in range(1, 9):
        terminal.feed(SHIFT_DOWN)
        assert count == len(app.keys)
        app.waiting.pop()()
    terminal.close()


@pytest.mark.parametrize("cut", range(1, len(SHIFT_DOWN)))
async def test_a_sequence_that_comes_in_two_pieces_is_one_key(cut: int):
    app = BusyApp()
    terminal = TerminalInput(app.sink(), many())
    terminal.feed(SHIFT_DOWN[:cut])
    terminal.feed(SHIFT_DOWN[cut:])
    assert ["shift+down"] == app.keys
    terminal.close()


async def test_an_escape_of_which_no_more_comes_is_the_key():
    app = BusyApp()
    terminal = TerminalInput(app.sink(), many())
    terminal.feed(b"\x1b")
    async with asyncio.timeout(10):
        while not app.keys:
            await asyncio.sleep(constants.ESCAPE_DELAY / 4)
    assert ["escape"] == app.keys
    terminal.close()


@pytest.mark.parametrize(
    "keys", [b"a", SHIFT_DOWN, b"\x1b[99;5u", b"\x1b[", b"\x1b[200~x\x1b[201~"]
)
async def test_of_a_session_that_is_over_nothing_stays(keys: bytes):
    """Textual keeps parsers, and a parser its last event, and an event the app that took it."""
    app = BusyApp()
    terminal = TerminalInput(app.sink(), many())
    terminal.feed(keys)
    terminal.close()
    is_there = weakref.ref(app)
    del app, terminal
    gc.collect()
    assert None is is_there()
