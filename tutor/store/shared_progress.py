"""The progress of the learners of one process, read from memory and written in the background."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from tutor.i18n import Message, message
from tutor.store.merging import Records
from tutor.store.model import Entry
from tutor.store.progress_store import ProgressStore
from tutor.store.workshop import NewEvent
from tutor.store.write_queue import WriteQueue

if TYPE_CHECKING:
    from tutor.store.workshop_rows import Item

AWAY: Final = message(
    "The workshop's database is away just now. What you do is kept, and written as soon as it is "
    "back: go on."
)
FULL: Final = message(
    "The workshop's database has been away so long that nothing more can be kept: what you do now "
    "is not saved. What you did before is. Tell whoever leads the workshop."
)
NOT_READ: Final = message(
    "The workshop's database is away just now: what you did earlier cannot be shown. It is not "
    "lost; what you do is kept, and written as soon as the database is back."
)


class SharedProgress(ProgressStore):
    """The store of all sessions of a process. No method waits for the database.

    It answers from what this process knows: what `take` brought from the database, and what was
    done here since. What is recorded goes into memory at once and into the queue.
    """

    def __init__(self, queue: WriteQueue[Item]) -> None:
        from tutor.store.memory_storage import MemoryStorage  # noqa: PLC0415 - imports the library

        self._queue = queue
        super().__init__(MemoryStorage())

    @property
    def trouble(self) -> Message | None:
        """Why progress is in memory only just now; None when it is written as it comes."""
        if self._queue.is_full:
            return FULL
        return AWAY if self._queue.trouble is not None else None

    def retry(self) -> bool:
        """Let the queue try again now; return whether everything is written already."""
        super().retry()
        self._queue.try_now()
        return not self._queue.waiting and self.trouble is None

    def close(self) -> None:
        """Do nothing: a session that ends closes no store that others use."""

    def end(self) -> None:
        """Let go of the memory, as the process ends."""
        super().close()

    def take(self, learner: str, records: Callable[[], Records]) -> None:
        """Put a learner's `records` in the place of what is known, and what waits on top.

        StorageErrors of `records` go through; what is known stays.
        """
        with self._queue.held() as items:
            found = records()
            with self._lock:
                waiting = [
                    item
                    for item in items
                    if not isinstance(item, NewEvent) and item.learner == learner
                ]
                self._read(lambda rows: rows.replace(learner, found))
                super()._write(*waiting)

    def forget(self, learner: str) -> None:
        """Let memory know nothing of the learner any more; what waits is written all the same."""
        with self._lock:
            self._read(lambda rows: rows.replace(learner, Records()))

    def _write(self, *entries: Entry) -> None:
        with self._lock:
            super()._write(*entries)
            self._queue.put(*entries)
