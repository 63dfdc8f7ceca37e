"""The progress of the learners of one process, read from memory and written in the background."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tutor.i18n import Message, message, plural
from tutor.store.exchange import Records
from tutor.store.model import Attempt, Entry, NewEvent
from tutor.store.opening import MemoryStorage
from tutor.store.progress_store import ProgressStore
from tutor.store.trouble import StorageError, TroubleKind
from tutor.store.write_queue import WriteQueue

if TYPE_CHECKING:
    from tutor.store.workshop_rows import Item

_REASONS: Final[Mapping[TroubleKind, Message]] = {
    "away": message("The workshop's database does not answer just now."),
    "full": message("The disk of the workshop's database is full."),
    "read-only": message("The workshop's database can only be read just now."),
    "not allowed": message("The workshop's server may not write its database."),
    "forbidden": message("The workshop's database lets the server not in."),
    "unknown": message("The workshop's database is not there any more."),
    "crowded": message("The workshop's database takes no more connections."),
    "locked": message("Another program has locked the workshop's database."),
    "other": message("The workshop's database cannot be used just now."),
}
"""What learners are told; the mend stands in the log and before the instructor."""


def not_read(error: StorageError) -> Message:
    """Say to who comes in that their progress cannot be read."""
    return message(
        "{reason} What you did earlier cannot be shown. It is not lost; what you do is kept, and "
        "written as soon as that is mended.",
        reason=_reason(error),
    )


class SharedProgress(ProgressStore):
    """The store of all sessions of a process. No method waits for the database.

    It answers from what this process knows: what `take` brought from the database, and what was
    done here since. What is recorded goes into memory at once and into the queue.
    """

    def __init__(self, queue: WriteQueue[Item]) -> None:
        self._queue = queue
        self._given: dict[str, list[Future[None]]] = {}
        """The receipts of the answers of each learner who is there."""
        super().__init__(MemoryStorage())

    @property
    def trouble(self) -> Message | None:
        """Why progress is in memory only just now; None when it is written as it comes."""
        error = self._queue.trouble
        if self._queue.is_full:
            return _nothing_more(error)
        return (
            None if error is None else _what_waits(error, is_kept=self._queue.kept_in is not None)
        )

    def hand_in(self, *entries: Entry) -> Future[None]:
        """Let entries be written; the receipt is done as soon as they are in the database."""
        with self._lock:
            super()._write(*entries)
            receipt = self._queue.put(*entries)
            if isinstance(entries[0], Attempt):
                name = entries[0].learner
                self._given[name] = [*self._open_receipts(name), receipt]
            return receipt

    def unwritten_by(self, learner: str) -> int:
        """Return how many answers that a learner handed in are not in the database."""
        return len(self._open_receipts(learner))

    def _open_receipts(self, learner: str) -> list[Future[None]]:
        return [each for each in self._given.get(learner, ()) if not each.done()]

    def loss(self, learner: str) -> list[Message]:
        """Say to a learner who leaves what is not written, and the way out; nothing if all is."""
        unwritten, waiting = self.unwritten_by(learner), self._waiting_of(learner)
        error = self._queue.trouble
        said = [_reason(error)] if error is not None else []
        if waiting:
            said += _way_out(waiting, self._queue.kept_in)
        if unwritten > waiting:
            said.append(plural("{count} answer of yours could not be kept and is lost.",
                               "{count} answers of yours could not be kept and are lost.",
                               unwritten - waiting))  # fmt: skip
        return said if unwritten else []

    def loses(self, learner: str) -> bool:
        """Whether answers of a learner end with this process: no file keeps them."""
        kept = self._waiting_of(learner) if self._queue.kept_in else 0
        return self.unwritten_by(learner) > kept

    def _waiting_of(self, learner: str) -> int:
        return self._queue.count(lambda item: isinstance(item, Attempt) and item.learner == learner)

    def retry_beside(self) -> Future[object]:
        """Let the queue try again now."""
        self._queue.try_now()
        return self.tried

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
            self._given.pop(learner, None)
            self._read(lambda rows: rows.replace(learner, Records()))

    def _write(self, *entries: Entry) -> None:
        with self._lock:
            super()._write(*entries)
            self._queue.put(*entries)


def _reason(error: StorageError | None) -> Message:
    return _REASONS["away" if error is None else error.kind]


def _what_waits(error: StorageError, *, is_kept: bool) -> Message:
    reason = _reason(error)
    if is_kept:
        return message(
            "{reason} What you do is kept in a file of the server, and written as soon as that is "
            "mended: go on.",
            reason=reason,
        )
    return message(
        "{reason} What you do is kept in the server's memory alone, and written as soon as that is "
        "mended: tell whoever leads the workshop.",
        reason=reason,
    )


def _nothing_more(error: StorageError | None) -> Message:
    return message("{reason} So much waits that nothing more can be kept: what you do now is not "
                   "saved. What you did before is. Tell whoever leads the workshop.",
                   reason=_reason(error))  # fmt: skip


def _way_out(waiting: int, kept_in: Path | None) -> list[Message]:
    count = plural("{count} answer of yours is not written yet.",
                   "{count} answers of yours are not written yet.", waiting)  # fmt: skip
    if kept_in is None:
        return [count, message("The server's memory alone holds what is not written: tell whoever "
                               "leads the workshop.")]  # fmt: skip
    file = message("What is not written waits on the server, in {file}.", file=kept_in.name)
    return [count, file, message("It comes in by itself once that is mended: tell whoever leads "
                                 "the workshop.")]  # fmt: skip
