"""Brings what was done elsewhere together with what was done here, without doubling a thing."""

from __future__ import annotations

import gc
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from tutor.store.model import Attempt, Entry, Reset, ResumePoint


@contextmanager
def uncollected() -> Iterator[None]:
    """Let the garbage collector rest while a whole course is read, brought together or written.

    Each of its answers is an object that stays, and none of them is in a circle. The collector
    would look at all that are there already again and again, and take longer for each the more
    there are.
    """
    was_at_work = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_at_work:
            gc.enable()


@dataclass(frozen=True, slots=True)
class Records:
    """What counts of one learner: resets, and what they left."""

    attempts: tuple[Attempt, ...] = ()
    points: tuple[ResumePoint, ...] = ()
    resets: tuple[Reset, ...] = ()

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Records:
        """Return the entries sorted by what they are."""
        given = tuple(entries)
        return cls(
            tuple(each for each in given if isinstance(each, Attempt)),
            tuple(each for each in given if isinstance(each, ResumePoint)),
            tuple(each for each in given if isinstance(each, Reset)),
        )


@dataclass(frozen=True, slots=True)
class Merge:
    """What to write so that the records here hold those from elsewhere too."""

    entries: tuple[Entry, ...]
    """In the order to write them."""
    new_attempts: int
    new_points: int
    new_resets: int


def merge(here: Records, elsewhere: Records) -> Merge:
    """Return what is new from elsewhere.

    The same attempt counts once; of two resume points of a lesson the later one stays; a reset
    makes void what was done before it on either side. The journal only grows and a reset voids
    what stands before it there: what was done here after a reset from elsewhere is written again,
    behind it. Merging the same records once more changes nothing.
    """
    known = {(reset.lesson, reset.at) for reset in here.resets}
    fresh = {(each.lesson, each.at): each for each in elsewhere.resets}
    resets = sorted((r for key, r in fresh.items() if key not in known), key=_when)
    brought_void = _LastResets(resets)
    void_here = _LastResets(each for each in here.resets if (each.lesson, each.at) not in fresh)
    own = [each for each in here.attempts if not brought_void.void(each)]
    again = [each for each in own if brought_void.concern(each)]
    brought = [each for each in elsewhere.attempts if not void_here.void(each)]
    new = list(_beyond(brought, own))
    their_points = [each for each in elsewhere.points if not void_here.void(each)]
    points, new_points = _points(here.points, their_points, brought_void)
    entries: tuple[Entry, ...] = (*resets, *again, *sorted(new, key=_when), *points)
    return Merge(entries, len(new), new_points, len(resets))


class _LastResets:
    """When each lesson was reset last: an entry is compared with two moments, not with all."""

    def __init__(self, resets: Iterable[Reset]) -> None:
        self._last: dict[str | None, datetime] = {}
        for reset in resets:
            self._last[reset.lesson] = max(reset.at, self._last.get(reset.lesson, reset.at))

    def concern(self, entry: Attempt | ResumePoint) -> bool:
        """Whether the entry's lesson was reset, by itself or with all."""
        return entry.lesson in self._last or None in self._last

    def void(self, entry: Attempt | ResumePoint) -> bool:
        """Whether its lesson was reset after it."""
        return any(
            entry.at < self._last[lesson] for lesson in (entry.lesson, None) if lesson in self._last
        )


def _points(
    here: Iterable[ResumePoint], elsewhere: Iterable[ResumePoint], resets: _LastResets
) -> tuple[list[ResumePoint], int]:
    """Return the points to write, and how many of them come from elsewhere."""
    own = {point.lesson: point for point in here if not resets.void(point)}
    later = {point.lesson: point for point in sorted(elsewhere, key=_rank)}
    new = {
        lesson: point
        for lesson, point in later.items()
        if lesson not in own or _rank(point) > _rank(own[lesson])
    }
    again = {lesson: point for lesson, point in own.items() if resets.concern(point)}
    return list((again | new).values()), len(new)


def _beyond(brought: Iterable[Attempt], own: Iterable[Attempt]) -> Iterator[Attempt]:
    """Yield what was brought as often as it is not here yet."""
    left = Counter(own)
    for attempt in brought:
        if left[attempt]:
            left[attempt] -= 1
        else:
            yield attempt


def _when(entry: Entry) -> tuple[datetime, str]:
    return entry.at, entry.lesson or ""


def _rank(point: ResumePoint) -> tuple[datetime, bool, int, str]:
    """Order points by time; of two at the same moment, the one further on."""
    state = json.dumps(dict(point.state), sort_keys=True)
    return point.at, point.done, point.completed, point.step + state
