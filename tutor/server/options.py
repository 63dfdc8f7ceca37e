"""What a workshop is started with: every setting and every limit, with its default."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Final, Literal, TypeAlias

_DATABASE_FILE: Final = "workshop.sqlite3"
WORKSHOP: Final = "workshop"
"""The name of a workshop that was given none."""
LONGEST_WORKSHOP: Final = 64
SHORTEST_CODE: Final = 6
"""Signs of a code as it is compared."""

Auth: TypeAlias = Literal["code", "key", "open"]
Network: TypeAlias = IPv4Network | IPv6Network


def compared_code(code: str) -> str:
    """Return a code as it is compared: dashes, blanks and capitals do not matter.

    >>> compared_code(" 7KQ2-mfe4")
    '7kq2mfe4'
    """
    return "".join(code.split()).replace("-", "").casefold()


def is_too_short(code: str) -> bool:
    """Whether a code has fewer signs than are asked for, of those that are compared."""
    return len(compared_code(code)) < SHORTEST_CODE


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one learner, one address and all together may take."""

    sessions: int = 200
    """Learners at a time, over all workers."""
    tries: int = 6
    """Wrong codes or signatures a connection."""
    key_offers: int = 30
    """Keys that a client may ask about: agents offer all they hold."""
    penalty: float = 2.0
    """Seconds that a wrong code waits for its answer."""
    variables: int = 32
    """Environment variables a session."""
    unauthenticated_start: int | None = None
    """Connections still at the prompt from which some are refused; None: 2 × sessions."""
    unauthenticated_rate: int = 30
    """Per cent that are refused from there on, rising to all."""
    unauthenticated_full: int | None = None
    """Connections still at the prompt from which all are refused; None: 4 × sessions."""
    per_source: int | None = None
    """Connections still at the prompt from one address (a class shares one); None: sessions."""
    per_learner: int = 3
    """Connections of one name from one address that have entered."""
    login_seconds: float = 30.0
    """From the connection to the end of the authentication."""
    starting: int = 4
    """Tutors that start at once in a worker; the others wait."""
    again_seconds: float = 5.0
    """Between the starts of one learner, after two in a row."""
    idle_minutes: float = 30.0
    """Without any key or click."""
    idle_warning_seconds: float = 60.0
    """Before the end of the idle time."""
    stalled_seconds: float = 20.0
    """That a client may leave everything unread."""
    keepalive_seconds: float = 20.0
    """Between questions to a silent client; three without an answer end the connection."""
    input_rate: int = 32_768
    """Bytes a second that a learner may type or paste."""
    events_rate: int = 250
    """Keys and mouse events a second; more wait."""
    paste: int = 65_536
    """Characters of one paste."""
    programs: int = 4
    """Programs of learners that run at once in a worker."""
    lead_seconds: float = 60.0
    """For which an instructor who drops out keeps the lead of the class."""
    computations: int = 2
    """Long computations of the lab that run at once in a worker; more would slow everybody."""
    waiting: int = 50_000
    """Answers and places that wait in a worker while the database is away."""
    stop_seconds: float = 30.0
    """Between the notice of a stop and the end of the sessions."""

    @property
    def refused_from(self) -> int:
        """Connections at the prompt from which some are refused."""
        return self.unauthenticated_start or 2 * self.sessions

    @property
    def refused_all_from(self) -> int:
        """Connections at the prompt from which all are refused."""
        return self.unauthenticated_full or 4 * self.sessions

    @property
    def from_one_source(self) -> int:
        """Connections at the prompt from one address."""
        return self.per_source or self.sessions


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeOptions:
    """A workshop."""

    host: str = "127.0.0.1"
    port: int = 2222
    auth: Auth = "code"
    code: str = ""
    """What learners type to come in, with `auth="code"`."""
    code_file: Path | None = None
    """Where the code stands instead, so that it stays."""
    roster: Path | None = None
    """A list of those who may come in, with codes of their own where it says them; None: all."""
    pins: bool = True
    """With `auth="code"`: whether a name that was here is asked for its PIN."""
    instructor_key: Path | None = None
    """Public keys (as in `authorized_keys`) that open the name `instructor`."""
    keys: Path | None = None
    """With `auth="key"`: the public keys that may come in; None: any, bound to its first name."""
    workers: int = 1
    database: str | None = None
    """A database URL; None: an SQLite file in the data folder."""
    folder: Path
    """The data folder: host key, database."""
    metrics: int | None = None
    """A port on loopback for /healthz and /metrics."""
    log: Literal["text", "json"] = "text"
    proxies: tuple[Network, ...] = ()
    """Where connections begin with a PROXY v2 header that is believed."""
    limits: Limits = field(default_factory=Limits)
    workshop: str = WORKSHOP
    """The name under which its events are kept: all machines of a workshop share it."""
    lessons: tuple[Path, ...] = ()
    """Folders of courses to show besides Nabla's own."""

    def places_of(self, number: int) -> int:
        """Return how many learners worker `number`, counted from 1, may take."""
        share, rest = divmod(self.limits.sessions, self.workers)
        return share + (number <= rest)

    @property
    def database_url(self) -> str:
        """Where everything is kept."""
        return self.database or f"sqlite:///{self.folder / _DATABASE_FILE}"
