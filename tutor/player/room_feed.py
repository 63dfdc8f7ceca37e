"""Brings the events of a room to all sessions of a process, which has one reader for all.

The database is asked in a thread. Reading is ordered by the database's numbers, and its clock is
the only one that counts: `now` tells it from the times that events carry.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol
from uuid import uuid4

from tutor.i18n import Message, plural
from tutor.room.events import (
    Answered,
    Detached,
    Event,
    Followed,
    Forgotten,
    Happened,
    Joined,
    Left,
    Moved,
    Present,
    Refused,
    Shown,
    Voted,
)
from tutor.room.fold import after
from tutor.room.learner import shown
from tutor.room.room import BEAT_SECONDS, INSTRUCTOR, KEPT, Room
from tutor.room.wire import Row, data_of, happened, kind_of
from tutor.store.model import NewEvent

WORKSHOP: Final = "workshop"
"""The name under which the events of a workshop are kept, where nobody gave it another."""
LOG: Final = logging.getLogger("tutor.room")
"""Where refusals are logged; silent where nobody listens."""
LOG.addHandler(logging.NullHandler())
POLL_SECONDS: Final = 0.7
"""With the time that events wait to be written together, a change is seen within 1.5 s."""
_GATHER_SECONDS: Final = 0.35
"""For which what learners do waits for more of the kind."""
_CAN_WAIT: Final = (Moved, Answered, Shown, Followed, Detached, Voted)
_AT_ONCE: Final = 500
"""Events of one read."""
_DRIFT: Final = timedelta(seconds=5)
"""From which the database's clock was set anew, rather than read late."""

Listener = Callable[[Sequence[Happened]], None]
"""Called after every read, in the feed's own task, with what is new (mostly nothing)."""


class EventStore(Protocol):
    """Where the events of all processes meet (`tutor.store.shared_store.SharedStore`)."""

    @property
    def trouble(self) -> Message | None:
        """Why nothing can be written just now, and the mend."""
        ...

    @property
    def answers_waiting(self) -> int:
        """How many answers are not written yet."""
        ...

    def append_event(self, event: NewEvent) -> None:
        """Let an event be seen by every process; never waits."""
        ...

    def events_after(self, number: int, limit: int, workshop: str | None) -> Sequence[Row]:
        """Return at most `limit` events after event `number`, in their order; may block."""
        ...


