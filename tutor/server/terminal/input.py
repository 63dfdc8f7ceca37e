"""What comes from a learner's terminal over SSH, no faster than a person could type.

Bytes are decoded as they come, and read in small pieces: what is above that speed waits, and the
client with it.
"""

from __future__ import annotations

import asyncio
import codecs
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from textual import events
from textual.message import Message
from textual.messages import InBandWindowResize

from tutor.server.admission.fair_queue import Bucket, Seat
from tutor.server.options import Limits
from tutor.tui.terminal import TerminalReader
from tutor.tui.type_ahead import MOST_REPEATS, NEVER_WAIT, Repeats

_PAUSED_FROM: Final = 8_192
"""Characters that wait before the client must wait."""
_REST: Final = 0.25
"""Seconds until a client that reads nothing may do more."""
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

    def __init__(self, sink: Sink, limits: Limits, seat: Seat) -> None:
        """`seat` is the session's among all of the process."""
        self._sink, self._limits, self._seat = sink, limits, seat
        self._loop = asyncio.get_running_loop()
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._reader = TerminalReader(limits.paste)
        self._waiting = ""
        self._is_paused = self._is_closed = False
        now = self._loop.time()
        self._bytes = Bucket(limits.input_rate, now)
        self._events = Bucket(limits.events_rate, now)
        self._kept: deque[tuple[Message, int]] = deque()
        """What is to be delivered, and how many times."""
        self._is_under_way = False
        """Whether a turn is asked for or taken."""
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
        self._kept.clear()
        self._reader.close()
        self._seat.leave()
        for handle in (self._later, self._tick):
            if handle is not None:
                handle.cancel()

    def _drain(self) -> None:
        if self._later is not None:
            self._later.cancel()
            self._later = None
        self._refill()
        if self._kept or (self._waiting and not self._is_too_fast):
            self._ask()
        self._set_tick()
        must_wait = len(self._waiting) > _PAUSED_FROM or self._bytes.is_empty
        if must_wait != self._is_paused:
            self._is_paused = must_wait
            (self._sink.pause if must_wait else self._sink.resume)()
        if (self._waiting or must_wait) and not self._is_closed:
            self._later = self._loop.call_later(_LONGEST_WAIT, self._drain)

    def _refill(self) -> None:
        now = self._loop.time()
        self._bytes.refill(now)
        self._events.refill(now)

    @property
    def _is_too_fast(self) -> bool:
        return self._bytes.is_empty or self._events.is_empty

    def _ask(self) -> None:
        if not self._is_under_way:
            self._is_under_way = True
            self._seat.ask(self._take_turn)

    def _take_turn(self) -> None:
        """It is our turn: give the app the next event, with what it makes needless or repeats."""
        self._refill()
        while self._waiting and not self._is_too_fast and len(self._kept) < 2:
            messages, self._waiting = self._reader.take(self._waiting)
            self._keep(messages)
        if not self._kept:
            self._go_on()
            return
        message, times = self._kept.popleft()
        if times > 1 and isinstance(message, events.Key):
            message = Repeats(message, times)
        self._sink.deliver(message)
        self._sink.when_done(self._rest)

    def _keep(self, messages: Iterable[Message]) -> None:
        """Keep events for our turns: of a key that is held down how often, of moves the last."""
        for message in messages:
            if isinstance(message, _DROPPED):
                continue
            self._events.take(1)
            last, times = self._kept[-1] if self._kept else (None, 0)
            if _is_again(message, last) and times < MOST_REPEATS:
                self._kept[-1] = (message, times + 1)
            elif isinstance(message, events.MouseMove) and isinstance(last, events.MouseMove):
                self._kept[-1] = (message, 1)
            else:
                self._kept.append((message, 1))

    def _rest(self) -> None:
        """The app has done what it was given: the others have their turn, and we go on."""
        self._seat.done()
        if self._sink.is_behind():
            self._loop.call_later(_REST, self._go_on)
        else:
            self._go_on()

    def _go_on(self) -> None:
        self._seat.done()
        self._is_under_way = False
        if not self._is_closed:
            self._drain()

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
            self._keep(self._reader.rest())
            if self._kept:
                self._ask()


def _is_again(message: Message, last: Message | None) -> bool:
    """Whether it is the key that came before, and may wait with it."""
    if not isinstance(message, events.Key) or not isinstance(last, events.Key):
        return False
    return message.key not in NEVER_WAIT and (message.key, message.character) == (
        last.key,
        last.character,
    )
