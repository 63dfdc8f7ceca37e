"""What a terminal sends becomes what its learner did, however it is cut and however busy we are."""

from __future__ import annotations

import asyncio
import gc
import sys
import weakref
from collections.abc import Callable
from dataclasses import replace

import pytest
from textual import constants, events
from textual.message import Message

from tutor.server.admission.fair_queue import Turns
from tutor.server.options import Limits
from tutor.server.terminal.input import Sink, TerminalInput
from tutor.tui.type_ahead import MOST_REPEATS, Repeats

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
        if isinstance(message, Repeats):
            self.keys += [message.key.key] * message.times
        elif isinstance(message, events.Key):
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
    terminal = TerminalInput(app.sink(), many(), Turns().seat())
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
    terminal = TerminalInput(app.sink(), many(), Turns().seat())
    for count in range(1, 9):
        terminal.feed(SHIFT_DOWN)
        assert count == len(app.keys)
        app.waiting.pop()()
    terminal.close()


@pytest.mark.parametrize("cut", range(1, len(SHIFT_DOWN)))
async def test_a_sequence_that_comes_in_two_pieces_is_one_key(cut: int):
    app = BusyApp()
    terminal = TerminalInput(app.sink(), many(), Turns().seat())
    terminal.feed(SHIFT_DOWN[:cut])
    terminal.feed(SHIFT_DOWN[cut:])
    assert ["shift+down"] == app.keys
    terminal.close()


async def test_an_escape_of_which_no_more_comes_is_the_key():
    app = BusyApp()
    terminal = TerminalInput(app.sink(), many(), Turns().seat())
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
    terminal = TerminalInput(app.sink(), many(), Turns().seat())
    terminal.feed(keys)
    terminal.close()
    is_there = weakref.ref(app)
    del app, terminal
    gc.collect()
    assert None is is_there()


# --- turns


def done(app: BusyApp) -> None:
    app.waiting.pop(0)()


async def test_a_key_that_is_held_down_counts_in_one_turn_as_often_as_it_came():
    app = BusyApp()
    terminal = TerminalInput(app.sink(), many(), Turns().seat())
    terminal.feed(b"x")
    terminal.feed(SHIFT_DOWN * (MOST_REPEATS + 2))
    assert ["x"] == app.keys
    done(app)
    assert ["x", *["shift+down"] * MOST_REPEATS] == app.keys
    done(app)
    assert ["x", *["shift+down"] * (MOST_REPEATS + 2)] == app.keys
    terminal.close()


async def test_a_key_that_never_waits_comes_as_itself_however_often():
    """As one of many it would wait behind what opens: who wants to leave may leave."""
    given: list[Message] = []
    app = BusyApp()
    terminal = TerminalInput(replace(app.sink(), deliver=given.append), many(), Turns().seat())
    terminal.feed(b"\r\x11\x11\x03")
    while app.waiting:
        done(app)
    assert ["enter", "ctrl+q", "ctrl+q", "ctrl+c"] == [
        each.key for each in given if isinstance(each, events.Key)
    ]
    terminal.close()


async def test_other_keys_come_one_a_turn_in_their_order():
    app = BusyApp()
    terminal = TerminalInput(app.sink(), many(), Turns().seat())
    terminal.feed(b"aab")
    for expected in ("aa", "aab"):
        assert list(expected) == app.keys
        done(app)
    assert [] == app.waiting
    terminal.close()


async def test_who_presses_now_and_then_comes_before_those_who_hold_a_key_down():
    """However many they are, only the turn under way is waited for."""
    turns = Turns()
    apps = [BusyApp() for _ in range(9)]
    *holders, asker = (TerminalInput(each.sink(), many(), turns.seat()) for each in apps)
    for _ in range(3 * len(holders)):
        for each in holders:
            each.feed(b"\x1b[Bx")
        done(next(each for each in apps if each.waiting))
    asker.feed(b"a")
    assert [] == apps[-1].keys
    done(next(each for each in apps if each.waiting))
    assert ["a"] == apps[-1].keys
    for each in (*holders, asker):
        each.close()


async def test_those_who_hold_a_key_down_take_turns():
    turns = Turns()
    apps = [BusyApp() for _ in range(3)]
    terminals = [TerminalInput(each.sink(), many(), turns.seat()) for each in apps]
    order = []
    for _ in range(9):
        for each in terminals:
            each.feed(b"ab")
        (at_work,) = (each for each in apps if each.waiting)
        order.append(apps.index(at_work))
        done(at_work)
    assert [3, 3, 3] == [order.count(each) for each in range(3)]
    for each in terminals:
        each.close()


async def test_a_session_that_ends_while_it_waits_or_works_holds_nobody_up():
    turns = Turns()
    apps = [BusyApp() for _ in range(3)]
    first, second, third = (TerminalInput(each.sink(), many(), turns.seat()) for each in apps)
    for each in (first, second, third):
        each.feed(b"a")
    second.close()
    first.close()
    assert ["a"] == apps[2].keys
    third.close()


async def test_a_turn_that_does_not_end_lets_the_next_begin(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("tutor.server.admission.fair_queue._LONGEST_TURN", 0.01)
    turns = Turns()
    begun = asyncio.Event()
    turns.seat().ask(lambda: None)
    turns.seat().ask(begun.set)
    async with asyncio.timeout(10):
        await begun.wait()


@pytest.mark.parametrize("leaves", [True, False])
async def test_however_many_turns_are_none_the_next_begins(leaves: bool):
    """Hundreds have left while they waited, or find nothing to do when their turn comes."""
    turns, begun = Turns(), []
    first, last = turns.seat(), turns.seat()
    first.ask(lambda: None)
    seats = [turns.seat() for _ in range(2 * sys.getrecursionlimit())]
    for each in seats:
        each.ask(each.done)
        if leaves:
            each.leave()
    last.ask(lambda: begun.append("last"))
    first.done()
    assert ["last"] == begun


async def test_a_turn_that_does_not_end_pays_for_nothing_that_comes_after_it(
    monkeypatch: pytest.MonkeyPatch,
):
    """Its next key does not wait until the others have had as much as they took themselves."""
    cpu = 0.0
    monkeypatch.setattr("tutor.server.admission.fair_queue._LONGEST_TURN", 0.01)
    monkeypatch.setattr("tutor.server.admission.fair_queue.thread_time", lambda: cpu)
    turns, begun = Turns(), asyncio.Event()
    slow, busy = turns.seat(), turns.seat()
    slow.ask(lambda: None)
    busy.ask(begun.set)
    async with asyncio.timeout(10):
        await begun.wait()
    cpu = 5.0
    busy.done()
    slow.done()
    assert slow.had < 1 < busy.had
