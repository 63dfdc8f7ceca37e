"""The words of a lesson: every field of the model that is typed `Markup` or `Line`.

Found by the annotations alone, so that a new field of the model is read, translated, measured and
checked without being named again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from typing import Annotated, Any, TypeAlias, TypeVar, get_args, get_origin, get_type_hints

from tutor.lesson.fields import Line, Markup

R = TypeVar("R")

Kind: TypeAlias = object
"""`Markup`, `Line`, or None where only the records inside hold texts."""


@dataclass(frozen=True, slots=True)
class AuthorText:
    """One text of a lesson, and where it stands."""

    path: str
    """Its key path, such as `steps[swing].choices[2].feedback`."""
    key: str
    """The key that it is a value of, or an item of the list of: `feedback`, `hints`."""
    text: str


Change: TypeAlias = Callable[[AuthorText], str]


def map_texts(record: R, path: str, change: Change) -> R:
    """Return a record of the model with `change` done to each of its texts.

    `path` is the key path of the record, empty for a lesson.
    """
    changed: dict[str, Any] = {}
    shape: Any = record.__class__  # mypy holds no class of a type variable for hashable
    for name, key, kind in text_fields(shape):
        before = getattr(record, name)
        after = _mapped(before, join(path, key), key, kind, change)
        if after is not before:
            changed[name] = after
    return replace(record, **changed) if changed else record  # type: ignore[type-var] # a dataclass


def texts_of(record: Any, path: str) -> Iterator[AuthorText]:
    """Yield the texts of a record of the model, in the order of its keys."""
    found: list[AuthorText] = []

    def keep(text: AuthorText) -> str:
        found.append(text)
        return text.text

    map_texts(record, path, keep)
    yield from found


def join(path: str, key: str) -> str:
    """Return the key path of a key of the record at `path`."""
    return f"{path}.{key}" if path else key


def label_of(item: object, number: int) -> str:
    """Return how a key path names an item of a list: by its id where it has one."""
    return str(getattr(item, "id", number))


def _mapped(value: Any, path: str, key: str, kind: Kind, change: Change) -> Any:
    if isinstance(value, str):
        return value if kind is None else change(AuthorText(path, key, value))
    if isinstance(value, tuple):
        items = [
            _mapped(item, f"{path}[{label_of(item, number)}]", key, kind, change)
            for number, item in enumerate(value, 1)
        ]
        same = all(new is old for new, old in zip(items, value, strict=True))
        return value if same else tuple(items)
    if is_dataclass(value):
        return map_texts(value, path, change)
    return value


@cache
def text_fields(record: Any) -> tuple[tuple[str, str, Kind], ...]:
    """Return the fields of a class of the model that hold texts: name, key, and what kind."""
    hints = get_type_hints(record, include_extras=True)
    found = []
    for each in fields(record):
        parts = set(_parts(hints[each.name]))
        records: list[Any] = [p for p in parts if is_dataclass(p) and getattr(p, "is_seen", True)]
        kind = Markup if Markup in parts else Line if Line in parts else None
        if kind is not None or any(map(text_fields, records)):
            found.append((each.name, each.name.rstrip("_"), kind))
    return tuple(found)


def _parts(hint: Any) -> Iterator[Any]:
    """Yield the single types that a hint is made of."""
    inner = get_args(hint)[:1] if get_origin(hint) is Annotated else get_args(hint)
    if not inner:
        yield hint
    for part in inner:
        yield from _parts(part)
