"""A course goes from one computer to another by a file, and nothing is doubled.

The file is JSON lines, format 1.

The first line says what the file is, every other line is one entry:

    {"nabla": "progress", "format": 1}
    {"entry": "reset", "lesson": "gradients/derivative", "at": "2026-11-20T10:00:00+00:00"}
    {"entry": "attempt", "lesson": "gradients/derivative", "step": "tilt", "kind": "predict",
     "answer": "0.2", "correct": true, "misconception": null, "confidence": "high", "at": "..."}
    {"entry": "resume", "lesson": "gradients/derivative", "step": "tilt", "state": {},
     "completed": 3, "total": 13, "done": false, "at": "..."}

Each entry has all its keys and no other. A reset of every lesson has `"lesson": null`. The answers
that a reset made void are left out. No learner is named: the file belongs to whoever brings it in.
"""

from __future__ import annotations

import gc
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from sys import intern
from typing import Any, Final

from tutor.errors import TutorError
from tutor.i18n import Message, message
from tutor.store.model import Attempt, Entry, Reset, ResumePoint, in_utc, values_of
from tutor.visible import visible_json

FORMAT: Final = 1
MOST_BYTES: Final = 64_000_000

_KINDS: Final[Mapping[str, type[Entry]]] = {
    "attempt": Attempt, "resume": ResumePoint, "reset": Reset,
}  # fmt: skip
_NAMES: Final = {kind: name for name, kind in _KINDS.items()}
_KEYS: Final[Mapping[type[Entry], Mapping[str, None]]] = {
    kind: dict.fromkeys(key for key in kind.__dataclass_fields__ if key != "learner")
    for kind in _NAMES
}
_SHARED: Final = frozenset({"lesson", "step", "kind", "misconception", "confidence"})
"""Texts that many lines have: each is one object."""
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False)


@contextmanager
def uncollected() -> Iterator[None]:
    """Let the garbage collector rest while a whole course is read, brought together or written.

    Each of its answers is an object that stays, and none of them is in a circle. The collector
    would look at all that are there already again and again, and take longer for each the more
    there are.
    """
    was_at_work = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_at_work:
            gc.enable()


@dataclass(frozen=True, slots=True)
class Records:
    """What counts of one learner: resets, and what they left."""

    attempts: tuple[Attempt, ...] = ()
    points: tuple[ResumePoint, ...] = ()
    resets: tuple[Reset, ...] = ()

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Records:
        """Return the entries sorted by what they are."""
        given = tuple(entries)
        return cls(
            tuple(each for each in given if isinstance(each, Attempt)),
            tuple(each for each in given if isinstance(each, ResumePoint)),
            tuple(each for each in given if isinstance(each, Reset)),
        )


@dataclass(frozen=True, slots=True)
class Merge:
    """What to write so that the records here hold those from elsewhere too."""

    entries: tuple[Entry, ...]
    """In the order to write them."""
    new_attempts: int
    new_points: int
    new_resets: int


def merge(here: Records, elsewhere: Records) -> Merge:
    """Return what is new from elsewhere.

    The same attempt counts once; of two resume points of a lesson the later one stays; a reset
    makes void what was done before it on either side. The journal only grows and a reset voids
    what stands before it there: what was done here after a reset from elsewhere is written again,
    behind it. Merging the same records once more changes nothing.
    """
    known = {(reset.lesson, reset.at) for reset in here.resets}
    fresh = {(each.lesson, each.at): each for each in elsewhere.resets}
    resets = sorted((r for key, r in fresh.items() if key not in known), key=_when)
    brought_void = _LastResets(resets)
    void_here = _LastResets(each for each in here.resets if (each.lesson, each.at) not in fresh)
    own = [each for each in here.attempts if not brought_void.void(each)]
    again = [each for each in own if brought_void.concern(each)]
    brought = [each for each in elsewhere.attempts if not void_here.void(each)]
    new = list(_beyond(brought, own))
    their_points = [each for each in elsewhere.points if not void_here.void(each)]
    points, new_points = _points(here.points, their_points, brought_void)
    entries: tuple[Entry, ...] = (*resets, *again, *sorted(new, key=_when), *points)
    return Merge(entries, len(new), new_points, len(resets))


