"""Accepts connections, also through a proxy; what may begin is handed on.

Source of the PROXY header, version 2: W. Tarreau, "The PROXY protocol, versions 1 & 2",
section 2.2.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from ipaddress import IPv4Address, IPv6Address, ip_address
from itertools import count
from typing import Final

from tutor.errors import TutorError
from tutor.i18n import message
from tutor.server.admission.connections import Accepted
from tutor.server.admission.max_startups import MaxStartups
from tutor.server.log import EventLog
from tutor.server.metrics import Metrics
from tutor.server.options import ServeOptions

SIGNATURE: Final = b"\r\n\r\n\x00\r\nQUIT\n"
_HEAD: Final = struct.Struct("!12sBBH")
_LONGEST: Final = 536
"""What a header may take with its addresses and extras."""
_LOCAL, _PROXY = 0x20, 0x21
_TCP4, _TCP6 = 0x11, 0x21


class NoProxyHeaderError(Exception):
    """The connection does not begin with a header that we understand."""


async def read_source(connected: socket.socket) -> str | None:
    """Take the header off a non-blocking socket and return the client's address.

    Returns:
        None where the proxy speaks for itself (its health check).

    Raises:
        NoProxyHeaderError: There is none, or a broken one.
    """
    signature, command, family, length = _HEAD.unpack(await _read(connected, _HEAD.size))
    if signature != SIGNATURE or command not in (_LOCAL, _PROXY) or length > _LONGEST:
        raise NoProxyHeaderError
    addresses = await _read(connected, length)
    if command == _LOCAL:
        return None
    if family == _TCP4 and length >= 12:
        return str(IPv4Address(addresses[:4]))
    if family == _TCP6 and length >= 36:
        return str(IPv6Address(addresses[:16]))
    raise NoProxyHeaderError


async def _read(connected: socket.socket, length: int) -> bytes:
    loop = asyncio.get_running_loop()
    data = b""
    while len(data) < length:
        part = await loop.sock_recv(connected, length - len(data))
        if not part:
            raise NoProxyHeaderError
        data += part
    return data


_BACKLOG: Final = 512
_SEND_BUFFER: Final = 131_072
"""Bytes that the system keeps for a client that reads slowly, beside what we keep."""
_HEADER_SECONDS: Final = 5.0
_NO_SOCKETS_PAUSE: Final = 0.1
_REFUSAL: Final = b"Nabla: too many are at the door just now, try again in a moment.\r\n"


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket.

    Raises:
        TutorError: The address or the port cannot be had.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
    except (OSError, UnicodeError) as error:  # a name of which no domain can be
        raise _cannot_listen(host, port, error) from error
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6 and host == "::":
            listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        listening.bind(address)
        listening.listen(_BACKLOG)
    except OSError as error:
        listening.close()
        raise _cannot_listen(host, port, error) from error
    listening.setblocking(False)
    return listening


def _cannot_listen(host: str, port: int, error: OSError | UnicodeError) -> TutorError:
    return TutorError(
        message(
            "cannot listen on {host} port {port} ({why}): choose another --port (0 takes a free "
            "one), or another --host",
            host=host, port=port, why=error.strerror if isinstance(error, OSError) else error,
        )
    )  # fmt: skip


def _hang_up(connected: socket.socket) -> None:
    with suppress(OSError):  # they are gone already
        connected.shutdown(socket.SHUT_RDWR)
    connected.close()


class Listener:
    """The door of a workshop."""

    def __init__(
        self,
        listening: socket.socket,
        options: ServeOptions,
        place: Callable[[socket.socket, Accepted], None],
        log: EventLog,
        metrics: Metrics,
    ) -> None:
        self._listening, self._options, self._place = listening, options, place
        self._log, self._metrics = log, metrics
        self._startups = MaxStartups(options.limits)
        self._numbers = count(1)
        self._tasks: set[asyncio.Task[None]] = set()
        self._accepting = asyncio.create_task(self._accept())

    @property
    def port(self) -> int:
        """The port, also where 0 was asked for."""
        port: int = self._listening.getsockname()[1]
        return port

    def close(self) -> None:
        """Accept nothing more."""
        self._accepting.cancel()
        for task in self._tasks:
            task.cancel()
        self._listening.close()

    async def _accept(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                connected, address = await loop.sock_accept(self._listening)
            except OSError as error:  # no descriptors left, or the client is gone already
                self._log.event("not accepted", why=error.strerror)
                await asyncio.sleep(_NO_SOCKETS_PAUSE)
                continue
            await asyncio.sleep(0)  # a crowd is there: not all of it in one turn of the loop
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connected.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
            if self._is_proxy(address[0]):
                task = asyncio.create_task(self._take_from_proxy(connected))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
            else:
                self._take(connected, str(address[0]))

    def _is_proxy(self, address: str) -> bool:
        proxies = self._options.proxies
        return bool(proxies) and any(ip_address(address) in each for each in proxies)

    async def _take_from_proxy(self, connected: socket.socket) -> None:
        try:
            async with asyncio.timeout(_HEADER_SECONDS):
                source = await read_source(connected)
        except (NoProxyHeaderError, OSError, TimeoutError):
            self._reject(connected, "proxy", "no proxy header")
            return
        if source is None:
            connected.close()  # a health check: that it was accepted is the answer
        else:
            self._take(connected, source)

    def _take(self, connected: socket.socket, address: str) -> None:
        oldest = self._startups.silent_for_longest(address)
        if oldest is not None:
            oldest.drop()
            self._metrics.rejected("silent too long")
            self._log.event("rejected", address=address, why="silent too long")
        why_not = self._startups.why_not(address)
        if why_not is not None:
            self._reject(connected, address, why_not)
            return
        # Whoever serves it has a descriptor of their own: by this one it can be hung up on.
        own = connected.dup()
        startup = self._startups.begin(address, partial(_hang_up, own))

        def has_spoken() -> None:
            startup.has_spoken()
            own.close()

        def end() -> None:
            startup.end()
            own.close()

        visit = Accepted(
            number=next(self._numbers), address=address,
            spoken=has_spoken, entered=end, ended=end,
        )  # fmt: skip
        self._place(connected, visit)

    def _reject(self, connected: socket.socket, address: str, why: str) -> None:
        self._metrics.rejected(why)
        self._log.event("rejected", address=address, why=why)
        with suppress(OSError):
            connected.send(_REFUSAL)
        connected.close()
