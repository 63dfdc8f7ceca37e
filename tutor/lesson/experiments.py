"""What a lesson can let the learner try out: the experiments, and the names of all they have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias

from tutor.lesson.fields import (
    Count,
    Formula,
    Interval,
    Line,
    Point,
    PointOfTwo,
    PositiveFloat,
    PositiveInt,
    Window,
)

ChartName: TypeAlias = Literal[
    "curve", "slope-curve", "error-curve", "contour", "surface", "slice-x0", "slice-x1",
    "descent-path", "loss-curve", "basins", "softmax-bars", "weight-gradient", "accuracy-curve",
    "digits", "hidden-weights", "weight-slice", "layer-errors", "cost-curve",
]  # fmt: skip
"""curve: f with tangent, secant or the learner's line. slope-curve: f' over x. error-curve:
error against h, log-log. contour: levels, arrow field, gradient. surface: the same, or the path, on
f seen in space. slice-x0, slice-x1: f along one
variable, the other held, with its tangent. descent-path: the iterates on the contour (or on the
curve, in one variable). loss-curve: f at each step. basins: where each start ends. softmax-bars:
the probabilities. weight-gradient: W and dW as signed tables. accuracy-curve: over the epochs, on
what was trained and on what was held out. digits: pictures of the data. hidden-weights: the columns
of the hidden layer. weight-slice: loss and accuracy along one weight. layer-errors: backpropagation
against the numerical gradient, for each layer. cost-curve: evaluations against the number of
weights."""

Ask: TypeAlias = Literal[
    "next-point", "final-point", "slope", "quotient", "arrow", "step-number", "partial-x0",
    "partial-x1", "stationary-point", "basin-edge", "weight-to-raise", "weight-to-lower",
    "quantity", "ordering",
]  # fmt: skip

OptimizerName: TypeAlias = Literal[
    "gradient-descent", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw"
]
ScheduleName: TypeAlias = Literal["constant", "step", "cosine"]
SlopePart: TypeAlias = Literal["curve", "tangent", "secant", "line", "exact", "quotient"]
GradientPart: TypeAlias = Literal[
    "arrow-field", "uphill", "downhill", "next-point", "minimizer", "slices"
]


@dataclass(frozen=True, kw_only=True)
class SlopeExperiment:
    """One variable: the slope of f at x, by a difference quotient and exactly.

    Parameters may be named `x`, `h`, `slope` (of the learner's own line through the point) and
    `zoom` (magnification of the chart around the point). Quantities: `height` f(x), `slope`
    f'(x), `quotient`, `error` (|quotient - f'(x)|, or |own slope - f'(x)| where the experiment has
    a `slope`), `forward_error`, `central_error`, `x`, `h`, `curvature` f''(x).
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
    `next_x0`, `next_x1`, `change` (next_loss - loss), `x0`, `x1`, `curvature_low`,
    `curvature_high` (the eigenvalues of the Hessian).
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
class Rival:
    """Another descent on the same ground; what is left out is as in the run it stands beside."""

    label: Line
    optimizer: OptimizerName | None = None
    learning_rate: float | None = None
    momentum: float | None = None
    schedule: ScheduleName | None = None
    start: Point | None = None


@dataclass(frozen=True, kw_only=True)
class DescentExperiment:
    """Gradient descent from a start, in one or two variables.

    Parameters: `learning_rate`, `steps`, `h` (numerical gradient), `x0`, `x1` (the start),
    `momentum`.
    Quantities, at the last point: `loss`, `distance`, `slope`; `steps` (the first step whose
    distance to the minimizer is below 1e-3; infinite if none), `status` (completed, converged,
    diverged, frozen, nonfinite, oscillating), `factor` (by which the last step changed the
    distance), `x0`, `x1`, `start_loss`, `worst_loss` (the largest f of the last ten
    steps: what a run that swings does not pass by luck).
    """

    objective: str | None = None
    formula: Formula | None = None
    start: Point
    optimizer: OptimizerName = "gradient-descent"
    momentum: float = 0.9
    """μ of momentum and Nesterov."""
    schedule: ScheduleName = "constant"
    label: Line | None = None
    """What the legend calls this run, where it has rivals."""
    rivals: Annotated[tuple[Rival, ...], Count(0, 5)] = ()
    """Other runs, drawn beside this one."""
    gradient: Literal["exact", "numerical"] = "exact"
    learning_rate: float = 0.1
    steps: PositiveInt = 20
    h: PositiveFloat = 1e-4
    window: Window | None = None
    """x0 low, x0 high, x1 low, x1 high (for one variable: x low, x high, f low, f high)."""
    log_loss: bool = False
    """Draw the loss on a logarithmic axis."""
    arrow_field: bool = False


