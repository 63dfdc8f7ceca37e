"""Keeps Python's garbage collector from stopping the screen.

A full collection looks at every object there is: with the course and the lab loaded some hundred
thousand, 60 to 130 ms in which no key is heard, again and again. Most of them stay for the whole
session, so they are taken out of the collector's rounds once they are there.
"""

from __future__ import annotations

import gc
import sys
from contextlib import AbstractContextManager
from types import TracebackType


class CalmCollector(AbstractContextManager["CalmCollector"]):
    """While the program starts nothing is collected; after that, only what came later is."""

    def __init__(self) -> None:
        self._modules = 0

    def __enter__(self) -> CalmCollector:
        gc.disable()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        gc.unfreeze()
        gc.enable()

    def rest(self) -> None:
        """Take what is there now out of the rounds, if a part of the program has been loaded.

        Without new modules nothing has come to stay: to keep more would only keep more garbage.
        """
        gc.enable()
        if len(sys.modules) > self._modules:
            self._modules = len(sys.modules)
            gc.freeze()
