"""A rule as the core's optimizer and schedule, which rule holds when, and what theory says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from tutor.core.optimizers import (
    AdaGrad,
    Adam,
    AdamW,
    GradientDescent,
    Momentum,
    Nesterov,
    Optimizer,
    RMSProp,
)
from tutor.core.schedules import Constant, Cosine, StepDecay
from tutor.engine.descent.setup import Branch, Rule, Setup
from tutor.i18n import Message, message

DROPS, DROP_FACTOR = 4, 0.5
"""The schedule `step`: η is halved after each quarter of the run."""

OPTIMIZER_NAMES: Mapping[str, Message] = MappingProxyType(
    {
        "gradient-descent": message("gradient descent"),
        "momentum": message("momentum"),
        "nesterov": message("Nesterov"),
        "adagrad": message("AdaGrad"),
        "rmsprop": message("RMSProp"),
        "adam": message("Adam"),
        "adamw": message("AdamW"),
    }
)


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
        case "adam" | "adamw" as name:
            kind = AdamW if name == "adamw" else Adam
            return kind(rule.beta1, rule.beta2, rule.epsilon)
        case _:
            return GradientDescent()


def schedule_of(rule: Rule, steps: int) -> Callable[[int], float]:
    """Return η as a function of the step's number in the whole run of `steps`.

    Also in a branch the number counts from the start of the run: a cosine that is halved on its
    way stays half of that cosine.
    """
    rate = rule.learning_rate
    match rule.schedule:
        case "step":
            return StepDecay(rate, drop_every(steps), DROP_FACTOR)
        case "cosine":
            return Cosine(rate, steps)
        case _:
            return Constant(rate)


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


def drop_every(steps: int) -> int:
    """Return after how many steps the schedule `step` halves η."""
    return max(1, -(-steps // DROPS))


def largest_safe_rate(rule: Rule, curvature: float) -> float | None:
    """Return the η below which steps on a bowl of this curvature come nearer; None if unknown.

    Plain descent: 2/λ. With momentum μ: 2(1 + μ)/λ (Polyak), (2 + 2μ)/((1 + 2μ)λ) (Nesterov);
    both follow from the roots of their recurrences. Methods that divide by past gradients have
    no such bound.
    """
    if not curvature > 0:
        return None
    mu = rule.momentum
    with np.errstate(all="ignore"):
        match rule.optimizer:
            case "gradient-descent":
                limit = 2 / np.float64(curvature)
            case "momentum":
                limit = 2 * (1 + mu) / np.float64(curvature)
            case "nesterov":
                limit = (2 + 2 * mu) / ((1 + 2 * mu) * np.float64(curvature))
            case _:
                return None
    return float(limit)
