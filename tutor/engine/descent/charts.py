"""The ground of a descent with runs on it: where they walk, and where each start would end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from tutor.charts.chart import (
    DIVERGES,
    UNKNOWN,
    Axis,
    AxisRange,
    Backdrop,
    Chart,
    Floats,
    Layer,
    Line,
    Points,
    Regions,
    Role,
)
from tutor.charts.strokes import FEW, extremes
from tutor.engine.descent.maps import AWAY, UNDERWAY, Basins
from tutor.engine.descent.objectives import window_of
from tutor.engine.descent.run import Run
from tutor.engine.drawing import mark, plane_chart, spanned
from tutor.engine.numbers import show_point
from tutor.i18n import Text, message

Steps: TypeAlias = NDArray[np.int64]

_FEW_STEPS = 400
"""So many iterates each have their mark."""
_CURVE_SAMPLES = 481
_EVERYWHERE = 1e300
_TINY = 1e-9
"""Of the window: a coordinate so small is named 0."""

# Of runs that are still in use, so that scrubbing through a million steps searches them once.
# What is kept follows from the run alone: sessions that share it see no difference.
_KEPT: WeakKeyDictionary[Run, dict[str, Steps]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Drawn:
    """A run that is drawn with another one."""

    run: Run
    role: Role
    name: Text = ""
    """What a legend calls it."""
    has_end: bool = False
    """Whether its last point is marked."""


# Runs made ready for drawing: at most a few thousand points each, no spike lost


def path_steps(run: Run) -> Steps:
    """Return the steps whose points draw the run's path on the chart: all, or the extremes."""
    return _kept(run, "path", lambda: path_of(run))


def path_of(run: Run) -> tuple[Floats, Floats]:
    """Return across and up of the path: (x0, x1), or (x, f(x)) in one variable; shapes (n + 1,)."""
    if run.points.shape[1] == 1:
        return run.points[:, 0], run.values
    return run.points[:, 0], run.points[:, 1]


def series_steps(run: Run, name: str, values: Floats) -> Steps:
    """Return the steps that draw `values` (shape (n,)), known by `name`, over the steps."""
    return _kept(run, name, lambda: (np.zeros_like(values), values))


def _kept(run: Run, name: str, line: Callable[[], tuple[Floats, Floats]]) -> Steps:
    known = _KEPT.setdefault(run, {})
    if name not in known:
        known[name] = extremes(*line())
    return known[name]


def up_to(steps: Steps, step: int) -> Steps:
    """Return those of `steps` up to `step`, and `step` itself."""
    before = steps[: np.searchsorted(steps, step)]
    return np.append(before, step)


def beyond(steps: Steps, step: int) -> Steps:
    """Return `step` itself and those of `steps` after it."""
    after = steps[np.searchsorted(steps, step, side="right") :]
    return np.insert(after, 0, step)


def step_label(step: int) -> Text:
    """Return what the looked-at step is called in a legend."""
    return message("step {k}", k=step)


# Walks


def walk_layers(own: Drawn, step: int, *, below: Sequence[Drawn] = (), beside: Drawn | None = None,
                is_named: bool = True) -> tuple[Layer, ...]:  # fmt: skip
    """Return the layers of all runs, start and looked-at point on top.

    Args:
        own: the present run, drawn up to `step`; what lies ahead of that is faint.
        step: the step that is looked at.
        below: other runs, drawn whole.
        beside: a run that keeps step with the present one.
        is_named: whether a legend names the start and the looked-at point.
    """
    run = own.run
    layers = [layer for each in below for layer in _whole(each)]
    layers += [*_ahead(run, step), *_walk(own, step)]
    if beside is not None:
        layers += _beside(beside, step)
    layers.append(start_mark(run, message("start") if is_named else ""))
    if step:
        x, y = path_of(run)
        label = step_label(step) if is_named else ""
        layers.append(mark(float(x[step]), float(y[step]), "current", label))
    return tuple(layers)


def start_layers(own: Drawn, others: Sequence[Drawn], *, is_named: bool) -> tuple[Layer, ...]:
    """Return where runs begin, and nothing of where they go."""
    layers: list[Layer] = []
    for each in (*others, own):
        x, y = (along[:1] for along in path_of(each.run))
        layers.append(Line(x, y, each.role, each.name))
        layers += [mark(float(x[0]), float(y[0]), each.role)] if each is not own else []
    return (*layers, start_mark(own.run, message("start") if is_named else ""))


def start_mark(run: Run, label: Text = "") -> Points:
    """Return a mark where the run begins."""
    x, y = path_of(run)
    return mark(float(x[0]), float(y[0]), "start", label)


def _walk(own: Drawn, step: int) -> list[Layer]:
    """The path up to a step, with its iterates."""
    x, y = _chosen(own.run, step)
    layers: list[Layer] = [Line(x, y, own.role, own.name)]
    if 1 < len(x) <= _FEW_STEPS:
        layers.append(Points(x[1:], y[1:], own.role))
    return layers


def _ahead(run: Run, step: int) -> list[Layer]:
    if step >= run.steps_done:
        return []
    across, up = path_of(run)
    steps = beyond(path_steps(run), step)
    return [Line(across[steps], up[steps], "ahead")]


