"""The class at a glance: how many are where, what they answered, what they take for true."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tutor.room.events import Place
from tutor.room.learner import Given, Learner
from tutor.room.room import Room


@dataclass(frozen=True, slots=True)
class Spread:
    """A misconception with the learners behind it."""

    misconception: str
    count: int
    """How often it was met."""
    learners: tuple[str, ...]


def class_of(room: Room) -> Iterator[Learner]:
    """Yield everybody who learns."""
    return (each for name, each in room.learners.items() if name not in room.instructors)


def lessons(room: Room) -> tuple[str, ...]:
    """Return the lessons where learners are, the fullest first."""
    places = Counter(
        learner.place.lesson for learner in class_of(room) if learner.place is not None
    )
    return tuple(sorted(places, key=lambda lesson: (-places[lesson], lesson)))


def fullest_place(room: Room) -> Place | None:
    """Return the step where most learners are, in the lesson where most are; None for nowhere."""
    here = [each.place for each in class_of(room) if each.place is not None]
    full = lessons(room)
    here = [place for place in here if place.lesson == full[0]]
    return max(set(here), key=lambda place: (here.count(place), place.step)) if here else None


def on_each_step(room: Room, lesson: str, steps: Iterable[str], now: datetime) -> tuple[int, ...]:
    """Return how many of those who are there are on each step of a lesson."""
    here = Counter(
        learner.place.step
        for learner in class_of(room)
        if learner.place is not None
        and learner.place.lesson == lesson
        and room.presence.is_online(learner.name, now)
    )
    return tuple(here[step] for step in steps)


def last_answers(room: Room, place: Place) -> tuple[tuple[str, Given], ...]:
    """Return the last answer of each learner to a step, with the name."""
    found = ((learner.name, learner.latest.get(place)) for learner in class_of(room))
    return tuple((name, given) for name, given in found if given is not None)


def by_choice(room: Room, place: Place) -> Mapping[int, tuple[str, ...]]:
    """Return who took which choice last, alone or with others."""
    taken: dict[int, list[str]] = {}
    for name, given in last_answers(room, place):
        for choice in given.answer.choices:
            taken.setdefault(choice, []).append(name)
    return {choice: tuple(names) for choice, names in taken.items()}


def numbers(room: Room, place: Place) -> tuple[float, ...]:
    """Return the numbers that were typed last."""
    given = (each.answer.number for _, each in last_answers(room, place))
    return tuple(number for number in given if number is not None)


def guesses(room: Room, place: Place) -> tuple[tuple[float, ...], ...]:
    """Return the guesses on the chart, in no order that tells whose they are."""
    return tuple(
        sorted(each.answer.guess for _, each in last_answers(room, place) if each.answer.guess)
    )


def misconceptions(room: Room, lesson: str | None = None) -> tuple[Spread, ...]:
    """Return the misconceptions that were met (in a lesson, or in all), the commonest first."""
    counts: dict[str, int] = {}
    behind: dict[str, dict[str, None]] = {}
    for learner in class_of(room):
        for (where, misconception), count in learner.met.items():
            if lesson in (None, where):
                counts[misconception] = counts.get(misconception, 0) + count
                behind.setdefault(misconception, {})[learner.name] = None
    spread = [Spread(each, counts[each], tuple(behind[each])) for each in counts]
    return tuple(sorted(spread, key=lambda s: (-len(s.learners), -s.count, s.misconception)))


@dataclass(frozen=True, slots=True)
class Histogram:
    """Numbers in bins of equal width."""

    low: float
    width: float
    counts: tuple[int, ...]

    @property
    def middles(self) -> tuple[float, ...]:
        """The middle of each bin."""
        return tuple(self.low + (k + 0.5) * self.width for k in range(len(self.counts)))

    def place_of(self, value: float) -> float:
        """Return where a value stands, in bins from the middle of the first."""
        return (value - self.low) / self.width - 0.5


def histogram(values: Sequence[float], bins: int = 10, include: float | None = None) -> Histogram:
    """Return the numbers in bins; a few far ones are counted in the outer bins.

    The bins reach over the middle nine tenths of the numbers and over `include` (the truth), so
    that one typing error does not press all others into one bin.
    """
    ordered = sorted(values)
    cut = len(ordered) // 20
    core = ordered[cut : len(ordered) - cut] or [0.0]
    ends = [core[0], core[-1], *([] if include is None else [include])]
    low, high = min(ends), max(ends)
    if not high > low:
        spread = max(abs(low) * 0.1, 0.5)
        low, high = low - spread, high + spread
    width = (high - low) / bins
    counts = [0] * bins
    for value in ordered:
        counts[min(max(int((value - low) / width), 0), bins - 1)] += 1
    return Histogram(low, width, tuple(counts))
