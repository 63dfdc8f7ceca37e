"""A review, and the warm-up before a lesson: questions one after another, as in a lesson."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from tutor.engine.kinds.number import entered_and_variant
from tutor.engine.lesson.advance import advance, begin, open_step
from tutor.engine.lesson.events import AttemptMade, Event
from tutor.engine.lesson.resume import retold
from tutor.engine.lesson.review import ReviewItem, schedule
from tutor.engine.lesson.run import LessonRun, StepState
from tutor.engine.lesson.view import StepView
from tutor.i18n import Text, message, render
from tutor.lesson.catalog import Catalog
from tutor.lesson.model import Identifier, Lesson, LessonId, Line, Step
from tutor.lesson.variants import variant_count
from tutor.player.player import Receipts
from tutor.player.recap import Recap, review_recap
from tutor.player.schedule import review_of
from tutor.store.model import IN_REVIEW, Attempt
from tutor.store.progress_store import ProgressStore

AT_MOST: Final = 15
"""Questions in one sitting: what is left stays due."""


class ReviewPlayer:
    """Plays questions out of their lessons, as `Player` plays a lesson.

    Each starts afresh. Answers are kept as attempts at their own lessons, marked as given in a
    review; where the learner is in those lessons does not change.
    """

    def __init__(
        self,
        items: Sequence[ReviewItem],
        store: ProgressStore,
        *,
        learner: str,
        now: Callable[[], datetime],
        seed: int,
        title: Text,
    ) -> None:
        self.items = tuple(items)
        self._store = store
        self._learner = learner
        self._now = now
        self._title = title
        self._made: list[Attempt] = []
        self.receipts = Receipts()
        self._sources = {_id_of(item): item for item in self.items}
        self.run: LessonRun = _with_new_numbers(
            self.items, begin(_lesson_of(self.items, render(title)), seed)
        )

    def send(self, event: Event) -> LessonRun:
        """Return the run after `event`; `receipts` tells whether an answer is written."""
        self.run, effects = advance(self.run, event)
        for effect in effects:
            if isinstance(effect, AttemptMade):
                attempt = self._attempt(effect)
                self._made.append(replace(attempt, step=effect.step))
                self.receipts.add(effect.step, self._store.hand_in(attempt))
        return self.run

    def use_catalog(self, catalog: Catalog) -> LessonRun:
        """Return the run in another language: same place, same answers."""
        self.items = tuple(_item_in(catalog, item) for item in self.items)
        self.run = retold(self.run, _lesson_of(self.items, render(self._title)))
        return self.run

    def view_of(self, run: LessonRun) -> StepView:
        """Return what the learner may see of the step that `run` is on: all there is."""
        return StepView(run)

    def recap(self, catalog: Catalog) -> Recap:
        """Return how it went, and when these questions come back."""
        review = review_of(catalog, self._store, self._learner, self._now())
        return review_recap(self.run, self.attempts(), review, self.items)

    def has_used(self, kinds: Collection[str]) -> bool:  # noqa: ARG002 — one signature for all
        """Return whether the learner has answered such a step: all that is asked here was."""
        return True

    @property
    def trouble(self) -> Text:
        """Why answers cannot be written just now; empty when all is on disk."""
        return self._store.trouble or ""

    def flush(self) -> None:
        """Keep nothing more: a review is not gone on with, what was not answered stays due."""

    def retry(self) -> None:
        """Begin to write what could not be written so far."""
        self._store.retry_beside()

    def attempts(self) -> Sequence[Attempt]:
        """Return the answers of this sitting, by the ids that the questions have in it."""
        return tuple(self._made)

    def now(self) -> datetime:
        """Return the time."""
        return self._now()

    def _attempt(self, made: AttemptMade) -> Attempt:
        item = self._sources[made.step]
        return Attempt(
            learner=self._learner,
            lesson=item.lesson.id,
            step=item.step.id,
            kind=IN_REVIEW + made.kind,
            answer=made.answer,
            correct=made.correct,
            misconception=made.misconception,
            confidence=made.confidence,
            at=self._now(),
        )


def _item_in(catalog: Catalog, item: ReviewItem) -> ReviewItem:
    """Return the same question as another catalog words it."""
    lesson = catalog.lesson(item.lesson.id)
    step = next((step for step in lesson.steps if step.id == item.step.id), item.step)
    return replace(item, lesson=lesson, step=step)


def _with_new_numbers(items: Sequence[ReviewItem], run: LessonRun) -> LessonRun:
    """Return the run with each question that has variants on the one after the last seen."""
    states = dict(run.states)
    for item in items:
        if variant_count(item.step) > 1:
            _, last = entered_and_variant(item.last_answer)
            states[_id_of(item)] = StepState(variant=(last + 1) % variant_count(item.step))
    return open_step(replace(run, states=states), 0)


def _lesson_of(items: Sequence[ReviewItem], title: str) -> Lesson:
    """Return a lesson made of these questions, each named by its lesson and its step."""
    return Lesson(
        format=1,
        id=LessonId("nabla/review"),
        title=Line(title),
        summary=Line(""),
        minutes=max(1, len(items)),
        objectives=(Line(""),),
        steps=tuple(_step_of(item) for item in items),
    )


def _step_of(item: ReviewItem) -> Step:
    """Return the question with an id of its own, under the title of its lesson."""
    titles = [item.lesson.title, *([item.step.title] if item.step.title else [])]
    return replace(item.step, id=Identifier(_id_of(item)), title=Line(" · ".join(titles)))


def _id_of(item: ReviewItem) -> str:
    return f"{item.lesson.id}#{item.step.id}"


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
