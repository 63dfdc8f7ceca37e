"""An automated learner goes through every lesson in lines: first with wrong answers, then right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.course import course
from tests.plain.learner import answers, play, player_of
from tutor.engine.kinds.bug import printed_lines
from tutor.i18n import ENGLISH, LANGUAGES, Session, begin_session, message, render
from tutor.lesson.loader import load_lesson
from tutor.lesson.model import BugStep, Lesson
from tutor.lesson.translation import load_translation, translated
from tutor.store.opening import open_in_memory

EACH = pytest.mark.parametrize(
    ("lesson", "language"),
    [
        pytest.param(lesson, language, id=f"{lesson.id}-{language}")
        for language in LANGUAGES
        for lesson in course(language).lessons
    ],
)


@pytest.fixture(autouse=True)
def _english_after() -> Iterator[None]:
    yield
    begin_session(Session())


LEFTOVER = re.compile(r"\$\w|\\[a-zA-Z]+\{|\{\w+\}|(?<![\w)])\*\*\w")
"""What only an author may see: LaTeX, a message without its arguments, Markdown."""


@EACH
@pytest.mark.parametrize(
    ("wrong_first", "width"),
    [(True, 60), (False, 80), pytest.param(True, 80, marks=pytest.mark.thorough)],
)
def test_a_lesson_is_finished_by_typing(
    lesson: Lesson, language: str, wrong_first: bool, width: int
):
    """No line on the way is too wide, and nothing is left that only an author may see."""
    begin_session(Session(language))
    store = open_in_memory()
    player = player_of(lesson, store)
    said = play(player, answers(player, wrong_first=wrong_first), width=width)
    assert player.run.finished
    assert {"done"} == {state.outcome for state in player.run.states.values()}
    total = len(lesson.steps)
    done = message("{done} of {total} steps done", done=total, total=total)
    assert render(done) in said
    kept = tuple(line.strip() for line in _kept_as_written(lesson) if len(line) > width - 6)
    wide = [
        line for line in said.splitlines() if cell_len(line) > width and not line.endswith(kept)
    ]
    assert [] == wide
    assert [] == LEFTOVER.findall(said)
    store.close()


KINDS = Path(__file__).parents[1] / "sample_lessons" / "kinds.yaml"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("wrong_first", [True, False])
def test_kinds_that_our_lessons_do_not_have_are_answered_by_typing(
    language: str, wrong_first: bool
):
    begin_session(Session(language))
    lesson = load_lesson(KINDS)
    if language != ENGLISH:
        lesson = translated(lesson, load_translation(KINDS.with_suffix(".zh.yaml"), lesson))
    store = open_in_memory()
    player = player_of(lesson, store)
    said = play(player, answers(player, wrong_first=wrong_first), width=60)
    assert {"done"} == {state.outcome for state in player.run.states.values()}
    assert [] == LEFTOVER.findall(said)
    store.close()


def _kept_as_written(lesson: Lesson) -> list[str]:
    """Return the lines that keep their length: code, what it prints, and displayed formulas."""
    texts = [getattr(step, "code", None) or "" for step in lesson.steps]
    texts += [
        line
        for step in lesson.steps
        if isinstance(step, BugStep)
        for mended in (False, True)
        for line in printed_lines(step, mended=mended)
    ]
    texts += [text for step in lesson.steps for text in (step.body, step.explain or "")]
    return [line for text in texts for line in text.splitlines()]
