"""Who is online: joined and not left, in a process that still gives signs of life."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

BEAT_SECONDS: Final = 15.0
"""Between two signs of life of a process."""
_SILENT: Final = timedelta(seconds=2.5 * BEAT_SECONDS)
"""After which a process is taken for dead."""


@dataclass(frozen=True, slots=True)
class Presence:
    """Each process with whom it serves. Times are the database's."""

    beats: Mapping[str, datetime] = field(default_factory=dict)
    """When each process last said something."""
    places: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Each name with the processes that serve it."""
    gone: Mapping[str, datetime] = field(default_factory=dict)
    """When each name was last seen that nothing serves."""

    def joined(self, name: str, process: str, at: datetime) -> Presence:
        """Return the presence with one more."""
        served = self.places.get(name, frozenset()) | {process}
        return replace(
            self, beats={**self.beats, process: at}, places={**self.places, name: served}
        )

    def left(self, name: str, process: str, at: datetime) -> Presence:
        """Return the presence with one less."""
        served = self.places.get(name, frozenset()) - {process}
        places = {**self.places, name: served}
        return replace(self, places=places, gone={**self.gone, name: at})

    def beaten(self, process: str, at: datetime) -> Presence:
        """Return the presence after a sign of life of a process."""
        return replace(self, beats={**self.beats, process: at})

    def is_online(self, name: str, now: datetime) -> bool:
        """Return whether somebody is there."""
        served = self.places.get(name, frozenset())
        return any(now - self.beats[process] <= _SILENT for process in served)

    def last_seen(self, name: str) -> datetime | None:
        """Return when somebody was last seen; None: never."""
        times = [self.beats[process] for process in self.places.get(name, frozenset())]
        if name in self.gone:
            times.append(self.gone[name])
        return max(times, default=None)
