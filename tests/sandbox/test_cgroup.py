"""A control group is used where one was given, and nowhere else; what is full is told as memory."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.lesson.test_code_grading import STEP
from tests.sandbox.programs import fault_of
from tutor.i18n import render
from tutor.lesson.code_grading import grade_code
from tutor.lesson.programs import Program
from tutor.sandbox import cgroup
from tutor.sandbox.protection import plain_protection, protection
from tutor.sandbox.run import Limits, run_all

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


@pytest.mark.skipif(GROUPS is None, reason="no control group was given to this process")
@pytest.mark.parametrize("protected", [protection(), plain_protection()], ids=["best", "plain"])
def test_what_no_limit_of_a_process_counts_is_counted_by_its_group(protected):
    assert protected.groups is not None
    little = Limits(seconds=60.0, memory=400_000_000)
    (full,) = run_all([Program(MANY_TABLES, "", ())], little, protected=protected)
    assert "MemoryError" == fault_of(full)
    assert "more memory than it may have" in render(grade_code(STEP, full).feedback)
    assert [] == list(protected.groups.glob("program-*"))
