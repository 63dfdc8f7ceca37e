"""Textual's driver for a terminal at the other end of an SSH channel."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import Any, BinaryIO, Final, TextIO, cast

from rich.console import Console
from textual import events
from textual.app import App
from textual.driver import Driver
from textual.geometry import Size
from textual.message import Message

from tutor.i18n import message as words, render
from tutor.server.admission.fair_queue import Bucket, Seat
from tutor.server.options import Limits
from tutor.server.private.painting import keep_streams
from tutor.server.terminal.cells import ShownCells
from tutor.server.terminal.input import Sink, TerminalInput
from tutor.server.terminal.output import TerminalOutput
from tutor.tui.app import TutorApp
from tutor.tui.private import READS_KEYS, is_on
from tutor.tui.private.paint_once import PaintsOnce
from tutor.tui.terminal import ASK_GROUND, asks_ground, clamp

MOST: Final = Size(300, 120)
"""What a window may claim to be."""

_RESIZE_WAIT: Final = 0.05
"""Seconds within which a storm of window changes is one."""
_RESIZE_COST: Final = 0.01
_CELL_COST: Final = 2e-6
"""Seconds of work that a new size is, about, and what each of its cells adds."""
_RESIZE_BURST: Final = 0.15
"""Seconds of such work that need no wait: a window that is dragged."""
_RESIZE_SHARE: Final = 0.02
"""Of the time, after that: in a storm of sizes the others have the rest."""

_CURSOR: Final = len("\x1b[120;300H")
"""The longest that puts the cursor somewhere: all that is left of a frame that changes no cell."""

_LONGEST_WORK: Final = 0.5
"""Seconds for which keys wait at most until what came before them is done and painted."""

SYNC_START: Final = "\x1b[?2026h"
SYNC_END: Final = "\x1b[?2026l"
"""Between which a terminal shows nothing of a frame."""

_RICH_KEYS: Final = (
    "\x1b[?1000h\x1b[?1003h\x1b[?1015h\x1b[?1006h"  # mouse
    "\x1b[?1004h"  # focus
    "\x1b[>25u"  # kitty's keys
)
_START: Final = (
    "\x1b[?1049h"  # the other screen
    "\x1b[?25l"  # no cursor
    "\x1b[?2004h"  # bracketed paste
    "\x1b[?7l"  # no wrapping
    "\x1b[?2026$p"  # are whole frames understood?
)
_STOP: Final = (
    "\x1b[H\x1b[2J"  # where there is no other screen, nothing of ours stays
    "\x1b[?2004l\x1b[?7h"
    "\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l"
    "\x1b[<u"  # before the other screen is left: its keys are its own
    "\x1b[?1049l\x1b[?25h\x1b[?1004l"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """A learner's terminal, as the driver sees it."""

    output: TerminalOutput
    limits: Limits
    seat: Seat
    """Where its learner waits for a turn."""
    pause: Callable[[], None]
    resume: Callable[[], None]
    attach: Callable[[SshDriver], None]
    """Called with the driver when it takes input."""


