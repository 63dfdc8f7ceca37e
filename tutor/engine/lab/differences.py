"""In what one setup differs from another, in a few words for a legend."""

from __future__ import annotations

from collections.abc import Iterator

from tutor.engine.descent.objectives import objective_of
from tutor.engine.descent.rules import OPTIMIZER_NAMES
from tutor.engine.descent.setup import Rule, Setup
from tutor.engine.numbers import show, show_point
from tutor.i18n import Text, message

_NUMBERS = {"learning_rate": "η", "momentum": "μ", "beta1": "β₁", "beta2": "β₂", "alpha": "α"}
_USED = {"momentum": {"momentum", "nesterov"}, "beta1": {"adam", "adamw"},
         "beta2": {"adam", "adamw"}, "alpha": {"rmsprop"}}  # fmt: skip
"""The optimizers that know a number; η is known to all."""


def difference(setup: Setup, other: Setup) -> Text:
    """Return what sets `setup` apart from `other`: "Adam, η = 0.05"; its η where nothing does."""
    words = list(_differences(setup, other))
    if not words:
        return _number(setup.rule, "learning_rate")
    joined = words[0]
    for word in words[1:]:
        joined = message("{words}, {word}", words=joined, word=word)
    return joined


def _differences(setup: Setup, other: Setup) -> Iterator[Text]:
    if (setup.objective, setup.formula) != (other.objective, other.formula):
        yield message("f = {formula}", formula=objective_of(setup).formula)
    yield from _between_rules(setup.rule, other.rule)
    if setup.start != other.start:
        yield message("from {point}", point=show_point(setup.start, 3))
    if setup.branches != other.branches:
        yield from _branches(setup)
    if setup.steps != other.steps:
        yield message("{count} steps", count=setup.steps)


def _between_rules(rule: Rule, other: Rule) -> Iterator[Text]:
    if rule.optimizer != other.optimizer:
        yield OPTIMIZER_NAMES[rule.optimizer]
    for name in _NUMBERS:
        known = rule.optimizer in _USED.get(name, {rule.optimizer})
        if known and getattr(rule, name) != getattr(other, name):
            yield _number(rule, name)
    if rule.schedule != other.schedule:
        yield message("schedule {name}", name=rule.schedule)
    if (rule.gradient, rule.h) != (other.gradient, other.h) and rule.gradient == "numerical":
        yield message("h = {value}", value=show(rule.h))
    elif rule.gradient != other.gradient:
        yield message("exact gradient")


def _branches(setup: Setup) -> Iterator[Text]:
    if not setup.branches:
        yield message("no branch")
    before = setup.rule
    for branch in setup.branches:
        for word in _between_rules(branch.rule, before):
            yield message("{word} from step {k}", word=word, k=branch.step)
        before = branch.rule


def _number(rule: Rule, name: str) -> Text:
    return message("{name} = {value}", name=_NUMBERS[name], value=show(getattr(rule, name)))
