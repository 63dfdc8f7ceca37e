"""Gradient descent: of one point, recorded, and of many starts at once, of which the ends count."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from tutor.core.arrays import Floats, as_float64
from tutor.core.descent_end import Status, judge
from tutor.core.expression import Expression, formula_of, formula_of_gradient
from tutor.core.finite_differences import H, by_columns, central_columns, one_by_one, quotients
from tutor.core.optimizers import GradientDescent, Optimizer, State, treats_entries_alone
from tutor.core.probes import as_scalar, outside, tamed, vectorised
from tutor.core.schedules import LearningRate, rates
from tutor.core.walker import PartByPart, Walker, formula_rows

GradientFunction: TypeAlias = Callable[[Any], Any]
Rows: TypeAlias = tuple[Floats, Floats, Floats]
"""Points (steps + 1, n), values (steps + 1,), gradients (steps + 1, n)."""


@dataclass(frozen=True, eq=False)
class Trajectory:
    """A finished run. Row k of each array belongs to the point after k steps."""

    points: Floats
    """Shape (steps + 1, *x.shape): the start first, the end last."""
    values: Floats
    """Shape (steps + 1,): f at each point."""
    gradients: Floats
    """The points' shape: the gradient in use at each point, also at the last."""
    status: Status
    """How the run ended; the rules are those of `tutor.core.descent_end`."""
    since: int | None
    """The step at which that began (first non-finite, first frozen, ...); None if completed."""
    factor: float
    """By which a step multiplied the gradient's largest entry, as the geometric mean of (up to)
    the last ten steps that still moved; nan if there are none."""

    @property
    def steps(self) -> int:
        """The number of steps."""
        return len(self.values) - 1


def gradient_descent(
    f: Callable[[Any], Any],
    init_x: ArrayLike,
    *,
    learning_rate: LearningRate = 0.01,
    steps: int = 100,
    gradient: GradientFunction | None = None,
    optimizer: Optimizer | None = None,
) -> Trajectory:
    """Walk downhill from `init_x`: steps times x ← x - learning_rate * gradient(x).

    Args:
        f: the function to make small: of a number for an `init_x` of shape (), else of an array
            of its shape; returns one number.
        init_x: the start, of any shape; it is not changed.
        learning_rate: η, in x's units squared per f's unit; or a schedule, which is called with
            the number of the step, from 0, and returns it.
        steps: how many steps, 0 or more. All are taken: nothing stops the run early.
        gradient: returns the gradient at a point, in its shape. None: the course's numerical
            gradient with h = 1e-4. For a named objective or a formula, its own `gradient`
            (`gradient_at`) is many times faster than a hand-written one.
        optimizer: another rule for the step, from `tutor.core.optimizers`.

    Returns:
        A `Trajectory`. A run that overflows goes on with inf and nan and says so in its status.

    Raises:
        ValueError: for a negative `steps`, or shapes that do not fit.
        TypeError: for an `init_x` that is no array of real numbers.

    >>> run = gradient_descent(lambda x: x[0]**2 + x[1]**2, [-3.0, 4.0], learning_rate=0.1)
    >>> run.points[-1], run.status
    (array([-6.11110793e-10,  8.14814391e-10]), 'converged')
    """
    start = as_float64(init_x, "init_x")
    if steps < 0:
        raise ValueError(f"steps must be 0 or more, not {steps}")
    rule = optimizer if optimizer is not None else GradientDescent()
    etas = [*rates(learning_rate, steps), 0.0]  # the last point takes no step
    with np.errstate(all="ignore"):
        rows = _fast_rows(f, gradient, start, rule, etas)
        if rows is None:
            slope = _numerical(f, start) if gradient is None else partial(_slope, gradient)
            rows = _array_rows(tamed(f), slope, start, rule, etas)
        return _finished(tamed(f), start.shape, rows)


def _fast_rows(
    f: Callable[[Any], Any],
    gradient: GradientFunction | None,
    start: Floats,
    rule: Optimizer,
    etas: list[float],
) -> Rows | None:
    """Walk in Python floats, where that can be: a few of them are faster than a small array."""
    formula = _own_formula(f, gradient) if start.ndim <= 1 else None
    if formula is not None and len(formula.variables) == start.size:
        if not treats_entries_alone(rule):
            return None
        walker = Walker(start.reshape(-1).tolist(), PartByPart(rule))
        return _split(formula_rows(walker, formula, etas, h=H if gradient is None else None))
    is_plain = isinstance(rule, GradientDescent) and gradient is None and start.ndim
    if is_plain and not vectorised(f, start, H):
        # What f says to a strange point is for the careful walk to judge.
        with suppress(TypeError, ValueError, ArithmeticError):
            said = np.fromiter(_numerical_steps(f, start.copy(), etas), np.float64)
            return _split(said.reshape(len(etas), -1))
    return None


def _numerical_steps(f: Callable[[Floats], Any], x: Floats, etas: list[float]) -> Iterator[Any]:
    """Walk any f by the course's gradient, moving `x` itself."""
    walk = Walker(x.reshape(-1), _InPlace()).steps(lambda _: quotients(f, x, H), etas)
    for flat, slopes, _ in walk:
        yield from flat.tolist()
        yield f(x)
        yield from slopes


