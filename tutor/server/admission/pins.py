"""A name is somebody: the first who comes in with a name is shown a PIN, and is asked for it later.

Four digits, which nobody has to keep secret from a class for long: who guesses waits, and those who
teach are told. They are kept hashed by scrypt, under a salt of their own.
"""

from __future__ import annotations

import asyncio
import hmac
import secrets
from base64 import b64decode, b64encode
from collections.abc import Awaitable, Callable
from hashlib import scrypt
from typing import Any, Final
from weakref import WeakValueDictionary

from tutor.server.admission.fair_queue import WrongCodes
from tutor.store.shared_store import SharedStore
from tutor.store.trouble import StorageError

DIGITS: Final = 4
_COST: Final = 2**13
"""Of scrypt: some 25 ms and 8 MB for each PIN that is tried."""
_WRONG: Final = 5
"""Wrong PINs of a name, after which more wait and those who teach are told."""
_RATE: Final = 0.1
"""PINs of a name that are looked at in a second from there on."""
_MOST_WAITING: Final = 2
"""PINs of a name that wait, from as many addresses: the last is looked at within the login's time.
"""


def new_pin() -> str:
    """Return a PIN that nobody knows yet."""
    return "".join(str(secrets.randbelow(10)) for _ in range(DIGITS))


def split_pin(password: str) -> tuple[str, str]:
    """Return the code and the PIN of a password that holds both.

    >>> split_pin("2q7k-mfe4 0417")
    ('2q7k-mfe4', '0417')
    """
    said = "".join(password.split())
    return said[:-DIGITS], said[-DIGITS:]


def hashed(pin: str) -> str:
    """Return what is kept of a PIN."""
    salt = secrets.token_bytes(16)
    parts = (b64encode(each).decode() for each in (salt, _hash(pin, salt, _COST)))
    return ":".join(["scrypt", str(_COST), *parts])


def is_pin(typed: str, kept: str) -> bool:
    """Whether a PIN is the one of which this was kept; what cannot be read is nobody's."""
    try:
        _, cost, salt, found = kept.split(":")
        expected = _hash("".join(typed.split()), b64decode(salt), int(cost))
        return hmac.compare_digest(expected, b64decode(found))
    except ValueError:
        return False


def _hash(pin: str, salt: bytes, cost: int) -> bytes:
    return scrypt(pin.encode("utf-8", "replace"), salt=salt, n=cost, r=8, p=1, dklen=32)


class _Line:
    """The PINs that are said of one name: one is looked at, a few wait, the oldest give way.

    Who says its own PIN after a stranger's many waits for few of them, and is not refused.
    """

    def __init__(self) -> None:
        self.turn = asyncio.Lock()
        self._waiting: dict[str, asyncio.Task[bool | None]] = {}

    def join(self, address: str, looking: asyncio.Task[bool | None]) -> None:
        """Let a PIN wait as the last; of an address no other does."""
        older = self._waiting.pop(address, None)
        if older is None and len(self._waiting) >= _MOST_WAITING:
            older = self._waiting.pop(next(iter(self._waiting)))
        if older is not None:
            older.cancel()
        self._waiting[address] = looking

    def leave(self, looking: asyncio.Task[bool | None] | None) -> None:
        """It waits no more: its turn has come, or it is over."""
        self._waiting = {who: each for who, each in self._waiting.items() if each is not looking}


class Pins:
    """The PINs of a workshop, as the connections of one process ask for them."""

    def __init__(
        self,
        store: SharedStore,
        in_database: Callable[..., Awaitable[Any]],
        report: Callable[[str, int], None],
    ) -> None:
        """`report` is told of a name of which wrong PINs come in numbers, and how many came."""
        self._store, self._in_database = store, in_database
        self._wrong = WrongCodes(_WRONG, report, rate=_RATE)
        self._lines: WeakValueDictionary[str, _Line] = WeakValueDictionary()

    async def is_asked(self, name: str) -> bool:
        """Whether the name is somebody's; while the database is away, nobody's is known."""
        return await self._kept(name) is not None

    async def is_right(self, name: str, typed: str, address: str) -> bool | None:
        """Whether this is the PIN of the name, looked at when its turn has come.

        A wrong one counts. One for which others of its name came is refused unseen. None: nothing
        is known any more with which it could be compared.
        """
        line = self._lines.setdefault(name, _Line())
        looking = asyncio.create_task(self._look(line, name, typed))
        line.join(address, looking)
        try:
            await asyncio.wait([looking])
        finally:
            looking.cancel()
            line.leave(looking)
        return not looking.cancelled() and looking.result()

    async def _look(self, line: _Line, name: str, typed: str) -> bool | None:
        """Wait, compare and count: one PIN of a name at a time."""
        async with line.turn:
            while (wait := self._wrong.wait_of(name)) > 0:
                await asyncio.sleep(wait)
            line.leave(asyncio.current_task())
            kept = await self._kept(name)
            if kept is None:
                return None
            is_right: bool = await self._in_database(is_pin, typed, kept)
            if not is_right:
                self._wrong.add(name)
            return is_right

    async def claim(self, name: str) -> str | None:
        """Return the new PIN of a name that had none; None: it is somebody's by now.

        Raises:
            StorageError: The database is away: the name stays nobody's.
        """
        pin = new_pin()
        is_new = await self._in_database(lambda: self._store.set_pin(name, hashed(pin)))
        return pin if is_new else None

    async def _kept(self, name: str) -> str | None:
        try:
            kept: str | None = await self._in_database(self._store.pin_of, name)
        except StorageError:
            return None
        return kept
