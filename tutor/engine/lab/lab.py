"""The lab as a value: what a state code can carry, and what a learner's lab keeps beside it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from tutor.engine.descent.check import check_setup
from tutor.engine.descent.setup import Point, Setup, rivals_of, setup_of
from tutor.engine.kinds import kind_of
from tutor.engine.lesson.run import LessonRun
from tutor.errors import TutorError
from tutor.i18n import Text, message

View: TypeAlias = Literal["contour", "surface", "heat-map", "slices", "basins"]
"""What the main chart shows: f with the path on it in one of three ways, the slices through the
current point, or where each start ends."""
Curve: TypeAlias = Literal["loss", "log-loss", "distance", "step-length", "sweep"]
"""What the second chart shows: over the steps; `sweep` is the final loss against η."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lab:
    """What is run, compared and looked at."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class LabState:
    """The lab with how it was opened, what went before and what is said of the last event."""

    lab: Lab = field(default_factory=Lab)
    opened: Setup = field(default_factory=Setup)
    """The setup to begin anew with."""
    preset: str = ""
    """The name of the preset that the lab is about; empty for none."""
    from_here: bool = False
    """Whether a change of the rule holds from the step that is looked at on only."""
    page: int = 1
    """The page of settings that is open, where one is shown at a time."""
    problem: Text = ""
    """Why the last event could not be taken, and the mend; empty if it was."""
    remark: Text = ""
    """What the last event did beyond what was asked, for example to η; empty if nothing."""
    undo: tuple[Lab, ...] = ()
    """Earlier labs, the latest last."""


def begin(lab: Lab | None = None) -> LabState:
    """Return a fresh lab, or the given one."""
    return LabState() if lab is None else LabState(lab=lab, opened=lab.setup)


def reopened(left: LabState) -> LabState:
    """Return a lab as it was left; beginning anew is then a fresh one."""
    remark = message("The lab as you left it; r begins anew.") if left.undo else ""
    return replace(left, opened=Setup(), problem="", remark=remark)


def lab_of(run: LessonRun) -> Lab | None:
    """Return the lab on this step's setting of the moment; None where it has none to be run."""
    step = run.step
    if step.experiment is None:
        return None
    values = kind_of(step).settings(run.state.values)
    setup = setup_of(step.experiment, values)
    try:
        check_setup(setup)
    except TutorError:
        return None
    return Lab(setup=setup, ghosts=rivals_of(step.experiment, values))


def step_of(lab: Lab) -> int:
    """Return the step that is looked at, as a number."""
    return lab.setup.steps if lab.step is None else lab.step


def rule_step_of(lab: Lab) -> int:
    """Return the step whose rule the settings show."""
    return min(step_of(lab), lab.setup.steps - 1)
