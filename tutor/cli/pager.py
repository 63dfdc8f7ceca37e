"""Long output a screen at a time, where it goes to a person at a terminal."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from tutor.cli.output import have_terminal
from tutor.visible import print_visible, visible

_NO_PAGERS: Final = ("", "cat")
_CANNOT_START: Final = (126, 127)
"""What a shell answers for a command that is not there, or is none."""


def show_paged(text: str) -> None:
    """Print the text; through $PAGER, else `less` or `more`, where it is longer than the screen.

    Nothing is paged into a pipe or a file, nor where the terminal cannot move its cursor
    (TERM=dumb), nor where PAGER is `cat` or empty.
    """
    text = visible(text)  # a pager lets colours through
    pager = _pager()
    if pager is None or _fits(text) or not _paged_by(pager, text):
        print_visible(text, end="")


def _pager() -> str | None:
    """Return the command line of the pager; None where nothing is to be paged."""
    if not have_terminal(sys.stdin, sys.stdout) or os.environ.get("TERM", "dumb") == "dumb":
        return None
    named = os.environ.get("PAGER")
    if named is not None:
        return None if named.strip() in _NO_PAGERS else named
    if sys.platform == "win32":
        return None  # its `more` garbles what is not ASCII
    return shutil.which("less") or shutil.which("more")


def _fits(text: str) -> bool:
    return text.count("\n") < shutil.get_terminal_size().lines


def _paged_by(pager: str, text: str) -> bool:
    """Return whether the pager took the text: it may also be left before its end."""
    encoding = sys.stdout.encoding
    environment = {"LESS": "FRX", **os.environ}  # as git does: colours, and no screen of its own
    if encoding.lower().replace("-", "") == "utf8":
        environment.setdefault("LESSCHARSET", "utf-8")
    sys.stdout.flush()
    with _no_interrupts():
        process = subprocess.Popen(  # noqa: S602 - PAGER is a command line with options
            pager, shell=True, stdin=subprocess.PIPE, env=environment
        )
        assert process.stdin is not None  # noqa: S101 - a pipe
        with suppress(BrokenPipeError), process.stdin as pipe:
            pipe.write(text.encode(encoding, "replace"))
        return process.wait() not in _CANNOT_START


@contextmanager
def _no_interrupts() -> Iterator[None]:
    """Leave Ctrl+C to the pager: it stops a search there, and must not end us before it."""
    before = signal.getsignal(signal.SIGINT)
    signal.signal(signal.SIGINT, lambda *_: None)  # not ignored: the pager would inherit that
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
