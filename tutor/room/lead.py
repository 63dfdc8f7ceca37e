"""Who leads, and where to: the part of the room that instructors set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from tutor.room.events import Place, PollOpened

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
