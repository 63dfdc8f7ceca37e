"""What comes from a learner's terminal over SSH, no faster than a person could type.

Bytes are decoded as they come, and read in small pieces: what is above that speed waits, and the
client with it.
"""

from __future__ import annotations

import asyncio
import codecs
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from textual import events
from textual.message import Message
from textual.messages import InBandWindowResize

from tutor.server.admission.fair_queue import Bucket
from tutor.server.options import Limits
from tutor.tui.terminal import TerminalReader

_PAUSED_FROM: Final = 8_192
"""Characters that wait before the client must wait."""
_AT_ONCE: Final = 4
"""Events that are delivered before the app has done them."""
_QUICK: Final = 0.05
_LONGEST_REST: Final = 0.25
"""Seconds: after work that was not quick the others have as much time, at most this."""
_LONGEST_WAIT: Final = 0.1
_DROPPED: Final = (events.Resize, InBandWindowResize, events.CursorPosition)
"""The window's size comes from SSH alone: a client must not be able to type it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sink:
    """Where input goes."""

    deliver: Callable[[Message], None]
    pause: Callable[[], None]
    """Stop reading from the client."""
    resume: Callable[[], None]
    when_done: Callable[[Callable[[], None]], None]
    """Call back when all that was delivered has been done and painted."""
    is_behind: Callable[[], bool]
    """Whether the client does not read what it is sent."""


class TerminalInput:
    """The input of one session, on its event loop."""

    def __init__(self, sink: Sink, limits: Limits) -> None:
        self._sink, self._limits = sink, limits
        self._loop = asyncio.get_running_loop()
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._reader = TerminalReader(limits.paste)
        self._waiting = ""
        self._is_paused = self._is_closed = False
        now = self._loop.time()
        self._bytes = Bucket(limits.input_rate, now)
        self._events = Bucket(limits.events_rate, now)
        self._under_way = 0
        self._has_asked = False
        self._began = 0.0
        self._later: asyncio.TimerHandle | None = None
        self._tick: asyncio.TimerHandle | None = None

    def feed(self, data: bytes) -> None:
        """Take bytes as they came."""
        if self._is_closed:
            return
        self._bytes.refill(self._loop.time())
        self._bytes.take(len(data))
        self._waiting += self._decoder.decode(data)
        self._drain()

    def close(self) -> None:
        """Take nothing more."""
        self._is_closed = True
        self._waiting = ""
        self._reader.close()
        for handle in (self._later, self._tick):
            if handle is not None:
                handle.cancel()

    def _drain(self) -> None:
        self._later = None
        now = self._loop.time()
        self._bytes.refill(now)
        self._events.refill(now)
        while self._waiting and not self._must_wait():
            self._take_piece()
        if self._under_way and not self._has_asked:
            self._has_asked = True
            self._sink.when_done(self._rest)
        self._set_tick()
        must_wait = len(self._waiting) > _PAUSED_FROM or self._bytes.is_empty
        if must_wait != self._is_paused:
            self._is_paused = must_wait
            (self._sink.pause if must_wait else self._sink.resume)()
        if (self._waiting or must_wait) and not self._is_closed:
            self._later = self._loop.call_later(_LONGEST_WAIT, self._drain)

    def _must_wait(self) -> bool:
        return self._bytes.is_empty or self._events.is_empty or self._under_way >= _AT_ONCE

    def _deliver(self, message: Message) -> None:
        """Give the app an event; after a few, those that follow wait until it has done them."""
        self._events.take(1)
        self._under_way += 1
        if self._under_way == 1:
            self._began = self._loop.time()
        self._sink.deliver(message)

    def _rest(self) -> None:
        """The app has done what it was given: let the others work as long, and go on."""
        took = self._loop.time() - self._began
        if self._sink.is_behind():
            self._loop.call_later(_LONGEST_REST, self._go_on)
        elif took < _QUICK:
            self._go_on()
        else:
            self._loop.call_later(min(took, _LONGEST_REST), self._go_on)

    def _go_on(self) -> None:
        self._under_way, self._has_asked = 0, False
        if not self._is_closed:
            self._drain()

    def _take_piece(self) -> None:
        messages, self._waiting = self._reader.take(self._waiting)
        self._pass_on(messages)

    def _pass_on(self, messages: Iterable[Message]) -> None:
        for message in messages:
            if not isinstance(message, _DROPPED):
                self._deliver(message)

    def _set_tick(self) -> None:
        """Look again after the time within which the rest of a sequence would have come."""
        if self._tick is not None:
            self._tick.cancel()
            self._tick = None
        if self._is_closed:
            return
        self._tick = self._loop.call_later(self._reader.patience, self._on_tick)

    def _on_tick(self) -> None:
        self._tick = None
        if self._waiting:  # the rest of a sequence is here: it only waits for its turn
            self._set_tick()
        else:
            self._pass_on(self._reader.rest())
