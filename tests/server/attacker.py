# ruff: noqa: ARG002 - the signatures are asyncssh's
"""Clients that do what OpenSSH cannot, and learners beside them who only want to learn."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter
from typing import Any, Final, TypeAlias

import asyncssh
from asyncssh.constants import MSG_USERAUTH_REQUEST
from asyncssh.packet import String

from tests.server.workshop import CODE, Workshop
from tests.terminal import TIMEOUT

LOOPBACK: Final = "127.0.0.1"
MEGABYTE: Final = 2**20
_CONTROL: Final = re.compile(rb"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07]*\x07")
_LOOK: Final = 0.005

Connection: TypeAlias = asyncssh.SSHClientConnection
Condition: TypeAlias = Callable[[], object]


async def until(condition: Condition, what: str = "the condition") -> None:
    """Wait until it holds."""
    try:
        async with asyncio.timeout(TIMEOUT):
            while not condition():
                await asyncio.sleep(_LOOK)
    except TimeoutError:
        raise AssertionError(f"{what} did not come to hold") from None


class Codes(asyncssh.SSHClient):
    """Types codes at the prompt, one after another."""

    def __init__(self, codes: list[str]) -> None:
        self.codes = codes
        self.typed = 0
        self.banner = ""
        self.end: Exception | None = None

    def connection_lost(self, exc: Exception | None) -> None:
        """Keep what the server said at the end."""
        self.end = exc

    def auth_banner_received(self, msg: str, lang: str) -> None:
        """Keep what the server says first."""
        self.banner += msg

    def kbdint_auth_requested(self) -> str | None:
        """Go on until there are no codes left."""
        return "" if self.typed < len(self.codes) else None

    def kbdint_challenge_received(
        self, name: str, instructions: str, lang: str, prompts: list[tuple[str, bool]]
    ) -> list[str] | None:
        """Type the next code."""
        if not prompts:
            return []
        self.typed += 1
        return [self.codes[self.typed - 1]]


async def connect(port: int, name: str, client: Codes | None = None, **settings: Any) -> Connection:
    """Connect, and come in with the code."""
    client = client or Codes([CODE])
    where = () if "sock" in settings else (LOOPBACK, port)
    return await asyncssh.connect(
        *where, username=name, known_hosts=None, config=None, client_keys=None,
        agent_path=None, client_factory=lambda: client, **settings,
    )  # fmt: skip


async def connect_deaf(port: int, name: str) -> Connection:
    """Connect with small buffers, so that what is not read is soon the server's to keep."""
    small = socket.socket()
    small.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    small.setblocking(False)
    await asyncio.get_running_loop().sock_connect(small, (LOOPBACK, port))
    return await connect(port, name, sock=small)


def stop_reading(connection: Connection) -> None:
    """Leave everything that comes unread."""
    transport = connection._transport
    assert transport is not None
    transport.pause_reading()


def begin_exchange(connection: Connection) -> None:
    """Begin to change the keys, go on as if they were changed, and read nothing any more."""
    connection._send_kexinit()
    connection._kexinit_sent = True
    connection._kex_complete = True
    stop_reading(connection)


