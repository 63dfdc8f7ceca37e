"""Playing a run: which step is due, at a speed in steps a second. The timer runs only meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable

from textual.message_pump import MessagePump
from textual.timer import Timer

FRAMES = 60
"""Frames a second, where the machine keeps up; 30 are held with room to spare."""
_LONGEST_FRAME = 0.1
"""Seconds: after a longer pause the run goes on where it was seen last."""
SPEEDS = (1, 3, 10, 30, 100, 300, 1_000, 10_000, 100_000)
"""Steps a second."""


class Playback:
    """Tells which step is due at each frame, until it is stopped."""

    def __init__(self, pump: MessagePump, show: Callable[[int], None]) -> None:
        self._pump = pump
        self._show = show
        self._timer: Timer | None = None
        self._position = 0.0
        self._ticked = 0.0
        self.speed = 10

    @property
    def is_playing(self) -> bool:
        """Whether frames are being shown."""
        return self._timer is not None

    def play(self, step: int) -> None:
        """Go on from `step`."""
        self.stop()
        self._position = float(step)
        self._ticked = time.monotonic()
        self._timer = self._pump.set_interval(1 / FRAMES, self._tick)

    def stop(self) -> None:
        """Stay where it is."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def go_to(self, step: int) -> None:
        """Play on from another step."""
        self._position = float(step)

    def next_speed(self, by: int = 1) -> None:
        """Play faster or slower; after the fastest comes the slowest."""
        self.speed = SPEEDS[(SPEEDS.index(self.speed) + by) % len(SPEEDS)]

    def _tick(self) -> None:
        """Go as far as the time since the last tick says: a slow frame does not slow the run."""
        before, now = int(self._position), time.monotonic()
        self._position += self.speed * min(now - self._ticked, _LONGEST_FRAME)
        self._ticked = now
        if int(self._position) != before:
            self._show(int(self._position))
