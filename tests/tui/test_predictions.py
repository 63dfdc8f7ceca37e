"""Guesses placed on the charts of a ground by key and by mouse."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from tests.tui.apps import until
from tests.tui.test_step_kinds import at
from tutor.engine.kinds.predict import guess_of
from tutor.tui.screens.lesson import LessonScreen
from tutor.tui.widgets.chart_view import ChartView

LESSON = "gradients/sample-grounds"


def guess(screen: LessonScreen) -> tuple[float, ...]:
    return guess_of(screen.run.step, screen.run.state)


async def click(pilot: Pilot[None], screen: LessonScreen, chart: str, x: float, y: float) -> None:
    """Click on the cell of a chart that shows the place (x, y)."""
    (view,) = [each for each in screen.query(ChartView) if each.name == chart]
    await until(pilot, lambda: view.picture is not None)
    picture = view.picture
    assert picture is not None
    area = picture.area
    cells = [(column, row) for column in range(area.left, area.left + area.columns)
             for row in range(area.top, area.top + area.rows)]  # fmt: skip
    cell = min(cells, key=lambda c: abs(area.to_data(*c)[0] - x) + abs(area.to_data(*c)[1] - y))
    await pilot.click(view, offset=cell)


async def hand_in(pilot: Pilot[None], screen: LessonScreen) -> None:
    await pilot.press("enter", "2")
    await until(pilot, lambda: screen.run.state.outcome == "done")


async def test_a_click_on_the_slice_tilts_the_guess():
    """From (1.5, 6.25) to (4, 13.75): slope 3, the partial derivative of x0² + x1²."""
    async with at("slope-along-x0", LESSON) as (pilot, screen):
        await click(pilot, screen, "slice-x0", 4.0, 13.75)
        await until(pilot, lambda: guess(screen) == pytest.approx((3.0,), abs=0.4))


async def test_the_slope_of_a_slice_is_turned_by_key():
    async with at("slope-along-x0", LESSON) as (pilot, screen):
        await pilot.press(*["right"] * 6)
        await until(pilot, lambda: guess(screen) == pytest.approx((3.0,), abs=0.4))
        await hand_in(pilot, screen)
        assert screen.run.state.verdict is not None
        assert screen.run.state.verdict.correct


async def test_a_stationary_point_is_marked_by_a_click():
    """(3, 2) is a minimum of Himmelblau's function; a cell is up to 0.6 wide."""
    async with at("where-it-is-level", LESSON) as (pilot, screen):
        await click(pilot, screen, "contour", 3.0, 2.0)
        await until(pilot, lambda: guess(screen) == pytest.approx((3.0, 2.0), abs=0.6))
        await hand_in(pilot, screen)
        assert "Nearest to your guess: minimum at (3, 2)" in str(
            screen.query_one("#sentence").render()
        ).replace("\n", " ")


@pytest.mark.parametrize("chart", ["descent-path", "basins"])
async def test_the_edge_of_a_basin_is_marked_by_a_click(chart):
    async with at("edge-of-the-basins", LESSON) as (pilot, screen):
        await click(pilot, screen, chart, 0.08, 2.0)
        await until(pilot, lambda: guess(screen) == pytest.approx((0.08,), abs=0.1))
        await hand_in(pilot, screen)
        assert screen.run.state.verdict is not None
        assert screen.run.state.verdict.correct


async def test_momentum_is_turned_by_key_and_moves_the_rival():
    async with at("rivals", LESSON) as (pilot, screen):
        before = str(screen.query_one("#sentence").render())
        await pilot.press("tab", "left", "left")
        await until(pilot, lambda: screen.run.state.values["momentum"] == pytest.approx(0.88))
        await until(pilot, lambda: str(screen.query_one("#sentence").render()) != before)
