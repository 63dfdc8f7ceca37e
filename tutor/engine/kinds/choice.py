"""Questions with choices: one is to be taken, or all that apply."""

from __future__ import annotations

import random
from collections.abc import Mapping

from tutor.engine.experiments import Result
from tutor.engine.kinds.kind import Kind
from tutor.engine.kinds.questions import Choices, Selection
from tutor.engine.lesson import events as ev
from tutor.engine.lesson.run import (
    Advanced,
    LessonRun,
    StepState,
    answered,
    with_state,
    with_values,
)
from tutor.engine.numbers import whole_number, whole_numbers
from tutor.i18n import Text, message, plural
from tutor.lesson.grading import Verdict, grade_choice, grade_selection
from tutor.lesson.markdown import escaped, line_to_markdown
from tutor.lesson.model import ChoiceStep, SelectStep


def choice_order(run: LessonRun, step: ChoiceStep | SelectStep) -> tuple[int, ...]:
    """Return the positions of the choices in this learner's order, the same at every retry."""
    order = list(range(len(step.choices)))
    random.Random(f"{run.seed}/{step.id}").shuffle(order)  # noqa: S311 — no secret is drawn
    return tuple(order)


class ChoiceKind(Kind[ChoiceStep]):
    """A choice is kept by its position in the lesson file."""

    def take(self, step: ChoiceStep, event: ev.Event, run: LessonRun) -> Advanced:
        """Take a choice, again as long as it is wrong."""
        if not isinstance(event, ev.ChoiceAnswered) or run.state.outcome == "done":
            return run, ()
        if not 0 <= event.position < len(step.choices):
            return run, ()
        verdict = grade_choice(step, event.position)
        return answered(run, verdict, str(event.position), settles=verdict.correct)

    def event_of(self, answer: str, _confidence: ev.Confidence) -> ev.Event | None:
        """Return the choice that was taken."""
        position = whole_number(answer)
        return None if position is None else ev.ChoiceAnswered(position)

    def missing(self, _step: ChoiceStep, _state: StepState) -> Text:
        """Return how to choose."""
        return message("Choose an answer by its number.")

    def question(self, step: ChoiceStep, run: LessonRun) -> Choices:
        """Return the choices, with the one that was taken or is the solution."""
        order, state, taken = choice_order(run, step), run.state, None
        if state.solution_shown:
            right = next(i for i, choice in enumerate(step.choices) if choice.correct)
            taken = order.index(right), True
        elif state.verdict is not None:
            taken = order.index(int(state.answer or 0)), state.verdict.correct
        return Choices(tuple(step.choices[i].text for i in order), order, taken)

    def told(self, step: ChoiceStep, state: StepState, result: Result) -> tuple[Text, Text]:
        """Return the words of the experiment once they answer nothing any more."""
        return ("", "") if state.outcome == "open" else super().told(step, state, result)

    def has_solution(self, _step: ChoiceStep) -> bool:
        """Return that there always is one."""
        return True

    def computed(self, step: ChoiceStep, _names: Mapping[str, float]) -> Text:
        """Return the right choice with its reason."""
        right = next(choice for choice in step.choices if choice.correct)
        return message("{answer} {why}", answer=right.text, why=right.feedback)

    def in_markdown(self, step: ChoiceStep, answer: str) -> str:
        """Return the words of the choice."""
        index = whole_number(answer)
        known = index is not None and index < len(step.choices)
        return line_to_markdown(step.choices[index or 0].text) if known else escaped(answer)

    def judged(self, step: ChoiceStep, answer: str, _names: Mapping[str, float]) -> Verdict | None:
        """Return the verdict on a choice of the lesson as it is now."""
        index = whole_number(answer)
        return None if index is None or index >= len(step.choices) else grade_choice(step, index)


_MARK = "choice"
"""Before the position of a marked choice, in a step's values."""


