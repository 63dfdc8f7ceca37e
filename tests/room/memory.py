"""Where the events of a test meet, as in a database: numbered, with a clock of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from tests.room.classes import NOON
from tutor.i18n import Message
from tutor.player.room_feed import RoomFeed
from tutor.room.events import Event
from tutor.room.wire import data_of, kind_of
from tutor.store.model import NewEvent, WorkshopEvent


class MemoryEvents:
    """An event store with a clock that only the test moves."""

    def __init__(self) -> None:
        self.events: list[WorkshopEvent] = []
        self.at: datetime = NOON
        self.reads = 0
        self._numbers = 0
        self.trouble: Message | None = None
        self.answers_waiting = 0

    def append_event(self, event: NewEvent) -> None:
        self._numbers += 1
        self.events.append(
            WorkshopEvent(
                id=self._numbers, workshop=event.workshop, learner=event.learner,
                kind=event.kind, data=event.data, at=self.at,
            )
        )  # fmt: skip

    def events_after(
        self, number: int, limit: int, workshop: str | None = None
    ) -> Sequence[WorkshopEvent]:
        self.reads += 1
        found = [
            each for each in self.events if each.id > number and workshop in (None, each.workshop)
        ]
        return found[:limit]

    def delete(self, name: str) -> None:
        """Delete all that somebody did."""
        self.events = [each for each in self.events if each.learner != name]

    def tell(self, who: str | None, *events: Event) -> None:
        """Let another process say something."""
        for event in events:
            self.append_event(
                NewEvent(workshop="workshop", learner=who, kind=kind_of(event), data=data_of(event))
            )

    def wait(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)

    def seconds(self) -> float:
        """The clock of a process, off by a day and an hour."""
        return (self.at - NOON).total_seconds() + 90_000.0

    def feed(self) -> RoomFeed:
        """Return the feed of another process."""
        return RoomFeed(self, seconds=self.seconds)
