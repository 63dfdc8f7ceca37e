"""Room: prose and code fit on a screen of 80 columns and 24 lines, beside the chart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tutor.engine.kinds.bug import printed_lines
from tutor.i18n import message
from tutor.lesson.consistency import Inconsistency
from tutor.lesson.model import BugStep, PredictStep, Step, TextStep
from tutor.lesson.prose import parse_prose
from tutor.lesson.texts import texts_of
from tutor.lesson.wrapping import line_width, wrap

WIDTH: Final = 76
"""Cells of a line of prose at 80 columns."""
MOST_LINES: Final = {
    **dict.fromkeys(("explain", "debrief", "feedback", "right", "wrong"), 4),
    **dict.fromkeys(("title", "label", "name", "unit", "worked", "item", "match"), 1),
    "hints": 3,
    "solution": 8,
    "text": 2,
}
"""Of each text but the body."""
_BODY_WITH_CONTROLS: Final = 5
_BODY_AND_ITEMS: Final = 9
"""Of an ordering: each item takes a row under the chart."""
_BODY_WITH_CHART: Final = 8
_BODY_WITH_QUESTION: Final = 12
_BODY_ALONE: Final = 16
_BODY_WITH_PROGRAM: Final = 14
_LINE_NUMBER: Final = 6
"""Cells before each line of a bug's program: the mark, the number, a bar."""


def check_room(step: Step, path: str) -> Iterator[Inconsistency]:
    """Yield texts that take more lines, or are wider, than there is room for."""
    for text in texts_of(step, path):
        here, key = text.path, text.key
        lines = wrap(parse_prose(text.text), WIDTH)
        count = len(lines)
        most = MOST_LINES.get(key, 0)
        if key == "body":
            count += _code_lines(step)
            most = _most_body_lines(step)
        if count > most:
            what = message("takes {count} lines of {width} cells", count=count, width=WIDTH)
            yield here, what, message("cut it to {most}", most=most)
        if any(line_width(line) > WIDTH for line in lines):
            what = message("has a line of more than {width} cells", width=WIDTH)
            yield here, what, message("break the code or the formula")
    if isinstance(step, TextStep | BugStep):
        yield from _code_faults(step, path)


def _most_body_lines(step: Step) -> int:
    if isinstance(step, PredictStep) and step.items:
        return min(_BODY_WITH_CONTROLS, _BODY_AND_ITEMS - len(step.items))
    if step.kind in ("experiment", "predict", "code", "graph"):
        return _BODY_WITH_CONTROLS
    if isinstance(step, BugStep):
        return _BODY_WITH_PROGRAM
    if step.charts:
        return _BODY_WITH_CHART
    return _BODY_ALONE if step.kind == "text" else _BODY_WITH_QUESTION


def _code_lines(step: Step) -> int:
    """Return the lines that a step's code takes, with the empty one before it.

    Under the program of a bug stands what it prints.
    """
    if isinstance(step, BugStep):
        printed = max(len(printed_lines(step, mended=mended)) for mended in (False, True))
        return len(step.code.splitlines()) + 1 + printed + 1
    if not isinstance(step, TextStep) or step.code is None:
        return 0
    return len(step.code.splitlines()) + 1


def _code_faults(step: TextStep | BugStep, path: str) -> Iterator[Inconsistency]:
    lines = (step.code or "").splitlines()
    widest = max((line_width(line) for line in wrap(parse_prose(_fenced(lines)), WIDTH)), default=0)
    most = WIDTH - (_LINE_NUMBER if isinstance(step, BugStep) else 2)
    if widest > most:
        what = message("has a line of {widest} cells", widest=widest)
        yield f"{path}.code", what, message("break it before {width}", width=most)
    if isinstance(step, BugStep):
        return
    for number, line in enumerate(step.focus, 1):
        if line > len(lines):
            what = message("the code has no line {line}", line=line)
            yield f"{path}.focus[{number}]", what, message("it has {count}", count=len(lines))


def _fenced(lines: list[str]) -> str:
    return "\n".join(["~~~~", *lines, "~~~~"])
