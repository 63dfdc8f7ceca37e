"""What a workshop counts, in plain numbers: workers send them, and they are added up.

The page that Prometheus reads is made from it in `metrics_page`, where it is asked for.
"""

from __future__ import annotations

import mmap
import socket
from bisect import bisect_left
from collections import Counter, deque
from pathlib import Path
from typing import Any, Final, TypeAlias

from tutor.errors import TutorError
from tutor.i18n import message

Snapshot: TypeAlias = dict[str, Any]

START_BUCKETS: Final = (0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0)
OUTPUT_BUCKETS: Final = (0.005, 0.01, 0.02, 0.04, 0.06, 0.1, 0.2, 0.5, 1.0, 2.0)
"""Upper bounds in seconds."""
HOST: Final = "127.0.0.1"
"""Where the page is that shows them."""
_STATM: Final = Path("/proc/self/statm")
_LAGS: Final = 60
"""The worst of so many looks counts: who reads it comes once in a while."""


class Histogram:
    """How often a time fell between which bounds."""

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self._bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.sum = 0.0

    def add(self, seconds: float) -> None:
        """Count one time."""
        self.counts[bisect_left(self._bounds, seconds)] += 1
        self.sum += seconds


class Metrics:
    """The numbers of one process."""

    def __init__(self) -> None:
        self._rejections: Counter[str] = Counter()
        self._authentications: Counter[str] = Counter()
        self._crashes = 0
        self._sessions = 0
        self._dropped = 0
        self._lags: deque[float] = deque([0.0], maxlen=_LAGS)
        self._waiting = 0
        self._start = Histogram(START_BUCKETS)
        self._output = Histogram(OUTPUT_BUCKETS)

    def authenticated(self, how: str, *, ok: bool) -> None:
        """An authentication came to a result."""
        self._authentications[f"{how} {'ok' if ok else 'failed'}"] += 1

    def rejected(self, why: str) -> None:
        """A connection or session was refused."""
        self._rejections[why] += 1

    def crashed(self) -> None:
        """An app ended with an error."""
        self._crashes += 1

    def started(self, seconds: float) -> None:
        """A tutor painted its first frame."""
        self._start.add(seconds)

    def answered(self, seconds: float) -> None:
        """A frame went out after a key."""
        self._output.add(seconds)

    def sessions(self, count: int) -> None:
        """So many learners are here."""
        self._sessions = count

    def frames_dropped(self, count: int) -> None:
        """So many frames were not sent, because the client was behind."""
        self._dropped += count

    def lagged(self, seconds: float) -> None:
        """The event loop came so much too late; asked once a second."""
        self._lags.append(seconds)

    def waiting(self, count: int) -> None:
        """So much waits for the database."""
        self._waiting = count

    def snapshot(self) -> Snapshot:
        """Return all of it as JSON values."""
        return {
            "rejections": dict(self._rejections),
            "authentications": dict(self._authentications),
            "crashes": self._crashes,
            "sessions": self._sessions,
            "dropped": self._dropped,
            "lag": max(self._lags),
            "waiting": self._waiting,
            "memory": memory(),
            "start": [self._start.counts, self._start.sum],
            "output": [self._output.counts, self._output.sum],
        }


def outlived(past: Snapshot, last: Snapshot) -> Snapshot:
    """Return what stays true of a process that is no more, added to that of earlier ones.

    What was counted stays counted; who was there, and what memory there was, is gone.
    """
    if not last:
        return past
    gone = dict.fromkeys(("sessions", "memory", "lag", "waiting"), 0)
    return last | gone | {name: _added(past[name], last[name]) for name in past if name not in gone}


def _added(one: Any, other: Any) -> Any:
    """Add numbers, and what is made of numbers."""
    if isinstance(one, dict):
        return {key: one.get(key, 0) + other.get(key, 0) for key in one | other}
    if isinstance(one, list):
        return [_added(*pair) for pair in zip(one, other, strict=True)]
    return one + other


def try_port(port: int) -> None:
    """Try whether the page that shows the numbers could be there.

    Raises:
        TutorError: The port is taken.
    """
    try:
        socket.create_server((HOST, port)).close()
    except OSError as error:
        raise cannot_serve(port, error) from error


def cannot_serve(port: int, error: OSError) -> TutorError:
    """Return what is said where the page cannot be there."""
    return TutorError(
        message("cannot serve --metrics on port {port} ({why}): choose another",
                port=port, why=error.strerror)
    )  # fmt: skip


def memory() -> int:
    """Return the bytes of this process that are in memory; 0 where the system does not tell."""
    try:
        pages = int(_STATM.read_text(encoding="ascii").split()[1])
    except (OSError, ValueError):
        return 0
    return pages * mmap.PAGESIZE
