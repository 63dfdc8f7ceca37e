"""`derivative` and `gradient`: slopes that know their error."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tutor.core.arrays import EPS, Floats, as_float64
from tutor.core.derivatives.estimate import (
    Derivative,
    Gradient,
    Method,
    Slope,
    Slopes,
    Status,
    gathered,
)
from tutor.core.derivatives.ladder import climb
from tutor.core.derivatives.quotients import Probe, central, forward, imaginary
from tutor.core.expression import Expression, formula_of
from tutor.core.probes import EntryProbe, as_scalar, elementwise, unresponsive, vectorised
from tutor.i18n import Message, message

_LADDER_UP_TO = 8
"""Entries; above, 28 evaluations for each of them cost more than the digits are worth."""
_WORST_FIRST: tuple[Status, ...] = ("nonfinite", "unresolved_step", "kink", "noisy", "ok")


def derivative(
    f: Callable[[Any], Any], x: float, *, method: Method = "auto", step: float | None = None
) -> Derivative:
    """Return the slope of f at x with a bound on its error.

    Args:
        f: a function of one number; one that takes arrays too is asked for all points at once.
        x: the point.
        method: `exact` differentiates a formula or a named objective. `ladder` extrapolates
            central differences of 14 steps. `central` and `forward` take one step (and two more
            points for the bound). `complex` takes an imaginary step, for an f that computes with
            complex numbers. `auto`: exact if it can, else ladder.
        step: the step (of the ladder: the largest one), in x's units; else it is chosen.

    Returns:
        A `Derivative`. A point without a derivative is a status, not an exception.

    Raises:
        ValueError: if f does not return one number, or `method` does not fit f.
        TypeError: if x is no real number.

    >>> slope = derivative(np.sin, 1.0)
    >>> abs(slope.value - np.cos(1.0)) <= slope.error < 1e-13
    True
    >>> str(derivative(abs, 0.0).explain()[-1])
    'the slope jumps at 0: there is no derivative, only one from the left and one from the right'
    """
    at = x if type(x) is float else _number(x)
    formula = _formula_for(f, method, 1)
    with np.errstate(all="ignore"):
        if formula is not None:
            slope, method = _exact(formula, [at]).row(0), "exact"
        elif method in {"auto", "ladder"}:
            slope, method = climb(partial(elementwise, f), at, as_scalar(f(at)), step), "ladder"
        else:
            point = np.array([at])
            slope = _one_step(f, lambda _, p: elementwise(f, p), point, (), method, step).row(0)
    if step is not None and method != "complex" and (at + step == at or at - step == at):
        slope = _unresolved(step, slope.evaluations)
    return Derivative(
        x=at,
        value=slope.value,
        error=slope.truncation + slope.rounding,
        truncation=slope.truncation,
        rounding=slope.rounding,
        step=slope.step,
        evaluations=slope.evaluations + (formula is None),
        status=slope.status,
        method=method,
    )


def _number(x: Any) -> float:
    point = as_float64(x)
    if point.ndim != 0:
        raise ValueError(f"x must be one number, not an array of shape {point.shape}")
    return float(point)


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
        method: as for `derivative`; `auto`: exact if it can, the ladder for up to 8 entries,
            else central differences.
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
    point = as_float64(x)
    formula = _formula_for(f, method, point.size if point.ndim <= 1 else 0)
    notes = _promotion(np.asarray(x).dtype)
    with np.errstate(all="ignore"):
        if formula is not None:
            slopes, method = _exact(formula, point.reshape(-1).tolist()), "exact"
        else:
            if method == "auto":
                method = "ladder" if point.size <= _LADDER_UP_TO else "central"
            many = vectorised(f, point, math.sqrt(EPS)) if batched is None else batched
            probe = EntryProbe(f, point, batched=many)
            slopes = _by_entries(f, probe, point, method, step)
            if point.size and not slopes.value.any() and unresponsive(f, point):
                notes = (*notes, _unused())
    parts = ("value", "error", "truncation", "rounding", "step")
    arrays: dict[str, Floats] = {name: getattr(slopes, name).reshape(point.shape) for name in parts}
    return Gradient(
        x=point,
        **arrays,
        evaluations=slopes.evaluations + (formula is None),
        status=_worst(slopes.status),
        statuses=slopes.status.reshape(point.shape),
        method=method,
        notes=notes,
    )


def _formula_for(f: Any, method: Method, variables: int) -> Expression | None:
    """Return the formula to be differentiated exactly, if that is asked for and can be done."""
    if method not in {"auto", "exact"}:
        return None
    formula = formula_of(f)
    if formula is not None and len(formula.variables) == variables:
        return formula
    if method == "exact":
        text = "method exact needs a formula (parse) or a named objective with as many variables"
        raise ValueError(f"{text} as x has entries")
    return None


def _exact(formula: Expression, point: list[float]) -> Slopes:
    value = np.array(formula.gradient(*point))
    rounding = np.array(formula.gradient_rounding(*point))
    finite = np.isfinite(value)
    status = np.where(finite, "ok", "nonfinite").astype(object)
    nothing = np.zeros_like(value)
    return Slopes(value, nothing, np.where(finite, rounding, np.inf), nothing, status, 0)


def _by_entries(
    f: Callable[[Any], Any], probe: EntryProbe, point: Floats, method: Method, step: float | None
) -> Slopes:
    flat = point.reshape(-1)
    if method == "ladder":
        height = as_scalar(f(point.copy()))
        rows = [
            climb(partial(probe.along, i), x, height, step) for i, x in enumerate(flat.tolist())
        ]
    else:
        found = _one_step(f, probe, flat, point.shape, method, step)
        if step is None or method == "complex":
            return found
        rows = [found.row(i) for i in range(flat.size)]
    if step is not None:
        for i, x in enumerate(flat.tolist()):
            if x + step == x or x - step == x:
                rows[i] = _unresolved(step, rows[i].evaluations)
    return gathered(rows)


def _one_step(
    f: Callable[[Any], Any],
    probe: Probe,
    flat: Floats,
    shape: tuple[int, ...],
    method: Method,
    step: float | None,
) -> Slopes:
    if method == "central":
        return central(probe, flat, step)
    point = flat.reshape(shape)
    if method == "forward":
        return forward(probe, flat, as_scalar(f(point[()].copy())), step)
    return imaginary(f, probe, point, step)


def _unresolved(step: float, evaluations: int) -> Slope:
    """Where the step vanishes the course sees a slope of 0; nothing bounds its error."""
    return Slope(0.0, math.inf, 0.0, step, "unresolved_step", evaluations)


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
