"""Lets the work for those who have not proved who they are through one by one.

A handshake costs some milliseconds. A hundred of them in one turn of the loop would keep every
learner waiting for all of them; here the learners have the next turns after each, for twice as
long as it took.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final

_OTHERS_SHARE: Final = 2
_LEAST_REST: Final = 0.001
"""Seconds: what a piece of work begins goes on after it, unmeasured."""


class Turnstile:
    """One for all connections of a process."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[Callable[[], object]] = deque()
        self._is_resting = False

    def pass_through(self, work: Callable[[], object]) -> None:
        """Do a piece of work when its turn has come: at once, where nobody waits."""
        self._waiting.append(work)
        if not self._is_resting:
            self._let_one_through()

    def _let_one_through(self) -> None:
        self._is_resting = bool(self._waiting)
        if not self._waiting:
            return
        began = self._loop.time()
        try:
            self._waiting.popleft()()
        finally:
            took = self._loop.time() - began
            rest = max(_OTHERS_SHARE * took, _LEAST_REST)
            self._loop.call_later(rest, self._let_one_through)
