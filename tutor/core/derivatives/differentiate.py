"""`derivative` and `gradient`: slopes that know their error."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, get_args, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tutor.core.arrays import EPS, Floats, as_float64
from tutor.core.derivatives.estimate import (
    Derivative,
    Gradient,
    Method,
    Slopes,
    Status,
    kinked,
    nothing,
    resolved,
    side_by_side,
)
from tutor.core.derivatives.ladder import climb
from tutor.core.derivatives.one_point import climb_one
from tutor.core.derivatives.quotients import by_one_step, imaginary
from tutor.core.derivatives.rungs import Probe
from tutor.core.expression import Expression, formula_of
from tutor.core.probes import EntryProbe, as_scalar, elementwise, tamed, unresponsive, vectorised
from tutor.i18n import Message, message

_ONE_BY_ONE = 4
"""Entries; more are faster side by side."""
_METHODS = get_args(Method)
_WORST_FIRST: tuple[Status, ...] = get_args(Status)[::-1]
_SMOOTH = {"sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "exp", "log",
           "log10", "sqrt", "sigmoid"}  # fmt: skip
"""Of the functions of formulas: those that have no kink where they have a finite slope."""


@overload
def derivative(
    f: Callable[[Any], Any], x: float, *, method: Method = "auto", step: float | None = None
) -> Derivative: ...
@overload
def derivative(
    f: Callable[[Any], Any],
    x: Floats | Sequence[float],
    *,
    method: Method = "auto",
    step: float | None = None,
) -> Gradient: ...
def derivative(
    f: Callable[[Any], Any],
    x: float | Floats | Sequence[float],
    *,
    method: Method = "auto",
    step: float | None = None,
) -> Derivative | Gradient:
    """Return the slope of f at x with a bound on its error.

    Args:
        f: a function of one number; one that takes arrays too is asked for all points at once.
            Where it raises what `math` and plain division raise outside their domain, it is nan.
        x: the point; or an array of many, of any shape.
        method: `exact` differentiates a formula or a named objective. `ladder` extrapolates
            central differences of 12 steps: 34 calls of f, or more. `central` and `forward` take
            one step, and `complex` an imaginary one, for an f that computes with complex numbers;
            whether they may be believed the ladder says, which costs its calls too. `auto`: exact
            if it can, else ladder.
        step: the step (of the ladder: the largest one), in x's units; else it is chosen.

    Returns:
        A `Derivative`; of an array a `Gradient`, whose arrays have x's shape. A point without a
        derivative is a status, not an exception.

    Raises:
        ValueError: if f does not return one number, `method` is unknown or does not fit f, or
            `step` is not a positive number.
        TypeError: if x is no real number.

    >>> slope = derivative(np.sin, 1.0)
    >>> abs(slope.value - np.cos(1.0)) <= slope.error < 1e-13
    True
    >>> str(derivative(abs, 0.0).explain()[-2])
    'the slope jumps at 0: there is no derivative, only one from the left and one from the right'
    >>> derivative(np.exp, [0.0, 1.0]).value.round(9)
    array([1.        , 2.71828183])
    """
    _check(method, step)
    if type(x) is not float:
        points = as_float64(x)
        if points.ndim:
            return _at_each(f, points, method, step, _promotion(np.asarray(x).dtype))
        x = float(points)
    formula, method = _way(f, method, 1)
    tame = tamed(f)
    with np.errstate(all="ignore"):
        if formula is not None:
            slopes = _exact(formula, np.array([x]))
        elif method == "ladder" and step is None:
            slopes = climb_one(partial(elementwise, tame), x, as_scalar(tame(x)))
        else:
            height = np.array([as_scalar(tame(x))])
            slopes = _at_points(tame, np.array([x]), height, method, step)
    error = slopes.truncation.item(0) + slopes.rounding.item(0)
    return Derivative(
        x=x,
        value=slopes.value.item(0),
        error=error,
        truncation=slopes.truncation.item(0),
        rounding=slopes.rounding.item(0),
        step=slopes.step.item(0),
        evaluations=slopes.evaluations + (formula is None),
        status=slopes.status[0],
        method=method,
        left=slopes.left.item(0),
        right=slopes.right.item(0),
    )


def _check(method: str, step: float | None) -> None:
    if method not in _METHODS:
        raise ValueError(f"method must be one of {', '.join(_METHODS)}, not {method!r}")
    check_step(step)


def check_step(step: float | None) -> None:
    """Raise a ValueError if a step is given that is not a positive number."""
    if step is not None and not 0 < step < math.inf:
        raise ValueError(f"step must be a positive number, not {step!r}")


def _at_each(
    f: Callable[[Any], Any],
    points: Floats,
    method: Method,
    step: float | None,
    notes: tuple[Message, ...],
) -> Gradient:
    """Differentiate a function of one number at many points."""
    formula, method = _way(f, method, 1)
    flat, tame = points.reshape(-1), tamed(f)
    with np.errstate(all="ignore"):
        if formula is not None:
            slopes = side_by_side([_exact(formula, flat[i : i + 1]) for i in range(flat.size)])
        else:
            height = elementwise(tame, flat) if flat.size else flat
            slopes = _at_points(tame, flat, height, method, step)
    return gathered(points, slopes, method, notes, points.size * (formula is None))


def _at_points(
    f: Callable[[Any], Any], x: Floats, height: Floats, method: Method, step: float | None
) -> Slopes:
    """Differentiate a black box of one number at each x, where it is `height`."""

    def probe(_: Any, points: Floats) -> Floats:
        return elementwise(f, points)

    if method != "complex":
        return _by(method, probe, x, height, step)
    ladder = _climbed(probe, x, height, None)
    points = [x[i : i + 1].reshape(()) for i in range(x.size)]
    each = [imaginary(f, point, step, ladder.at(i)) for i, point in enumerate(points)]
    return side_by_side(each)


def _by(method: Method, probe: Probe, x: Floats, height: Floats, step: float | None) -> Slopes:
    """Return the slopes along m entries by real steps."""
    if method == "ladder":
        slopes = _climbed(probe, x, height, step)
    else:
        slopes = by_one_step(method, probe, x, height, step, _climbed(probe, x, height, None))
    return slopes if step is None else slopes.unresolved(x, step)


def _climbed(probe: Probe, x: Floats, height: Floats, step: float | None) -> Slopes:
    if step is not None or x.size > _ONE_BY_ONE:
        return climb(probe, x, height, step)
    pairs = enumerate(zip(x.tolist(), height.tolist(), strict=True))
    return side_by_side([climb_one(partial(_along, probe, i), *pair) for i, pair in pairs])


def _along(probe: Probe, entry: int, points: Floats) -> Floats:
    return probe(np.array([entry]), points[:, None])[:, 0]


def gradient(
    f: Callable[[Any], Any],
    x: ArrayLike,
    *,
    method: Method = "auto",
    step: float | None = None,
    batched: bool | None = None,
) -> Gradient:
    """Return all partial derivatives of f at x with bounds on their errors, in x's shape.

    Args:
        f: a function of an array of x's shape; returns one number.
        x: the point, of any shape; it is not changed. Ints and bools are promoted, with a note.
        method: as for `derivative`. Where no bound is asked for, `numerical_gradient` takes 2
            calls of f an entry.
        step: the step for every entry; else one is chosen for each.
        batched: as for `numerical_gradient`.

    Returns:
        A `Gradient`; every array in it has x's shape.

    Raises:
        ValueError: if f does not return one number a point, or `method` does not fit f.
        TypeError: if x is complex or holds objects.

    >>> slope = gradient(lambda x: x[0]**2 + x[1]**3, [3, 4])
    >>> slope.value.round(9), slope.status, str(slope.notes[0])
    (array([ 6., 48.]), 'ok', 'the point was given in int64 and is computed in float64')
    """
    _check(method, step)
    point = as_float64(x)
    formula, method = _way(f, method, point.size if point.ndim <= 1 else 0)
    notes, tame = _promotion(np.asarray(x).dtype), tamed(f)
    with np.errstate(all="ignore"):
        if formula is not None:
            slopes = _exact(formula, point.reshape(-1))
        else:
            many = vectorised(f, point, math.sqrt(EPS)) if batched is None else batched
            slopes = _by_entries(tame, point, method, step, batched=many)
            if point.size and not slopes.value.any() and unresponsive(f, point):
                notes = (*notes, _unused())
    return gathered(point, slopes, method, notes, int(formula is None))


def gathered(
    x: Floats, slopes: Slopes, method: Method, notes: tuple[Message, ...], more_calls: int
) -> Gradient:
    """Return slopes in x's shape."""
    parts = ("value", "error", "truncation", "rounding", "step", "left", "right")
    arrays: dict[str, Floats] = {name: getattr(slopes, name).reshape(x.shape) for name in parts}
    return Gradient(
        x=x,
        **arrays,
        evaluations=slopes.evaluations + more_calls,
        status=_worst(slopes.status),
        statuses=slopes.status.reshape(x.shape),
        method=method,
        notes=notes,
    )


