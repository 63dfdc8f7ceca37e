"""What the store's tests share: an open store on a real file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.store.postgres import PostgresServer
from tutor.store.opening import open_store
from tutor.store.progress_store import ProgressStore
from tutor.store.shared_store import SharedStore, open_shared_store


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


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty workshop's database: each test runs with both kinds."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/workshop/workshop.sqlite3"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.url(request.getfixturevalue("database"))


@pytest.fixture
def nodes() -> Iterator[Callable[[str], SharedStore]]:
    """Open a workshop's database, as often as wanted, each time as another node would."""
    opened: list[SharedStore] = []

    def open_node(url: str) -> SharedStore:
        opened.append(open_shared_store(url))
        return opened[-1]

    yield open_node
    for node in opened:
        node.close(0.1)
