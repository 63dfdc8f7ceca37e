"""What the pictures of the terminal program share: a terminal with all colours."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.proven import others
from tests.tui.apps import at_rest, until
from tutor.tui.app import TutorApp
from tutor.tui.screens.home import HomeScreen

Picture = Callable[..., bool]


@pytest.fixture
def truecolor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.delenv("NO_COLOR", raising=False)


@pytest.fixture
def snap_compare(snap_compare: Picture) -> Picture:
    """Compare the screen that stands when everything is shown, after each key too.

    Only with the proven set: each release of what draws may draw in its own way.
    """
    if drawn_otherwise := others(("textual", "rich", "plotext", "numpy")):
        pytest.skip(f"skipped: pictures are compared with the proven set, not {drawn_otherwise}")

    def compare(
        app: TutorApp,
        press: Iterable[str] = (),
        terminal_size: tuple[int, int] = (80, 24),
        run_before: Callable[[Pilot[Any]], Awaitable[None]] | None = None,
    ) -> bool:
        async def play(pilot: Pilot[Any]) -> None:
            await at_rest(pilot)
            if app.opens_first.is_elsewhere:
                await until(pilot, lambda: not isinstance(app.screen, HomeScreen))
                await at_rest(pilot)
            for key in press:
                await pilot.press(key)
                await at_rest(pilot)
            if run_before is not None:
                await run_before(pilot)
            await at_rest(pilot)

        return snap_compare(app, terminal_size=terminal_size, run_before=play)

    return compare
