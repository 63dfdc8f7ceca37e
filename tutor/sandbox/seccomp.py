"""The system calls that a learner's program may make on Linux; the kernel refuses all others.

A program is one process with one thread that computes, reads files and prints. So whatever holds
memory that no limit of a process counts (shared memory, pipes, sockets, files in memory, other
processes), and whatever acts on anything else (signals, files, the network), is not to be had.

The list is what `python -m tests.sandbox.system_calls` prints for the lowest and the newest NumPy
(2.0.2 to 2.5.5) and Python 3.11 to 3.13, and what stands in for one of these calls in another
C library, an older or newer kernel, or on aarch64. That file also says how to make it anew.
"""

from __future__ import annotations

import errno
import platform
import struct
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

ALLOWED: Final[Mapping[str, tuple[int | None, int | None]]] = {
    # Reading and printing.
    "read": (0, 63), "readv": (19, 65), "pread64": (17, 67), "preadv": (295, 69),
    "write": (1, 64), "writev": (20, 66), "pwrite64": (18, 68), "lseek": (8, 62),
    "close": (3, 57), "close_range": (436, 436),
    "dup": (32, 23), "dup2": (33, None), "dup3": (292, 24), "fadvise64": (221, 223),
    "poll": (7, None), "ppoll": (271, 73), "select": (23, None), "pselect6": (270, 72),
    # Looking at files and folders.
    "stat": (4, None), "fstat": (5, 80), "lstat": (6, None), "newfstatat": (262, 79),
    "statx": (332, 291), "access": (21, None), "faccessat": (269, 48), "faccessat2": (439, 439),
    "readlink": (89, None), "readlinkat": (267, 78), "getdents64": (217, 61), "getcwd": (79, 17),
    # Memory of its own: what is mapped counts against the limit of addresses.
    "brk": (12, 214), "mmap": (9, 222), "munmap": (11, 215), "mremap": (25, 216),
    "mprotect": (10, 226), "madvise": (28, 233),
    # Time, and the alarm that ends a program in its line.
    "clock_gettime": (228, 113), "clock_getres": (229, 114), "gettimeofday": (96, 169),
    "time": (201, None), "times": (100, 153), "getrusage": (98, 165),
    "nanosleep": (35, 101), "clock_nanosleep": (230, 115), "restart_syscall": (219, 128),
    "setitimer": (38, 103), "getitimer": (36, 102), "alarm": (37, None), "pause": (34, None),
    "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139),
    "rt_sigpending": (127, 136), "rt_sigsuspend": (130, 133), "sigaltstack": (131, 132),
    # Locks within the process; one thread needs them too.
    "futex": (202, 98), "sched_yield": (24, 124), "membarrier": (324, 283),
    # What it is and where it runs.
    "getpid": (39, 172), "gettid": (186, 178), "getppid": (110, 173), "getpgid": (121, 155),
    "getpgrp": (111, None), "getsid": (124, 156), "getuid": (102, 174), "geteuid": (107, 175),
    "getgid": (104, 176), "getegid": (108, 177), "getgroups": (115, 158),
    "getresuid": (118, 148), "getresgid": (120, 150), "getrlimit": (97, 163),
    "uname": (63, 160), "sysinfo": (99, 179), "getcpu": (309, 168),
    "sched_getaffinity": (204, 123), "getrandom": (318, 278),
    "exit": (60, 93), "exit_group": (231, 94),
}  # fmt: skip
"""Calls by name, with their numbers on x86_64 and aarch64; None where there is no such call."""


class Examined(NamedTuple):
    """A call that is allowed with some values of one argument."""

    numbers: tuple[int | None, int | None]
    argument: int
    """Which one, from 0; its lower 32 bits are all that the kernel takes of it, or all are 0."""
    values: tuple[int, ...] = ()
    none_of: int = 0
    """Bits that must not be set, where no values are named."""
    refused_by: int = errno.ENOSYS


_WRITES: Final = 0o1 | 0o2 | 0o100 | 0o1000
"""O_WRONLY, O_RDWR, O_CREAT, O_TRUNC: the same on both machines."""
EXAMINED: Final[Mapping[str, Examined]] = {
    "open": Examined((2, None), 1, none_of=_WRITES, refused_by=errno.EROFS),
    "openat": Examined((257, 56), 2, none_of=_WRITES, refused_by=errno.EROFS),
    # F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_DUPFD_CLOEXEC: no locks, no signals, no larger pipes.
    "fcntl": Examined((72, 25), 1, (0, 1, 2, 3, 1030)),
    # TCGETS, TCGETS2, TIOCGWINSZ (is it a terminal, how wide), FIOCLEX, FIONCLEX.
    "ioctl": Examined((16, 29), 1, (0x5401, 0x802C542A, 0x5413, 0x5451, 0x5450)),
    # Limits may be read, not set: no new ones are given.
    "prlimit64": Examined((302, 261), 2, (0,), refused_by=errno.EPERM),
}

