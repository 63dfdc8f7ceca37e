"""Typed formulas: `parse` makes an `Expression` with a vectorised value and an exact gradient."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from tutor.core.arrays import Floats
from tutor.core.formula import code, printer, reading, reverse
from tutor.core.formula.graph import Graph, rounding_bounds
from tutor.core.formula.tokens import FormulaError
from tutor.core.probes import reuse_freed_memory
from tutor.i18n import message

Value: TypeAlias = float | Floats
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*")


@dataclass(frozen=True, eq=False, repr=False)
class Expression:
    """A formula that computes its value and its exact derivatives.

    A point (Python floats) is computed with `math`, a grid (arrays) with NumPy: their last bits
    may differ, so a screen that shows digits stays with one of them. Where a formula has no
    finite value the result is nan or inf, never an exception.

    >>> bowl = parse("x0**2/20 + x1**2", ["x0", "x1"])
    >>> bowl.value(-7.0, 2.0)
    6.45
    >>> bowl.gradient(-7.0, 2.0)
    (-0.7000000000000001, 4.0)
    """

    variables: tuple[str, ...]
    _graph: Graph = field()
    _root: int = field()
    _written: str | None = field(default=None)

    def __repr__(self) -> str:
        return f"parse({self.source!r}, {list(self.variables)!r})"

    @cached_property
    def source(self) -> str:
        """The formula in the formula language."""
        return self._written or printer.source(self._graph, self._root, self.variables)

    @cached_property
    def pretty(self) -> str:
        """The formula to be read, with superscripts and subscripts: x₀²/20 + x₁²."""
        return printer.pretty(self._graph, self._root, self.variables)

    @cached_property
    def value(self) -> Callable[..., Any]:
        """Return f at a point: called with one argument a variable.

        Numbers give a float; arrays (of shapes that broadcast) give an array.
        """
        return code.point_function(
            self._graph, [self._root], len(self.variables), self._value_elsewhere, as_tuple=False
        )

    @cached_property
    def gradient(self) -> Callable[..., tuple[Any, ...]]:
        """Return the exact partial derivatives at a point: called with one argument a variable.

        Returns a tuple with one partial for each variable: numbers give floats, arrays give
        arrays of their common shape. Reverse mode; where f has a kink the value is a convention:
        sign(0) = 0 for abs, half each where max or min tie.
        """
        graph, partials = self._partials
        return code.point_function(
            graph, partials, len(self.variables), self._gradient_elsewhere, as_tuple=True
        )

    def __call__(self, x: ArrayLike) -> Any:
        """Return f(x) for x of shape (n,): a float; of shape (n, k), k points: shape (k,).

        One variable takes a plain number too.

        Raises:
            ValueError: for any other shape.
        """
        return self.value(*self._unpacked(x))

    def gradient_at(self, x: ArrayLike) -> Any:
        """Return the exact gradient in x's shape: (n,), or (n, k) for k points."""
        partials = self.gradient(*self._unpacked(x))
        return partials[0] if np.ndim(x) == 0 else np.array(partials)

    def gradient_rounding(self, *point: float) -> list[float]:
        """Return for each entry of `gradient` a bound on its rounding error, at one point."""
        graph, partials = self._partials
        return rounding_bounds(graph, partials, [float(x) for x in point])

    def derivative(self, name: str) -> Expression:
        """Return the partial derivative by the variable `name`, as a formula.

        >>> parse("x**3 - 2*x", ["x"]).derivative("x").source
        '3*x**2 - 2'

        Raises:
            FormulaError: if there is no such variable.
        """
        if name not in self.variables:
            template = "“{name}” is no variable of this formula; its variables: {known}"
            known = ", ".join(self.variables)
            raise FormulaError(message(template, name=name, known=known))
        graph, partials = self._partials
        return Expression(self.variables, graph, partials[self.variables.index(name)])

    def _unpacked(self, x: ArrayLike) -> list[Any]:
        if type(x) is float and len(self.variables) == 1:
            return [x]
        values = np.asarray(x, dtype=np.float64)
        if values.ndim == 0 and len(self.variables) == 1:
            return [float(values)]
        if values.ndim not in {1, 2} or len(values) != len(self.variables):
            n = len(self.variables)
            raise ValueError(f"x must have shape ({n},) or ({n}, k), not {values.shape}")
        return values.tolist() if values.ndim == 1 else list(values)

    def _value_elsewhere(self, *point: Any) -> Any:
        return _elsewhere(self.value, self._grid_value, point)[0]

    def _gradient_elsewhere(self, *point: Any) -> tuple[Any, ...]:
        return _elsewhere(self.gradient, self.grid_gradient, point)

    @cached_property
    def _partials(self) -> tuple[Graph, tuple[int, ...]]:
        return reverse.gradient(self._graph, self._root, len(self.variables))

    @cached_property
    def descend(self) -> Callable[..., Iterator[float]]:
        """A generated loop of gradient steps, for `walker.formula_rows`.

        Called as `descend(x0, ..., rates, otherwise)`, with an iterator of η, it yields for each
        step the coordinates, the value and the partials, and then takes it; at the end, the
        coordinates to which the last one led. Where `math` gives up it yields what
        `otherwise(coordinates, rates left)` does.
        """
        graph, partials = self._partials
        return code.descent(graph, self._root, partials)

    @cached_property
    def descend_many(self) -> Callable[..., None]:
        """A generated loop of gradient steps that moves many points: `code.descent_of_many`."""
        graph, partials = self._partials
        return code.descent_of_many(graph, partials)

    @cached_property
    def _grid_value(self) -> Callable[..., tuple[Any, ...]]:
        return code.grid_function(self._graph, [self._root], len(self.variables))

    @cached_property
    def grid_gradient(self) -> Callable[..., tuple[Any, ...]]:
        """`gradient` for arrays and a caller who has silenced NumPy; constants stay numbers."""
        graph, partials = self._partials
        return code.grid_function(graph, partials, len(self.variables))


