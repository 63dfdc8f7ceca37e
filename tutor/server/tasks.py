"""Tasks of the event loop whose errors somebody sees, and waiting until something holds."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeVar

T = TypeVar("T")


class Background:
    """Tasks that nobody waits for."""

    def __init__(self, report: Callable[[BaseException], object]) -> None:
        """`report` is told of every error."""
        self._report = report
        self._tasks: set[asyncio.Task[Any]] = set()

    def spawn(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Run something beside all else, and see to its errors."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def cancel(self) -> None:
        """End all that still runs, but not who asks for it."""
        for task in self._tasks - {asyncio.current_task()}:
            task.cancel()

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._report(error)


_LOOK: Final = 0.02


async def wait_for(holds: Callable[[], bool], seconds: float | None = None) -> None:
    """Wait until it holds, at most so long."""
    loop = asyncio.get_running_loop()
    end = None if seconds is None else loop.time() + seconds
    while not holds() and (end is None or loop.time() < end):
        await asyncio.sleep(_LOOK)


class StopSignals:
    """The first of some signals asks for a stop, the second for one at once."""

    def __init__(self, *signals: signal.Signals) -> None:
        self.asked = asyncio.Event()
        self.at_once = asyncio.Event()
        loop = asyncio.get_running_loop()
        for each in signals:
            loop.add_signal_handler(each, self.ask)

    def ask(self) -> None:
        """Ask for a stop."""
        if self.asked.is_set():
            self.at_once.set()
        self.asked.set()
