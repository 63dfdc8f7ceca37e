"""Waits until something holds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

_LOOK: Final = 0.02


async def wait_for(holds: Callable[[], bool], seconds: float | None = None) -> None:
    """Wait until it holds, at most so long."""
    loop = asyncio.get_running_loop()
    end = None if seconds is None else loop.time() + seconds
    while not holds() and (end is None or loop.time() < end):
        await asyncio.sleep(_LOOK)
