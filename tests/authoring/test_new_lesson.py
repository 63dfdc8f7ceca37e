"""`new` writes a lesson that works, with the right id, and never over a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.authoring.linter import check_paths
from tutor.authoring.new_lesson import write_new_lesson
from tutor.errors import TutorError
from tutor.lesson.loader import load_lesson


def test_a_new_lesson_has_no_problem(tmp_path: Path):
    file = tmp_path / "slopes" / "03-ramps.yaml"
    write_new_lesson(file)
    assert () == check_paths([tmp_path / "slopes"])


@pytest.mark.parametrize(
    ("place", "identity"),
    [
        ("slopes/03-ramps.yaml", "slopes/ramps"), ("slopes/ramps.yaml", "slopes/ramps"),
        ("my-course/7-Steep Ramps.yaml", "my-course/steep-ramps"),
        ("slopes/导数.yaml", "slopes/my-lesson"),
    ],
)  # fmt: skip
def test_the_id_comes_from_folder_and_file(tmp_path: Path, place: str, identity: str):
    file = tmp_path / place
    assert identity == write_new_lesson(file)
    assert identity == load_lesson(file).id


@pytest.mark.parametrize(
    ("folder", "better"), [("My Course", "my-course"), ("课程", "my-course"), ("a_b", "a-b")]
)
def test_no_folder_is_made_that_no_id_can_name(tmp_path: Path, folder: str, better: str):
    with pytest.raises(TutorError) as refused:
        write_new_lesson(tmp_path / folder / "ramps.yaml")
    assert f"write `nabla new {tmp_path / better / 'ramps.yaml'}`" in str(refused.value)
    assert not (tmp_path / folder).exists()


def test_it_has_a_step_of_each_kind_that_needs_no_program(tmp_path: Path):
    write_new_lesson(tmp_path / "ramps.yaml")
    kinds = [step.kind for step in load_lesson(tmp_path / "ramps.yaml").steps]
    assert ["predict", "experiment", "choice", "number", "text"] == kinds


def test_a_file_that_is_there_is_left_alone(tmp_path: Path):
    file = tmp_path / "ramps.yaml"
    file.write_text("mine", encoding="utf-8")
    with pytest.raises(TutorError, match="is there already: choose another name"):
        write_new_lesson(file)
    assert "mine" == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["ramps", "ramps.yml", "ramps.zh.yaml", "ramps.txt"])
def test_a_name_that_no_course_would_find_is_refused(tmp_path: Path, name: str):
    with pytest.raises(TutorError, match=r"a lesson file ends in \.yaml"):
        write_new_lesson(tmp_path / name)
    assert [] == list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path):
    (tmp_path / "slopes").write_text("a file", encoding="utf-8")
    with pytest.raises(TutorError, match=r"ramps\.yaml"):
        write_new_lesson(tmp_path / "slopes" / "deeper" / "ramps.yaml")


def test_its_first_line_leads_an_editor_to_the_schema(tmp_path: Path):
    file = tmp_path / "ramps.yaml"
    write_new_lesson(file)
    place = file.read_text(encoding="utf-8").splitlines()[0].partition("$schema=")[2]
    assert (file.parent / place).resolve().is_file()