class _InPlace(GradientDescent):
    """Plain descent that moves the array itself, by Python floats: no new array at each step."""

    def step(
        self, x: Floats, gradient: list[Any], state: State, rate: float
    ) -> tuple[Floats, State]:
        for i, slope in enumerate(gradient):
            x[i] -= rate * slope
        return x, state


def _split(rows: Floats) -> Rows:
    columns = np.ascontiguousarray(rows.T)  # each column in one piece: what follows reads them so
    n = len(columns) // 2
    return columns[:n].T, columns[n], columns[n + 1 :].T


def _own_formula(f: Callable[[Any], Any], gradient: GradientFunction | None) -> Expression | None:
    """Return the formula that f is, if no gradient but its own is asked for."""
    formula = formula_of(f)
    return formula if gradient is None or formula_of_gradient(gradient) is formula else None


def _array_rows(
    f: Callable[[Any], Any],
    gradient: GradientFunction,
    start: Floats,
    rule: Optimizer,
    etas: list[float],
) -> Rows:
    """Walk any function by any optimizer, one array a step."""
    points = np.empty((len(etas), *start.shape))
    values, gradients = np.empty(len(etas)), np.empty_like(points)
    walk = Walker(start[()], rule).steps(gradient, etas)
    for k, (x, slope, _) in enumerate(walk):
        points[k], values[k], gradients[k] = x, as_scalar(f(x)), slope
    rows = (len(etas), start.size)
    return points.reshape(rows), values, gradients.reshape(rows)


def _slope(gradient: Callable[[Any], Any], x: Any) -> Any:
    try:
        # A copy: a gradient that writes its argument must not bend the path.
        slope = np.asarray(gradient(x.copy()), dtype=np.float64)
    except (ArithmeticError, ValueError) as refusal:
        return np.full(np.shape(x), outside(refusal) * np.nan)
    if slope.shape != np.shape(x):
        raise ValueError(f"gradient must return x's shape {np.shape(x)}, not {slope.shape}")
    return slope


def _numerical(f: Callable[[Any], Any], start: Floats) -> GradientFunction:
    """Return the course's gradient, of a private array to which each point is written."""
    difference, buffer = by_columns if vectorised(f, start, H) else one_by_one, start.copy()

    def slope(x: Any) -> Floats:
        buffer[...] = x
        return np.asarray(difference(f, buffer, H), dtype=np.float64)

    return slope


def _finished(f: Callable[[Any], Any], shape: tuple[int, ...], rows: Rows) -> Trajectory:
    points, values, gradients = rows
    end = judge(f, shape, points, values, gradients)
    full = (len(points), *shape)
    return Trajectory(points.reshape(full), values, gradients.reshape(full), *end)


def descend_many(
    f: Callable[[Floats], Any],
    starts: ArrayLike,
    *,
    learning_rate: LearningRate = 0.01,
    steps: int = 100,
    gradient: Callable[[Floats], Any] | None = None,
    optimizer: Optimizer | None = None,
) -> Floats:
    """Return where descent from each of many starts ends.

    Args:
        f: takes m points in an array of shape (n, m), returns shape (m,). Formulas and named
            objectives do; of a formula the gradient is exact when `gradient` is None.
        starts: shape (n, m), a start in each column; it is not changed.
        learning_rate: η, or a schedule: as for `gradient_descent`.
        steps: how many steps, 0 or more.
        gradient: takes shape (n, m), returns shape (n, m). None: exact for a formula, else the
            course's numerical gradient with h = 1e-4.
        optimizer: another rule for the step, from `tutor.core.optimizers`.

    Returns:
        The ends, shape (n, m): inf or nan for a start that flew away.

    Raises:
        ValueError: for a negative `steps`, or shapes that do not fit.
        TypeError: for starts that are no real numbers.

    >>> from tutor.core.objectives import objective
    >>> well = objective("double-well")
    >>> descend_many(well, [[-1.0, 0.0, 1.0]], learning_rate=0.1).round(3)
    array([[-1.036, -1.036,  0.96 ]])
    """
    points = as_float64(starts, "starts")
    if points.ndim != 2:
        raise ValueError(f"starts must have shape (n, m), a start a column, not {points.shape}")
    if steps < 0:
        raise ValueError(f"steps must be 0 or more, not {steps}")
    rule = optimizer if optimizer is not None else GradientDescent()
    etas = rates(learning_rate, steps)
    formula = formula_of(f) if gradient is None else formula_of_gradient(gradient)
    with np.errstate(all="ignore"):
        fits = formula is not None and len(formula.variables) == len(points)
        if formula is not None and fits and type(rule) is GradientDescent:
            ends = points.copy()
            formula.descend_many(*ends, etas)
            return ends
        if formula is not None and fits and treats_entries_alone(rule):
            # Each variable's row for itself: nothing is packed on the way.
            walker, slopes_at = Walker(list(points), PartByPart(rule)), formula.grid_gradient
            for _ in walker.steps(lambda rows: slopes_at(*rows), etas):
                pass
            return np.array(walker.x).reshape(points.shape)
        walker = Walker(points, rule)
        own = gradient
        slope = partial(central_columns, f, h=H) if own is None else lambda x: own(x.copy())
        for x, _, _ in walker.steps(slope, etas):
            _check_shape(x, points)
        _check_shape(walker.x, points)
        return np.asarray(walker.x)


def _check_shape(x: Any, points: Floats) -> None:
    if x.shape != points.shape:
        raise ValueError(f"gradient must return shape {points.shape}, one column a point")
