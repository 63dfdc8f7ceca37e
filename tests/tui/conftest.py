"""What the pictures of the terminal program share: a terminal with all colours."""

from __future__ import annotations

import pytest


@pytest.fixture
def truecolor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.delenv("NO_COLOR", raising=False)
