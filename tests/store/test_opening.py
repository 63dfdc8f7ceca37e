"""Where progress is, and what importing and opening it costs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tutor.store.data_folder import data_folder, progress_file
from tutor.store.opening import open_store

IMPORTS = """
import sys
import tutor.store, tutor.store.model, tutor.store.opening, tutor.store.progress_store
print("sqlalchemy" in sys.modules)
tutor.store.opening.open_in_memory().close()
print("sqlalchemy" in sys.modules)
"""


def test_nabla_home_says_where_the_data_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NABLA_HOME", str(tmp_path / "mine"))
    assert tmp_path / "mine" / "progress.sqlite3" == progress_file()


def test_a_tilde_in_nabla_home_is_the_home_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NABLA_HOME", "~/learning")
    assert tmp_path / "learning" == data_folder()


@pytest.mark.parametrize("unset", [None, ""])
def test_without_nabla_home_the_platform_says_where_the_data_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unset: str | None
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("NABLA_HOME", raising=False)
    if unset is not None:
        monkeypatch.setenv("NABLA_HOME", unset)
    assert tmp_path in data_folder().parents


def test_the_folder_is_made_when_the_store_is_opened(file: Path) -> None:
    opening = open_store(file)
    opening.store.close()
    assert (True, None) == (file.is_file(), opening.notice)


def test_a_path_with_characters_that_urls_reserve_is_taken_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "50% of ∇f?x=1#home" / "progress.sqlite3"
    open_store(file).store.close()
    assert file.is_file()


def test_the_database_library_is_imported_when_a_store_is_opened_and_not_before() -> None:
    run = subprocess.run(
        [sys.executable, "-c", IMPORTS], capture_output=True, text=True, check=True
    )
    assert "False\nTrue\n" == run.stdout