def _way(f: Any, method: Method, variables: int) -> tuple[Expression | None, Method]:
    """Return the formula that is to be differentiated, if there is one, and by which method."""
    if method not in {"auto", "exact"}:
        return None, method
    formula = formula_of(f)
    if formula is not None and len(formula.variables) == variables:
        return formula, "exact"
    if method == "exact":
        text = "method exact needs a formula (parse) or a named objective with as many variables"
        raise ValueError(f"{text} as x has entries")
    return None, "ladder"


def _exact(formula: Expression, point: Floats) -> Slopes:
    """Differentiate a formula; one that may have a kink is looked at by differences too."""
    x = point.tolist()
    value, rounding = np.array(formula.gradient(*x)), np.array(formula.gradient_rounding(*x))
    value[math.isnan(formula.value(*x))] = np.nan  # no slope where there is no f
    zeros = np.zeros_like(value)
    found = replace(resolved(value, zeros, rounding, zeros, 0), value=value)
    if value.size and not set(re.findall(r"[a-z]\w*(?=\()", formula.source)) <= _SMOOTH:
        seen = _by_entries(formula, point, "ladder", None, batched=False)
        found = kinked(found, seen.status == "kink", seen.left, seen.right)
    return replace(found, rounding=np.where(found.status == "nonfinite", np.inf, rounding))


def _by_entries(
    f: Callable[[Any], Any], point: Floats, method: Method, step: float | None, *, batched: bool
) -> Slopes:
    flat = point.reshape(-1)
    if not flat.size:
        return nothing()
    probe = EntryProbe(f, point, batched=batched)
    height = np.full(flat.shape, as_scalar(f(point[()].copy())))
    if method == "complex":
        return imaginary(f, point, step, _climbed(probe, flat, height, None))
    return _by(method, probe, flat, height, step)


def _worst(statuses: NDArray[Any]) -> Status:
    found = set(statuses.tolist())
    return next((status for status in _WORST_FIRST if status in found), "ok")


def _promotion(dtype: np.dtype[Any]) -> tuple[Message, ...]:
    if dtype == np.float64:
        return ()
    template = "the point was given in {dtype} and is computed in float64"
    return (message(template, dtype=dtype.name),)


def _unused() -> Message:
    return message(
        "f returns the same number everywhere: it may not use its argument. Write a function of "
        "x, for example one that takes the weights, not one that reads them from the network"
    )
