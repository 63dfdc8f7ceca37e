"""The tutor, with what each turn of its event loop costs the main thread written into a file.

`python -m tests.benchmarks.watched_app FILE ARGUMENTS…`: each line is the processor time of a turn
in milliseconds, so that what else the machine does, or a thread beside the loop, does not count.
"""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path

from tutor.cli import main

LEAST_MS = 5.0


def watch(file: Path) -> None:
    """Write the turns of every event loop from now on that take `LEAST_MS` or more."""
    log = file.open("w", buffering=1, encoding="ascii")
    run = asyncio.Handle._run

    def timed(self: asyncio.Handle) -> None:
        start = time.thread_time()
        run(self)
        spent = (time.thread_time() - start) * 1e3
        if spent >= LEAST_MS:
            log.write(f"{spent:.1f}\n")

    asyncio.Handle._run = timed  # type: ignore[method-assign]  # there is no hook for this


if __name__ == "__main__":
    watch(Path(sys.argv[1]))
    sys.exit(main(sys.argv[2:]))
