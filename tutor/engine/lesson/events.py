"""What a learner does to a lesson run (events), and what must follow (effects)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from tutor.i18n import Message, Text, message
from tutor.lesson.programs import Outcome

Confidence: TypeAlias = Literal["low", "medium", "high"]

CONFIDENCES: Final[Mapping[str, Confidence]] = {"low": "low", "medium": "medium", "high": "high"}
CERTAINTY: Final[Mapping[str, Message]] = {
    "low": message("just guessing"),
    "medium": message("fairly sure"),
    "high": message("certain"),
}
"""How sure a learner can be of an answer, from guessing to certain, in the learner's words."""

SOLUTION_SEEN: Final = "solution seen"
"""The answer of an attempt that says: the learner looked at the solution."""


@dataclass(frozen=True, slots=True)
class ParameterChanged:
    """A parameter, or a part of a guess, has a new value."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class ParameterTurned:
    """A parameter is to go so many of its own steps up or down from where it is."""

    name: str
    ticks: int


@dataclass(frozen=True, slots=True)
class ParametersReset:
    """Every parameter goes back to the lesson's start value."""


@dataclass(frozen=True, slots=True)
class ChangeUndone:
    """The last change of a parameter is taken back."""


@dataclass(frozen=True, slots=True)
class PresetChosen:
    """A named setting of the step was asked for, by its position."""

    position: int


@dataclass(frozen=True, slots=True)
class Predicted:
    """The guess on the chart is meant, and this sure."""

    confidence: Confidence


@dataclass(frozen=True, slots=True)
class ChoiceAnswered:
    """A choice was taken, by its position in the lesson file."""

    position: int


@dataclass(frozen=True, slots=True)
class ChoiceToggled:
    """A choice of several, by its position in the lesson file, is to be marked, or no more."""

    position: int


@dataclass(frozen=True, slots=True)
class SelectionAnswered:
    """The choices at these positions in the lesson file are meant, and no other."""

    positions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NumberAnswered:
    """A number was typed, kept as it was typed."""

    entered: str


@dataclass(frozen=True, slots=True)
class CodeChanged:
    """The learner's program reads so now."""

    source: str


@dataclass(frozen=True, slots=True)
class CodeSubmitted:
    """The program is to be run and checked."""

    source: str


@dataclass(frozen=True, slots=True)
class CodeChecked:
    """The program of a step was run."""

    step: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class CodeRunEnded:
    """A run of the step's program was stopped, or could not be begun: nothing is judged."""

    step: str
    problem: Text


@dataclass(frozen=True, slots=True)
class LinePicked:
    """A line of a program, from 1, was taken for the one at fault."""

    line: int


@dataclass(frozen=True, slots=True)
class ItemMoved:
    """An item of an ordering, by its number from 1, is to go so many places down."""

    item: int
    by: int


@dataclass(frozen=True, slots=True)
class ArrangementAnswered:
    """The texts are meant in this order, by their numbers in the lesson file, from 1."""

    order: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AnotherAsked:
    """Another problem of the same kind."""


@dataclass(frozen=True, slots=True)
class HintAsked:
    """The next rung of the hint ladder."""


@dataclass(frozen=True, slots=True)
class SolutionAsked:
    """The solution, after a tried answer."""


@dataclass(frozen=True, slots=True)
class StepSkipped:
    """The learner goes on without an answer."""


@dataclass(frozen=True, slots=True)
class NextAsked:
    """On to the next step, if this one allows it."""


@dataclass(frozen=True, slots=True)
class BackAsked:
    """Back to the step before."""


@dataclass(frozen=True, slots=True)
class StepOpened:
    """Straight to a step, by its id."""

    step: str


Event: TypeAlias = (
    ParameterChanged
    | ParameterTurned
    | ParametersReset
    | ChangeUndone
    | PresetChosen
    | Predicted
    | ChoiceAnswered
    | ChoiceToggled
    | SelectionAnswered
    | NumberAnswered
    | CodeChanged
    | CodeSubmitted
    | CodeChecked
    | CodeRunEnded
    | LinePicked
    | AnotherAsked
    | ItemMoved
    | ArrangementAnswered
    | HintAsked
    | SolutionAsked
    | StepSkipped
    | NextAsked
    | BackAsked
    | StepOpened
)


@dataclass(frozen=True, slots=True)
class AttemptMade:
    """An answer to keep for ever: what was answered to which step, and how it was judged."""

    step: str
    kind: str
    answer: str
    correct: bool | None
    misconception: str | None = None
    confidence: Confidence | None = None


@dataclass(frozen=True, slots=True)
class ResumeMoved:
    """The place or the parameters changed: `at_once` where losing it would lose an answer."""

    at_once: bool


@dataclass(frozen=True, slots=True)
class LessonFinished:
    """The learner went on from the last step."""


Effect: TypeAlias = AttemptMade | ResumeMoved | LessonFinished
