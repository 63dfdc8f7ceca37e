"""The player keeps what the learner did, when it must be kept."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.engine.lessons import LESSON
from tutor.engine.lesson import events as ev
from tutor.lesson.catalog import Catalog
from tutor.lesson.model import Course
from tutor.player.course_map import course_map
from tutor.player.player import Player
from tutor.store.progress_store import ProgressStore

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
CATALOG = Catalog((Course(id="sample", lessons=(LESSON,)),))


def player(store: ProgressStore) -> Player:
    return Player(LESSON, store, learner="ana", now=lambda: NOON, seed=1)


def test_an_answer_is_kept_at_once_with_its_misconception(store):
    ana = player(store)
    ana.send(ev.StepOpened("choose"))
    ana.send(ev.ChoiceAnswered(0))
    (attempt,) = store.attempts("ana")
    assert ("choose", False, "G1", NOON) == (
        attempt.step, attempt.correct, attempt.misconception, attempt.at,
    )  # fmt: skip


def test_a_skipped_step_is_no_attempt(store):
    ana = player(store)
    ana.send(ev.StepOpened("choose"))
    ana.send(ev.ChoiceAnswered(0))
    ana.send(ev.StepSkipped())
    assert 1 == store.lesson_progress("ana")[LESSON.id].attempts


def test_another_player_goes_on_where_the_first_was(store):
    first = player(store)
    first.send(ev.StepOpened("count"))
    first.send(ev.NumberAnswered("0.9"))
    again = player(store)
    assert ("count", "0.9", 1) == (
        again.run.step.id, again.run.state.answer, again.run.state.tries,
    )  # fmt: skip


def test_a_turned_parameter_is_kept_by_the_next_flush(store):
    ana = player(store)
    ana.send(ev.StepOpened("tune"))
    ana.send(ev.ParameterTurned("steps", 5))
    assert 20.0 == player(store).run.state.values["steps"]
    ana.flush()
    assert 25.0 == player(store).run.state.values["steps"]


def test_the_map_follows_the_progress(store):
    """Not started, step k, done, each from what is on disk."""
    states = [course_map(CATALOG.heads, store.lesson_progress("ana")).entries[0].state]
    ana = player(store)
    for step in LESSON.steps[:-1]:
        ana.send(ev.StepOpened(step.id))
        ana.send(ev.StepSkipped() if step.kind != "text" else ev.NextAsked())
    entry = course_map(CATALOG.heads, store.lesson_progress("ana")).entries[0]
    states.append(entry.state)
    ana.send(ev.NextAsked())
    states.append(course_map(CATALOG.heads, store.lesson_progress("ana")).entries[0].state)
    assert ["not-started", "under-way", "done"] == states
    assert len(LESSON.steps) == entry.step


def test_before_the_progress_is_read_the_map_claims_nothing():
    unread = course_map(CATALOG.heads, None)
    assert ("unknown", None) == (unread.entries[0].state, unread.continue_at)


def test_the_map_names_the_lessons_with_questions_due(store):
    ana = player(store)
    ana.send(ev.StepOpened("choose"))
    due = {LESSON.id: 2}
    entry = course_map(CATALOG.heads, store.lesson_progress("ana"), due).entries[0]
    assert f"step 2 of {len(LESSON.steps)}, review due" == str(entry.state_words)
    assert 2 == course_map(CATALOG.heads, store.lesson_progress("ana"), due).due
