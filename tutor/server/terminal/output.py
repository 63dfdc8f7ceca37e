"""What goes to a learner's terminal: never waits, and never piles up.

A frame that finds the last ones still unread is dropped; when the client has read them, the whole
screen is painted anew. A client that reads nothing for too long is let go.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

HIGH: Final = 131_072
"""Unread bytes from which frames are dropped: about three whole screens of 120×36."""
LOW: Final = 16_384
"""Unread bytes from which frames go out again."""
_LOOK_AGAIN: Final = 0.1
_LEAST_FRAME: Final = 32
"""What is shorter moves the cursor or sets a mode."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipe:
    """The way to the client."""

    write: Callable[[bytes], None]
    unread: Callable[[], int]
    """Bytes that wait in our process, in the channel and in the connection."""
    give_up: Callable[[], None]
    """The client reads nothing any more."""


class TerminalOutput:
    """The output of one session, on its event loop."""

    def __init__(self, pipe: Pipe, stalled_seconds: float) -> None:
        self._pipe = pipe
        self._stalled_seconds = stalled_seconds
        self._loop = asyncio.get_running_loop()
        self._frame: list[str] | None = None
        self._is_stale = self._is_closed = False
        self._repaint: Callable[[], None] = lambda: None
        self._on_drop: Callable[[], None] = lambda: None
        self._first_frame: Callable[[], None] | None = None
        self._least_unread = 0
        self._moved_at = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self.asked_at: float | None = None
        """When the first key came to which no frame has gone out yet."""
        self._on_answer: Callable[[float], None] = lambda _: None
        self.sent = 0
        """Bytes that went out."""
        self.dropped = 0
        """Frames that did not."""

    def on_resume(self, repaint: Callable[[], None]) -> None:
        """Call `repaint` when frames were dropped and there is room again."""
        self._repaint = repaint

    def on_drop(self, report: Callable[[], None]) -> None:
        """Call `report` when a frame does not go out: the terminal does not show it."""
        self._on_drop = report

    @property
    def is_stale(self) -> bool:
        """Whether the client is far behind: what is painted now would not go out."""
        return self._is_stale

    def on_first_frame(self, report: Callable[[], None]) -> None:
        """Call `report` once, when the first frame has gone out."""
        self._first_frame = report

    def on_answer(self, report: Callable[[float], None]) -> None:
        """Call `report` with the seconds from a key to the frame after it."""
        self._on_answer = report

    def begin_frame(self) -> None:
        """Keep what is written until the frame ends."""
        self._frame = []

    def end_frame(self, start: str, end: str) -> None:
        """Send what was written since the frame's beginning between two marks, or drop it."""
        parts, self._frame = self._frame or [], None
        if parts:
            self.write("".join([start, *parts, end]))

    def write(self, text: str) -> None:
        """Send text; nothing of it where the client is far behind."""
        if self._frame is not None:
            self._frame.append(text)
        elif self._is_stale or self._pipe.unread() > HIGH:
            self.dropped += 1
            self._become_stale()
            self._on_drop()
        else:
            self.write_always(text)
            if len(text) > _LEAST_FRAME:
                self._report()

    def _report(self) -> None:
        """A frame went out: say so where somebody waited for it."""
        if self._first_frame is not None:
            report, self._first_frame = self._first_frame, None
            report()
        if self.asked_at is not None:
            self._on_answer(self._loop.time() - self.asked_at)
            self.asked_at = None

    def write_always(self, text: str) -> None:
        """Send what a terminal must not miss: its modes, the words at the end."""
        if self._is_closed:
            return
        data = text.encode("utf-8", "replace")
        self.sent += len(data)
        try:
            self._pipe.write(data)
        except OSError:
            self._is_closed = True  # the client is gone

    def close(self) -> None:
        """Send nothing more."""
        self._is_closed = True
        if self._timer is not None:
            self._timer.cancel()

    def _become_stale(self) -> None:
        if self._is_stale or self._is_closed:
            return
        self._is_stale = True
        self._least_unread = self._pipe.unread()
        self._moved_at = self._loop.time()
        self._timer = self._loop.call_later(_LOOK_AGAIN, self._look)

    def _look(self) -> None:
        """See whether the client reads."""
        unread, now = self._pipe.unread(), self._loop.time()
        if unread < self._least_unread:
            self._least_unread, self._moved_at = unread, now
        if unread <= LOW:
            self._is_stale = False
            self._repaint()
        elif now - self._moved_at > self._stalled_seconds:
            self.close()
            self._pipe.give_up()
        else:
            self._timer = self._loop.call_later(_LOOK_AGAIN, self._look)
