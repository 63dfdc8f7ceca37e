"""A lesson while it is written: as it stands, or what keeps it from being shown."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from tutor.authoring.linter import check_paths
from tutor.engine.lesson.advance import open_step
from tutor.engine.lesson.run import LessonRun
from tutor.engine.lesson.view import StepView
from tutor.i18n import message, render
from tutor.lesson.loader import LessonSource, load_source
from tutor.lesson.model import Lesson
from tutor.lesson.problem import LessonError, Problem

_Signature: TypeAlias = tuple[int, int, int] | None
_NEVER: Final = (-1, -1, -1)


@dataclass(frozen=True, slots=True)
class Preview:
    """A lesson as its file stands now."""

    lesson: Lesson | None
    """None where it cannot be shown."""
    problems: tuple[Problem, ...]
    """All that `check` finds; of a lesson that can be shown, what is left to mend."""


class WatchedFile:
    """Tells when a file has changed and come to rest: an editor may still be writing it.

    A file that is replaced by another, or is gone for a moment, is a change like any other.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._shown: _Signature = _NEVER
        self._seen: _Signature = _NEVER

    def has_changed(self) -> bool:
        """Return whether the file is another than at the last True, and the same as a look ago."""
        signature = self._signature()
        rests = signature == self._seen
        self._seen = signature
        if not rests or signature == self._shown:
            return False
        self._shown = signature
        return True

    def _signature(self) -> _Signature:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino


def read_preview(path: Path) -> Preview:
    """Return the lesson in a file, every step of it opened once, with what `check` finds."""
    try:
        source = load_source(path)
    except LessonError as error:
        return Preview(None, error.problems)
    fault = _fault_of(source)
    problems = check_paths([path])
    if fault is None:
        return Preview(source.lesson, problems)
    return Preview(None, problems or (fault,))


def _fault_of(source: LessonSource) -> Problem | None:
    """Look at each step once; return the problem of the first that cannot be shown, or None."""
    run = LessonRun(source.lesson, seed=0)
    for index, (path, _) in enumerate(source.steps()):
        try:
            _look_at(open_step(run, index))
        except Exception as error:  # whatever fails, its author has to read it
            what = message("cannot be run: {error}", error=error)
            mend = message("mend the experiment of this step")
            return source.problem(f"{path}.experiment", what, mend)
    return None


def _look_at(run: LessonRun) -> None:
    """Compute all that the screen would show of a step, now and later."""
    result = run.state.result
    if result is None:
        return
    render(result.sentence)
    render(result.update_line)
    _ = StepView(run).charts
