"""A rule of the lab as the core's optimizer and schedule, and which rule holds when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from tutor.core.optimizers import (
    AdaGrad,
    Adam,
    GradientDescent,
    Momentum,
    Nesterov,
    Optimizer,
    RMSProp,
)
from tutor.engine.descent.methods import core_schedule
from tutor.engine.descent.setup import Branch, Rule, Setup


class Segment(NamedTuple):
    """The steps `first` up to, but not with, `last`, and their rule."""

    first: int
    last: int
    rule: Rule


def optimizer_of(rule: Rule) -> Optimizer:
    """Return the core's optimizer with the rule's numbers."""
    match rule.optimizer:
        case "momentum":
            return Momentum(rule.momentum)
        case "nesterov":
            return Nesterov(rule.momentum)
        case "adagrad":
            return AdaGrad(rule.epsilon)
        case "rmsprop":
            return RMSProp(rule.alpha, rule.epsilon)
        case "adam":
            return Adam(rule.beta1, rule.beta2, rule.epsilon)
        case _:
            return GradientDescent()


def schedule_of(rule: Rule, steps: int) -> Callable[[int], float]:
    """Return η as a function of the step's number in the whole run of `steps`.

    Also in a branch the number counts from the start of the run: a cosine that is halved on its
    way stays half of that cosine.
    """
    return core_schedule(rule.schedule, rule.learning_rate, steps)


def segments(setup: Setup) -> tuple[Segment, ...]:
    """Return which rule holds for which steps; the last one ends with the run."""
    rules = [setup.rule, *(branch.rule for branch in setup.branches)]
    ends = [0, *(branch.step for branch in setup.branches), setup.steps]
    return tuple(
        Segment(first, last, rule)
        for (first, last), rule in zip(pairwise(ends), rules, strict=True)
    )


def rule_at(setup: Setup, step: int) -> Rule:
    """Return the rule of the step from point `step` to the next; at the end that of the last."""
    rule = setup.rule
    for branch in setup.branches:
        if branch.step <= step:
            rule = branch.rule
    return rule


def with_change(setup: Setup, step: int, **change: object) -> Setup:
    """Return the setup with parts of the rule changed from `step` on; 0: in the whole run.

    Later branches keep what else they change; one that no longer changes anything goes.
    """
    if step <= 0:
        base = replace(setup.rule, **change)  # type: ignore[arg-type]  # the caller's own names
        return _with_branches(replace(setup, rule=base), _changed(setup.branches, change))
    before = [branch for branch in setup.branches if branch.step < step]
    here = Branch(step=step, rule=rule_at(setup, step))
    after = [branch for branch in setup.branches if branch.step > step]
    return _with_branches(setup, [*before, *_changed([here, *after], change)])


def _changed(branches: Sequence[Branch], change: dict[str, object]) -> list[Branch]:
    return [
        replace(each, rule=replace(each.rule, **change))  # type: ignore[arg-type]  # as above
        for each in branches
    ]


def _with_branches(setup: Setup, branches: Sequence[Branch]) -> Setup:
    """Return the setup with those branches that change something and begin within the run."""
    kept: list[Branch] = []
    rule = setup.rule
    for branch in branches:
        if branch.rule != rule and branch.step < setup.steps:
            kept.append(branch)
            rule = branch.rule
    return replace(setup, branches=tuple(kept))


def with_steps(setup: Setup, steps: int) -> Setup:
    """Return the setup with another length; branches beyond its end go."""
    return _with_branches(replace(setup, steps=steps), setup.branches)
