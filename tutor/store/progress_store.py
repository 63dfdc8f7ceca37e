"""The store: on disk while that works, in memory while it does not, without losing a thing."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Protocol, TypeVar

from tutor.i18n import Message
from tutor.store.exchange import Merge, Records, merge, uncollected
from tutor.store.model import Attempt, Entry, LessonProgress, Reset, ResumePoint
from tutor.store.trouble import NewerFileError, StorageError

if TYPE_CHECKING:  # importing it would import the database library
    from tutor.store.database import Database

T = TypeVar("T")


class Storage(Protocol):
    """Where a store keeps its database (`sqlite_file.ProgressFile`)."""

    notice: Message | None
    takes_time: bool
    """Whether a write may take so long that a learner's screen must not wait for it."""

    @property
    def kept_in(self) -> Path | None:
        """The file in which the entries that were kept last wait."""

    def open(self) -> Database:
        """Return the database; StorageError where that does not work now."""

    def guard(self) -> AbstractContextManager[None]:
        """Turn the errors of the database into StorageErrors."""

    def was_replaced(self) -> bool:
        """Whether the open database is no longer the one that others see."""

    def keep_waiting(self, entries: list[Entry]) -> int:
        """Keep what cannot be written now beyond the end of the program, where possible.

        Return how many of the first entries are kept so.
        """

    def brought_in(self) -> int:
        """Return how many of the entries kept last the opened database holds by now."""

    def rescue(self) -> Database:
        """Return a database in memory with all that can be read."""

    def empty(self) -> Database:
        """Return an empty database in memory."""


