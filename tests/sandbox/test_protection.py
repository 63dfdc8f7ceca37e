"""What protects is tried, not believed, and says what it does."""

from __future__ import annotations

import os
import re
import struct
from dataclasses import replace
from pathlib import Path

import pytest

from tests.lesson.test_code_grading import STEP
from tests.sandbox.programs import BUBBLEWRAP, KERNEL, fault_of, outcome
from tutor.errors import TutorError
from tutor.i18n import render
from tutor.lesson.code_grading import grade_code
from tutor.lesson.programs import Program
from tutor.sandbox import cgroup, protection as module
from tutor.sandbox.process import SandboxProcess
from tutor.sandbox.protection import plain_protection, protection
from tutor.sandbox.run import Limits, run_all
from tutor.sandbox.seccomp import ALLOWED, EXAMINED, REFUSED, system_call_filter

GROUPS = protection().groups
MANY_TABLES = """
import ctypes
library = ctypes.CDLL(None)
library.mmap.restype = ctypes.c_void_p
for at in range(1 << 31, 1 << 46, 1 << 30):
    got = library.mmap(ctypes.c_void_p(at), ctypes.c_long(4096), 3, 0x22, -1, 0)
    if got in (None, 2**64 - 1): break
    ctypes.c_char.from_address(got).value = b"x"
"""
"""60,000 pages far apart need 500 MB of tables: the limit of addresses counts the pages alone."""


@pytest.fixture(autouse=True)
def tried_anew():
    protection.cache_clear()
    yield
    protection.cache_clear()


@BUBBLEWRAP
def test_bubblewrap_needs_no_consent():
    assert not protection().needs_consent


def test_without_bubblewrap_consent_is_needed_and_the_mend_is_named(monkeypatch):
    monkeypatch.setattr(module, "find_bubblewrap", lambda: None)
    monkeypatch.setattr(module.sys, "platform", "linux")
    found = protection()
    assert found.needs_consent
    assert "install the package bubblewrap" in str(found.reason)


@pytest.mark.parametrize(
    ("bubblewrap", "why"), [("/bin/false", ""), ("/no/such/bwrap", "No such file")]
)
def test_a_bubblewrap_that_does_not_work_is_not_used(monkeypatch, bubblewrap, why):
    monkeypatch.setattr(module, "find_bubblewrap", lambda: bubblewrap)
    found = protection()
    assert found.needs_consent
    assert "does not work here" in str(found.reason)
    assert why in str(found.reason)


def test_on_windows_no_limit_on_memory_is_promised(monkeypatch):
    monkeypatch.setattr(module.sys, "platform", "win32")
    assert "memory" not in str(plain_protection().against)


ALLOW, ENOSYS, EPERM, EROFS = 0x7FFF0000, *(0x50000 | each for each in (38, 1, 30))
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
EACH_MACHINE = pytest.mark.parametrize("machine", MACHINES)


def answer(machine: str, number: int, *arguments: int, architecture: int = 0) -> int:
    """Return what the filter says of a call: each of its steps is done as the kernel does it."""
    _, own = MACHINES[machine]
    padded = (*arguments, *[0] * (6 - len(arguments)))
    data = struct.pack("=IIQ6Q", number, architecture or own, 0, *padded)
    found = system_call_filter(machine)
    assert found is not None
    steps = list(struct.iter_unpack("=HBBI", found.program))
    place = loaded = 0
    while True:
        code, yes, no, value = steps[place]
        if code == 0x06:
            return value
        if code == 0x20:
            (loaded,) = struct.unpack_from("=I", data, value)
            place += 1
        elif code == 0x05:
            place += 1 + value
        else:
            holds = {0x15: loaded == value, 0x35: loaded >= value, 0x45: loaded & value}[code]
            place += 1 + (yes if holds else no)


def numbers(machine: str, calls: dict[str, tuple[int | None, int | None]]) -> set[int]:
    column, _ = MACHINES[machine]
    return {number for each in calls.values() if (number := each[column]) is not None}


@EACH_MACHINE
def test_each_call_is_answered_as_the_list_says_and_all_others_are_unknown(machine):
    allowed, refused = numbers(machine, dict(ALLOWED)), numbers(machine, dict(REFUSED))
    examined = numbers(machine, {name: each.numbers for name, each in EXAMINED.items()})
    assert not (allowed & refused) | (allowed & examined) | (refused & examined)
    for number in set(range(1024)) - examined:
        expected = ALLOW if number in allowed else EPERM if number in refused else ENOSYS
        assert expected == answer(machine, number)


@EACH_MACHINE
def test_no_call_of_another_abi_is_known(machine):
    other = {"x86_64": (0x40000003, 0xC00000B7), "aarch64": (0x28, 0x40000028)}  # x32, i386; arm
    calls = [*numbers(machine, dict(ALLOWED)), *numbers(machine, dict(REFUSED))]
    assert {ENOSYS} == {answer(machine, each | 0x40000000) for each in calls}
    assert {ENOSYS} == {answer(machine, n, architecture=other[machine][1]) for n in calls}


