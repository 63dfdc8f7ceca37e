"""A calculation with its numbers, some of them left blank: `x ← 4 − 0.1 · ▁▁▁ = ▁▁▁`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import takewhile

from tutor.engine.lesson_run import LessonRun, StepState, names_of
from tutor.engine.numbers import show
from tutor.errors import TutorError
from tutor.lesson.grading import evaluate_formula
from tutor.lesson.model import NumberStep

BLANK = "▁▁▁"
_BRACKET = re.compile(r"\[([^\[\]]*)\]")
_NUMBER = re.compile(r"[-−+]?\d+(\.\d+)?([eE][-−+]?\d+)?")
_DIGITS = 6


def worked_line(run: LessonRun) -> str:
    """Return the worked line as the learner sees it now; empty where the step has none.

    What stands last is the answer, blank until there is one; as many numbers before it are blank
    as the learner did well. After the answer all are there, the last as the core computed it.
    """
    step, state = run.step, run.state
    if not isinstance(step, NumberStep) or not step.worked:
        return ""
    names = names_of(state)
    parts = bracketed(step.worked)
    blank = 1 + done_well(run) if state.outcome == "open" else 0
    shown = [_shown(part, names) for part in parts[:-1]] + [_answer(step, names)]
    seen = max(0, len(parts) - blank)
    return filled(step.worked, [*shown[:seen], *([BLANK] * (len(parts) - seen))])


def bracketed(worked: str) -> list[str]:
    """Return what stands in the brackets of a worked line."""
    return _BRACKET.findall(worked)


def filled(worked: str, parts: Sequence[str]) -> str:
    """Return the line with these words in place of its brackets."""
    words = iter(parts)
    return _BRACKET.sub(lambda _: next(words), worked)


def value_of(part: str, names: Mapping[str, float]) -> float:
    """Return the value of what stands in a bracket: a number or a formula (TutorError if none)."""
    return evaluate_formula(part.replace("−", "-"), names)


def is_number(part: str) -> bool:
    """Return whether a bracket holds a number as it stands, and no formula."""
    return _NUMBER.fullmatch(part.strip()) is not None


def done_well(run: LessonRun) -> int:
    """Return how many number steps before this one were right at once, in a row, with no help."""
    before = [step for step in run.lesson.steps[: run.index] if isinstance(step, NumberStep)]
    states = (run.states.get(step.id) for step in reversed(before))
    return len(list(takewhile(_is_done_well, states)))


def _is_done_well(state: StepState | None) -> bool:
    if state is None or state.outcome != "done":
        return False
    return state.tries == 1 and not state.hints and not state.solution_shown


def _shown(part: str, names: Mapping[str, float]) -> str:
    if is_number(part):
        return part
    try:
        return show(value_of(part, names))
    except TutorError:
        return part


def _answer(step: NumberStep, names: Mapping[str, float]) -> str:
    try:
        return show(evaluate_formula(step.answer, names), _DIGITS)
    except TutorError:
        return BLANK
