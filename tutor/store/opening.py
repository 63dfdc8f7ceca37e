"""Opens the learner's progress, whatever state the file is in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tutor.i18n import Message
from tutor.store.location import progress_file
from tutor.store.progress_store import ProgressStore


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
    from tutor.store.memory_storage import MemoryStorage  # noqa: PLC0415 - imports the library

    return ProgressStore(MemoryStorage())
