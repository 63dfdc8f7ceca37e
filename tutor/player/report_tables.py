"""The progress report as tables: a title, rows of cells, a sentence, for whoever prints them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tutor.engine.lesson.events import CERTAINTY
from tutor.i18n import Text, message
from tutor.player.progress_report import ProgressReport


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
