"""The formula of one optimizer step with its numbers in it: `x ← x − η · ∇f`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tutor.charts.chart import Floats
from tutor.core.optimizers import AdaGrad, Adam, AdamW, Momentum, Nesterov, Optimizer, RMSProp
from tutor.engine.descent.rules import optimizer_of
from tutor.engine.descent.run import Run
from tutor.engine.numbers import show, show_point, signed
from tutor.i18n import Message, message

WORKED_DIGITS = 3
"""Of each number in a lesson's worked line: enough to follow it, short enough for one row."""


@dataclass(frozen=True, slots=True, eq=False)
class Update:
    """One step of an optimizer; points and gradients have shape (n,)."""

    optimizer: Optimizer
    memory: Sequence[Floats]
    """The parts of its state before the step, each of shape (n,)."""
    x: Floats
    gradient: Floats
    rate: float
    after: Floats
    """Where the step leads."""
    digits: int = 4
    """Of each number."""

    def point(self, values: Floats) -> str:
        """Return a point as it stands alone."""
        return show_point(values.tolist(), self.digits)

    def factor(self, values: Floats) -> str:
        """Return a point as it stands behind an operator."""
        if len(values) == 1:
            return signed(float(values[0]), self.digits)
        return self.point(values)


def update_words(step: Update) -> Message:
    """Return the optimizer's formula with the numbers of this step."""
    with np.errstate(all="ignore"):
        match step.optimizer:
            case Momentum() | Nesterov() as rule:
                return _with_velocity(step, rule)
            case AdaGrad() | RMSProp() as rule:
                return _scaled(step, rule)
            case Adam() as rule:
                return _adam(step, rule)
            case _:
                return message("x ← {x} − {rate} · {g} = {next}", x=step.point(step.x),
                               rate=signed(step.rate), g=step.factor(step.gradient),
                               next=step.point(step.after))  # fmt: skip


def _with_velocity(step: Update, rule: Momentum | Nesterov) -> Message:
    old, mu = step.memory[0], rule.momentum
    velocity = mu * old + step.gradient
    line = message("v ← {mu}·{old} + {g} = {v}", mu=show(mu), old=step.point(old),
                   g=step.factor(step.gradient), v=step.point(velocity))  # fmt: skip
    if isinstance(rule, Momentum):
        return message("{line};  x ← {x} − {rate}·{v} = {next}", line=line, x=step.point(step.x),
                       rate=signed(step.rate), v=step.factor(velocity),
                       next=step.point(step.after))  # fmt: skip
    return message("{line};  x ← {x} − {rate}·({g} + {mu}·{v}) = {next}", line=line,
                   x=step.point(step.x), rate=signed(step.rate), g=step.point(step.gradient),
                   mu=show(mu), v=step.factor(velocity), next=step.point(step.after))  # fmt: skip


def _scaled(step: Update, rule: AdaGrad | RMSProp) -> Message:
    old, squares = step.memory[0], step.gradient * step.gradient
    g = step.factor(step.gradient)
    if isinstance(rule, AdaGrad):
        line = message("s ← {old} + {g}² = {s}", old=step.point(old), g=g,
                       s=step.point(old + squares))  # fmt: skip
    else:
        total = rule.decay * old + (1 - rule.decay) * squares
        line = message("s ← {alpha}·{old} + {rest}·{g}² = {s}", alpha=show(rule.decay),
                       old=step.point(old), rest=show(1 - rule.decay), g=g,
                       s=step.point(total))  # fmt: skip
    return message("{line};  x ← {x} − {rate}·{g}/√s = {next}", line=line, rate=signed(step.rate),
                   x=step.point(step.x), g=g, next=step.point(step.after))  # fmt: skip


def _adam(step: Update, rule: Adam) -> Message:
    means, squares, counts = step.memory
    count = float(counts[0]) + 1
    mean = rule.decay * means + (1 - rule.decay) * step.gradient
    square = rule.square_decay * squares + (1 - rule.square_decay) * step.gradient**2
    words = message("m̂ = {mean}, √v̂ = {root};  x ← {x} − {rate}·m̂/√v̂ = {next}")
    if isinstance(rule, AdamW):
        words = message("m̂ = {mean}, √v̂ = {root};  x ← {kept}·{x} − {rate}·m̂/√v̂ = {next}")
    return message(
        words.template,
        mean=step.point(mean / (1 - rule.decay**count)),
        root=step.point(np.sqrt(square / (1 - rule.square_decay**count))),
        kept=show(1 - step.rate * rule.weight_decay if isinstance(rule, AdamW) else 1.0),
        x=step.point(step.x), rate=signed(step.rate), next=step.point(step.after),
    )  # fmt: skip


def update_line(run: Run, step: int | None = None, digits: int = 4) -> Message:
    """Return the optimizer's formula with the numbers of the step that led to point `step`.

    At the start it is the step that comes.
    """
    k = max(run.at(step), 1)
    words = update_words(
        Update(
            optimizer_of(run.rule(k - 1)),
            [np.array(part, dtype=np.float64) for part in zip(*run.memory(k - 1), strict=True)],
            run.points[k - 1],
            run.gradients[k - 1],
            float(run.rates[k - 1]),
            run.points[min(k, run.steps_done)],
            digits,
        )
    )
    return message("step {k}: {words}", k=k, words=words)
