"""Opens the learner's progress, whatever state the file is in."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.i18n import Message
from tutor.store.data_folder import progress_file
from tutor.store.model import Entry
from tutor.store.progress_store import ProgressStore

if TYPE_CHECKING:  # importing it would import the database library
    from tutor.store.database import Database


@dataclass(frozen=True, slots=True)
class Opening:
    """An open store, and what the learner should know about the file (None: all is well)."""

    store: ProgressStore
    notice: Message | None


def open_store(path: Path | None = None) -> Opening:
    """Open the progress at `path` (None: where this learner's is). Never fails.

    A broken file is kept under another name and everything readable in it is here; a file that
    cannot be used now leaves the store in memory until it can. Takes about 0.2 s the first time
    (the database library is imported): call it beside the first screen.
    """
    from tutor.store.sqlite_file import ProgressFile  # noqa: PLC0415 - imports the library

    store = ProgressStore(ProgressFile(path or progress_file()))
    return Opening(store, store.notice or store.trouble)


def open_in_memory() -> ProgressStore:
    """Return a store that lives as long as the program: for previews and tests."""
    return ProgressStore(MemoryStorage())


class MemoryStorage:
    """Keeps nothing beyond the program's life and knows no trouble."""

    notice: Message | None = None
    takes_time = False
    kept_in = None

    def open(self) -> Database:
        """Return a new, empty database."""
        from tutor.store.sqlite_file import memory_database  # noqa: PLC0415 - imports the library

        return memory_database()

    def guard(self) -> AbstractContextManager[None]:
        """Let every error through: memory has none to translate."""
        return nullcontext()

    def was_replaced(self) -> bool:
        """Memory stays what it is."""
        return False

    def keep_waiting(self, entries: list[Entry]) -> int:  # noqa: ARG002 - a file's storage uses it
        """Keep nothing: in memory everything can be written."""
        return 0

    def brought_in(self) -> int:
        """Nothing was kept."""
        return 0

    def rescue(self) -> Database:
        """Return an empty database: there is nothing to read."""
        return self.open()

    def empty(self) -> Database:
        """Return an empty database."""
        return self.open()
