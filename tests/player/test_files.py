"""Exports go into new files, or say why they cannot."""

from __future__ import annotations

from contextvars import copy_context
from pathlib import Path

import pytest

from tutor.errors import TutorError
from tutor.i18n import message
from tutor.player.files import refuse_files, write_files, write_new


def test_files_get_one_name_that_none_of_them_has(tmp_path: Path):
    (tmp_path / "nabla-run.csv").write_text("mine")
    words = str(write_files(tmp_path, {".md": "text", ".csv": "1,2"}))
    names = {path.name for path in tmp_path.iterdir()}
    assert {"nabla-run.csv", "nabla-run-2.md", "nabla-run-2.csv"} == names
    assert "mine" == (tmp_path / "nabla-run.csv").read_text()
    assert f"Written: nabla-run-2.md, nabla-run-2.csv in {tmp_path}" == words


def test_a_folder_that_cannot_be_written_to_is_said(tmp_path: Path):
    with pytest.raises(TutorError, match="start Nabla in a folder of your own"):
        write_files(tmp_path / "none", {".md": "text"})


def test_a_file_that_was_named_and_is_there_is_left_alone(tmp_path: Path):
    file = tmp_path / "mine.md"
    file.write_text("mine")
    with pytest.raises(TutorError, match="is there already: choose another name"):
        write_new(file, "other")
    assert "mine" == file.read_text()


def test_it_is_replaced_where_that_is_asked_for_and_nothing_else_stays(tmp_path: Path):
    file = tmp_path / "mine.md"
    file.write_text("mine")
    write_new(file, "other", over=True)
    assert [("mine.md", "other")] == [(path.name, path.read_text()) for path in tmp_path.iterdir()]


@pytest.mark.parametrize("over", [False, True])
def test_a_place_that_cannot_be_written_is_said(tmp_path: Path, over: bool):
    with pytest.raises(TutorError, match=r"mine\.md cannot be written .*: choose another place"):
        write_new(tmp_path / "none" / "mine.md", "text", over=over)


def test_where_files_are_refused_none_is_written(tmp_path: Path):
    def refused() -> None:
        refuse_files(message("not on this computer"))
        with pytest.raises(TutorError, match="not on this computer"):
            write_new(tmp_path / "mine.md", "text")

    copy_context().run(refused)
    assert [] == list(tmp_path.iterdir())
