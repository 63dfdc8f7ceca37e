"""What is done to the lab."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from tutor.engine.descent.setup import Point, Setup
from tutor.engine.lab.lab import Curve, View
from tutor.i18n import Text


@dataclass(frozen=True, slots=True)
class ObjectiveChosen:
    """A named objective is to be descended, from a start that suits it."""

    name: str


@dataclass(frozen=True, slots=True)
class FormulaTyped:
    """A formula is to be descended, as far as it has been typed."""

    text: str


@dataclass(frozen=True, slots=True)
class StartMoved:
    """The run is to start here."""

    point: Point


@dataclass(frozen=True, slots=True)
class RuleChanged:
    """A part of the rule has a new value, in the whole run or from a step on (a branch)."""

    name: str
    """A field of `Rule`: optimizer, learning_rate, momentum, schedule, gradient, h, ..."""
    value: float | str
    from_step: int | None = None


@dataclass(frozen=True, slots=True)
class PartSet:
    """What a control stands for has a new value: a part of the rule, of the start, the steps."""

    name: str
    """A field of `Rule`, `x0`, `x1` or `steps`."""
    value: float | str


@dataclass(frozen=True, slots=True)
class PartTurned:
    """A number goes so many ticks up or down from whatever it is by then."""

    name: str
    """As for `PartSet`."""
    ticks: int


@dataclass(frozen=True, slots=True)
class ScopeChosen:
    """What is changed of the rule is to hold from the step looked at on, or for the whole run."""

    from_here: bool


@dataclass(frozen=True, slots=True)
class ScopeToggled:
    """The other scope than now."""


@dataclass(frozen=True, slots=True)
class EtaHalvedFrom:
    """η is to be half of what it is, from this step on; None: from the step looked at."""

    step: int | None = None


@dataclass(frozen=True, slots=True)
class BranchesCleared:
    """The first rule is to hold for the whole run again."""


@dataclass(frozen=True, slots=True)
class StepsChanged:
    """The run is to have so many steps."""

    steps: int


@dataclass(frozen=True, slots=True)
class WindowChanged:
    """The charts are to span this; empty: the objective's own domain."""

    window: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class StepLooked:
    """This step is to be looked at; None: the last one."""

    step: int | None


@dataclass(frozen=True, slots=True)
class StepTurned:
    """So many steps forward, or back if below 0."""

    by: int


@dataclass(frozen=True, slots=True)
class RunPinned:
    """The present run is to stay as a ghost behind later ones."""


@dataclass(frozen=True, slots=True)
class GhostsCleared:
    """All ghosts are to go."""


@dataclass(frozen=True, slots=True)
class OptimizersCompared:
    """All other optimizers are to walk from the same start, as ghosts."""


@dataclass(frozen=True, slots=True)
class BesideToggled:
    """A second run beside this one: a copy to change, or away with it."""


@dataclass(frozen=True, slots=True)
class SidesSwapped:
    """The run beside is to be the one that is changed, and this one beside."""


@dataclass(frozen=True, slots=True)
class ViewChosen:
    """What the main chart is to show."""

    view: View


@dataclass(frozen=True, slots=True)
class CurveChosen:
    """What the second chart is to show."""

    curve: Curve


@dataclass(frozen=True, slots=True)
class ViewTurned:
    """The main chart is to show the next view."""


@dataclass(frozen=True, slots=True)
class CurveTurned:
    """The second chart is to show the next curve."""


@dataclass(frozen=True, slots=True)
class PageOpened:
    """This page of settings is to be open."""

    page: int


@dataclass(frozen=True, slots=True)
class CursorMoved:
    """The cursor on the chart stands here; None: it is off."""

    point: Point | None


@dataclass(frozen=True, slots=True)
class PresetChosen:
    """A failure to learn from, by its name."""

    name: str


@dataclass(frozen=True, slots=True)
class SetupOpened:
    """A state code was typed or pasted in."""

    code: str


@dataclass(frozen=True, slots=True)
class SetupTaken:
    """The lab is to begin anew with this setup: its view, curve and ghosts go too."""

    setup: Setup


@dataclass(frozen=True, slots=True)
class BegunAnew:
    """The lab is to be as it was opened."""


@dataclass(frozen=True, slots=True)
class ChangeUndone:
    """The last change is taken back."""


@dataclass(frozen=True, slots=True)
class Remarked:
    """Something happened beside the lab that is to be said until the next event."""

    words: Text


@dataclass(frozen=True, slots=True)
class Refused:
    """Something could not be taken, or computed; the words say why."""

    words: Text


Event: TypeAlias = (
    ObjectiveChosen
    | FormulaTyped
    | StartMoved
    | RuleChanged
    | PartSet
    | PartTurned
    | ScopeChosen
    | ScopeToggled
    | EtaHalvedFrom
    | BranchesCleared
    | StepsChanged
    | WindowChanged
    | StepLooked
    | StepTurned
    | RunPinned
    | GhostsCleared
    | OptimizersCompared
    | BesideToggled
    | SidesSwapped
    | ViewChosen
    | CurveChosen
    | ViewTurned
    | CurveTurned
    | PageOpened
    | CursorMoved
    | PresetChosen
    | SetupOpened
    | SetupTaken
    | BegunAnew
    | ChangeUndone
    | Remarked
    | Refused
)
