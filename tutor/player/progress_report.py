"""What a learner did in the course: lessons, review, certainty, misconceptions, as tables of words.

The progress screen and `nabla progress` show the same report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tutor.engine.lesson.events import CERTAINTY
from tutor.engine.lesson.review import schedule
from tutor.i18n import Message, Text, message
from tutor.lesson.catalog import Catalog
from tutor.lesson.misconceptions import MISCONCEPTIONS
from tutor.player.course_map import MapEntry, course_map
from tutor.player.schedule import Review
from tutor.store.model import Attempt, LessonProgress
from tutor.store.progress_store import ProgressStore

_ENOUGH: Final = 5
"""Predictions from which on a share says something."""
_SURE_SHARE, _LUCKY_SHARE = 0.8, 0.7


@dataclass(frozen=True, slots=True)
class LessonLine:
    """One lesson: how far, in how many answers."""

    lesson: str
    title: str
    state: Text
    done: Text
    attempts: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """How often answers of one certainty were right."""

    confidence: str
    right: int
    total: int

    @property
    def share(self) -> float:
        """The right ones among all; 0 where there are none."""
        return self.right / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class ProgressReport:
    """All that the progress screen says."""

    lessons: tuple[LessonLine, ...]
    review: Review
    calibration: tuple[Calibration, ...]
    """From certain to guessing; empty where nothing was predicted."""
    misconceptions: tuple[tuple[Text, int], ...]
    """The sentence of each that was met, and how often; the most frequent first."""

    @property
    def review_words(self) -> Message:
        """How many questions are due, or when the next one is."""
        due = len(self.review.due)
        if not due:
            return self.review.next_words
        return message("{due} due of {all} under review.", due=due, all=len(self.review.items))

    @property
    def calibration_words(self) -> Message | None:
        """What the shares tell, where there are enough of them to tell anything."""
        of = {each.confidence: each for each in self.calibration}
        if not of:
            return message("You have not said yet how sure you are of a prediction.")
        sure, lucky = of["high"], of["low"]
        if sure.total >= _ENOUGH and sure.share < _SURE_SHARE:
            wrong = sure.total - sure.right
            return message(
                "Certain, and yet wrong in {wrong} of {total}: look twice where you feel sure.",
                wrong=wrong, total=sure.total,
            )  # fmt: skip
        if lucky.total >= _ENOUGH and lucky.share > _LUCKY_SHARE:
            return message(
                "Your guesses are better than you think: {right} of {total} were right.",
                right=lucky.right, total=lucky.total,
            )  # fmt: skip
        return None


def progress_report(
    catalog: Catalog, store: ProgressStore, learner: str, now: datetime
) -> ProgressReport:
    """Return the report on a learner."""
    attempts = store.attempts(learner)
    progress = store.lesson_progress(learner)
    return ProgressReport(
        tuple(_lines(catalog, progress)),
        Review(schedule(catalog.lessons, attempts, now), now),
        calibration(attempts),
        misconceptions_met(attempts),
    )


def _lines(catalog: Catalog, progress: Mapping[str, LessonProgress]) -> Iterator[LessonLine]:
    entries = course_map(catalog.heads, progress).entries
    for entry in entries:
        yield _line(entry, progress.get(entry.lesson.id))
    known: set[str] = {entry.lesson.id for entry in entries}
    for each in progress.values():
        if each.lesson not in known:
            lost = message("not in this course")
            yield LessonLine(each.lesson, each.lesson, lost, "", each.attempts)


def _line(entry: MapEntry, progress: LessonProgress | None) -> LessonLine:
    total = len(entry.lesson.steps)
    done = min(progress.completed, total) if progress else 0
    attempts = progress.attempts if progress else 0
    words = message("{done} of {total}", done=done, total=total)
    return LessonLine(entry.lesson.id, entry.lesson.title, entry.state_words, words, attempts)


def calibration(attempts: Iterable[Attempt]) -> tuple[Calibration, ...]:
    """Return how sure these answers were and how right, from certain to guessing."""
    judged = [(a.confidence, a.correct) for a in attempts if a.confidence and a.correct is not None]
    if not judged:
        return ()
    return tuple(
        Calibration(name, judged.count((name, True)), sum(given == name for given, _ in judged))
        for name in reversed(tuple(CERTAINTY))
    )


def misconceptions_met(attempts: Iterable[Attempt]) -> tuple[tuple[Text, int], ...]:
    """Return the sentence of each misconception that was met, the most frequent first."""
    met = Counter(a.misconception for a in attempts if a.misconception is not None)
    ordered = sorted(met.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple((MISCONCEPTIONS.get(name, name), count) for name, count in ordered)


@dataclass(frozen=True, slots=True)
class Table:
    """Part of a report."""

    title: Text
    rows: tuple[tuple[Text, ...], ...] = ()
    """Of one length; the first names the columns where `has_header`."""
    words: Text | None = None
    """A sentence under the rows."""
    has_header: bool = False


def report_tables(report: ProgressReport, *, by_id: bool = False) -> Iterator[Table]:
    """Yield the parts of the report; lessons are named by their ids or their titles."""
    header: tuple[Text, ...] = (
        message("lesson"), message("state"), message("steps done"), message("attempts"),
    )  # fmt: skip
    lessons: list[tuple[Text, ...]] = [
        (each.lesson if by_id else each.title, each.state, each.done, str(each.attempts))
        for each in report.lessons
    ]
    yield Table(message("Lessons"), (header, *lessons), has_header=True)
    yield Table(message("Review"), words=report.review_words)
    sure: list[tuple[Text, ...]] = [
        (CERTAINTY[each.confidence],
         message("right {right} of {total}", right=each.right, total=each.total),
         message("{share:.0%}", share=each.share) if each.total else "")
        for each in report.calibration
    ]  # fmt: skip
    yield Table(message("How sure you were"), tuple(sure), report.calibration_words)
    met: list[tuple[Text, ...]] = [
        (message("{n}×", n=count), words) for words, count in report.misconceptions
    ]
    none = None if met else message("None so far.")
    yield Table(message("Misconceptions met"), tuple(met), none)
