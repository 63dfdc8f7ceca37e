"""The words of the lesson model: what a single value of a lesson file may be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, NewType, TypeAlias

Markup = NewType("Markup", str)
Line = NewType("Line", str)
Formula = NewType("Formula", str)
DefinedName = NewType("DefinedName", str)
"""What a lesson calls a number or a function: letters and digits, or one Greek letter."""
Definition = NewType("Definition", str)
"""A formula that a lesson names."""
Code = NewType("Code", str)
"""Python, as it stands: never translated, never read as Markdown."""
PythonValue = NewType("PythonValue", str)
"""A Python expression; a number or a list may stand as YAML: `[0.5, 0.5]`."""
Identifier = NewType("Identifier", str)
"""Lower-case words joined by hyphens: `one-step`. Progress keys on it; it never changes."""
Version = NewType("Version", str)
"""Numbers joined by dots: `0.3`."""
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
