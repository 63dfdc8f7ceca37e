"""Writes in the background, in order, each thing once, however long the database is away."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from threading import Condition, Lock, Thread
from typing import Final, Generic, Protocol, TypeVar

from tutor.i18n import message
from tutor.store.backlog import Backlog
from tutor.store.trouble import RefusedError, StorageError

T = TypeVar("T")
T_contra = TypeVar("T_contra", contravariant=True)

SILENT: Final = message("The database takes very long to answer")
MOST_AT_ONCE: Final = 200
"""Items in one transaction."""
_FIRST_PAUSE: Final = 0.2
_LONGEST_PAUSE: Final = 5.0
"""Seconds between tries: the pauses double up to this, and vary, so that nodes do not march."""
_LONGEST_WRITE: Final = 10.0
"""Seconds that others wait for a write to end."""
_LEAST_END: Final = 1.0
"""Seconds that a try under way may take to end."""
_REFUSALS: Final = 3
"""Tries of one item that the database refuses, before it is given up."""


class Writing(Protocol[T_contra]):
    """Where the items go (`workshop_rows.WorkshopRows.write`); StorageErrors for what fails."""

    def __call__(self, number: int, items: Sequence[T_contra], *, again: bool) -> None:
        """Write batch `number` once, whatever became of an earlier try."""


class WriteQueue(Generic[T]):
    """Items on their way into the database, and one thread that brings them there.

    `put` never waits for the database. While it is away, items wait in the backlog and the thread
    tries again with growing pauses; `trouble` says why, and is None as soon as it works.
    """

    def __init__(
        self,
        write: Writing[T],
        ask: Callable[[], None],
        recovered: Callable[[], None] = lambda: None,
        *,
        returning: Callable[[], None] = lambda: None,
        backlog: Backlog[T] | None = None,
    ) -> None:
        """After trouble, `returning` is called before the first write, `recovered` after it."""
        self._write = write
        self._ask = ask
        self._recovered, self._returning = recovered, returning
        self.backlog: Backlog[T] = Backlog() if backlog is None else backlog
        self._changed = Condition()
        self._database = Lock()
        self._trouble: StorageError | None = None
        self._receipts: dict[int, Future[None]] = {}
        """Of items that wait, by their identity."""
        self._failures = 0
        self._refusals = 0
        self._one_by_one = 0
        self._hurry = False
        self._stopping = False
        self.refused = 0
        """Items that the database would never take; they are lost, and nothing waits for them."""
        self._thread = Thread(target=self._run, name="workshop-database", daemon=True)
        self._thread.start()

    @property
    def trouble(self) -> StorageError | None:
        """Why items wait just now; None where they are written as they come."""
        return self._trouble

    @property
    def waiting(self) -> int:
        """How many items are not written yet."""
        return len(self.backlog)

    @property
    def is_full(self) -> bool:
        """Whether so much waits that nothing more is taken."""
        return self.backlog.is_full

    @property
    def lost(self) -> int:
        """Items that were not taken, because too many waited."""
        return self.backlog.lost

    @property
    def kept_in(self) -> Path | None:
        """The file in which what waits outlives the process; None where it does not."""
        return self.backlog.kept_in

    def count(self, wanted: Callable[[T], bool]) -> int:
        """Return how many such items are not written yet."""
        with self._changed:
            return sum(map(wanted, self.backlog.items))

    def put(self, *items: T) -> Future[None]:
        """Let the items be written after all that were put before.

        The receipt is done as soon as the first of them is written; never, where it is refused,
        or not taken because too many wait.
        """
        written: Future[None] = Future()
        with self._changed:
            self.backlog.put(items)
            if items and any(item is items[0] for item in self.backlog.items[-len(items) :]):
                self._receipts[id(items[0])] = written
            self._changed.notify_all()
        return written

    def report(self, error: StorageError) -> None:
        """Take note that somebody else met trouble with the database."""
        with self._changed:
            if self._trouble is None:
                self._trouble = error
                self.backlog.keep()
                self._changed.notify_all()

    def try_now(self) -> None:
        """Cut the pause before the next try short."""
        with self._changed:
            self._hurry = True
            self._changed.notify_all()

    def flush(self, seconds: float) -> bool:
        """Wait until everything is written, at most so long; return whether it is."""
        with self._changed:
            return self._changed.wait_for(lambda: not self.backlog and not self._trouble, seconds)

    @contextmanager
    def held(self) -> Iterator[list[T]]:
        """Let nothing be written meanwhile; gives the items that wait, to be read.

        Raises:
            StorageError: A write does not end: the server took it and is silent.
        """
        if not self._database.acquire(timeout=_LONGEST_WRITE):
            raise StorageError(SILENT, "away")
        try:
            yield self.backlog.items
        finally:
            self._database.release()

    def discard(self, unwanted: Callable[[T], bool]) -> None:
        """Let items that wait never be written. Only within `held`."""
        with self._changed:
            self.backlog.discard(unwanted)
            waiting = set(map(id, self.backlog.items))
            self._receipts = {key: each for key, each in self._receipts.items() if key in waiting}

    def close(self, seconds: float) -> int:
        """Write what can be written within so long, and stop; return how many items are lost."""
        self.try_now()
        self.flush(seconds)
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        self._thread.join(max(seconds, _LEAST_END))  # else it would lose its connection in use
        with self._changed:
            return self.backlog.close()

    def _run(self) -> None:
        while self._wait_for_work():
            try:
                with self._database:
                    if self._trouble is not None:
                        self._returning()
                    self._write_or_refuse()
                self._after_success()
            except StorageError as error:
                self._after_failure(error)

    def _wait_for_work(self) -> bool:
        """Return True when there is something to do, False at the end."""
        with self._changed:
            if self._failures:
                pause = min(_FIRST_PAUSE * 2 ** min(self._failures - 1, 10), _LONGEST_PAUSE)
                until = time.monotonic() + pause * random.uniform(0.7, 1.0)  # noqa: S311 - no secret
                while not (self._hurry or self._stopping) and time.monotonic() < until:
                    self._changed.wait(until - time.monotonic())
            else:
                self._changed.wait_for(lambda: self.backlog or self._trouble or self._stopping)
            self._hurry = False
            return not self._stopping

    def _write_or_refuse(self) -> None:
        try:
            self._write_batch()
        except RefusedError:
            self._after_refusal()

    def _write_batch(self) -> None:
        backlog = self.backlog
        again = backlog.in_doubt > 0
        # A batch that may have been written although its connection broke stays as it was.
        count = backlog.in_doubt or (1 if self._one_by_one else MOST_AT_ONCE)
        with self._changed:
            batch = backlog.begin(count)
        if not batch:
            self._ask()
            return
        self._write(backlog.number, batch, again=again)
        for receipt in self._drop(len(batch)):
            receipt.set_result(None)

    def _drop(self, count: int) -> list[Future[None]]:
        """Wait for the first items no longer; return their receipts."""
        with self._changed:
            keys = [id(item) for item in self.backlog.items[:count]]
            self.backlog.end(count)
            receipts = [self._receipts.pop(key) for key in keys if key in self._receipts]
        self._one_by_one = max(0, self._one_by_one - count)
        self._refusals = 0
        return receipts

    def _after_success(self) -> None:
        with self._changed:
            was_away = self._trouble is not None
            self._failures = 0
            self._trouble = None
            self._changed.notify_all()
        if was_away:
            self._recovered()

    def _after_failure(self, error: StorageError) -> None:
        with self._changed:
            self._failures += 1
            self._trouble = error
            self.backlog.keep()

    def _after_refusal(self) -> None:
        """Find the item that is refused, and give it up: the others must not wait for it."""
        self.backlog.in_doubt = 0
        if not self._one_by_one:
            self._one_by_one = min(len(self.backlog), MOST_AT_ONCE)
            return
        self._refusals += 1
        if self._refusals >= _REFUSALS:
            self.refused += 1
            self._drop(1)
