"""Learners' programs in a workshop: shut in by bubblewrap, a few at a time, or not at all."""

from __future__ import annotations

import asyncio

from tutor.engine.events import CodeChecked, CodeRunEnded
from tutor.engine.wanted_program import WantedProgram
from tutor.player.programs import Programs


class ServedPrograms(Programs):
    """The programs of one session; all sessions of a worker share the places."""

    def __init__(self, places: asyncio.Semaphore) -> None:
        super().__init__(is_served=True)
        self._places = places

    async def run(self, wanted: WantedProgram) -> CodeChecked | CodeRunEnded:
        """Return what came of a program; it waits until there is a place."""
        async with self._places:
            return await super().run(wanted)
