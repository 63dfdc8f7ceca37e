"""What is to be said of a formula: its gradient, checked by differences, or what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tutor.core.derivatives.gradient_check import GradientCheck, check_gradient
from tutor.core.objectives import Objective
from tutor.engine.descent.objectives import objective_of
from tutor.engine.lab import events as ev
from tutor.engine.lab.lab import LabState
from tutor.engine.lab.lab_run import advance
from tutor.engine.numbers import show_point
from tutor.i18n import Text, message
from tutor.typed import folded

_LONGEST_GRADIENT = 300
"""Characters: the gradient of a tower of powers has a hundred thousand."""
_MOST = 500
"""Numbers are brought below 2 to this power, so that what is made of them is a float too."""


def remark_on(state: LabState, entry: str) -> tuple[Text, bool]:
    """Return what is to be said of an entry, and whether that is what is wrong with it."""
    tried = advance(state, ev.FormulaTyped(entry))
    if tried.problem:
        return tried.problem, True
    setup = tried.lab.setup
    words = gradient_words(objective_of(setup), setup.start)
    if folded(entry).strip() == setup.formula:
        return words, False
    read = message("read as {formula}", formula=setup.formula)
    return message("{first}; {second}", first=read, second=words), False


def gradient_words(own: Objective, start: tuple[float, ...]) -> Text:
    """Return the exact gradient as a formula, and what differences at the start say of it."""
    parts = [own.expression.derivative(name).pretty for name in own.variables]
    shown = f"({', '.join(parts)})" if len(parts) > 1 else parts[0]
    if len(shown) > _LONGEST_GRADIENT:
        shown = shown[:_LONGEST_GRADIENT] + " …"
    checked = cross_check(own, start)
    words = {
        "agrees": message("✓ checked by differences: ∇f = {gradient}"),
        "differs": message("✗ differences disagree at {point}: ∇f = {gradient}"),
        "unclear": message("no differences can be taken at {point}: ∇f = {gradient}"),
    }[checked.verdict]
    return message(words.template, gradient=shown, point=show_point(start, 3))


def cross_check(objective: Objective, start: Sequence[float]) -> GradientCheck:
    """Return what differences say of the objective's gradient at `start`, shape (d,).

    An enormous f is compared on a smaller scale, by a power of 2: that changes no digit.
    The verdict is “unclear” where differences still overflow.
    """
    point = np.array(start if len(start) > 1 else start[0], dtype=np.float64)
    with np.errstate(all="ignore"):
        sizes = np.abs(np.append(objective.gradient(point), objective.value(point)))
        largest = float(sizes.max())
        down = max(int(np.frexp(largest)[1]), 0) if largest > 2.0**_MOST else 0

        def value(x: Any) -> Any:
            return np.ldexp(objective.value(x), -down)

        def gradient(x: Any) -> Any:
            return np.ldexp(objective.gradient(x), -down)

        return check_gradient(value, gradient, point)
