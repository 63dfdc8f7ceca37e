"""A surface in space is turned by keys and by the mouse, in a lesson and in the lab."""

from __future__ import annotations

import pytest
from textual.widgets import Static

from tests.tui.apps import in_memory, tutor_app, until
from tests.tui.labs import BOWL, open_lab, press, settled
from tutor.charts.chart import Viewpoint
from tutor.engine.lab.lab import Lab
from tutor.tui.screens.lesson import LessonScreen
from tutor.tui.widgets.chart_view import ChartView
from tutor.tui.widgets.confidence_row import ConfidenceRow

STEP = "gradients/gradient#step-uphill"
MAP = "gradients/gradient#first-arrow"


def landscape(app):
    """The first chart of heights on the screen."""
    return next((view for view in app.screen.query(ChartView) if view.shows_heights), None)


class Opened:
    """A lesson on a step, with its first landscape."""

    def __init__(self, pilot, app) -> None:
        self.pilot, self.app = pilot, app

    @property
    def view(self) -> ChartView:
        return landscape(self.app)

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()


async def on(step: str, work, size=(120, 36)) -> None:
    with in_memory() as store:
        app = tutor_app(store, step)
        async with app.run_test(size=size) as pilot:
            await until(pilot, lambda: isinstance(app.screen, LessonScreen))
            await until(pilot, lambda: landscape(app) and landscape(app).picture is not None)
            await work(Opened(pilot, app))


async def test_keys_turn_it_and_bring_it_back():
    async def work(lesson: Opened) -> None:
        await lesson.press("l", "l")
        assert lesson.app.focused is lesson.view
        await lesson.press("right", "up", "shift+left")
        start = Viewpoint()
        assert Viewpoint((start.turn + 5 - 30) % 360, start.tilt + 5) == lesson.view.viewpoint
        await lesson.press(*["up"] * 20)
        assert Viewpoint.HIGHEST == lesson.view.viewpoint.tilt
        await lesson.press("home")
        assert start == lesson.view.viewpoint

    await on(STEP, work)


async def test_a_map_becomes_a_surface_and_a_map_again():
    async def work(lesson: Opened) -> None:
        view, before = lesson.view, lesson.view.picture
        assert (False, False) == (view.is_in_space, view.can_focus)
        await lesson.press("l")
        assert (True, True) == (view.is_in_space, view.has_focus)
        assert view.picture != before
        await lesson.press("l")
        assert (False, False, False) == (view.is_in_space, view.can_focus, view.has_focus)
        assert view.picture == before

    await on(MAP, work)


async def test_dragging_turns_it_and_a_click_picks_the_place_that_is_seen_there():
    async with open_lab(Lab(setup=BOWL, view="surface")) as (pilot, screen):
        view = screen.picture.main
        middle = (view.size.width // 2, view.size.height // 2)
        await pilot.mouse_down(view, offset=middle)
        await pilot.hover(view, offset=(middle[0] + 8, middle[1]))
        await pilot.mouse_up(view, offset=(middle[0] + 8, middle[1]))
        await pilot.pause()
        assert Viewpoint().moved(24, 0) == view.viewpoint
        assert BOWL.start == screen.state.lab.setup.start
        await settled(pilot, screen)
        place = view.picture.place_at(*middle)
        assert place is not None
        await pilot.click(view, offset=middle)
        await settled(pilot, screen)
        assert view.tidy(*place) == screen.state.lab.setup.start


async def test_a_guess_is_handed_in_from_it():
    async def work(lesson: Opened) -> None:
        await lesson.press("l")
        assert lesson.app.focused is lesson.view
        await lesson.press("enter")
        await until(lesson.pilot, lambda: isinstance(lesson.app.focused, ConfidenceRow))
        await lesson.press("1")
        await until(lesson.pilot, lambda: lesson.app.screen.view.outcome == "done")

    await on(MAP, work)


async def test_a_choice_is_taken_from_it_by_its_number():
    async def work(lesson: Opened) -> None:
        await lesson.press("l")
        assert lesson.app.focused is lesson.view
        await lesson.press("1")
        await until(lesson.pilot, lambda: lesson.app.screen.view.outcome != "open")

    await on("gradients/partial-derivatives#same-height", work)


async def test_it_says_its_keys_on_itself():
    async def work(lesson: Opened) -> None:
        assert "Tab, then" in lesson.view.picture.to_text()
        await lesson.press("tab")
        await until(lesson.pilot, lambda: "↑ ↓ tilt" in lesson.view.picture.to_text())

    await on(STEP, work)


async def test_turning_keeps_the_parameter_and_a_parameter_keeps_the_turn():
    async def work(lesson: Opened) -> None:
        await lesson.press("l", "l", "right", "shift+tab", "right")
        assert Viewpoint().moved(5, 0) == lesson.view.viewpoint
        values = lesson.app.screen.view.controls
        assert [0.15] == [round(value, 9) for _, value in values]

    await on(STEP, work)


@pytest.mark.parametrize("size", [(60, 20), (5, 1), (200, 60)])
async def test_it_is_laid_out_anew_while_it_turns(size):
    async def work(lesson: Opened) -> None:
        await lesson.press("l", "l", "right")
        await lesson.pilot.resize_terminal(*size)
        await lesson.press("right")
        await lesson.pilot.resize_terminal(80, 24)
        await lesson.press("left")
        assert Viewpoint().moved(5, 0) == lesson.view.viewpoint
        await until(lesson.pilot, lambda: "turn" in lesson.view.picture.to_text())

    await on(STEP, work)


async def test_the_lab_has_it_as_a_view_and_its_arrow_keys_turn_it():
    async with open_lab(Lab(setup=BOWL)) as (pilot, screen):
        await press(pilot, screen, "l", "c", "right")
        assert ("surface", True) == (screen.state.lab.view, screen.picture.main.is_in_space)
        assert Viewpoint().moved(5, 0) == screen.picture.main.viewpoint
        assert isinstance(screen.query_one("#sentence"), Static)


async def test_one_variable_has_a_curve_and_says_so():
    async with open_lab(Lab(view="surface")) as (pilot, screen):
        screen.settings.choose("objective", "double-well")
        await until(pilot, lambda: screen.is_settled)
        main = screen.picture.main
        await until(pilot, lambda: "no surface" in main.picture.to_text())
        assert not main.is_in_space
