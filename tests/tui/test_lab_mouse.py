"""The lab by mouse: every ability that keys have can be clicked, dragged or wheeled."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.events import MouseScrollUp
from textual.geometry import Offset
from textual.pilot import Pilot
from textual.widgets import OptionList

from tests.tui.apps import until
from tests.tui.labs import BOWL, open_lab, settled
from tutor.engine.lab.lab import Lab
from tutor.tui.screens.lab import LabScreen
from tutor.tui.screens.pick import PickScreen
from tutor.tui.widgets.lab_bars import LabActions, LabTabs
from tutor.tui.widgets.lab_chart import LabChart


async def click(pilot: Pilot[None], screen: LabScreen, selector: str, x: int, y: int = 0) -> None:
    await pilot.click(selector, offset=(x, y))
    await settled(pilot, screen)


def cell_of(view: LabChart, x: float, y: float) -> tuple[int, int]:
    assert view.picture is not None
    return view.picture.area.to_cell(x, y)


def column_of(widget: object, text: str) -> int:
    """Return the column of a text in a widget of one row."""
    return 1 + str(widget.render()).index(text)  # type: ignore[attr-defined]


async def test_a_click_on_the_contour_sets_the_start_on_round_numbers():
    async with open_lab() as (pilot, screen):
        await click(pilot, screen, "#main-chart", *cell_of(screen.picture.main, 5.0, -1.0))
        x0, x1 = screen.state.lab.setup.start
        assert (pytest.approx(5.0, abs=0.5), pytest.approx(-1.0, abs=0.8)) == (x0, x1)
        assert (x0, x1) == (round(x0, 2), round(x1, 2))


async def test_a_click_on_a_value_opens_it_for_typing():
    async with open_lab() as (pilot, screen):
        row = screen.settings.number("learning_rate")
        await click(pilot, screen, "#number-learning_rate", column_of(row, "0.9"))
        await pilot.press(*"0.4", "enter")
        await settled(pilot, screen)
        assert 0.4 == screen.state.lab.setup.rule.learning_rate


async def test_the_place_under_the_mouse_is_read_off():
    async with open_lab() as (pilot, screen):
        await pilot.hover("#main-chart", offset=cell_of(screen.picture.main, 5.0, -1.0))
        await pilot.pause()
        assert "∇f" in str(screen.bar.reading)


async def test_a_click_on_the_loss_curve_looks_at_that_step():
    async with open_lab() as (pilot, screen):
        await click(pilot, screen, "#curve-chart", *cell_of(screen.picture.curve, 10.0, 5.0))
        assert screen.state.lab.step in (9, 10, 11)


async def test_a_click_on_the_sweep_takes_that_eta():
    async with open_lab(Lab(setup=replace(BOWL, steps=10), curve="sweep")) as (pilot, screen):
        view = screen.picture.curve
        await until(pilot, lambda: "η" in str(view.chart.title))
        await pilot.pause()
        await click(pilot, screen, "#curve-chart", *cell_of(view, 0.1, 1.0))
        assert pytest.approx(0.1, rel=0.3) == screen.state.lab.setup.rule.learning_rate


async def test_the_track_is_clicked_dragged_and_wheeled():
    async with open_lab() as (pilot, screen):
        track = screen.picture.track
        middle = track.size.width // 2
        await click(pilot, screen, "LabTrack", middle)
        step = screen.state.lab.step
        assert step is not None
        assert 5 < step < 25
        await pilot.mouse_down("LabTrack", offset=(middle, 0))
        await pilot.hover("LabTrack", offset=(middle - 8, 0))
        await pilot.mouse_up("LabTrack", offset=(middle - 8, 0))
        await settled(pilot, screen)
        dragged = screen.state.lab.step
        assert dragged is not None
        assert dragged < step
        await pilot._post_mouse_events([MouseScrollUp], widget=track, offset=(middle, 0))
        await settled(pilot, screen)
        assert dragged + 1 == screen.state.lab.step


async def test_play_and_speed_are_clicked():
    async with open_lab(Lab(setup=replace(BOWL, steps=5000))) as (pilot, screen):
        track = screen.picture.track
        await pilot.click("LabTrack", offset=(column_of(track, "10 steps/s"), 0))
        assert 30 == screen.playback.speed
        await pilot.click("LabTrack", offset=(1, 0))
        await until(pilot, lambda: screen.playback.is_playing)
        await pilot.click("LabTrack", offset=(1, 0))
        await until(pilot, lambda: not screen.playback.is_playing)


async def test_an_option_in_sight_is_clicked():
    async with open_lab() as (pilot, screen):
        row = screen.query_one("#choice-schedule")
        await click(pilot, screen, "#choice-schedule", column_of(row, "cosine"))
        assert "cosine" == screen.state.lab.setup.rule.schedule


async def test_an_option_out_of_sight_is_clicked_in_the_list():
    async with open_lab() as (pilot, screen):
        row = screen.query_one("#choice-optimizer")
        await pilot.click("#choice-optimizer", offset=(column_of(row, "descent"), 0))
        await until(pilot, lambda: isinstance(pilot.app.screen, PickScreen))
        options = pilot.app.screen.query_one(OptionList)
        await pilot.click(OptionList, offset=(4, len(options.options) - 1))
        await until(pilot, lambda: screen.is_current)
        await settled(pilot, screen)
        assert "adamw" == screen.state.lab.setup.rule.optimizer


@pytest.mark.parametrize(
    ("word", "holds"),
    [
        ("Ghost", lambda lab: lab.ghosts == (BOWL,)),
        ("Beside", lambda lab: lab.beside == BOWL),
        ("All", lambda lab: len(lab.ghosts) == 5),
    ],
)
async def test_the_words_of_commands_are_clicked(word, holds):
    async with open_lab() as (pilot, screen):
        row = next(row for row in screen.query(LabActions) if word in str(row.visual))
        offset = Offset(1 + str(row.visual).index(word), 0)
        await pilot.click(row, offset=offset)
        await settled(pilot, screen)
        assert holds(screen.state.lab)


async def test_pages_are_clicked_where_one_is_shown():
    async with open_lab(size=(80, 24)) as (pilot, screen):
        column = column_of(screen.query_one(LabTabs), "Look")
        await click(pilot, screen, "LabTabs", column)
        assert screen.query_one("#choice-view").region.height == 1
        assert not screen.query_one("#number-learning_rate").region
