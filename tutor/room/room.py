"""The room: who is in it, who leads it and where to, and who may do what.

It is a value; `tutor.room.fold` moves it on, event by event.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from tutor.room import events as ev
from tutor.room.events import INSTRUCTORS_ONLY, LEADER_ONLY, Happened, Place
from tutor.room.lead import Lead
from tutor.room.learner import Learner
from tutor.room.presence import Presence

INSTRUCTOR: Final = "instructor"
"""The name that only the instructor's key opens."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Somebody tried to do what they may not."""

    at: datetime
    who: str
    what: str


@dataclass(frozen=True, slots=True)
class Room:
    """A class: its learners, who leads it and where to."""

    by_name: frozenset[str] = frozenset({INSTRUCTOR})
    """Who teaches because of the key that they came in by."""
    last_id: int = 0
    """The number of the last event."""
    at: datetime | None = None
    """Its time, by the clock of the database."""
    learners: Mapping[str, Learner] = field(default_factory=dict)
    presence: Presence = field(default_factory=Presence)
    lead: Lead = field(default_factory=Lead)
    co_instructors: Mapping[str, str] = field(default_factory=dict)
    """Who teaches because the leader said so, with the key that they came in by ("": none)."""
    durations: Mapping[Place, tuple[float, ...]] = field(default_factory=dict)
    """Seconds that stays on each step lasted, the last ones."""
    watched: Mapping[str, str] = field(default_factory=dict)
    """Learners whose step somebody looks at, with who does."""
    messages: tuple[tuple[Happened, ev.Said], ...] = ()
    refusals: tuple[Refusal, ...] = ()

    def passed(self, number: int) -> Room:
        """Return the room after an event that nobody here understands."""
        return replace(self, last_id=max(number, self.last_id))

    @property
    def instructors(self) -> frozenset[str]:
        """Who teaches."""
        return self.by_name | frozenset(self.co_instructors)

    def leader(self, now: datetime) -> str | None:
        """Return who leads; who dropped out keeps the lead for a while (`Lead.kept`)."""
        leader = self.lead.leader
        if leader is None or leader not in self.instructors:
            return None
        if self.presence.is_online(leader, now):
            return leader
        seen = self.presence.last_seen(leader)
        return leader if seen is not None and now - seen < self.lead.kept else None

    def is_led(self, now: datetime) -> bool:
        """Return whether somebody leads: else all is as it is for one who learns alone."""
        return self.leader(now) is not None

    def class_place(self, now: datetime) -> Place | None:
        """Return where the class is; None while nobody leads it."""
        return self.lead.place if self.is_led(now) else None

    def is_held(self, place: Place, now: datetime) -> bool:
        """Return whether the truth of a step is not to be seen yet."""
        return place in self.lead.held and self.is_led(now)

    def watcher_of(self, name: str, now: datetime) -> str | None:
        """Return who looks at a learner's step."""
        watcher = self.watched.get(name)
        is_there = watcher in self.instructors and self.presence.is_online(watcher or "", now)
        return watcher if is_there else None

    def may(self, who: str, event: ev.Event, now: datetime) -> bool:
        """Return whether somebody may do this now."""
        if isinstance(event, LEADER_ONLY):
            return who in self.instructors and self.leader(now) == who
        return who in self.instructors or not isinstance(event, INSTRUCTORS_ONLY)
