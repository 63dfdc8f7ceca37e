"""What the server's tests share: one workshop for all that need no other."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.workshop import Serve, Workshop


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs the OpenSSH client where there is none."""
    if shutil.which("ssh") is None:
        skip = pytest.mark.skip(reason="skipped: the OpenSSH client is not installed")
        for item in items:
            if {"workshop", "serve"} & set(getattr(item, "fixturenames", ())):
                item.add_marker(skip)


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    workshop = Workshop(tmp_path_factory.mktemp("workshop"))
    yield workshop
    workshop.close()


@pytest.fixture
def workshop(running: Workshop) -> Workshop:
    """A workshop with the code; others use it at the same time, so take a name of your own."""
    return running


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Start a workshop of your own, with options."""
    started: list[Workshop] = []

    def start(*options: str, **settings: str | None) -> Workshop:
        home = tmp_path / f"workshop{len(started)}"
        started.append(Workshop(home, *options, **settings))
        return started[-1]

    yield start
    for each in started:
        each.close()
