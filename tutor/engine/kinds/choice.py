"""A question with choices."""

from __future__ import annotations

import random
from collections.abc import Mapping

from tutor.engine.experiments import Result
from tutor.engine.kinds.kind import Kind
from tutor.engine.kinds.questions import Choices
from tutor.engine.lesson import events as ev
from tutor.engine.lesson.run import Advanced, LessonRun, StepState, answered
from tutor.engine.numbers import whole_number
from tutor.i18n import Text, message
from tutor.lesson.grading import Verdict, grade_choice
from tutor.lesson.markdown import escaped, line_to_markdown
from tutor.lesson.model import ChoiceStep


def choice_order(run: LessonRun, step: ChoiceStep) -> tuple[int, ...]:
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
        return ev.ChoiceAnswered(int(answer)) if answer.isdigit() else None

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
