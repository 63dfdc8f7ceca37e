"""Reads what the runner answers. It comes out of a sandbox: nothing in it is trusted to fit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from tutor.lesson.programs import MAX_NUMBERS, MAX_SOURCE, CheckRun, End, Fault, Outcome, Value

_MOST_TEXT: Final = 300
_MOST_AXES: Final = 64
_LARGEST_SIZE: Final = 1 << 62
"""Of arrays, as NumPy has them."""
_MOST_KINDS: Final = 50
"""Names of an exception's type and of those above it."""


@dataclass
class Answers:
    """What one program has given so far."""

    checks: int
    """How many there are."""
    program: int = 0
    """Which one it is, among those of its process."""
    has_begun: bool = False
    """Whether what comes is of this program, and not of the one before."""
    expected: list[CheckRun] = field(default_factory=list)
    given: list[Value | Fault] = field(default_factory=list)
    fault: Fault | None = None
    broken: Fault | None = None
    line: int | None = None
    end: End = "done"
    is_complete: bool = False
    """Nothing more will come, and the process goes on with the next program."""
    is_last: bool = False
    """Nothing more will come, and the process ends itself."""

    def take(self, line: Mapping[str, Any]) -> None:
        """Take one answer; what does not fit is passed over."""
        do = line.get("do")
        if isinstance(do, str) and do in _READERS and (self.has_begun or do == "begin"):
            _READERS[do](self, line)

    def take_begin(self, line: Mapping[str, Any]) -> None:
        """A program begins: what the one before has told until now was more than it had to."""
        self.has_begun = self.has_begun or line.get("program") == self.program

    def take_expected(self, line: Mapping[str, Any]) -> None:
        """What a check expects. Nothing is taken once the program may have begun to answer."""
        if self.given or self.fault or len(self.expected) >= self.checks:
            return
        misses = line.get("misses")
        wrong = tuple(map(_value, misses)) if isinstance(misses, list) else ()
        self.expected.append(CheckRun(_value(line.get("expected")), wrong))

    def take_value(self, line: Mapping[str, Any]) -> None:
        """What a check gave."""
        self._give(_value(line.get("value")))

    def take_fault(self, line: Mapping[str, Any]) -> None:
        """What a check, or the program before them, broke off with."""
        fault = _fault(line.get("fault"))
        if line.get("of") == "program":
            self.fault = self.fault or fault
        else:
            self._give(fault)

    def take_broken(self, line: Mapping[str, Any]) -> None:
        """The lesson itself is at fault, which shows before the program has begun to answer."""
        if self.given or self.fault:
            return
        self.broken = _fault(line.get("fault"))
        self.is_complete = True

    def take_late(self, line: Mapping[str, Any]) -> None:
        """Its time was over, at this line."""
        self.line, self.end, self.is_last = _whole(line.get("line")), "time", True

    def take_memory(self, line: Mapping[str, Any]) -> None:  # noqa: ARG002 — as its siblings
        """Its memory was used up."""
        fault = Fault(("MemoryError",), "")
        if len(self.expected) == self.checks:
            self._give(fault)
        self.fault, self.is_last = fault, True

    def take_end(self, line: Mapping[str, Any]) -> None:  # noqa: ARG002 — as its siblings
        """All is told."""
        self.is_complete = True

    def _give(self, given: Value | Fault) -> None:
        if len(self.given) < len(self.expected):
            self.given.append(given)


_READERS: Final[Mapping[str, Callable[[Answers, Mapping[str, Any]], None]]] = {
    "begin": Answers.take_begin,
    "expect": Answers.take_expected,
    "value": Answers.take_value,
    "fault": Answers.take_fault,
    "broken": Answers.take_broken,
    "late": Answers.take_late,
    "memory": Answers.take_memory,
    "end": Answers.take_end,
}


def outcome_of(
    answers: Answers, end: End, printed: str, more_printed: int, status: int | None
) -> Outcome:
    """Return the outcome that the answers make."""
    checks = list(answers.expected)
    for number, given in enumerate(answers.given):
        changed = {"value": given} if isinstance(given, Value) else {"fault": given}
        checks[number] = replace(checks[number], **changed)
    if end == "done" and not (answers.fault or answers.broken):
        end = "done" if len(answers.given) == answers.checks else "died"
    return Outcome(
        end=end,
        checks=tuple(checks),
        fault=answers.fault,
        broken=answers.broken,
        line=answers.line,
        printed=printed,
        more_printed=more_printed,
        exit_code=status if end == "died" else None,
    )


def _value(told: object) -> Value:
    if not isinstance(told, dict):
        return Value("?", "?")
    kind, text = _name(told.get("kind")), _text(told.get("text"))
    shape, numbers = told.get("shape"), told.get("numbers", [])
    if not isinstance(shape, list) or len(shape) > _MOST_AXES or not all(map(_is_size, shape)):
        return Value(kind, text)
    if not isinstance(numbers, list) or len(numbers) > MAX_NUMBERS:
        return Value(kind, text)
    try:
        parts = tuple(float(n) for n in numbers if isinstance(n, int | float))
    except OverflowError:  # a whole number beyond every float
        return Value(kind, text)
    return Value(kind, text, tuple(shape), _name(told.get("dtype")), parts)


def _is_size(told: object) -> bool:
    return isinstance(told, int) and not isinstance(told, bool) and 0 <= told <= _LARGEST_SIZE


def _fault(told: object) -> Fault:
    if not isinstance(told, dict):
        return Fault(("Exception",), "")
    kinds = told.get("kinds")
    names = tuple(map(_name, kinds[:_MOST_KINDS])) if isinstance(kinds, list) else ()
    name, near = told.get("name"), told.get("near")
    return Fault(
        kinds=names or ("Exception",),
        text=_text(told.get("text")),
        line=_whole(told.get("line")),
        name=_name(name) if name is not None else None,
        near=_name(near) if near is not None else None,
    )


def _text(told: object) -> str:
    return told[:_MOST_TEXT] if isinstance(told, str) else ""


def _name(told: object) -> str:
    """Return what stands within a sentence."""
    return " ".join(_text(told).split())


def _whole(told: object) -> int | None:
    """Return the number of a line, if it may be one of a program."""
    return told if _is_size(told) and isinstance(told, int) and 0 < told <= MAX_SOURCE else None
