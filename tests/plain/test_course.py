"""The map in lines, and the way into lessons and back."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from tests.engine.lessons import LESSON, READ
from tests.plain.learner import NOON, Typing
from tutor.lesson.catalog import Catalog
from tutor.lesson.model import Course
from tutor.plain.console import Console
from tutor.plain.course import PlainTutor
from tutor.store.progress_store import ProgressStore

CATALOG = Catalog((Course(id="sample", lessons=(LESSON,)),))
SHORT = replace(LESSON, id="sample/short", title="Short", steps=(READ,))
TWO = Catalog((Course(id="sample", lessons=(SHORT, LESSON)),))


def said(
    store: ProgressStore, *lines: str, start_at: str | None = None, catalog: Catalog = CATALOG
) -> str:
    out = io.StringIO()
    console = Console(out, Typing(lines), fixed_width=80, echo=True)  # type: ignore[arg-type]
    PlainTutor(
        catalog=catalog, store=store, learner="ana", now=lambda: NOON, new_seed=lambda: 5,
        console=console,
    ).run(start_at)  # fmt: skip
    return out.getvalue()


def test_the_map_lists_the_lessons_and_says_how_to_go_on(store: ProgressStore):
    assert (
        "\nNabla: the lessons\n1. All kinds, 1 min, not started\n\n"
        "Enter goes on with “All kinds”; a number opens a lesson; `quit` leaves.\n> quit\n"
        "Your progress is kept. Goodbye.\n"
    ) == said(store, "quit")


@pytest.mark.parametrize("typed", ["1", "", "sample/all-kinds", "all-kinds"])
def test_a_lesson_opens_by_number_name_or_enter(store: ProgressStore, typed: str):
    assert "Lesson: All kinds" in said(store, typed)


def test_a_name_that_is_no_lesson_is_answered_with_the_nearest(store: ProgressStore):
    assert "did you mean all-kinds?" in said(store, "al-kinds")


def test_the_next_start_goes_on_at_the_same_step(store: ProgressStore):
    said(store, "1", "", "quit")
    again = said(store, "")
    assert "1. All kinds, 1 min, step 2 of 7" in again
    assert "Step 2 of 7.\nWhich?" in again


def test_a_step_can_be_opened_from_the_command_line(store: ProgressStore):
    assert "Step 3 of 7.\nHow much?" in said(store, start_at="sample/all-kinds#count")


def test_the_end_of_a_lesson_names_the_next_one_and_next_opens_it(store: ProgressStore):
    text = said(store, "1", "", "nxt", "next", catalog=TWO)
    assert "You have come to the end of “Short”.\n1 of 1 steps done" in text
    assert "Next: All kinds\n`next` opens it." in text
    assert "Lesson: All kinds" in text.partition("> next")[2]


def test_before_a_lesson_has_ended_next_is_no_word_of_the_map(store: ProgressStore):
    assert "no lesson is called next" in said(store, "next", catalog=TWO)
