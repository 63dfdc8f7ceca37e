"""Asks the terminal how many cells signs take: prints them, then asks where the cursor is.

The question is DSR, `ESC [ 6 n`; the answer, `ESC [ row ; column R`, comes in as if it were typed.
A terminal that does not answer costs `PATIENCE` seconds, once. Its mode is as before afterwards,
and an answer that comes late, while the other checks run, is thrown away: the shell never sees it.
"""

from __future__ import annotations

import os
import re
import select
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from time import monotonic
from typing import Final

from tutor.cli.doctor.finding import Widths
from tutor.cli.output import have_terminal
from tutor.i18n import Message, message

PATIENCE: Final = 2.0
"""Seconds that a terminal has for one answer: enough for an ssh line around the world."""
AMBIGUOUS: Final = "─→∇η"
"""Signs of the screens and lessons that take one cell, or two where East Asian fonts are meant."""
BRAILLE: Final = "⣿⡇"
"""Charts are drawn with these."""
WIDE: Final = "中"

_WHERE: Final = b"\x1b[6n"
_ANSWER: Final = re.compile(rb"\x1b\[\d+;(\d+)R")


@contextmanager
def measuring(environment: Mapping[str, str]) -> Iterator[Widths]:
    """Measure, and throw away what the terminal still answers until the block ends."""
    reason = _why_not(environment)
    if reason is not None:
        yield Widths(not_asked=reason)
        return
    sys.stdout.flush()
    with _unheard(sys.stdin.fileno()):
        yield _measure(sys.stdin.fileno(), sys.stdout.fileno())


def _why_not(environment: Mapping[str, str]) -> Message | None:
    """Return why the terminal cannot be asked, None if it can."""
    if not have_terminal(sys.stdin, sys.stdout):
        return message("not measured: input or output is no terminal")
    if environment.get("TERM", "dumb") in ("dumb", "unknown"):
        return message("not measured: TERM says that the terminal cannot be asked")
    if not writes_utf8(sys.stdout.encoding):
        return message("not measured: the output is not in UTF-8")
    if sys.platform == "win32":
        return message("not measured on this system")
    if os.tcgetpgrp(sys.stdin.fileno()) != os.getpgrp():
        return message("not measured: in the background")
    return None


def writes_utf8(encoding: str | None) -> bool:
    """Whether an encoding, by any of its names, is UTF-8."""
    return (encoding or "").lower().replace("-", "").replace("_", "") == "utf8"


@contextmanager
def _unheard(terminal: int) -> Iterator[None]:
    """Let what comes in be read at once and shown nowhere; leave the terminal as it was."""
    import termios  # noqa: PLC0415 - Windows has none

    before = termios.tcgetattr(terminal)
    quiet = termios.tcgetattr(terminal)
    quiet[3] &= ~(termios.ECHO | termios.ICANON)
    quiet[6][termios.VMIN], quiet[6][termios.VTIME] = 1, 0
    try:
        termios.tcsetattr(terminal, termios.TCSADRAIN, quiet)
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSAFLUSH, before)  # with what came in unread


def _measure(terminal: int, output: int) -> Widths:
    column = _column(terminal, output)
    if column is None:
        return Widths(not_asked=message("not measured: the terminal does not answer"))
    if column > 1:  # something stands on this line: leave it
        os.write(output, b"\n")
    ambiguous, braille, wide = (
        _cells(signs, terminal, output) for signs in (AMBIGUOUS, BRAILLE, WIDE)
    )
    return Widths(ambiguous, braille, wide)


def _cells(signs: str, terminal: int, output: int) -> int | None:
    """Return the cells that signs take at the beginning of the line; they are erased again."""
    os.write(output, b"\r" + signs.encode())
    column = _column(terminal, output)
    os.write(output, b"\r\x1b[K")
    return None if column is None else column - 1


def _column(terminal: int, output: int) -> int | None:
    """Return the cursor's column, counted from 1; None where no answer comes in time."""
    os.write(output, _WHERE)
    heard = b""
    end = monotonic() + PATIENCE
    while (left := end - monotonic()) > 0 and select.select([terminal], [], [], left)[0]:
        more = os.read(terminal, 1024)
        heard += more
        if answer := _ANSWER.search(heard):
            return int(answer[1])
        if not more:
            break
    return None
