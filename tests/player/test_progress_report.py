"""The report on a learner: what is counted, and what is said of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.engine.lessons import LESSON
from tutor.i18n import render
from tutor.lesson.catalog import Catalog
from tutor.lesson.model import Course
from tutor.player.progress_report import ProgressReport, progress_report, report_tables
from tutor.store.model import Attempt
from tutor.store.progress_store import ProgressStore

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
CATALOG = Catalog((Course(id="sample", lessons=(LESSON,)),))


def answer(store: ProgressStore, *, correct: bool | None = True, times: int = 1, **more) -> None:
    for _ in range(times):
        values = {"lesson": LESSON.id, "step": "guess", "kind": "predict", "answer": "1"} | more
        store.record_attempt(Attempt(learner="ana", correct=correct, at=NOON, **values))


def report(store: ProgressStore, days: int = 0) -> ProgressReport:
    return progress_report(CATALOG, store, "ana", NOON + timedelta(days=days))


def test_certainty_is_counted_from_certain_to_guessing(store):
    answer(store, confidence="high", times=2)
    answer(store, confidence="high", correct=False)
    answer(store, confidence="low", correct=False)
    answer(store, confidence="low", correct=None)
    answer(store)
    assert [("high", 2, 3), ("medium", 0, 0), ("low", 0, 1)] == [
        (each.confidence, each.right, each.total) for each in report(store).calibration
    ]


@pytest.mark.parametrize(
    ("confidence", "right", "wrong", "words"),
    [
        ("high", 3, 2, "Certain, and yet wrong in 2 of 5"),
        ("low", 4, 1, "4 of 5 were right"),
        ("high", 4, 1, ""),
        ("high", 0, 4, ""),
    ],
)
def test_the_shares_are_put_into_words_where_they_tell_something(
    store, confidence, right, wrong, words
):
    answer(store, confidence=confidence, times=right)
    answer(store, confidence=confidence, times=wrong, correct=False)
    said = report(store).calibration_words
    assert words in (render(said) if said else "")
    assert bool(words) == (said is not None)


def test_misconceptions_stand_by_their_sentences_the_most_frequent_first(store):
    answer(store, correct=False, misconception="G1")
    answer(store, correct=False, misconception="a-packs-own", times=2)
    assert (("a-packs-own", 2), ("The gradient points downhill.", 1)) == tuple(
        (render(words), count) for words, count in report(store).misconceptions
    )


def test_the_review_says_what_is_due_or_when_something_is(store):
    answer(store, correct=False)
    assert "comes back tomorrow" in render(report(store).review_words)
    assert "1 due of 1" in render(report(store, days=1).review_words)


def test_answers_of_a_review_count_for_certainty_and_not_for_the_lesson(store):
    answer(store, kind="review/predict", confidence="low")
    after = report(store)
    assert (0, 1) == (after.lessons[0].attempts, after.calibration[2].total)


def test_a_lesson_that_left_the_course_is_still_named(store):
    answer(store, lesson="sample/gone")
    assert "sample/gone" in [line.lesson for line in report(store).lessons]


def test_every_row_of_a_table_has_as_many_cells(store):
    answer(store, correct=False, confidence="high", misconception="G1")
    for table in report_tables(report(store)):
        assert len({len(row) for row in table.rows}) <= 1
