"""What a sandbox protects against on this computer, and what not."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from tutor.i18n import Message, message
from tutor.sandbox.bubblewrap import ENVIRONMENT, bubblewrap_command, find_bubblewrap
from tutor.sandbox.seccomp import filter_pipe

_PROBE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Protection:
    """How a learner's program is shut in."""

    kind: Literal["bubblewrap", "limits"]
    against: Message
    """What it protects against."""
    not_against: Message
    """What it does not protect against."""
    reason: Message | None = None
    """Why there is no better one, with the mend."""

    @property
    def needs_consent(self) -> bool:
        """Whether the learner should be asked before a program runs."""
        return self.kind != "bubblewrap"


@dataclass(frozen=True, slots=True)
class Attempt:
    """Something that a program may try, and what becomes of it."""

    what: Message
    shut_in: Message
    """Inside bubblewrap."""
    limited: Message
    """As a child process with limits alone."""


_MAY: Final = message("may")
ATTEMPTS: Final = {
    "endless": Attempt(
        message("loops for ever, sleeps"),
        message("stopped, and the line is told"),
        message("stopped, and the line is told (not on Windows)"),
    ),
    "greedy": Attempt(
        message("prints without end, takes all memory"),
        message("stopped"),
        message("stopped (memory: not on Windows)"),
    ),
    "processes": Attempt(
        message("starts other processes"), message("refused; all end with it"), _MAY
    ),
    "reads": Attempt(
        message("reads your files"), message("sees Python's and the system's own alone"), _MAY
    ),
    "writes": Attempt(
        message("writes or deletes files"), message("can write nowhere"), _MAY
    ),
    "network": Attempt(message("uses the network"), message("there is none"), _MAY),
    "kills": Attempt(
        message("kills other programs"), message("sees none"), message("may, yours")
    ),
}  # fmt: skip
"""What is promised for every learner's program; `tests/sandbox/test_attempts.py` tries each."""


@cache
def protection() -> Protection:
    """Return the best protection that works here: it is tried, once (some 50 ms)."""
    bubblewrap = find_bubblewrap()
    if bubblewrap is None:
        return plain_protection(_how_to_get_it())
    problem = _problem_of(bubblewrap)
    if problem is not None:
        return plain_protection(problem)
    return Protection(
        "bubblewrap",
        message(
            "It runs shut in by bubblewrap: it sees no file of yours, no network and no other "
            "program, can write nowhere, and is stopped when its time, memory or output is used up."
        ),
        message("A fault in the Linux kernel itself could still let it out."),
    )


def plain_protection(reason: Message | None = None) -> Protection:
    """Return the protection of a child process with limits alone."""
    limited = message(
        "It runs in a process of its own, which is stopped when its time, memory or output is used "
        "up."
    )
    if sys.platform == "win32":
        limited = message(
            "It runs in a process of its own, which is stopped when its time or output is used up."
        )
    return Protection(
        "limits",
        limited,
        message(
            "It can read and delete your files and use the network, as any program that you start."
        ),
        reason,
    )


def _how_to_get_it() -> Message | None:
    if sys.platform != "linux":
        return None
    return message("Bubblewrap would shut it in: install the package bubblewrap.")


def _problem_of(bubblewrap: str) -> Message | None:
    """Return why bubblewrap does not work here, None if it does."""
    with filter_pipe() as filter_fd:
        command = [*bubblewrap_command(bubblewrap, filter_fd)[:-1], "-c", "print('works')"]
        try:
            run = subprocess.run(  # noqa: S603 — our own command
                command, env=ENVIRONMENT, capture_output=True, timeout=_PROBE_SECONDS, check=False,
                stdin=subprocess.DEVNULL, pass_fds=[] if filter_fd is None else [filter_fd],
            )  # fmt: skip
        except (OSError, subprocess.TimeoutExpired) as error:
            return _does_not_work(str(error))
    if run.stdout.strip() == b"works":
        return None
    return _does_not_work(run.stderr.decode(errors="replace").strip())


def _does_not_work(why: str) -> Message:
    return message("Bubblewrap is installed but does not work here: {why}", why=why[:200])
