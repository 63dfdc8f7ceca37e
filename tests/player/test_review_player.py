"""A review asks out of lessons, leaves them as they were, and takes new numbers each time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.engine.lessons import COUNT, LESSON
from tutor.engine.lesson import events as ev
from tutor.engine.lesson.review import schedule
from tutor.player.review import ReviewPlayer
from tutor.store.model import Attempt
from tutor.store.progress_store import ProgressStore

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
VARIED = replace(COUNT, variants={"0.1": ("0.2", "0.3")})
VARIED_LESSON = replace(LESSON, steps=(VARIED,))


def miss(store: ProgressStore, answer: str = "9") -> None:
    store.record_attempt(
        Attempt(
            learner="ana", lesson=LESSON.id, step="count", kind="number", answer=answer,
            correct=False, at=NOON - timedelta(days=2),
        )
    )  # fmt: skip


def review(store: ProgressStore) -> ReviewPlayer:
    items = schedule([VARIED_LESSON], store.attempts("ana"), NOON)
    return ReviewPlayer(items, store, learner="ana", now=lambda: NOON, seed=1, title="Review")


@pytest.mark.parametrize(
    ("answer", "variant"), [("9", 1), ("9 (variant 1)", 2), ("9 (variant 2)", 0)]
)
def test_a_question_with_variants_takes_the_one_after_the_last(store, answer, variant):
    miss(store, answer)
    assert variant == review(store).run.state.variant


def test_the_next_sitting_has_other_numbers_than_this_one(store):
    miss(store)
    first = review(store)
    first.send(ev.NumberAnswered("5"))
    second = review(store)
    assert (1, 2) == (first.run.state.variant, second.run.state.variant)


def test_an_answer_is_kept_at_its_own_lesson_and_marked_as_of_a_review(store):
    miss(store)
    player = review(store)
    player.send(ev.NumberAnswered("0.6"))
    kept = store.attempts("ana")[-1]
    assert (LESSON.id, "count", "review/number", True, True) == (
        kept.lesson, kept.step, kept.kind, kept.correct, kept.in_review,
    )  # fmt: skip
    assert store.resume_point("ana", LESSON.id) is None
