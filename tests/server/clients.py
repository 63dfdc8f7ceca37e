"""Clients that no person uses: made with asyncssh where OpenSSH cannot be made to do it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import asyncssh

from tests.server.workshop import CODE, Workshop
from tests.terminal import TIMEOUT


class Typist(asyncssh.SSHClient):
    """Answers the prompt for the code, as often as it is asked."""

    def __init__(self, code: str = CODE, most: int = 1) -> None:
        self._code, self._most = code, most
        self.asked = 0

    def kbdint_auth_requested(self) -> str | None:
        return "" if self.asked < self._most else None

    def kbdint_challenge_received(self, *_: object) -> list[str]:
        self.asked += 1
        return [self._code]


@asynccontextmanager
async def connected(
    workshop: Workshop, name: str = "ana", typist: Typist | None = None, **options: Any
) -> AsyncIterator[asyncssh.SSHClientConnection]:
    """Connect, and come in by the code."""
    client = typist or Typist()
    where = {} if "sock" in options else {"host": "127.0.0.1", "port": workshop.port}
    settings = {"client_keys": None, "preferred_auth": "keyboard-interactive"} | options
    connection, _ = await asyncssh.create_connection(
        lambda: client, username=name, known_hosts=None, config=None, agent_path=None,
        **where, **settings,
    )  # fmt: skip
    try:
        yield connection
    finally:
        connection.abort()
        with suppress(Exception):
            await connection.wait_closed()


async def connect_by_key(
    workshop: Workshop, name: str, keys: Sequence[asyncssh.SSHKey | asyncssh.SSHKeyPair]
) -> asyncssh.SSHClientConnection:
    """Connect, and come in by one of the keys, which are offered in turn."""
    return await asyncssh.connect(
        "127.0.0.1", workshop.port, username=name, known_hosts=None, config=None, agent_path=None,
        client_keys=keys, preferred_auth="publickey",
    )  # fmt: skip


class Screen(asyncssh.SSHClientSession[bytes]):
    """What came to a terminal, as bytes."""

    def __init__(self) -> None:
        self.seen = b""
        self.is_over = asyncio.Event()
        self._news = asyncio.Event()
        self.channel: asyncssh.SSHClientChannel[bytes]

    def connection_made(self, chan: asyncssh.SSHClientChannel[bytes]) -> None:
        self.channel = chan

    def data_received(self, data: bytes, datatype: asyncssh.DataType) -> None:  # noqa: ARG002
        self.seen += data
        self._news.set()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self.is_over.set()
        self._news.set()

    async def wait_for(self, text: bytes | Callable[[bytes], bool], since: int = 0) -> None:
        """Wait until the text has come."""
        holds = text if callable(text) else lambda seen: text in seen
        async with asyncio.timeout(TIMEOUT):
            while not holds(self.seen[since:]):
                assert not self.is_over.is_set(), self.seen[-2000:]
                self._news.clear()
                await self._news.wait()

    def press(self, keys: bytes) -> int:
        """Send keys; return how much had come before."""
        self.channel.write(keys)
        return len(self.seen)


async def terminal(
    connection: asyncssh.SSHClientConnection,
    size: tuple[int, int] = (100, 30),
    **options: Any,
) -> Screen:
    """Open a terminal."""
    _, screen = await connection.create_session(
        Screen, term_type="xterm-256color", term_size=size, encoding=None, **options
    )
    return screen


HELP = b"\x1bOP"
IN_HELP = b"Everywhere"
ON_MAP = b" Progress"
"""In the footer, which is painted when the app is up."""


async def is_well(screen: Screen) -> bool:
    """Whether a learner can work: the help opens and closes."""
    await screen.wait_for(IN_HELP, screen.press(HELP))
    await screen.wait_for(b"min", screen.press(b"\x1b"))
    return True


def memory_of(workshop: Workshop) -> int:
    """Return the bytes of the server in memory."""
    pages = int(Path(f"/proc/{workshop.process.pid}/statm").read_text().split()[1])
    return pages * 4096


def raw(workshop: Workshop, **buffers: int) -> socket.socket:
    """Connect, and say nothing."""
    connection = socket.socket()
    connection.settimeout(TIMEOUT)
    for name, size in buffers.items():
        connection.setsockopt(socket.SOL_SOCKET, getattr(socket, name), size)
    connection.connect(("127.0.0.1", workshop.port))
    return connection


def rest_of(connection: socket.socket) -> bytes:
    """Return what still comes until the server closes the connection."""
    received = b""
    with suppress(ConnectionError):
        while part := connection.recv(65536):
            received += part
    return received
