"""A filter for system calls: no process inside may make another one, not even root's.

RLIMIT_NPROC does the same for ordinary users; Linux does not hold root to it.
"""

from __future__ import annotations

import os
import platform
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER, _ARCHITECTURE = 0, 4
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050001, 0x80000000
"""Refuse: with EPERM."""
_OTHER_ABI: Final = 0x40000000
"""From here on, x86 numbers mean the same calls again."""
_CALLS: Final = {
    # clone, fork, vfork, unshare, setns, clone3
    "x86_64": (0xC000003E, (56, 57, 58, 272, 308, 435)),
    # clone, unshare, setns, clone3: there is no fork
    "aarch64": (0xC00000B7, (220, 97, 268, 435)),
}


def process_filter(machine: str = "") -> bytes | None:
    """Return the filter as bubblewrap takes it, None for a machine that it is not written for."""
    known = _CALLS.get(machine or platform.machine())
    if known is None:
        return None
    architecture, calls = known
    count = len(calls)
    program = [
        _instruction(_LOAD, _ARCHITECTURE),
        _instruction(_JUMP_EQUAL, architecture, 1, 0),
        _instruction(_RETURN, _KILL),
        _instruction(_LOAD, _NUMBER),
        _instruction(_JUMP_AT_LEAST, _OTHER_ABI, count + 1, 0),
        *(_instruction(_JUMP_EQUAL, call, count - i, 0) for i, call in enumerate(calls)),
        _instruction(_RETURN, _ALLOW),
        _instruction(_RETURN, _REFUSE),
    ]
    return b"".join(program)


@contextmanager
def filter_pipe() -> Iterator[int | None]:
    """Give a file descriptor from which bubblewrap reads the filter, None where there is none."""
    program = process_filter()
    if program is None:
        yield None
        return
    reading, writing = os.pipe()
    os.write(writing, program)
    os.close(writing)
    try:
        yield reading
    finally:
        os.close(reading)


def _instruction(code: int, value: int, if_so: int = 0, if_not: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_so, if_not, value)
