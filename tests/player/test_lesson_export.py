"""A lesson as Markdown: everything that the learner did is in it, and nothing that was hidden."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.course import course
from tests.engine.lessons import LESSON, MARK
from tutor.engine.lesson import events as ev
from tutor.lesson.markdown import fenced, to_markdown
from tutor.player.lesson_export import export_lesson, export_name
from tutor.player.player import Player
from tutor.store.progress_store import ProgressStore

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def exported(store: ProgressStore, *events: ev.Event, lesson=LESSON) -> str:
    player = Player(lesson, store, learner="ana", now=lambda: NOON, seed=1)
    for event in events:
        player.send(event)
    return export_lesson(player.run, player.attempts(), NOON)


def opened(step: str, *events: ev.Event) -> tuple[ev.Event, ...]:
    return (ev.StepOpened(step), *events)


def test_it_begins_with_the_title_the_date_and_how_far(store):
    text = exported(store, ev.NextAsked())
    total = len(LESSON.steps)
    assert text.startswith(f"# All kinds\n\n2026-01-01 · 1 of {total} steps done\n")
    assert f"{total - 2} steps were not opened." in text


def test_every_answer_stands_with_what_was_said_to_it(store):
    text = exported(
        store, *opened("choose", ev.ChoiceAnswered(0), ev.HintAsked(), ev.ChoiceAnswered(1)),
        *opened("count", ev.NumberAnswered("0.9"), ev.NumberAnswered("0.8")),
    )  # fmt: skip
    assert "1. up ✗ No.\n2. down ✓ Yes." in text
    assert "1. 0.9 ✗ The 2 is missing.\n2. 0.8 ✓ The value is 0.8." in text
    assert "**Hints used**\n\n1. Look.\n" in text
    assert "- The gradient points downhill. (1×)" in text


def test_a_prediction_stands_with_its_certainty_and_its_chart(store):
    before = exported(store, *opened("guess"))
    after = exported(store, *opened("guess", ev.Predicted("high")))
    assert ("```" in before, "```text" in after) == (False, True)
    assert "(certain) ✗ Off by " in after


def test_the_last_settings_and_what_they_gave_are_there(store):
    text = exported(store, *opened("tune", ev.ParameterChanged("learning_rate", 0.3)))
    assert "**Settings at the end**: η = 0.3, steps = 20" in text
    assert "**Goal**: " in text
    assert text.count("```text") == 2


def test_a_solution_that_was_seen_and_a_step_that_was_skipped_are_told(store):
    seen = exported(store, *opened("choose", ev.ChoiceAnswered(0), ev.SolutionAsked()))
    assert "**Solution:** Down." in seen
    assert "**Skipped**" not in seen
    assert "**Skipped**" in exported(store, *opened("count", ev.StepSkipped()))


@pytest.mark.parametrize("lesson", course().lessons, ids=lambda lesson: lesson.id)
def test_every_lesson_of_the_course_can_be_exported_from_its_first_to_its_last_step(store, lesson):
    """No formula's source, no hidden answer; each step that was opened has its heading."""
    text = exported(store, *(ev.StepOpened(step.id) for step in lesson.steps), lesson=lesson)
    headings = [line for line in text.splitlines() if line.startswith("## ")]
    assert len(lesson.steps) == len(headings)
    assert not any(source in text for source in ("$\\", "\\frac", "\\eta"))


def test_the_name_comes_from_the_lesson(store):
    player = Player(LESSON, store, learner="ana", now=lambda: NOON, seed=1)
    assert "nabla-all-kinds" == export_name(player.run)


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("A *b* **c** `d` $x_0$", "A *b* **c** `d` x₀"),
        ("a * b < c [d]", "a \\* b \\< c \\[d\\]"),
        ("- one\n- two", "- one\n- two"),
        ("first\n\nsecond", "first\n\nsecond"),
        ("```python\nx = 1\n```", "```python\nx = 1\n```"),
    ],
)
def test_prose_becomes_markdown_with_formulas_as_text(markup, expected):
    assert expected == to_markdown(markup)


def test_a_fence_is_longer_than_any_inside():
    assert "````text\n```\n````" == fenced(["```"])


def test_a_selection_stands_with_all_its_words(store):
    lesson = replace(LESSON, steps=(MARK,))
    text = exported(
        store, ev.SelectionAnswered((0, 3)), ev.SelectionAnswered((1, 3)), lesson=lesson
    )
    assert "up; steeply down" in text
    assert "down; steeply down" in text
    assert "Both go down." in text
