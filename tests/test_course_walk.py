"""An automated learner walks through lessons in the real program, in a terminal.

Here one of them, in Chinese, of which half a sign may be cut, at the narrow size, where least fits;
`pytest -m thorough` takes every lesson once, `python -m tests.walk` all of them in every way.
"""

from __future__ import annotations

from itertools import cycle, product
from pathlib import Path

import pytest

from tests.course import course
from tests.on_screen import cut_cells, shortened, stands, words_of
from tests.walk import SIZES, walk
from tests.walking import own_computer
from tutor.i18n import LANGUAGES

CATALOG = course()
WAYS = [
    pytest.param(
        lesson.id, language, size,
        id=f"{lesson.id}-{language}-{size[0]}",
        marks=[] if number == 1 else [pytest.mark.thorough],
    )
    for number, (lesson, (size, language)) in enumerate(
        zip(CATALOG.lessons, cycle(product(SIZES, LANGUAGES)), strict=False)
    )
]  # fmt: skip


@pytest.mark.parametrize(("lesson", "language", "size"), WAYS)
def test_every_step_is_answered_wrong_and_right_and_all_of_it_is_seen(
    lesson: str, language: str, size: tuple[int, int], tmp_path: Path
):
    """Question, choices, goal and verdict stand on the screen whole; nothing is cut at an edge."""
    walked = walk(
        CATALOG.in_language(language).lesson(lesson), language, size, own_computer(tmp_path)
    )
    assert "" == "\n".join(walked.faults)
    assert walked.screens > len(walked.lesson.steps)


ROWS = [list("│ The slope "), list("│ is 0.2.   "), list("│           ")]


def test_a_text_over_two_rows_is_seen_and_one_that_lacks_a_letter_is_not():
    assert stands("The slope is 0.2.", ROWS)
    assert not stands("The slope is 0.25.", ROWS)
    assert not stands("A slope is 0.2.", ROWS)


def test_a_text_is_not_put_together_from_rows_far_apart():
    apart = [ROWS[0], ROWS[2], ROWS[2], ROWS[1]]
    assert not stands("The slope is 0.2.", apart)


def test_markup_is_read_as_the_learner_sees_it():
    assert "The step η is small." == words_of("The step $\\eta$ is **small**.")


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        (["a", "导"], "row 0: 导 is cut at column 1"),
        (["导", "a"], "row 0: 导 is cut at column 0"),
        (["a", "", "b"], "row 0: half a character at column 1"),
    ],
)
def test_half_of_a_wide_character_is_a_fault(row: list[str], complaint: str):
    assert [complaint] == list(cut_cells([row]))


def test_a_whole_wide_character_is_none():
    assert [] == list(cut_cells([["导", "", "数", ""]]))


def test_dots_that_no_text_has_are_a_fault_but_in_the_bar():
    rows = [list("A long title…"), list("cut of…")]
    assert ["row 1 is shortened: cut of…"] == list(shortened(rows, ["cut off"]))
    assert [] == list(shortened(rows, ["and so on …"]))
