"""The loop of every descent: one step after another, of one point or of many.

What walks may be a number, an array of any shape (many points as columns, say), or a list of parts
that are stepped each for itself (`PartByPart`): the coordinates of a point as Python floats, the
rows of many points, the parameters of a network. A run can be taken in pieces: a walker stands
where its last step led, and remembers what its optimizer remembers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from tutor.core.arrays import Floats
from tutor.core.expression import Expression
from tutor.core.finite_differences import central_partials
from tutor.core.optimizers import GradientDescent, Optimizer, State


class Walker:
    """Where a descent is, by which optimizer it goes on, and what that remembers.

    >>> walker = Walker(4.0, GradientDescent())
    >>> [x for x, slope, state in walker.steps(lambda x: 2 * x, [0.25, 0.25])], walker.x
    ([4.0, 2.0], 1.0)
    """

    def __init__(self, x: Any, optimizer: Optimizer) -> None:
        self.x = x
        self.follow(optimizer)

    def follow(self, optimizer: Optimizer) -> None:
        """Go on from here by an optimizer that remembers nothing yet."""
        self.optimizer = optimizer
        self.state = optimizer.start(self.x)

    def steps(
        self, slope: Callable[[Any], Any], rates: Iterable[float]
    ) -> Iterator[tuple[Any, Any, State]]:
        """Take one step for each rate; yield before each where it begins.

        Args:
            slope: returns the gradient where it is asked, in the shape of what walks.
            rates: η of each step. For many points one η may be an array: a rate for each.

        Yields:
            The point, the gradient there, and the optimizer's state. The step is taken when the
            next is asked for.
        """
        x, state, step = self.x, self.state, self.optimizer.step
        for rate in rates:
            gradient = slope(x)
            yield x, gradient, state
            self.x, self.state = x, state = step(x, gradient, state, rate)


class PartByPart:
    """An optimizer of a list: each part is stepped for itself, with a state of its own.

    For those that treat each entry alone, as all of `OPTIMIZERS` do: the digits are those of one
    array. Python floats are ten times as fast as an array of two, and stay Python floats where the
    slopes are.

    >>> PartByPart(GradientDescent()).step([4.0, 1.0], [8.0, 2.0], ((), ()), 0.1)
    ([3.2, 0.8], ((), ()))
    """

    def __init__(self, optimizer: Optimizer) -> None:
        self.optimizer = optimizer
        self._step = optimizer.step
        self._is_plain = type(optimizer) is GradientDescent

    def start(self, x: Sequence[Any]) -> State:
        """Return the state of each part before its first step."""
        return tuple(tuple(_plain(part) for part in self.optimizer.start(entry)) for entry in x)

    def step(
        self, x: Sequence[Any], gradient: Sequence[Any], state: State, rate: float
    ) -> tuple[list[Any], State]:
        """Return the next list and the state of each part."""
        if self._is_plain:  # the shortest of all steps, which a call a part would double
            return [entry - rate * slope for entry, slope in zip(x, gradient, strict=True)], state
        step = self._step
        moved = [
            step(entry, slope, own, rate)
            for entry, slope, own in zip(x, gradient, state, strict=True)
        ]
        entries = [float(e) if type(e) is np.float64 else e for e, _ in moved]
        return entries, tuple([own for _, own in moved])


def _plain(part: Any) -> Any:
    """A number as a Python number; an array as it is."""
    return part.item() if isinstance(part, np.ndarray) and part.ndim == 0 else part


def formula_rows(
    walker: Walker, formula: Expression, rates: Sequence[float], *, h: float | None = None
) -> Floats:
    """Take one step of a formula's descent for each rate; return a row for each.

    Args:
        walker: walks a list of Python floats, one for each variable.
        formula: what is descended.
        rates: η of each step.
        h: of the course's numerical gradient; None for the exact one.

    Returns:
        Shape (steps, 2 n + 1): the point at which the step began, f and the gradient there.

    Plain descent by the exact gradient runs in a generated loop, with the formula and its gradient
    written out in it.
    """
    value, exact, n = formula.value, formula.gradient, len(formula.variables)
    slope = (lambda x: exact(*x)) if h is None else central_partials(value, h)

    def plainly(x: list[float], rates: Iterable[float]) -> Iterator[float]:
        walker.x = x
        for before, slopes, _ in walker.steps(slope, rates):
            yield from before
            yield value(*before)
            yield from slopes
        yield from walker.x

    is_plain = type(getattr(walker.optimizer, "optimizer", None)) is GradientDescent
    if is_plain and h is None:
        said = formula.descend(*walker.x, iter(rates), plainly)
    else:
        said = plainly(walker.x, rates)
    numbers = np.fromiter(said, np.float64, len(rates) * (2 * n + 1) + n)
    walker.x = numbers[-n:].tolist()
    return numbers[:-n].reshape(-1, 2 * n + 1)
