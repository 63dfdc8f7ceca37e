"""A control group for each program, where this process was given one of its own to divide (Linux).

A group counts all that its processes hold, the tables of their pages and what the kernel keeps for
them too; no limit of a process does. It is given by systemd (`Delegate=yes`) or whoever starts us:
cgroup v2, its folder writable, and nobody but this process in it.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from time import monotonic, sleep
from typing import Final

_OURS: Final = "nabla"
"""The folder below the one that was given, to which the tutor itself moves: the kernel divides no
group that has processes."""
_EMPTY_SECONDS: Final = 2.0
_NUMBERS = count()


class Group:
    """The group of one program."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.joins = os.open(folder / "cgroup.procs", os.O_WRONLY)
        """Who writes 0 here is in it."""

    @property
    def is_full(self) -> bool:
        """Whether the kernel ended the program since it held too much."""
        events = _read(self._folder / "memory.events")
        return int((re.findall(r"oom_kill (\d+)", events) or ["0"])[0]) > 0


@contextmanager
def open_group(given: Path, most: int) -> Iterator[Group]:
    """Make a group that may hold so many bytes; afterwards nothing of it is left."""
    folder = given / f"program-{os.getpid()}-{next(_NUMBERS)}"
    folder.mkdir()
    try:
        (folder / "memory.max").write_text(str(most))
        with suppress(OSError):  # a kernel without swap
            (folder / "memory.swap.max").write_text("0")
        group = Group(folder)
        try:
            yield group
        finally:
            os.close(group.joins)
    finally:
        _remove(folder)


def given_folder() -> Path | None:
    """Return the folder in which groups can be made; None where there is none."""
    own = _own_folder()
    if own is None:
        return None
    if own.name == _OURS and "memory" in _read(own.parent / "cgroup.subtree_control"):
        return own.parent if os.access(own.parent, os.W_OK) else None
    is_alone = _read(own / "cgroup.procs").split() == [str(os.getpid())]
    if not (is_alone and "memory" in _read(own / "cgroup.controllers")):
        return None
    return own if _divide(own) else None


def _divide(own: Path) -> bool:
    """Move this process into a folder below its group, so that the group can have others."""
    with suppress(OSError):
        (own / _OURS).mkdir(exist_ok=True)
        (own / _OURS / "cgroup.procs").write_text("0")
        (own / "cgroup.subtree_control").write_text("+memory")
        return True
    return False


def _own_folder() -> Path | None:
    if sys.platform != "linux":
        return None
    path = re.search(r"^0::(/.*)$", _read(Path("/proc/self/cgroup")), re.MULTILINE)
    mounted = re.search(r"^\S+ \S+ \S+ / (\S+) .* - cgroup2 ", _read(Path("/proc/self/mountinfo")),
                        re.MULTILINE)  # fmt: skip
    return None if path is None or mounted is None else Path(mounted[1] + path[1])


def _remove(folder: Path) -> None:
    """Remove a group once its last process is gone."""
    with suppress(OSError):
        (folder / "cgroup.kill").write_text("1")
    deadline = monotonic() + _EMPTY_SECONDS
    while folder.exists() and monotonic() < deadline:
        with suppress(OSError):
            folder.rmdir()
            return
        sleep(0.001)


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except OSError:
        return ""
