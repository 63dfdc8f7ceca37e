"""A real terminal for whole-program tests: a pty, and an emulator that keeps its screen.

    with Terminal([sys.executable, "-m", "tutor"], home=tmp_path) as terminal:
        terminal.wait_for("Continue")
        terminal.press("enter")

Tests wait for what a learner would see, never for a time. `TIMEOUT` is only how long a
broken program may keep a test; no test is faster or slower for it.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import tests.warm
from tests.emulator import Cell, Emulator

__all__ = ["TIMEOUT", "Cell", "Terminal", "key_bytes"]

TIMEOUT: Final = 60.0
PROGRAM: Final = (sys.executable, "-m", "tutor")

_CONTROL_BYTES: Final = re.compile(rb"\x1b\[[0-?]*[ -/]*[@-~]")

_NAMED_KEYS: Final = {
    "enter": "\r", "tab": "\t", "shift+tab": "\x1b[Z", "escape": "\x1b", "space": " ",
    "backspace": "\x7f", "f1": "\x1bOP", "f2": "\x1bOQ", "f3": "\x1bOR", "f4": "\x1bOS",
    "f5": "\x1b[15~", "f6": "\x1b[17~", "f7": "\x1b[18~", "f8": "\x1b[19~", "f9": "\x1b[20~",
    "f10": "\x1b[21~", "f11": "\x1b[23~", "f12": "\x1b[24~",
}  # fmt: skip
_LETTER_KEYS: Final = {"up": "A", "down": "B", "right": "C", "left": "D", "end": "F", "home": "H"}
_NUMBER_KEYS: Final = {"insert": 2, "delete": 3, "pageup": 5, "pagedown": 6}
_MODIFIERS: Final = {"shift": 1, "alt": 2, "ctrl": 4}


class Terminal(Emulator):
    """A program that runs in a terminal of `columns` × `rows`."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        home: Path,
        columns: int = 80,
        rows: int = 24,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        warm: bool = False,
    ) -> None:
        """With `warm`, a command `python -m tutor …` is a fork that has its imports already."""
        super().__init__(columns, rows)
        self.master, slave = os.openpty()
        try:
            self.claim_size(columns, rows)
            self.process = _start(command, _environment(home, env or {}), cwd, slave, warm=warm)
        finally:
            os.close(slave)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    # --- what a learner does

    def press(self, *keys: str) -> None:
        """Press keys, named as Textual names them (`a`, `enter`, `shift+left`, `ctrl+q`).

        A lone Esc that is followed at once by another key is Alt with that key, here as in
        any terminal: wait for what the Esc does before the next key.
        """
        self.type("".join(map(key_bytes, keys)))

    def type(self, text: str) -> None:
        """Type text as it is."""
        self.send(text.encode())

    def send(self, sent: bytes) -> None:
        """Send bytes, be they text or not."""
        os.write(self.master, sent)

    def click(self, column: int, row: int) -> None:
        """Press and release the left button on a cell, counted from 0."""
        self._mouse(0, column, row, "M")
        self._mouse(0, column, row, "m")

    def click_on(self, text: str) -> None:
        """Click in the middle of `text`, as it stands on the screen."""
        column, row = self.find(text)
        self.click(column + len(text) // 2, row)

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Press the left button on `start`, move to `end` and release."""
        self._mouse(0, *start, "M")
        self._mouse(32, *end, "M")
        self._mouse(0, *end, "m")

    def wheel(self, column: int, row: int, *, down: bool) -> None:
        """Turn the wheel by one notch over a cell."""
        self._mouse(65 if down else 64, column, row, "M")

    def paste(self, text: str) -> None:
        """Paste text, as a terminal in bracketed mode does."""
        self.type(f"\x1b[200~{text}\x1b[201~")

    def resize(self, columns: int, rows: int) -> None:
        """Change the size of the terminal's window."""
        self.resize_screen(columns, rows)
        self.claim_size(columns, rows)

    def hang_up(self) -> None:
        """Close the window: the program gets SIGHUP and a dead terminal."""
        os.close(self.master)
        self.master = -1

    def kill(self) -> None:
        """Kill the program as `kill -9` does, and wait until it is gone."""
        self.process.kill()
        self.process.wait(TIMEOUT)

    def signal(self, number: signal.Signals) -> None:
        """Send the program a signal."""
        self.process.send_signal(number)

    # --- waiting

    def wait_for(
        self, condition: str | Callable[[Terminal], object], timeout: float = TIMEOUT
    ) -> None:
        """Read the program's output until the text is on the screen or the condition holds."""
        if isinstance(condition, str):
            wanted = condition
            self._read_until(lambda: self.shows(wanted), repr(wanted), timeout)
        else:
            holds = condition
            self._read_until(lambda: bool(holds(self)), "the condition", timeout)

    def wait_until_gone(self, text: str, timeout: float = TIMEOUT) -> None:
        """Read the program's output until the text is no longer on the screen."""
        self._read_until(lambda: not self.shows(text), f"the end of {text!r}", timeout)

    def wait_for_output(self, text: str, timeout: float = TIMEOUT) -> None:
        """Read until the text was written, without emulating the screen: for benchmarks."""
        written = b""
        for chunk in self._output(timeout):
            written += chunk
            if text.encode() in _CONTROL_BYTES.sub(b"", written):
                return
        raise AssertionError(f"{text!r} was not written")

    def wait_for_exit(self, timeout: float = TIMEOUT) -> int:
        """Read the rest of the output and return the exit status (negative: the signal)."""
        if self.master >= 0:
            for _ in self._chunks(timeout):
                pass
        return self.process.wait(timeout)

    def close(self) -> None:
        """End the program, if it still runs, and the terminal."""
        if self.process.poll() is None:
            self.kill()
        if self.master >= 0:
            os.close(self.master)
            self.master = -1

    def _read_until(self, holds: Callable[[], bool], wanted: str, timeout: float) -> None:
        if self.is_whole_frame and holds():
            return
        for _ in self._chunks(timeout):
            if self.is_whole_frame and holds():
                return
        if self.process.poll() is None:
            ending = f"within {timeout:g} s"
        else:
            ending = f"before the program ended ({self.process.returncode})"
        raise AssertionError(f"{wanted} did not come {ending}:\n{self.picture()}")

    def _chunks(self, timeout: float) -> Iterator[None]:
        """Take the output in, a piece at a time, until it ends or the time is over."""
        for output in self._output(timeout):
            self.take(output)
            yield

    def _output(self, timeout: float) -> Iterator[bytes]:
        """Yield what the program writes until it ends or the time is over."""
        end = time.monotonic() + timeout
        while (left := end - time.monotonic()) > 0:
            if not select.select([self.master], [], [], left)[0]:
                return
            try:
                output = os.read(self.master, 65536)
            except OSError:  # Linux: nobody has the terminal open any more
                output = b""
            if not output:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self.process.wait(left)
                return
            yield output

    def _mouse(self, button: int, column: int, row: int, final: str) -> None:
        self.type(f"\x1b[<{button};{column + 1};{row + 1}{final}")

    def claim_size(self, columns: int, rows: int) -> None:
        """Tell the program a size, whatever the screen's is."""
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def key_bytes(key: str) -> str:
    r"""Return what a terminal sends for a key.

    >>> key_bytes("shift+left"), key_bytes("ctrl+q"), key_bytes("x")
    ('\x1b[1;2D', '\x11', 'x')
    """
    if key in _NAMED_KEYS:
        return _NAMED_KEYS[key]
    *names, plain = key.split("+") if len(key) > 1 else [key]
    modifier = 1 + sum(_MODIFIERS[name] for name in names)
    if plain in _LETTER_KEYS:
        return f"\x1b[{'' if modifier == 1 else f'1;{modifier}'}{_LETTER_KEYS[plain]}"
    if plain in _NUMBER_KEYS:
        return f"\x1b[{_NUMBER_KEYS[plain]}{'' if modifier == 1 else f';{modifier}'}~"
    return _character(plain, names)


def _character(plain: str, names: list[str]) -> str:
    if len(plain) != 1:
        raise ValueError(f"there is no key {plain!r}")
    if "ctrl" in names:
        plain = chr(ord(plain.upper()) & 0x1F)
    elif "shift" in names:
        plain = plain.upper()
    return f"\x1b{plain}" if "alt" in names else plain


def _environment(home: Path, changes: Mapping[str, str]) -> dict[str, str]:
    """Return an environment that does not depend on who runs the tests, nor where."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "NABLA_HOME": str(home / "nabla"),
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LANG": "C.UTF-8",
        "NABLA_LANG": "en",
        "PYTHONPATH": str(Path(__file__).parents[1]),
        **changes,
    }


def _start(
    command: Sequence[str],
    environment: Mapping[str, str],
    folder: Path | None,
    slave: int,
    *,
    warm: bool,
) -> subprocess.Popen[bytes] | tests.warm.Process:
    if warm and tuple(command[:3]) == PROGRAM and tests.warm.can_start(environment):
        return tests.warm.start(command[3:], environment, folder, (slave, slave, slave))
    return subprocess.Popen(
        command, stdin=slave, stdout=slave, stderr=slave, cwd=folder, env=environment,
        start_new_session=True,
        preexec_fn=_take_terminal,  # noqa: PLW1509 - it takes no lock
    )  # fmt: skip


def _take_terminal() -> None:
    """Make standard input the controlling terminal of the new session, with its signals.

    Tests that run in the background or under nohup hand signals down as ignored.
    """
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