@dataclass(frozen=True, kw_only=True)
class NetworkExperiment:
    """The softmax classifier with weights of 2x3, one example, and steps W ← W - η dW.

    Parameters: `w00` to `w12`, `input0`, `input1`, `learning_rate`, `steps`. Quantities: `loss`,
    `start_loss`, `next_loss`, `change`, `p0` to `p2` (the probabilities), `probability` (of the
    target), `dw00` to `dw12` (the gradient), `w00` to `w12`, `steps`.
    """

    weights: Annotated[tuple[tuple[float, float, float], ...], Count(2, 2)]
    """Two rows (one an input) of three columns (one an output)."""
    input: PointOfTwo = (0.6, 0.9)
    target: Literal[0, 1, 2] = 2
    """The right class."""
    learning_rate: float = 0.1
    steps: int = 0
    """How many steps have been taken."""
    gradient: Literal["exact", "numerical"] = "exact"
    h: PositiveFloat = 1e-4


@dataclass(frozen=True, kw_only=True)
class TrainingExperiment:
    """A network trained on real pictures of digits, with a part held out.

    Parameters: `learning_rate`, `batch_size`, `epochs`, `hidden`, `shift` (of one weight, for the
    chart weight-slice). Quantities: `loss`, `start_loss` (both on all training pictures),
    `train_accuracy`, `test_accuracy`, `steps` (updates made), `parameter_count`, `status`,
    `hidden_spread` (how far the hidden columns differ; 0: all alike), `loss_slope`,
    `accuracy_slope` (both along the shifted weight).
    """

    data: Literal["digits"]
    model: Literal["softmax", "two-layer"] = "two-layer"
    hidden: PositiveInt = 20
    learning_rate: float = 0.5
    batch_size: PositiveInt = 100
    epochs: PositiveInt = 10
    optimizer: OptimizerName = "gradient-descent"
    first_weights: Literal["random", "zeros"] = "random"
    seed: int = 0
    shift: float = 0.0


@dataclass(frozen=True, kw_only=True)
class CheckExperiment:
    """Backpropagation checked against numerical gradients, mended or with a planted fault.

    Parameters: `h`, `hidden`. Quantities: `parameter_count`, `evaluations` (of the loss, by the
    numerical gradient), `error_w1`, `error_b1`, `error_w2`, `error_b2` (relative), `worst_error`.
    """

    layers: Annotated[tuple[PositiveInt, ...], Count(3, 3)]
    """Inputs, hidden, outputs."""
    fault: Literal["none", "w1", "b1", "w2", "b2"] = "none"
    """Where backpropagation is wrong."""
    fault_kind: Literal["sign", "scale", "no-activation", "off-by-one"] = "sign"
    h: PositiveFloat = 1e-4
    batch_size: PositiveInt = 5
    seed: int = 0


ObjectiveExperiment: TypeAlias = SlopeExperiment | GradientExperiment | DescentExperiment
"""Those about a function of one or two variables: with objective or formula, and a window."""

Experiment: TypeAlias = (
    ObjectiveExperiment | NetworkExperiment | TrainingExperiment | CheckExperiment
)
"""Told apart by the key that each needs: `x`, `point`, `start`, `weights`, `data` or `layers`."""

ParameterName: TypeAlias = Literal[
    "x", "h", "slope", "zoom", "x0", "x1", "learning_rate", "steps", "momentum",
    "w00", "w01", "w02", "w10", "w11", "w12", "input0", "input1",
    "batch_size", "epochs", "hidden", "shift",
]  # fmt: skip
Quantity: TypeAlias = Literal[
    "loss", "steps", "status", "distance", "slope", "error", "height", "quotient", "angle",
    "next_loss", "change", "factor", "forward_error", "central_error", "partial_x0", "partial_x1",
    "next_x0", "next_x1", "x", "h", "x0", "x1", "start_loss", "worst_loss", "curvature",
    "curvature_low", "curvature_high", "p0", "p1", "p2", "probability", "dw00", "dw01", "dw02",
    "dw10", "dw11", "dw12", "w00", "w01", "w02", "w10", "w11", "w12", "train_accuracy",
    "test_accuracy",
    "parameter_count", "hidden_spread", "loss_slope", "accuracy_slope", "evaluations", "error_w1",
    "error_b1", "error_w2", "error_b2", "worst_error",
]  # fmt: skip
