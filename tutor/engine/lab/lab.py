"""What the lab's screen shows, as a plain frozen value that a state code can carry."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from tutor.engine.descent.setup import Point, Setup

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
