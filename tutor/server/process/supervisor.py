"""Several workers: begins them, hands them connections, and begins anew what died."""

from __future__ import annotations

import asyncio
import pickle
import socket
import subprocess
import sys
from contextlib import suppress
from typing import Any, Final

from tutor.server.admission.connections import Accepted
from tutor.server.log import EventLog
from tutor.server.metrics import Metrics, Snapshot, outlived
from tutor.server.options import ServeOptions
from tutor.server.process.fd_passing import FdPassing, Line

_FIRST_DELAY: Final = 0.5
_LONGEST_DELAY: Final = 30.0
_SOUND_SECONDS: Final = 60.0
"""After which a worker that dies is begun anew without much delay."""
_KILL_SECONDS: Final = 10.0


class _Seat:
    """A place for a worker, whoever fills it."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.process: subprocess.Popen[bytes] | None = None
        self.line: FdPassing | None = None
        self.is_ready = False
        self.visits: dict[int, Accepted] = {}
        self.gone = asyncio.Event()
        self.all_written = True
        """Whether the worker left nothing that is not in the database."""
        self.metrics: Snapshot = {}
        self.past: Snapshot = {}
        """What those who filled it before have counted."""


class Supervisor:
    """All workers of one server."""

    def __init__(self, options: ServeOptions, log: EventLog, metrics: Metrics) -> None:
        self._options, self._log, self._metrics = options, log, metrics
        self._settings = pickle.dumps(options)
        self._is_stopping = False
        self._seats = [_Seat(number) for number in range(1, options.workers + 1)]
        self._ready = asyncio.Event()
        self._keepers = [asyncio.create_task(self._keep(seat)) for seat in self._seats]

    async def wait_until_ready(self) -> None:
        """Wait until a worker can take learners."""
        await self._ready.wait()

    def place(self, connected: socket.socket, visit: Accepted) -> None:
        """Hand a connection to the worker with the fewest."""
        free = sorted(
            (seat for seat in self._seats if seat.is_ready), key=lambda seat: len(seat.visits)
        )
        line = {"visit": visit.number, "address": visit.address}
        for seat in free:
            if seat.line is not None and seat.line.send(line, connected):
                seat.visits[visit.number] = visit
                break
        else:
            self._metrics.rejected("no worker")
            self._log.event("rejected", visit=visit.number, why="no worker")
            visit.ended()
        connected.close()

    def snapshots(self) -> list[Snapshot]:
        """Return what each worker counted last, and those that are no more."""
        return [each for seat in self._seats for each in (seat.past, seat.metrics)]

    @property
    def is_well(self) -> bool:
        """Whether every worker is there."""
        return all(seat.is_ready for seat in self._seats)

    async def stop(self, at_once: asyncio.Event) -> bool:
        """Let all workers wind down; a second signal hurries them. Return whether all is written.

        Of a worker that had to be killed nobody knows.
        """
        self._is_stopping = True
        self._tell_all()
        all_gone = asyncio.create_task(self._all_gone())
        hurry = asyncio.create_task(at_once.wait())
        patience = self._options.limits.stop_seconds + _KILL_SECONDS
        await asyncio.wait({all_gone, hurry}, timeout=patience, return_when="FIRST_COMPLETED")
        if not all_gone.done():
            self._tell_all()
            await asyncio.wait({all_gone}, timeout=_KILL_SECONDS)
        hurry.cancel()
        for seat in self._seats:
            if seat.process is not None and seat.process.poll() is None:
                seat.process.kill()
                seat.all_written = False
        return all(seat.all_written for seat in self._seats)

    async def _all_gone(self) -> bool:
        await asyncio.wait(self._keepers)
        return True

    def _tell_all(self) -> None:
        for seat in self._seats:
            if seat.line is not None:
                seat.line.send({"stop": True})

    async def _keep(self, seat: _Seat) -> None:
        """Begin a worker, and again whenever it dies."""
        delay = _FIRST_DELAY
        loop = asyncio.get_running_loop()
        while not self._is_stopping:
            began = loop.time()
            self._begin(seat)
            await seat.gone.wait()
            status = await self._end(seat)
            if self._is_stopping:
                break
            self._log.event("worker died", worker=seat.number, status=status)
            delay = _FIRST_DELAY if loop.time() - began > _SOUND_SECONDS else delay * 2
            await asyncio.sleep(min(delay, _LONGEST_DELAY))

    def _begin(self, seat: _Seat) -> None:
        ours, theirs = socket.socketpair()
        seat.gone.clear()
        seat.process = process = subprocess.Popen(  # noqa: S603 - this program itself
            [sys.executable, "-m", "tutor.server.process.worker_process", str(seat.number),
             str(theirs.fileno())],
            stdin=subprocess.PIPE, pass_fds=(theirs.fileno(),),
        )  # fmt: skip
        theirs.close()
        seat.line = FdPassing(ours, lambda line, _: self._take(seat, line), seat.gone.set)
        if process.stdin is not None:  # it is: a pipe was asked for
            with suppress(BrokenPipeError):
                process.stdin.write(self._settings)
                process.stdin.close()

    def _take(self, seat: _Seat, line: Line) -> None:
        match line:
            case {"ready": True}:
                seat.is_ready = True
                self._ready.set()
                self._log.event("worker ready", worker=seat.number, pid=_pid(seat))
            case {"spoken": number} if number in seat.visits:
                seat.visits[number].spoken()
            case {"entered": number} if number in seat.visits:
                seat.visits[number].entered()
            case {"ended": number} if number in seat.visits:
                seat.visits.pop(number).ended()
            case {"all written": is_written}:
                seat.all_written = is_written
            case {"metrics": snapshot}:
                seat.metrics = snapshot

    async def _end(self, seat: _Seat) -> Any:
        """Take note that a worker is gone, with all its connections."""
        seat.is_ready = False
        seat.past, seat.metrics = outlived(seat.past, seat.metrics), {}
        for visit in seat.visits.values():
            visit.ended()
        seat.visits.clear()
        if seat.process is None:
            return None
        return await asyncio.get_running_loop().run_in_executor(None, seat.process.wait)


def _pid(seat: _Seat) -> int | None:
    return None if seat.process is None else seat.process.pid
