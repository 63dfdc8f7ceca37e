"""The shipped schema says of a lesson's shape what the loader says, and is made from the model."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tutor.authoring.json_schema import SCHEMA_FILE, SCHEMA_LINE, TRANSLATION_FILE, schema_files
from tutor.authoring.linter import check_paths
from tutor.lesson.folders import lesson_files
from tutor.lesson.model import Lesson
from tutor.lesson.reader import NodeReader
from tutor.lesson.schema import RecordShape
from tutor.lesson.yaml_nodes import ListNode, MappingNode, Node, ScalarNode, read_nodes

ROOT = Path(__file__).parents[2]
LESSONS = ROOT / "lessons"
SAMPLES = ROOT / "tests" / "sample_lessons"
OURS = [path for course in LESSONS.iterdir() if course.is_dir() for path in lesson_files(course)]
TRANSLATIONS = sorted(path for path in LESSONS.glob("*/*.zh.yaml") if path.name[0].isdecimal())
BROKEN = sorted((SAMPLES / "broken").glob("*.yaml"))
SCHEMA: dict[str, Any] = json.loads((LESSONS / SCHEMA_FILE).read_text(encoding="utf-8"))
LEFT_TO_CHECK = {"range-backwards", "number-too-large"}
"""What a schema cannot say, or JSON cannot hold."""
NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
PLAIN = {
    "": None,
    "~": None,
    "null": None,
    "true": True,
    "True": True,
    "false": False,
    "False": False,
}


def as_editor_reads(node: Node) -> Any:
    """Return a node as the values of YAML 1.2, which is what an editor validates."""
    match node:
        case ScalarNode():
            return plain(node.text) if node.is_plain else node.text
        case ListNode():
            return [as_editor_reads(item) for item in node.items]
        case MappingNode():
            return {key.text: as_editor_reads(value) for key, value in node.entries}


def plain(text: str) -> Any:
    if text in PLAIN:
        return PLAIN[text]
    if NUMBER.fullmatch(text):
        return int(text) if text.lstrip("+-").isdecimal() else float(text)
    return text


def tree(path: Path) -> Node | None:
    return read_nodes(path.read_text(encoding="utf-8"), path.name)[0]


def faults(path: Path) -> list[str]:
    """Return what the schema says of a file."""
    node = tree(path)
    assert node is not None
    validator = jsonschema.Draft7Validator(SCHEMA)
    return [error.message for error in validator.iter_errors(as_editor_reads(node))]


def breaks_the_shape(path: Path) -> bool:
    """Return whether the loader cannot fill the model from a file; None where it is no YAML."""
    node = tree(path)
    assert node is not None
    reader = NodeReader(path.name)
    reader.read(RecordShape(Lesson), node, "")
    return bool(reader.problems)


@pytest.mark.parametrize("name", schema_files())
def test_the_shipped_schema_is_the_one_of_the_model(name: str):
    """After a change of the model: `python -m tutor.authoring.json_schema lessons`."""
    assert schema_files()[name] == (LESSONS / name).read_text(encoding="utf-8")


def test_the_schema_is_itself_valid():
    jsonschema.Draft7Validator.check_schema(SCHEMA)


GOOD = [SAMPLES / f"{name}.yaml" for name in ("good", "named", "kinds")]


@pytest.mark.parametrize("path", [*OURS, *GOOD], ids=lambda path: path.stem)
def test_a_good_lesson_validates(path: Path):
    assert [] == faults(path)


def translation_faults(text: str) -> list[str]:
    node, _ = read_nodes(text, "lesson.zh.yaml")
    assert node is not None
    schema = json.loads((LESSONS / TRANSLATION_FILE).read_text(encoding="utf-8"))
    validator = jsonschema.Draft7Validator(schema)
    return [error.message for error in validator.iter_errors(as_editor_reads(node))]


@pytest.mark.parametrize("path", TRANSLATIONS, ids=lambda path: path.stem)
def test_a_good_translation_validates(path: Path):
    assert [] == translation_faults(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("language: zh", "language: fr"), ("translates: ", "translate: "),
        ("    title: ", "    titel: "), ("    body: |", "    tolerance: 3\n    body: |"),
    ],
)  # fmt: skip
def test_a_translation_with_another_key_fails(old: str, new: str):
    text = TRANSLATIONS[0].read_text(encoding="utf-8")
    assert old in text
    assert translation_faults(text.replace(old, new, 1))


@pytest.mark.parametrize(
    "path",
    [p for p in BROKEN if p.stem not in LEFT_TO_CHECK and tree(p) is not None],
    ids=lambda path: path.stem,
)
def test_a_broken_lesson_fails_where_its_shape_is_broken_and_only_there(path: Path):
    assert breaks_the_shape(path) == bool(faults(path))


def test_many_samples_break_the_shape():
    """Else the test above would compare nothing with nothing."""
    assert 30 < sum(breaks_the_shape(path) for path in BROKEN if tree(path) is not None)


def test_a_key_says_what_the_model_says_of_it():
    said = SCHEMA["definitions"]["PredictStep"]["properties"]["tolerance"]["description"]
    assert said.startswith("In data units (degrees for an arrow")


def test_an_inherited_key_says_it_too():
    said = SCHEMA["definitions"]["NumberStep"]["properties"]["hints"]["description"]
    assert said == "A ladder: each says more than the one before, none gives the answer."


def test_a_key_without_words_says_those_of_its_type():
    said = SCHEMA["definitions"]["Parameter"]["properties"]["range"]["description"]
    assert said == "Low, high."


def test_a_lesson_below_a_schema_names_it_in_its_first_line(tmp_path: Path):
    (tmp_path / "gradients").mkdir()
    (tmp_path / SCHEMA_FILE).write_text("{}", encoding="utf-8")
    lesson = tmp_path / "gradients" / "sample.yaml"
    text = (SAMPLES / "good.yaml").read_text(encoding="utf-8")
    lesson.write_text(text, encoding="utf-8")
    expected = (
        f"{lesson}:1: does not name its schema, so that no editor can help; "
        f"write as the first line: {SCHEMA_LINE}../{SCHEMA_FILE}"
    )
    assert [expected] == [str(problem) for problem in check_paths([lesson])]
    lesson.write_text(f"{SCHEMA_LINE}../{SCHEMA_FILE}\n{text}", encoding="utf-8")
    assert () == check_paths([lesson])