class _LastResets:
    """When each lesson was reset last: an entry is compared with two moments, not with all."""

    def __init__(self, resets: Iterable[Reset]) -> None:
        self._last: dict[str | None, datetime] = {}
        for reset in resets:
            self._last[reset.lesson] = max(reset.at, self._last.get(reset.lesson, reset.at))

    def concern(self, entry: Attempt | ResumePoint) -> bool:
        """Whether the entry's lesson was reset, by itself or with all."""
        return entry.lesson in self._last or None in self._last

    def void(self, entry: Attempt | ResumePoint) -> bool:
        """Whether its lesson was reset after it."""
        return any(
            entry.at < self._last[lesson] for lesson in (entry.lesson, None) if lesson in self._last
        )


def _points(
    here: Iterable[ResumePoint], elsewhere: Iterable[ResumePoint], resets: _LastResets
) -> tuple[list[ResumePoint], int]:
    """Return the points to write, and how many of them come from elsewhere."""
    own = {point.lesson: point for point in here if not resets.void(point)}
    later = {point.lesson: point for point in sorted(elsewhere, key=_rank)}
    new = {
        lesson: point
        for lesson, point in later.items()
        if lesson not in own or _rank(point) > _rank(own[lesson])
    }
    again = {lesson: point for lesson, point in own.items() if resets.concern(point)}
    return list((again | new).values()), len(new)


def _beyond(brought: Iterable[Attempt], own: Iterable[Attempt]) -> Iterator[Attempt]:
    """Yield what was brought as often as it is not here yet."""
    left = Counter(own)
    for attempt in brought:
        if left[attempt]:
            left[attempt] -= 1
        else:
            yield attempt


def _when(entry: Entry) -> tuple[datetime, str]:
    return entry.at, entry.lesson or ""


def _rank(point: ResumePoint) -> tuple[datetime, bool, int, str]:
    """Order points by time; of two at the same moment, the one further on."""
    state = json.dumps(dict(point.state), sort_keys=True)
    return point.at, point.done, point.completed, point.step + state


@uncollected()
def write_entries(entries: Iterable[Entry]) -> str:
    """Return the text of a file with these entries."""
    header = {"nabla": "progress", "format": FORMAT}
    lines = [header, *(_values(entry) for entry in entries)]
    return "".join(visible_json(_ENCODER.encode(line)) + "\n" for line in lines)


@uncollected()
def read_entries(text: str, learner: str, name: str) -> tuple[Entry, ...]:
    """Return the entries in a file's text, as this learner's own.

    Raises:
        TutorError: anything in it is wrong; the sentence names the file `name`, line and key.
    """
    numbered = ((k, line) for k, line in enumerate(text.split("\n"), 1) if line.strip())
    _check_header(*next(numbered, (1, "")), name)
    return tuple(_Line(name, number, learner).read(line) for number, line in numbered)


def _values(entry: Entry) -> dict[str, Any]:
    values = values_of(entry)
    del values["learner"]
    at = entry.at.astimezone(UTC).isoformat()
    return {"entry": _NAMES[type(entry)]} | values | {"at": at}


def _check_header(number: int, line: str, name: str) -> None:
    try:
        header: object = json.loads(line)
    except (ValueError, RecursionError):
        header = None
    if not isinstance(header, dict) or header.get("nabla") != "progress":
        what = message(
            "{name} holds no progress of Nabla's: name a file that `nabla progress --export` wrote",
            name=name,
        )
        raise TutorError(what)
    known = header.get("format")
    if isinstance(known, int) and not isinstance(known, bool) and known > FORMAT:
        what = message(
            "{name} is from a newer Nabla (format {found}, this one knows {known}). Update Nabla",
            name=name, found=known, known=FORMAT,
        )  # fmt: skip
        raise TutorError(what)
    if known is not True and known == FORMAT:
        return
    raise _fault(name, number, message("format must be {known}", known=FORMAT))


