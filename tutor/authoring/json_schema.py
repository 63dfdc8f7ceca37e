"""The lesson format as a JSON Schema, for editors that validate YAML; made from the model alone.

    python -m tutor.authoring.json_schema lessons

writes it anew after a change of the model. What a schema cannot say (that a range is not
backwards, that a goal can be reached) `check` says.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeAlias

from tutor.authoring.model_words import words_of_class, words_of_fields
from tutor.authoring.translation_schema import translation_schema
from tutor.lesson import scalars
from tutor.lesson.fields import Count, Positive
from tutor.lesson.model import Lesson
from tutor.lesson.schema import (
    KindShape,
    ListShape,
    MarkedShape,
    PythonShape,
    RecordShape,
    RowShape,
    Shape,
    SingleShape,
    TableShape,
    TellingShape,
    WordOrListShape,
    first_of,
    keys_of,
)

JSON: TypeAlias = dict[str, Any]

SCHEMA_FILE: Final = "lesson.schema.json"
TRANSLATION_FILE: Final = "translation.schema.json"
SCHEMA_LINE: Final = "# yaml-language-server: $schema="
"""How the first line of a lesson names its schema to an editor."""
_DIALECT: Final = "http://json-schema.org/draft-07/schema#"
"""The one that YAML editors know best."""


def schema_of(record: type, title: str) -> JSON:
    """Return the schema of files that hold one `record` of the model."""
    definitions: JSON = {}
    root = _Writer(definitions).write(RecordShape(record))
    return {"$schema": _DIALECT, "title": title, **root, "definitions": definitions}


def schema_text(schema: JSON) -> str:
    """Return a schema as its file holds it."""
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


def schema_files() -> Mapping[str, str]:
    """Return the schema files that are shipped beside the lessons: name and text."""
    return {
        SCHEMA_FILE: schema_text(schema_of(Lesson, "A lesson of Nabla")),
        TRANSLATION_FILE: schema_text(translation_schema()),
    }


class _Writer:
    """Writes shapes; the classes of the model become definitions, each once."""

    def __init__(self, definitions: JSON) -> None:
        self._definitions = definitions

    def write(self, shape: Shape) -> JSON:
        return _WRITERS[type(shape)](self, shape)

    def single(self, shape: SingleShape) -> JSON:
        read = shape.read
        if isinstance(read, partial):
            if read.func is first_of:
                return {"anyOf": [self.single(SingleShape(r)) for r in read.keywords["readers"]]}
            return {"enum": list(read.keywords["words"])}
        return dict(_SCALARS[read])

    def python(self, _shape: PythonShape) -> JSON:
        itself = {"$ref": "#/definitions/PythonValue"}
        items = {"type": "array", "items": itself}
        self._definitions["PythonValue"] = {"anyOf": [dict(_TEXT), items]}
        return itself

    def marked(self, shape: MarkedShape) -> JSON:
        written = self.write(shape.inner)
        for mark in shape.marks:
            if isinstance(mark, Positive):
                written["exclusiveMinimum"] = 0
            elif isinstance(mark, Count):
                written |= {"minItems": mark.low, "maxItems": mark.high}
        return written

    def listed(self, shape: ListShape) -> JSON:
        return {"type": "array", "items": self.write(shape.item)}

    def word_or_list(self, shape: WordOrListShape) -> JSON:
        return {"anyOf": [self.single(shape.word), self.listed(shape.listed)]}

    def row(self, shape: RowShape) -> JSON:
        count = len(shape.items)
        items = [self.write(item) for item in shape.items]
        return {"type": "array", "items": items, "minItems": count, "maxItems": count}

    def table(self, shape: TableShape) -> JSON:
        names = self.single(shape.key)
        # A key is a text in JSON, whatever it looks like.
        keys = names if "enum" in names else {"type": "string"}
        return {
            "type": "object",
            "propertyNames": keys,
            "additionalProperties": self.write(shape.value),
        }

    def record(self, shape: RecordShape) -> JSON:
        name = shape.record.__name__
        if name not in self._definitions:
            self._definitions[name] = {}  # stands for itself inside itself
            self._definitions[name] = self._keys(shape.record)
        return {"$ref": f"#/definitions/{name}"}

    def kind(self, shape: KindShape) -> JSON:
        return {
            "type": "object",
            "required": ["kind"],
            "properties": {"kind": {"enum": list(shape.records)}},
            "allOf": [
                {
                    "if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]},
                    "then": self.record(record),
                }
                for kind, record in shape.records.items()
            ],
        }

    def telling(self, shape: TellingShape) -> JSON:
        return {
            "type": "object",
            "oneOf": [{"required": [key]} for key in shape.records],
            "allOf": [
                {"if": {"required": [key]}, "then": self.record(record)}
                for key, record in shape.records.items()
            ],
        }

    def _keys(self, record: type) -> JSON:
        keys, said = keys_of(record), words_of_fields(record)
        properties = {}
        for key, shape in keys.shapes.items():
            written = self.write(shape)
            words = said.get(keys.fields[key])
            # Draft 7 passes over what stands beside a $ref.
            if words and "$ref" in written:
                written = {"allOf": [written]}
            properties[key] = {"description": words, **written} if words else written
        return {
            "description": words_of_class(record),
            "type": "object",
            "additionalProperties": False,
            "required": list(keys.required),
            "properties": properties,
        }


_NUMBER: Final[JSON] = {
    "type": ["number", "string"],
    "pattern": r"^\s*([+−-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+−-]?[0-9]+)?|=.+)\s*$",
}
"""A number, or `=` and what the lesson names."""
_TEXT: Final[JSON] = {"type": ["string", "number", "boolean"], "pattern": r"\S"}
"""What YAML takes for a number or a truth is a text where the lesson wants one."""

_ONE_LINE: Final[JSON] = _TEXT | {"pattern": r"^\s*\S[^\n]*\s*$"}

_SCALARS: Final[Mapping[object, JSON]] = {
    scalars.read_text: _TEXT,
    scalars.read_code: _TEXT,
    scalars.read_line: _ONE_LINE,
    scalars.read_formula: _ONE_LINE,
    scalars.read_definition: _ONE_LINE,
    scalars.read_defined_name: {
        "type": "string",
        "pattern": r"^([A-Za-z][A-Za-z0-9]*|[α-ωΑ-Ω])$",
    },
    scalars.read_identifier: {
        "type": ["string", "number"],
        "pattern": r"^[a-z0-9]+(-[a-z0-9]+)*$",
    },
    scalars.read_lesson_id: {
        "type": "string",
        "pattern": r"^[a-z0-9]+(-[a-z0-9]+)*/[a-z0-9]+(-[a-z0-9]+)*$",
    },
    scalars.read_version: {"type": ["string", "number"], "pattern": r"^[0-9]{1,9}(\.[0-9]{1,9})*$"},
    scalars.read_number: _NUMBER,
    scalars.read_whole_number: {
        "type": ["integer", "string"],
        "pattern": r"^\s*([+−-]?[0-9]+|=.+)\s*$",
    },
    scalars.read_truth: {"enum": [True, False, "yes", "no", "Yes", "No"]},
}

_WRITERS: Final[Mapping[type, Callable[[_Writer, Any], JSON]]] = {
    SingleShape: _Writer.single,
    PythonShape: _Writer.python,
    MarkedShape: _Writer.marked,
    ListShape: _Writer.listed,
    WordOrListShape: _Writer.word_or_list,
    RowShape: _Writer.row,
    TableShape: _Writer.table,
    RecordShape: _Writer.record,
    KindShape: _Writer.kind,
    TellingShape: _Writer.telling,
}


def _write_files(folder: Path) -> None:
    for name, text in schema_files().items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    _write_files(Path(sys.argv[1]))
