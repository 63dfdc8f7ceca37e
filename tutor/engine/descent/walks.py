"""Runs on the main chart: the present one up to its step, the one beside it, ghosts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tutor.charts.chart import Floats, Layer, Line, Points, Role
from tutor.engine.descent.differences import difference
from tutor.engine.descent.run import Run
from tutor.engine.descent.setup import Setup
from tutor.engine.descent.tracks import Steps, path_of, path_steps
from tutor.engine.drawing import mark
from tutor.i18n import Text, message

GHOST_ROLES: tuple[Role, ...] = ("ghost1", "ghost2", "ghost3", "ghost4", "ghost5")
_FEW_STEPS = 400
"""So many iterates each have their mark."""


def walk_layers(
    run: Run, ghosts: Sequence[Run], beside: Run | None, step: int
) -> tuple[Layer, ...]:
    """Return the layers of all runs, start and looked-at point on top.

    What lies ahead of `step` is faint.
    """
    across, up = path_of(run)
    layers = [*_ghosts(run.setup, ghosts), *_ahead(run, path_steps(run), step)]
    layers += _walk(run, step)
    if beside is not None:
        layers += _beside(run.setup, beside, step)
    layers.append(mark(float(across[0]), float(up[0]), "start", message("start")))
    if step:
        layers.append(mark(float(across[step]), float(up[step]), "current", step_label(step)))
    return tuple(layers)


def step_label(step: int) -> Text:
    """Return what the looked-at step is called in a legend."""
    return message("step {k}", k=step)


def up_to(steps: Steps, step: int) -> Steps:
    """Return those of `steps` up to `step`, and `step` itself."""
    before = steps[: np.searchsorted(steps, step)]
    return np.append(before, step)


def beyond(steps: Steps, step: int) -> Steps:
    """Return `step` itself and those of `steps` after it."""
    after = steps[np.searchsorted(steps, step, side="right") :]
    return np.insert(after, 0, step)


def _walk(run: Run, step: int) -> list[Layer]:
    """The path up to a step, with its iterates."""
    x, y = _chosen(run, up_to(path_steps(run), step))
    layers: list[Layer] = [Line(x, y, "path")]
    if 1 < len(x) <= _FEW_STEPS:
        layers.append(Points(x[1:], y[1:], "path"))
    return layers


def _ahead(run: Run, steps: Steps, step: int) -> list[Layer]:
    if step >= run.steps_done:
        return []
    return [Line(*_chosen(run, beyond(steps, step)), "ahead")]


def _beside(setup: Setup, beside: Run, step: int) -> list[Layer]:
    label = difference(beside.setup, setup)
    at = min(step, beside.steps_done)
    steps = path_steps(beside)
    x, y = _chosen(beside, up_to(steps, at))
    walk, now = Line(x, y, "beside", label), mark(float(x[-1]), float(y[-1]), "beside")
    return [*_ahead(beside, steps, at), walk, now]


def _ghosts(setup: Setup, ghosts: Sequence[Run]) -> list[Layer]:
    return [
        Line(*_chosen(ghost, path_steps(ghost)), role, difference(ghost.setup, setup))
        for role, ghost in zip(GHOST_ROLES, ghosts, strict=False)
    ]


def _chosen(run: Run, steps: Steps) -> tuple[Floats, Floats]:
    across, up = path_of(run)
    return across[steps], up[steps]
