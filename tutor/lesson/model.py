"""What a lesson is: frozen values, as an author writes them, checked and typed.

The loader fills these classes from YAML by their annotations alone, so a field's name is
its key in the file, its type is what the author may write, and its docstring here is what
the authors' guide says of it. A key that Python reserves is spelt with a trailing
underscore (`is_` is the key `is`). `Markup` is prose (Markdown with `$formulas$`), `Line`
one line of it, `Formula` a text in the formula language of `tutor.core` (or a number).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal, TypeAlias

from tutor.lesson.experiments import (
    Ask as Ask,
    ChartName as ChartName,
    CheckExperiment as CheckExperiment,
    DescentExperiment as DescentExperiment,
    Experiment as Experiment,
    GradientExperiment as GradientExperiment,
    GradientPart as GradientPart,
    NetworkExperiment as NetworkExperiment,
    ObjectiveExperiment as ObjectiveExperiment,
    OptimizerName as OptimizerName,
    ParameterName as ParameterName,
    Quantity as Quantity,
    Rival as Rival,
    ScheduleName as ScheduleName,
    SlopeExperiment as SlopeExperiment,
    SlopePart as SlopePart,
    TrainingExperiment as TrainingExperiment,
)
from tutor.lesson.fields import (
    Code as Code,
    Count as Count,
    DefinedName as DefinedName,
    Definition as Definition,
    Formula as Formula,
    Identifier as Identifier,
    Increasing as Increasing,
    Interval as Interval,
    LessonId as LessonId,
    Line as Line,
    Markup as Markup,
    Point as Point,
    PointOfTwo as PointOfTwo,
    Positive as Positive,
    PositiveFloat as PositiveFloat,
    PositiveInt as PositiveInt,
    PythonValue as PythonValue,
    Version as Version,
    Window as Window,
)
from tutor.lesson.parts import (
    Choice as Choice,
    CodeCheck as CodeCheck,
    CodeMiss as CodeMiss,
    Control as Control,
    Goal as Goal,
    GraphNode as GraphNode,
    GraphRule as GraphRule,
    GuessMiss as GuessMiss,
    LineFeedback as LineFeedback,
    MatchedPair as MatchedPair,
    NearMiss as NearMiss,
    OrderedItem as OrderedItem,
    OwnSymptom as OwnSymptom,
    Parameter as Parameter,
    PlacedItem as PlacedItem,
    Preset as Preset,
    Symptom as Symptom,
)
from tutor.lesson.proofs import (
    ProgramProof as ProgramProof,
    Proof as Proof,
    RunProof as RunProof,
    SlopeProof as SlopeProof,
    ZeroProof as ZeroProof,
)

SayPart: TypeAlias = Literal["sentence", "why", "update"]


@dataclass(frozen=True, kw_only=True)
class StepBase:
    """What every step may have."""

    id: Identifier
    title: Line | None = None
    body: Markup
    hints: tuple[Markup, ...] = ()
    """A ladder: each says more than the one before, none gives the answer."""
    solution: Markup | Code | None = None
    """Shown on request, after a tried answer."""
    explain: Markup | None = None
    """Shown after the answer, right or wrong."""
    review: bool = False
    """May come back as a question later."""
    experiment: Experiment | None = None
    charts: tuple[ChartName, ...] = ()
    control: tuple[Control, ...] = ()
    """Runs that prove a "because" of the texts, or the ends of a window that they tell."""
    say: Literal["none"] | tuple[SayPart, ...] = ("sentence", "why", "update")
    """What the program says beside the charts; else all. sentence: what is to be seen. why: the
    reason why a descent diverges, with the curvature λ. update: the step with its numbers."""

    @property
    def is_question(self) -> bool:
        """Whether the step waits for an answer or for its goal."""
        return True

    def says(self, part: SayPart) -> bool:
        """Return whether this part may be said."""
        return self.say != "none" and part in self.say


@dataclass(frozen=True, kw_only=True)
class TextStep(StepBase):
    """Something to read."""

    kind: Literal["text"]
    code: Code | None = None
    focus: tuple[PositiveInt, ...] = ()
    """The lines of `code` to look at."""

    @property
    def is_question(self) -> bool:
        """Whether there is something to answer."""
        return False


@dataclass(frozen=True, kw_only=True)
class ExperimentStep(StepBase):
    """Parameters to turn, with a chart that follows and (mostly) a goal."""

    kind: Literal["experiment"]
    experiment: Experiment = field()  # needed here, though every step may have one
    charts: Annotated[tuple[ChartName, ...], Count(1)] = field()
    parameters: Annotated[tuple[Parameter, ...], Count(1)]
    goal: Goal | None = None
    witness: Mapping[ParameterName, float] = field(default_factory=dict)
    """Parameter values that reach the goal: the linter runs them."""
    presets: tuple[Preset, ...] = ()
    debrief: Markup | None = None
    """Shown when the goal is reached."""

    @property
    def is_question(self) -> bool:
        """Whether there is a goal."""
        return self.goal is not None


@dataclass(frozen=True, kw_only=True)
class PredictStep(StepBase):
    """A guess on the chart before it is shown."""

    kind: Literal["predict"]
    experiment: Experiment = field()  # needed here, though every step may have one
    charts: Annotated[tuple[ChartName, ...], Count(1)] = field()
    ask: Ask
    """arrow: the direction of the gradient, in degrees, counter-clockwise from the x0 axis.
    step-number: the first step at which `until` holds. stationary-point: the nearest of them
    counts. basin-edge: the start, in one variable, where the end changes. weight-to-raise,
    weight-to-lower: row and column of W, each from 0. quantity: the number named by `of`. ordering:
    `items` from the smallest to the largest `of`."""
    of: Quantity | None = None
    kind_of_point: Literal["any", "minimum", "maximum", "saddle"] = "any"
    """For stationary-point: which ones count."""
    items: Annotated[tuple[OrderedItem, ...], Count(0, 7)] = ()
    until: Goal | None = None
    guess: Point | None = None
    """Where the guess starts; else the start of the experiment, or 0."""
    guess_range: Interval | None = None
    """For slope, quotient and step-number; a point ranges over the chart's window."""
    tolerance: PositiveFloat
    """In data units (degrees for an arrow, pairs in the wrong order for an ordering): a miss up to
    this counts as right."""
    near_misses: tuple[GuessMiss, ...] = ()
    right: Markup
    """Said to a right guess."""
    wrong: Markup
    """Said to a wrong guess that is no near miss."""
    misconception: str | None = None
    """What a wrong guess that is no near miss hints at."""


