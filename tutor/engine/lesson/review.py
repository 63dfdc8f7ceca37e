"""When a question comes back: growing gaps after right answers, the start again after a miss.

The attempts are the truth; the schedule is worked out from them anew each time. It is a Leitner
box (Sebastian Leitner, So lernt man lernen, 1972): each box has a longer gap than the one before.
A right answer moves the question to the next box, if it was due (answering it again on the same
evening proves little) and was not called a guess; a miss moves it back to the first. Confident
misses are asked first (they are corrected best: Butterfield and Metcalfe, 2001), then what has
waited longest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from tutor.engine.lesson.events import SOLUTION_SEEN
from tutor.lesson.model import Lesson, Step

GAPS: Final = (1, 3, 7, 16, 35)
"""Days until a question of each box comes back."""
SLACK: Final = timedelta(hours=8)
"""A gap is so much shorter than its days: whoever learns each morning may come a bit earlier."""

_LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Answer(Protocol):
    """What the schedule looks at in an attempt."""

    @property
    def lesson(self) -> str:
        """The lesson's id."""
        ...

    @property
    def step(self) -> str:
        """The step's id."""
        ...

    @property
    def answer(self) -> str:
        """The answer as it was given."""
        ...

    @property
    def correct(self) -> bool | None:
        """None where the step was skipped or its solution seen."""
        ...

    @property
    def confidence(self) -> str | None:
        """How sure the learner was: low, medium, high; None where nobody asked."""
        ...

    @property
    def at(self) -> datetime:
        """When, with a time zone."""
        ...


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """A question that was met before, and when it comes back."""

    lesson: Lesson
    step: Step
    seen: datetime
    """When it was answered last."""
    due: datetime
    box: int = 0
    """The position of its gap in `GAPS`."""
    confident_miss: bool = False
    """Whether the learner was certain of a wrong answer and has not mended it since."""
    last_answer: str = ""
    """The answer that was given last, as it is kept."""
    under_review: bool = True
    """Whether it comes back by itself."""

    def is_due(self, now: datetime) -> bool:
        """Whether it is to be asked by now."""
        return self.due <= now


def schedule(
    lessons: Iterable[Lesson],
    attempts: Iterable[Answer],
    now: datetime,
    *,
    every_answered: bool = False,
) -> tuple[ReviewItem, ...]:
    """Return every question under review, in the order to ask them.

    That is each question marked `review: true` that was answered, and each that was missed or
    whose solution was seen; with `every_answered` all that were answered. What the lessons no
    longer hold is passed over.
    """
    given = _by_step(attempts)
    items = [
        item
        for lesson in lessons
        for step in lesson.steps
        if step.is_question
        for item in [_item(lesson, step, given.get((lesson.id, step.id), ()), now)]
        if item is not None and (item.under_review or every_answered)
    ]
    return tuple(sorted(items, key=lambda item: _urgency(item, now)))


def due_items(items: Iterable[ReviewItem], now: datetime) -> tuple[ReviewItem, ...]:
    """Return those that are to be asked by now, in the same order."""
    return tuple(item for item in items if item.is_due(now))


def next_due(items: Iterable[ReviewItem]) -> datetime | None:
    """Return when the first of the items comes back, None if there are none."""
    return min((item.due for item in items), default=None)


def _by_step(attempts: Iterable[Answer]) -> Mapping[tuple[str, str], list[Answer]]:
    found: dict[tuple[str, str], list[Answer]] = {}
    for attempt in attempts:
        found.setdefault((attempt.lesson, attempt.step), []).append(attempt)
    return found


def _item(lesson: Lesson, step: Step, given: Sequence[Answer], now: datetime) -> ReviewItem | None:
    if not given:
        return None
    # Attempts brought in from another computer stand after ours: time tells, not their place.
    ordered = sorted(given, key=lambda attempt: _moment(attempt, now))
    first = _moment(ordered[0], now)
    under_review = step.review or any(map(_is_missed, given))
    item = ReviewItem(lesson, step, first, first, box=-1, under_review=under_review)
    for attempt in ordered:
        item = _after(item, attempt, _moment(attempt, now))
    return item


def _after(item: ReviewItem, attempt: Answer, at: datetime) -> ReviewItem:
    """Return the item after one more attempt."""
    item = replace(item, seen=at, last_answer=attempt.answer)
    if not attempt.correct:
        was_sure = attempt.correct is False and attempt.confidence == "high"
        sure_miss = item.confident_miss or was_sure
        return replace(item, box=0, due=_gap_after(at, 0), confident_miss=sure_miss)
    if at < item.due:  # asked again before its time: no harm, no gain
        return item
    is_luck = attempt.confidence == "low" and item.box >= 0
    box = item.box if is_luck else min(item.box + 1, len(GAPS) - 1)
    return replace(item, box=box, due=_gap_after(at, box), confident_miss=False)


def _gap_after(at: datetime, box: int) -> datetime:
    return at + timedelta(days=GAPS[box]) - SLACK


def _moment(attempt: Answer, now: datetime) -> datetime:
    """Return when the attempt was made; long ago where its clock was ahead of ours.

    So a clock that was once wrong keeps no question away for years.
    """
    return attempt.at if attempt.at <= now else _LONG_AGO


def _is_missed(attempt: Answer) -> bool:
    return attempt.correct is False or attempt.answer == SOLUTION_SEEN


def _urgency(item: ReviewItem, now: datetime) -> tuple[bool, bool, datetime, str, str]:
    is_due = item.is_due(now)
    sure_miss = is_due and item.confident_miss
    return (not is_due, not sure_miss, item.due, item.lesson.id, item.step.id)
