"""Who is in the workshop: one session a name, a cap on all, no one who types nothing for long."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final, Protocol, TypeVar

from tutor.i18n import Message, message, plural
from tutor.room.events import Forgotten
from tutor.room.wire import Row, kind_of
from tutor.server.admission.connections import Learner
from tutor.server.admission.pins import Pins
from tutor.server.log import EventLog
from tutor.server.metrics import Metrics
from tutor.server.options import ServeOptions
from tutor.server.tasks import Background, wait_for
from tutor.store.model import NewEvent
from tutor.store.opening import Opening
from tutor.store.shared_store import SharedStore
from tutor.store.trouble import StorageError

ENTERED: Final = "entered"
"""The kind of the event by which all workers and machines know who is where."""

ELSEWHERE: Final = message("You came in from another terminal: this one was closed.")
NOT_YOU: Final = message("If it was not you, take another name and tell the instructor.")
TOOK_OVER: Final = message(
    "This name was in use at another terminal, which was closed. If that was not you, take another "
    "name: it is somebody else's."
)
FORGOTTEN: Final = message("You were deleted from this workshop: nothing is kept of you.")
NOTHING_TYPED: Final = message("Nothing was typed for long: come back the same way.")
CLOSING: Final = message("The workshop restarts.")
SAVED: Final = message("Your progress is saved: come back the same way.")

_LAST_WRITE_SECONDS: Final = 2.0
"""That the answers of who leaves may take to be written, before it is said that they are not."""

T = TypeVar("T")


class PresentSession(Protocol):
    """A learner's session, as it is known here."""

    learner: Learner
    id: str
    """What tells this session from all others of the workshop."""
    opening: Opening | None
    """The learner's progress, once they are let in."""
    new_pin: str | None
    """The PIN that their name was given now, to be shown."""
    has_entered: bool
    """Whether the learner is let in, though their progress may not be there yet."""
    is_announced: bool
    """Whether the others have heard of this session."""
    took_over: bool
    """Whether another session of the name gave way, and no key says that it was theirs."""
    last_input: float
    """When the learner last did something."""
    is_warned: bool
    """Whether the learner was told that nothing was typed for long."""

    def notify(self, words: Message) -> None:
        """Show a sentence in the learner's tutor."""

    def leave(self, last_words: Message | None = None) -> None:
        """Let the session end in good order."""


