"""One SSH connection: who it is, and one terminal for them; everything else is refused."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

import asyncssh
from asyncssh.auth import KbdIntChallenge, KbdIntResponse

from tutor.i18n import message, render
from tutor.room.learner import clean_name
from tutor.room.room import INSTRUCTOR
from tutor.server.admission.access import Access
from tutor.server.admission.connections import Accepted, Connections, Learner
from tutor.server.admission.fair_queue import Throttle, WrongCodes
from tutor.server.admission.pins import Pins, split_pin
from tutor.server.admission.ssh_options import allow_sound_signatures
from tutor.server.log import EventLog
from tutor.server.metrics import Metrics
from tutor.server.options import Limits
from tutor.server.private.connection import keep_variables, transport_of

ONLY_THE_TUTOR: Final = (
    "this server only runs the tutor: leave the command out, or say plain for lessons as lines"
)
ONE_SESSION: Final = "one session a connection: connect again with -o ControlPath=none"
_MOST_TOLD: Final = 4
"""Second sessions of one connection that are told why; others are refused at once."""
_PROMPT: Final = "Workshop code: "
_PIN_PROMPT: Final = "PIN of this name: "
PIN_NEEDED: Final = message(
    "This name has a PIN, which was shown when it first came in: type the code, a blank and the "
    "PIN as the password. Not your name? Take another. PIN forgotten? The instructor can free it."
)
_WINDOW: Final = 65_536
"""Bytes that a client may send before we have taken them."""
_MOST_REFUSED: Final = 1_000
"""Variables beyond the limit, after which the connection is ended."""
_MOST_VALUE: Final = 256
"""Bytes of an environment variable."""

_AT_ONCE: Final = 4096
"""Bytes that are read in one turn of the loop: some fifty requests, each of which is work."""


class FewVariables(dict[bytes, bytes]):
    """An environment that stays small, whatever the client sends."""

    def __init__(self, most: int, flooded: Callable[[], None]) -> None:
        """`flooded` is called when the client sends on and on."""
        super().__init__()
        self._most, self._flooded = most, flooded
        self.refused = 0

    def __setitem__(self, name: bytes, value: bytes) -> None:
        if max(len(name), len(value)) > _MOST_VALUE or len(self) >= self._most:
            self.refused += 1
            if self.refused == _MOST_REFUSED:
                self._flooded()
        else:
            super().__setitem__(name, value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """What all connections of a process share, and what they lead to."""

    access: Access
    limits: Limits
    connections: Connections
    wrong_codes: WrongCodes
    pins: Pins | None
    """None: names are nobody's."""
    spelling_of: Callable[[str], str]
    """Returns how a name is spelt that was here before: Ana and ana are one learner."""
    log: EventLog
    metrics: Metrics
    new_session: Callable[[asyncssh.SSHServerConnection, Learner], asyncssh.SSHServerSession[bytes]]
    """Returns what a learner who has been let in sees."""


class RefusedSession(asyncssh.SSHServerSession[bytes]):
    """A second session of a connection: it says that there is but one."""

    def connection_made(self, chan: asyncssh.SSHServerChannel[bytes]) -> None:
        """Keep the channel."""
        self._channel = chan

    def pty_requested(self, *_terminal: object) -> bool:
        """Take a terminal, to say so there."""
        return True

    def shell_requested(self) -> bool:
        """Take a shell, to say so there."""
        return True

    def exec_requested(self, _command: str) -> bool:
        """Take a command, to say so there."""
        return True

    def session_started(self) -> None:
        """Say it, and end."""
        self._channel.write_stderr(f"{ONE_SESSION}\r\n".encode())
        self._channel.exit(1)


