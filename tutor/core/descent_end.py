"""How a descent ended, and by what rule.

Sizes are the largest entry's. `small` is a millionth of the largest gradient of the run (or
1e-12, for a run that starts where f is flat). The first rule that holds decides:

nonfinite    a point, value or gradient is inf or nan; since: the first such.
frozen       the last step did not move, though f still slopes there: the update is lost in
             rounding, or a numerical gradient is exactly 0 because x + h == x. Since: the first
             point that was not left again.
converged    the gradient is small at the end; since: from when on it stayed so. (It can be a
             saddle: a gradient of 0 is no proof of a minimum.)
oscillating  the end lies where the run was 2 to 8 steps before, to a ten-thousandth of the
             longest step between; since: the first point of which that holds for good.
diverged     the gradient grows, and either f rose in each of the last three steps and ended
             above the start, or the run left for a thousand times its first distance from the
             origin. Since: from when on the gradient grew at each step.
completed    none of these: all steps are done, and more would go on as these.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tutor.core.arrays import Floats
from tutor.core.probes import as_scalar

Status: TypeAlias = Literal[
    "completed", "converged", "diverged", "frozen", "nonfinite", "oscillating"
]
End: TypeAlias = tuple[Status, int | None, float]
"""Status, the step since when, the factor."""

_SMALL, _NOISE = 1e-6, 1e-12
_LONGEST_CYCLE = 8
_SAME_PLACE = 1e-4
_AWAY = 1e3
_WINDOW = 10


def judge(
    f: Callable[[Any], Any],
    shape: tuple[int, ...],
    points: Floats,
    values: Floats,
    gradients: Floats,
) -> End:
    """Return how a run of points (steps + 1, n) ended, since when, and its factor."""
    sizes = _largest(gradients)
    finite = np.isfinite(points).all(axis=1) & np.isfinite(values) & np.isfinite(sizes)
    if not finite.all():
        first = int(finite.argmin())
        return "nonfinite", first, _factor(sizes, first - 1)
    moves = _largest(np.diff(points, axis=0))
    small = max(_SMALL * sizes.max(), _NOISE)
    stands = len(moves) > 0 and moves[-1] == 0
    slope = sizes[-1] if sizes[-1] > 0 else _true_slope(f, points[-1], shape)
    if stands and slope > small:
        first = _start_of_last_run(moves == 0)
        return "frozen", first, _factor(sizes, first - 1)
    if slope <= small:
        first = _start_of_last_run(sizes <= small)
        return "converged", first, _factor(sizes, first)
    factor = _factor(sizes, len(sizes) - 1)
    cycle = _cycle(points, moves)
    if cycle is not None:
        return "oscillating", cycle, factor
    if factor > 1 and (_rises(values) or _left(points)):
        return "diverged", _start_of_last_run(np.diff(sizes) > 0), factor
    return "completed", None, factor


def _largest(rows: Floats) -> Floats:
    largest: Floats = np.max(np.abs(rows), axis=1, initial=0.0)
    return largest


def _start_of_last_run(holds: NDArray[np.bool_]) -> int:
    """Return the index from which on `holds` is true to the end."""
    failures = np.flatnonzero(~holds)
    return int(failures[-1]) + 1 if failures.size else 0


def _factor(sizes: Floats, last: int) -> float:
    """Return the mean growth of the gradient over up to ten steps that end at `last`."""
    first = max(last - _WINDOW, 0)
    if last <= first or sizes[first] == 0:
        return float("nan")
    return float((sizes[last] / sizes[first]) ** (1 / (last - first)))


def _true_slope(f: Callable[[Any], Any], point: Floats, shape: tuple[int, ...]) -> float:
    """Return the size of the slope by steps that rounding cannot swallow.

    The gradient in use is exactly 0 here: this tells a minimum from a float freeze.
    """
    reach = np.maximum(np.abs(point), 1.0) * np.cbrt(np.finfo(np.float64).eps)
    slopes = [0.0]
    for i, h in enumerate(reach):
        step = np.zeros_like(point)
        step[i] = h
        above, below = ((point + sign * step).reshape(shape)[()] for sign in (1, -1))
        slopes.append(abs(as_scalar(f(above)) - as_scalar(f(below))) / (2 * h))
    return float(np.nanmax(slopes))


def _cycle(points: Floats, moves: Floats) -> int | None:
    """Return since when the run repeats itself, or None."""
    for period in range(2, min(_LONGEST_CYCLE, len(moves)) + 1):
        near = _SAME_PLACE * moves[-period:].max()
        if np.abs(points[-1] - points[-1 - period]).max(initial=0.0) <= near:
            gaps = _largest(points[period:] - points[:-period])
            return _start_of_last_run(gaps <= near)
    return None


def _rises(values: Floats) -> bool:
    last = values[-4:]
    return len(last) == 4 and bool(np.all(np.diff(last) > 0)) and bool(last[-1] > values[0])


def _left(points: Floats) -> bool:
    first, last = _largest(points[[0, -1]])
    return bool(last > _AWAY * max(first, 1.0))