@dataclass(frozen=True, kw_only=True)
class ChoiceStep(StepBase):
    """A question with choices; one or more are correct."""

    kind: Literal["choice"]
    choices: Annotated[tuple[Choice, ...], Count(2, 9)]


@dataclass(frozen=True, kw_only=True)
class SelectStep(StepBase):
    """A question of which all choices that apply are to be selected, and no other."""

    kind: Literal["select"]
    choices: Annotated[tuple[Choice, ...], Count(2, 9)]
    """The feedback of a wrong one is said to whoever takes it, that of a correct one to whoever
    leaves it out and takes no wrong one."""
    right: Markup
    """Said when all that apply are selected, and no other."""


@dataclass(frozen=True, kw_only=True)
class OrderStep(StepBase):
    """Texts to put in order; no experiment decides it, but the author."""

    kind: Literal["order"]
    items: Annotated[tuple[PlacedItem, ...], Count(2, 9)]
    """In their right order: each learner starts with them shuffled."""
    right: Markup
    wrong: Markup


@dataclass(frozen=True, kw_only=True)
class MatchStep(StepBase):
    """Names, of runs on a chart or of anything, each to be matched with what belongs to it."""

    kind: Literal["match"]
    pairs: Annotated[tuple[MatchedPair, ...], Count(2, 9)]
    """Each learner starts with the matches shuffled; none can be given twice."""
    right: Markup
    wrong: Markup


