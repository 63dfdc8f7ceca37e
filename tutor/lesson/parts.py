"""The parts of steps, as an author writes them: controls, goals, choices, misses, checks, nodes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal, TypeAlias

from tutor.lesson.experiments import OptimizerName, ParameterName, Quantity
from tutor.lesson.fields import (
    Code,
    Count,
    DefinedName,
    Formula,
    Interval,
    Line,
    Markup,
    PositiveFloat,
    PositiveInt,
    PythonValue,
)

GraphRule: TypeAlias = Literal[
    "add", "subtract", "multiply", "divide", "square", "half-square", "exp", "log", "sigmoid",
    "relu", "matmul", "softmax-cross-entropy",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A number that the learner may turn."""

    name: ParameterName
    label: Line
    value: float
    """The safe start value."""
    range: Interval
    scale: Literal["linear", "log"] = "linear"
    step: PositiveFloat | None = None
    """One key press; else a fiftieth of the range (log: a tenth of a decade)."""
    locked: bool = False


@dataclass(frozen=True, kw_only=True)
class Goal:
    """What the learner is to bring about: `quantity` `is` `value`."""

    quantity: Quantity
    is_: Literal["below", "above", "near", "equal"]
    value: float | str
    """A number, or for `status` its word."""
    within: PositiveFloat | None = None
    """For `near`: how near."""
    within_steps: PositiveInt | None = None
    """For a descent: reached at some step up to this one."""


@dataclass(frozen=True, kw_only=True)
class Preset:
    """A named setting that one key brings back."""

    name: Line
    values: Mapping[ParameterName, float]


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One answer of a choice step, with what to say to whoever chose it."""

    text: Line
    correct: bool = False
    feedback: Markup
    misconception: str | None = None


@dataclass(frozen=True, kw_only=True)
class NearMiss:
    """A wrong number that tells how the learner thought, with what to say to them."""

    value: Formula
    feedback: Markup
    misconception: str | None = None


@dataclass(frozen=True, kw_only=True)
class GuessMiss:
    """A wrong prediction that tells how the learner thought."""

    value: Annotated[tuple[Formula, ...], Count(1, 9)]
    """One formula, or two for a point; for an ordering the positions of its items from 1, as they
    would be put in order."""
    feedback: Markup
    misconception: str | None = None


@dataclass(frozen=True, kw_only=True)
class Control:
    """The step's experiment with one thing changed, and what it must show then."""

    change: Mapping[ParameterName, float]
    """One parameter of the experiment, and its other value."""
    shows: Goal


@dataclass(frozen=True, kw_only=True)
class OrderedItem:
    """One of the settings that are to be put in order."""

    label: Line
    values: Mapping[ParameterName, float] = field(default_factory=dict)
    optimizer: OptimizerName | None = None
    """Of a descent; else the experiment's own."""


@dataclass(frozen=True, kw_only=True)
class PlacedItem:
    """One of the texts that are to be put in order."""

    text: Line
    feedback: Markup | None = None
    """Said where this is the first that stands in a wrong place; else `wrong` is."""
    misconception: str | None = None


@dataclass(frozen=True, kw_only=True)
class MatchedPair:
    """A text or a run on the chart, with what belongs to it."""

    item: Line
    """A short name: of a run, its label on the chart."""
    match: Line
    """What belongs to it, such as its cause."""
    feedback: Markup | None = None
    """Said where this is the first that has another beside it; else `wrong` is."""
    misconception: str | None = None


@dataclass(frozen=True, kw_only=True)
class Symptom:
    """What the faulty program does, shown by running it."""

    run: str
    """The name of an exhibit of the core's bug museum."""


@dataclass(frozen=True, kw_only=True)
class OwnSymptom:
    """What a program of the lesson's own prints. The linter runs it, with its fault and without."""

    prints: Code
    """What it prints with its fault; an exception as its last line, `ValueError: …`."""
    mended: Code
    """What it prints with the mend in its place."""
    setup: Code | None = None
    """Python that runs before, unseen: what the program may use beside `np` and `array`."""
    show: Code | None = None
    """Python that runs after it, unseen: what prints, where the code itself does not."""


@dataclass(frozen=True, kw_only=True)
class LineFeedback:
    """What to say to whoever holds this line for the faulty one."""

    line: PositiveInt
    feedback: Markup
    misconception: str | None = None


@dataclass(frozen=True, kw_only=True)
class CodeMiss:
    """A wrong value that tells how the learner thought."""

    value: PythonValue
    feedback: Markup
    misconception: str | None = None


@dataclass(frozen=True, kw_only=True)
class CodeCheck:
    """One thing that the learner's program must do."""

    call: Code
    """A Python expression; `np`, `array` and what the step's `setup` names can be used."""
    expect: PythonValue
    """A number, a list of them, or a Python expression with the names that `call` may use, the
    learner's aside."""
    rtol: PositiveFloat | None = None
    atol: PositiveFloat | None = None
    feedback: Markup
    """Said where the value is another one."""
    misses: tuple[CodeMiss, ...] = ()


@dataclass(frozen=True, kw_only=True)
class GraphNode:
    """A value of a computational graph that is computed of others."""

    name: DefinedName
    rule: GraphRule
    """half-square is x²/2; matmul takes two matrices, softmax-cross-entropy scores and targets."""
    of: Annotated[tuple[DefinedName, ...], Count(1, 2)]
    """What it is computed of: inputs and other nodes."""
