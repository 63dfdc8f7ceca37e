"""A program with a fault: its lines, and what it prints, really run by the core's bug museum."""

from __future__ import annotations

from functools import lru_cache

from tutor.errors import TutorError
from tutor.i18n import render
from tutor.lesson.model import BugStep


def program_lines(step: BugStep, *, mended: bool) -> tuple[str, ...]:
    """Return the lines of the program; once mended, with the mend in place of the faulty one."""
    lines = step.code.splitlines()
    if mended and step.fault_line <= len(lines):
        faulty = lines[step.fault_line - 1]
        indent = faulty[: len(faulty) - len(faulty.lstrip())]
        lines[step.fault_line - 1] = indent + step.mend.strip()
    return tuple(lines)


def printed_lines(step: BugStep, *, mended: bool) -> tuple[str, ...]:
    """Return what the exhibit's program prints, with its fault or without, line by line."""
    try:
        return _printed(step.symptom.run, mended)
    except TutorError as error:
        return (render(error.text),)


@lru_cache(maxsize=128)
def _printed(name: str, mended: bool) -> tuple[str, ...]:
    # NumPy is loaded with the first program, not with the course map.
    from tutor.core.museum import exhibit  # noqa: PLC0415

    shown = exhibit(name)
    printed = shown.show_mended() if mended else shown.show()
    return tuple(line for part in printed for line in part.splitlines())