REFUSED: Final[Mapping[str, tuple[int | None, int | None]]] = {
    "clone": (56, 220), "fork": (57, None), "vfork": (58, None), "execve": (59, 221),
    "execveat": (322, 281), "kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131),
    "socket": (41, 198), "socketpair": (53, 199), "setrlimit": (160, 164),
    "unlink": (87, None), "unlinkat": (263, 35), "rename": (82, None), "renameat": (264, 38),
    "renameat2": (316, 276), "mkdir": (83, None), "mkdirat": (258, 34), "rmdir": (84, None),
}  # fmt: skip
"""Calls that a learner may well try: "Operation not permitted" says more than "not implemented"."""

_MACHINES: Final = {"x86_64": (0, 0xC000003E, 317), "aarch64": (1, 0xC00000B7, 277)}
"""The column of numbers, the kernel's name for the machine, and the number of `seccomp`."""
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
_ALLOW, _ERROR = 0x7FFF0000, 0x00050000
_OTHER_ABI: Final = 0x40000000
"""From here on, x86_64 has the calls of x32: the same ones under other numbers."""


class Filter(NamedTuple):
    """What the kernel is given."""

    call: int
    """The number of `seccomp` itself."""
    program: bytes
    """For its Berkeley Packet Filter machine."""


def system_call_filter(machine: str = "") -> Filter | None:
    """Return the list as the kernel takes it; None for a machine that it is not written for.

    What is not in it answers ENOSYS, as on a kernel that is too old for it, so that libraries take
    another way; calls by another ABI (32 bits, x32) do so as well.
    """
    known = _MACHINES.get(machine or platform.machine())
    if known is None:
        return None
    column, architecture, seccomp = known
    refused = [number for each in REFUSED.values() if (number := each[column]) is not None]
    allowed = [number for each in ALLOWED.values() if (number := each[column]) is not None]
    checks = [
        _step(_LOAD, _ARCHITECTURE), _step(_EQUAL, architecture, 1, 0), _error(errno.ENOSYS),
        _step(_LOAD, _NUMBER), _step(_AT_LEAST, _OTHER_ABI, 0, 1), _error(errno.ENOSYS),
        *(step for each in EXAMINED.values() for step in _examined(each, each.numbers[column])),
        *_any_of(allowed, _step(_RETURN, _ALLOW)),
        *_any_of(refused, _error(errno.EPERM)),
        _error(errno.ENOSYS),
    ]  # fmt: skip
    return Filter(seccomp, b"".join(checks))


def _examined(call: Examined, number: int | None) -> Iterator[bytes]:
    if number is None:
        return
    lower = _ARGUMENTS + 8 * call.argument
    if call.none_of:
        tests = [_step(_LOAD, lower), _step(_ANY_BIT, call.none_of, 0, 1)]
    elif call.values == (0,):  # a pointer
        tests = [_step(_LOAD, lower), _step(_EQUAL, 0, 0, 2), _step(_LOAD, lower + 4),
                 _step(_EQUAL, 0, 1, 0)]  # fmt: skip
    else:
        count = len(call.values)
        tests = [_step(_LOAD, lower)]
        tests += [_step(_EQUAL, each, count - n, 0) for n, each in enumerate(call.values)]
    verdicts = [_error(call.refused_by), _step(_RETURN, _ALLOW)]
    yield _step(_EQUAL, number, 0, len(tests) + len(verdicts))
    yield from (*tests, *verdicts)


def _any_of(numbers: list[int], verdict: bytes) -> Iterator[bytes]:
    """Yield the steps that give the verdict on one of these calls, and go on with any other."""
    count = len(numbers)
    yield from (_step(_EQUAL, each, count - n, 0) for n, each in enumerate(numbers))
    yield _step(0x05, 1)
    yield verdict


def _error(number: int) -> bytes:
    return _step(_RETURN, _ERROR | number)


def _step(code: int, value: int, if_so: int = 0, if_not: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_so, if_not, value)
