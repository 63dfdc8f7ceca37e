"""The lab's charts: what it looks at of its run, with ghosts, the run beside and the cursor.

And, for their legends, in what one setup differs from another.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from tutor.charts.chart import Chart, Guide, Layer, Role
from tutor.engine.descent import charts
from tutor.engine.descent.charts import (
    Drawn,
    ground_chart,
    step_label,
    walk_layers,
)
from tutor.engine.descent.curves import (
    Quantity,
    base_of,
    series,
    series_chart,
    slice_chart,
    tangent,
)
from tutor.engine.descent.maps import Basins
from tutor.engine.descent.objectives import objective_of
from tutor.engine.descent.rules import OPTIMIZER_NAMES
from tutor.engine.descent.run import Run
from tutor.engine.descent.setup import Point, Rule, Setup
from tutor.engine.descent.trouble import lost_ground
from tutor.engine.drawing import in_space
from tutor.engine.lab.lab import Lab
from tutor.engine.numbers import show, show_point
from tutor.i18n import Text, message

GHOST_ROLES: tuple[Role, ...] = ("ghost1", "ghost2", "ghost3", "ghost4", "ghost5")


def main_chart(
    lab: Lab,
    run: Run,
    *,
    ghosts: Sequence[Run] = (),
    beside: Run | None = None,
    step: int | None = None,
) -> Chart:
    """Return the chart of the lab's view: one of one variable is its curve.

    The surface is the backdrop; it depends on the objective, the view and the window alone.

    Args:
        lab: the view and the cursor.
        run: the present run.
        ghosts: pinned runs, at most five, drawn faintly.
        beside: a second run, drawn as strongly as the first, at the same step.
        step: the step that is looked at; None: `lab.step`.
    """
    at = run.at(lab.step if step is None else step)
    if run.objective.dimension == 2 and lab.view == "slices":
        return slice_chart(run, at)
    layers = (*_walks(run, at, ghosts, beside), *_cursor(lab.cursor))
    if lab.view == "slices":
        layers = (tangent(run, at), *layers)
    is_heat_map = lab.view == "heat-map"
    chart = ground_chart(run, layers, heat_map=is_heat_map, arrow_field=not is_heat_map,
                         note=about_end(run, at))  # fmt: skip
    return in_space(chart) if lab.view == "surface" else chart


def basin_chart(basins: Basins, lab: Lab, run: Run, *, step: int | None = None) -> Chart:
    """Return where each start on the window ends, as far as it is computed, under the path."""
    at = run.at(lab.step if step is None else step)
    return charts.basin_chart(basins, run, (*_walks(run, at), *_cursor(lab.cursor)))


def curve_chart(
    lab: Lab,
    run: Run,
    *,
    ghosts: Sequence[Run] = (),
    beside: Run | None = None,
    step: int | None = None,
) -> Chart:
    """Return `lab.curve` over the steps, with a mark at the looked-at step.

    Not for the sweep, which has `sweep_chart`. Arguments as for `main_chart`.
    """
    at = run.at(lab.step if step is None else step)
    quantity: Quantity = "loss" if lab.curve == "sweep" else lab.curve
    base = base_of(run) if quantity == "log-loss" else 0.0
    second = _beside(run, beside)
    chart = series_chart(
        series(quantity, Drawn(run, "path"), base),
        at,
        log=quantity != "loss",
        below=[series(quantity, each, base) for each in _ghosts(run, ghosts)],
        beside=None if second is None else series(quantity, second, base),
        label=step_label(at),
    )
    return replace(chart, layers=(Guide("reference", x=float(at)), *chart.layers))


def _walks(run: Run, step: int, ghosts: Sequence[Run] = (), beside: Run | None = None
           ) -> tuple[Layer, ...]:  # fmt: skip
    return walk_layers(Drawn(run, "path"), step, below=_ghosts(run, ghosts),
                       beside=_beside(run, beside))  # fmt: skip


def _ghosts(run: Run, ghosts: Sequence[Run]) -> list[Drawn]:
    return [
        Drawn(ghost, role, difference(ghost.setup, run.setup))
        for role, ghost in zip(GHOST_ROLES, ghosts, strict=False)
    ]


def _beside(run: Run, beside: Run | None) -> Drawn | None:
    return None if beside is None else Drawn(beside, "beside", difference(beside.setup, run.setup))


def _cursor(cursor: Point | None) -> tuple[Layer, ...]:
    """The cursor's cross; nothing where it is off."""
    if cursor is None or len(cursor) < 2:
        return ()
    return (Guide("cursor", x=cursor[0], y=cursor[1]),)


def about_end(run: Run, step: int) -> Text:
    """Return a remark for the corner of the chart once a run is lost; else nothing."""
    if run.since is None or step < run.since:
        return ""
    if lost_ground(run) is not None:
        if math.isnan(run.values[run.since]):
            return message("f is undefined from step {k} on", k=run.since)
        return message("the gradient is undefined from step {k} on", k=run.since)
    if run.status == "nonfinite":
        return message("beyond the largest float from step {k} on", k=run.since)
    if run.status == "diverged":
        return message("flies away from step {k} on", k=run.since)
    return ""


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
