"""The lab fits the screen in all its states: nothing to scroll, charts tall enough, whole words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.tui.apps import BOTH_LANGUAGES
from tests.tui.labs import BOWL, open_lab, press, settled
from tutor.engine.descent.setup import Rule
from tutor.engine.lab import events as ev
from tutor.engine.lab.lab import Lab
from tutor.engine.lab.presets import PRESETS
from tutor.tui.screens.lab import LabScreen
from tutor.tui.widgets.lab_chart import LabChart
from tutor.tui.widgets.lab_settings import LabSettings

pytestmark = pytest.mark.thorough

SIZES = [(80, 24), (120, 36), (200, 60)]
LEAST_CHART_ROWS = 10
CROWDED = Lab(
    setup=replace(BOWL, rule=Rule(optimizer="adam", gradient="numerical")),
    ghosts=tuple(replace(BOWL, steps=n) for n in range(5, 10)),
    beside=BOWL,
)


def faults(screen: LabScreen) -> list[str]:
    views = [view for view in screen.query(LabChart) if view.display]
    found = [f"{v.id}: {v.size}" for v in views if v.size.height < LEAST_CHART_ROWS]
    settings = screen.query_one(LabSettings)
    if settings.max_scroll_y:
        found.append(f"settings scroll by {settings.max_scroll_y}")
    for name in ("#sentence", "#update"):
        caption = screen.query_one(name)
        rows = caption.visual.get_height({}, caption.size.width)
        if rows > caption.size.height:
            found.append(f"{name} needs {rows} rows: {caption.visual}")
    page = settings.query_one(f"#page-{settings.page}")
    found += [
        f"{child.id} is cut off"
        for child in page.children
        if child.display and child.region.bottom > screen.size.height - 1
    ]
    return found


@pytest.mark.parametrize("language", BOTH_LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
async def test_every_page_of_a_crowded_lab_fits(size, language):
    async with open_lab(CROWDED, size, language) as (pilot, screen):
        found = faults(screen)
        for _ in range(5):
            await press(pilot, screen, "pagedown")
            found += faults(screen)
        assert [] == found


@pytest.mark.parametrize("language", BOTH_LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
async def test_every_preset_fits_at_its_start_in_its_middle_and_at_its_end(preset, size, language):
    """Its sentence and its worked line are whole."""
    async with open_lab(size=size, language=language) as (pilot, screen):
        screen.settings.choose("preset", preset.name)
        found = []
        for step in (0, 1, preset.setup.steps // 2, preset.setup.steps):
            screen.take(ev.StepLooked(step))
            await settled(pilot, screen)
            found += [f"step {step}: {fault}" for fault in faults(screen)]
        assert [] == found


@pytest.mark.parametrize(("size", "charts"), [((80, 24), 2), ((120, 36), 2), ((200, 60), 4)])
async def test_more_room_shows_more_charts(size, charts):
    async with open_lab(size=size) as (_, screen):
        assert charts == sum(view.display for view in screen.query(LabChart))


async def test_a_lab_that_grows_and_shrinks_keeps_its_state():
    async with open_lab(size=(200, 60)) as (pilot, screen):
        await press(pilot, screen, "g")
        for size in ((50, 15), (80, 24), (120, 36)):
            await pilot.resize_terminal(*size)
            await settled(pilot, screen)
        assert ((BOWL,), []) == (screen.state.lab.ghosts, faults(screen))
