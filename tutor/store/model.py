"""What is kept of a learner's way through the course, and of a workshop: frozen values, in UTC."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

LOCAL_LEARNER: Final = "local"
"""The learner of a tutor that runs on one's own computer."""

IN_REVIEW: Final = "review/"
"""What the kind of an attempt starts with that was made in a review or a warm-up."""


EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands for a moment that cannot be read."""
NEVER: Final = datetime(9000, 1, 1, tzinfo=UTC)


def in_utc(at: datetime) -> datetime | None:
    """Return a moment in UTC, None where it cannot have been: a review of then has no date."""
    try:
        utc = at.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return utc if EPOCH <= utc < NEVER else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One answer, as it was given. Never changed, never deleted."""

    learner: str
    lesson: str
    step: str
    kind: str
    """The kind of the step: choice, number, predict, experiment. In a review, `review/choice`:
    such an attempt leaves the lesson where it was."""
    answer: str
    correct: bool | None
    """None where there is no right or wrong."""
    misconception: str | None = None
    """What the answer hints at, by the lesson's own id."""
    confidence: str | None = None
    at: datetime

    def __post_init__(self) -> None:
        _check_time_zone(self.at)

    @property
    def in_review(self) -> bool:
        """Whether the answer was given in a review or a warm-up."""
        return self.kind.startswith(IN_REVIEW)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumePoint:
    """Where a learner is in a lesson; the last one saved counts."""

    learner: str
    lesson: str
    step: str
    state: Mapping[str, object] = field(default_factory=dict)
    """What the step needs to look the same again (parameters, answers): JSON values."""
    completed: int
    total: int
    done: bool
    at: datetime

    def __post_init__(self) -> None:
        _check_time_zone(self.at)
        json.dumps(dict(self.state))  # a TypeError here is better than one at the disk


@dataclass(frozen=True, slots=True, kw_only=True)
class Reset:
    """From here on, what came before does not count: in one lesson, or (None) in all."""

    learner: str
    lesson: str | None
    at: datetime

    def __post_init__(self) -> None:
        _check_time_zone(self.at)


Entry: TypeAlias = Attempt | ResumePoint | Reset
"""What can be written."""


def values_of(entry: Entry) -> dict[str, Any]:
    """Return an entry's values by their names. (`asdict` would copy each of them.)"""
    return {name: getattr(entry, name) for name in entry.__dataclass_fields__}


_KINDS: Final[dict[str, type[Entry]]] = {
    kind.__name__: kind for kind in (Attempt, ResumePoint, Reset)
}


def entry_as_json(entry: Entry) -> dict[str, object]:
    """Return an entry as JSON values."""
    return values_of(entry) | {"entry": type(entry).__name__, "at": entry.at.isoformat()}


def entry_from_json(values: dict[str, Any]) -> Entry:
    """Return the entry that became these JSON values; they are used up."""
    kind = _KINDS[values.pop("entry")]
    return kind(**(values | {"at": datetime.fromisoformat(values["at"])}))


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonProgress:
    """A lesson as the map and `nabla progress` show it, since its last reset."""

    lesson: str
    step: str
    """Where the learner is: the resume point's step, else the last one answered."""
    completed: int
    total: int
    """0 where only answers are known (the resume point was in a damaged part of the file)."""
    done: bool
    at: datetime
    attempts: int
    """Answers in the lesson itself; those of reviews are not among them."""
    misconceptions: Mapping[str, int]
    """How often each was met."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """Something that happened in a workshop, not yet in the database."""

    workshop: str
    learner: str | None = None
    """Who did it, or whom it is about; None: nobody in particular."""
    kind: str
    data: Mapping[str, object] = field(default_factory=dict)
    """JSON values, small: every node reads them."""

    def __post_init__(self) -> None:
        json.dumps(dict(self.data))  # a TypeError here is better than one at the database


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkshopEvent:
    """Something that happened in a workshop, as every node sees it: same order, same time."""

    id: int
    """Grows with every event, of all workshops; never used twice."""
    workshop: str
    learner: str | None
    kind: str
    data: Mapping[str, object]
    at: datetime
    """By the clock of the database."""


def _check_time_zone(at: datetime) -> None:
    if at.tzinfo is None:
        raise ValueError(f"a time without a time zone cannot be kept: {at.isoformat()}")
