"""A disk that writes when the test says so: it is held by a condition, never for a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

from tutor.store.progress_store import ProgressStore
from tutor.store.sqlite_file import ProgressFile

EVER = 1e6
"""Seconds of patience that no test waits for."""


class HeldFile(ProgressFile):
    """A progress file whose disk does nothing while it is held."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.works = Event()
        self.works.set()

    @contextmanager
    def guard(self) -> Iterator[None]:
        self.works.wait()
        with super().guard():
            yield


@contextmanager
def held_store(path: Path) -> Iterator[tuple[ProgressStore, Event]]:
    """Give a store on disk, and what says whether its disk works."""
    file = HeldFile(path)
    store = ProgressStore(file)
    try:
        yield store, file.works
    finally:
        file.works.set()
        store.close()
