"""Terminals that show less: --ascii and NO_COLOR, on every screen of every lesson."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator

import pytest

from tests.course import course
from tests.terminal import Cell, Terminal
from tutor.lesson.model import Lesson

Nabla = Callable[..., Terminal]
LESSONS = course().lessons


def cells(screen: Terminal) -> Iterator[Cell]:
    for row, line in enumerate(screen.screen.display):
        yield from (screen.cell(column, row) for column in range(len(line)))


def signs(screen: Terminal) -> set[str]:
    """Return the characters that are neither ASCII nor letters of a lesson."""
    shown = set("".join(cell.text for cell in cells(screen)))
    return {
        sign
        for sign in shown
        if not sign.isascii()
        and unicodedata.category(sign)[0] not in "LM"
        and unicodedata.east_asian_width(sign) not in "WF"
    }


def colours(screen: Terminal) -> set[str]:
    return {ink for cell in cells(screen) for ink in (cell.foreground, cell.background)}


@pytest.mark.parametrize(
    "lesson",
    [
        pytest.param(lesson, id=lesson.id, marks=[pytest.mark.thorough] if number % 4 else [])
        for number, lesson in enumerate(LESSONS)
    ],
)
def test_every_step_shows_ascii_and_no_colour(nabla: Nabla, lesson: Lesson) -> None:
    screen = nabla("--ascii", "run", lesson.id, env={"NO_COLOR": "1"})
    total = len(lesson.steps)
    for number, step in enumerate(lesson.steps, start=1):
        screen.wait_for(f"step {number} of {total}")
        assert (step.id, set(), {"default"}) == (step.id, signs(screen), colours(screen))
        screen.press("f4" if step.is_question else "ctrl+n")
    screen.wait_for("You have come to the end")
    assert (set(), {"default"}) == (signs(screen), colours(screen))


def test_a_console_that_lacks_the_signs_has_ascii_by_itself(nabla: Nabla) -> None:
    screen = nabla("run", "derivative#what-it-says", env={"TERM": "linux"})
    screen.wait_for("step")
    assert set() == signs(screen)


def test_the_map_the_help_and_the_lab_do_too(nabla: Nabla) -> None:
    screen = nabla("--ascii", env={"NO_COLOR": "1"})
    screen.wait_for("not started")
    assert (set(), {"default"}) == (signs(screen), colours(screen))
    screen.press("f1")
    screen.wait_for("Everywhere")
    assert (set(), {"default"}) == (signs(screen), colours(screen))
    screen.press("escape")
    screen.wait_until_gone("Everywhere")
    screen.press("L")
    screen.wait_for("optimizer")
    assert (set(), {"default"}) == (signs(screen), colours(screen))


def test_without_colours_the_row_under_the_cursor_is_underlined(nabla: Nabla) -> None:
    screen = nabla(env={"NO_COLOR": "1"})
    screen.wait_for("not started")
    column, row = screen.find("1  The derivative")
    assert not screen.screen.buffer[row][column].underscore
    screen.press("down")
    screen.wait_for(lambda _: screen.screen.buffer[row][column].underscore)


def test_with_colours_there_are_some(nabla: Nabla) -> None:
    """Else the tests above would pass on a blank screen."""
    screen = nabla("run", "gradient-descent#first-step")
    screen.wait_for("step 4 of")
    assert len(colours(screen)) > 5
    assert signs(screen)


def test_an_answer_is_told_apart_by_its_mark_alone(nabla: Nabla) -> None:
    screen = nabla("--ascii", "run", "derivative#what-it-says", env={"NO_COLOR": "1"})
    screen.wait_for("By minute 5 she has come")
    line = next(line for line in screen.lines if "By minute 5 she has come" in line)
    screen.press(line.split()[0])
    screen.wait_for("x Not yet.")
    assert (set(), {"default"}) == (signs(screen), colours(screen))
