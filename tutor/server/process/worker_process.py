"""A worker as a process of its own, begun by the supervisor with its number and a descriptor.

The settings come on stdin, sockets on the descriptor. Without the supervisor it ends.
"""

from __future__ import annotations

import asyncio
import pickle
import signal
import socket
import sys

from tutor.server.admission.connections import Accepted
from tutor.server.options import ServeOptions
from tutor.server.process.fd_passing import FdPassing, Line
from tutor.server.process.worker import Worker, open_worker
from tutor.server.tasks import StopSignals

_REPORT_SECONDS = 1.0


class WorkerProcess:
    """Answers the supervisor."""

    def __init__(self, options: ServeOptions, number: int, end: socket.socket) -> None:
        self._worker: Worker = open_worker(options, number)
        self._stop = StopSignals(signal.SIGTERM)
        self._supervisor = FdPassing(end, self._take, self._stop.ask)

    async def run(self) -> bool:
        """Serve until the supervisor asks for the end or is gone; return whether all is written."""
        self._supervisor.send({"ready": True})
        reporting = asyncio.create_task(self._report())
        await self._stop.asked.wait()
        is_written = await self._worker.wind_down(self._stop.at_once)
        reporting.cancel()
        self._supervisor.send({"metrics": self._worker.metrics.snapshot()})
        self._supervisor.send({"all written": is_written})
        return is_written

    def _take(self, line: Line, connected: socket.socket | None) -> None:
        if "stop" in line:
            self._stop.ask()
        elif connected is not None:
            number = line["visit"]
            self._worker.take(
                connected,
                Accepted(
                    number=number,
                    address=line["address"],
                    spoken=lambda: self._tell({"spoken": number}),
                    entered=lambda: self._tell({"entered": number}),
                    ended=lambda: self._tell({"ended": number}),
                ),
            )

    def _tell(self, line: Line) -> None:
        self._supervisor.send(line)

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
