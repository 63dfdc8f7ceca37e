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
from typing import Annotated, Literal, NewType, TypeAlias

Markup = NewType("Markup", str)
Line = NewType("Line", str)
Formula = NewType("Formula", str)
Identifier = NewType("Identifier", str)
"""Lower-case words joined by hyphens: `one-step`. Progress keys on it; it never changes."""
LessonId = NewType("LessonId", str)
"""`course/lesson`, two identifiers: `gradients/learning-rate`."""


@dataclass(frozen=True)
class Count:
    """A list of at least `low` and at most `high` items."""

    low: int
    high: int = 1000


@dataclass(frozen=True)
class Increasing:
    """Numbers given as low, high (and again low, high): each low below its high."""


@dataclass(frozen=True)
class Positive:
    """A number above zero."""


PositiveFloat: TypeAlias = Annotated[float, Positive()]
PositiveInt: TypeAlias = Annotated[int, Positive()]

Point: TypeAlias = Annotated[tuple[float, ...], Count(1, 2)]
"""One or two coordinates."""
PointOfTwo: TypeAlias = Annotated[tuple[float, ...], Count(2, 2)]
"""Two coordinates."""
Interval: TypeAlias = Annotated[tuple[float, float], Increasing()]
"""Low, high."""
Window: TypeAlias = Annotated[tuple[float, float, float, float], Increasing()]
"""x0 low, x0 high, x1 low, x1 high."""

ChartName: TypeAlias = Literal[
    "curve", "slope-curve", "error-curve", "contour", "descent-path", "loss-curve"
]
"""curve: f with tangent, secant or the learner's line. slope-curve: f' over x. error-curve:
error against h, log-log. contour: levels, arrow field, gradient. descent-path: the iterates on
the contour (or on the curve, in one variable). loss-curve: f at each step."""

Ask: TypeAlias = Literal["next-point", "final-point", "slope", "quotient", "arrow", "step-number"]

SlopePart: TypeAlias = Literal["curve", "tangent", "secant", "line", "exact", "quotient"]
GradientPart: TypeAlias = Literal["arrow-field", "uphill", "downhill", "next-point", "minimizer"]


@dataclass(frozen=True, kw_only=True)
class SlopeExperiment:
    """One variable: the slope of f at x, by a difference quotient and exactly.

    Parameters may be named `x`, `h`, `slope` (of the learner's own line through the point) and
    `zoom` (magnification of the chart around the point). Quantities: `height` f(x), `slope`
    f'(x), `quotient`, `error` (|quotient - f'(x)|, or |own slope - f'(x)| where the experiment has
    a `slope`), `forward_error`, `central_error`, `x`, `h`.
    """

    objective: str | None = None
    formula: Formula | None = None
    """Instead of a named objective: a formula in x."""
    x: float
    h: PositiveFloat = 1.0
    method: Literal["forward", "central"] = "forward"
    precision: Literal["float64", "float32"] = "float64"
    slope: float | None = None
    zoom: PositiveFloat = 1.0
    window: Interval | None = None
    """The x range of the chart; else the objective's own."""
    show: tuple[SlopePart, ...] = ("curve", "tangent", "secant")
    """What the chart draws (curve, tangent, secant, line) and what the sentence may give away
    (exact, quotient): without `exact` the true slope stays unknown to the learner."""


@dataclass(frozen=True, kw_only=True)
class GradientExperiment:
    """Two variables: the gradient of f at a point, and where one step takes it.

    Parameters: `x0`, `x1`, `learning_rate` (negative: a step uphill). Quantities: `loss` f at the
    point, `partial_x0`, `partial_x1`, `slope` (the gradient's length), `distance` to the nearest
    minimizer, `angle` in degrees between -gradient and the way to the minimizer, `next_loss`,
    `next_x0`, `next_x1`, `change` (next_loss - loss), `x0`, `x1`.
    """

    objective: str | None = None
    formula: Formula | None = None
    """Instead of a named objective: a formula in x0 and x1."""
    point: PointOfTwo
    learning_rate: float = 0.1
    window: Window | None = None
    """x0 low, x0 high, x1 low, x1 high."""
    show: tuple[GradientPart, ...] = ("arrow-field", "uphill", "downhill")


@dataclass(frozen=True, kw_only=True)
class DescentExperiment:
    """Gradient descent from a start, in one or two variables.

    Parameters: `learning_rate`, `steps`, `h` (numerical gradient), `x0`, `x1` (the start).
    Quantities, at the last point: `loss`, `distance`, `slope`; `steps` (the first step whose
    distance to the minimizer is below 1e-3; infinite if none), `status` (completed, converged,
    diverged, frozen, nonfinite, oscillating), `factor` (by which the last step changed the
    distance), `x0`, `x1`, `start_loss`.
    """

    objective: str | None = None
    formula: Formula | None = None
    start: Point
    optimizer: Literal["gradient-descent"] = "gradient-descent"
    gradient: Literal["exact", "numerical"] = "exact"
    learning_rate: float = 0.1
    steps: PositiveInt = 20
    h: PositiveFloat = 1e-4
    window: Window | None = None
    """x0 low, x0 high, x1 low, x1 high (for one variable: x low, x high, f low, f high)."""
    log_loss: bool = False
    """Draw the loss on a logarithmic axis."""
    arrow_field: bool = False


