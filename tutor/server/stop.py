"""The end of a workshop: a notice, some time, then everybody out in good order."""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutor.server.worker import Worker


class StopSignals:
    """The first SIGTERM or SIGINT asks for a stop, the second for one at once."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.at_once = asyncio.Event()
        loop = asyncio.get_running_loop()
        for each in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(each, self.ask)

    def ask(self) -> None:
        """Ask for a stop."""
        if self.asked.is_set():
            self.at_once.set()
        self.asked.set()


async def wind_down(worker: Worker, seconds: float, at_once: asyncio.Event) -> bool:
    """Tell all learners of a worker, wait until they have left or the time is over, and end.

    Return whether everything is in the database.
    """
    worker.presence.close()
    worker.presence.tell_of_stop()
    gone = asyncio.create_task(worker.presence.wait_until_empty())
    hurry = asyncio.create_task(at_once.wait())
    with suppress(TimeoutError):
        await asyncio.wait({gone, hurry}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    gone.cancel()
    hurry.cancel()
    return await worker.stop()
