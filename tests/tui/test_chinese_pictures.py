"""How the screens look in Chinese: full-width words in tables, choices, charts and the footer."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from tests.tui.apps import SIZES, lesson_screen, tutor_app, until
from tests.tui.labs import lab_app, press, settled
from tutor.tui.screens.lab import LabScreen

pytestmark = pytest.mark.usefixtures("truecolor")


def test_the_first_question_of_all(snap_compare, store):
    """You should see both languages in a box, 中文 highlighted, and nothing else."""
    app = tutor_app(store, language="zh", asks_language=True)
    assert snap_compare(app, terminal_size=(80, 24))


def test_the_map(snap_compare, store):
    """You should see a column of titles, minutes and states, each in line with the one above."""
    assert snap_compare(tutor_app(store, language="zh"), terminal_size=(120, 36))


@pytest.mark.parametrize("size", SIZES)
def test_a_curve_with_the_learners_line(snap_compare, store, size):
    """You should see the legend, the slider and the goal in Chinese, and no word cut off."""
    app = tutor_app(store, "gradients/derivative#tilt", language="zh")
    assert snap_compare(app, terminal_size=size, press=["left", "left"])


def test_a_wrong_choice(snap_compare, store):
    """You should see a choice marked wrong; its answer is wrapped between characters."""
    app = tutor_app(store, "gradients/derivative#what-it-says", language="zh")

    async def choose(pilot: Pilot[None]) -> None:
        await lesson_screen(pilot)
        await pilot.press("1")
        await pilot.pause()

    assert snap_compare(app, terminal_size=(80, 24), run_before=choose)


@pytest.mark.parametrize("size", SIZES)
def test_the_lab_with_ghosts(snap_compare, store, size):
    """You should see labels, tracks and legends in columns, as in English."""
    app = lab_app(store, language="zh")

    async def compare(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: isinstance(app.screen, LabScreen))
        screen = app.screen
        assert isinstance(screen, LabScreen)
        await settled(pilot, screen)
        await press(pilot, screen, "g", "O")

    assert snap_compare(app, terminal_size=size, run_before=compare)
