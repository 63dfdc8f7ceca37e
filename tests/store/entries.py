"""Entries to write: what the tests of the store share."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tutor.store.model import Attempt, ResumePoint

DERIVATIVE = "gradients/derivative"
"""The lesson of all entries that name no other."""

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def attempt(number: int = 0, **changes: object) -> Attempt:
    """An answer, `number` seconds after noon."""
    values: dict[str, object] = {
        "learner": "ana",
        "lesson": DERIVATIVE,
        "step": "guess-slope",
        "kind": "number",
        "answer": f"answer {number}",
        "correct": False,
        "at": NOON + timedelta(seconds=number),
    }
    return Attempt(**(values | changes))  # type: ignore[arg-type]


def point(number: int = 0, **changes: object) -> ResumePoint:
    """A resume point, `number` seconds after noon."""
    values: dict[str, object] = {
        "learner": "ana",
        "lesson": DERIVATIVE,
        "step": "turn-h",
        "state": {"h": 0.5},
        "completed": number,
        "total": 9,
        "done": False,
        "at": NOON + timedelta(seconds=number),
    }
    return ResumePoint(**(values | changes))  # type: ignore[arg-type]
