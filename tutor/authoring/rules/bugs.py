"""Bugs: the code of the lesson is the exhibit's that is run, and its mend the exhibit's mend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from tutor.core.faulty_program import Exhibit
from tutor.core.museum import MUSEUM
from tutor.i18n import message
from tutor.lesson.consistency import Inconsistency
from tutor.lesson.model import BugStep, Step
from tutor.lesson.problem import mend_by_nearest
from tutor.lesson.scalars import quoted

_LEFT_OUT: Final = ("", "...")
"""Lines that stand for whatever of the program is not shown."""


def check_bug(step: Step, path: str) -> Iterator[Inconsistency]:
    """Yield what keeps the shown code from being the program that is run."""
    if not isinstance(step, BugStep):
        return
    if step.symptom.run not in MUSEUM:
        what = message("{name} is no exhibit of the museum", name=step.symptom.run)
        yield f"{path}.symptom.run", what, mend_by_nearest(step.symptom.run, tuple(MUSEUM))
        return
    shown = MUSEUM[step.symptom.run]
    lines = step.code.splitlines()
    places = _places(lines, shown.fault.splitlines())
    if len(places) < len(lines):
        what = message("the exhibit {name} has no line {line} here", name=shown.name,
                       line=quoted(lines[len(places)].strip()))  # fmt: skip
        mend = message("show lines of its program in tutor/core/museum.py, in their order")
        yield f"{path}.code", what, mend
        return
    yield from _mend_faults(step, shown, places, path)


def _mend_faults(
    step: BugStep, shown: Exhibit, places: Sequence[int | None], path: str
) -> Iterator[Inconsistency]:
    if shown.fault_line not in places:
        line = quoted(shown.fault.splitlines()[shown.fault_line - 1].strip())
        what = message("lacks the exhibit's line at fault")
        yield f"{path}.code", what, message("show {line}", line=line)
    elif places[step.fault_line - 1] != shown.fault_line:
        what = message("line {line} is not the one at fault", line=step.fault_line)
        mend = message("write {line}", line=places.index(shown.fault_line) + 1)
        yield f"{path}.fault_line", what, mend
    if step.mend.strip() != shown.mended_line.strip():
        what = message("is not what the exhibit {name} runs", name=shown.name)
        yield f"{path}.mend", what, message("write {line}", line=quoted(shown.mended_line.strip()))


def _places(lines: Sequence[str], program: Sequence[str]) -> tuple[int | None, ...]:
    """Return the line of the program (from 1) that each line is, None where it stands for others.

    Shorter than `lines` where one is not found after the one before it. The whole code may be
    indented less than in the program.
    """
    indents = {len(line) - len(line.lstrip()) for line in program}
    return max((_found(lines, program, indent) for indent in indents), key=len)


def _found(lines: Sequence[str], program: Sequence[str], indent: int) -> tuple[int | None, ...]:
    found: list[int | None] = []
    after = 0
    for line in lines:
        if line.strip() in _LEFT_OUT:
            found.append(None)
            continue
        wanted = " " * indent + line.rstrip()
        if wanted not in program[after:]:
            break
        after = program.index(wanted, after) + 1
        found.append(after)
    return tuple(found)
