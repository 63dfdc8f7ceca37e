"""One learner working through one lesson: events in, the next run out, progress kept.

Answers are acknowledged here, for app, plain lines and class: a verdict waits until its answer is
in the database, but not longer than a moment; what is shown before that is marked.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future, wait
from datetime import datetime
from functools import cached_property
from typing import Final, Protocol

from tutor.engine.lesson.advance import advance, begin
from tutor.engine.lesson.events import AttemptMade, Effect, Event, ResumeMoved
from tutor.engine.lesson.resume import restore, retold, snapshot
from tutor.engine.lesson.run import LessonRun, has_begun
from tutor.engine.lesson.view import StepView
from tutor.i18n import Message, Text, message
from tutor.lesson.catalog import Catalog
from tutor.lesson.model import Lesson
from tutor.player.recap import Recap, lesson_recap
from tutor.player.schedule import review_of
from tutor.store.model import Attempt, ResumePoint
from tutor.store.progress_store import ProgressStore

Observer = Callable[[LessonRun, Sequence[Effect]], None]
"""Told of the run after each event, with its effects."""


class Playing(Protocol):
    """What a front end needs of whoever plays a lesson, a review or a warm-up."""

    run: LessonRun
    receipts: Receipts
    """Of the answers given."""

    def send(self, event: Event) -> LessonRun:
        """Return the run after `event`, with its effects carried out."""
        ...

    @property
    def trouble(self) -> Text:
        """Why answers cannot be written just now; empty when all is on disk."""
        ...

    def flush(self) -> None:
        """Begin to keep what was turned since it was last kept."""
        ...

    def retry(self) -> None:
        """Begin to write what could not be written so far."""
        ...

    def attempts(self) -> Sequence[Attempt]:
        """Return the answers that were given, by the ids of the run's own steps."""
        ...

    def now(self) -> datetime:
        """Return the time."""
        ...

    def use_catalog(self, catalog: Catalog) -> LessonRun:
        """Return the run in another language: same place, same answers."""
        ...

    def view_of(self, run: LessonRun) -> StepView:
        """Return what the learner may see of the step that `run` is on."""
        ...

    def recap(self, catalog: Catalog) -> Recap:
        """Return what was achieved, what comes back when, and what `catalog` has next."""
        ...

    def has_used(self, kinds: Collection[str]) -> bool:
        """Return whether the learner has answered such a step before, ever, or begun to."""
        ...


