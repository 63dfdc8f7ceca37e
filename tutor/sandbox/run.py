"""Runs programs in the sandbox: `run` for one learner, `run_all` for many programs at once."""

from __future__ import annotations

import asyncio
import json
import secrets
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final

from tutor.errors import TutorError
from tutor.i18n import message
from tutor.lesson.programs import MAX_NUMBERS, End, Outcome, Program
from tutor.sandbox.answers import Answers, outcome_of
from tutor.sandbox.bubblewrap import library_folder
from tutor.sandbox.process import Listener, SandboxProcess, sandbox_process
from tutor.sandbox.protection import Protection, protection

_START_SECONDS: Final = 30.0
"""For Python and NumPy to load, on the slowest disk."""
_GRACE_SECONDS: Final = 0.5
"""The runner ends a program by itself and tells the line; after this, it is killed without."""
_LEAVE_SECONDS: Final = 2.0
_SIGXCPU: Final = 24
_LONGEST_VALUE: Final = 30 * MAX_NUMBERS
"""Bytes of a value that the runner tells: a number takes 26 at most, its words little."""
_LINES_OF_CHECK: Final = 2
_LINES_OF_PROGRAM: Final = 4
"""At most: what a check expects and gives; that a program begins, breaks off, is late, ends."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one program may use."""

    seconds: float = 5.0
    memory: int = 1 << 30
    """Bytes of address space, NumPy's own (a quarter of this) among them."""
    printed: int = 1_000_000
    """Bytes after which it is stopped."""
    kept: int = 8_000
    """Bytes of what it printed that are shown."""


