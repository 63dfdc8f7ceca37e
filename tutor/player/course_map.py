"""The course as the map shows it: each lesson with its state, and where to go on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias

from tutor.i18n import Text, message
from tutor.lesson.heads import LessonHead
from tutor.store.model import LessonProgress, ResumePoint

Progress: TypeAlias = Mapping[str, LessonProgress] | Mapping[str, ResumePoint]
"""Where a learner is in each lesson that was begun."""

LessonState: TypeAlias = Literal["unknown", "not-started", "under-way", "done"]
"""unknown: the progress has not been read yet."""


@dataclass(frozen=True, slots=True)
class MapEntry:
    """One lesson on the map."""

    lesson: LessonHead
    state: LessonState
    step: int
    """The position of the step the learner is on, from 1; 0 before the first."""
    due: int = 0
    """How many of its questions are due for review."""

    @property
    def number(self) -> int | None:
        """The number that the lesson's file name starts with."""
        return self.lesson.number

    @property
    def course(self) -> str:
        """The course's id, as its head on the map."""
        return self.lesson.id.partition("/")[0]

    @property
    def part_done(self) -> float:
        """Return how much of the lesson is behind the learner, from 0 to 1."""
        if self.state == "done":
            return 1.0
        return max(0, self.step - 1) / len(self.lesson.steps)

    @property
    def short_words(self) -> Text:
        """The state where there is little room: the bar beside it says the rest."""
        if self.due:
            return message("due")
        if self.state == "under-way":
            return f"{self.step}/{len(self.lesson.steps)}"
        return self._own_words if self.state == "done" else ""

    @property
    def state_words(self) -> Text:
        """The state in words: a colour or a mark alone would not do."""
        if self.due:
            return message("{state}, review due", state=self._own_words)
        return self._own_words

    @property
    def _own_words(self) -> Text:
        match self.state:
            case "unknown":
                return ""
            case "not-started":
                return message("not started")
            case "done":
                return message("done")
            case _:
                return message("step {step} of {total}", step=self.step,
                               total=len(self.lesson.steps))  # fmt: skip


@dataclass(frozen=True, slots=True)
class CourseMap:
    """All lessons in order, and the one that Continue opens."""

    entries: tuple[MapEntry, ...]
    continue_at: int | None
    """The position of an entry; None where there are no lessons."""

    @property
    def due(self) -> int:
        """How many questions are due for review."""
        return sum(entry.due for entry in self.entries)

    def head_of(self, position: int) -> str | None:
        """Return the course that begins at an entry, where there are several; else None."""
        names = [entry.course for entry in self.entries]
        begins = position == 0 or names[position] != names[position - 1]
        return names[position] if begins and len(set(names)) > 1 else None

    def numbered(self, number: int, course: str) -> int | None:
        """Return the position of the lesson that has a number in a course."""
        return next(
            (
                position
                for position, entry in enumerate(self.entries)
                if (entry.number, entry.course) == (number, course)
            ),
            None,
        )

    @property
    def done(self) -> int:
        """How many lessons are done."""
        return sum(entry.state == "done" for entry in self.entries)


def course_map(
    lessons: Sequence[LessonHead],
    progress: Progress | None,
    due: Mapping[str, int] = MappingProxyType({}),
) -> CourseMap:
    """Return the map of the lessons for a learner with this progress (None: not read yet).

    `due` counts the questions of each lesson that are due for review.
    """
    if progress is None:
        return CourseMap(tuple(MapEntry(lesson, "unknown", 0) for lesson in lessons), None)
    entries = tuple(_entry(each, progress.get(each.id), due.get(each.id, 0)) for each in lessons)
    return CourseMap(entries, _continue_at(entries, progress))


def _entry(lesson: LessonHead, progress: LessonProgress | ResumePoint | None, due: int) -> MapEntry:
    if progress is None:
        return MapEntry(lesson, "not-started", 0)
    ids = lesson.steps
    step = ids.index(progress.step) + 1 if progress.step in ids else 1
    return MapEntry(lesson, "done" if progress.done else "under-way", step, due)


def _continue_at(entries: tuple[MapEntry, ...], progress: Progress) -> int | None:
    """Return the lesson last worked on and not done, else the first that is not done."""
    under_way = [i for i, entry in enumerate(entries) if entry.state == "under-way"]
    if under_way:
        return max(under_way, key=lambda i: progress[entries[i].lesson.id].at)
    fresh = [i for i, entry in enumerate(entries) if entry.state == "not-started"]
    return fresh[0] if fresh else (0 if entries else None)
