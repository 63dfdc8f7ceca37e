"""A question answered by a number, and its calculation with blanks: `x ← 4 − 0.1 · ▁▁▁ = ▁▁▁`."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Final

from tutor.engine.kinds.kind import Kind
from tutor.engine.kinds.questions import NumberEntry
from tutor.engine.lesson import events as ev
from tutor.engine.lesson.run import Advanced, LessonRun, StepState, answered, names_of, with_state
from tutor.engine.numbers import show
from tutor.errors import TutorError
from tutor.i18n import Text, message, render
from tutor.lesson.grading import Verdict, evaluate_formula, grade_number, parse_number, read_number
from tutor.lesson.markdown import escaped
from tutor.lesson.model import NumberStep
from tutor.lesson.variants import variant_count

BLANK = "▁▁▁"
_BRACKET = re.compile(r"\[([^\[\]]*)\]")
_NUMBER = re.compile(r"[-−+]?\d+(\.\d+)?([eE][-−+]?\d+)?")
_KEPT: Final = re.compile(r"(?P<entered>.*) \(variant (?P<number>\d+)\)", re.DOTALL)
_DIGITS = 6


class NumberKind(Kind[NumberStep]):
    """The number is kept as it was typed, with the variant that it answers."""

    def take(self, step: NumberStep, event: ev.Event, run: LessonRun) -> Advanced:
        """Take a number, again as long as it is wrong."""
        if not isinstance(event, ev.NumberAnswered) or run.state.outcome == "done":
            return run, ()
        try:
            value, read = read_number(event.entered, step.unit)
        except TutorError as error:
            return with_state(run, problem=error.text), ()
        verdict = replace(grade_number(step, value, names_of(run.state)), read=read)
        return answered(run, verdict, event.entered.strip(), settles=verdict.correct)

    def event_of(self, answer: str, _confidence: ev.Confidence) -> ev.Event | None:
        """Return the number that was typed."""
        return ev.NumberAnswered(answer)

    def another(self, run: LessonRun) -> int | None:
        """Return the variant to open next: the run's seed puts them in an order, gone round."""
        step = run.lesson.steps[run.index]
        count = variant_count(step)
        if run.state.outcome == "open" or count == 1:
            return None
        others = list(range(1, count))
        random.Random(f"{run.seed}/{step.id}/variants").shuffle(others)  # noqa: S311 — no secret
        order = [0, *others]
        return order[(order.index(run.state.variant) + 1) % count]

    def missing(self, _step: NumberStep, state: StepState) -> Text:
        """Return how to answer."""
        if state.verdict is not None:
            return message("That is not it yet: type another number and press Enter.")
        return message("Type a number and press Enter.")

    def verdict_words(self, step: NumberStep, state: StepState) -> Text:
        """Return whether the number was right and, of a formula, how it was read."""
        if state.verdict is None or not state.verdict.read:
            return super().verdict_words(step, state)
        if state.verdict.correct:
            return message("Right, read as {formula}.", formula=state.verdict.read)
        return message("Not yet, read as {formula}.", formula=state.verdict.read)

    def question(self, step: NumberStep, run: LessonRun) -> NumberEntry:
        """Return what was typed last, and the unit."""
        return NumberEntry(run.state.answer or "", step.unit or "")

    def worked(self, step: NumberStep, run: LessonRun) -> str:
        """Return the worked line as the learner sees it now; empty where the step has none.

        What stands last is the answer, blank until there is one; as many numbers before it are
        blank as the learner did well. After the answer all are there, the last as the core
        computed it.
        """
        if not step.worked:
            return ""
        names = names_of(run.state)
        parts = bracketed(step.worked)
        blank = 1 + done_well(run) if run.state.outcome == "open" else 0
        shown = [_shown(part, names) for part in parts[:-1]] + [_answer(step, names)]
        seen = max(0, len(parts) - blank)
        return filled(step.worked, [*shown[:seen], *([BLANK] * (len(parts) - seen))])

    def has_solution(self, _step: NumberStep) -> bool:
        """Return that there always is one."""
        return True

    def computed(self, step: NumberStep, names: Mapping[str, float]) -> Text:
        """Return the number."""
        return message("{value}.", value=show(evaluate_formula(step.answer, names), 6))

    def in_markdown(self, step: NumberStep, answer: str) -> str:
        """Return what was typed, with the unit."""
        entered, number = entered_and_variant(answer)
        words = f"{entered} {step.unit}" if step.unit else entered
        if not number:
            return escaped(words)
        return escaped(render(message("{answer} (with other numbers)", answer=words)))

    def judged(self, step: NumberStep, answer: str, names: Mapping[str, float]) -> Verdict | None:
        """Return the verdict on a number of the lesson as it is now."""
        entered, _ = entered_and_variant(answer)
        try:
            return grade_number(step, parse_number(entered, step.unit), names)
        except TutorError:
            return None


def entered_and_variant(answer: str) -> tuple[str, int]:
    """Return what was typed, and to which variant, of an answer as it is kept.

    >>> entered_and_variant("0.4 (variant 2)"), entered_and_variant("0.8")
    (('0.4', 2), ('0.8', 0))
    """
    found = _KEPT.fullmatch(answer)
    return (found["entered"], int(found["number"])) if found else (answer, 0)


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
