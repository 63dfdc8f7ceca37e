"""The optimizer's formula with the numbers of one step in it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tutor.engine.lab.run import Run
from tutor.engine.numbers import show, show_point, signed
from tutor.i18n import Message, message


def update_line(run: Run, step: int | None = None) -> Message:
    """Return the optimizer's formula with the numbers of the step that led to point `step`.

    At the start it is the step that comes.
    """
    k = max(run.at(step), 1)
    with np.errstate(all="ignore"):
        words = _update(run, k - 1)
    return message("step {k}: {words}", k=k, words=words)


def _update(run: Run, k: int) -> Message:
    rule = run.rule(k)
    x, gradient = run.points[k], run.gradients[k]
    after = run.points[min(k + 1, run.steps_done)]
    rate = signed(float(run.rates[k]))
    match rule.optimizer:
        case "momentum" | "nesterov":
            velocity = _velocity(run, k)
            line = message("v ← {mu}·{old} + {g} = {v}", mu=show(rule.momentum),
                           old=show_point(_part(run, k, 0)), g=_vector(gradient),
                           v=show_point(velocity))  # fmt: skip
            if rule.optimizer == "momentum":
                return message("{line};  x ← {x} − {rate}·{v} = {next}", line=line,
                               x=show_point(x), rate=rate, v=_vector(velocity),
                               next=show_point(after))  # fmt: skip
            return message("{line};  x ← {x} − {rate}·({g} + {mu}·{v}) = {next}", line=line,
                           x=show_point(x), rate=rate, g=show_point(gradient),
                           mu=show(rule.momentum), v=_vector(velocity),
                           next=show_point(after))  # fmt: skip
        case "adagrad" | "rmsprop":
            return _scaled_update(run, k)
        case "adam":
            return _adam_update(run, k)
        case _:
            return message("x ← {x} − {rate}·{g} = {next}", x=show_point(x), rate=rate,
                           g=_vector(gradient), next=show_point(after))  # fmt: skip


def _part(run: Run, k: int, part: int) -> list[float]:
    """Return one part of the optimizer's state before the step from point k."""
    return [float(state[part]) for state in run.memory(k)]


def _velocity(run: Run, k: int) -> list[float]:
    mu = run.rule(k).momentum
    slopes = run.gradients[k].tolist()
    return [mu * old + g for old, g in zip(_part(run, k, 0), slopes, strict=True)]


def _scaled_update(run: Run, k: int) -> Message:
    rule, gradient = run.rule(k), run.gradients[k]
    old, squares = np.array(_part(run, k, 0)), gradient * gradient
    after = show_point(run.points[min(k + 1, run.steps_done)])
    if rule.optimizer == "adagrad":
        total = old + squares
        line = message("s ← {old} + {g}² = {s}", old=show_point(old), g=_vector(gradient),
                       s=show_point(total))  # fmt: skip
    else:
        total = rule.alpha * old + (1 - rule.alpha) * squares
        line = message("s ← {alpha}·{old} + {rest}·{g}² = {s}", alpha=show(rule.alpha),
                       old=show_point(old), rest=show(1 - rule.alpha), g=_vector(gradient),
                       s=show_point(total))  # fmt: skip
    rate = signed(float(run.rates[k]))
    return message("{line};  x ← {x} − {rate}·{g}/√s = {next}", line=line, rate=rate,
                   x=show_point(run.points[k]), g=_vector(gradient), next=after)  # fmt: skip


def _adam_update(run: Run, k: int) -> Message:
    rule, gradient = run.rule(k), run.gradients[k]
    means, squares, counts = zip(*run.memory(k), strict=True)
    count = counts[0] + 1
    mean = rule.beta1 * np.array(means, dtype=float) + (1 - rule.beta1) * gradient
    square = rule.beta2 * np.array(squares, dtype=float) + (1 - rule.beta2) * gradient**2
    return message(
        "m̂ = {mean}, √v̂ = {root};  x ← {x} − {rate}·m̂/√v̂ = {next}",
        mean=show_point(mean / (1 - rule.beta1**count)),
        root=show_point(np.sqrt(square / (1 - rule.beta2**count))),
        x=show_point(run.points[k]), rate=signed(float(run.rates[k])),
        next=show_point(run.points[min(k + 1, run.steps_done)]),
    )  # fmt: skip


def _vector(values: Sequence[float]) -> str:
    return signed(float(values[0])) if len(values) == 1 else show_point(values)
