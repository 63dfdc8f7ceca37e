"""The program without the second that its imports take: a child of a process that has them.

    process = start(("-m", "tutor", "list"), environment, folder, (stdin, stdout, stderr))

Each test process has one parent that imports every module of the program and then waits; a program
is a fork of it, with the arguments, environment, folder and descriptors that it would have been
started with, its interpreter's end included. What a shell's start of Python decides (encodings,
hash seeds) is the parent's: `can_start` says of which environments that is the same. That the
program starts by itself, and what it imports when, is claimed by tests that start it by itself.
"""

from __future__ import annotations

import atexit
import fcntl
import gc
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import termios
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from threading import Condition, Lock, Thread
from typing import Final

ROOT: Final = Path(__file__).parents[1]
_STARTED_IN: Final = {"LANG": "C.UTF-8", "PYTHONPATH": str(ROOT)}
_READ_LATE: Final = {
    "PATH", "HOME", "TMPDIR", "TERM", "COLORTERM", "COLORFGBG", "NO_COLOR", "COLUMNS", "LINES",
    "NABLA_HOME", "NABLA_LANG", "NABLA_LESSONS", "NABLA_DEBUG", "PAGER",
}  # fmt: skip
"""What the program reads of its environment when it runs, not when Python starts."""
_MOST: Final = 1 << 18
_NOT_IMPORTED: Final = (
    "tutor.__main__",
    "tutor.sandbox.runner",
    "tutor.server.process.worker_process",
)


def can_start(environment: Mapping[str, str]) -> bool:
    """Whether a program in this environment is the same as one that Python starts anew."""
    return _STARTED_IN == {
        name: value for name, value in environment.items() if name not in _READ_LATE
    }


class Process:
    """A program that was started warm; it is waited for and signalled as one of `subprocess` is."""

    def __init__(self, parent: _Parent, pid: int) -> None:
        self.pid = pid
        self._parent = parent

    @property
    def returncode(self) -> int | None:
        """The exit status (negative: the signal); None while it runs."""
        return self._parent.statuses.get(self.pid)

    def poll(self) -> int | None:
        """Return the exit status; None while it runs."""
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Return the exit status once there is one.

        Raises:
            subprocess.TimeoutExpired: There is none within `timeout` seconds.
        """
        with self._parent.news:
            if not self._parent.news.wait_for(lambda: self.returncode is not None, timeout):
                raise subprocess.TimeoutExpired("tutor", timeout or 0)
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send the program a signal, if it still runs."""
        if self.returncode is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill the program."""
        self.send_signal(signal.SIGKILL)


def start(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    folder: Path | None,
    descriptors: tuple[int, int, int],
) -> Process:
    """Start `python -m tutor ARGUMENTS` in a session of its own.

    Where standard input is a terminal, it becomes the controlling one.
    """
    return _parent().start(arguments, environment, folder, descriptors)


@cache
def _parent() -> _Parent:
    return _Parent()


class _Parent:
    """The process that has imported everything, seen from the tests."""

    def __init__(self) -> None:
        self.statuses: dict[int, int] = {}
        self.news = Condition()
        self._one_at_a_time = Lock()
        self._pids: list[int] = []
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            environment = {
                name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ
            }
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.warm", str(theirs.fileno())],
                cwd=ROOT, env=_STARTED_IN | environment, pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
        Thread(target=self._listen, daemon=True).start()
        atexit.register(self._end)

    def start(
        self,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        folder: Path | None,
        descriptors: tuple[int, int, int],
    ) -> Process:
        asked = json.dumps([list(arguments), dict(environment), str(folder or Path.cwd())])
        with self._one_at_a_time, self.news:
            socket.send_fds(self._socket, [asked.encode()], descriptors)
            assert self.news.wait_for(lambda: self._pids, 60)
            return Process(self, self._pids.pop())

    def _end(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._process.wait()

    def _listen(self) -> None:
        while told := self._socket.recv(_MOST):
            pid, status = json.loads(told)
            with self.news:
                if status is None:
                    self._pids.append(pid)
                else:
                    self.statuses[pid] = status
                self.news.notify_all()


# --- in the parent


def _import_all() -> None:
    from importlib import import_module
    from pkgutil import walk_packages

    import tutor

    for each in walk_packages(tutor.__path__, "tutor."):
        if each.name not in _NOT_IMPORTED:
            import_module(each.name)
    gc.collect()
    gc.freeze()


def _serve(end: socket.socket) -> list[str] | None:
    """Fork for each that is asked for; return its arguments in the child, None at the end."""
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    while True:
        ready, _, _ = select.select([end, woken], [], [])
        if woken in ready:
            os.read(woken, 4096)
            _tell_the_dead(end)
        if end not in ready:
            continue
        asked, descriptors, *_ = socket.recv_fds(end, _MOST, 3)
        if not asked:
            return None
        pid = os.fork()
        if pid == 0:
            signal.set_wakeup_fd(-1)
            for each in (end.detach(), woken, wake):
                os.close(each)
            return _become(*json.loads(asked), descriptors)
        end.send(json.dumps([pid, None]).encode())
        for each in descriptors:
            os.close(each)


def _tell_the_dead(end: socket.socket) -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        end.send(json.dumps([pid, os.waitstatus_to_exitcode(status)]).encode())


def _become(
    arguments: list[str], environment: dict[str, str], folder: str, descriptors: list[int]
) -> list[str]:
    """Make this child what Python would have started."""
    os.setsid()
    for number, each in enumerate(descriptors):
        os.dup2(each, number)
    for each in descriptors:
        os.close(each)
    for number in (signal.SIGQUIT, signal.SIGHUP, signal.SIGTERM, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if os.isatty(0):
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for name, number, mode, errors in (
        ("stdin", 0, "r", "surrogateescape"),
        ("stdout", 1, "w", "surrogateescape"),
        ("stderr", 2, "w", "backslashreplace"),
    ):
        stream = open(  # noqa: SIM115 - for as long as the process runs
            number, mode, encoding="utf-8", errors=errors, closefd=False,
            buffering=1 if number == 2 or os.isatty(number) else -1,
        )  # fmt: skip
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    return arguments


def main() -> None:
    """Import the program, then be it as often as is asked for."""
    _import_all()
    arguments = _serve(socket.socket(fileno=int(sys.argv[1])))
    if arguments is not None:
        sys.argv = ["tutor", *arguments]
        runpy.run_module("tutor", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
