"""An automated learner goes through every lesson in lines: first with wrong answers, then right."""

from __future__ import annotations

import re

import pytest
from rich.cells import cell_len

from tests.plain.learner import answers, play, player_of
from tutor.lesson.catalog import find_lesson_folders, load_catalog
from tutor.lesson.model import Lesson
from tutor.store.opening import open_in_memory

LESSONS = load_catalog(find_lesson_folders()).lessons
EACH = pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.id)
LEFTOVER = re.compile(r"\$\w|\\[a-zA-Z]+\{|\{\w+\}|\*\*\w")
"""What only an author may see: LaTeX, a message without its arguments, Markdown."""


@EACH
@pytest.mark.parametrize("wrong_first", [True, False])
def test_a_lesson_is_finished_by_typing(lesson: Lesson, wrong_first: bool):
    store = open_in_memory()
    player = player_of(lesson, store)
    said = play(player, answers(player, wrong_first=wrong_first))
    assert player.run.finished
    assert {"done"} == {state.outcome for state in player.run.states.values()}
    assert f"{len(lesson.steps)} of {len(lesson.steps)} steps done" in said
    store.close()


@EACH
@pytest.mark.parametrize("width", [60, 80])
def test_no_line_is_wider_than_the_terminal_and_nothing_is_left_unset(lesson: Lesson, width: int):
    store = open_in_memory()
    player = player_of(lesson, store)
    said = play(player, answers(player, wrong_first=True), width=width)
    kept = tuple(line.strip() for line in _kept_as_written(lesson) if len(line) > width - 6)
    wide = [
        line for line in said.splitlines() if cell_len(line) > width and not line.endswith(kept)
    ]
    assert [] == wide
    assert [] == LEFTOVER.findall(said)
    store.close()


def _kept_as_written(lesson: Lesson) -> list[str]:
    """Return the lines that keep their length: code and displayed formulas."""
    texts = [getattr(step, "code", None) or "" for step in lesson.steps]
    texts += [text for step in lesson.steps for text in (step.body, step.explain or "")]
    return [line for text in texts for line in text.splitlines()]
