"""What a run of the lab is made of: plain frozen values that a state code can carry."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from tutor.lesson.experiments import OptimizerName, ScheduleName

Point: TypeAlias = tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How one step is made: everything that may change in the middle of a run."""

    optimizer: OptimizerName = "gradient-descent"
    learning_rate: float = 0.1
    momentum: float = 0.9
    """μ of momentum and Nesterov."""
    beta1: float = 0.9
    beta2: float = 0.999
    """Adam's; RMSProp's decay is `alpha`."""
    alpha: float = 0.99
    epsilon: float = 1e-8
    schedule: ScheduleName = "constant"
    gradient: Literal["exact", "numerical"] = "exact"
    h: float = 1e-4
    """Of the numerical gradient."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """From this step on, another rule holds."""

    step: int
    rule: Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """A whole run before it is run: objective, start, rule, steps, branches.

    Exactly one of `objective` (a name known to `tutor.core`) and `formula` (typed, in x or in x0
    and x1) is not empty. A start has as many coordinates as the objective has variables.
    """

    objective: str = "sphere"
    formula: str = ""
    start: Point = (-3.0, 4.0)
    rule: Rule = field(default_factory=Rule)
    steps: int = 100
    branches: tuple[Branch, ...] = ()
    """In order of their steps, each above 0 and below `steps`."""
    window: tuple[float, ...] = ()
    """x0 low, x0 high, x1 low, x1 high; empty: the objective's own domain."""


View: TypeAlias = Literal["contour", "heat-map", "slices", "basins"]
"""What the main chart shows: the surface with the path on it in one of two ways, the slices
through the current point, or where each start ends."""
Curve: TypeAlias = Literal["loss", "log-loss", "distance", "step-length", "sweep"]
"""What the second chart shows: over the steps; `sweep` is the final loss against η."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lab:
    """Everything that the lab's screen shows, as a value."""

    setup: Setup = field(default_factory=Setup)
    ghosts: tuple[Setup, ...] = ()
    """Pinned runs, at most four, or the five other optimizers: drawn faintly behind this one."""
    beside: Setup | None = None
    """A second run with its own setting, drawn beside the first."""
    step: int | None = None
    """The step that is looked at; None: the last."""
    view: View = "contour"
    curve: Curve = "loss"
    cursor: Point | None = None
    """Where the cursor on the chart stands; None: it is off."""
