"""The command `check`: prints what the linter finds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from tutor.authoring.linter import inspect
from tutor.i18n import Message, message, render
from tutor.lesson.catalog import find_lesson_folders


def run_check(paths: Sequence[Path], out: TextIO) -> int:
    """Print the problems of the lessons at `paths` to `out`, one a line, and a line that sums up.

    Without a path: the project's own lessons. Returns the exit status, 1 where there is a problem.
    """
    report = inspect(paths or find_lesson_folders())
    for problem in report.problems:
        print(problem, file=out)
    if report.problems:
        files = len({problem.file for problem in report.problems})
        print(render(_counted(len(report.problems), files)), file=out)
        return 1
    clean = message(
        "{lessons}, {steps}: no problems",
        lessons=_plural(report.lessons, "lesson"),
        steps=_plural(report.steps, "step"),
    )
    print(render(clean), file=out)
    return 0


def _counted(problems: int, files: int) -> Message:
    return message(
        "{problems} in {files}",
        problems=_plural(problems, "problem"),
        files=_plural(files, "file"),
    )


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
