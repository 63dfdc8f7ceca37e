"""An exhibit of the bug museum: a short program with one line at fault, ready to be run.

`show` runs a program and returns the lines that it prints; an exception is shown as its last
line. The programs are ours and constant: nothing that a learner types is run here.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import Any

import numpy as np

from tutor.core.network import SoftmaxClassifier
from tutor.i18n import Message

_PREAMBLE = '''
import numpy as np

def numerical_gradient(f, x):
    h = 1e-4
    grad = np.zeros_like(x)
    for idx in np.ndindex(*x.shape):
        before = x[idx]
        x[idx] = before + h
        above = f(x)
        x[idx] = before - h
        below = f(x)
        grad[idx] = (above - below) / (2*h)
        x[idx] = before
    return grad

def sphere(x):
    return x[0]**2 + x[1]**2

class Net:
    """The book's simpleNet: its loss is that of the weights it holds."""
    def __init__(self, weights):
        self.W = np.array(weights)
    def loss(self, x, t):
        return SoftmaxClassifier(2, 3, weights=self.W).loss(x, t)
'''
"""What the programs may use, in the form that the chapter gives it."""


@dataclass(frozen=True)
class Exhibit:
    """One fault: the program that has it, the line at fault, its mend, and what to see."""

    name: str
    fault: str
    """The faulty program."""
    fault_line: int
    """Of the program, from 1."""
    mended_line: str
    """What should stand in that line, indented as the program has it."""
    lesson: Message
    """What goes wrong, and why."""

    @property
    def mend(self) -> str:
        """The mended program."""
        lines = self.fault.splitlines()
        lines[self.fault_line - 1] = self.mended_line
        return "\n".join(lines)

    def show(self) -> tuple[str, ...]:
        """Run the faulty program and return what it prints."""
        return show(self.fault)

    def show_mended(self) -> tuple[str, ...]:
        """Run the mended program and return what it prints."""
        return show(self.mend)


def show(program: str) -> tuple[str, ...]:
    """Run one of the museum's programs; return its lines, and the last line of an exception."""
    lines: list[str] = []

    def keep(*values: Any) -> None:
        lines.append(" ".join(map(str, values)))

    names: dict[str, Any] = {"print": keep, "SoftmaxClassifier": SoftmaxClassifier}
    try:
        with np.errstate(all="ignore"):
            # Programs of the museum alone, so that the faults are seen and not told.
            exec(compile(_PREAMBLE, "<museum>", "exec"), names)  # noqa: S102
            exec(compile(program, "<museum>", "exec"), names)  # noqa: S102
    except Exception as error:  # an exception is what some exhibits are about
        text = error.msg if isinstance(error, SyntaxError) else error
        lines.append(f"{type(error).__name__}: {text}")
    return tuple(lines)


def faulty(name: str, lesson: Message, program: str, *, line: int, mend: str) -> Exhibit:
    """Return the exhibit of a program whose `line` (from 1) is at fault, and mended by `mend`."""
    fault = textwrap.dedent(program).strip()
    faulty_line = fault.splitlines()[line - 1]
    indent = faulty_line[: len(faulty_line) - len(faulty_line.lstrip())]
    return Exhibit(name, fault, line, indent + mend, lesson)