class RoomFeed:
    """The room as this process knows it."""

    def __init__(
        self,
        store: EventStore,
        *,
        workshop: str = WORKSHOP,
        instructors: frozenset[str] = frozenset({INSTRUCTOR}),
        executor: Executor | None = None,
        lead_seconds: float = KEPT.total_seconds(),
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self.room = Room(by_name=instructors)
        self.lead_seconds = lead_seconds
        """For which an instructor who takes the lead here keeps it when they drop out."""
        self.on_other: Callable[[Row], None] = _pass_over
        """Called once for each row that is no event of the room."""
        self.on_forgotten: Callable[[frozenset[str]], None] = _pass_over
        """Called with the names of those who were deleted from the database."""
        self.is_ready = False
        """Whether all that happened before is read."""
        self._store, self._workshop, self._executor = store, workshop, executor
        self._process = uuid4().hex[:12]
        self._served: dict[str, int] = {}
        self._outbox: list[NewEvent] = []
        self._listeners: list[Listener] = []
        self._seconds = seconds
        self._clock: timedelta | None = None
        """What the database's clock is ahead of ours, as time since 1970."""
        self._beaten = seconds()
        self._last_row = self._last_forgetting = 0

    @property
    def now(self) -> datetime:
        """The time by the clock of the database."""
        if self._clock is None:
            return self.room.at or datetime.now(UTC)
        return _EPOCH + self._clock + timedelta(seconds=self._seconds())

    def trouble(self) -> list[Message]:
        """Say to who teaches what is wrong with the database, and how much waits for it."""
        words, count = self._store.trouble, self._store.answers_waiting
        if words is None:
            return []
        waits = plural("{count} answer waits in this worker", "{count} answers wait in this worker",
                       count)  # fmt: skip
        return [words, waits] if count else [words]

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call the listener after every read, until what is returned is called."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def tell(self, who: str | None, event: Event) -> None:
        """Let everybody see an event, this process too, with its next read."""
        self._outbox.append(
            NewEvent(
                workshop=self._workshop, learner=who, kind=kind_of(event), data=data_of(event)
            )
        )  # fmt: skip
        if isinstance(event, _CAN_WAIT):
            self._flush_soon()
        else:
            self.flush()

    def flush(self) -> None:
        """Write what was told."""
        told, self._outbox = self._outbox, []
        for event in told:
            self._store.append_event(event)

    def _flush_soon(self) -> None:
        """Write together what a class does within a moment: fewer statements, seen in time."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self.flush()
            return
        if len(self._outbox) == 1:
            loop.call_later(_GATHER_SECONDS, self.flush)

    def enter(self, name: str, key: str = "") -> None:
        """Note that a session begins."""
        self._served[name] = self._served.get(name, 0) + 1
        self.tell(name, Joined(self._process, key))

    def leave(self, name: str) -> None:
        """Note that a session ends; the last one of a name takes it away."""
        self._served[name] = self._served.get(name, 1) - 1
        if self._served[name] <= 0:
            del self._served[name]
            self.tell(name, Left(self._process))

    async def run(self) -> None:
        """Read again and again, until this is cancelled; no error keeps a class from its room."""
        while True:
            began = self._seconds()
            try:
                await self.read()
            except Exception:
                LOG.exception("the room was not read")
            await asyncio.sleep(max(0.0, POLL_SECONDS - (self._seconds() - began)))

    async def read(self) -> None:
        """Read what is new, all of it, and hand it to the listeners."""
        self._beat()
        before = self.room
        room, news = await self._read_after(before)
        read = news
        while (forgetting := _last_forgetting(read)) > self._last_forgetting:
            self._last_forgetting = forgetting
            room, read = await self._read_after(Room(by_name=before.by_name))
        self.room = room
        fresh, self.is_ready = (news if self.is_ready else []), True
        gone = frozenset(before.presence.places) - frozenset(room.presence.places)
        if gone:
            self.on_forgotten(gone)
        for listener in tuple(self._listeners):
            listener(fresh)

    async def _read_after(self, room: Room) -> tuple[Room, list[Happened]]:
        """Return the room after all that happened since, and what that was."""
        news: list[Happened] = []
        loop = asyncio.get_running_loop()
        while True:
            rows = await loop.run_in_executor(
                self._executor, self._store.events_after, room.last_id, _AT_ONCE, self._workshop
            )
            for row in rows:
                room = self._fold(room, row, news)
            if len(rows) < _AT_ONCE:
                return room, news

    def _fold(self, room: Room, row: Row, news: list[Happened]) -> Room:
        is_new, self._last_row = row.id > self._last_row, max(row.id, self._last_row)
        event = happened(row)
        if event is None:
            if is_new:
                self.on_other(row)
            return room.passed(row.id)
        if is_new:
            self._set_clock(row.at)
        news.append(event)
        moved_on = after(room, event)
        is_forged = not isinstance(event.event, Refused) and moved_on.refusals != room.refusals
        if is_forged and is_new and self.is_ready:  # it came past all sessions, by the database
            log_refusal(event.who, moved_on.refusals[-1].what)
        return moved_on

    def _set_clock(self, at: datetime) -> None:
        """Take the time of the newest event: it is read late, but never early."""
        found = at - _EPOCH - timedelta(seconds=self._seconds())
        if self._clock is None or found > self._clock or self._clock - found > _DRIFT:
            self._clock = found

    def _beat(self) -> None:
        """Say at times whom this process serves: without it, all are taken for gone."""
        if self._served and self._seconds() - self._beaten >= BEAT_SECONDS:
            self._beaten = self._seconds()
            self.tell(None, Present(self._process))


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def log_refusal(who: str, what: str) -> None:
    """Log that somebody tried to do what they may not."""
    LOG.warning("refused: %(what)s by %(name)s", {"what": shown(what), "name": shown(who)})


def _last_forgetting(happened: Sequence[Happened]) -> int:
    """Return the number of the last event by which somebody was forgotten; 0 for none."""
    return max((each.id for each in happened if isinstance(each.event, Forgotten)), default=0)


def _pass_over(_: object) -> None:
    """Nobody wants to know."""
