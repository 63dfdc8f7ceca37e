"""When questions come back, and in which order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, strategies as st

from tests.engine.lessons import CHOOSE, COUNT, GUESS, LESSON, READ
from tutor.engine.lesson.review import GAPS, SLACK, due_items, next_due, schedule

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = timedelta(days=1)
MARKED = replace(
    LESSON, steps=(READ, *(replace(step, review=True) for step in (CHOOSE, COUNT, GUESS)))
)


@dataclass(frozen=True)
class Given:
    """An attempt as the schedule sees it."""

    step: str = "choose"
    correct: bool | None = True
    at: datetime = NOON
    confidence: str | None = None
    answer: str = "1"
    lesson: str = LESSON.id


def steps_at(now, *attempts, lesson=MARKED):
    return [item.step.id for item in due_items(schedule([lesson], attempts, now), now)]


def item_of(*attempts, now=NOON, lesson=MARKED):
    (item,) = schedule([lesson], attempts, now)
    return item


def right_when_due(count):
    """Return so many right answers, each given when the question was due."""
    attempts, at = [], NOON
    for _ in range(count):
        attempts.append(Given(at=at))
        at = item_of(*attempts, now=at).due
    return attempts


def test_the_gaps_grow_with_each_right_answer():
    gaps = []
    for count in range(1, 7):
        attempts = right_when_due(count)
        last = attempts[-1].at
        gaps.append((item_of(*attempts, now=last).due - last + SLACK) / DAY)
    assert [*GAPS, GAPS[-1]] == gaps


def test_a_miss_begins_at_the_first_gap_again():
    attempts = right_when_due(3)
    at = attempts[-1].at + 7 * DAY
    assert at + DAY - SLACK == item_of(*attempts, Given(correct=False, at=at), now=at).due


def test_a_right_answer_before_its_time_changes_nothing():
    """Right at the second try of the same evening proves little."""
    miss, mended = Given(correct=False), Given(at=NOON + timedelta(minutes=1))
    assert item_of(miss).due == item_of(miss, mended, now=NOON + DAY).due


def test_a_lucky_guess_stays_in_its_box():
    attempts = right_when_due(2)
    at = item_of(*attempts, now=attempts[-1].at).due
    lucky = item_of(*attempts, Given(at=at, confidence="low"), now=at)
    assert (1, at + GAPS[1] * DAY - SLACK) == (lucky.box, lucky.due)


def test_confident_misses_are_asked_first_then_the_longest_overdue():
    attempts = [
        Given("choose", correct=True, at=NOON - DAY),
        Given("guess", correct=False, confidence="high"),
        Given("count", correct=True, at=NOON - 2 * DAY),
    ]
    assert ["guess", "count", "choose"] == steps_at(NOON + DAY, *attempts)


def test_a_confident_miss_is_mended_by_a_right_answer_when_it_is_due():
    miss = Given(correct=False, confidence="high")
    at_once = Given(at=NOON + timedelta(minutes=1))
    later = Given(at=NOON + DAY)
    now = NOON + DAY
    assert item_of(miss, at_once, now=now).confident_miss
    assert not item_of(miss, at_once, later, now=now).confident_miss


def test_an_unmarked_question_comes_back_only_if_missed_or_its_solution_was_seen():
    right = Given("choose")
    missed = Given("count", correct=False)
    seen = Given("guess", correct=None, answer="solution seen")
    skipped = Given("tune", correct=None, answer="skipped")
    assert ["count", "guess"] == steps_at(NOON + DAY, right, missed, seen, skipped, lesson=LESSON)


def test_what_was_never_met_and_what_only_reads_is_not_asked():
    assert () == schedule([MARKED], [Given("read", correct=None)], NOON)


def test_a_question_that_the_lesson_no_longer_has_is_passed_over():
    assert () == schedule([MARKED], [Given("gone"), Given(lesson="gradients/gone")], NOON)


def test_the_same_hour_of_the_next_day_is_late_enough_and_the_evening_is_not():
    attempt = Given()
    assert ["choose"] == steps_at(NOON + DAY - timedelta(hours=2), attempt)
    assert [] == steps_at(NOON + timedelta(hours=10), attempt)


def test_times_of_different_zones_are_the_same_moment():
    elsewhere = NOON.astimezone(timezone(timedelta(hours=9)))
    assert item_of(Given()).due == item_of(Given(at=elsewhere)).due


def test_a_clock_that_was_ahead_for_years_keeps_no_question_away():
    ahead = Given(at=NOON + 10_000 * DAY)
    assert item_of(ahead).is_due(NOON)
    assert NOON + DAY - SLACK == item_of(ahead, Given(correct=False)).due


def test_attempts_brought_in_later_count_when_they_were_made():
    here, elsewhere = Given(correct=True, at=NOON + 2 * DAY), Given(correct=False, at=NOON)
    now = NOON + 2 * DAY
    assert item_of(elsewhere, here, now=now) == item_of(here, elsewhere, now=now)


def test_the_next_one_is_the_soonest():
    items = schedule([MARKED], [Given("choose"), Given("count", at=NOON + DAY)], NOON + DAY)
    assert NOON + DAY - SLACK == next_due(items)
    assert next_due([]) is None


attempts = st.builds(
    Given,
    step=st.sampled_from(["choose", "count", "guess", "tune", "read", "gone"]),
    correct=st.sampled_from([True, False, None]),
    confidence=st.sampled_from([None, "low", "medium", "high"]),
    at=st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.sampled_from([UTC])),
)


@given(st.lists(attempts, max_size=12), st.randoms())
def test_whatever_was_answered_each_question_comes_back_within_its_gap(given_attempts, random):
    """No order of attempts and no clock loses a question, and the order is always the same."""
    items = schedule([MARKED], given_attempts, NOON)
    assert all(item.due <= NOON + GAPS[item.box] * DAY for item in items)
    assert {a.step for a in given_attempts} & {"choose", "count", "guess"} <= {
        item.step.id for item in items
    }
    ranks = [(not i.is_due(NOON), not (i.is_due(NOON) and i.confident_miss)) for i in items]
    assert sorted(ranks) == ranks


@pytest.mark.parametrize("answers", [[True], [False], [True, False], [None]])
def test_after_any_answer_just_now_nothing_is_due(answers):
    given_attempts = [Given(correct=correct) for correct in answers]
    assert [] == steps_at(NOON, *given_attempts)
