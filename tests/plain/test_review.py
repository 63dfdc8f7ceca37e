"""The review and the warm-up in lines."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

from tests.engine.lessons import CHOOSE, COUNT, LESSON
from tests.plain.learner import NOON, Typing
from tutor.lesson.catalog import Catalog
from tutor.lesson.model import Course
from tutor.plain.console import Console
from tutor.plain.course import PlainTutor
from tutor.store.model import Attempt
from tutor.store.progress_store import ProgressStore

SECOND = replace(LESSON, id="sample/second", title="The second", steps=(CHOOSE,))
CATALOG = Catalog((Course(id="sample", lessons=(LESSON, SECOND)),))


def miss(store: ProgressStore, step=COUNT, *, days_ago: int = 2) -> None:
    store.record_attempt(
        Attempt(
            learner="ana", lesson=LESSON.id, step=step.id, kind=step.kind, answer="0",
            correct=False, at=NOON - timedelta(days=days_ago),
        )
    )  # fmt: skip


def said(store: ProgressStore, *lines: str, start_at: str | None = None, review=False) -> str:
    out = io.StringIO()
    console = Console(out, Typing(lines), fixed_width=80, echo=True)  # type: ignore[arg-type]
    PlainTutor(
        catalog=CATALOG, store=store, learner="ana", now=lambda: NOON, new_seed=lambda: 5,
        console=console,
    ).run(start_at, review=review)  # fmt: skip
    return out.getvalue()


def test_the_map_says_what_is_due_and_review_asks_it(store: ProgressStore):
    miss(store)
    text = said(store, "review", "0.8", "", "quit")
    assert "Review due: 1; `review` asks again." in text
    assert "Review: 1 question." in text
    assert "What comes back in the review:\n1 × in 3 days" in text
    assert "Review due" not in text.partition("What comes back")[2]


def test_the_command_review_begins_with_it(store: ProgressStore):
    miss(store)
    assert said(store, "quit", review=True).lstrip().startswith("Review: 1 question.")


def test_with_nothing_due_it_says_when_and_asks_whether_to_practise(store: ProgressStore):
    miss(store, days_ago=0)
    text = said(store, "review", "yes", "quit")
    assert "The next question comes back tomorrow." in text
    assert "How much?" in text
    assert "How much?" not in said(store, "review", "", "quit")


def test_a_lesson_begins_with_a_warm_up_and_then_with_itself(store: ProgressStore):
    miss(store)
    text = said(store, "0.8", start_at=SECOND.id)
    assert "Warm-up: 1 question from an earlier lesson." in text
    text = said(store, "", "0.8", "", "quit", start_at=SECOND.id)
    assert text.index("How much?") < text.index("Lesson: The second") < text.index("Which?")


def test_one_word_skips_the_warm_up(store: ProgressStore):
    miss(store)
    text = said(store, "skip", "quit", start_at=SECOND.id)
    assert "Lesson: The second" in text
    assert "How much?" not in text


def test_from_the_warm_up_the_map_is_one_word_away(store: ProgressStore):
    miss(store)
    text = said(store, "", "map", "quit", start_at=SECOND.id)
    assert "Lesson: The second" not in text
    assert "Nabla: the lessons" in text
