"""The lab inside a test: opened on a setting, with everything computed that it waits for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from textual.pilot import Pilot
from textual.screen import Screen

from tests.tui.apps import in_memory, tutor_app, until
from tutor.engine.descent.setup import Rule, Setup
from tutor.engine.lab.lab import Lab
from tutor.store.progress_store import ProgressStore
from tutor.tui.app import TutorApp
from tutor.tui.screens.lab import LabScreen

BOWL = Setup(objective="elongated-bowl", start=(-7.0, 2.0), rule=Rule(learning_rate=0.9), steps=30)


def lab_app(
    store: ProgressStore, lab: Lab | None = None, *, dark: bool = True, language: str = "en"
) -> TutorApp:
    """Return the program, which opens the lab."""
    return tutor_app(store, lab=lab or Lab(setup=BOWL), dark=dark, language=language)


@asynccontextmanager
async def open_lab(
    lab: Lab | None = None, size: tuple[int, int] = (120, 36), language: str = "en"
) -> AsyncIterator[tuple[Pilot[None], LabScreen]]:
    """Open the lab and wait until its first run is on the screen."""
    with in_memory() as store:
        app = lab_app(store, lab, language=language)
        async with app.run_test(size=size) as pilot:
            await until(pilot, lambda: isinstance(app.screen, LabScreen))
            screen = app.screen
            assert isinstance(screen, LabScreen)
            await settled(pilot, screen)
            yield pilot, screen


async def settled(pilot: Pilot[None], screen: LabScreen) -> None:
    """Let the lab work until it has shown its state and computes nothing more."""
    await pilot.pause()
    await until(pilot, lambda: screen.is_settled)
    await pilot.pause()


async def press(pilot: Pilot[None], screen: LabScreen, *keys: str) -> None:
    """Press keys, and wait until the lab has shown what they do."""
    for key in keys:
        await pilot.press(key)
        await settled(pilot, screen)


def words(screen: Screen[Any], name: str) -> str:
    """Return what stands in a caption."""
    return str(screen.query_one(f"#{name}").visual)
