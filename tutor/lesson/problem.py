"""What is wrong with a lesson file, where, and what to write instead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tutor.errors import TutorError
from tutor.i18n import Message, Text, message, render
from tutor.typed import nearest


@dataclass(frozen=True)
class Problem:
    """One fault of a lesson: `file:line: key: what is wrong; what to write instead`."""

    file: str
    line: int | None
    """Counted from 1; None where the file as a whole is meant."""
    key_path: str
    """Such as `steps[swing].choices[2].feedback`; empty where no key is meant."""
    what: Text
    mend: Text
    is_warning: bool = False
    """The lesson can be taught all the same."""

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        said = message("{what}; {mend}", what=self.what, mend=self.mend)
        if self.is_warning:
            said = message("warning: {said}", said=said)
        parts = [where, self.key_path, render(said)]
        return ": ".join(part for part in parts if part)


class LessonError(TutorError):
    """A lesson file that cannot be used, with all its problems (at least one)."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sort_problems(problems)
        first, more = self.problems[0], len(self.problems) - 1
        one_line = message("{problem}", problem=first)
        several = message("{problem} (and {more} more)", problem=first, more=more)
        super().__init__(several if more else one_line)


def sort_problems(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the problems by file and line, in the order in which an author mends them."""
    return tuple(sorted(problems, key=lambda p: (p.file, p.line or 0, p.key_path, str(p))))


def counted(count: int) -> Message:
    """Return the problem of a list with the wrong number of values."""
    if count == 0:
        return message("has no values")
    return message("has one value") if count == 1 else message("has {count} values", count=count)


def mend_by_nearest(word: str, known: Iterable[str]) -> Message:
    """Return the mend for a word that is none of the known ones: the nearest, or all of them."""
    known = tuple(known)
    match = known[0] if len(known) == 1 else nearest(word, known)
    if match is not None:
        return message("write {nearest}", nearest=match)
    return message("use one of: {known}", known=", ".join(known))
