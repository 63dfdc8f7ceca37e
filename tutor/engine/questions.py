"""What a step asks, and what was answered last: the same for every front end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import singledispatch
from typing import Final, TypeAlias

from tutor.engine.lesson_run import (
    LessonRun,
    StepState,
    choice_order,
    code_of,
    guess_of,
    is_ordering,
)
from tutor.engine.ordering import labels_in, quantity_name
from tutor.i18n import Text, message
from tutor.lesson.code_grading import fault_line
from tutor.lesson.model import (
    BugStep,
    ChoiceStep,
    CodeStep,
    ExperimentStep,
    NumberStep,
    PredictStep,
    Step,
)
from tutor.lesson.programs import Outcome


@dataclass(frozen=True, slots=True)
class Choices:
    """Choices of which one is to be taken."""

    texts: tuple[str, ...]
    """In this learner's order."""
    positions: tuple[int, ...]
    """Where each stands in the lesson."""
    taken: tuple[int, bool] | None
    """Which was taken last, by its place here, and whether it was right."""


@dataclass(frozen=True, slots=True)
class NumberEntry:
    """A number to type."""

    entered: str
    unit: str


@dataclass(frozen=True, slots=True)
class FaultyLine:
    """A line of the listing to find."""

    taken: tuple[int, bool] | None
    """Which was taken last, from 1, and whether it was at fault."""


@dataclass(frozen=True, slots=True)
class Ordering:
    """Items to put in order."""

    items: tuple[tuple[int, str], ...]
    """As they stand: number, from 1, and label."""
    quantity: Text


@dataclass(frozen=True, slots=True)
class Guess:
    """A place or a number to guess, by the controls."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Parameters to turn."""

    presets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Program:
    """A program to write."""

    starter: str
    source: str
    solution: str
    solution_shown: bool
    running: bool
    checked: Outcome | None
    """What its last run gave."""
    fault_line: int | None
    """The line that the verdict speaks of, from 1."""


Question: TypeAlias = (
    Choices | NumberEntry | FaultyLine | Ordering | Guess | Settings | Program | None
)


@singledispatch
def question_of(_step: Step, _state: StepState, _run: LessonRun) -> Question:
    """Return what a step asks in this state of it; None where there is only something to read."""
    return None


@question_of.register
def _(step: ChoiceStep, state: StepState, run: LessonRun) -> Question:
    order, taken = choice_order(run, step), None
    if state.solution_shown:
        right = next(i for i, choice in enumerate(step.choices) if choice.correct)
        taken = order.index(right), True
    elif state.verdict is not None:
        taken = order.index(int(state.answer or 0)), state.verdict.correct
    return Choices(tuple(step.choices[i].text for i in order), order, taken)


@question_of.register
def _(step: NumberStep, state: StepState, _run: LessonRun) -> Question:
    return NumberEntry(state.answer or "", step.unit or "")


@question_of.register
def _(step: BugStep, state: StepState, _run: LessonRun) -> Question:
    if state.solution_shown:
        return FaultyLine((step.fault_line, True))
    if state.verdict is None:
        return FaultyLine(None)
    return FaultyLine((int(state.answer or 0), state.verdict.correct))


@question_of.register
def _(step: PredictStep, state: StepState, _run: LessonRun) -> Question:
    if is_ordering(step):
        return Ordering(tuple(labels_in(step, guess_of(step, state))), quantity_name(step))
    return Guess()


@question_of.register
def _(step: ExperimentStep, _state: StepState, _run: LessonRun) -> Question:
    return Settings(tuple(preset.name for preset in step.presets))


@question_of.register
def _(step: CodeStep, state: StepState, _run: LessonRun) -> Question:
    checked = state.checked
    return Program(
        starter=step.starter,
        source=code_of(step, state),
        solution=str(step.solution),
        solution_shown=state.solution_shown,
        running=state.running,
        checked=checked,
        fault_line=None if checked is None else fault_line(step, checked),
    )


_MISSING: Final[Mapping[type, Text]] = {
    ExperimentStep: message("Reach the goal first."),
    PredictStep: message("Place your guess, press Enter, and say how sure you are."),
    ChoiceStep: message("Choose an answer by its number."),
    CodeStep: message("Run your program first."),
    BugStep: message("Go to the line at fault and press Enter."),
    NumberStep: message("Type a number and press Enter."),
}


def missing(step: Step, state: StepState) -> Text:
    """Return what is to be done before going on; how to go on without it, the screen says."""
    if isinstance(step, CodeStep) and state.tries:
        return message("Your program does not do all it should yet.")
    return _MISSING.get(type(step), "")
