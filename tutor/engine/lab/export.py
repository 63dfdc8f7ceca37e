"""A run to take away: as Markdown with charts in text, as a script, as a table of its steps."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tutor.charts.chart import Chart
from tutor.core.optimizers import AdamW
from tutor.engine.descent.objectives import objective_of
from tutor.engine.descent.run import Run, run
from tutor.engine.descent.setup import Rule, Setup
from tutor.engine.descent.updates import update_line
from tutor.engine.descent.words import describe, without_keys
from tutor.engine.lab.lab import Lab
from tutor.engine.lab.pictures import curve_chart, main_chart
from tutor.engine.lab.script import to_script
from tutor.engine.lab.state_code import encode
from tutor.engine.numbers import show, show_point
from tutor.i18n import message, render

__all__ = ["to_csv", "to_markdown", "to_script"]

Draw = Callable[[Chart, int, int], str]
"""(chart, columns, rows) -> the chart in plain text."""

_COLUMNS, _ROWS, _CURVE_ROWS = 78, 24, 14
_FIRST, _LAST = 5, 3
"""Steps in the table: from the start, and at the end."""


def to_markdown(lab: Lab, made: Run, draw: Draw) -> str:
    """Return the lab as a Markdown document: setting, words, charts, steps, the way back.

    Args:
        lab: what is shown.
        made: the run of `lab.setup`.
        draw: makes text of a chart, so many columns wide and rows high.
    """
    return "\n\n".join(_sections(lab, made, draw)) + "\n"


def _sections(lab: Lab, made: Run, draw: Draw) -> Iterator[str]:
    step = made.at(lab.step)
    ghosts = [run(ghost) for ghost in lab.ghosts]
    beside = run(lab.beside) if lab.beside is not None else None
    yield f"# f = {made.objective.formula}"
    yield "\n".join(_setting(lab.setup))
    yield render(without_keys(describe(made, step)))
    yield f"`{render(update_line(made, step))}`"
    main = main_chart(lab, made, ghosts=ghosts, beside=beside, step=step)
    yield _block(draw(main, _COLUMNS, _ROWS))
    if lab.curve != "sweep":
        curve = curve_chart(lab, made, ghosts=ghosts, beside=beside, step=step)
        yield _block(draw(curve, _COLUMNS, _CURVE_ROWS))
    yield "\n".join(_table(made, step))
    yield render(message("Open it again with this line:"))
    yield _block(f"python -m tutor lab '{encode(lab)}'")


def _block(text: str) -> str:
    lines = [line.rstrip() for line in text.splitlines()]
    return "\n".join(["```text", *lines, "```"])


def _setting(setup: Setup) -> Iterator[str]:
    objective = objective_of(setup)
    if objective.name != objective.source_formula:
        yield f"- {render(message('objective: {name}', name=objective.name))}"
    yield f"- {render(message('start: {start}', start=show_point(setup.start, 6)))}"
    yield f"- {render(message('rule: {rule}', rule=_rule(setup.rule)))}"
    for branch in setup.branches:
        words = message("from step {k} on: {rule}", k=branch.step, rule=_rule(branch.rule))
        yield f"- {render(words)}"
    yield f"- {render(message('steps: {steps}', steps=setup.steps))}"


def _rule(rule: Rule) -> str:
    parts = [rule.optimizer, f"η = {show(rule.learning_rate, 6)}"]
    match rule.optimizer:
        case "momentum" | "nesterov":
            parts.append(f"μ = {show(rule.momentum, 6)}")
        case "adagrad":
            parts.append(f"ε = {show(rule.epsilon, 6)}")
        case "rmsprop":
            parts += [f"α = {show(rule.alpha, 6)}", f"ε = {show(rule.epsilon, 6)}"]
        case "adam" | "adamw":
            parts += [f"β₁ = {show(rule.beta1, 6)}", f"β₂ = {show(rule.beta2, 6)}"]
            parts.append(f"ε = {show(rule.epsilon, 6)}")
            if rule.optimizer == "adamw":
                parts.append(f"λ = {show(AdamW().weight_decay, 6)}")
    if rule.schedule != "constant":
        parts.append(render(message("{schedule} schedule", schedule=rule.schedule)))
    if rule.gradient == "numerical":
        parts.append(render(message("numerical gradient, h = {h}", h=show(rule.h, 6))))
    return ", ".join(parts)


def _table(made: Run, step: int) -> Iterator[str]:
    """Yield some rows of the run: its first and last steps, and the one that is looked at."""
    last = made.steps_done
    chosen = sorted(
        {*range(min(_FIRST, last + 1)), step, *range(max(0, last - _LAST + 1), last + 1)}
    )
    yield "| k | x | f | ∇f |"
    yield "|--:|:--|:--|:--|"
    before = -1
    for k in chosen:
        if k > before + 1:
            yield "| … | | | |"
        yield (f"| {k} | {show_point(made.points[k], 8)} | {show(float(made.values[k]), 8)} "
               f"| {show_point(made.gradients[k], 8)} |")  # fmt: skip
        before = k


def to_csv(made: Run) -> str:
    """Return every step as a line of comma-separated numbers, each with all its digits.

    Columns: the step, the point, f, the gradient in use, η of the step from there (empty at the
    end) and the distance to the nearest minimizer (nan where none is known).
    """
    names = made.objective.variables
    head = [
        "step",
        *names,
        "f",
        *(f"gradient_{name}" for name in names),
        "learning_rate",
        "distance",
    ]
    rates = [*map(repr, made.rates.tolist()), ""]
    rows = zip(made.points.tolist(), made.values.tolist(), made.gradients.tolist(), rates,
               made.distances.tolist(), strict=True)  # fmt: skip
    lines = [",".join(head)]
    for k, (point, value, gradient, rate, distance) in enumerate(rows):
        numbers = [*map(repr, (*point, value, *gradient)), rate, repr(distance)]
        lines.append(",".join([str(k), *numbers]))
    return "\n".join(lines) + "\n"
