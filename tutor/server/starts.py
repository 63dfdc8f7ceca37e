"""Whose tutor may start now: opening one is the most work that a client can ask for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from tutor.server.bucket import Bucket
from tutor.server.options import Limits

_IN_A_ROW = 2
"""Starts of one learner that need no wait: who quits by mistake comes back at once."""


class Starts:
    """The starts of a process: a few at once, and each learner's with a while between."""

    def __init__(self, limits: Limits) -> None:
        self._places = asyncio.Semaphore(limits.starting)
        self._again = limits.again_seconds
        self._learners: dict[str, Bucket] = {}

    async def begin(self, name: str, say_wait: Callable[[], None]) -> Callable[[], None]:
        """Wait for a place among those that start; return what gives it back, once."""
        wait = self._wait_of(name)
        if wait > 0 or self._places.locked():
            say_wait()
        await asyncio.sleep(wait)
        await self._places.acquire()
        held = [self._places]

        def leave() -> None:
            while held:
                held.pop().release()

        return leave

    def _wait_of(self, name: str) -> float:
        """Return the seconds that a learner must wait, who comes in again and again."""
        if self._again <= 0:
            return 0.0
        now = asyncio.get_running_loop().time()
        for each in self._learners.values():
            each.refill(now)
        self._learners = {who: each for who, each in self._learners.items() if not each.is_full}
        bucket = self._learners.setdefault(name, Bucket(1 / self._again, now, _IN_A_ROW))
        bucket.take(1)
        return min(bucket.wait, self._again)
