"""Textual's driver for one's own terminal, with what comes from it read by a reader of ours.

And its own parser of keys, for that reader.
"""

from __future__ import annotations

import codecs
import os
import selectors
import sys
import time
from collections.abc import Iterable, Iterator
from typing import Any, Final, Protocol, TextIO, cast

from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

CLEAR: Final = "\x1b[H\x1b[2J"
_LOOK_EVERY: Final = 0.1
"""Seconds; whoever ends the program waits no longer for the reader."""
_MOST_BYTES: Final = 4096


class Guard(Protocol):
    """What the driver asks."""

    def size(self) -> tuple[int, int]:
        """Return the size of the terminal, as far as it can be painted."""

    def question(self) -> str:
        """Return what the terminal is asked at the start, and never waited for."""

    def read(self, text: str) -> Iterator[Message]:
        """Return what was sent."""

    @property
    def patience(self) -> float:
        """Seconds of silence after which `rest` is to be called."""

    def rest(self) -> Iterable[Message]:
        """Take a silence."""


class LocalDriver(LinuxDriver):
    """Keys of one's own terminal by a guard; pictures go out where there is a terminal."""

    def __init__(
        self,
        app: App[Any],
        *,
        guard: Guard,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size or guard.size())
        self._guard = guard
        if sys.__stdout__ is not None and sys.__stdout__.isatty():  # also in `nabla 2>log`
            self._file = sys.__stdout__

    def start_application_mode(self) -> None:
        """Take the terminal over, and ask it; no one waits for what it says."""
        super().start_application_mode()  # type: ignore[no-untyped-call]
        question = self._guard.question()
        if question and self._writer_thread is not None:
            self.write(question)
            self.flush()

    def stop_application_mode(self) -> None:
        """Give the terminal back; where it has no other screen, nothing of ours stays on it."""
        if self._writer_thread is not None:
            self.write(CLEAR)
        super().stop_application_mode()

    def run_input_thread(self) -> None:
        """Read what comes until the program ends."""
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        heard = time.monotonic()
        keyboard = cast(TextIO, sys.__stdin__).fileno()
        with selectors.SelectSelector() as selector:
            selector.register(keyboard, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if selector.select(_LOOK_EVERY):
                    try:
                        sent = os.read(keyboard, _MOST_BYTES)
                    except OSError:
                        return
                    if not sent:  # the terminal is gone
                        return
                    self._tell(self._guard.read(decoder.decode(sent)))
                    heard = time.monotonic()
                elif time.monotonic() - heard >= self._guard.patience:
                    self._tell(self._guard.rest())

    def _tell(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self.process_message(message)


def textual_parser() -> Any:
    """Return Textual's own parser."""
    from textual._xterm_parser import XTermParser  # noqa: PLC0415 — where it is there

    return XTermParser()
