"""The format of translations as a JSON Schema: the texts of the lesson model, and nothing else.

Which steps a lesson has, and how many choices, only `check` knows, for it reads the lesson.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, TypeAlias

from tutor.authoring.model_words import words_of_fields
from tutor.i18n import LANGUAGES
from tutor.lesson.model import Lesson
from tutor.lesson.schema import (
    KindShape,
    ListShape,
    MarkedShape,
    RecordShape,
    Shape,
    TellingShape,
    keys_of,
)
from tutor.lesson.texts import text_fields

_JSON: TypeAlias = dict[str, Any]
_TEXT: Final[_JSON] = {"type": ["string", "number", "boolean", "null"]}
"""What is left out, or null, is shown in English."""


def translation_schema() -> _JSON:
    """Return the schema of a translation, whose steps are keyed by their ids."""
    properties = _properties([Lesson])
    steps = properties.pop("steps")["items"]
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A translation of a lesson of Nabla",
        "type": "object",
        "additionalProperties": False,
        "required": ["translates", "language"],
        "properties": {
            "translates": {"type": "string", "description": "The id of the lesson."},
            "language": {"enum": list(LANGUAGES)},
            **properties,
            "steps": {"type": "object", "additionalProperties": steps},
        },
    }


def _written(shape: Shape) -> _JSON:
    match shape:
        case MarkedShape():
            return _written(shape.inner)
        case ListShape():
            return {"type": ["array", "null"], "items": _written(shape.item)}
        case RecordShape():
            return _object([shape.record])
        case KindShape() | TellingShape():
            return _object([each.record for each in shape.records.values()])
        case _:
            return dict(_TEXT)


def _object(records: Iterable[type]) -> _JSON:
    return {
        "type": ["object", "null"],
        "additionalProperties": False,
        "properties": _properties(records),
    }


def _properties(records: Iterable[type]) -> _JSON:
    """Return the keys that hold texts in any of these classes of the model."""
    found: _JSON = {}
    for record in records:
        said = words_of_fields(record)
        for name, key, _ in text_fields(record):
            words = {"description": said[name]} if name in said else {}
            found.setdefault(key, words | _written(keys_of(record).shapes[key]))
    return found
