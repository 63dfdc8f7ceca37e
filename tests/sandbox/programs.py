"""Programs for the sandbox, and the two protections that they run under."""

from __future__ import annotations

import pytest

from tutor.lesson.programs import Check, Outcome, Program
from tutor.sandbox.protection import plain_protection, protection
from tutor.sandbox.run import Limits, run_all

BUBBLEWRAP = pytest.mark.skipif(
    protection().kind != "bubblewrap", reason="bubblewrap not installed (or not allowed here)"
)
KERNEL = pytest.mark.skipif(
    {"calls", "files"} != set(plain_protection().layers),
    reason="no list of system calls for this machine, or no Landlock in this kernel",
)
EACH_PROTECTION = pytest.mark.parametrize(
    "protected",
    [pytest.param(protection(), marks=BUBBLEWRAP), plain_protection()],
    ids=["bubblewrap", "plain"],
)
EACH_WALL = pytest.mark.parametrize(
    "protected",
    [
        pytest.param(protection(), marks=BUBBLEWRAP),
        pytest.param(plain_protection(), marks=KERNEL),
    ],
    ids=["bubblewrap", "kernel"],
)
SQUARE = "def square(x):\n    return x * x\n"
SHORT = Limits(seconds=0.5)
PATIENT = Limits(seconds=20.0)
"""For programs that end by themselves, however slow the machine."""


def program(
    source: str, call: str = "square(3.0)", expect: str = "9.0", setup: str = ""
) -> Program:
    return Program(source, setup, (Check(call, expect),))


def outcome(source: str, limits: Limits = PATIENT, protected=None, **of_program: str) -> Outcome:
    """Return what became of a program."""
    (result,) = run_all([program(source, **of_program)], limits, protected=protected)
    return result


def is_right(result: Outcome) -> bool:
    """Whether the program came to its end and gave what was expected."""
    (check,) = result.checks
    return result.end == "done" and check.value == check.expected


def fault_of(result: Outcome) -> str | None:
    """Return the name of the exception that a program, or its check, broke off with."""
    fault = result.fault or (result.checks[0].fault if result.checks else None)
    return None if fault is None else fault.kind