def _beside(beside: Drawn, step: int) -> list[Layer]:
    at = min(step, beside.run.steps_done)
    x, y = _chosen(beside.run, at)
    now = mark(float(x[-1]), float(y[-1]), beside.role)
    return [*_ahead(beside.run, at), Line(x, y, beside.role, beside.name), now]


def _whole(drawn: Drawn) -> Iterator[Layer]:
    x, y = _chosen(drawn.run, drawn.run.steps_done)
    yield Line(x, y, drawn.role, drawn.name)
    if drawn.has_end:
        yield mark(float(x[-1]), float(y[-1]), drawn.role)


def _chosen(run: Run, step: int) -> tuple[Floats, Floats]:
    """What draws the path up to a step."""
    across, up = path_of(run)
    if run.steps_done < FEW:
        return across[: step + 1], up[: step + 1]
    steps = up_to(path_steps(run), step)
    return across[steps], up[steps]


def place(run: Run, point: tuple[float, ...], role: Role, label: Text) -> Points:
    """Return a mark on the ground's chart: in one variable on the curve."""
    if run.objective.dimension == 1:
        return mark(point[0], float(run.objective.value(point[0])), role, label)
    return mark(point[0], point[1], role, label)


# The ground


def ground_chart(
    run: Run,
    layers: tuple[Layer, ...],
    *,
    heat_map: bool = False,
    arrow_field: bool = True,
    minimizers: bool = True,
    note: Text = "",
) -> Chart:
    """Return the surface of a run's objective, or its curve in one variable, with `layers` on it.

    The backdrop depends on the objective, the window and the flags alone: what is turned never
    redraws it.
    """
    if run.objective.dimension == 1:
        return _curve(run, layers, minimizers=minimizers, note=note)
    return plane_chart(
        run.objective,
        window_of(run.setup),
        layers,
        arrow_field=arrow_field,
        minimizers=minimizers,
        heat_map=heat_map,
        note=note,
    )


def _curve(run: Run, layers: tuple[Layer, ...], *, minimizers: bool, note: Text) -> Chart:
    objective = run.objective
    low, high = window_of(run.setup)[0]
    x = np.linspace(low, high, _CURVE_SAMPLES)
    with np.errstate(all="ignore"):
        y = np.broadcast_to(np.asarray(objective.value(x), dtype=float), x.shape)
    still: list[Layer] = [Line(x, y, "curve", message("curve"))]
    if minimizers and objective.minimizers:
        lowest = np.array(objective.minimizers, dtype=float)[:, 0]
        heights = np.asarray(objective.value(lowest), dtype=float)
        still.append(Points(lowest, heights, "minimizer", message("minimum")))
    return Chart(
        title=message("f(x) = {formula}", formula=objective.formula),
        x_axis=Axis(message("x"), AxisRange(low, high)),
        y_axis=Axis(message("f(x)"), AxisRange(*_heights(run, y))),
        layers=layers,
        backdrop=Backdrop(("curve", objective.source_formula, low, high, minimizers), tuple(still)),
        title_role="curve",
        note=note,
    )


def _heights(run: Run, y: Floats) -> tuple[float, float]:
    """The window's own range of f where it has one, else what the curve needs."""
    asked = run.setup.window[2:]
    return (asked[0], asked[1]) if len(asked) == 2 else spanned(y)


# Where starts end


def basin_chart(
    found: Basins, run: Run, layers: tuple[Layer, ...], *, minimizers: bool = True
) -> Chart:
    """Return where each start on the window ends, as far as it is computed, with `layers` on it.

    The map is a backdrop once it is finished, else a layer that moves.
    """
    regions = _regions(found)
    if run.objective.dimension == 2 and found.ends:
        x0, x1 = np.array(found.ends).T
        layers = (Points(x0, x1, "minimizer"), *layers)
    plane = ground_chart(run, layers, minimizers=minimizers, note=progress(found.done, found.total))
    is_curve = run.objective.dimension == 1 and plane.backdrop is not None
    still = (regions, *(plane.backdrop.layers if is_curve and plane.backdrop else ()))
    bare = replace(plane, title=message("where each start ends"))
    if found.done < found.total:
        return replace(bare, layers=(*still, *layers), backdrop=None)
    key = ("basins", window_of(found.setup), found.numbers.tobytes(), found.ends,
           run.objective.source_formula)  # fmt: skip
    return replace(bare, backdrop=Backdrop(key, still))


def progress(done: int, total: int) -> Text:
    """Return how far a computation is, in words; nothing when it is finished."""
    if done >= total:
        return ""
    return message("computing… {share} %", share=100 * done // total)


def _regions(found: Basins) -> Regions:
    (low, high), *rest = window_of(found.setup)
    below, above = rest[0] if rest else (-_EVERYWHERE, _EVERYWHERE)
    tiny = (high - low) * _TINY
    ends = [tuple(0.0 if abs(x) < tiny else x for x in end) for end in found.ends]
    numbers = found.numbers
    return Regions(
        np.select([numbers == UNDERWAY, numbers == AWAY], [UNKNOWN, DIVERGES], numbers),
        AxisRange(low, high),
        AxisRange(below, above),
        tuple(show_point(end, 3) for end in ends),
        message("flies away"),
    )
