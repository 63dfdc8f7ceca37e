"""A workshop's database: the progress of many learners, and what happens in the room.

Every worker process opens its own (`open_shared_store`), after it was started: connections do not
survive a fork. Who calls what from where:

- from the event loop: all of `progress` (`ProgressStore` as everywhere), `append_event`, `trouble`;
  they never wait for the database;
- from a thread: everything else. A call takes milliseconds, and at worst the seconds of a time-out
  (3 to connect, 5 for a statement, 8 where the server froze); while the database is known to be
  away, none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from threading import Lock, Thread
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from tutor.errors import TutorError
from tutor.i18n import Message, message
from tutor.store.backlog import MOST, Backlog
from tutor.store.model import Attempt, NewEvent, WorkshopEvent
from tutor.store.opening import Opening
from tutor.store.shared_progress import SharedProgress, not_read
from tutor.store.spill_file import SpillFile, left_behind
from tutor.store.trouble import RefusedError, StorageError, TroubleKind
from tutor.store.write_queue import SILENT, WriteQueue

if TYPE_CHECKING:  # importing it would import the database library
    from tutor.store.workshop_database import WorkshopDatabase
    from tutor.store.workshop_rows import Item

T = TypeVar("T")

LONGEST_QUESTION: Final = 8.0
"""Seconds after which a question counts as unanswered. The time-outs of a sound server are less."""


def open_shared_store(
    url: str, *, patient: bool = False, spill: Path | None = None, most: int = MOST
) -> SharedStore:
    """Open the database at `url` and bring its tables up to date. Blocks: call it in a thread.

    `sqlite:///FILE`, or `postgresql+psycopg://NAME:PASSWORD@HOST/DATABASE` with the extra
    `postgres`. Where `patient`, a database that is away is no error: it may come later. In the
    folder `spill`, what waits for the database outlives the process; at most `most` things wait.

    Raises:
        TutorError: The URL is wrong, the driver is missing, or the database cannot be used; one
            sentence with the mend and without the password.
    """
    from tutor.store.workshop_database import WorkshopDatabase  # noqa: PLC0415 - the library

    database = WorkshopDatabase(url)
    store = SharedStore(database, spill=spill, most=most)
    try:
        database.prepare()
        store.bring_in_left_behind()
    except StorageError as error:
        if not patient:
            store.close(0)
            raise TutorError(error.message) from None
        store.report(error)
    return store


def alike_words(names: Iterable[str]) -> Message:
    """Return what is said of names that differ in their capitals alone."""
    return message(
        "These names differ in capitals alone and are kept apart: {names}. `nabla room rename` "
        "joins two of them, or gives one another name.",
        names=", ".join(names),
    )


class SharedStore:
    """One process's door to the workshop's database. Any thread may call any method."""

    def __init__(
        self, database: WorkshopDatabase, *, spill: Path | None = None, most: int = MOST
    ) -> None:
        self.database = database
        """What waits for it is in the queue; its own methods block."""
        self.spill = spill
        """The folder in which what waits outlives the process; None: nothing does."""
        self.brought_in = 0
        """Entries that other processes had left, and that this one has written."""
        self.queue: WriteQueue[Item] = WriteQueue(
            database.write, database.ask, self._read_missed, returning=self.bring_in_left_behind,
            backlog=self._new_backlog(most),
        )  # fmt: skip
        self.progress = SharedProgress(self.queue)
        """The store for every session of this process."""
        self._owners: dict[str, str] = {}
        self._present: dict[str, int] = {}
        self._unread: set[str] = set()
        self._gone: set[str] = set()
        self._lock = Lock()

    @property
    def trouble(self) -> Message | None:
        """Why things wait just now, in memory and in the file; None where none must."""
        error = self.queue.trouble
        return None if error is None else error.message

    @property
    def trouble_kind(self) -> TroubleKind | None:
        """What kind of trouble that is."""
        error = self.queue.trouble
        return None if error is None else error.kind

    @property
    def kept_in(self) -> Path | None:
        """The file in which what waits outlives the process; None where there is none."""
        return self.queue.kept_in

    @property
    def waiting(self) -> int:
        """How many entries and events are not written yet."""
        return self.queue.waiting

    @property
    def answers_waiting(self) -> int:
        """How many answers are not written yet."""
        return self.queue.count(lambda item: isinstance(item, Attempt))

    @property
    def refused(self) -> int:
        """How many entries and events the database answered that it will never take; gone."""
        return self.queue.refused

    @property
    def lost(self) -> int:
        """How many entries were not taken, because too many waited."""
        return self.queue.lost

    def report(self, error: StorageError) -> None:
        """Take note that the database cannot be used now."""
        self.queue.report(error)

    def bring_in_left_behind(self) -> None:
        """Write what processes that are no more could not write. Blocks.

        Raises:
            StorageError: The database is away.
        """
        if self.spill is None:
            return
        with left_behind(self.spill, self.database.place) as found:
            for each in found:
                with suppress(RefusedError):  # it would be refused for ever
                    self.brought_in += self.database.bring_in(each)

    def enter(self, learner: str) -> Opening:
        """Bring in a learner's progress as a session begins; say where that is not possible now.

        It is brought in later then, as soon as the database is back. Each `enter` is followed by
        a `leave`, so that memory holds those who are there. Blocks.
        """
        with self._lock:
            self._present[learner] = self._present.get(learner, 0) + 1
            self._gone.discard(learner)
        return Opening(self.progress, self._take(learner))

    def leave(self, learner: str) -> None:
        """Forget a learner as the session ends; what waits is written all the same."""
        with self._lock:
            left = self._present.get(learner, 1) - 1
            self._present[learner] = left
            if left <= 0:
                del self._present[learner]
                self._unread.discard(learner)
                self._gone.add(learner)
        if not self.queue.trouble:  # else who comes back meanwhile goes on from memory
            self._forget_gone()

    def append_event(self, event: NewEvent) -> None:
        """Let an event be seen by every node. Never waits; it is seen once it is written."""
        self.queue.put(event)

    def events_after(
        self, number: int, limit: int = 500, workshop: str | None = None
    ) -> Sequence[WorkshopEvent]:
        """Return at most `limit` events after event `number`; none while the database is away.

        Every node sees each event once, in one order: ask with the last number seen. Blocks.
        """
        with suppress(StorageError):
            return self._ask(lambda: self.database.rows.events_after(number, limit, workshop))
        return ()

    def owner_of(self, name: str) -> str | None:
        """Return the fingerprint of the key that owns the name, None where nobody does. Blocks.

        While the database is away, what this process knows holds.

        Raises:
            StorageError: The database is away, and this process does not know.
        """
        return self._owner(name, lambda: self.database.rows.owner_of(name))

    def claim_name(self, name: str, fingerprint: str) -> bool:
        """Whether the name belongs to this key; the first that comes owns it. Blocks.

        Raises:
            StorageError: The database is away, and this process does not know.
        """
        rows = self.database.rows
        return self._owner(name, lambda: rows.claim_name(name, fingerprint)) == fingerprint

    def pin_of(self, name: str) -> str | None:
        """Return what is kept of the PIN of a name, None where there is none. Blocks.

        Raises:
            StorageError: The database is away.
        """
        return self._ask(lambda: self.database.rows.pin_of(name))

    def set_pin(self, name: str, pin: str) -> bool:
        """Keep the PIN of a name, hashed; return False where it has one. Blocks.

        Raises:
            StorageError: The database is away.
        """
        return self._ask(lambda: self.database.rows.set_pin(name, pin))

    def alike(self) -> Sequence[Sequence[str]]:
        """Return the names that differ in their capitals alone, by groups. Blocks.

        Raises:
            StorageError: The database is away.
        """
        groups: dict[str, list[str]] = {}
        for name in self._ask(self.database.rows.learners):
            groups.setdefault(name.casefold(), []).append(name)
        return [group for group in groups.values() if len(group) > 1]

    def rename(self, learner: str, name: str) -> None:
        """Keep a learner under another name, joined with what that name has. Blocks.

        Raises:
            StorageError: The database is away; nothing was changed.
        """
        with self.queue.held():
            self._ask(lambda: self.database.rows.rename(learner, name))
            self.progress.forget(learner)

    def release_name(self, name: str) -> None:
        """Let another own the name; StorageError where the database is away. Blocks."""
        self._ask(lambda: self.database.rows.release_name(name))
        self._owners.pop(name, None)

    def delete_learner(self, learner: str) -> None:
        """Delete all that is kept of a learner: answers, places, events, key. Blocks.

        End the learner's sessions first: what they do afterwards is kept again.

        Raises:
            StorageError: The database is away; nothing was deleted.
        """
        with self.queue.held():
            self._ask(lambda: self.database.rows.delete_learner(learner))
            self.queue.discard(lambda item: item.learner == learner)
            self.progress.forget(learner)

    def workshops(self) -> Sequence[str]:
        """Return the names of the workshops of which something is kept. Blocks.

        Raises:
            StorageError: The database is away.
        """
        return self._ask(self.database.rows.workshops)

    def delete_workshop(self, workshop: str) -> Sequence[str]:
        """Delete a workshop, and the learners who were in no other; return their names. Blocks.

        Raises:
            StorageError: The database is away; nothing was deleted.
        """
        with self.queue.held():
            gone = self._ask(lambda: self.database.rows.delete_workshop(workshop))
            self.queue.discard(lambda item: _belongs_to(item, workshop, gone))
            for learner in gone:
                self.progress.forget(learner)
            return gone

    def purge(self, older_than: timedelta) -> int:
        """Delete events that are older, keep progress; return how many went. Blocks.

        Raises:
            StorageError: The database is away; nothing was deleted.
        """
        return self._ask(lambda: self.database.rows.purge(older_than))

    def flush(self, seconds: float = 5.0) -> bool:
        """Wait until everything is written, at most so long; return whether it is."""
        return self.queue.flush(seconds)

    def close(self, seconds: float = 5.0) -> int:
        """Write what can be written within so long; return how many entries are lost. Blocks.

        What is kept in a file is not lost: the next that opens the database writes it.
        """
        lost = self.queue.close(seconds)
        if not self.queue.waiting:  # else who brings it in must know what was written
            with suppress(StorageError):
                self._ask(self.database.rows.sign_off)
        self.database.close()
        self.progress.end()
        return lost

    def _new_backlog(self, most: int) -> Backlog[Item]:
        database, keeping = self.database, None
        if self.spill is not None:
            keeping = SpillFile(self.spill, database=database.place, writer=database.rows.writer)
        return Backlog(
            most=most, is_fleeting=lambda item: isinstance(item, NewEvent), keeping=keeping
        )

    def _owner(self, name: str, question: Callable[[], str | None]) -> str | None:
        try:
            owner = self._ask(question)
        except StorageError:
            if name not in self._owners:
                raise
            return self._owners[name]
        if owner is not None:
            self._owners[name] = owner
        return owner

    def _take(self, learner: str) -> Message | None:
        try:
            self._ask(lambda: self.progress.take(learner, lambda: self.database.records(learner)))
        except StorageError as error:
            with self._lock:
                self._unread.add(learner)
            return not_read(error)
        return None

    def _read_missed(self) -> None:
        """Bring in those who came while the database was away."""
        with self._lock:
            missed, self._unread = self._unread, set()
        for learner in missed:
            self._take(learner)
        self._forget_gone()

    def _forget_gone(self) -> None:
        with self._lock:
            for learner in self._gone:
                self.progress.forget(learner)
            self._gone.clear()

    def _ask(self, question: Callable[[], T]) -> T:
        """Ask the database, unless it is known to be away."""
        trouble = self.queue.trouble
        if trouble is not None:
            raise StorageError(trouble.message, trouble.kind)
        try:
            with self.database.guard():
                return _within(LONGEST_QUESTION, question)
        except StorageError as error:
            self.queue.report(error)
            raise


def _within(seconds: float, question: Callable[[], T]) -> T:
    """Return the answer if it comes in time: a server that froze would be waited for for ever."""
    answer: Future[T] = Future()

    def ask() -> None:
        try:
            answer.set_result(question())
        except BaseException as error:
            answer.set_exception(error)

    # A thread of a pool would be waited for at the end of the program.
    Thread(target=ask, name="workshop-question", daemon=True).start()
    try:
        return answer.result(seconds)
    except TimeoutError:
        raise StorageError(SILENT, "away") from None


class _OfLearner(Protocol):
    @property
    def learner(self) -> str | None: ...


def _belongs_to(item: _OfLearner, workshop: str, learners: Sequence[str]) -> bool:
    return item.learner in learners or (isinstance(item, NewEvent) and item.workshop == workshop)