@EACH_MACHINE
@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("openat", (0, 0, 0), ALLOW),
        ("openat", (0, 0, 0o2000000 | 0o200000 | 0o4000), ALLOW),
        *(("openat", (0, 0, flag), EROFS) for flag in (1, 2, 3, 0o100, 0o1000, 0o20200001)),
        *(("fcntl", (0, command), ALLOW) for command in (0, 1, 2, 3, 1030)),
        *(("fcntl", (0, command), ENOSYS) for command in (4, 6, 8, 10, 1024, 1031, 1033)),
        *(("ioctl", (0, request), ALLOW) for request in (0x5401, 0x5413)),
        *(("ioctl", (0, request), ENOSYS) for request in (0x5412, 0x540E, 0x5421)),
        ("prlimit64", (0, 9, 0, 1), ALLOW),
        *(("prlimit64", (0, 9, pointer), EPERM) for pointer in (1, 1 << 32, 1 << 63)),
    ],
)
def test_an_argument_decides_where_the_list_says_so(machine, name, arguments, expected):
    number = EXAMINED[name].numbers[MACHINES[machine][0]]
    assert number is not None
    assert expected == answer(machine, number, *arguments)


@pytest.mark.parametrize(
    ("machine", "file"),
    [
        ("x86_64", "/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
        ("aarch64", "/usr/include/asm-generic/unistd.h"),
    ],
)
def test_the_numbers_are_those_of_the_kernels_headers(machine, file):
    if not Path(file).exists():
        pytest.skip("the kernel's headers are not installed")
    column, _ = MACHINES[machine]
    text = Path(file).read_text("utf-8")
    defined = dict(re.findall(r"#define __NR(?:3264)?_(\w+) (\d+)", text))
    if machine == "aarch64":  # with 64 bits these two have other names
        defined |= {"newfstatat": defined["fstatat"], "fadvise64": defined["fadvise64"]}
    mine = {**ALLOWED, **REFUSED, **{name: each.numbers for name, each in EXAMINED.items()}}
    told = {
        name: str(number) for name, each in mine.items() if (number := each[column]) is not None
    }
    assert {name: defined.get(name) for name in told} == told


def test_a_machine_that_the_filter_does_not_know_gets_none():
    assert system_call_filter("vax") is None


def test_what_this_kernel_cannot_keep_a_program_from_is_not_promised(monkeypatch):
    monkeypatch.setattr(module, "_problem_of", lambda *_: "Function not implemented")
    module.kept_layers.cache_clear()
    assert {} == plain_protection().layers
    assert "delete your files" in str(plain_protection().not_against)
    module.kept_layers.cache_clear()


@KERNEL
def test_no_program_begins_where_what_was_promised_does_not_hold():
    calls, instructions = plain_protection().layers["calls"]
    broken = replace(plain_protection(), layers={"calls": [calls, instructions[:-16]]})
    with pytest.raises(TutorError, match="Invalid argument"):
        outcome("print('ran')", protected=broken)


@pytest.fixture
def own(tmp_path: Path, monkeypatch) -> Path:
    """The group of this process, as the kernel shows it: files that are written."""
    folder = tmp_path / "nabla.service"
    for each in (folder, folder / "nabla"):
        each.mkdir()
        (each / "cgroup.controllers").write_text("cpu memory pids\n")
        (each / "cgroup.subtree_control").write_text("")
        (each / "cgroup.procs").write_text(f"{os.getpid()}\n")
    monkeypatch.setattr(cgroup, "_own_folder", lambda: folder)
    return folder


def test_a_group_of_this_process_alone_is_divided(own):
    assert own == cgroup.given_folder()
    assert "+memory" == (own / "cgroup.subtree_control").read_text()
    assert "0" == (own / "nabla" / "cgroup.procs").read_text()


def test_a_worker_finds_what_its_server_divided(own, monkeypatch):
    (own / "cgroup.subtree_control").write_text("memory\n")
    monkeypatch.setattr(cgroup, "_own_folder", lambda: own / "nabla")
    assert own == cgroup.given_folder()


def test_a_group_with_others_in_it_is_left_alone(own):
    (own / "cgroup.procs").write_text(f"1\n{os.getpid()}\n")
    assert cgroup.given_folder() is None
    assert "" == (own / "cgroup.subtree_control").read_text()


def test_a_group_that_cannot_limit_memory_is_left_alone(own):
    (own / "cgroup.controllers").write_text("cpu\n")
    assert cgroup.given_folder() is None


def test_a_program_that_its_group_ended_took_too_much_memory(monkeypatch):
    """What the group tells stands in for the kernel's kill, which needs a group that was given."""
    monkeypatch.setattr(SandboxProcess, "is_full", True)
    ended = outcome("import os\nos._exit(9)\n")
    assert "more memory than it may have" in render(grade_code(STEP, ended).feedback)


@pytest.mark.skipif(GROUPS is None, reason="no control group was given to this process")
@pytest.mark.parametrize("protected", [protection(), plain_protection()], ids=["best", "plain"])
def test_what_no_limit_of_a_process_counts_is_counted_by_its_group(protected):
    assert protected.groups is not None
    little = Limits(seconds=60.0, memory=400_000_000)
    (full,) = run_all([Program(MANY_TABLES, "", ())], little, protected=protected)
    assert "MemoryError" == fault_of(full)
    assert "more memory than it may have" in render(grade_code(STEP, full).feedback)
    assert [] == list(protected.groups.glob("program-*"))
