"""A learner's program: what is to be run, and what the run gave. Plain values."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Literal, TypeAlias

from tutor.lesson.model import CodeStep

MAX_SOURCE = 20_000
"""Characters of a program."""
MAX_NUMBERS = 10_000
"""Of one value: more are not compared."""

End: TypeAlias = Literal["done", "time", "output", "died"]
"""done: by itself, with or without a fault; died: the process ended before the checks did."""


@dataclass(frozen=True, slots=True)
class Check:
    """A call, what it should give, and wrong values that are known: Python expressions."""

    call: str
    expect: str
    misses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Program:
    """What is run: the setup, the learner's source, then each check's call."""

    source: str
    setup: str
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class Value:
    """A Python value, as far as it can be judged from outside."""

    kind: str
    """The name of its type."""
    text: str
    """Its `repr`, cut."""
    shape: tuple[int, ...] | None = None
    """Of numbers and arrays of them; None for everything else."""
    dtype: str = ""
    numbers: tuple[float, ...] = ()
    """In the order of the array; empty where there are too many."""


@dataclass(frozen=True, slots=True)
class Fault:
    """An exception."""

    kinds: tuple[str, ...]
    """The name of its type and of the types above it."""
    text: str
    line: int | None = None
    """In the learner's source, from 1."""
    name: str | None = None
    """The name that Python did not know."""
    near: str | None = None
    """The known name most like it."""

    @property
    def kind(self) -> str:
        """The name of the exception."""
        return self.kinds[0]


@dataclass(frozen=True, slots=True)
class CheckRun:
    """What one check gave: a value or a fault; neither where the run ended before."""

    expected: Value
    misses: tuple[Value, ...] = ()
    value: Value | None = None
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run gave."""

    end: End
    checks: tuple[CheckRun, ...] = ()
    """In the order of the program's, as far as they were begun."""
    fault: Fault | None = None
    """Why the program itself broke off."""
    broken: Fault | None = None
    """A fault of the lesson: its setup, an expected value."""
    line: int | None = None
    """Where in the learner's source the run was when its time was over, if that is known."""
    printed: str = ""
    """What it printed, cut."""
    more_printed: int = 0
    """Bytes that it printed beyond that."""
    exit_code: int | None = None
    """Of a process that died; negative: the signal that killed it."""


def gaps(source: str) -> tuple[tuple[int, int], ...]:
    r"""Return where a program has `...` to be filled in: line from 1, column from 0.

    >>> gaps("def f(x):\\n    return ...")
    ((2, 11),)
    """
    try:
        nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    lines = source.splitlines()
    found = ((node.lineno, node.col_offset) for node in nodes if node.value is Ellipsis)
    return tuple(sorted((row, len(lines[row - 1].encode()[:at].decode())) for row, at in found))


def program_of(step: CodeStep, source: str) -> Program:
    """Return what is to be run for this source."""
    checks = tuple(
        Check(check.call, check.expect, tuple(miss.value for miss in check.misses))
        for check in step.checks
    )
    return Program(source, step.setup or "", checks)