class _Line:
    """Reads one line of a file."""

    def __init__(self, name: str, number: int, learner: str) -> None:
        self._name = name
        self._number = number
        self._learner = learner

    def read(self, line: str) -> Entry:
        """Return the entry; TutorError where it is none."""
        values = self._parsed(line)
        kind = _KINDS.get(str(values.pop("entry", None)))
        if kind is None:
            raise self._fault(message("entry must be one of: {known}", known=", ".join(_KINDS)))
        wanted = _KEYS[kind]
        if values.keys() != wanted.keys():
            raise self._fault(_other_keys(values, wanted))
        read = {key: self._value(kind, key, values[key]) for key in wanted}
        return kind(learner=self._learner, **read)

    def _parsed(self, line: str) -> dict[str, Any]:
        try:
            values = json.loads(line)
        except (ValueError, RecursionError):
            raise self._fault(message("is not JSON; was the file cut or edited?")) from None
        if not isinstance(values, dict):
            raise self._fault(message("must be an object in braces"))
        return values

    def _value(self, kind: type[Entry], key: str, value: Any) -> Any:
        is_right, words = _RULES["misconception" if key == "lesson" and kind is Reset else key]
        kept = _moment(value) if key == "at" else value
        if not is_right(kept):
            raise self._fault(message("{key} must be {what}", key=key, what=words))
        return intern(kept) if key in _SHARED and isinstance(kept, str) else kept

    def _fault(self, what: Message) -> TutorError:
        return _fault(self._name, self._number, what)


def _fault(name: str, number: int, what: Message) -> TutorError:
    return TutorError(
        message(
            "{name}:{line}: {what}. Nothing was brought in: export the file anew",
            name=name, line=number, what=what,
        )
    )  # fmt: skip


def _other_keys(values: dict[str, Any], wanted: Mapping[str, None]) -> Message:
    """Say which key is missing, or should not be there."""
    for key in wanted:
        if key not in values:
            return message("the key {key} is missing", key=key)
    extra = next(key for key in values if key not in wanted)
    return message("there is no key {key}", key=json.dumps(extra))


def _moment(value: object) -> datetime | None:
    """Return the moment in UTC; None where it is none, names no time zone or cannot have been."""
    try:
        at = datetime.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        return None
    return in_utc(at) if at.tzinfo else None


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value) and _can_be_kept(value)


def _can_be_kept(text: str) -> bool:
    """Whether the database takes it: half a surrogate pair is no character."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31


def _is_state(value: object) -> bool:
    try:
        return isinstance(value, dict) and _can_be_kept(json.dumps(value, ensure_ascii=False))
    except RecursionError:
        return False


_TEXT: Final = message("a text")
_TEXT_OR_NULL: Final = message("a text or null")
_COUNT: Final = message("a whole number from 0 on")

_RULES: Final[Mapping[str, tuple[Callable[[Any], bool], Message]]] = {
    "lesson": (_is_text, _TEXT),
    "step": (_is_text, _TEXT),
    "kind": (lambda value: _is_text(value) and value != "reset", message("a kind of step")),
    "answer": (lambda value: isinstance(value, str) and _can_be_kept(value), _TEXT),
    "correct": (lambda value: value is None or isinstance(value, bool),
                message("true, false or null")),
    "misconception": (lambda value: value is None or _is_text(value), _TEXT_OR_NULL),
    "confidence": (lambda value: value is None or _is_text(value), _TEXT_OR_NULL),
    "at": (lambda moment: moment is not None,
           message("a time with a time zone, such as 2026-11-23T12:00:00+00:00")),
    "state": (_is_state, message("an object in braces")),
    "completed": (_is_count, _COUNT),
    "total": (_is_count, _COUNT),
    "done": (lambda value: isinstance(value, bool), message("true or false")),
}  # fmt: skip


def entries_of(attempts: Iterable[Attempt], points: Iterable[ResumePoint],
               resets: Iterable[Reset]) -> Iterator[Entry]:  # fmt: skip
    """Yield a learner's entries as they stand in a file: by time, resets first."""
    yield from sorted(resets, key=lambda reset: (reset.at, reset.lesson or ""))
    yield from attempts
    yield from sorted(points, key=lambda point: point.lesson)
