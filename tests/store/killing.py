"""Kills a program at one chosen change of its files, and asks what the next start finds.

A change is a system call: create, write, rename, link, unlink, truncate, mkdir, fsync, and what is
sent to a database server; of Python's and of SQLite's own alike, for the process is traced
(ptrace) and dies by SIGKILL at the entry of the call, before the call does anything. What is
changed through mapped memory alone (SQLite's `-shm`, which a start after a crash builds anew) is
no system call, and is not cut.

One interpreter (`Killer`) has everything imported and forks for each kill: a kill takes some tens
of milliseconds. Each scenario is a module's `Scenario`; see `kill_scenarios`.
"""

from __future__ import annotations

import ctypes
import json
import os
import platform
import re
import shutil
import signal
import struct
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

Say = Callable[[object], None]
"""Tells the tester, beyond the death of the process, that something was acknowledged."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A piece of work that changes files, and what must be true however it was cut."""

    work: Callable[[Path, Say], None]
    """Works in the folder, and says what it acknowledged."""
    check: Callable[[Path, list[Any]], None]
    """Starts again, and fails where anything that was said is lost, doubled or changed."""
    prepare: Callable[[Path], None] = lambda _: None
    """Makes the folder as it is before."""
    left: frozenset[str] = frozenset()
    """The files, as `place` calls them, that may be there when the next start has ended."""
    open_before: Callable[[Path], Any] | None = None
    """What another program holds while `work` runs: a context manager."""


@dataclass(slots=True)
class Outcome:
    """What became of one kill."""

    killed: bool = False
    """False: the program came through, for there was no such change."""
    said: list[Any] = field(default_factory=list)
    wrong: str = ""
    """What the next start found wrong; empty: nothing."""
    places: list[str] = field(default_factory=list)
    """All changes up to the kill, in their order."""


# --- what a system call changes

_CREATING: Final = os.O_CREAT | os.O_TRUNC
_CALLS: Final = {
    1: ("write", "fd"), 18: ("write", "fd"), 20: ("write", "fd"), 296: ("write", "fd"),
    44: ("send to", "socket"), 46: ("send to", "socket"),
    74: ("fsync", "fd"), 75: ("fsync", "fd"), 77: ("truncate", "fd"), 285: ("truncate", "fd"),
    76: ("truncate", 0), 2: ("create", (0, 1)), 257: ("create", (1, 2)), 85: ("create", (0, None)),
    82: ("rename", 0), 264: ("rename", 1), 316: ("rename", 1), 86: ("link", 0), 265: ("link", 1),
    87: ("unlink", 0), 263: ("unlink", 1), 84: ("unlink", 0), 83: ("mkdir", 0), 258: ("mkdir", 1),
}  # fmt: skip
"""The calls of Linux on x86_64 by number: what they do, and which argument names the file."""

_CHANCE: Final = (
    (re.compile(r"\d{8}-\d{4,6}(-\d+)?"), "DATE"),
    (re.compile(r"\d{4}-\d{2}-\d{2}"), "DATE"),
    (re.compile(r"[0-9a-f]{12,32}"), "*"),
    (re.compile(r"\.\d+\.new$"), ".*.new"),
)
"""What is another at each run in the names of our files."""


def place(name: str) -> str:
    """Return the name of a file without what is another at each run."""
    for pattern, word in _CHANCE:
        name = pattern.sub(word, name)
    return name


@dataclass(slots=True)
class _Call:
    """A system call that a thread is about to make."""

    thread: int
    number: int
    arguments: tuple[int, ...]
    folder: Path

    def change(self) -> str | None:
        """Return what it is about to change in the folder, in words; None for nothing."""
        known = _CALLS.get(self.number)
        if known is None:
            return None
        verb, which = known
        if which in ("fd", "socket"):
            target = self._open_file(self.arguments[0])
            if which == "socket" or (verb == "write" and target.startswith("socket:")):
                return "send to the database" if target.startswith("socket:") else None
            return self._of(verb, Path(target))
        if isinstance(which, tuple):
            return self._created(*which)
        path = self._path(int(which))
        exists = os.path.lexists(path)
        return None if exists == (verb == "mkdir") else self._of(verb, path)

    def _created(self, which: int, flags: int | None) -> str | None:
        path = self._path(which)
        said = os.O_CREAT | os.O_TRUNC if flags is None else self.arguments[flags]
        if not said & _CREATING or (path.exists() and not said & os.O_TRUNC):
            return None
        return self._of("create", path)

    def _of(self, verb: str, path: Path) -> str | None:
        if not path.is_relative_to(self.folder):
            return None
        return f"{verb} {place(path.name)}"

    def _open_file(self, descriptor: int) -> str:
        try:
            return str(Path(f"/proc/{self.thread}/fd/{descriptor}").readlink())
        except OSError:
            return ""

    def _path(self, which: int) -> Path:
        """Return the path that an argument points to in the memory of the process."""
        address, text = self.arguments[which], b""
        with Path(f"/proc/{self.thread}/mem").open("rb", buffering=0) as memory:
            while b"\0" not in text:
                start = address + len(text)
                text += os.pread(memory.fileno(), 4096 - start % 4096, start)
        name = os.fsdecode(text.partition(b"\0")[0])
        return Path(f"/proc/{self.thread}/cwd").resolve() / name


