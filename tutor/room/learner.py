"""One learner as the room knows them: the name, where, since when, what was answered, the hand."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from tutor.room.events import Answered, Place
from tutor.visible import is_visible_line, visible_line

_MARKS_ON_ONE: Final = 2
"""Accents that one letter may carry: more would climb over the lines above."""
LONGEST_NAME: Final = 32
KEPT_IN_NAMES: Final = frozenset("LMNPSZ")
"""Letters, marks, numbers, punctuation, symbols, blanks; no controls, no bidi marks.

Nor any of these that nobody sees: with one, a second `ana` would look like the first.
"""


def clean_name(typed: str) -> str:
    r"""Return the name without control and bidi characters, in one line; it may be empty.

    >>> clean_name("ana\x1b[2J\u202e"), clean_name("  Li  Wei ")
    ('ana[2J', 'Li Wei')
    """
    composed = unicodedata.normalize("NFKC", typed)
    kept = "".join(
        " " if unicodedata.category(each)[0] == "Z" else each
        for each in composed
        if unicodedata.category(each)[0] in KEPT_IN_NAMES and is_visible_line(each)
    )
    return " ".join(kept.split())[:LONGEST_NAME].rstrip()


def shown(text: str, longest: int = LONGEST_NAME) -> str:
    r"""Return a text on one line with every sign in it visible; blank ones as `?`.

    >>> print(shown("ana\x1b[2J\u202e\n=1+1"))
    ana\x1b[2J\u202e =1+1
    """
    kept: list[str] = []
    marks = 0
    for sign in " ".join(text[: 8 * longest].split()):
        marks = marks + 1 if unicodedata.category(sign) in ("Mn", "Me") else 0
        if marks <= _MARKS_ON_ONE:
            kept.append(sign)
    words = visible_line("".join(kept))
    return (words if len(words) <= longest else words[: longest - 1] + "…") or "?"


_KEPT_ANSWERS: Final = 2000
"""Of one learner: a class answers some fifty questions in a morning."""


@dataclass(frozen=True, slots=True)
class Given:
    """An answer with its time."""

    at: datetime
    answer: Answered

    @property
    def place(self) -> Place:
        """Where it was given."""
        return Place(self.answer.lesson, self.answer.step)


@dataclass(frozen=True, slots=True)
class Visit:
    """A stay on a step that has ended."""

    place: Place
    since: datetime
    until: datetime

    @property
    def seconds(self) -> float:
        """How long it lasted."""
        return (self.until - self.since).total_seconds()


@dataclass(frozen=True, slots=True)
class Learner:
    """One learner. Only what they did themselves is in here."""

    name: str
    key: str = ""
    """The fingerprint of the key that they came in by last; empty without one."""
    place: Place | None = None
    since: datetime | None = None
    """When they came to the step."""
    visits: tuple[Visit, ...] = ()
    answers: tuple[Given, ...] = ()
    """The oldest first."""
    latest: Mapping[Place, Given] = field(default_factory=dict)
    """The last answer to each step."""
    met: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """How often each misconception was met, by lesson and id."""
    tries: int = 0
    """Answers to the step where they are, since they came to it."""
    is_done: bool = False
    """Whether that step is answered rightly, or was meant to be only guessed and is."""
    hand_at: datetime | None = None
    """Since when the hand is up."""
    follows: bool = True
    """Whether they go where the class goes."""
    shown: Mapping[str, object] | None = None
    """How their step looks, while it is watched."""

    def moved(self, place: Place, at: datetime) -> Learner:
        """Return the learner on a step; coming to the same again changes nothing."""
        if place == self.place:
            return self
        visits = self.visits
        if self.place is not None and self.since is not None:
            visits = (*visits, Visit(self.place, self.since, max(at, self.since)))
        was = self.latest.get(place)
        return replace(
            self, place=place, since=at, visits=visits[-_KEPT_ANSWERS:], tries=0, shown=None,
            is_done=was is not None and _settles(was.answer),
        )  # fmt: skip

    def answered(self, answer: Answered, at: datetime) -> Learner:
        """Return the learner after an answer."""
        given = Given(at, answer)
        here = self.moved(given.place, at)
        met = here.met
        if answer.misconception is not None:
            key = (answer.lesson, answer.misconception)
            met = {**met, key: met.get(key, 0) + 1}
        return replace(
            here,
            answers=(*here.answers, given)[-_KEPT_ANSWERS:],
            latest={**here.latest, given.place: given},
            met=met,
            tries=here.tries + 1,
            is_done=here.is_done or _settles(answer),
        )

    def time_here(self, now: datetime) -> timedelta:
        """Return how long they have been on the step."""
        return timedelta() if self.since is None else max(now - self.since, timedelta())

    @property
    def wrong_here(self) -> int:
        """How many wrong answers they gave to the step where they are."""
        given = self.answers[-self.tries :] if self.tries else ()
        return sum(each.answer.correct is False for each in given)


def _settles(answer: Answered) -> bool:
    return answer.correct is True or answer.kind == "predict"