class ProgressStore:
    """What the learners did and where they are. Any thread may call any method.

    No method raises for a fault of the disk: what cannot be written waits, in memory and where
    possible in a file of its own, and is written, in order, with the next write that works (of
    this program or the next); `trouble` says so meanwhile.
    """

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._lock = RLock()
        self._disk: Database | None = None
        self._memory: Database | None = None
        self._waiting: list[Entry] = []
        self._coming: deque[tuple[tuple[Entry, ...], Future[None]]] = deque()
        self._receipts: list[Future[None]] = []
        self._pen: ThreadPoolExecutor | None = None
        self._tried: Future[object] = Future()
        self._tried.set_result(None)
        self.kept_beside = 0
        """How many of the entries that wait are in a file beside the database."""
        self._trouble: Message | None = None
        self.retry()

    @property
    def trouble(self) -> Message | None:
        """Why progress is in memory only just now; None when all is on disk."""
        return self._trouble

    @property
    def notice(self) -> Message | None:
        """What had to be done to the file (a broken one was mended), for the learner to know."""
        return self._storage.notice

    @property
    def kept_in(self) -> Path | None:
        """The file in which entries wait for the next program that can write; None: none do."""
        return self._storage.kept_in if self.kept_beside else None

    @property
    def waiting_beside(self) -> tuple[Entry, ...]:
        """The entries in that file."""
        with self._lock:
            return tuple(self._waiting[: self.kept_beside])

    @property
    def unwritten(self) -> tuple[Entry, ...]:
        """What is in memory alone: it ends with the program."""
        with self._lock:
            self._take_in()
            return tuple(self._waiting[self.kept_beside :])

    def let_go(self, entries: Sequence[Entry]) -> None:
        """Wait no longer with these, the first unwritten ones: they are kept elsewhere."""
        with self._lock:
            del self._waiting[self.kept_beside : self.kept_beside + len(entries)]

    def hand_in(self, *entries: Entry) -> Future[None]:
        """Begin to write; the receipt is done as soon as all is in the database.

        Never waits for the disk. Every other method comes after what was handed in before it.
        """
        written: Future[None] = Future()
        self._coming.append((entries, written))
        self._beside(self._take_in)
        return written

    def record_attempt(self, attempt: Attempt, resume: ResumePoint | None = None) -> None:
        """Add an attempt and, in the same breath, where the learner is after it."""
        self._write(attempt) if resume is None else self._write(attempt, resume)

    def save_resume(self, point: ResumePoint) -> None:
        """Keep where the learner is; it takes the place of the lesson's earlier point."""
        self._write(point)

    def reset(self, learner: str, lesson: str | None, at: datetime) -> None:
        """Let a lesson (None: all) begin anew. What came before stays on disk, uncounted."""
        self._write(Reset(learner=learner, lesson=lesson, at=at))

    def resume_point(self, learner: str, lesson: str) -> ResumePoint | None:
        """Return where the learner is in the lesson, None if it was not begun."""
        return next(iter(self._read(lambda rows: rows.resume_points(learner, lesson))), None)

    def lesson_progress(self, learner: str) -> Mapping[str, LessonProgress]:
        """Return the lessons that were begun, by their ids."""
        return self._read(lambda rows: rows.lesson_progress(learner))

    def attempts(self, learner: str, lesson: str | None = None) -> list[Attempt]:
        """Return the attempts since the last reset, the oldest first."""
        return self._read(lambda rows: rows.attempts(learner, lesson))

    @uncollected()
    def records(self, learner: str) -> Records:
        """Return all that counts of a learner, to take it elsewhere."""
        return self._read(lambda rows: rows.records(learner))

    @uncollected()
    def bring_in(self, learner: str, elsewhere: Records) -> Merge:
        """Add what was done elsewhere, all of it or nothing; return what was new."""
        with self._lock:
            merged = merge(self.records(learner), elsewhere)
            if merged.entries:
                self._write(*merged.entries)
            return merged

    def retry_beside(self) -> Future[object]:
        """Try to write what waits, without waiting for the disk; done once it was tried."""
        return self._beside(self.retry)

    @property
    def tried(self) -> Future[object]:
        """What is done once all that was handed in was tried: then no method has to wait."""
        return self._tried

    def retry(self) -> bool:
        """Try to write what waits; return whether everything is on disk."""
        with self._lock:
            self._take_in()
            try:
                self._flush()
            except StorageError as error:
                self._fall_back(error)
            return self._trouble is None

    def close(self) -> None:
        """Try once more to write what waits, and let go of the file. May be called twice."""
        pen, self._pen = self._pen, None
        if pen is not None:
            pen.shutdown()
        with self._lock:
            if self._waiting:
                self.retry()
            for database in (self._disk, self._memory):
                if database is not None:
                    database.close()
            self._disk = self._memory = None

    def _write(self, *entries: Entry) -> None:
        with self._lock:
            self._take_in()
            self._write_now(entries)

    def _beside(self, work: Callable[[], object]) -> Future[object]:
        """Do work that may wait for the disk: in a thread of its own, where it may."""
        if self._storage.takes_time:
            if self._pen is None:
                self._pen = ThreadPoolExecutor(1, thread_name_prefix="progress-pen")
            self._tried = self._pen.submit(work)
        else:
            work()
        return self._tried

    def _take_in(self) -> None:
        """Write what was handed in, in order."""
        with self._lock:
            while self._coming:
                entries, written = self._coming.popleft()
                self._receipts.append(written)
                try:
                    self._write_now(entries)
                except BaseException as error:
                    self._receipts.remove(written)
                    written.set_exception(error)

    def _write_now(self, entries: tuple[Entry, ...]) -> None:
        before = len(self._waiting)
        self._waiting.extend(entries)
        try:
            self._flush()
        except StorageError as error:
            self._fall_back(error, entries)
        except BaseException:
            del self._waiting[before:]
            raise

    def _flush(self) -> None:
        """Bring everything that waits to the disk, opening the file (again) where needed."""
        if self._disk is not None and self._storage.was_replaced():
            self._disk.close()
            self._disk = None
        disk = self.open_disk()
        if self._waiting:
            with self._storage.guard():
                disk.write(self._waiting)
        self._waiting.clear()
        self._trouble = None
        self._sign_receipts()
        if self._memory is not None:
            self._memory.close()
            self._memory = None

    def _sign_receipts(self) -> None:
        receipts, self._receipts = self._receipts, []
        for each in receipts:
            each.set_result(None)

    def _fall_back(self, error: StorageError, entries: tuple[Entry, ...] = ()) -> None:
        """Go on in memory, with what can be read of the file and all that waits."""
        self._trouble = error.message
        if self._disk is not None:
            self._disk.close()
            self._disk = None
        if self._memory is not None:
            self._memory.write(entries)
        else:
            ours = not isinstance(error, NewerFileError)
            self._memory = self._storage.rescue() if ours else self._storage.empty()
            self._memory.write(self._waiting)
        if self._waiting:
            self.kept_beside = self._storage.keep_waiting(self._waiting)

    def _read(self, read: Callable[[Database], T]) -> T:
        with self._lock:
            self._take_in()
            if self._memory is None:
                try:
                    with self._storage.guard():
                        return read(self.open_disk())
                except StorageError as error:
                    self._fall_back(error)
            assert self._memory is not None  # noqa: S101 - `_fall_back` has made it
            return read(self._memory)

    def open_disk(self) -> Database:
        """Return the database on the disk; StorageError where it cannot be opened now."""
        if self._disk is None:
            self._disk = self._storage.open()
            del self._waiting[: self._storage.brought_in()]
            self.kept_beside = 0
        return self._disk
