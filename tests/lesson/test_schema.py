"""Every class of the lesson model has a name that can be translated."""

from typing import Any

from tutor.i18n import Message
from tutor.lesson.model import Lesson
from tutor.lesson.schema import (
    KindShape,
    ListShape,
    MarkedShape,
    RecordShape,
    RowShape,
    TableShape,
    TellingShape,
    keys_of,
    name_of,
)


def records(shape: Any, seen: set[type]) -> set[type]:
    """Return the classes that a lesson is made of."""
    match shape:
        case RecordShape(record) if record not in seen:
            seen.add(record)
            inner = list(keys_of(record).shapes.values())
        case MarkedShape(inner=one) | ListShape(item=one) | TableShape(value=one):
            inner = [one]
        case RowShape(items=several):
            inner = list(several)
        case KindShape(records=several) | TellingShape(records=several):
            inner = list(several.values())
        case _:
            inner = []
    for each in inner:
        records(each, seen)
    return seen


def test_every_record_of_a_lesson_is_named():
    found = records(RecordShape(Lesson), set())
    assert len(found) > 20
    assert [] == [r.__name__ for r in found if not isinstance(name_of(r), Message)]
