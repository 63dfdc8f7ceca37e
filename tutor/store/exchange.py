"""The file by which a course goes from one computer to another: JSON lines, format 1.

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

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from tutor.errors import TutorError
from tutor.i18n import Message, message
from tutor.store.merging import uncollected
from tutor.store.model import Attempt, Entry, Reset, ResumePoint, in_utc, values_of
from tutor.visible import visible_json

FORMAT: Final = 1
MOST_BYTES: Final = 64_000_000

_KINDS: Final[Mapping[str, type[Entry]]] = {
    "attempt": Attempt, "resume": ResumePoint, "reset": Reset,
}  # fmt: skip
_NAMES: Final = {kind: name for name, kind in _KINDS.items()}


@uncollected()
def write_entries(entries: Iterable[Entry]) -> str:
    """Return the text of a file with these entries."""
    header = {"nabla": "progress", "format": FORMAT}
    lines = [header, *(_values(entry) for entry in entries)]
    return "".join(visible_json(json.dumps(line, ensure_ascii=False)) + "\n" for line in lines)


@uncollected()
def read_entries(text: str, learner: str, name: str) -> tuple[Entry, ...]:
    """Return the entries in a file's text, as this learner's own.

    Raises:
        TutorError: anything in it is wrong; the sentence names the file `name`, line and key.
    """
    numbered = [(k, line) for k, line in enumerate(text.split("\n"), 1) if line.strip()]
    _check_header(numbered, name)
    return tuple(_Line(name, number, learner).read(line) for number, line in numbered[1:])


def _values(entry: Entry) -> dict[str, Any]:
    values = values_of(entry)
    del values["learner"]
    at = entry.at.astimezone(UTC).isoformat()
    return {"entry": _NAMES[type(entry)]} | values | {"at": at}


def _check_header(lines: list[tuple[int, str]], name: str) -> None:
    header: object = None
    if lines:
        try:
            header = json.loads(lines[0][1])
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
    raise _fault(name, lines[0][0], message("format must be {known}", known=FORMAT))


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
        wanted = [key for key in kind.__dataclass_fields__ if key != "learner"]
        for key in wanted:
            if key not in values:
                raise self._fault(message("the key {key} is missing", key=key))
        for key in values:
            if key not in wanted:
                raise self._fault(message("there is no key {key}", key=json.dumps(key)))
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
        is_right, words = _RULES[key]
        if key == "lesson" and kind is Reset:
            is_right, words = _RULES["misconception"]
        if not is_right(value):
            raise self._fault(message("{key} must be {what}", key=key, what=words))
        return _moment(value) if key == "at" else value

    def _fault(self, what: Message) -> TutorError:
        return _fault(self._name, self._number, what)


def _fault(name: str, number: int, what: Message) -> TutorError:
    return TutorError(
        message(
            "{name}:{line}: {what}. Nothing was brought in: export the file anew",
            name=name, line=number, what=what,
        )
    )  # fmt: skip


def _moment(value: object) -> datetime | None:
    """Return the moment in UTC; None where it is none, names no time zone or cannot have been."""
    try:
        at = datetime.fromisoformat(str(value))
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
    "at": (lambda value: isinstance(value, str) and _moment(value) is not None,
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
