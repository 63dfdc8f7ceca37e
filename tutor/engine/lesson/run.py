"""A lesson being worked through, as a value: where the learner is, and the state of each step.

`tutor.engine.lesson.advance` moves it on.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal, TypeAlias

from tutor.engine.experiments import Result
from tutor.engine.lesson import events as ev
from tutor.i18n import Text
from tutor.lesson.grading import Verdict
from tutor.lesson.model import Lesson, Step
from tutor.lesson.programs import Outcome as ProgramOutcome
from tutor.lesson.variants import variant

UNDO_DEPTH: Final = 100

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
        return variant(step, state.variant) if state is not None and state.variant else step

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
        return self.state.standing != "open" or not self.step.is_question


Advanced: TypeAlias = tuple[LessonRun, tuple[ev.Effect, ...]]
"""The run after an event, and what must be carried out because of it."""


def has_begun(run: LessonRun, kinds: Collection[str]) -> bool:
    """Return whether the learner has turned, tried or typed something in a step of these kinds."""
    states = (run.states.get(step.id) for step in run.lesson.steps if step.kind in kinds)
    return any(state is not None and (state.undo or state.tries or state.code) for state in states)


def names_of(state: StepState) -> dict[str, float]:
    """Return the quantities that an answer's formula may use."""
    if state.result is None:
        return {}
    return {n: v for n, v in state.result.quantities.items() if not isinstance(v, str)}


# --- how it is changed


def with_state(run: LessonRun, **changes: object) -> LessonRun:
    """Return the run with its step's state changed; an old problem is gone unless given anew."""
    state = replace(run.state, **{"problem": "", **changes})  # type: ignore[arg-type]
    return replace(run, states={**run.states, run.step.id: state})


def with_values(run: LessonRun, values: Mapping[str, float], result: Result | None) -> LessonRun:
    """Return the run with other parameters (or another guess) and what they give."""
    state = run.state
    undo = (*state.undo, state.values)[-UNDO_DEPTH:]
    return with_state(run, values=dict(values), result=result, undo=undo)


def answered(
    run: LessonRun,
    verdict: Verdict,
    answer: str,
    *,
    settles: bool,
    confidence: ev.Confidence | None = None,
) -> Advanced:
    """Return the run with an answer and its verdict; `settles`: the step is done with it."""
    variant = run.state.variant
    kept = f"{answer} (variant {variant})" if variant else answer
    attempt = ev.AttemptMade(
        run.step.id, run.step.kind, kept, verdict.correct, verdict.misconception, confidence
    )
    run = with_state(
        run,
        answer=answer,
        verdict=verdict,
        confidence=confidence,
        tries=run.state.tries + 1,
        outcome="done" if settles else run.state.outcome,
    )
    return run, (attempt, ev.ResumeMoved(at_once=True))
