"""From the state of the lab and what is computed of it to what the picture shows."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tutor.charts.chart import Chart, Guide, Role
from tutor.engine.descent.run import Run
from tutor.engine.descent.trouble import halving_step
from tutor.engine.descent.updates import update_line
from tutor.engine.descent.words import describe
from tutor.engine.lab.lab import Curve, Lab, LabState, View, rule_step_of
from tutor.engine.lab.pictures import GHOST_ROLES, basin_chart, curve_chart, difference, main_chart
from tutor.engine.lab.sweep import sweep_chart
from tutor.engine.numbers import show
from tutor.i18n import message
from tutor.tui.screens.lab_runs import LabRuns
from tutor.tui.widgets.lab_bars import Rival
from tutor.tui.widgets.lab_picture import LabFrame

_MORE_VIEW: View = "slices"
_MORE_CURVES: tuple[Curve, ...] = ("log-loss", "distance")


@dataclass(frozen=True, slots=True)
class Scene:
    """The runs that belong to a lab, as far as they are there."""

    lab: Lab
    run: Run
    ghosts: tuple[Run, ...]
    beside: Run | None

    @property
    def step(self) -> int:
        """The step that is looked at."""
        return self.run.at(self.lab.step)


def scene_of(lab: Lab, runs: LabRuns) -> Scene | None:
    """Return the scene; None while the present run is being computed."""
    beside = [lab.beside] if lab.beside is not None else []
    runs.have([lab.setup, *beside, *lab.ghosts])
    made = runs.run(lab.setup)
    if made is None:
        return None
    ghosts = tuple(ghost for ghost in map(runs.run, lab.ghosts) if ghost is not None)
    return Scene(lab, made, ghosts, runs.run(lab.beside) if lab.beside else None)


def frame_of(scene: Scene, runs: LabRuns, state: LabState, with_more: bool) -> LabFrame:
    """Return the picture of a scene."""
    return LabFrame(
        main=_main(scene, runs),
        curve=_curve(scene, scene.lab.curve, runs),
        more=_more(scene, runs) if with_more else (),
        sentence=describe(scene.run, scene.step),
        problem=state.problem,
        note=state.remark,
        update=update_line(scene.run, scene.step),
        step=scene.step,
        steps=scene.run.steps_done,
        branches=tuple(branch.step for branch in scene.lab.setup.branches),
    )


def _main(scene: Scene, runs: LabRuns) -> Chart:
    if scene.lab.view == "basins":
        found = runs.basins(scene.lab.setup)
        if found is not None:
            return basin_chart(found, scene.lab, scene.run, step=scene.step)
        return _plain_main(scene, "contour")
    runs.forget("basins")
    return _plain_main(scene, scene.lab.view)


def _plain_main(scene: Scene, view: View) -> Chart:
    lab = replace(scene.lab, view=view)
    chart = main_chart(lab, scene.run, ghosts=scene.ghosts, beside=scene.beside, step=scene.step)
    return chart if lab.cursor is None or len(lab.cursor) > 1 else _with_cursor(chart, lab)


def _with_cursor(chart: Chart, lab: Lab) -> Chart:
    """Return the curve of one variable with the cursor upright on it."""
    cursor = Guide("cursor", x=(lab.cursor or (0.0,))[0], label=message("cursor"))
    return replace(chart, layers=(*chart.layers, cursor))


def _curve(scene: Scene, curve: Curve, runs: LabRuns) -> Chart:
    if curve == "sweep":
        found = runs.sweep(scene.lab.setup)
        if found is not None:
            return sweep_chart(found, scene.lab.setup.rule.learning_rate)
        curve = "loss"
    elif scene.lab.curve != "sweep":
        runs.forget("sweep")
    return curve_chart(
        replace(scene.lab, curve=curve), scene.run,
        ghosts=scene.ghosts, beside=scene.beside, step=scene.step,
    )  # fmt: skip


def _more(scene: Scene, runs: LabRuns) -> tuple[Chart, ...]:
    """Return two charts more: the slices, and a curve that is not shown yet."""
    view: View = "contour" if scene.lab.view == _MORE_VIEW else _MORE_VIEW
    curve = next(each for each in _MORE_CURVES if each != scene.lab.curve)
    return _plain_main(scene, view), _curve(scene, curve, runs)


def where_to_halve(lab: Lab, scene: Scene | None) -> int:
    """Return where η is halved; the scene may be an earlier one: keys outrun frames."""
    if scene is not None and scene.lab.setup == lab.setup:
        return halving_step(scene.run, lab.step)
    return rule_step_of(lab)


def rivals_of(scene: Scene) -> tuple[Rival, ...]:
    """Return what the run beside and the ghosts are, and where they end."""
    rows: list[tuple[Role, Run]] = [("beside", scene.beside)] if scene.beside else []
    rows += zip(GHOST_ROLES, scene.ghosts, strict=False)
    return tuple(
        Rival(role, difference(made.setup, scene.run.setup), show(float(made.values[-1]), 3))
        for role, made in rows
    )
