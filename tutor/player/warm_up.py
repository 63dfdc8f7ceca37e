"""Before a lesson begins: two questions from the lessons before it, to call them back to mind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Final

from tutor.engine.lesson.review import ReviewItem, schedule
from tutor.i18n import message
from tutor.lesson.catalog import Catalog
from tutor.lesson.model import Lesson
from tutor.player.review import ReviewPlayer
from tutor.store.model import Attempt
from tutor.store.progress_store import ProgressStore

QUESTIONS: Final = 2
_TOO_LONG: Final = frozenset({"experiment", "code"})
"""Kinds of steps that take more than a minute."""


def warm_up(
    lesson: Lesson,
    catalog: Catalog,
    store: ProgressStore,
    *,
    learner: str,
    now: Callable[[], datetime],
    seed: int,
) -> ReviewPlayer | None:
    """Return the warm-up to play before the lesson.

    None where the lesson was begun before, or where no earlier lesson holds a question that the
    learner answered.
    """
    if store.resume_point(learner, lesson.id) is not None:
        return None
    items = warm_up_items(_earlier(lesson, catalog), store.attempts(learner), now())
    if not items:
        return None
    return ReviewPlayer(items, store, learner=learner, now=now, seed=seed, title=message("Warm-up"))


def warm_up_items(
    earlier: Iterable[Lesson], attempts: Sequence[Attempt], now: datetime
) -> tuple[ReviewItem, ...]:
    """Return up to two questions: what is due first, then what was seen longest ago."""
    lessons = tuple(earlier)
    items = schedule(lessons, attempts, now, every_answered=True)
    short = [item for item in items if item.step.kind not in _TOO_LONG]
    due = [item for item in short if item.under_review and item.is_due(now)]
    rest = [item for item in short if item not in due]
    rest.sort(key=lambda item: (item.seen, item.lesson.id, item.step.id))
    return tuple([*due, *rest][:QUESTIONS])


def _earlier(lesson: Lesson, catalog: Catalog) -> tuple[Lesson, ...]:
    """Return the lessons of the same course that come before it."""
    for course in catalog.courses:
        ids = [each.id for each in course.lessons]
        if lesson.id in ids:
            return course.lessons[: ids.index(lesson.id)]
    return ()
