"""Texts to arrange: put in order, or each beside what it belongs to. Both are one arrangement."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import TypeAlias

from tutor.engine.experiments import Result
from tutor.engine.kinds.kind import Kind
from tutor.engine.kinds.ordering import Order, kept_order, moved, order_of, placed
from tutor.engine.kinds.questions import Arrangement
from tutor.engine.lesson import events as ev
from tutor.engine.lesson.run import (
    Advanced,
    LessonRun,
    StepState,
    answered,
    with_state,
    with_values,
)
from tutor.engine.numbers import whole_numbers
from tutor.i18n import Text, message
from tutor.lesson.grading import Verdict, grade_arrangement, pairs_apart
from tutor.lesson.markdown import escaped, line_to_markdown
from tutor.lesson.model import MatchStep, OrderStep

Arranged: TypeAlias = OrderStep | MatchStep


class ArrangingKind(Kind[Arranged]):
    """An arrangement is kept by the numbers of the texts in the lesson file, from 1: `2,1,3`.

    Each learner starts with one of their own that is wrong, and hands in until it is right.
    """

    def start_values(self, step: Arranged, seed: int) -> dict[str, float]:
        """Return the texts shuffled."""
        return placed(_first(step, seed))

    def kept_values(self, step: Arranged, saved: Mapping[str, object]) -> dict[str, float]:
        """Return the arrangement that was saved, as a whole."""
        return kept_order(len(_texts(step)), saved)

    def may_turn(self, state: StepState) -> bool:
        """Return whether texts may be moved: not once they stand right."""
        return state.outcome == "open"

    def take(self, step: Arranged, event: ev.Event, run: LessonRun) -> Advanced:
        """Take a move of a text, or all of them as they stand."""
        if run.state.outcome == "done":
            return run, ()
        present = order_of(run.state.values)
        match event:
            case ev.ItemMoved(item, by) if item in present:
                return self.turned(step, placed(moved(present, item, by)), run)
            case ev.ArrangementAnswered(order) if sorted(order) == sorted(present):
                run = with_values(run, placed(tuple(map(float, order))), run.state.result)
                verdict = grade_arrangement(step, order)
                answer = ",".join(map(str, order))
                return answered(run, verdict, answer, settles=verdict.correct)
            case _:
                return run, ()

    def event_of(self, answer: str, _confidence: ev.Confidence) -> ev.Event | None:
        """Return the arrangement that was meant."""
        return ev.ArrangementAnswered(whole_numbers(answer)) if whole_numbers(answer) else None

    def answered_again(
        self, step: Arranged, saved: Mapping[str, object], run: LessonRun
    ) -> LessonRun:
        """Return the run with the saved answer judged anew, and the texts as they were left."""
        again = super().answered_again(step, saved, run)
        has_places = isinstance(values := saved.get("values"), Mapping) and bool(values)
        return with_state(again, values=run.state.values, undo=()) if has_places else again

    def missing(self, _step: Arranged, _state: StepState) -> Text:
        """Return how to arrange."""
        return message("Move the rows with Shift+↑ ↓ or < >, then press Enter.")

    def question(self, step: Arranged, run: LessonRun) -> Arrangement:
        """Return the texts as they stand."""
        texts, state = _texts(step), run.state
        is_known = state.outcome == "done" or state.solution_shown
        order = range(1, len(texts) + 1) if is_known else map(int, order_of(state.values))
        return Arrangement(
            tuple((number, texts[number - 1]) for number in order),
            tuple((int(number), texts[int(number) - 1]) for number in _first(step, run.seed)),
            _beside(step),
            is_open=state.outcome == "open",
            is_right=is_known,
        )

    def verdict_words(self, step: Arranged, state: StepState) -> Text:
        """Return whether it is right or, if not, how much of it."""
        if state.verdict is None or state.verdict.correct:
            return super().verdict_words(step, state)
        order = whole_numbers(state.answer or "")
        count = len(order)
        if isinstance(step, MatchStep):
            right = sum(number == place for place, number in enumerate(order, 1))
            return message("Not yet: {count} of {all} are matched.", count=right, all=count)
        wrong = pairs_apart(order, range(1, count + 1))
        if wrong == 1:
            return message("Not yet: one pair stands the wrong way round.")
        return message("Not yet: {count} pairs stand the wrong way round.", count=wrong)

    def told(self, step: Arranged, state: StepState, result: Result) -> tuple[Text, Text]:
        """Return the words of the experiment once they answer nothing any more."""
        return ("", "") if state.outcome == "open" else super().told(step, state, result)

    def has_solution(self, _step: Arranged) -> bool:
        """Return that there always is one."""
        return True

    def computed(self, step: Arranged, _names: Mapping[str, float]) -> Text:
        """Return the right arrangement, with what is said of it."""
        rows = _rows(step, range(1, len(_texts(step)) + 1))
        return message("{answer}. {why}", answer="; ".join(rows), why=step.right)

    def in_markdown(self, step: Arranged, answer: str) -> str:
        """Return the texts as they were arranged."""
        order = whole_numbers(answer)
        if sorted(order) != [*range(1, len(_texts(step)) + 1)]:
            return escaped(answer)
        return "; ".join(line_to_markdown(row) for row in _rows(step, order))

    def judged(self, step: Arranged, answer: str, _names: Mapping[str, float]) -> Verdict | None:
        """Return the verdict on an arrangement of the lesson as it is now."""
        order = whole_numbers(answer)
        known = sorted(order) == [*range(1, len(_texts(step)) + 1)]
        return grade_arrangement(step, order) if known else None


def _texts(step: Arranged) -> tuple[str, ...]:
    """Return the texts that are moved, in their right order."""
    if isinstance(step, OrderStep):
        return tuple(item.text for item in step.items)
    return tuple(pair.match for pair in step.pairs)


def _beside(step: Arranged) -> tuple[str, ...]:
    """Return what stands still beside each place."""
    return tuple(pair.item for pair in step.pairs) if isinstance(step, MatchStep) else ()


def _rows(step: Arranged, order: range | tuple[int, ...]) -> list[str]:
    texts = _texts(step)
    names = _beside(step) or tuple(f"{place}." for place in range(1, len(texts) + 1))
    return [f"{name} {texts[number - 1]}" for name, number in zip(names, order, strict=True)]


def _first(step: Arranged, seed: int) -> Order:
    """Return the arrangement that a learner starts with: shuffled, and not right."""
    right = [float(number) for number in range(1, len(_texts(step)) + 1)]
    numbers = right.copy()
    shuffle = random.Random(f"{seed}/{step.id}").shuffle  # noqa: S311 — no secret is drawn
    while numbers == right:
        shuffle(numbers)
    return tuple(numbers)
