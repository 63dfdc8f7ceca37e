"""A storage without a file."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

from tutor.i18n import Message
from tutor.store.database import Database
from tutor.store.model import Entry
from tutor.store.sqlite_file import memory_database
from tutor.store.sqlite_pages import SavedRows


class MemoryStorage:
    """Keeps nothing beyond the program's life and knows no trouble."""

    notice: Message | None = None
    takes_time = False
    kept_in = None

    def open(self) -> Database:
        """Return a new, empty database."""
        return memory_database(SavedRows())

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
