"""Programs run, their checks give values, and several share a process."""

from __future__ import annotations

import asyncio

import pytest

from tests.sandbox.programs import (
    EACH_PROTECTION,
    PATIENT,
    SHORT,
    SQUARE,
    fault_of,
    is_right,
    outcome,
    program,
)
from tutor.errors import TutorError
from tutor.sandbox import process, run as sandbox_run
from tutor.sandbox.protection import plain_protection
from tutor.sandbox.run import Limits, run, run_all


def test_a_flood_that_is_heard_before_the_program_is_ready_is_a_flood():
    """Two threads listen: on a busy machine what is printed may be told first."""
    ear = process.Listener(10, 100, most_lines=9, longest_line=1_000)
    ear.told.put("flood")
    (stopped,) = run_all([program("print('x' * 10**6)\n" + SQUARE)], PATIENT, ear=ear)
    assert "output" == stopped.end


@EACH_PROTECTION
def test_a_right_program_gives_what_is_expected(protected):
    assert is_right(outcome(SQUARE, protected=protected))


@EACH_PROTECTION
def test_numpy_is_there_and_computes(protected):
    source = (
        "import numpy\ndef square(x):\n    return float(np.linalg.norm(numpy.array([x, 0])) ** 2)\n"
    )
    assert is_right(outcome(source, protected=protected))


@EACH_PROTECTION
def test_what_is_printed_stands_apart_from_what_is_given(protected):
    result = outcome("print('naïve', 1)\n" + SQUARE, protected=protected)
    assert "naïve 1\n" == result.printed
    assert is_right(result)


def test_the_setup_is_there_for_the_program_and_its_checks():
    source = "def square(x):\n    return unseen(x)\n"
    setup = "def unseen(x):\n    return x ** 2\n"
    assert is_right(outcome(source, setup=setup, expect="unseen(3.0)"))


def test_what_the_program_makes_of_the_setup_does_not_change_what_is_expected():
    result = outcome("def unseen(x):\n    return 1.0\n", setup=SQUARE, expect="square(3.0)")
    assert is_right(result)


@pytest.mark.parametrize(
    ("given", "shape", "numbers"),
    [
        ("2", (), (2.0,)),
        ("True", (), (1.0,)),
        ("[[1, 2], [3, 4.5]]", (2, 2), (1.0, 2.0, 3.0, 4.5)),
        ("np.float32(0.5)", (), (0.5,)),
        ("np.zeros((0, 3))", (0, 3), ()),
        ("[[1], [2, 3]]", None, ()),
        ("None", None, ()),
        ("'9.0'", None, ()),
        ("10**400", None, ()),
        ("1j", None, ()),
    ],
)
def test_a_value_is_told_by_shape_and_numbers_where_it_has_them(given, shape, numbers):
    (check,) = outcome(f"def square(x):\n    return {given}\n").checks
    assert check.value is not None
    assert (shape, numbers) == (check.value.shape, check.value.numbers)


def test_the_nearest_name_to_an_unknown_one_is_told():
    result = outcome("def square(x):\n    return nump.square(x)\n", setup="numpy = np\n")
    (check,) = result.checks
    assert check.fault is not None
    assert ("nump", "numpy", 2) == (check.fault.name, check.fault.near, check.fault.line)


def test_a_fault_of_the_lesson_is_told_as_such():
    assert outcome(SQUARE, expect="cube(3.0)").broken is not None


def test_programs_after_one_that_broke_the_process_are_run_all_the_same():
    sources = [SQUARE, "while True: pass\n", SQUARE, "import os\nos._exit(1)\n", SQUARE]
    outcomes = run_all([program(source) for source in sources], SHORT)
    assert ["done", "time", "done", "died", "done"] == [each.end for each in outcomes]
    assert all(is_right(each) for each in outcomes[::2])


def test_names_of_one_program_are_not_there_in_the_next():
    outcomes = run_all([program(SQUARE), program("pass\n")], PATIENT)
    assert [None, "NameError"] == [fault_of(each) for each in outcomes]


def test_memory_is_watched_where_the_system_does_not_limit_it(monkeypatch):
    """As on macOS, whose kernel takes RLIMIT_AS and forgets it."""
    limits = sandbox_run.resource_limits(PATIENT, 1)
    del limits["AS"]
    monkeypatch.setattr(sandbox_run, "_limits_memory", lambda: False)
    monkeypatch.setattr(sandbox_run, "resource_limits", lambda *_: limits)
    greedy = "x = b'x' * 400_000_000\nwhile True: pass\n"
    few = Limits(seconds=20.0, memory=300_000_000)
    assert "MemoryError" == fault_of(outcome(greedy, few, plain_protection()))


def test_what_the_tutor_itself_holds_does_not_count(monkeypatch):
    """Linux counts to a process's peak what held its place before: the tutor that began it."""
    monkeypatch.setattr(sandbox_run, "_limits_memory", lambda: False)
    tutors_own = b"x" * 350_000_000
    few = Limits(seconds=20.0, memory=300_000_000)
    assert is_right(outcome(SQUARE, few, plain_protection()))
    del tutors_own


async def test_the_loop_is_free_while_a_program_runs():
    task = asyncio.create_task(run(program(SQUARE), PATIENT))
    turns = 0
    while not task.done():
        turns += 1
        await asyncio.sleep(0)
    assert is_right(await task)
    assert turns > 10


async def test_a_cancelled_run_is_killed_before_it_lets_go_and_not_before_it_can_be(monkeypatch):
    """Bubblewrap that is killed while it begins leaves the program behind, without an end."""
    heard: list[bytes | str] = []
    wait, end = process.Listener.wait, process.SandboxProcess.end

    def waits(self, deadline):
        heard.append(wait(self, deadline))
        return heard[-1]

    def ends(self, **given):
        heard.append("killed")
        return end(self, **given)

    monkeypatch.setattr(process.Listener, "wait", waits)
    monkeypatch.setattr(process.SandboxProcess, "end", ends)
    task = asyncio.create_task(run(program("while True: pass\n"), Limits(seconds=600)))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    before = heard[: heard.index("killed")]
    assert "stop" in before
    assert any(b'"ready"' in told for told in before if isinstance(told, bytes))


async def test_a_sandbox_that_cannot_start_says_why(monkeypatch):
    monkeypatch.setattr(process, "python_command", lambda _: ["/bin/sh", "-c", "echo oh dear >&2"])
    monkeypatch.setattr(process, "find_bubblewrap", lambda: None)
    with pytest.raises(TutorError, match="oh dear"):
        await run(program(SQUARE), SHORT)