Experiment: TypeAlias = SlopeExperiment | GradientExperiment | DescentExperiment
"""Told apart by the key that each needs: `x`, `point` or `start`."""

ParameterName: TypeAlias = Literal["x", "h", "slope", "zoom", "x0", "x1", "learning_rate", "steps"]
Quantity: TypeAlias = Literal[
    "loss", "steps", "status", "distance", "slope", "error", "height", "quotient", "angle",
    "next_loss", "change", "factor", "forward_error", "central_error", "partial_x0", "partial_x1",
    "next_x0", "next_x1", "x", "h", "x0", "x1", "start_loss",
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
    value: float | Line
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

    value: Annotated[tuple[Formula, ...], Count(1, 2)]
    """One formula, or two for a point."""
    feedback: Markup
    misconception: str | None = None


@dataclass(frozen=True, kw_only=True)
class StepBase:
    """What every step may have."""

    id: Identifier
    title: Line | None = None
    body: Markup
    hints: tuple[Markup, ...] = ()
    """A ladder: each says more than the one before, none gives the answer."""
    solution: Markup | None = None
    """Shown on request, after a tried answer."""
    explain: Markup | None = None
    """Shown after the answer, right or wrong."""
    review: bool = False


@dataclass(frozen=True, kw_only=True)
class TextStep(StepBase):
    """Something to read."""

    kind: Literal["text"]
    code: str | None = None
    focus: tuple[PositiveInt, ...] = ()
    """The lines of `code` to look at."""
    experiment: Experiment | None = None
    charts: tuple[ChartName, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ExperimentStep(StepBase):
    """Parameters to turn, with a chart that follows and (mostly) a goal."""

    kind: Literal["experiment"]
    experiment: Experiment
    charts: Annotated[tuple[ChartName, ...], Count(1)]
    parameters: Annotated[tuple[Parameter, ...], Count(1)]
    goal: Goal | None = None
    witness: Mapping[ParameterName, float] = field(default_factory=dict)
    """Parameter values that reach the goal: the linter runs them."""
    presets: tuple[Preset, ...] = ()
    debrief: Markup | None = None
    """Shown when the goal is reached."""


@dataclass(frozen=True, kw_only=True)
class PredictStep(StepBase):
    """A guess on the chart before it is shown."""

    kind: Literal["predict"]
    experiment: Experiment
    charts: Annotated[tuple[ChartName, ...], Count(1)]
    ask: Ask
    """arrow: the direction of the gradient, in degrees, counter-clockwise from the x0 axis.
    step-number: the first step at which `until` holds."""
    until: Goal | None = None
    guess: Point | None = None
    """Where the guess starts; else the start of the experiment, or 0."""
    guess_range: Interval | None = None
    """For slope, quotient and step-number; a point ranges over the chart's window."""
    tolerance: PositiveFloat
    """In data units (degrees for an arrow): a miss up to this counts as right."""
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
    experiment: Experiment | None = None
    charts: tuple[ChartName, ...] = ()


@dataclass(frozen=True, kw_only=True)
class NumberStep(StepBase):
    """A question answered by a number; the expected one is computed by the core."""

    kind: Literal["number"]
    answer: Formula
    """A formula; it may use the quantities of the experiment, if there is one."""
    rtol: PositiveFloat | None = None
    atol: PositiveFloat | None = None
    near_misses: tuple[NearMiss, ...] = ()
    unit: Line | None = None
    experiment: Experiment | None = None
    charts: tuple[ChartName, ...] = ()


Step: TypeAlias = TextStep | ExperimentStep | PredictStep | ChoiceStep | NumberStep
"""Told apart by `kind`."""


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """One lesson file."""

    format: Literal[1]
    id: LessonId
    title: Line
    summary: Line
    requires: tuple[LessonId, ...] = ()
    minutes: PositiveInt
    sources: tuple[Line, ...] = ()
    objectives: Annotated[tuple[Line, ...], Count(1)]
    """You will be able to ..."""
    steps: Annotated[tuple[Step, ...], Count(1)]


@dataclass(frozen=True, kw_only=True)
class Course:
    """The lessons of one folder, ordered so that each comes after what it requires."""

    id: Identifier
    lessons: tuple[Lesson, ...]