@dataclass(frozen=True, kw_only=True)
class NumberStep(StepBase):
    """A question answered by a number; the expected one is computed by the core."""

    kind: Literal["number"]
    answer: Formula
    """A formula; it may use the quantities of the experiment, if there is one."""
    proof: Proof | None = None
    rtol: PositiveFloat | None = None
    atol: PositiveFloat | None = None
    near_misses: tuple[NearMiss, ...] = ()
    unit: Line | None = None
    worked: Line | None = None
    """The calculation with its numbers, such as `x ← 4 − [0.1] · [8] = [3.2]`: what stands in
    brackets is left blank, the last always, the ones before it as the learner does well."""
    variants: Mapping[Formula, Annotated[tuple[Formula, ...], Count(1)]] = field(
        default_factory=dict
    )
    """For a number that stands in the question and in its formulas: others that may take its
    place, so that `again` is a new problem. Several numbers change together, in order."""


@dataclass(frozen=True, kw_only=True)
class BugStep(StepBase):
    """A program with a fault: what it does is seen, the line at fault is to be found."""

    kind: Literal["bug"]
    code: Code
    fault_line: PositiveInt
    """Counted from 1."""
    mend: Code
    """What should stand in that line; shown once it is found, with what the program does then."""
    symptom: Symptom | OwnSymptom
    lines: tuple[LineFeedback, ...] = ()
    """For the lines that are suspected for a reason."""
    right: Markup
    wrong: Markup
    """Said to a line that has no feedback of its own."""


@dataclass(frozen=True, kw_only=True)
class CodeStep(StepBase):
    """The learner writes Python, which runs in a limited process of its own."""

    kind: Literal["code"]
    starter: Code
    solution: Code = field()
    """Passes every check: the linter runs it, and that the starter fails."""
    setup: Code | None = None
    """Python that runs before, unseen: what the program may use."""
    checks: Annotated[tuple[CodeCheck, ...], Count(1)]
    right: Markup
    """Said when every check passes."""
    seconds: PositiveFloat = 5.0
    """How long it may run."""


@dataclass(frozen=True, kw_only=True)
class GraphStep(StepBase):
    """A computational graph: the learner fills in the gradients, back from its end.

    All numbers, and what a wrong gradient forgot, are computed of the nodes alone.
    """

    kind: Literal["graph"]
    inputs: Mapping[DefinedName, PythonValue]
    """A number each, a list of them, or a list of rows."""
    nodes: Annotated[tuple[GraphNode, ...], Count(1, 12)]
    """The one that leads to no other is the value of which the gradients are asked."""
    fixed: tuple[DefinedName, ...] = ()
    """Inputs whose gradient is not asked for, such as data and targets."""


Step: TypeAlias = (
    TextStep
    | ExperimentStep
    | PredictStep
    | ChoiceStep
    | SelectStep
    | OrderStep
    | MatchStep
    | NumberStep
    | BugStep
    | CodeStep
    | GraphStep
)
"""Told apart by `kind`."""


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """One lesson file."""

    format: Literal[1]
    needs: Version | None = None
    """The oldest Nabla that shows this lesson as it is meant."""
    id: LessonId
    title: Line
    summary: Line
    requires: tuple[LessonId, ...] = ()
    minutes: PositiveInt
    sources: tuple[Line, ...] = ()
    objectives: Annotated[tuple[Line, ...], Count(1)]
    """You will be able to ..."""
    values: Mapping[DefinedName, Definition] = field(default_factory=dict)
    """Numbers that are named once: for formulas (`2*eta`), in place of numbers (`=eta`), for prose
    (`{=eta}`)."""
    functions: Mapping[DefinedName, Definition] = field(default_factory=dict)
    """Functions of x, or of x0 and x1, that are named once: `formula: f`, `answer: f(3)`, and in
    prose `{=f}` and `{=f(3)}`."""
    steps: Annotated[tuple[Step, ...], Count(1)]


@dataclass(frozen=True, kw_only=True)
class Course:
    """The lessons of one folder, ordered so that each comes after what it requires."""

    id: Identifier
    lessons: tuple[Lesson, ...]
