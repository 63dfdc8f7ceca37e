"""What is under review for a learner, and the words about when it comes back.

The map needs this before any lesson is opened: nothing here loads the numerical core.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from tutor.engine.lesson.review import ReviewItem, due_items, next_due, schedule
from tutor.i18n import Message, message
from tutor.lesson.catalog import Catalog
from tutor.store.progress_store import ProgressStore


@dataclass(frozen=True, slots=True)
class Review:
    """What is under review for a learner at a moment."""

    items: tuple[ReviewItem, ...]
    """All of it, in the order to ask."""
    now: datetime

    @property
    def due(self) -> tuple[ReviewItem, ...]:
        """What is to be asked by now."""
        return due_items(self.items, self.now)

    @property
    def due_by_lesson(self) -> Mapping[str, int]:
        """How many questions of each lesson are to be asked by now."""
        return Counter(item.lesson.id for item in self.due)

    @property
    def next_words(self) -> Message:
        """What there is to say when nothing is due."""
        due = next_due(self.items)
        if due is None:
            return message(
                "Nothing to review yet: questions come here once you have answered them."
            )
        return message("The next question comes back {when}.", when=when_words(due, self.now))

    def back_words(self, items: Iterable[ReviewItem]) -> tuple[Message, ...]:
        """Say of these items how many come back when, the soonest first."""
        asked = {(item.lesson.id, item.step.id) for item in items}
        days: dict[int, int] = {}
        for item in self.items:
            if (item.lesson.id, item.step.id) in asked:
                ahead = _days_ahead(item.due, self.now)
                days[ahead] = days.get(ahead, 0) + 1
        return tuple(
            message("{n} × {when}", n=count, when=_in_days(ahead))
            for ahead, count in sorted(days.items())
        )


def review_of(catalog: Catalog, store: ProgressStore, learner: str, now: datetime) -> Review:
    """Return what is under review, worked out from the learner's attempts."""
    return Review(schedule(catalog.lessons, store.attempts(learner), now), now)


def when_words(due: datetime, now: datetime) -> Message:
    """Say when something comes back, in days: `tomorrow`, `in 3 days`."""
    return _in_days(_days_ahead(due, now))


def _days_ahead(due: datetime, now: datetime) -> int:
    """Return the whole days until then, rounded to the nearest, at least one if it is ahead."""
    if due <= now:
        return 0
    return max(1, round((due - now) / timedelta(days=1)))


def _in_days(days: int) -> Message:
    if days <= 0:
        return message("now")
    if days == 1:
        return message("tomorrow")
    return message("in {n} days", n=days)
