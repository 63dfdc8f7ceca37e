"""The named functions of the course: value, exact gradient, Hessian, minimizers, window, source.

Each is a formula in the formula language, so that what is shown is what is computed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from tutor.core.expression import Expression, parse
from tutor.core.formula.reading import variables_meant
from tutor.errors import TutorError
from tutor.i18n import message
from tutor.typed import nearest

Point = tuple[float, ...]
Window = tuple[tuple[float, float], ...]


@dataclass(frozen=True, eq=False)
class Objective:
    """A function of one or two variables that knows its own derivatives.

    One variable: `value`, `gradient` and `hessian` work element by element on a number or an
    array of any shape. Two variables: x has shape (2,) or (2, k), a value shape () or (k,), a
    gradient x's shape.

    >>> bowl = objective("elongated-bowl")
    >>> bowl.formula, bowl.value([-7.0, 2.0]), bowl.gradient([-7.0, 2.0])
    ('x₀²/20 + x₁²', 6.45, array([-0.7,  4. ]))
    """

    name: str
    source_formula: str
    """The formula in the formula language: x0**2/20 + x1**2."""
    variables: tuple[str, ...]
    domain: Window
    """(low, high) of each variable: a good window for charts."""
    minimizers: tuple[Point, ...] = ()
    """The global minimizers, where there are any (sin: those inside the window)."""
    source: str = ""

    @property
    def formula(self) -> str:
        """The formula to be read: x₀²/20 + x₁²."""
        return self.expression.pretty

    @property
    def dimension(self) -> int:
        """How many variables: 1 or 2."""
        return len(self.variables)

    @cached_property
    def expression(self) -> Expression:
        """The formula, parsed when it is first needed."""
        return parse(self.source_formula, self.variables)

    def value(self, x: ArrayLike) -> Any:
        """Return f(x): a float for one point, else an array."""
        if self.dimension == 1:
            return self.expression.value(x)
        return self.expression(x)

    __call__ = value

    def gradient(self, x: ArrayLike) -> Any:
        """Return the exact gradient, in x's shape (one variable and a number: a float)."""
        if self.dimension == 1:
            return self.expression.gradient(x)[0]
        return self.expression.gradient_at(x)

    def hessian(self, x: ArrayLike) -> Any:
        """Return the exact second derivatives at one point, shape (2, 2).

        One variable: the second derivative, element by element.
        """
        rows = [partial.gradient for partial in self._partials]
        if self.dimension == 1:
            return rows[0](x)[0]
        point = np.asarray(x, dtype=np.float64)
        if point.shape != (2,):
            raise ValueError(f"x must have shape (2,), not {point.shape}")
        return np.array([row(*point.tolist()) for row in rows])

    @cached_property
    def _partials(self) -> list[Expression]:
        return [self.expression.derivative(name) for name in self.expression.variables]


def objective_from_formula(text: str) -> Objective:
    """Return the objective of a typed formula in x, or in x0 and x1 (x and y do for them).

    >>> objective_from_formula("x0**2 - 3*x1").dimension
    2

    Raises:
        FormulaError: that says what is wrong with the formula, and the mend.
    """
    variables = variables_meant(text)
    window = ((-5.0, 5.0),) * len(variables)
    formula = parse(text, variables).source
    return Objective(formula, formula, variables, window, source="a formula of your own")


def objective(name: str) -> Objective:
    """Return the named objective.

    >>> objective("himmelblau").minimizers[0]
    (3.0, 2.0)

    Raises:
        TutorError: for an unknown name; it says which known one is nearest.
    """
    found = OBJECTIVES.get(name)
    if found is not None:
        return found
    near = nearest(name, OBJECTIVES, alike=0.5)
    if near is not None:
        template = "there is no objective “{name}”; did you mean {nearest}?"
        raise TutorError(message(template, name=name, nearest=near))
    template = "there is no objective “{name}”; there are {known}"
    raise TutorError(message(template, name=name, known=", ".join(OBJECTIVES)))


_BOOK = "Saito, Deep Learning from Scratch, chapter 4"
_CALCULUS = "a standard example of calculus"
_DOUBLE_WELL_MINIMIZER = -1.0355787140888537
"""The left root of 4x³ − 4x + 0.3."""


