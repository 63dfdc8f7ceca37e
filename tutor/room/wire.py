"""Events as rows of the database: a kind and JSON values, checked when they come back."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, asdict, fields
from datetime import datetime
from typing import Any, Final, Protocol

from tutor.room.events import OF_NOBODY, Event, Happened

LONGEST_TEXT: Final = 500
"""Characters of a text in an event. A state code is longer: see `LONGEST_CODE`."""
LONGEST_CODE: Final = 8_000
MOST: Final = 1_000
"""Entries of a list in an event."""

_WORD: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")


class Row(Protocol):
    """An event as the database gives it back."""

    @property
    def id(self) -> int:
        """Its number: the order of all events."""
        ...

    @property
    def learner(self) -> str | None:
        """Who did it."""
        ...

    @property
    def kind(self) -> str:
        """What it is."""
        ...

    @property
    def data(self) -> Mapping[str, object]:
        """Its values."""
        ...

    @property
    def at(self) -> datetime:
        """When it came to the database, by its clock."""
        ...


class NotAnEventError(ValueError):
    """A row holds no event that we know."""


def kind_of(event: Event | type) -> str:
    """Return the word for the kind of an event: `hand-raised`."""
    kind = event if isinstance(event, type) else type(event)
    return _WORD.sub("-", kind.__name__).lower()


def data_of(event: Event) -> dict[str, Any]:
    """Return the values of an event as JSON has them."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in asdict(event).items()
        if value is not None
    }


def happened(row: Row) -> Happened | None:
    """Return the event of a row; None where it is none that we know."""
    kind = KINDS.get(row.kind)
    if kind is None or (not row.learner and kind not in OF_NOBODY):
        return None
    try:
        return Happened(row.id, row.learner or "", row.at, _event(kind, row.data))
    except NotAnEventError:
        return None


def _event(kind: type, data: Mapping[str, object]) -> Event:
    values = {}
    for each in fields(kind):
        if each.name in data:
            values[each.name] = _CHECKS[str(each.type)](data[each.name])
        elif each.default is MISSING:
            if "None" not in str(each.type):
                raise NotAnEventError(each.name)
            values[each.name] = None
    event: Event = kind(**values)
    return event


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_CODE:
        raise NotAnEventError(repr(value))
    return value


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > 2**62:
        raise NotAnEventError(repr(value))
    return value


def _number(value: object) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not math.isfinite(float(value)):  # type: ignore[arg-type]  # it is a number
        raise NotAnEventError(repr(value))
    return float(value)  # type: ignore[arg-type]  # it is a number


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise NotAnEventError(repr(value))
    return value


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise NotAnEventError(repr(value))
    return value


def _or_none(check: Callable[[object], Any]) -> Callable[[object], Any]:
    return lambda value: None if value is None else check(value)


def _all(check: Callable[[object], Any]) -> Callable[[object], tuple[Any, ...]]:
    def checked(value: object) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple) or len(value) > MOST:
            raise NotAnEventError(repr(value))
        return tuple(map(check, value))

    return checked


_CHECKS: Final[Mapping[str, Callable[[object], Any]]] = {
    "str": _text,
    "str | None": _or_none(_text),
    "int": _whole,
    "int | None": _or_none(_whole),
    "float": _number,
    "float | None": _or_none(_number),
    "bool | None": _or_none(_truth),
    "tuple[str, ...]": _all(_text),
    "tuple[float, ...]": _all(_number),
    "Mapping[str, object]": _mapping,
}

KINDS: Final[Mapping[str, type]] = {kind_of(kind): kind for kind in Event.__args__}
"""Each kind of event by its word."""