class SshDriver(Driver):
    """Keys and window sizes from a channel, frames to it; all on the server's event loop."""

    def __init__(
        self,
        app: TutorApp,
        *,
        wire: Wire,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._tutor, self._clock = app, asyncio.get_running_loop()
        self._wire = wire
        self._input: TerminalInput | None = None
        self._wanted = Size(*(size or (80, 24)))
        self._resize: asyncio.TimerHandle | None = None
        self._is_resizing = self._must_resize = False
        self._resizing = Bucket(_RESIZE_SHARE, self._clock.time(), _RESIZE_BURST)
        self._is_pausing, self._pause = False, ExitStack()
        self._is_started = False
        self._end_of_frame = ""
        self.shown = ShownCells()
        """What the learner's terminal shows."""

    def feed(self, data: bytes) -> None:
        """Take bytes from the learner's terminal."""
        if self._input is not None:
            self._input.feed(data)

    def resize(self, columns: int, rows: int) -> None:
        """Take a new size of the learner's window; of many at once, the last."""
        self._wanted = clamp(columns, rows, MOST)
        self._must_resize = True
        if self._resize is None and not self._is_resizing:
            self._resize = self._clock.call_later(_RESIZE_WAIT, self._send_size)

    def _send_size(self) -> None:
        """Let the app lay itself out anew, unless nobody would see it."""
        self._resize = None
        if not self._is_started or self._wire.output.is_stale:
            return
        self._is_resizing = True
        self._take_size()
        self._after_refresh(self._end_resize)

    def _take_size(self) -> None:
        self._must_resize = False
        self.shown.forget()
        self.process_message(events.Resize(self._wanted, self._wanted))

    def _end_resize(self) -> None:
        """The new size is painted: the next one waits, so that the others have their share."""
        self._resizing.refill(self._clock.time())
        self._resizing.take(_RESIZE_COST + _CELL_COST * self._wanted.area)
        wait = max(self._resizing.wait, _RESIZE_WAIT)
        self._resize = self._clock.call_later(wait, self._rest_after_resize)

    def _rest_after_resize(self) -> None:
        self._resize, self._is_resizing = None, False
        if self._must_resize:
            self._send_size()

    def _pause_painting(self) -> None:
        """A frame was dropped: paint and lay out nothing until the client has caught up."""
        self.shown.forget()
        if not self._is_pausing:
            self._is_pausing = True
            self._pause.enter_context(self._tutor.batch_update())

    def _resume_painting(self) -> None:
        self._is_pausing = False
        self._pause.close()
        if self._must_resize and self._resize is None:
            self._send_size()
        self._tutor.refresh()

    def send_message(self, message: Message) -> None:
        """Give the app a message; we are on its loop."""
        self._tutor.post_message(message)

    def write(self, data: str) -> None:
        """Send a part of a frame, or a command to the terminal."""
        output = self._wire.output
        if data == SYNC_START:
            output.begin_frame()
        elif data == SYNC_END:
            output.end_frame(SYNC_START, SYNC_END)
        elif not self._end_of_frame.endswith(data):  # the cursor stands where it is put
            output.write(data)
            self._end_of_frame = data[-_CURSOR:]

    def start_application_mode(self) -> None:
        """Take the learner's terminal over."""
        wire = self._wire
        wire.output.write_always(_START + (_RICH_KEYS if is_on(READS_KEYS) else ""))
        if asks_ground(self._tutor):
            wire.output.write_always(ASK_GROUND)
        wire.output.on_drop(self._pause_painting)
        wire.output.on_resume(lambda: self._tell(self._resume_painting))
        self._is_started = True
        self._input = TerminalInput(
            Sink(
                deliver=self._take,
                pause=wire.pause,
                resume=wire.resume,
                when_done=self._when_painted,
                is_behind=lambda: wire.output.is_stale,
            ),
            wire.limits,
            wire.seat,
        )
        self._take_size()
        wire.attach(self)

    def _take(self, message: Message) -> None:
        if isinstance(message, events.MouseEvent) and not self._is_inside(message):
            return
        self.process_message(message)

    def _is_inside(self, event: events.MouseEvent) -> bool:
        return event.x < MOST.width and event.y < MOST.height

    def _after_refresh(self, call: Callable[[], None]) -> None:
        """Call back once when all is done and painted, after a while at the latest.

        Textual leaves the calls of a screen lying when another covers it before it was painted.
        """
        self._tutor.call_after_refresh(self._at_latest(call))

    def _when_painted(self, call: Callable[[], None]) -> None:
        """Call back once when what was typed is worked through, and painted without waiting."""
        in_time = self._at_latest(call)

        def paint() -> None:
            screen = self._tutor.screen
            if isinstance(screen, PaintsOnce) and not self._is_pausing:
                screen.paint_now()
            in_time()

        self._tell(lambda: self._tutor.type_ahead.when_at_rest(paint))

    def _at_latest(self, call: Callable[[], None]) -> Callable[[], None]:
        """Return what calls back once, which happens after a while if it was not called by then."""
        later: asyncio.TimerHandle

        def call_once() -> None:
            if not later.cancelled():
                later.cancel()
                call()

        later = self._clock.call_later(_LONGEST_WORK, call_once)
        return call_once

    def _tell(self, call: Callable[[], object]) -> None:
        """Let the app do something as its own: in its task, and in its learner's language."""
        self._tutor.call_later(call)

    def disable_input(self) -> None:
        """Take no more keys."""
        if self._input is not None:
            self._input.close()
        if self._resize is not None:
            self._resize.cancel()

    def stop_application_mode(self) -> None:
        """Give the learner's terminal back as it was."""
        self.disable_input()
        self._is_started = False
        self._wire.output.on_resume(lambda: None)
        self._wire.output.write_always(_STOP)

    def open_url(self, url: str, *_how: Any, **_named: Any) -> None:
        """Show an address: a browser would open on the server."""
        self._tell(lambda: self._tutor.notify(url, timeout=20))

    def deliver_binary(self, binary: BinaryIO | TextIO, *_how: Any, **_named: Any) -> None:
        """Refuse a file: it would stand on the server."""
        binary.close()
        refusal = words("In a workshop nothing can be saved to a file.")
        self._tell(lambda: self._tutor.notify(render(refusal)))


def prepare_process() -> None:
    """Keep tasks on the running loop as Python makes them; call it before the first app.

    On Python 3.12 and later every app of Textual makes all tasks of its loop eager. Asyncssh cannot
    bear that: its authentication begins before the connection knows of it, and answers nothing.
    """
    loop = asyncio.get_running_loop()
    loop.set_task_factory(None)
    if hasattr(asyncio, "eager_task_factory"):
        vars(loop)["set_task_factory"] = _keep_factory


def _keep_factory(factory: object) -> None:
    """Let the loop's tasks be as they are, whatever factory is offered."""


def serve_app(app: App[Any], wire: Wire) -> None:
    """Tie an app that does not run yet to a learner's terminal, and to nothing of this process."""
    app.driver_class = cast("type[Driver]", partial(SshDriver, wire=wire))
    keep_streams(app)
    app.console = Console(  # all is said here: nothing comes from the server's own environment
        color_system="truecolor",  # what the terminal lacks, `colours` takes out
        file=io.StringIO(),
        width=MOST.width,
        height=MOST.height,
        no_color=False,
        markup=True,
        highlight=False,
        emoji=False,
        legacy_windows=False,
        force_jupyter=False,
        force_terminal=True,
        force_interactive=False,
        safe_box=False,
        soft_wrap=False,
    )