def _one(
    name: str, formula: str, low: float, high: float, *, at: tuple[float, ...] = (), source: str
) -> Objective:
    minimizers = tuple((x,) for x in at)
    return Objective(name, formula, ("x",), ((low, high),), minimizers, source)


def _two(
    name: str, formula: str, window: Window, *, at: tuple[Point, ...] = (), source: str
) -> Objective:
    return Objective(name, formula, ("x0", "x1"), window, at, source)


def _square(reach: float) -> Window:
    return ((-reach, reach), (-reach, reach))


_ALL = (
    _one("square", "x**2", -4, 4, at=(0.0,), source=_CALCULUS),
    _one("shallow-parabola", "0.01*x**2 + 0.1*x", 0, 20, at=(-5.0,), source=_BOOK),
    _one("cubic", "x**3", -2, 2, source=_CALCULUS),
    _one("exp", "exp(x)", -3, 3, source=_CALCULUS),
    _one("sin", "sin(x)", -7, 7, at=(-math.pi / 2, 3 * math.pi / 2), source=_CALCULUS),
    _one("abs", "abs(x)", -3, 3, at=(0.0,), source=_CALCULUS),
    _one(
        "double-well", "x**4 - 2*x**2 + 0.3*x", -1.8, 1.8,
        at=(_DOUBLE_WELL_MINIMIZER,), source="a quartic with two unequal valleys",
    ),
    _two("sphere", "x0**2 + x1**2", _square(5), at=((0.0, 0.0),), source=_BOOK),
    _two(
        "elongated-bowl", "x0**2/20 + x1**2", ((-10, 10), (-5, 5)),
        at=((0.0, 0.0),), source="Saito, Deep Learning from Scratch, chapter 6",
    ),
    _two("saddle", "x0**2 - x1**2", _square(3), source=_CALCULUS),
    _two("monkey-saddle", "x0**3 - 3*x0*x1**2", _square(2), source=_CALCULUS),
    _two(
        "plateau", "1 - exp(-(x0**2 + x1**2)/2)", _square(5),
        at=((0.0, 0.0),), source="a Gaussian well in a plain",
    ),
    _two(
        "rosenbrock", "(1 - x0)**2 + 100*(x1 - x0**2)**2", ((-2, 2), (-1, 3)),
        at=((1.0, 1.0),), source="Rosenbrock 1960, The Computer Journal 3 (3)",
    ),
    _two(
        "himmelblau", "(x0**2 + x1 - 11)**2 + (x0 + x1**2 - 7)**2", _square(5),
        at=(
            (3.0, 2.0),
            (-2.805118086952745, 3.131312518250573),
            (-3.779310253377747, -3.283185991286170),
            (3.584428340330492, -1.848126526964404),
        ),
        source="Himmelblau 1972, Applied Nonlinear Programming",
    ),
    _two(
        "beale",
        "(1.5 - x0 + x0*x1)**2 + (2.25 - x0 + x0*x1**2)**2 + (2.625 - x0 + x0*x1**3)**2",
        _square(4.5), at=((3.0, 0.5),), source="Beale 1958, On an iterative method",
    ),
    _two(
        "booth", "(x0 + 2*x1 - 7)**2 + (2*x0 + x1 - 5)**2", ((-5, 7), (-5, 8)),
        at=((1.0, 3.0),), source="Booth's function, in Jamil and Yang 2013",
    ),
    _two(
        "rastrigin", "20 + x0**2 - 10*cos(2*pi*x0) + x1**2 - 10*cos(2*pi*x1)", _square(5.12),
        at=((0.0, 0.0),), source="Rastrigin 1974, Systems of Extremal Control",
    ),
    _two(
        "ackley",
        "20 + e - 20*exp(-0.2*sqrt((x0**2 + x1**2)/2)) - exp((cos(2*pi*x0) + cos(2*pi*x1))/2)",
        _square(5), at=((0.0, 0.0),), source="Ackley 1987, A Connectionist Machine",
    ),
)  # fmt: skip

OBJECTIVES: Mapping[str, Objective] = MappingProxyType({each.name: each for each in _ALL})
"""All named objectives, in the order of the course."""
