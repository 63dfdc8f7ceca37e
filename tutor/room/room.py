"""The room: who is in it, who leads it and where to, and who may do what.

It is a value; `tutor.room.fold` moves it on, event by event.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from tutor.room import events as ev
from tutor.room.events import INSTRUCTORS_ONLY, LEADER_ONLY, Happened, Place, PollOpened
from tutor.room.learner import Learner

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


KEPT: Final = timedelta(seconds=60)
"""How long the lead is kept for an instructor who dropped out, by the clock of the database, where
they did not say otherwise."""
_LONGEST_KEPT: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Poll:
    """A question to all, with the votes so far; the last vote of each counts."""

    id: int
    question: str
    options: tuple[str, ...]
    votes: Mapping[str, int] = field(default_factory=dict)
    is_open: bool = True

    def counts(self) -> tuple[int, ...]:
        """Return the number of votes for each answer."""
        given = list(self.votes.values())
        return tuple(given.count(option) for option in range(len(self.options)))


def kept_for(seconds: float | None) -> timedelta:
    """Return how long a lead is kept that was taken so."""
    return KEPT if seconds is None else timedelta(seconds=min(max(seconds, 0.0), _LONGEST_KEPT))


def poll_of(number: int, event: PollOpened) -> Poll:
    """Return a poll without votes."""
    return Poll(number, event.question, event.options)


@dataclass(frozen=True, slots=True)
class Lead:
    """What the one who leads has set."""

    leader: str | None = None
    """Who took the lead last; see `Room.leader` for whether it is theirs still."""
    kept: timedelta = KEPT
    """How long it stays theirs where they drop out."""
    asked_by: str | None = None
    """Who asked for the lead meanwhile."""
    place: Place | None = None
    """Where the class is."""
    called: int = 0
    """The number of the event that brought the class there: each call is followed once."""
    held: frozenset[Place] = frozenset()
    """Predictions whose truth is not shown yet."""
    opened: frozenset[Place] = frozenset()
    """Steps of which the class may see what it answered."""
    poll: Poll | None = None
    timer_ends: datetime | None = None
    lab: tuple[int, str] | None = None
    """The number of the event that set the lab, and the state's code."""


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