def _elsewhere(
    at_point: Callable[..., Any], on_grid: Callable[..., tuple[Any, ...]], point: Sequence[Any]
) -> tuple[Any, ...]:
    """Answer, in a tuple, for what the generated function for a point does not take."""
    if all(type(x) is float for x in point):  # where `math` gives up, NumPy says nan or inf
        with np.errstate(all="ignore"):
            return tuple(float(part) for part in on_grid(*map(np.float64, point)))
    arrays = [np.asarray(x, dtype=np.float64) for x in point]
    if all(x.ndim == 0 for x in arrays):
        result = at_point(*map(float, arrays))
        return result if isinstance(result, tuple) else (result,)
    reuse_freed_memory()
    shape = np.broadcast_shapes(*[x.shape for x in arrays])
    with np.errstate(all="ignore"):
        return tuple(_filled(part, shape) for part in on_grid(*arrays))


def _filled(result: Any, shape: tuple[int, ...]) -> Floats:
    """Return an array of the full shape, also for a part that depends on no variable."""
    return result if np.shape(result) == shape else np.broadcast_to(result, shape).copy()


def parse(text: str, variables: Sequence[str]) -> Expression:
    """Return the formula `text` in these variables, ready to compute.

    The language: numbers, + - * / ** and parentheses, the constants pi and e, the functions
    sin cos tan asin acos atan sinh cosh tanh exp log log10 sqrt abs sign sigmoid (of one
    argument) and max min (of two or more). x[0] and x₀ are other spellings of x0. No text is
    ever run as Python: hostile ones are refused like all others.

    >>> parse("sin(x) * exp(-x/2)", ["x"]).value(1.0)
    0.5103779515445728

    Raises:
        FormulaError: that names what is wrong and what to write instead.
        ValueError: if a variable's name is not letters followed by letters and digits.
    """
    names = tuple(variables)
    if not all(_NAME.fullmatch(name) for name in names) or len(set(names)) != len(names):
        raise ValueError(f"variables must be different names of letters and digits, not {names}")
    graph, root, written = reading.read(text, names)
    return Expression(names, graph, root, written)


def formula_of(function: Any) -> Expression | None:
    """Return the formula that a function computes: itself, an objective, or their `value`."""
    return _owner(function, "value", "__call__")


def formula_of_gradient(function: Any) -> Expression | None:
    """Return the formula whose exact gradient a function computes, if it is one's method."""
    return None if _owner(function) is not None else _owner(function, "gradient", "gradient_at")


def _owner(function: Any, *methods: str) -> Expression | None:
    """Return the formula behind a formula or an objective, or behind one of their methods."""
    if getattr(function, "__name__", "") in methods:
        function = getattr(function, "__self__", function)
    formula = getattr(function, "expression", function)
    return formula if isinstance(formula, Expression) else None


def evaluate(text: str, names: Mapping[str, float] | None = None) -> float:
    """Return the number that a formula is, with these names standing for numbers.

    >>> evaluate("abs(1 - 2*0.1)")
    0.8
    >>> evaluate("(x - 1)**2", {"x": 4})
    9.0

    Raises:
        FormulaError: if the text is no formula, or its value is no finite number.
    """
    numbers = {name: float(value) for name, value in (names or {}).items()}
    graph, root, written = reading.read(text, (), numbers)
    result = graph.known[root]
    if result is None or not math.isfinite(result):
        template = "{formula} has no finite value; look for a division by 0 or a log of 0"
        raise FormulaError(message(template, formula=written))
    return result
