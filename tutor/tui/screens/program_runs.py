"""Keeps the sandbox doing what the lesson's state says: one program at a time, or none."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from textual.screen import Screen
from textual.worker import Worker

from tutor.engine.kinds.code import WantedProgram
from tutor.engine.lesson.events import Event
from tutor.i18n import render
from tutor.player.programs import Programs


class ProgramRuns:
    """Runs programs beside a screen, which stays free; leaving the step stops its program."""

    def __init__(
        self, screen: Screen[Any], programs: Programs, take: Callable[[Event], None]
    ) -> None:
        self._screen = screen
        self._programs = programs
        self._take = take
        self._wanted: WantedProgram | None = None
        self._worker: Worker[None] | None = None

    def follow(self, wanted: WantedProgram | None) -> None:
        """Run what is wanted now, and nothing else."""
        if wanted == self._wanted:
            return
        if self._worker is not None:
            self._worker.cancel()
        self._wanted, self._worker = wanted, None
        if wanted is not None:
            self._worker = self._screen.run_worker(partial(self._run, wanted), group="program")

    async def _run(self, wanted: WantedProgram) -> None:
        await self._ask_consent()
        event = await self._programs.run(wanted)
        if self._wanted == wanted:
            self._wanted = self._worker = None  # it is over: nothing is left to stop
            self._take(event)

    async def _ask_consent(self) -> None:
        protection = await self._programs.consent_for()
        if protection is None:
            return
        from tutor.tui.screens.consent import ConsentScreen  # noqa: PLC0415 — once, for some

        if await self._screen.app.push_screen_wait(ConsentScreen(protection)):
            trouble = self._programs.consent()
            if trouble:
                self._screen.notify(render(trouble), severity="warning", timeout=10)