class SelectKind(Kind[SelectStep]):
    """What is selected is kept by the positions in the lesson file: `0,2`."""

    def kept_values(self, step: SelectStep, saved: Mapping[str, object]) -> dict[str, float]:
        """Return the marks that were saved."""
        return {mark: 1.0 for mark in map(_mark, range(len(step.choices))) if saved.get(mark)}

    def may_turn(self, state: StepState) -> bool:
        """Return whether marks may be changed: not once they are right."""
        return state.outcome == "open"

    def take(self, step: SelectStep, event: ev.Event, run: LessonRun) -> Advanced:
        """Take a mark, or all of them as they are meant."""
        if run.state.outcome == "done":
            return run, ()
        match event:
            case ev.ChoiceToggled(position) if 0 <= position < len(step.choices):
                marks = dict(run.state.values)
                if marks.pop(_mark(position), None) is None:
                    marks[_mark(position)] = 1.0
                return self.turned(step, marks, run)
            case ev.SelectionAnswered(positions) if not positions:
                return with_state(run, problem=self.missing(step, run.state)), ()
            case ev.SelectionAnswered(positions) if set(positions) <= set(range(len(step.choices))):
                run = with_values(run, {_mark(at): 1.0 for at in positions}, run.state.result)
                verdict = grade_selection(step, positions)
                answer = ",".join(map(str, sorted(set(positions))))
                return answered(run, verdict, answer, settles=verdict.correct)
            case _:
                return run, ()

    def event_of(self, answer: str, _confidence: ev.Confidence) -> ev.Event | None:
        """Return the selection that was meant."""
        positions = whole_numbers(answer)
        return ev.SelectionAnswered(positions) if positions else None

    def answered_again(
        self, step: SelectStep, saved: Mapping[str, object], run: LessonRun
    ) -> LessonRun:
        """Return the run with the saved answer judged anew, and the marks as they were left."""
        marks = run.state.values
        again = super().answered_again(step, saved, run)
        return with_state(again, values=marks, undo=()) if marks else again

    def missing(self, _step: SelectStep, _state: StepState) -> Text:
        """Return how to select."""
        return message("Mark all that apply, with Space or by number; then press Enter.")

    def question(self, step: SelectStep, run: LessonRun) -> Selection:
        """Return the choices with their marks, and what is known of them."""
        order, state = choice_order(run, step), run.state
        marked = {at for at in order if _mark(at) in state.values}
        seen = [at for at in whole_numbers(state.answer or "") if not step.choices[at].correct]
        if state.outcome == "done" or state.solution_shown:
            seen = [at for at in order if step.choices[at].correct]
        return Selection(
            tuple(step.choices[at].text for at in order), order,
            frozenset(map(order.index, marked)),
            tuple((order.index(at), step.choices[at].correct) for at in seen),
            is_open=state.outcome == "open",
        )  # fmt: skip

    def verdict_words(self, step: SelectStep, state: StepState) -> Text:
        """Return whether the selection was right or, if not, whether too much or too little."""
        if state.verdict is None or state.verdict.correct:
            return super().verdict_words(step, state)
        wrong = [at for at in whole_numbers(state.answer or "") if not step.choices[at].correct]
        if wrong:
            return plural("Not yet: {count} does not belong.", "Not yet: {count} do not belong.",
                          len(wrong))  # fmt: skip
        return message("Not yet: all of these belong, and something is missing.")

    def told(self, step: SelectStep, state: StepState, result: Result) -> tuple[Text, Text]:
        """Return the words of the experiment once they answer nothing any more."""
        return ("", "") if state.outcome == "open" else super().told(step, state, result)

    def has_solution(self, _step: SelectStep) -> bool:
        """Return that there always is one."""
        return True

    def computed(self, step: SelectStep, _names: Mapping[str, float]) -> Text:
        """Return the right choices, with what is said of them."""
        right = [choice.text for choice in step.choices if choice.correct]
        return message("{answer}. {why}", answer="; ".join(right), why=step.right)

    def in_markdown(self, step: SelectStep, answer: str) -> str:
        """Return the words of the choices."""
        positions = whole_numbers(answer)
        if not positions or max(positions) >= len(step.choices):
            return escaped(answer)
        return "; ".join(line_to_markdown(step.choices[at].text) for at in positions)

    def judged(self, step: SelectStep, answer: str, _names: Mapping[str, float]) -> Verdict | None:
        """Return the verdict on a selection from the lesson as it is now."""
        positions = whole_numbers(answer)
        known = bool(positions) and max(positions) < len(step.choices)
        return grade_selection(step, positions) if known else None


def _mark(position: int) -> str:
    return f"{_MARK}{position}"
