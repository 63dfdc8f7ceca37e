"""One process of the sandbox: started, listened to, stopped in time, and always reaped.

Three threads of its own feed and read the pipes, so that nothing the program does (a full pipe, a
pipe held open by a grandchild, no output at all) can keep the one that watches the clock waiting.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from queue import Empty, SimpleQueue
from time import monotonic
from typing import IO

from tutor.sandbox.bubblewrap import (
    ENVIRONMENT,
    INSIDE,
    RUNNER,
    bubblewrap_command,
    find_bubblewrap,
    python_command,
)
from tutor.sandbox.cgroup import Group, open_group
from tutor.sandbox.protection import Protection

_MOST_ANSWERED = 16_000_000
"""Bytes of results that are read from one process."""
_OURS = re.compile(
    rf'(?m)^ *File "(?:{re.escape(INSIDE)}|{re.escape(str(RUNNER))})", line .*\n?(?: {{4}}.*\n?)*'
)
"""What Python prints of a place in the runner, as part of a traceback."""
_CHUNK = 65_536
_LAST_WORDS = 1.0
"""Seconds for the pipes to run dry once the process is gone: a grandchild may hold them."""


class Listener:
    """What the threads of a process tell the one that watches."""

    def __init__(
        self, keep_printed: int, most_printed: int, most_lines: int, longest_line: int
    ) -> None:
        """Listen to a runner that tells so many lines, each so many bytes, and to nobody longer."""
        self.told: SimpleQueue[bytes | str] = SimpleQueue()
        """Lines of results; `end` when there are no more, `flood` for too much, `stop`."""
        self._keep, self._most = keep_printed, most_printed
        self._most_lines, self._longest_line = most_lines, longest_line
        self._kept = bytearray()
        self._printed = 0

    def take_printed(self) -> tuple[str, int]:
        """Return what was printed since the last time, cut, and how much more it was."""
        kept, printed = bytes(self._kept), self._printed
        self._kept.clear()
        self._printed = 0
        return _OURS.sub("", kept.decode("utf-8", "replace")), printed - len(kept)

    def read_answers(self, pipe: IO[bytes]) -> None:
        """Hand on the lines of a pipe until its end, or until they are more than a runner tells.

        What waits to be heard stays small, whatever a program writes here and however fast.
        """
        rest, lines, total = bytearray(), 0, 0
        while chunk := _read(pipe):
            total += len(chunk)
            rest += chunk
            if b"\n" in chunk:
                *told, rest = rest.split(b"\n")
                for line in told[: self._most_lines - lines]:
                    self.told.put(bytes(line))
                lines += len(told)
            if total > _MOST_ANSWERED or lines > self._most_lines or len(rest) > self._longest_line:
                self.told.put("flood")
                break
        self.told.put("end")

    def read_printed(self, pipe: IO[bytes]) -> None:
        """Keep the beginning of what is printed, count the rest, and tell when it is a flood."""
        while chunk := _read(pipe):
            was = self._printed
            self._printed += len(chunk)
            self._kept += chunk[: max(0, self._keep - len(self._kept))]
            if was <= self._most < self._printed:
                self.told.put("flood")

    def wait(self, deadline: float) -> bytes | str:
        """Return the next thing told, `late` when there is none before the deadline."""
        try:
            return self.told.get(timeout=max(0.0, deadline - monotonic()))
        except Empty:
            return "late"


class SandboxProcess:
    """A running process; `end` stops it."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        request: bytes,
        ear: Listener,
        group: Group | None = None,
    ) -> None:
        self._process, self._group = process, group
        self._status: int | None = None
        self.was_stopped = False
        """Whether it had to be, since it did not leave by itself."""
        stdin, stdout, stderr = process.stdin, process.stdout, process.stderr
        assert stdin is not None  # noqa: S101 — all three are pipes
        assert stdout is not None  # noqa: S101
        assert stderr is not None  # noqa: S101
        self._readers = [
            _thread(_feed, stdin, request),
            _thread(_drained, stdout, ear.read_answers),
            _thread(_drained, stderr, ear.read_printed),
        ]

    @property
    def is_full(self) -> bool:
        """Whether the kernel ended it since it held too much memory."""
        return self._group is not None and self._group.is_full

    def end(self, *, patience: float = 0.0) -> int:
        """Stop the process and all that it started; return its exit status.

        `patience`: seconds that it may take to leave by itself.
        """
        if self._status is not None:
            return self._status
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self.was_stopped = True
        _kill(self._process)
        self._status = status = self._process.wait()
        deadline = monotonic() + _LAST_WORDS
        for reader in self._readers:
            reader.join(max(0.0, deadline - monotonic()))
        return status


@contextmanager
def sandbox_process(
    protection: Protection, request: bytes, ear: Listener, memory: int
) -> Iterator[SandboxProcess]:
    """Start the runner under a protection; whatever happens, it is gone afterwards."""
    with ExitStack() as at_end:
        group = None
        if protection.groups is not None:
            group = at_end.enter_context(open_group(protection.groups, memory))
        process = SandboxProcess(_start(protection, group, at_end), request, ear, group)
        at_end.callback(process.end)
        yield process


def _start(
    protection: Protection, group: Group | None, at_end: ExitStack
) -> subprocess.Popen[bytes]:
    environment = dict(ENVIRONMENT)
    folder = "/"
    bubblewrap = find_bubblewrap() if protection.kind == "bubblewrap" else None
    if bubblewrap is not None:
        command = bubblewrap_command(bubblewrap)
    else:
        kept = tempfile.TemporaryDirectory(prefix="nabla-", ignore_cleanup_errors=True)
        folder = at_end.enter_context(kept)
        environment |= {"HOME": folder} | (dict(os.environ) if sys.platform == "win32" else {})
        command = python_command(str(RUNNER))
    descriptors = [] if group is None else [group.joins]
    return subprocess.Popen(  # noqa: S603 — our own command
        [*command, *map(str, descriptors)],
        bufsize=0,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=folder,
        env=environment,
        pass_fds=descriptors,
        start_new_session=True,
    )


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill the process and its group; inside bubblewrap, everything dies with it."""
    if sys.platform != "win32":
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    with suppress(OSError):
        process.kill()


def _thread(work: object, *arguments: object) -> threading.Thread:
    thread = threading.Thread(target=work, args=arguments, daemon=True)  # type: ignore[arg-type]  # any function
    thread.start()
    return thread


def _feed(pipe: IO[bytes], request: bytes) -> None:
    with suppress(OSError), pipe:
        view = memoryview(request)
        while view:
            view = view[pipe.write(view) :]


def _drained(pipe: IO[bytes], read: object) -> None:
    with pipe:
        read(pipe)  # type: ignore[operator]  # one of the listener's


def _read(pipe: IO[bytes]) -> bytes:
    try:
        return os.read(pipe.fileno(), _CHUNK)
    except OSError:
        return b""
