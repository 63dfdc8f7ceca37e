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
            if {"workshop", "serve", "hostile"} & set(getattr(item, "fixturenames", ())):
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


@pytest.fixture(scope="session")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    workshop = Workshop(
        tmp_path_factory.mktemp("attacked"),
        "--penalty", "0", "--stalled-seconds", "1", "--login-seconds", "3",
    )  # fmt: skip
    yield workshop
    workshop.close()


@pytest.fixture
def hostile(attacked: Workshop) -> Iterator[Workshop]:
    """A workshop under attack, which bears it: short waits, so that tests need not wait."""
    yield attacked
    assert attacked.process.poll() is None, "the server is down"
    assert [] == attacked.noise
    assert [] == [each for each in attacked.events if each["event"] == "crash"]


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
