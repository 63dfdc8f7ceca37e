"""What the classes of the lesson model ask of an author: their keys, as their fields say."""

from __future__ import annotations

from dataclasses import MISSING, Field, fields
from functools import cache
from typing import Any, get_type_hints


@cache
def keys_of(record: type) -> dict[str, Any]:
    """Return the type of each key of a class of the model."""
    hints = get_type_hints(record, include_extras=True)
    return {_key(field): hints[field.name] for field in fields(record)}


@cache
def required_keys(record: type) -> tuple[str, ...]:
    """Return the keys that an author must write."""
    return tuple(
        _key(field)
        for field in fields(record)
        if field.default is MISSING and field.default_factory is MISSING
    )


@cache
def telling_key(kind: type, kinds: tuple[type, ...]) -> str:
    """Return the required key of `kind` that none of the other `kinds` requires."""
    others = {key for other in kinds if other is not kind for key in required_keys(other)}
    return next(key for key in required_keys(kind) if key not in others)


@cache
def field_name(record: type, key: str) -> str:
    """Return the field that the key fills: `is` fills `is_`."""
    return next(field.name for field in fields(record) if _key(field) == key)


def title_of(record: type) -> str:
    """Return the words for a class in a problem: `TextStep` is a text step."""
    words = "".join(f" {c.lower()}" if c.isupper() else c for c in record.__name__).strip()
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


def _key(field: Field[Any]) -> str:
    return field.name.rstrip("_")
