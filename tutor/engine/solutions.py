"""The solution of a step: the author's words or, where there are none, what the core computes."""

from __future__ import annotations

from collections.abc import Mapping

from tutor.engine.numbers import show
from tutor.i18n import Text, message
from tutor.lesson.grading import evaluate_formula
from tutor.lesson.model import (
    BugStep,
    ChoiceStep,
    CodeStep,
    ExperimentStep,
    NumberStep,
    Step,
)


def has_solution(step: Step) -> bool:
    """Return whether there is anything to show: a prediction's solution is its reveal."""
    match step:
        case ChoiceStep() | NumberStep() | BugStep():
            return True
        case ExperimentStep():
            return bool(step.solution or step.witness)
        case _:
            return step.solution is not None


def solution_of(step: Step, names: Mapping[str, float]) -> Text:
    """Return the solution; `names` are the quantities that a number's formula may use.

    What the lesson says after a right answer stands under it: nobody should lose that.
    """
    solution = message("**Solution:** {solution}", solution=_answer_of(step, names))
    after = step.debrief if isinstance(step, ExperimentStep) else step.explain
    if after is None:
        return solution
    return message("{solution}\n\n{after}", solution=solution, after=after)


def _answer_of(step: Step, names: Mapping[str, float]) -> Text:
    if isinstance(step, CodeStep):
        return message("\n\n```python\n{code}\n```", code=step.solution)
    return _computed(step, names) if step.solution is None else step.solution


def _computed(step: Step, names: Mapping[str, float]) -> Text:
    match step:
        case ChoiceStep():
            right = [choice for choice in step.choices if choice.correct]
            return message("{answer} {why}", answer=right[0].text, why=right[0].feedback)
        case NumberStep():
            value = show(evaluate_formula(step.answer, names), 6)
            return message("{value}.", value=value)
        case BugStep():
            mend = step.mend.strip()
            return message("line {line} should be `{mend}`.", line=step.fault_line, mend=mend)
        case ExperimentStep():
            labels = {parameter.name: parameter.label for parameter in step.parameters}
            settings = [f"{labels[name]} = {show(value)}" for name, value in step.witness.items()]
            return message("{settings} reaches the goal.", settings=", ".join(settings))
        case _:
            return ""
