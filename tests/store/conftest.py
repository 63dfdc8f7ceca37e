"""What the store's tests share: an open store on a real file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tutor.store.opening import open_store
from tutor.store.progress_store import ProgressStore


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the progress file will be: neither it nor its folder exists yet."""
    return tmp_path / "home" / "progress.sqlite3"


@pytest.fixture
def opened(file: Path) -> Iterator[Callable[[], ProgressStore]]:
    """Open the store of `file`, as often as wanted, each time as another tutor would."""
    stores: list[ProgressStore] = []

    def opener() -> ProgressStore:
        stores.append(open_store(file).store)
        return stores[-1]

    yield opener
    for store in stores:
        store.close()


@pytest.fixture
def store(opened: Callable[[], ProgressStore]) -> ProgressStore:
    """A store on a new file."""
    return opened()
