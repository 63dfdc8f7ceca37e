"""What the pictures of the terminal program share: a terminal with all colours."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import pytest
from textual.app import ScreenError
from textual.message_pump import MessagePump
from textual.pilot import Pilot, WaitForScreenTimeout

from tests.proven import others
from tests.tui.apps import at_rest, until
from tutor.tui.app import TutorApp
from tutor.tui.screens.home import HomeScreen

Picture = Callable[..., bool]


@pytest.fixture(autouse=True)
def _wait_for_the_busy_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a pilot wait for the widgets that have something to do: most have nothing.

    After each key it sends all of them a message: five of six messages of our tests were such.
    """
    monkeypatch.setattr(Pilot, "_wait_for_screen", _wait_for_the_busy)


async def _wait_for_the_busy(pilot: Pilot[Any], timeout: float = 30.0) -> bool:
    try:
        screen = pilot.app.screen
    except ScreenError:
        return False
    busy = [node for node in screen.walk_children() if not _has_nothing_to_do(node)]
    done = [
        event
        for node in (pilot.app, screen, *busy)
        if node.call_later((event := asyncio.Event()).set)
    ]
    failed = asyncio.create_task(pilot.app._exception_event.wait())
    all_done = asyncio.gather(*(event.wait() for event in done))
    ended, going_on = await asyncio.wait(
        [all_done, failed], timeout=timeout, return_when=asyncio.FIRST_COMPLETED
    )
    for each in going_on:
        each.cancel()
    if not ended:
        raise WaitForScreenTimeout("the widgets did not process their messages")
    return all_done in ended


def _has_nothing_to_do(node: MessagePump) -> bool:
    """Whether it waits for a message, and none is on its way."""
    queue = vars(node).get("_message_queue")
    return queue is not None and queue.empty() and bool(vars(queue.ready_event)["_waiters"])


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
