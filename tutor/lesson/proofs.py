"""How a lesson proves what it says: second ways to an answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal, TypeAlias

from tutor.lesson.experiments import Experiment
from tutor.lesson.fields import Code, Count, Formula, Interval


@dataclass(frozen=True, kw_only=True)
class SlopeProof:
    """The answer is the slope of a formula: proved by a central difference of its values."""

    slope: Formula
    """In `x`, or in `x0` and `x1`."""
    at: Annotated[tuple[Formula, ...], Count(1, 2)]
    """The place, a formula for each variable."""
    along: Literal["x0", "x1"] | None = None
    """In two variables: along which of them."""


@dataclass(frozen=True, kw_only=True)
class RunProof:
    """The answer is what an experiment gives: proved by running it."""

    is_seen: ClassVar[bool] = False
    """No learner reads what an experiment of a proof calls its runs."""
    run: Experiment
    gives: Formula
    """In the quantities of the experiment, such as `distance/5`."""


@dataclass(frozen=True, kw_only=True)
class ZeroProof:
    """The answer is where a formula in `x` passes 0: proved by halving the interval."""

    zero: Formula
    between: Interval


@dataclass(frozen=True, kw_only=True)
class ProgramProof:
    """The answer is what a Python expression gives: proved by running it in the sandbox."""

    program: Code
    """`np` and `array` can be used, as in the `call` of a code step."""


Proof: TypeAlias = SlopeProof | RunProof | ZeroProof | ProgramProof
"""A second way to the answer, of another kind than its formula: `slope`, `run`, `zero` or
`program`."""
