"""What asyncssh does not tell of a connection: its socket, its variables, its changes of keys.

Keys are changed while a learner works: begun by either side, and never ended by some. Until the new
keys are there, asyncssh keeps all answers in memory, without limit and where no write buffer shows
them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any, Final

import asyncssh
from asyncssh.saslprep import SASLPrepError, saslprep

from tutor.server.private import COUNTS_ANSWERS, FEW_VARIABLES, ODD_NAMES, SLOWS_DOWN, is_on

_MOST_ANSWERS: Final = 10_000
"""Packets that may wait for new keys: two thousand frames of small changes."""


def transport_of(connection: asyncssh.SSHServerConnection) -> asyncio.Transport | None:
    """Return what the connection reads from and writes to, if it can be seen."""
    return connection._transport if is_on(SLOWS_DOWN) else None


def take_odd_names() -> None:
    """Let a name through that SSH's rules cannot prepare: it is refused later, with a sentence."""
    if is_on(ODD_NAMES):
        vars(asyncssh.connection)["saslprep"] = _prepared


def _prepared(name: str) -> str:
    try:
        return saslprep(name)
    except SASLPrepError:
        return name


def unsent_bytes(connection: asyncssh.SSHServerConnection) -> int:
    """Return what the connection could not send yet, as far as can be seen."""
    transport = transport_of(connection)
    return 0 if transport is None else transport.get_write_buffer_size()


def keep_variables(channel: asyncssh.SSHServerChannel[Any], variables: dict[bytes, bytes]) -> None:
    """Keep the environment that the client sends in this dictionary, where that can be done."""
    if is_on(FEW_VARIABLES):
        channel._env = variables


def waiting_answers(connection: asyncssh.SSHServerConnection) -> int:
    """Return how many packets wait for the end of an exchange of keys."""
    return len(connection._deferred_packets)


class WaitingBytes:
    """The bytes that wait on one connection for the end of an exchange of keys."""

    def __init__(self, connection: asyncssh.SSHServerConnection) -> None:
        self._connection = connection
        self._counted = self._bytes = 0

    def __call__(self) -> int:
        """Count what is new; asked at every write, so nothing is counted twice."""
        if not is_on(COUNTS_ANSWERS):
            return 0
        packets = self._connection._deferred_packets
        if len(packets) < self._counted or self._connection._kex_complete:
            self._counted = self._bytes = 0
        self._bytes += sum(len(part) for _, parts in packets[self._counted :] for part in parts)
        self._counted = len(packets)
        return self._bytes


class KeyExchanges:
    """Which connections change their keys, and since when."""

    def __init__(self, seconds: float) -> None:
        """`seconds` is how long an exchange may take."""
        self._seconds = seconds
        self._since: dict[asyncssh.SSHServerConnection, float] = {}

    def stalled(
        self, connections: Iterable[asyncssh.SSHServerConnection], now: float
    ) -> list[asyncssh.SSHServerConnection]:
        """Return those that take too long, or let too many answers wait."""
        if not is_on(COUNTS_ANSWERS):
            return []
        under_way = [each for each in connections if not each._kex_complete]
        self._since = {each: self._since.get(each, now) for each in under_way}
        return [
            each
            for each, since in self._since.items()
            if now - since > self._seconds or waiting_answers(each) > _MOST_ANSWERS
        ]
