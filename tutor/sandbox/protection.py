"""What a sandbox protects against on this computer, and what not."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from tutor.i18n import Message, message
from tutor.sandbox.bubblewrap import (
    ENVIRONMENT,
    RUNNER,
    bubblewrap_command,
    find_bubblewrap,
    python_command,
    visible_places,
)
from tutor.sandbox.cgroup import given_folder, open_group
from tutor.sandbox.seccomp import system_call_filter

_TRIAL_SECONDS = 30.0
_TRIAL_BYTES = 1 << 28
TRIAL: Final = "trial"
"""Ends the command of one: the runner has nothing to run, and passes this over."""


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
    layers: Mapping[str, Any] = field(default_factory=dict)
    """What else the kernel was seen to keep it from, as the runner asks for it: `calls` are the
    system calls that it may make, `files` those that it may read. Without them no program runs."""

    groups: Path | None = None
    """The folder of Linux's control groups in which a program gets its own, if there is one."""

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
    kernel: Message
    """As a child process to which Linux leaves `Protection.layers` alone."""
    limited: Message
    """As a child process with limits alone."""


_MAY, _REFUSED = message("may"), message("refused")
_STOPPED = message("stopped")
_LINE_TOLD = message("stopped, line told")
ATTEMPTS: Final = {
    "endless": Attempt(
        message("loops for ever, sleeps"), _LINE_TOLD, _LINE_TOLD,
        message("stopped, line told (not on Windows)"),
    ),
    "greedy": Attempt(
        message("prints without end, takes all memory"), _STOPPED, _STOPPED,
        message("stopped (memory: not on Windows)"),
    ),
    "processes": Attempt(message("starts other processes"), _REFUSED, _REFUSED, _MAY),
    "reads": Attempt(
        message("reads your files"), message("sees none"), _REFUSED, _MAY
    ),
    "writes": Attempt(message("writes or deletes files"), _REFUSED, _REFUSED, _MAY),
    "network": Attempt(message("uses the network"), _REFUSED, _REFUSED, _MAY),
    "kills": Attempt(
        message("kills other programs"), _REFUSED, _REFUSED, message("may, yours")
    ),
}  # fmt: skip
"""What is promised for every learner's program; `tests/sandbox/test_attempts.py` tries each."""


@cache
def protection() -> Protection:
    """Return the best protection that works here: it is tried, once (some 50 ms)."""
    bubblewrap = find_bubblewrap()
    if bubblewrap is None:
        return plain_protection(_how_to_get_it())
    layers = {each: asked for each, asked in _layers().items() if each == "calls"}
    problem = _problem_of(bubblewrap_command(bubblewrap), layers)
    if problem is not None:
        words = message("Bubblewrap is installed but does not work here: {why}", why=problem[:200])
        return plain_protection(words)
    return Protection(
        "bubblewrap",
        message(
            "It runs shut in by bubblewrap: it sees no file of yours, no network and no other "
            "program, can write nowhere, and is stopped when its time, memory or output is used up."
        ),
        message("A fault in the Linux kernel itself could still let it out."),
        layers=layers,
        groups=_groups(),
    )


def plain_protection(reason: Message | None = None) -> Protection:
    """Return the protection of a child process, with all that the kernel takes from it."""
    layers = kept_layers() if sys.platform == "linux" else {}
    limited = message(
        "It runs in a process of its own, which is stopped when its time, memory or output is used "
        "up."
    )
    if sys.platform == "win32":
        limited = message(
            "It runs in a process of its own, which is stopped when its time or output is used up."
        )
    open_to_it = message(
        "It can read and delete your files and use the network, as any program that you start."
    )
    if "calls" in layers:
        limited = message(
            "It runs in a process of its own, which is stopped when its time, memory or output is "
            "used up. Linux lets it write no file, start or end no program and use no network."
        )
        open_to_it = message("It can read your files, as any program that you start.")
    if {"calls", "files"} <= set(layers):
        limited = message(
            "It runs in a process of its own, which is stopped when its time, memory or output is "
            "used up. Linux lets it write no file, read none of yours, start or end no program and "
            "use no network."
        )
        open_to_it = message(
            "It can see the names of files that it guesses, and a fault in the Linux kernel itself "
            "could still let it out."
        )
    groups = _groups() if sys.platform == "linux" else None
    return Protection("limits", limited, open_to_it, reason, layers, groups)


def _how_to_get_it() -> Message | None:
    if sys.platform != "linux":
        return None
    return message("Bubblewrap would shut it in: install the package bubblewrap.")


def _layers() -> dict[str, Any]:
    """Return what this kernel may be asked to keep a program from, if it can."""
    calls = system_call_filter()
    asked = {} if calls is None else {"calls": [calls.call, calls.program.hex()]}
    return asked | {"files": visible_places()}


@cache
def kept_layers() -> dict[str, Any]:
    """Return what this kernel does keep a child process from: each is tried, once."""
    command = python_command(str(RUNNER))
    return {
        each: asked
        for each, asked in _layers().items()
        if _problem_of(command, {each: asked}) is None
    }


@cache
def _groups() -> Path | None:
    """Return where a program can get a control group of its own: it is tried, once."""
    folder = given_folder()
    if folder is None:
        return None
    bubblewrap = find_bubblewrap()
    command = bubblewrap_command(bubblewrap) if bubblewrap else python_command(str(RUNNER))
    try:
        with open_group(folder, _TRIAL_BYTES) as group:
            problem = _problem_of([*command, str(group.joins)], {}, (group.joins,))
    except OSError:
        return None
    return None if problem else folder


def _problem_of(
    command: list[str], layers: Mapping[str, Any], descriptors: tuple[int, ...] = ()
) -> str | None:
    """Return why the runner cannot be started so and shut in; None if it can."""
    request = {"token": "", "path": [], "watch": 0, "limits": {}, "programs": []}
    try:
        run = subprocess.run(  # noqa: S603 — our own command
            [*command, TRIAL], env=ENVIRONMENT, pass_fds=descriptors, capture_output=True, cwd="/",
            input=json.dumps(request | {"shut_in": layers}).encode(), timeout=_TRIAL_SECONDS,
            check=False,
        )  # fmt: skip
        lacks = json.loads(run.stdout or "{}").get("lacks")
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        return str(error)
    if lacks is None:
        return run.stderr.decode(errors="replace").strip()
    return "; ".join(map(str, lacks.values())) or None
