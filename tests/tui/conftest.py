"""What the tests of the terminal program share: progress in memory, and a terminal with colours."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.tui.apps import in_memory
from tutor.store.progress_store import ProgressStore


@pytest.fixture
def store() -> Iterator[ProgressStore]:
    with in_memory() as opened:
        yield opened


@pytest.fixture
def truecolor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.delenv("NO_COLOR", raising=False)
