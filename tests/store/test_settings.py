"""The settings come back as they were chosen, whatever happened to their file."""

import json
from pathlib import Path

import pytest

from tutor.store.settings import Settings, change_settings, read_settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "settings.json"


def test_nothing_is_chosen_at_first_and_looking_makes_no_file(file: Path):
    assert (Settings(), None) == read_settings(file)
    assert not file.parent.exists()


def test_what_was_chosen_comes_back(file: Path):
    assert None is change_settings(file, language="zh")
    assert (Settings(language="zh"), None) == read_settings(file)
    assert ["settings.json"] == [path.name for path in file.parent.iterdir()]


def test_a_change_leaves_what_another_version_keeps_there(file: Path):
    file.parent.mkdir()
    file.write_text('{"language": "en", "colour": ["red"]}', encoding="utf-8")
    change_settings(file, language="zh")
    assert {"language": "zh", "colour": ["red"]} == json.loads(file.read_text(encoding="utf-8"))


def test_a_value_that_cannot_be_meant_counts_as_not_chosen(file: Path):
    file.parent.mkdir()
    file.write_text('{"language": 5}', encoding="utf-8")
    assert (Settings(), None) == read_settings(file)


@pytest.mark.parametrize("text", ["", "{", "[1]", "\x00", "[" * 100_000])
def test_a_broken_file_is_told_and_kept_when_the_next_choice_is_written(file: Path, text: str):
    file.parent.mkdir()
    file.write_text(text, encoding="utf-8")
    settings, notice = read_settings(file)
    assert Settings() == settings
    assert f"the settings in {file} are not JSON: nothing in them counts" == str(notice)
    assert None is change_settings(file, language="en")
    assert text == file.with_name("settings.json.broken").read_text(encoding="utf-8")
    assert (Settings(language="en"), None) == read_settings(file)


def test_where_nothing_can_be_written_the_learner_is_told(tmp_path: Path):
    (tmp_path / "folder").write_text("a file, where the folder should be", encoding="utf-8")
    trouble = change_settings(tmp_path / "folder" / "settings.json", language="zh")
    assert "they hold until you quit" in str(trouble)