class Presence:
    """The sessions of one worker, and what the database says of those elsewhere."""

    def __init__(
        self,
        options: ServeOptions,
        *,
        places: int,
        store: SharedStore,
        executor: ThreadPoolExecutor,
        background: Background,
        log: EventLog,
        metrics: Metrics,
    ) -> None:
        """`places` is how many learners this worker may take; `executor` asks the database."""
        self._options, self._places = options, places
        self._store, self._executor, self._background = store, executor, background
        self._log, self._metrics = log, metrics
        self._sessions: dict[str, PresentSession] = {}
        self._is_closed = False
        self.pins = self._new_pins()

    def _new_pins(self) -> Pins | None:
        if not self._options.pins or self._options.auth != "code":
            return None
        return Pins(self._store, self._in_database, self._tell_of_wrong_pins)

    def _tell_of_wrong_pins(self, name: str, count: int) -> None:
        """Let the log and the instructors know that somebody tries to be another."""
        self._log.event("wrong pins", name=name, count=count)
        self.tell_instructors(
            message("{count} wrong PINs came for the name {name}. Forgotten? Free it: "
                    "nabla room free NAME", count=count, name=name)
        )  # fmt: skip

    # --- what is so

    @property
    def names(self) -> list[str]:
        """Who is here."""
        return [each.learner.name for each in self._sessions.values()]

    async def last_words(self, learner: Learner, words: Message | None) -> list[Message]:
        """Return what is said to who leaves: why, and what became of their answers.

        The last of them has some time to be written first.
        """
        said = [] if words is None else [words]
        if words == FORGOTTEN:
            return said
        progress = self._store.progress
        if self._store.trouble is None:
            await wait_for(lambda: not progress.unwritten_by(learner.name), _LAST_WRITE_SECONDS)
        if words == ELSEWHERE and not (learner.is_bound_to or learner.is_proved):
            said.append(NOT_YOU)
        loss = progress.loss(learner.name)
        return [*said, *(loss or ([] if words in (ELSEWHERE, NOTHING_TYPED) else [SAVED]))]

    def loses_answers(self, learner: Learner) -> bool:
        """Whether answers of who leaves are kept nowhere but in memory."""
        return self._store.progress.loses(learner.name)

    # --- in and out

    async def enter(self, session: PresentSession) -> Message | None:
        """Let a session in, or return why not. An older one of the same name gives way."""
        learner = session.learner
        refusal = (
            await self._claim_name(learner)
            or self._why_full(learner)
            or await self._claim_by_pin(session)
            or self._why_full(learner)
        )
        if refusal is not None:
            return refusal
        older = self._sessions.get(_seat(session))
        self._sessions[_seat(session)] = session
        if older is not None:
            older.leave(ELSEWHERE)
            session.took_over = not (learner.is_bound_to or learner.is_proved)
        session.has_entered = True  # from here on `left` undoes it, whatever happens
        opening = self._background.spawn(self._in_database(self._store.enter, learner.name))
        session.opening = await asyncio.shield(opening)
        self._store.append_event(
            NewEvent(
                workshop=self._options.workshop, learner=learner.name, kind=ENTERED,
                data={"session": session.id},
            )
        )  # fmt: skip
        self._count(session, "session")
        return None

    def left(self, session: PresentSession) -> None:
        """Take a session out."""
        name = session.learner.name
        if self._sessions.get(_seat(session)) is session:
            del self._sessions[_seat(session)]
        if session.has_entered:
            self._background.spawn(self._in_database(self._store.leave, name))
            self._count(session, "left")

    def _why_full(self, learner: Learner) -> Message | None:
        if self._is_closed:
            return CLOSING
        if learner.is_instructor or learner.name in self._sessions:
            return None
        if len(self._sessions) < self._places:
            return None
        self._metrics.rejected("full")
        self._log.event("full", name=learner.name)
        return message("The workshop is full just now: try again in a few minutes.")

    async def _claim_name(self, learner: Learner) -> Message | None:
        """Let the name belong to its learner's key; return why it cannot."""
        key = learner.is_bound_to
        if key is None:
            return None
        try:
            is_theirs = await self._in_database(self._store.claim_name, learner.name, key)
        except StorageError as error:
            self._log.event("name not known", why=str(error))
            return message("The workshop's database cannot be used: try again in a minute.")
        if is_theirs:
            return None
        self._metrics.rejected("name of another key")
        self._log.event("name of another key", name=learner.name, key=key)
        return message(
            "This name belongs to another key: choose another name, or name your key with ssh -i."
        )

    async def _claim_by_pin(self, session: PresentSession) -> Message | None:
        """Give a name that is nobody's a PIN; return why the learner cannot have it."""
        learner = session.learner
        if self.pins is None or learner.is_proved or learner.is_instructor:
            return None
        try:
            session.new_pin = await self.pins.claim(learner.name)
        except StorageError as error:
            self._log.event("name not known", why=str(error))
            return None
        if session.new_pin is None:
            return message("This name has just been taken by somebody else: choose another.")
        return None

    async def free(self, name: str) -> None:
        """Let another own a name."""
        try:
            await self._in_database(self._store.release_name, name)
        except StorageError as error:
            self._log.event("name not freed", name=name, why=str(error))
            return
        self._log.event("name freed", name=name)

    def _count(self, session: PresentSession, what: str) -> None:
        self._metrics.sessions(len(self._sessions))
        self._log.event(what, name=session.learner.name, sessions=len(self._sessions))

    async def _in_database(self, call: Callable[..., T], *arguments: object) -> T:
        """Ask the database in a thread of its own: one that is away holds no screen up."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._executor, partial(call, *arguments))

    # --- news of others

    def hear(self, event: Row) -> None:
        """End the session of a learner who came in at another worker or machine."""
        session = self._sessions.get(event.learner or "")
        if session is None or event.kind != ENTERED:
            return
        if event.data.get("session") == session.id:
            session.is_announced = True
        elif session.is_announced:  # else it is older than ours
            session.leave(ELSEWHERE)

    def end_forgotten(self, names: frozenset[str]) -> None:
        """End the sessions of those who were deleted, and delete what they did meanwhile."""
        for session in list(self._sessions.values()):
            if session.learner.name in names:
                session.leave(FORGOTTEN)
                self._background.spawn(self._forget_again(session))

    async def _forget_again(self, session: PresentSession) -> None:
        await wait_for(lambda: session not in self._sessions.values(), None)
        try:
            await self._in_database(self._store.delete_learner, session.learner.name)
        except StorageError as error:
            self._log.event("not forgotten", why=str(error))
            return
        self._store.append_event(NewEvent(workshop=self._options.workshop, kind=kind_of(Forgotten)))
        self._log.event("forgotten")

    # --- once a second

    def end_idle(self, now: float) -> None:
        """Warn and end the sessions in which nothing was typed for long."""
        for session in list(self._sessions.values()):
            self._end_if_idle(session, now)

    def _end_if_idle(self, session: PresentSession, now: float) -> None:
        limits = self._options.limits
        left = session.last_input + 60 * limits.idle_minutes - now
        if left <= 0:
            self._log.event("idle", name=session.learner.name)
            session.leave(NOTHING_TYPED)
        elif left <= limits.idle_warning_seconds and not session.is_warned:
            session.is_warned = True
            session.notify(
                plural("Are you still there? Without a key this closes in {count} second.",
                       "Are you still there? Without a key this closes in {count} seconds.",
                       max(1, round(left)))
            )  # fmt: skip

    def tell_instructors(self, words: Message) -> None:
        """Say something to those who teach."""
        for session in list(self._sessions.values()):
            if session.learner.is_instructor:
                session.notify(words)

    # --- the end

    def close(self) -> None:
        """Let nobody in any more."""
        self._is_closed = True

    def tell_of_stop(self) -> None:
        """Say to everybody that this is the end for now, and whether what they did is saved."""
        fate = self._store.progress.trouble
        if fate is None and not self._store.waiting:
            fate = message("Your progress is saved.")
        words = message("The workshop restarts in a moment. {fate}", fate=fate or "")
        for session in list(self._sessions.values()):
            session.notify(words)

    async def wait_until_empty(self, seconds: float | None = None) -> None:
        """Wait until every learner has left, at most so long."""
        await wait_for(lambda: not self._sessions, seconds)

    async def send_home(self, seconds: float) -> None:
        """End all sessions in good order."""
        for session in list(self._sessions.values()):
            session.leave(CLOSING)
        await self.wait_until_empty(seconds)


def _seat(session: PresentSession) -> str:
    """Return what only one session may have: the name; the instructor teaches at several."""
    learner = session.learner
    return f"{learner.name} {session.id}" if learner.is_instructor else learner.name