class TutorServer(asyncssh.SSHServer):
    """What asyncssh asks about one connection."""

    def __init__(self, admission: Admission, visit: Accepted) -> None:
        self._admission, self._visit = admission, visit
        self._access, self._limits = admission.access, admission.limits
        self._connections = admission.connections
        self._connection: asyncssh.SSHServerConnection
        self._name = ""
        self._tries = -1  # the first name is none
        self._offers = 0
        self._key: str | None = None
        self._learner: Learner | None = None
        self._asked: str | None = None
        """The name of which the PIN is asked for, as it is spelt here."""
        self._proved: str | None = None
        """The name that a PIN has proved."""
        self._method: str | None = None
        """How the code was said, once it was."""
        self._refused_sessions = 0
        self._has_session = False
        self._throttle: Throttle | None = None

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        """Keep the connection, and slow it down to what a learner needs."""
        self._connection = conn
        transport = transport_of(conn)
        if transport is not None:
            transport.max_size = _AT_ONCE  # type: ignore[attr-defined]  # asyncio's, not promised
            rate = 2 * self._limits.input_rate
            self._throttle = Throttle(conn, transport, rate, self._connections.queue)
            transport.set_protocol(self._throttle)

    def connection_lost(self, exc: Exception | None) -> None:
        """Say that it is over."""
        reason = None if exc is None else type(exc).__name__
        self._admission.log.event("disconnected", visit=self._visit.number, reason=reason)
        if self._learner is not None:
            self._connections.forget(self._learner)
        elif self._offers:
            self._admission.metrics.authenticated("key", ok=False)

    # --- who it is

    def begin_auth(self, username: str) -> bool:
        """Return whether a proof is needed; refuse names that nobody can have."""
        self._visit.spoken()
        self._count_try()
        self._name, self._asked = clean_name(username), None
        refusal = self._access.why_not(self._name, username)
        if refusal is not None:
            self._connection.send_auth_banner(render(refusal) + "\r\n")
            self._reject("name")
        return not self._access.is_open(self._name)

    def kbdint_auth_supported(self) -> bool:
        """Whether the code is asked for."""
        return self._takes_code("keyboard-interactive")

    def password_auth_supported(self) -> bool:
        """Whether the code is taken as a password: some clients know nothing else."""
        return self._takes_code("password")

    def _takes_code(self, method: str) -> bool:
        """A wrong code leads to no second kind of prompt: the first way is the only one."""
        return self._access.asks_code(self._name) and self._method in (None, method)

    def get_kbdint_challenge(
        self,
        _username: str,
        _lang: str,
        _submethods: str,
    ) -> KbdIntChallenge:
        """Ask for the code, unseen."""
        if not self.kbdint_auth_supported():
            return False
        self._method, self._asked = "keyboard-interactive", None
        return "", "", "", [(_PROMPT, False)]

    async def validate_kbdint_response(
        self,
        username: str,
        responses: KbdIntResponse,
    ) -> KbdIntChallenge:
        """Compare the code that was asked for; then ask for the PIN of a name that has one."""
        if self._asked is not None:
            return await self._is_pin(self._asked, *responses)
        if not await self._is_code(username, *responses):
            return False
        self._asked = await self._name_with_pin()
        if self._asked is not None:
            return "", "", "", [(_PIN_PROMPT, False)]
        return True

    async def validate_password(self, username: str, password: str) -> bool:
        """Compare a code that was said as a password, with the PIN after it."""
        self._method = self._method or "password"
        if self._method != "password":
            return False
        code, pin = split_pin(password)
        is_code = partial(self._access.is_code, name=self._name)
        is_both = not is_code(password) and is_code(code)
        if not await self._is_code(username, code if is_both else password):
            return False
        name = await self._name_with_pin()
        if name is None:
            return True
        if is_both:
            return await self._is_pin(name, pin)
        self._count_try()
        self._connection.send_auth_banner(render(PIN_NEEDED) + "\r\n")
        return False

    async def _name_with_pin(self) -> str | None:
        """Return the name as it is spelt here, where its PIN is to be asked for."""
        pins = self._admission.pins
        if pins is None or self._access.has_own_code(self._name):
            return None
        name = self._admission.spelling_of(self._name)
        return name if await pins.is_asked(name) else None

    async def _is_pin(self, name: str, *said: str) -> bool:
        """Compare the PIN of the name; a wrong one waits, what was not compared proves nothing."""
        pins = self._admission.pins
        if pins is None or len(said) != 1:
            return await self._wrong("pin")
        is_right = await pins.is_right(name, said[0], self._visit.address)
        if is_right is False:
            return await self._wrong("pin")
        self._proved = name if is_right else None
        return True

    def change_password(self, _username: str, _old_password: str, _new_password: str) -> bool:
        """Refuse: the code is the workshop's."""
        return False

    async def _is_code(self, username: str, *said: str) -> bool:
        """Compare the code; a wrong one waits, and so does who guesses in numbers.

        The name may have changed since the code was asked for: the code opens that name alone.
        """
        wrong, address = self._admission.wrong_codes, self._visit.address
        while (wait := wrong.wait_of(address)) > 0:
            await asyncio.sleep(wait)
        is_asked = clean_name(username) == self._name and self._access.asks_code(self._name)
        if is_asked and len(said) == 1 and self._access.is_code(said[0], self._name):
            return True
        wrong.add(address)
        return await self._wrong("code")

    async def _wrong(self, what: str) -> bool:
        self._admission.metrics.authenticated(what, ok=False)
        self._count_try()
        await asyncio.sleep(self._limits.penalty)
        return False

    def public_key_auth_supported(self) -> bool:
        """Whether a key may open this name."""
        return self._access.asks_key(self._name)

    def validate_public_key(self, _username: str, key: asyncssh.SSHKey) -> bool:
        """Return whether the key may open the name; it is asked for offers and signatures alike."""
        self._offers += 1
        if self._offers > self._limits.key_offers:
            self._reject("key offers")
        self._key = None
        allow_sound_signatures(key)
        fingerprint = key.get_fingerprint()
        if not self._access.is_key(self._name, fingerprint):
            return False
        self._key = fingerprint
        return True

    def auth_completed(self) -> None:
        """Take note of who came in: of keys, the last one asked about was the one that signed."""
        by_key = self._access.asks_key(self._name)
        self._learner = Learner(
            name=self._proved or self._admission.spelling_of(self._name),
            address=self._visit.address,
            is_instructor=self._name == INSTRUCTOR,
            is_bound_to=self._key if by_key and self._access.binds(self._name) else None,
            is_proved=self._proved is not None or self._access.has_own_code(self._name),
        )
        how = "key" if by_key else "code" if self._access.asks_code(self._name) else "open"
        self._admission.metrics.authenticated(how, ok=True)
        self._admission.log.event(
            "entered", visit=self._visit.number, name=self._learner.name, by=how, key=self._key
        )
        self._connections.count(self._learner)
        self._visit.entered()
        if self._throttle is not None:
            self._throttle.let_in()
        asyncio.get_running_loop().call_later(self._limits.login_seconds, self._end_without_session)

    def _end_without_session(self) -> None:
        """Let a client go that came in and asked for nothing (`ssh -N`)."""
        if not self._has_session:
            self._connections.reject(self._visit, "no session")
            self._connection.disconnect(asyncssh.DISC_SERVICE_NOT_AVAILABLE, ONLY_THE_TUTOR)

    def _count_try(self) -> None:
        self._tries += 1
        if self._tries >= self._limits.tries:
            self._reject("tries")

    def _reject(self, why: str) -> None:
        self._connections.reject(self._visit, why)
        raise asyncssh.PermissionDenied("not let in: " + why)

    # --- what it wants

    def session_requested(
        self,
    ) -> tuple[asyncssh.SSHServerChannel[bytes], asyncssh.SSHServerSession[bytes]]:
        """Return one terminal session; refuse a second."""
        if self._has_session or self._learner is None:
            return self._refuse_session()
        if not self._connections.may_connect(self._learner):
            self._connections.reject(self._visit, "too many of one name")
            raise _prohibited("too many connections of one name: close the others")
        self._has_session = True
        channel = self._connection.create_server_channel(
            encoding=None, errors="strict", window=_WINDOW
        )
        # asyncssh has no limit of its own
        keep_variables(channel, FewVariables(self._limits.variables, self._end_flood))
        session = self._admission.new_session(self._connection, self._learner)
        return channel, session

    def _refuse_session(
        self,
    ) -> tuple[asyncssh.SSHServerChannel[bytes], asyncssh.SSHServerSession[bytes]]:
        """Tell a client that shares its connection (ControlMaster) where its learner sees it.

        What a refused channel is told stays in most clients' logs; after a few that is enough.
        """
        self._connections.reject(self._visit, "second session")
        self._refused_sessions += 1
        if self._learner is None or self._refused_sessions > _MOST_TOLD:
            raise _prohibited(ONE_SESSION)
        channel = self._connection.create_server_channel(
            encoding=None, errors="strict", window=_WINDOW
        )
        keep_variables(channel, FewVariables(0, self._end_flood))
        return channel, RefusedSession()

    def _end_flood(self) -> None:
        self._connections.reject(self._visit, "variables")
        self._connection.abort()

    def connection_requested(
        self,
        _dest_host: str,
        _dest_port: int,
        _orig_host: str,
        _orig_port: int,
    ) -> bool:
        """Refuse forwarding."""
        raise _prohibited(ONLY_THE_TUTOR)

    def unix_connection_requested(self, _dest_path: str) -> bool:
        """Refuse forwarding."""
        raise _prohibited(ONLY_THE_TUTOR)

    def server_requested(self, _listen_host: str, _listen_port: int) -> bool:
        """Refuse to listen for a client."""
        return False

    def unix_server_requested(self, _listen_path: str) -> bool:
        """Refuse to listen for a client."""
        return False


def _prohibited(why: str) -> asyncssh.ChannelOpenError:
    return asyncssh.ChannelOpenError(asyncssh.OPEN_ADMINISTRATIVELY_PROHIBITED, why)
