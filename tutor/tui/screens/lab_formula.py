"""What is to be said of a formula while it is being typed: its gradient, or what is wrong."""

from __future__ import annotations

from tutor.core.objectives import Objective
from tutor.engine.descent.objectives import objective_of
from tutor.engine.lab import events as ev
from tutor.engine.lab.cross_check import cross_check
from tutor.engine.lab.lab_run import LabState, advance
from tutor.engine.numbers import show_point
from tutor.i18n import Text, message
from tutor.typed import folded

_LONGEST_GRADIENT = 300
"""Characters: the gradient of a tower of powers has a hundred thousand."""


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
