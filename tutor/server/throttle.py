"""Stands between a socket and asyncssh: no client can send more than one learner ever needs.

asyncssh takes whatever comes, as fast as it comes, and queues its answers without limit. A client
that sends nothing but small packets (window changes, variables, requests to open a channel) would
keep the loop busy for everybody; one that does not read the answers would fill the memory. Here its
bytes are handed on a little at a time, at a bounded rate, with everybody else's turns between, and
not at all while it leaves too much unread. What waits then is in the client's own buffers.
"""

from __future__ import annotations

import asyncio
from typing import Final

from tutor.server.bucket import Bucket
from tutor.server.turnstile import Turnstile

SLICE: Final = 2_048
"""Bytes that are taken in one turn of the loop: at most sixty packets."""
MOST_UNREAD: Final = 524_288
"""Bytes that may wait for the client to read them; frames are dropped long before."""
_LOOK_AGAIN: Final = 0.05


class Throttle(asyncio.Protocol):
    """A protocol that hands on to another what comes, as fast as `rate` bytes a second."""

    def __init__(
        self,
        protocol: asyncio.Protocol,
        transport: asyncio.Transport,
        rate: float,
        turnstile: Turnstile,
    ) -> None:
        self._protocol, self._transport = protocol, transport
        self._turnstile: Turnstile | None = turnstile
        self._loop = asyncio.get_running_loop()
        self._bucket = Bucket(rate, self._loop.time())
        self._waiting = bytearray()
        self._next: asyncio.Handle | None = None
        self._is_queueing = False

    def let_in(self) -> None:
        """They have proved who they are: their bytes queue no more with those of strangers."""
        self._turnstile = None

    def data_received(self, data: bytes) -> None:
        """Hand on what may be handed on now, and stop reading while the rest waits."""
        self._waiting += data
        if self._next is None and not self._is_queueing:
            self._queue()

    def _queue(self) -> None:
        """Hand on now, or with strangers when it is their turn."""
        self._next = None
        if self._turnstile is None:
            self._hand_on()
        else:
            self._is_queueing = True
            self._transport.pause_reading()
            self._turnstile.pass_through(self._hand_on)

    def _hand_on(self) -> None:
        self._is_queueing = False
        if self._transport.is_closing():
            return
        self._bucket.refill(self._loop.time())
        must_wait = self._bucket.is_empty or self._transport.get_write_buffer_size() > MOST_UNREAD
        if not must_wait:
            part = bytes(self._waiting[:SLICE])
            del self._waiting[:SLICE]
            self._bucket.take(len(part))
            self._protocol.data_received(part)
        if not self._waiting:
            self._transport.resume_reading()
        else:
            self._transport.pause_reading()
            self._next = self._loop.call_later(_LOOK_AGAIN if must_wait else 0, self._queue)

    def eof_received(self) -> bool | None:
        """Hand on."""
        return self._protocol.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        """Hand on; what still waits has nobody to answer to."""
        self._waiting.clear()
        if self._next is not None:
            self._next.cancel()
        self._protocol.connection_lost(exc)

    def pause_writing(self) -> None:
        """Hand on."""
        self._protocol.pause_writing()

    def resume_writing(self) -> None:
        """Hand on."""
        self._protocol.resume_writing()
