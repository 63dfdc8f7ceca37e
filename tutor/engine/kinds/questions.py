"""What a step asks, shows and says, as data that every front end prints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from tutor.i18n import Text
from tutor.lesson.programs import Outcome


@dataclass(frozen=True, slots=True)
class Choices:
    """Choices of which one is to be taken."""

    texts: tuple[str, ...]
    """In this learner's order."""
    positions: tuple[int, ...]
    """Where each stands in the lesson."""
    taken: tuple[int, bool] | None
    """Which was taken last, by its place here, and whether it was right."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Choices of which all that apply are to be marked."""

    texts: tuple[str, ...]
    """In this learner's order."""
    positions: tuple[int, ...]
    """Where each stands in the lesson."""
    marked: frozenset[int]
    """Those marked now, by their places here."""
    judged: tuple[tuple[int, bool], ...]
    """What is seen to be right or wrong, by its place here."""
    is_open: bool
    """Whether marks may be changed."""


@dataclass(frozen=True, slots=True)
class NumberEntry:
    """A number to type."""

    entered: str
    unit: str


@dataclass(frozen=True, slots=True)
class GradientEntry(NumberEntry):
    """A gradient of a computational graph to type."""

    asked: Text
    """Which one; empty once all are filled in."""
    listed: tuple[Text, ...]
    """The graph in sentences, for those who do not see it drawn."""


@dataclass(frozen=True, slots=True)
class FaultyLine:
    """A line of the listing to find."""

    taken: tuple[int, bool] | None
    """Which was taken last, from 1, and whether it was at fault."""


@dataclass(frozen=True, slots=True)
class Ordering:
    """Items to put in order."""

    items: tuple[tuple[int, str], ...]
    """As they stand: number, from 1, and label."""
    quantity: Text


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Texts to put in order, or beside what they belong to."""

    items: tuple[tuple[int, str], ...]
    """As they stand: number in the lesson, from 1, and text."""
    at_first: tuple[tuple[int, str], ...]
    """As this learner found them: whoever types numbers them so."""
    beside: tuple[str, ...]
    """What stands still beside each place; nothing where there is but an order."""
    is_open: bool
    """Whether they may be moved."""
    is_right: bool


@dataclass(frozen=True, slots=True)
class Guess:
    """A place or a number to guess, by the controls."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Parameters to turn."""

    presets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Program:
    """A program to write."""

    starter: str
    source: str
    solution: str
    solution_shown: bool
    running: bool
    checked: Outcome | None
    """What its last run gave."""
    fault_line: int | None
    """The line that the verdict speaks of, from 1."""


Question: TypeAlias = (
    Choices
    | Selection
    | NumberEntry
    | GradientEntry
    | FaultyLine
    | Ordering
    | Arrangement
    | Guess
    | Settings
    | Program
    | None
)


@dataclass(frozen=True, slots=True)
class Listing:
    """A program that is read, with what it prints."""

    lines: tuple[str, ...]
    focus: tuple[int, ...] = ()
    """The lines to look at, from 1."""
    printed: tuple[str, ...] = ()
    is_mended: bool = False
    as_asked: tuple[str, ...] = ()
    """With its fault, once it is mended."""


@dataclass(frozen=True, slots=True)
class Said:
    """What is said to an answer, or once there is nothing more to answer."""

    is_right: bool | None = None
    """None: there was no answer to judge."""
    words: Text = ""
    """Right or not and, of a guess, by how much it was off."""
    feedback: Text = ""
    after: str = ""
    """The author's explanation or, once a goal is reached, debrief."""


@dataclass(frozen=True, slots=True)
class GoalView:
    """What is to be brought about, and how far that is."""

    words: Text
    now: Text
    """Where the quantity stands; empty where that would give the answer away."""
    standing: Literal["open", "reached", "left"]
    """left: reached before, and turned away from since."""