class Terminal(asyncssh.SSHClientSession[bytes]):
    """A terminal that keeps what it is sent."""

    def __init__(self) -> None:
        self.output = bytearray()
        self.is_closed = False
        self.status: int | None = None
        self.channel: asyncssh.SSHClientChannel[bytes]

    def connection_made(self, chan: asyncssh.SSHClientChannel[bytes]) -> None:
        """Keep the channel."""
        self.channel = chan

    def data_received(self, data: bytes, datatype: asyncssh.DataType) -> None:
        """Keep the output."""
        self.output += data

    def exit_status_received(self, status: int) -> None:
        """Keep how it ended."""
        self.status = status

    def connection_lost(self, exc: Exception | None) -> None:
        """Note the end."""
        self.is_closed = True

    def text(self, since: int = 0) -> str:
        """Return the words of the output, without colours."""
        return _CONTROL.sub(b"", bytes(self.output[since:])).decode(errors="replace")

    async def wait_for(self, words: str, since: int = 0) -> None:
        """Wait until the words came."""
        await until(lambda: words in self.text(since), f"{words!r} in {self.text(since)[-2000:]!r}")

    async def answer(self, keys: str) -> float:
        """Type something; return the seconds until something is painted for it."""
        before, began = len(self.output), perf_counter()
        self.channel.write(keys.encode())
        await until(lambda: len(self.output) > before, f"an answer to {keys!r}")
        return perf_counter() - began

    async def is_well(self) -> None:
        """Open the help and close it again: the whole way of a key and its picture."""
        start = len(self.output)
        self.channel.write(b"\x1bOP")
        await self.wait_for("Everywhere", start)
        start = len(self.output)
        self.channel.write(b"\x1b")
        await self.wait_for("not started", start)


async def open_terminal(
    connection: Connection, *, size: tuple[int, int] = (80, 24), wait: bool = True, **settings: Any
) -> Terminal:
    """Open a terminal on a connection, by default until the map is painted."""
    _, terminal = await connection.create_session(
        Terminal, term_type="xterm-256color", term_size=size, encoding=None, **settings
    )
    if wait:
        await terminal.wait_for("not started")
    return terminal


@asynccontextmanager
async def learner(port: int, name: str, **settings: Any) -> AsyncIterator[Terminal]:
    """A learner who came in and sees the map."""
    async with await connect(port, name) as connection:
        yield await open_terminal(connection, **settings)


async def end_of(connection: Connection) -> None:
    """Wait until the server has closed the connection."""
    try:
        async with asyncio.timeout(TIMEOUT):
            await connection.wait_closed()
    except TimeoutError:
        raise AssertionError("the server kept the connection") from None


def userauth_request(
    connection: Connection, name: str | bytes, method: bytes, *rest: bytes
) -> None:
    """Send a request for authentication as it is, without waiting for the last one's answer."""
    connection.send_packet(
        MSG_USERAUTH_REQUEST, String(name), String(b"ssh-connection"), String(method), *rest
    )


async def raw(port: int, data: bytes = b"") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Open a TCP connection and send bytes."""
    reader, writer = await asyncio.open_connection(LOOPBACK, port)
    writer.write(data)
    await writer.drain()
    return reader, writer


async def rest_of(reader: asyncio.StreamReader) -> bytes:
    """Return all that comes until the server closes the connection."""
    data = b""
    async with asyncio.timeout(TIMEOUT):
        try:
            while part := await reader.read(65536):
                data += part
        except ConnectionError:  # it left with some of our bytes unread
            return data
    return data


def memory(workshop: Workshop) -> int:
    """Return the bytes of memory that the server's (only) process has."""
    status = Path(f"/proc/{workshop.process.pid}/status").read_text(encoding="ascii")
    found = re.search(r"VmRSS:\s*(\d+) kB", status)
    assert found is not None
    return int(found[1]) * 1024


def sockets(workshop: Workshop) -> int:
    """Return how many sockets the server's (only) process has open."""
    folder = Path(f"/proc/{workshop.process.pid}/fd")
    return sum(_is_socket(each) for each in folder.iterdir())


def _is_socket(link: Path) -> bool:
    try:
        return str(link.readlink()).startswith("socket:")
    except OSError:
        return False


async def while_learning(terminal: Terminal, attack: Awaitable[object]) -> list[float]:
    """Let a learner press keys for as long as an attack goes on; return how long each took."""
    task = asyncio.ensure_future(attack)
    times = [await terminal.answer("\x1b[B"), await terminal.answer("\x1b[A")]
    while not task.done():
        times += [await terminal.answer("\x1b[B"), await terminal.answer("\x1b[A")]
        await asyncio.sleep(_LOOK)
    await task
    return times