# --- ptrace, and a filter of system calls (seccomp) that stops at those above alone

_TRACE_ME, _CONTINUE, _SET_OPTIONS, _CALL_INFO = 0, 7, 0x4200, 0x420E
_OPTIONS: Final = 0x8 | 0x80 | 0x100000
"""Threads are followed; the filter stops the process; the traced process dies with us."""
_ALL_THREADS: Final = 0x40000000
_AT_A_CALL: Final = signal.SIGTRAP | 7 << 8
_NO_NEW_PRIVILEGES, _SET_FILTER, _FILTER = 38, 22, 2
_LOAD_NUMBER, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _STOP = 0x7FFF0000, 0x7FF00000


@cache
def _libc() -> Any:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.ptrace.restype = ctypes.c_long
    libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
    return libc


def _ptrace(request: int, thread: int = 0, address: int = 0, data: int = 0) -> None:
    ctypes.set_errno(0)
    if _libc().ptrace(request, thread, address, data) == -1 and (code := ctypes.get_errno()):
        raise OSError(code, os.strerror(code))


def _be_traced() -> None:
    """Let the process that forked this one trace it, and stop before each call of `_CALLS`."""
    _ptrace(_TRACE_ME)
    os.kill(os.getpid(), signal.SIGSTOP)
    rows = [(_LOAD_NUMBER, 0, 0, 0)]
    rows += [(_JUMP_IF_EQUAL, len(_CALLS) - k, 0, each) for k, each in enumerate(_CALLS)]
    rows += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _STOP)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *row) for row in rows))
    program = ctypes.create_string_buffer(struct.pack("@HP", len(rows), ctypes.addressof(code)))
    for arguments in ((_NO_NEW_PRIVILEGES, 1), (_SET_FILTER, _FILTER, program)):
        if _libc().prctl(*arguments, *[0] * (5 - len(arguments))):
            raise OSError(ctypes.get_errno(), "the filter of system calls is not taken")


def why_not() -> str | None:
    """Say why no process can be traced here; None where it can."""
    if sys.platform != "linux" or platform.machine() != "x86_64":
        return "system calls are known by number on Linux x86_64 alone"
    child = os.fork()
    if child == 0:
        with _dying():
            _ptrace(_TRACE_ME)
            os.kill(os.getpid(), signal.SIGSTOP)
    os.waitpid(child, 0)
    try:
        _ptrace(_SET_OPTIONS, child, data=_OPTIONS)
    except OSError:
        return "the system lets no process be traced"
    _ptrace(_CONTINUE, child)
    return None if os.waitpid(child, 0)[1] == 0 else "the system lets no process be traced"


@contextmanager
def _dying() -> Iterator[None]:
    """End this process with the block, whatever happens in it."""
    try:
        yield
        status = 0
    except BaseException:
        traceback.print_exc()
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


class _Traced:
    """A process that stops before each change of a file in its folder."""

    def __init__(self, process: int, folder: Path) -> None:
        self.process, self._folder = process, folder
        self.places: list[str] = []

    def run(self, dies: Callable[[list[str]], bool]) -> bool:
        """Let it run to its end, or kill it at the change at which it `dies`; say whether."""
        os.waitpid(self.process, 0)
        _ptrace(_SET_OPTIONS, self.process, data=_OPTIONS)
        _ptrace(_CONTINUE, self.process)
        while True:
            thread, status = os.waitpid(-1, _ALL_THREADS)
            if not os.WIFSTOPPED(status):
                if thread == self.process:
                    break
                continue
            if status >> 8 == _AT_A_CALL and self._changes(thread) and dies(self.places):
                os.kill(self.process, signal.SIGKILL)
                self._reap()
                return True
            stopped_by = os.WSTOPSIG(status)
            own = stopped_by in (signal.SIGTRAP, signal.SIGSTOP)
            with suppress(ProcessLookupError):
                _ptrace(_CONTINUE, thread, data=0 if own else stopped_by)
        assert os.waitstatus_to_exitcode(status) == 0, f"the work itself failed: {status}"
        return False

    def _changes(self, thread: int) -> bool:
        info = ctypes.create_string_buffer(88)
        try:
            _ptrace(_CALL_INFO, thread, 88, ctypes.addressof(info))
        except ProcessLookupError:
            return False
        number, *arguments = struct.unpack_from("<7Q", info.raw, 24)
        call = _Call(thread, number, tuple(arguments), self._folder)
        if (change := call.change()) is None:
            return False
        self.places.append(change)
        return True

    @staticmethod
    def _reap() -> None:
        """Wait for the threads, and so for the process: it is not over before they are."""
        with suppress(ChildProcessError):
            while True:
                os.waitpid(-1, _ALL_THREADS)


