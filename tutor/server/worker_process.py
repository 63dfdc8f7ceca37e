"""A worker as a process of its own: `python -m tutor.server.worker_process NUMBER DESCRIPTOR`.

The settings come on stdin, sockets on the descriptor. Without the supervisor it ends.
"""

from __future__ import annotations

import asyncio
import pickle
import signal
import socket
import sys

from tutor.server.hand_over import HandOver, Line
from tutor.server.options import ServeOptions
from tutor.server.stop import wind_down
from tutor.server.visit import Visit
from tutor.server.worker import Worker, open_worker

_REPORT_SECONDS = 1.0


class WorkerProcess:
    """Answers the supervisor."""

    def __init__(self, options: ServeOptions, number: int, end: socket.socket) -> None:
        self._options = options
        self._worker: Worker = open_worker(options, number)
        self._asked, self._at_once = asyncio.Event(), asyncio.Event()
        self._supervisor = HandOver(end, self._take, self._stop)
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self._stop)

    async def run(self) -> bool:
        """Serve until the supervisor asks for the end or is gone; return whether all is written."""
        self._supervisor.send({"ready": True})
        reporting = asyncio.create_task(self._report())
        await self._asked.wait()
        limits = self._options.limits
        is_written = await wind_down(self._worker, limits.stop_seconds, self._at_once)
        reporting.cancel()
        self._supervisor.send({"metrics": self._worker.metrics.snapshot()})
        self._supervisor.send({"all written": is_written})
        return is_written

    def _take(self, line: Line, connected: socket.socket | None) -> None:
        if "stop" in line:
            self._stop()
        elif connected is not None:
            number = line["visit"]
            self._worker.take(
                connected,
                Visit(
                    number=number,
                    address=line["address"],
                    entered=lambda: self._tell({"entered": number}),
                    ended=lambda: self._tell({"ended": number}),
                ),
            )

    def _tell(self, line: Line) -> None:
        self._supervisor.send(line)

    def _stop(self) -> None:
        if self._asked.is_set():
            self._at_once.set()
        self._asked.set()

    async def _report(self) -> None:
        while True:
            await asyncio.sleep(_REPORT_SECONDS)
            self._tell({"metrics": self._worker.metrics.snapshot()})


async def _main(options: ServeOptions, number: int, end: socket.socket) -> bool:
    return await WorkerProcess(options, number, end).run()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the supervisor
    is_written = asyncio.run(
        _main(
            pickle.loads(sys.stdin.buffer.read()),  # noqa: S301 - from the process that began us
            int(sys.argv[1]),
            socket.socket(fileno=int(sys.argv[2])),
        )
    )
    sys.exit(0 if is_written else 1)
