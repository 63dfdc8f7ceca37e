"""The roster: every learner in a line, those first who need help most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Final

from tutor.room.events import Place
from tutor.room.learner import Learner
from tutor.room.room import Room

_ENOUGH: Final = 3
"""Stays on a step from which a median says something."""
_USUAL_SECONDS: Final = 60.0
"""A step, while nobody knows better."""
_TRY: Final = 0.5
"""What a wrong answer weighs, in medians of time."""
STUCK: Final = 2.0
"""The need from which a learner is called stuck."""


@dataclass(frozen=True, slots=True)
class Line:
    """One learner, now."""

    learner: Learner
    is_online: bool
    seconds: float
    """On the step; of one who left, until they were last seen."""
    need: float
    """How much help is needed: medians of time on the step, and wrong answers; 0 when done."""

    @property
    def is_stuck(self) -> bool:
        """Whether this is much longer than the others took."""
        return self.need >= STUCK


def roster(room: Room, now: datetime, search: str = "") -> tuple[Line, ...]:
    """Return the learners whose names hold `search`, those who need help most first.

    Hands come first, the one that is up longest at the top; then who is there, by how much
    longer than the class's median they have been on their step, each wrong answer adding to it;
    then who has left.
    """
    usual = usual_seconds(room, now)
    wanted = search.casefold()
    lines = [
        _line(room, learner, usual, now)
        for name, learner in room.learners.items()
        if name not in room.by_name and wanted in name.casefold()
    ]
    lines.sort(key=lambda line: _order(line, now))
    return tuple(lines)


def usual_seconds(room: Room, now: datetime) -> Mapping[Place, float]:
    """Return the class's median time on each step where somebody is."""
    here: dict[Place, list[float]] = {}
    for learner in room.learners.values():
        if learner.place is not None:
            here.setdefault(learner.place, []).append(learner.time_here(now).total_seconds())
    return {place: _usual(room.durations.get(place, ()), so_far) for place, so_far in here.items()}


def _usual(ended: Sequence[float], so_far: Sequence[float]) -> float:
    if len(ended) >= _ENOUGH:
        return max(median(ended), 1.0)
    if len(so_far) >= _ENOUGH:
        return max(median(so_far), _USUAL_SECONDS)
    return _USUAL_SECONDS


def _line(room: Room, learner: Learner, usual: Mapping[Place, float], now: datetime) -> Line:
    is_online = room.presence.is_online(learner.name, now)
    until = now if is_online else room.presence.last_seen(learner.name) or now
    seconds = learner.time_here(until).total_seconds()
    need = 0.0
    if learner.place is not None and not learner.is_done:
        need = seconds / usual[learner.place] + _TRY * learner.wrong_here
    return Line(learner, is_online, seconds, need)


def _order(line: Line, now: datetime) -> tuple[bool, datetime, bool, float, str]:
    hand = line.learner.hand_at
    is_up = hand is not None and line.is_online
    return (
        not is_up,
        hand if is_up and hand else now,
        not line.is_online,
        -line.need,
        line.learner.name,
    )
