"""Learners at real SSH clients, many in one process: each with a screen that is kept and read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncssh

from tests.emulator import Emulator
from tests.server.clients import Typist, connected
from tests.server.workshop import CODE, Workshop
from tests.terminal import TIMEOUT, key_bytes

_SENT = {"LANG": "C.UTF-8", "COLORTERM": "truecolor"}


class Seat(asyncssh.SSHClientSession[bytes], Emulator):
    """A learner's terminal."""

    def __init__(self, name: str, columns: int = 80, rows: int = 24) -> None:
        Emulator.__init__(self, columns, rows)
        self.name = name
        self.is_over = asyncio.Event()
        self._news = asyncio.Event()
        self._channel: asyncssh.SSHClientChannel[bytes]

    # --- what asyncssh tells

    def connection_made(self, chan: asyncssh.SSHClientChannel[bytes]) -> None:
        self._channel = chan

    def data_received(self, data: bytes, datatype: asyncssh.DataType) -> None:  # noqa: ARG002
        self.take(data)
        self._news.set()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self.is_over.set()
        self._news.set()

    # --- what the learner does

    def type(self, text: str) -> None:
        self._channel.write(text.encode())

    def press(self, *keys: str) -> None:
        """Press keys, named as Textual names them."""
        self.type("".join(map(key_bytes, keys)))

    async def wait_for(self, condition: str | Callable[[Seat], object]) -> None:
        """Wait until the text is on the screen, or the condition holds."""

        def holds() -> bool:
            if not self.is_whole_frame:
                return False
            return self.shows(condition) if isinstance(condition, str) else bool(condition(self))

        try:
            async with asyncio.timeout(TIMEOUT):
                while not holds():
                    assert not self.is_over.is_set(), "the session is over"
                    self._news.clear()
                    await self._news.wait()
        except (TimeoutError, AssertionError) as error:
            raise AssertionError(
                f"{self.name} never saw {condition}: {error}\n{self.picture()}"
            ) from None

    async def wait_until_gone(self, text: str) -> None:
        """Wait until the text is no longer on the screen."""
        await self.wait_for(lambda seat: not seat.shows(text))


@asynccontextmanager
async def seated(
    workshop: Workshop, name: str, *, size: tuple[int, int] = (80, 24), **options: Any
) -> AsyncIterator[Seat]:
    """Come in by the code, or by a key (`client_keys`), and sit down at a terminal."""
    if "client_keys" in options:
        options["preferred_auth"] = "publickey"
    async with connected(workshop, name, Typist(CODE), **options) as connection:
        _, seat = await connection.create_session(
            lambda: Seat(name, *size), term_type="xterm-256color", term_size=size,
            encoding=None, env=_SENT,
        )  # fmt: skip
        yield seat
