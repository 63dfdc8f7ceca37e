"""What the classes of the lesson model ask of an author, worked out once from their annotations.

A `Shape` says how one value is written: a single value, a list, keys of a class, and so on. The
reader follows shapes, so that reading a lesson looks at no annotation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import cache, partial
from types import UnionType
from typing import (
    Annotated,
    Any,
    Final,
    Literal,
    TypeAlias,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from tutor.i18n import Text, message
from tutor.lesson.fields import PythonValue
from tutor.lesson.scalars import SCALAR_READERS, RefusedError, read_word
from tutor.lesson.yaml_nodes import ScalarNode


@dataclass(frozen=True, slots=True)
class SingleShape:
    """A single value."""

    read: Callable[[ScalarNode], Any]
    """Returns the value, or raises RefusedError."""


@dataclass(frozen=True, slots=True)
class PythonShape:
    """A Python expression, where YAML may write a list of numbers."""


@dataclass(frozen=True, slots=True)
class MarkedShape:
    """A value with a condition on it, such as Positive."""

    inner: Shape
    marks: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class ListShape:
    """A list of any length."""

    item: Shape


@dataclass(frozen=True, slots=True)
class WordOrListShape:
    """A word that stands for a list, or the list."""

    word: SingleShape
    listed: ListShape


@dataclass(frozen=True, slots=True)
class RowShape:
    """A list of a fixed length."""

    items: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class TableShape:
    """Names with values."""

    key: SingleShape
    value: Shape


@dataclass(frozen=True, slots=True)
class RecordShape:
    """The keys of a class of the model."""

    record: type


@dataclass(frozen=True, slots=True)
class KindShape:
    """The keys of one of several classes, told by the key `kind`."""

    records: Mapping[str, RecordShape]


@dataclass(frozen=True, slots=True)
class TellingShape:
    """The keys of one of several classes, told by the key that it alone requires."""

    records: Mapping[str, RecordShape]


Shape: TypeAlias = (
    SingleShape
    | PythonShape
    | MarkedShape
    | ListShape
    | WordOrListShape
    | RowShape
    | TableShape
    | RecordShape
    | KindShape
    | TellingShape
)


@dataclass(frozen=True, slots=True)
class Keys:
    """What an author writes for a class of the model."""

    title: Text
    """Its words in a problem: `TextStep` is a text step."""
    shapes: Mapping[str, Shape]
    required: tuple[str, ...]
    fields: Mapping[str, str]
    """The field that each key fills: `is` fills `is_`."""


@cache
def keys_of(record: type) -> Keys:
    """Return the keys of a class of the model."""
    hints = get_type_hints(record, include_extras=True)
    own = {field.name.rstrip("_"): field for field in fields(record)}
    return Keys(
        title=name_of(record),
        shapes={key: shape_of(hints[field.name]) for key, field in own.items()},
        required=tuple(
            key
            for key, field in own.items()
            if field.default is MISSING and field.default_factory is MISSING
        ),
        fields={key: field.name for key, field in own.items()},
    )


def shape_of(hint: Any) -> Shape:
    """Return how a value of the type `hint` is written.

    Raises:
        TypeError: the model has a field of a type that no shape fits.
    """
    if hint is PythonValue:
        return PythonShape()
    if hint in SCALAR_READERS:
        return SingleShape(SCALAR_READERS[hint])
    if is_dataclass(hint) and isinstance(hint, type):
        return RecordShape(hint)
    build = _BUILDERS.get(get_origin(hint))
    if build is None:
        raise TypeError(f"the lesson model has a field that cannot be read: {hint}")
    return build(get_args(hint))


def _words(words: tuple[object, ...]) -> Shape:
    return SingleShape(partial(read_word, words=words))


def _marked(arguments: tuple[Any, ...]) -> Shape:
    inner, *marks = arguments
    return MarkedShape(shape_of(inner), tuple(marks))


def _listed(items: tuple[Any, ...]) -> Shape:
    if items[-1] is Ellipsis:
        return ListShape(shape_of(items[0]))
    return RowShape(tuple(map(shape_of, items)))


def _table(arguments: tuple[Any, ...]) -> Shape:
    key, value = map(shape_of, arguments)
    if not isinstance(key, SingleShape):
        raise TypeError("a key of the lesson model's tables is a single value")
    return TableShape(key, value)


def _either(kinds: tuple[Any, ...]) -> Shape:
    """Return the shape of a union; `| None` says that the key may be left out, no more."""
    shapes = [shape_of(kind) for kind in kinds if kind is not type(None)]
    if len(shapes) == 1:
        return shapes[0]
    singles = [shape.read for shape in shapes if isinstance(shape, SingleShape)]
    if len(singles) == len(shapes):
        return SingleShape(partial(first_of, readers=singles))
    match shapes:
        case [SingleShape() as word, ListShape() as listed]:
            return WordOrListShape(word, listed)
    records = [shape for shape in shapes if isinstance(shape, RecordShape)]
    if len(records) == len(shapes):
        return _one_of(records)
    raise TypeError(f"the lesson model has a union that cannot be read: {kinds}")


def _one_of(shapes: list[RecordShape]) -> Shape:
    if "kind" in keys_of(shapes[0].record).shapes:
        return KindShape({_kind_of(shape.record): shape for shape in shapes})
    records = [shape.record for shape in shapes]
    return TellingShape({_telling_key(shape.record, records): shape for shape in shapes})


def _kind_of(record: type) -> str:
    (kind,) = get_args(get_type_hints(record)["kind"])
    return str(kind)


def _telling_key(record: type, records: list[type]) -> str:
    """Return the key that `record` requires and none of the others does."""
    others = {key for other in records if other is not record for key in keys_of(other).required}
    return next(key for key in keys_of(record).required if key not in others)


def first_of(node: ScalarNode, readers: list[Callable[[ScalarNode], Any]]) -> Any:
    """Return what the first reader that accepts the value makes of it."""
    *others, last = readers
    for read in others:
        try:
            return read(node)
        except RefusedError:
            continue
    return last(node)


_BUILDERS: dict[object, Callable[[tuple[Any, ...]], Shape]] = {
    Literal: _words,
    Annotated: _marked,
    Union: _either,
    UnionType: _either,
    tuple: _listed,
    Mapping: _table,
}


_NAMES: Final = (
    message("a lesson"), message("a text step"), message("an experiment step"),
    message("a predict step"), message("a choice step"), message("a select step"),
    message("an order step"), message("a match step"), message("a placed item"),
    message("a matched pair"), message("a number step"),
    message("a bug step"), message("a code step"), message("a graph step"),
    message("a graph node"), message("a slope experiment"),
    message("a gradient experiment"), message("a descent experiment"),
    message("a network experiment"), message("a training experiment"),
    message("a check experiment"), message("a rival"), message("a parameter"), message("a goal"),
    message("a preset"), message("an ordered item"), message("a guess miss"), message("a choice"),
    message("a near miss"), message("a symptom"), message("an own symptom"),
    message("a line feedback"),
    message("a code check"), message("a code miss"), message("a slope proof"), message("a control"),
    message("a run proof"), message("a zero proof"), message("a program proof"),
)  # fmt: skip


def name_of(record: type) -> Text:
    """Return what an author calls a class of the model: `TextStep` is a text step."""
    words = "".join(f" {c.lower()}" if c.isupper() else c for c in record.__name__).strip()
    words = f"{'an' if words[0] in 'aeiou' else 'a'} {words}"
    return next((name for name in _NAMES if name.template == words), words)
