"""The connections of one process: taken, counted, and closed at the end."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Final

import asyncssh

from tutor.server.admission.fair_queue import FairQueue
from tutor.server.log import EventLog
from tutor.server.metrics import Metrics
from tutor.server.options import Limits
from tutor.server.private.connection import KeyExchanges
from tutor.server.tasks import Background, wait_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A connection as whoever accepted it knows it."""

    number: int
    address: str
    """Where it comes from, behind any proxy."""
    spoken: Callable[[], None] = lambda: None
    """To be called once the client has sent a whole handshake."""
    entered: Callable[[], None] = lambda: None
    """To be called once the client has proved who it is."""
    ended: Callable[[], None] = lambda: None
    """To be called once the connection is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Learner:
    """Who came in."""

    name: str
    address: str
    is_instructor: bool
    is_bound_to: str | None = None
    """The fingerprint of the key that proved the name; None where a code or nothing did."""
    is_proved: bool = False
    """Whether a PIN proved the name."""


_CLOSE_SECONDS: Final = 2.0
"""That clients have to close their connections themselves at the end."""
_LATE: Final = "Login timeout expired"
"""What asyncssh says of clients that took too long to prove who they are."""
_IN_KERNEL: Final = 16_384
"""Bytes that the kernel takes ahead of what it can send."""

MakeServer = Callable[[Accepted], asyncssh.SSHServer]


def hold_little_back(connected: socket.socket) -> None:
    """Let what a client does not read wait with us, where we see it, and not in the kernel."""
    option = getattr(socket, "TCP_NOTSENT_LOWAT", None)
    if option is not None and connected.family != socket.AF_UNIX:
        with suppress(OSError):  # the client is gone already
            connected.setsockopt(socket.IPPROTO_TCP, option, _IN_KERNEL)


class Connections:
    """All connections of a worker, from the socket to its end."""

    def __init__(
        self,
        limits: Limits,
        ssh: asyncssh.SSHServerConnectionOptions,
        *,
        background: Background,
        log: EventLog,
        metrics: Metrics,
    ) -> None:
        self._limits, self._ssh = limits, ssh
        self._background, self._log, self._metrics = background, log, metrics
        self._entered: Counter[tuple[str, str]] = Counter()
        self._connections: set[asyncssh.SSHServerConnection] = set()
        self.queue = FairQueue()
        self._exchanges = KeyExchanges(limits.login_seconds)

    def take(self, connected: socket.socket, visit: Accepted, make: MakeServer) -> None:
        """Serve an accepted connection; `make` returns who answers for it."""
        self._log.event("connected", visit=visit.number, address=visit.address)
        hold_little_back(connected)
        self.queue.pass_through(lambda: self._background.spawn(self._serve(connected, visit, make)))

    async def _serve(self, connected: socket.socket, visit: Accepted, make: MakeServer) -> None:
        try:
            connection = await asyncssh.run_server(
                connected, config=None, options=self._ssh, server_factory=partial(make, visit)
            )
        except Exception as error:  # whatever a client can provoke: not all are asyncssh's own
            if _LATE in str(error):
                self._metrics.rejected("login time")
            self._log.event("not entered", visit=visit.number, reason=type(error).__name__)
            connected.close()
            visit.ended()
            return
        self._connections.add(connection)
        try:
            await connection.wait_closed()
        finally:
            self._connections.discard(connection)
            visit.ended()

    def reject(self, visit: Accepted, why: str) -> None:
        """Count and log a refusal."""
        self._metrics.rejected(why)
        self._log.event("rejected", visit=visit.number, address=visit.address, why=why)

    def count(self, learner: Learner) -> None:
        """Count a connection that has entered, by address and name: a class shares addresses."""
        self._entered[learner.address, learner.name] += 1

    def forget(self, learner: Learner) -> None:
        """A connection that had entered is gone."""
        self._entered[learner.address, learner.name] -= 1
        self._entered += Counter()  # forgets those at nought

    def may_connect(self, learner: Learner) -> bool:
        """Whether a learner has not more connections than allowed, this one counted."""
        return self._entered[learner.address, learner.name] <= self._limits.per_learner

    def end_stalled_exchanges(self, now: float) -> None:
        """Let clients go that began to change the keys and do not end it."""
        for connection in self._exchanges.stalled(self._connections, now):
            self._metrics.rejected("key exchange")
            self._log.event("rejected", why="key exchange")
            connection.abort()

    async def close(self) -> None:
        """Wait until the clients have closed their connections, and close what is left."""
        # A client that is hung up on right after its exit status reports a failure instead of it.
        await wait_for(lambda: not self._connections, _CLOSE_SECONDS)
        for connection in list(self._connections):
            connection.close()
        await wait_for(lambda: not self._connections, 1.0)
        for connection in list(self._connections):
            connection.abort()
