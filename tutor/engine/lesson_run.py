"""A lesson being worked through, as a value: where the learner is, and the state of each step.

`tutor.engine.advance` moves it on.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias, TypeGuard

from tutor.engine import events as ev
from tutor.engine.controls import Control, control_of
from tutor.engine.experiment import Result, run_experiment
from tutor.engine.ordering import first_order, order_of, placed
from tutor.engine.predictions import guess_controls
from tutor.i18n import Text
from tutor.lesson.grading import Verdict
from tutor.lesson.model import (
    ChoiceStep,
    CodeStep,
    ExperimentStep,
    Lesson,
    NumberStep,
    PredictStep,
    Step,
)
from tutor.lesson.programs import Outcome as ProgramOutcome
from tutor.lesson.questions import is_question
from tutor.lesson.variants import variant

Outcome: TypeAlias = Literal["open", "done", "skipped"]


@dataclass(frozen=True, slots=True)
class StepState:
    """How far the learner is with one step."""

    values: Mapping[str, float] = field(default_factory=dict)
    """Parameter values, or the parts of the guess."""
    undo: tuple[Mapping[str, float], ...] = ()
    answer: str | None = None
    """The last answer as given: a choice's position, the typed number, the guess."""
    verdict: Verdict | None = None
    confidence: ev.Confidence | None = None
    problem: Text = ""
    """Why the last event could not be taken, and the mend."""
    tries: int = 0
    hints: int = 0
    solution_shown: bool = False
    code: str | None = None
    """The learner's program as it reads now; None: the starter."""
    running: bool = False
    """Whether the program is being run."""
    checked: ProgramOutcome | None = None
    """What its last run gave."""
    outcome: Outcome = "open"
    variant: int = 0
    """Which of its problems the step shows; 0 is the one that is written."""
    earlier: Outcome = "open"
    """How an earlier problem of the step ended: what was done stays done."""
    result: Result | None = field(default=None, compare=False)
    """What the step's experiment gives for `values`; computed, never stored."""

    @property
    def standing(self) -> Outcome:
        """How the step stands: as it is answered now or, while it is open, as it was before."""
        return self.earlier if self.outcome == "open" else self.outcome


@dataclass(frozen=True, slots=True)
class LessonRun:
    """A lesson, where the learner is in it, and the state of every step opened so far."""

    lesson: Lesson
    seed: int
    """Shuffles the choices, once."""
    index: int = 0
    states: Mapping[str, StepState] = field(default_factory=dict)
    finished: bool = False

    @property
    def step(self) -> Step:
        """The step on the screen, with the numbers of the variant that is shown."""
        step = self.lesson.steps[self.index]
        state = self.states.get(step.id)
        if state is None or not state.variant or not isinstance(step, NumberStep):
            return step
        return variant(step, state.variant)

    @property
    def state(self) -> StepState:
        """The state of the step on the screen."""
        return self.states[self.lesson.steps[self.index].id]

    @property
    def completed(self) -> int:
        """How many steps are done; a skipped one is not."""
        return sum(state.standing == "done" for state in self.states.values())

    @property
    def is_complete(self) -> bool:
        """Whether no step is open any more: each is done, or was skipped."""
        outcomes = [state.standing for state in self.states.values()]
        return len(outcomes) == len(self.lesson.steps) and "open" not in outcomes

    @property
    def may_continue(self) -> bool:
        """Whether the step on the screen lets the learner go on."""
        return self.state.standing != "open" or not is_question(self.step)


def has_begun(run: LessonRun, kinds: Collection[str]) -> bool:
    """Return whether the learner has turned, tried or typed something in a step of these kinds."""
    states = (run.states.get(step.id) for step in run.lesson.steps if step.kind in kinds)
    return any(state is not None and (state.undo or state.tries or state.code) for state in states)


def begin(lesson: Lesson, seed: int) -> LessonRun:
    """Return a fresh run on the first step."""
    return open_step(LessonRun(lesson, seed), 0)


def open_step(run: LessonRun, index: int) -> LessonRun:
    """Return the run on the step at `index`, with a state for it."""
    run = replace(run, index=index)
    step = run.step
    state = run.states.get(step.id) or StepState(values=start_values(step, run.seed))
    if state.result is None:
        state = replace(state, result=result_of(step, state.values))
    state = replace(state, problem="", running=False)
    return replace(run, states={**run.states, step.id: state})


def controls_of(step: Step) -> tuple[Control, ...]:
    """Return what the learner can turn in this step."""
    match step:
        case ExperimentStep():
            return tuple(control_of(parameter) for parameter in step.parameters)
        case PredictStep():
            return guess_controls(step)
        case _:
            return ()


def start_values(step: Step, seed: int) -> dict[str, float]:
    """Return the values that the step's controls start with; an ordering starts shuffled."""
    if is_ordering(step):
        return placed(first_order(step, seed))
    return {control.name: control.start for control in controls_of(step)}


def choice_order(run: LessonRun, step: ChoiceStep) -> tuple[int, ...]:
    """Return the positions of the choices in this learner's order, the same at every retry."""
    order = list(range(len(step.choices)))
    random.Random(f"{run.seed}/{step.id}").shuffle(order)  # noqa: S311 — no secret is drawn
    return tuple(order)


def is_ordering(step: Step) -> TypeGuard[PredictStep]:
    """Return whether the learner puts items in order."""
    return isinstance(step, PredictStep) and step.ask == "ordering"


def code_of(step: CodeStep, state: StepState) -> str:
    """Return the learner's program as it reads now."""
    return step.starter if state.code is None else state.code


def guess_of(step: PredictStep, state: StepState) -> tuple[float, ...]:
    """Return the guess, one number or two, in the order that the question asks for them.

    Of an ordering: the numbers of its items from 1, the smallest first.
    """
    if is_ordering(step):
        return order_of(state.values)
    return tuple(state.values[control.name] for control in guess_controls(step))


def names_of(state: StepState) -> dict[str, float]:
    """Return the quantities that an answer's formula may use."""
    if state.result is None:
        return {}
    return {n: v for n, v in state.result.quantities.items() if not isinstance(v, str)}


def result_of(step: Step, values: Mapping[str, float]) -> Result | None:
    """Return what the step's experiment gives for these parameter values; None without one."""
    if step.experiment is None:
        return None
    return run_experiment(step.experiment, values if isinstance(step, ExperimentStep) else {})