async def run(
    program: Program, limits: Limits | None = None, *, protected: Protection | None = None
) -> Outcome:
    """Return what a program gave. Cancelled, it kills the program before it lets go.

    Raises:
        TutorError: the sandbox itself could not be started.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Outcome] = loop.create_future()
    ear = _ear(limits or Limits(), [program])
    gone = asyncio.Event()

    def work() -> None:
        try:
            (outcome,) = run_all([program], limits, protected=protected, ear=ear)
        except Exception as error:
            _tell(loop, _fail, done, error)
        else:
            _tell(loop, _succeed, done, outcome)
        _tell(loop, gone.set)

    threading.Thread(target=work, daemon=True, name="sandbox").start()
    try:
        return await done
    except asyncio.CancelledError:
        ear.told.put("stop")
        await asyncio.shield(gone.wait())
        raise


def run_all(
    programs: Sequence[Program],
    limits: Limits | None = None,
    *,
    protected: Protection | None = None,
    ear: Listener | None = None,
) -> list[Outcome]:
    """Return what each program gave: one after the other in one process while all goes well.

    Whichever breaks the process is told so, and the ones after it get a new one. They share a
    process, so this is for programs of one author.
    """
    outcomes: list[Outcome] = []
    while len(outcomes) < len(programs):
        rest = programs[len(outcomes) :]
        outcomes += _Batch(rest, limits or Limits(), protected or protection(), ear).run()
    return outcomes


class _Batch:
    """Programs in one process, until it ends."""

    def __init__(
        self,
        programs: Sequence[Program],
        limits: Limits,
        protected: Protection,
        ear: Listener | None,
    ) -> None:
        self._programs = programs
        self._limits = limits
        self._protected = protected
        self._ear = ear or _ear(limits, programs)
        self._token = secrets.token_hex(16)
        self._is_flooded = False

    def run(self) -> list[Outcome]:
        """Return the outcomes of the first programs, one at least."""
        with self._started() as process:
            self._wait_until_ready(process)
            return list(self._outcomes(process))

    def _started(self) -> AbstractContextManager[SandboxProcess]:
        memory = self._limits.memory
        return sandbox_process(self._protected, self.request(), self._ear, memory)

    def request(self) -> bytes:
        """Return what the runner reads first."""
        request = {
            "token": self._token,
            "path": [library_folder()],
            "seconds": self._limits.seconds,
            "limits": resource_limits(self._limits, len(self._programs)),
            "watch": 0,
            "shut_in": self._protected.layers,
            "programs": [
                {
                    "source": program.source,
                    "setup": program.setup,
                    "checks": [[c.call, c.expect, list(c.misses)] for c in program.checks],
                }
                for program in self._programs
            ],
        }
        if self._protected.kind != "bubblewrap" and not _limits_memory():
            request["watch"] = self._limits.memory
        return json.dumps(request).encode()

    def _wait_until_ready(self, process: SandboxProcess) -> None:
        """Wait for the runner, also when told to stop.

        Bubblewrap that is killed while it begins may leave the program behind, to run on unwatched.
        """
        deadline = monotonic() + _START_SECONDS
        told = self._ear.wait(deadline)
        is_stopped = False
        # Another thread hears what is printed: it may be the first.
        while told in ("flood", "stop"):
            self._is_flooded |= told == "flood"
            is_stopped |= told == "stop"
            told = self._ear.wait(deadline)
        if is_stopped:
            self._ear.told.put("stop")
            return
        ready = self._line(told)
        if ready.get("do") == "ready" and not ready.get("lacks"):
            return
        status = process.end()
        words, _ = self._ear.take_printed()
        why = words.strip().splitlines()[-1:] or [str(ready.get("lacks") or status)]
        raise TutorError(message("The program could not be started: {why}", why=why[0]))

    def _outcomes(self, process: SandboxProcess) -> Iterator[Outcome]:
        for number, program in enumerate(self._programs):
            answers = Answers(len(program.checks), number)
            deadline = monotonic() + self._limits.seconds + _GRACE_SECONDS
            end = self._listen(answers, deadline)
            if end is None:
                if program is self._programs[-1]:
                    process.end(patience=_LEAVE_SECONDS)  # then all that it printed is here
                yield self._outcome(answers, answers.end)
                continue
            patience = max(_LEAVE_SECONDS, deadline - monotonic())
            status = process.end(patience=patience if end == "died" else 0.0)
            # Of what tells nothing more and goes on, our own signal is no way to end.
            if end == "died" and (process.was_stopped or status in (-_SIGXCPU, 128 + _SIGXCPU)):
                end = "time"
            if process.is_full:
                answers.take_memory({})
                end = answers.end
            yield self._outcome(answers, end, status)
            return

    def _listen(self, answers: Answers, deadline: float) -> End | None:
        """Take the answers of one program; return how the process must end, None to go on."""
        if self._is_flooded:
            return "output"
        while True:
            told = self._ear.wait(deadline)
            match told:
                case "late" | "stop":
                    return "time"
                case "flood":
                    return "output"
                case "end":
                    return answers.end if answers.is_last else "died"
            answers.take(self._line(told))
            if answers.is_complete:
                return None

    def _line(self, told: bytes | str) -> dict[str, Any]:
        """Return an answer, empty if it is none of the runner's."""
        try:
            line = json.loads(told)
        except (ValueError, RecursionError):
            return {}
        return line if isinstance(line, dict) and line.get("token") == self._token else {}

    def _outcome(self, answers: Answers, end: End, status: int | None = None) -> Outcome:
        printed, more = self._ear.take_printed()
        return outcome_of(answers, end, printed, more, status)


def _ear(limits: Limits, programs: Sequence[Program]) -> Listener:
    """Return a listener to all that the runner has to tell of these programs, and to no more."""
    checks = [check for program in programs for check in program.checks]
    lines = 1 + _LINES_OF_PROGRAM * len(programs) + _LINES_OF_CHECK * len(checks)
    longest = _LONGEST_VALUE * (1 + max((len(check.misses) for check in checks), default=0))
    return Listener(limits.kept, limits.printed, lines, longest)


def resource_limits(limits: Limits, programs: int) -> dict[str, int]:
    """Return the limits that the system itself keeps, by the names of `setrlimit`."""
    return {
        "AS": limits.memory,
        "CPU": int((limits.seconds + 2.0) * programs) + 1,
        "FSIZE": 0,
        "NPROC": 0,
        "NOFILE": 64,
        "CORE": 0,
    }


def _limits_memory() -> bool:
    """Whether the system keeps a limit on a process's memory (macOS takes it and forgets it)."""
    return sys.platform != "darwin"


def _tell(loop: asyncio.AbstractEventLoop, what: Any, *arguments: Any) -> None:
    """Call in the loop, unless it is closed by now."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(what, *arguments)


def _succeed(future: asyncio.Future[Outcome], outcome: Outcome) -> None:
    if not future.done():
        future.set_result(outcome)


def _fail(future: asyncio.Future[Outcome], error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
