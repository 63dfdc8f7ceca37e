"""Playing a run: which step is due, and the row with a track over the steps to scrub on.

The timer runs only while something is played.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.message_pump import MessagePump
from textual.reactive import reactive
from textual.timer import Timer
from textual.widget import Widget

from tutor.i18n import message, render

_FEWEST_CELLS = 8
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

    def toggle(self, step: int, steps: int) -> None:
        """Pause; or play from this step, from the start if it is the last."""
        if self.is_playing:
            self.stop()
        else:
            self.play(0 if step >= steps else step)

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


class LabTrack(Widget, can_focus=True):
    """`▶ step 37 of 100 ━━━━━●───┃─────  10 steps/s`; ┃ (╋ under the handle): another rule."""

    DEFAULT_CSS = """
    LabTrack {
        height: 1;
        width: 1fr;
        padding: 0 1;
        &:focus { background: $boost; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "go(-1)", "Back", show=False),
        Binding("right", "go(1)", "Forward", show=False),
        Binding("shift+left", "go(-10)", "Ten back", show=False),
        Binding("shift+right", "go(10)", "Ten forward", show=False),
        Binding("home", "go_to(0)", "Start", show=False),
        Binding("end", "go_to(-1)", "End", show=False),
        Binding("up", "app.focus_previous", "Previous", show=False),
        Binding("down", "app.focus_next", "Next", show=False),
    ]

    step: reactive[int] = reactive(0)
    """The step that is looked at."""
    steps: reactive[int] = reactive(1)
    """How many the run has."""
    branches: reactive[tuple[int, ...]] = reactive(())
    """The steps from which another rule holds."""
    is_playing: reactive[bool] = reactive(False)
    """Whether the run is being played."""
    speed: reactive[int] = reactive(10)
    """Steps a second."""

    @dataclass
    class Scrubbed(Message):
        """Another step is to be looked at."""

        track: LabTrack
        step: int

        @property
        def control(self) -> LabTrack:
            """The row."""
            return self.track

    class PlayPressed(Message):
        """The play or pause sign was clicked."""

    class SpeedPressed(Message):
        """The speed was clicked."""

    def render(self) -> Content:
        """Return the row."""
        head, tail = self._head, self._tail
        cells = self._cells
        handle = self._cell_of(self.step)
        track = ["━"] * handle + ["─"] * (cells - handle)
        for step in self.branches:
            track[self._cell_of(step)] = "┃"
        return Content.assemble(
            (head, "bold"),
            ("".join(track[:handle]), "$accent"),
            (self._sign(handle), "$accent bold"),
            ("".join(track[handle + 1 :]), "$text-muted"),
            (tail, "$text-muted"),
        )

    def _sign(self, handle: int) -> str:
        if any(self._cell_of(step) == handle for step in self.branches):
            return "╋"
        return "●" if self.has_focus else "○"

    @property
    def _head(self) -> str:
        sign = "❚❚" if self.is_playing else "▶ "
        width = len(str(self.steps))
        words = message("step {k} of {total} ", k=f"{self.step:>{width}}", total=self.steps)
        return f"{sign} {render(words)}"

    @property
    def _tail(self) -> str:
        return render(message("  {speed} steps/s", speed=self.speed))

    @property
    def _cells(self) -> int:
        room = self.content_size.width - cell_len(self._head) - cell_len(self._tail)
        return max(_FEWEST_CELLS, room)

    def _cell_of(self, step: int) -> int:
        return round(min(step, self.steps) / max(1, self.steps) * (self._cells - 1))

    def action_go(self, by: int) -> None:
        """Look so many steps on or back."""
        self._look_at(self.step + by)

    def action_go_to(self, step: int) -> None:
        """Look at a step; -1 is the last."""
        self._look_at(self.steps if step < 0 else step)

    def _look_at(self, step: int) -> None:
        self.post_message(self.Scrubbed(self, min(self.steps, max(0, step))))

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Press a sign, or take hold of the handle."""
        self.focus()
        x = event.x - 1
        if x < 2:
            self.post_message(self.PlayPressed())
        elif x >= cell_len(self._head) + self._cells:
            self.post_message(self.SpeedPressed())
        elif x >= cell_len(self._head):
            self.capture_mouse()
            self._scrub(event.x)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Drag the handle."""
        if self.app.mouse_captured is self:
            self._scrub(event.x)

    def on_mouse_up(self) -> None:
        """Let go of the handle."""
        self.release_mouse()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Look a step on."""
        event.stop()
        self.action_go(1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Look a step back."""
        event.stop()
        self.action_go(-1)

    def _scrub(self, x: int) -> None:
        cell = x - 1 - cell_len(self._head)
        self._look_at(round(cell / (self._cells - 1) * self.steps))
