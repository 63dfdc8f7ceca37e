"""What is kept of a workshop beside its learners' progress: frozen values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


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
