"""The PROXY header, version 2: from whom a load balancer says that a connection comes.

Source: W. Tarreau, "The PROXY protocol, versions 1 & 2", section 2.2.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from ipaddress import IPv4Address, IPv6Address
from typing import Final

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
