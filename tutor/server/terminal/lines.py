"""Lessons as lines over SSH: for screen readers, slow links, and terminals that cannot do more.

Plain mode asks and waits, so it runs in a thread of its own; only bytes pass to and from the loop.
"""

from __future__ import annotations

import asyncio
import codecs
import io
from collections.abc import Callable
from contextvars import copy_context
from queue import SimpleQueue
from threading import Thread
from typing import Final

from rich.cells import cell_len

from tutor.i18n import Message, render

_LONGEST_LINE: Final = 4_096
"""Signs; what is typed beyond is not taken."""
_MOST_WAITING: Final = 64
"""Lines that wait before the client must."""
_ESCAPE: Final = "\x1b"
_ENTER, _ERASE, _KILL, _INTERRUPT, _END = "\r\n", "\b\x7f", "\x15", "\x03", "\x04"


class LineEditor:
    """Makes lines of keys, and shows what is typed, as a terminal's own line editing does."""

    def __init__(self, show: Callable[[str], None]) -> None:
        self._show = show
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._line = self._sequence = ""
        self._last = ""

    def feed(self, data: bytes) -> list[str | None]:
        """Return the lines that are complete; None where Ctrl+C or Ctrl+D asks to leave."""
        lines: list[str | None] = []
        for sign in self._decoder.decode(data):
            if not self._is_of_sequence(sign):
                self._take(sign, lines)
            self._last = sign
        return lines

    def _is_of_sequence(self, sign: str) -> bool:
        """Whether a sign belongs to an arrow or another key that means nothing here."""
        if sign == _ESCAPE or (self._sequence == _ESCAPE and sign in "[O"):
            self._sequence += sign
            return True
        if not self._sequence:
            return False
        if self._sequence == _ESCAPE or "@" <= sign <= "~":
            self._sequence = ""
        return True

    def _take(self, sign: str, lines: list[str | None]) -> None:
        if sign in _ENTER:
            if (self._last, sign) != ("\r", "\n"):
                lines.append(self._line + "\n")
                self._line = ""
                self._show("\n")
        elif sign in _ERASE:
            self._erase(1)
        elif sign == _KILL:
            self._erase(len(self._line))
        elif sign == _INTERRUPT or (sign == _END and not self._line):
            lines.append(None)
        elif sign.isprintable() and len(self._line) < _LONGEST_LINE:
            self._line += sign
            self._show(sign)

    def _erase(self, count: int) -> None:
        gone = self._line[len(self._line) - count :] if self._line else ""
        self._line = self._line[: len(self._line) - len(gone)]
        self._show("\b \b" * cell_len(gone))


class LineTerminal(io.TextIOBase):
    """The two streams of plain mode, at the other end of which a learner types.

    Written to and read from in the thread, fed on the loop.
    """

    def __init__(
        self,
        write: Callable[[str], None],
        *,
        is_terminal: bool,
        pause: Callable[[], None],
        resume: Callable[[], None],
    ) -> None:
        """A client's terminal shows nothing by itself; without one, its own tty does."""
        self._loop = asyncio.get_running_loop()
        self._write, self._newline = write, "\r\n" if is_terminal else "\n"
        self._editor = LineEditor(self._send if is_terminal else _show_nothing)
        self._pause, self._resume = pause, resume
        self._is_over = self._is_paused = False
        self._lines: SimpleQueue[str | None] = SimpleQueue()

    def feed(self, data: bytes) -> None:
        """Take what the learner types."""
        for line in self._editor.feed(data):
            self._lines.put("" if line is None else line)
        if self._lines.qsize() > _MOST_WAITING and not self._is_paused:
            self._is_paused = True
            self._pause()

    def end_input(self) -> None:
        """Nothing more is typed: what was typed is answered, then the learner leaves."""
        self._lines.put("")

    def close(self) -> None:
        """Leave now: nothing more is asked."""
        self._is_over = True
        self._lines.put(None)

    def readline(self, _size: int | None = -1) -> str:  # type: ignore[override]  # text
        """Return the next line, "" at the end.

        Raises:
            OSError: The session is over.
        """
        line = None if self._is_over else self._lines.get()
        if self._is_paused and self._lines.empty():
            self._loop.call_soon_threadsafe(self._go_on)
        if line is None or self._is_over:
            raise OSError
        return line

    def write(self, text: str) -> int:
        """Send text."""
        self._loop.call_soon_threadsafe(self._send, text)
        return len(text)

    def say(self, words: Message) -> None:
        """Say a sentence of the server's between the lines."""
        self._send(f"\n{render(words)}\n")

    def _send(self, text: str) -> None:
        self._write(text.replace("\n", self._newline))

    def _go_on(self) -> None:
        if self._is_paused:
            self._is_paused = False
            self._resume()


def _show_nothing(_typed: str) -> None:
    """The client's own terminal shows it."""


async def in_thread(work: Callable[[], None]) -> None:
    """Run something that waits for a learner in a thread of its own, in this context."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()

    def tell(error: BaseException | None) -> None:
        if done.cancelled():
            return
        if error is None:
            done.set_result(None)
        else:
            done.set_exception(error)

    def run() -> None:
        failure: BaseException | None = None
        try:
            work()
        except BaseException as error:
            failure = error
        loop.call_soon_threadsafe(tell, failure)

    Thread(target=copy_context().run, args=(run,), name="plain", daemon=True).start()
    await done