class Player:
    """Moves a lesson run on and carries out what follows from it.

    Nothing here waits for the disk: `receipts` tells which answers are written. A turned parameter
    is kept by the next `flush`, which the front end calls when the keys rest and when the learner
    leaves.
    """

    def __init__(
        self,
        lesson: Lesson,
        store: ProgressStore,
        *,
        learner: str,
        now: Callable[[], datetime],
        seed: int,
        observer: Observer | None = None,
    ) -> None:
        self._store = store
        self._learner = learner
        self._now = now
        self._observer = observer
        self._unsaved = False
        self.receipts = Receipts()
        kept = store.resume_point(learner, lesson.id)
        self.run: LessonRun = restore(lesson, kept.state, seed) if kept else begin(lesson, seed)

    def send(self, event: Event) -> LessonRun:
        """Return the run after `event`, with its effects carried out."""
        self.run, effects = advance(self.run, event)
        attempts = [effect for effect in effects if isinstance(effect, AttemptMade)]
        for made in attempts:
            receipt = self._store.hand_in(self._attempt(made), self._resume_point())
            self.receipts.add(made.step, receipt)
        moved = [effect.at_once for effect in effects if isinstance(effect, ResumeMoved)]
        self._unsaved = not attempts and (self._unsaved or bool(moved))
        if any(moved):
            self.flush()
        if self._observer is not None:
            self._observer(self.run, effects)
        return self.run

    def use_catalog(self, catalog: Catalog) -> LessonRun:
        """Return the run in another language: same place, same answers."""
        self.run = retold(self.run, catalog.lesson(self.run.lesson.id))
        return self.run

    @property
    def trouble(self) -> Text:
        """Why progress cannot be written just now; empty when all is on disk."""
        return self._store.trouble or ""

    def flush(self) -> None:
        """Begin to keep the place and the parameters, where they changed since the last time."""
        if self._unsaved:
            self.receipts.add_place(self._store.hand_in(self._resume_point()))
            self._unsaved = False

    def retry(self) -> None:
        """Begin to write what could not be written so far."""
        self._store.retry_beside()

    def view_of(self, run: LessonRun) -> StepView:
        """Return what the learner may see of the step that `run` is on: all there is."""
        return StepView(run)

    def recap(self, catalog: Catalog, view_of: Callable[[LessonRun], StepView] = StepView) -> Recap:
        """Return what was achieved, as far as `view_of` lets it be seen, and what comes next."""
        review = review_of(catalog, self._store, self._learner, self._now())
        following = catalog.after(self.run.lesson.id)
        return lesson_recap(self.run, self.attempts(), review, following, view_of)

    def has_used(self, kinds: Collection[str]) -> bool:
        """Return whether the learner has answered such a step before, ever, or begun to."""
        return has_begun(self.run, kinds) or bool(self._answered.intersection(kinds))

    @cached_property
    def _answered(self) -> frozenset[str]:
        """The kinds of the steps that were answered before this lesson was opened."""
        return frozenset(each.kind for each in self._store.attempts(self._learner))

    def attempts(self) -> Sequence[Attempt]:
        """Return the answers in this lesson since it was begun."""
        given = self._store.attempts(self._learner, self.run.lesson.id)
        return [attempt for attempt in given if not attempt.in_review]

    def now(self) -> datetime:
        """Return the time."""
        return self._now()

    def _attempt(self, made: AttemptMade) -> Attempt:
        return Attempt(
            learner=self._learner,
            lesson=self.run.lesson.id,
            step=made.step,
            kind=made.kind,
            answer=made.answer,
            correct=made.correct,
            misconception=made.misconception,
            confidence=made.confidence,
            at=self._now(),
        )

    def _resume_point(self) -> ResumePoint:
        run = self.run
        return ResumePoint(
            learner=self._learner,
            lesson=run.lesson.id,
            step=run.step.id,
            state=snapshot(run),
            completed=run.completed,
            total=len(run.lesson.steps),
            done=run.is_complete,
            at=self._now(),
        )


PATIENCE: Final = 0.1
"""Seconds that a verdict waits for its answer."""
BEING_WRITTEN: Final = message("Your answers are being written: one moment, please.")
MARK: Final = message("(not written yet)")


class Receipts:
    """The answers of one sitting that were handed in, and whether they are written."""

    patience = PATIENCE

    def __init__(self) -> None:
        self.last: Future[None] | None = None
        """Of the answer that was handed in last."""
        self._given: list[tuple[str | None, Future[None]]] = []

    def add(self, step: str, receipt: Future[None]) -> None:
        """Take note of an answer that was handed in."""
        self.last = receipt
        self._given.append((step, receipt))

    def add_place(self, receipt: Future[None]) -> None:
        """Take note of a place, or of parameters, that were handed in."""
        self._given.append((None, receipt))

    @property
    def unwritten(self) -> tuple[str, ...]:
        """The steps of the answers that are not written yet, one for each answer."""
        self._given = [each for each in self._given if not _is_written(each[1])]
        return tuple(step for step, _ in self._given if step is not None)

    def wait(self, *, patiently: bool = True) -> bool:
        """Wait for the answer that was handed in last; return whether it is written."""
        if self.last is None:
            return True
        wait([self.last], self.patience if patiently else 0)
        return _is_written(self.last)


def _is_written(receipt: Future[None]) -> bool:
    """Whether it is; errors that nobody foresaw are raised where the answer was given."""
    if receipt.done():
        receipt.result()
    return receipt.done()


def count_words(unwritten: Sequence[str]) -> Message | None:
    """Say how many answers are not written yet; None where all are."""
    return message("{count} not written yet", count=len(unwritten)) if unwritten else None
