"""A new surface is drawn beside the screen: the event loop evaluates next to nothing for it."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from tests.tui.apps import until
from tests.tui.labs import BOWL, open_lab, press, settled
from tutor.core.objectives import Objective
from tutor.engine.lab import events as ev
from tutor.engine.lab.lab import Lab

HUGE = (200, 60)
TERMS = " + ".join(f"sin({k}*x0 - cos(x1/{k}))**2" for k in range(1, 15))
"""About as long as a typed formula may be."""
FEW = 2_500
"""Evaluations that take a millisecond; one contour of this size takes ten thousand."""


@pytest.fixture
def evaluated(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """At how many points an objective was asked for its value, on the event loop and beside it."""
    count: Counter[str] = Counter()
    value = Objective.value

    def counted(self: Objective, x: object) -> object:
        where = "loop" if threading.current_thread() is threading.main_thread() else "beside"
        points = np.asarray(x)
        count[where] += points.shape[1] if points.ndim == 2 else 1
        return value(self, x)

    monkeypatch.setattr(Objective, "value", counted)
    return count


@pytest.mark.parametrize("event", [
    ev.FormulaTyped(TERMS), ev.ObjectiveChosen("ackley"), ev.ViewChosen("heat-map"),
    ev.ViewChosen("slices"), ev.ViewChosen("basins"), ev.CurveChosen("sweep"),
    ev.StepsChanged(100_000),
], ids=lambda event: type(event).__name__)  # fmt: skip
async def test_the_loop_samples_no_surface(event: ev.Event, evaluated: Counter[str]):
    async with open_lab(Lab(setup=BOWL), HUGE) as (pilot, screen):
        evaluated.clear()
        assert screen.take(event)
        await settled(pilot, screen)
        assert FEW > evaluated["loop"]


async def test_a_new_surface_is_sampled_beside_the_screen_once(evaluated: Counter[str]):
    async with open_lab(Lab(setup=BOWL), HUGE) as (pilot, screen):
        evaluated.clear()
        screen.take(ev.FormulaTyped(TERMS))
        await settled(pilot, screen)
        sampled = evaluated["beside"]
        assert sampled > 3 * FEW
        await press(pilot, screen, "right", "right", "b", "b")
        assert sampled == evaluated["beside"]


async def test_the_last_good_chart_stays_while_a_surface_is_drawn(monkeypatch):
    """The chart says so, if it takes long enough to be noticed."""
    gate = threading.Event()
    async with open_lab(Lab(setup=BOWL)) as (pilot, screen):
        view = screen.picture.main
        before, value = view.picture, Objective.value

        def slow(self: Objective, x: object) -> object:
            if threading.current_thread() is not threading.main_thread():
                gate.wait(60)
            return value(self, x)

        monkeypatch.setattr(Objective, "value", slow)
        screen.take(ev.ObjectiveChosen("himmelblau"))
        await until(pilot, lambda: view.is_late)
        assert before is view.picture
        assert view.render_line(0).text.startswith(" drawing … ")
        assert screen.picture.main.size.width == view.render_line(0).cell_length
        gate.set()
        await settled(pilot, screen)
        assert before is not view.picture
        assert not view.is_late
        assert "drawing" not in view.render_line(0).text


async def test_a_surface_that_is_wanted_no_more_is_not_shown():
    async with open_lab(Lab(setup=BOWL)) as (pilot, screen):
        for name in ("himmelblau", "ackley", "rastrigin", "booth"):
            screen.take(ev.ObjectiveChosen(name))
        await settled(pilot, screen)
        assert "2x₁ − 7" in view_text(screen.picture.main)


async def test_other_colours_and_another_size_are_drawn_beside_the_screen(evaluated):
    async with open_lab(Lab(setup=BOWL)) as (pilot, screen):
        evaluated.clear()
        screen.app.action_toggle_theme()
        await settled(pilot, screen)
        await pilot.resize_terminal(150, 40)
        await settled(pilot, screen)
        assert FEW > evaluated["loop"]
        assert screen.picture.main.size.width == screen.picture.main.render_line(5).cell_length


async def test_a_surface_that_cannot_be_drawn_ends_as_every_failure_does(monkeypatch):
    def fails(*_: object) -> None:
        raise ZeroDivisionError

    async def draw_one() -> None:
        async with open_lab(Lab(setup=BOWL)) as (pilot, screen):
            monkeypatch.setattr("tutor.charts.field_drawing.sample", fails)
            screen.take(ev.ObjectiveChosen("himmelblau"))
            await until(pilot, lambda: not pilot.app.is_running)

    with pytest.raises(ZeroDivisionError):
        await draw_one()


async def test_many_changes_in_one_go_are_drawn_once(monkeypatch):
    """Keys that are waiting are all heard before the next frame."""
    async with open_lab(Lab(setup=BOWL)) as (pilot, screen):
        frames = []
        show = screen.picture.show
        monkeypatch.setattr(
            screen.picture, "show", lambda frame: (frames.append(frame), show(frame))
        )
        for k in range(90):
            screen.take(ev.RuleChanged("learning_rate", 0.5 + k / 1000))
        await settled(pilot, screen)
        assert 1 == len(frames)
        assert replace(BOWL.rule, learning_rate=0.589) == screen.state.lab.setup.rule


def view_text(view) -> str:
    return view.picture.to_text()