# --- the interpreter that forks


def killed(scenario: Scenario, folder: Path, dies: Callable[[list[str]], bool]) -> Outcome:
    """Do the work, kill it where it `dies`, start again and look."""
    outcome = Outcome()
    heard, said = os.pipe()
    held = scenario.open_before(folder) if scenario.open_before else None
    child = os.fork()
    if child == 0:
        with _dying():
            os.close(heard)
            _be_traced()
            scenario.work(folder, lambda what: _say(said, what))
    os.close(said)
    traced = _Traced(child, folder)
    outcome.killed = traced.run(dies)
    outcome.places = traced.places
    with os.fdopen(heard) as lines:
        outcome.said = [json.loads(line) for line in lines]
    if held is not None:
        held.close()
    outcome.wrong = _wrong(scenario, folder, outcome.said)
    return outcome


def _say(pipe: int, what: object) -> None:
    os.write(pipe, json.dumps(what).encode() + b"\n")


def _wrong(scenario: Scenario, folder: Path, said: list[Any]) -> str:
    """Start again in a process of its own; return what is wrong."""
    heard, told = os.pipe()
    child = os.fork()
    if child == 0:
        with _dying():
            os.close(heard)
            try:
                scenario.check(folder, said)
                left = {place(each.name) for each in folder.rglob("*") if each.is_file()}
                assert left <= scenario.left, f"left for ever: {sorted(left - scenario.left)}"
            except BaseException:
                os.write(told, traceback.format_exc().encode())
    os.close(told)
    with os.fdopen(heard) as lines:
        wrong = lines.read()
    os.waitpid(child, 0)
    return wrong


def serve() -> None:
    """Answer requests, one a line: a scenario, a place, its count, a folder."""
    import tutor.store.sqlite_file
    import tutor.store.workshop_database  # noqa: F401 - both late imports: else in every fork
    from tests.store.kill_scenarios import SCENARIOS
    from tutor.store.opening import open_in_memory

    open_in_memory().close()
    print(json.dumps(why_not()), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        scenario, folder = SCENARIOS[asked["scenario"]], Path(asked["folder"])
        template = Path(asked["template"])
        if not template.exists():  # made where it is used: files name where they belong
            folder.mkdir(parents=True)
            _in_fork(lambda: scenario.prepare(folder))  # noqa: B023 - it ends before the next
            folder.rename(template)
        shutil.copytree(template, folder)
        wanted, count = asked["place"], asked["count"]
        outcome = killed(
            scenario, folder,
            lambda found: count is not None and (  # noqa: B023
                len(found) if wanted is None else found.count(wanted)  # noqa: B023
            ) > count,  # noqa: B023
        )  # fmt: skip
        shutil.rmtree(folder)
        print(json.dumps({key: getattr(outcome, key) for key in Outcome.__slots__}), flush=True)


def _in_fork(work: Callable[[], None]) -> None:
    child = os.fork()
    if child == 0:
        with _dying():
            work()
    assert os.waitpid(child, 0)[1] == 0, "the folder could not be prepared"


class Killer:
    """An interpreter that forks for each kill."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.store.killing"], cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=os.environ | {"NABLA_HOME": str(folder / "no-home")},
        )  # fmt: skip
        assert self._process.stdout is not None
        self.why_not: str | None = json.loads(self._process.stdout.readline())
        """Why nothing can be killed here so; None where it can."""

    def kill(self, scenario: str, place: str | None = None, count: int | None = 0) -> Outcome:
        """Kill at the change that has `count` (of this place, where one is named) before it.

        With no count it comes through.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        asked = {
            "scenario": scenario, "place": place, "count": count,
            "folder": str(self._folder / "home"),
            "template": str(self._folder / scenario.replace(" ", "-")),
        }  # fmt: skip
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the interpreter that forks has ended"
        return Outcome(**json.loads(answer))

    def close(self) -> None:
        """End the interpreter."""
        self._process.communicate()


if __name__ == "__main__":
    serve()
