"""The lab as a value, and the one function that moves it on.

`advance(state, event)` is pure: no clock, no disk, no screen, and it runs nothing. An event that
cannot be taken changes nothing but `problem`, the sentence that says why and what to do instead.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import singledispatch
from typing import cast, get_args

from tutor.engine.descent.check import check_part, check_setup, checked_cursor
from tutor.engine.descent.objectives import objective_of, rate_for, start_for
from tutor.engine.descent.rules import rule_at, with_change, with_steps
from tutor.engine.descent.setup import Setup
from tutor.engine.descent.words import about_own_rate
from tutor.engine.lab import events as ev
from tutor.engine.lab.lab import Curve, Lab, View
from tutor.engine.lab.presets import preset
from tutor.engine.lab.state_code import decode
from tutor.engine.numbers import show_point
from tutor.errors import TutorError
from tutor.i18n import Text, message
from tutor.lesson.experiments import OptimizerName

MOST_GHOSTS = 4
_UNDO_DEPTH = 100
_LOOKS = (ev.StepLooked, ev.StepTurned, ev.ViewChosen, ev.CurveChosen, ev.CursorMoved)
"""Events that change nothing but what is looked at: undo passes over them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabState:
    """The lab with what went before it and what was wrong with the last event."""

    lab: Lab = field(default_factory=Lab)
    problem: Text = ""
    """Why the last event could not be taken, and the mend; empty if it was."""
    remark: Text = ""
    """What the last event did beyond what was asked, for example to η; empty if nothing."""
    undo: tuple[Lab, ...] = ()
    """Earlier labs, the latest last."""


def begin(lab: Lab | None = None) -> LabState:
    """Return a fresh lab, or the given one."""
    return LabState(lab=lab if lab is not None else Lab())


def advance(state: LabState, event: ev.Event) -> LabState:
    """Return the lab after the event, with `problem` set if it could not be taken."""
    if isinstance(event, ev.ChangeUndone):
        return _undone(state)
    try:
        lab = _next(event, state.lab)
    except TutorError as error:
        return replace(state, problem=error.text, remark="")
    remark = _remark(event, state.lab.setup, lab.setup)
    if lab == state.lab or isinstance(event, _LOOKS):
        return replace(state, lab=lab, problem="", remark=remark)
    return LabState(lab=lab, remark=remark, undo=(*state.undo, state.lab)[-_UNDO_DEPTH:])


def _remark(event: ev.Event, before: Setup, after: Setup) -> Text:
    match event:
        case ev.ObjectiveChosen():
            return about_own_rate(after)
        case ev.OptimizersCompared():
            return message("All six optimizers walk from this start with this η.")
        case ev.FormulaTyped() if _was_moved(before, after):
            return message("the start was moved to {start}, where f is defined",
                           start=show_point(after.start))  # fmt: skip
        case _:
            return ""


def _was_moved(before: Setup, after: Setup) -> bool:
    return len(before.start) == len(after.start) and before.start != after.start


def _undone(state: LabState) -> LabState:
    if not state.undo:
        return replace(state, problem=message("there is nothing to take back"), remark="")
    return LabState(lab=state.undo[-1], undo=state.undo[:-1])


def step_of(lab: Lab) -> int:
    """Return the step that is looked at, as a number."""
    return lab.setup.steps if lab.step is None else lab.step


@singledispatch
def _next(event: ev.Event, lab: Lab) -> Lab:
    raise NotImplementedError(f"the lab knows no {type(event).__name__}")


@_next.register
def _(event: ev.ObjectiveChosen, lab: Lab) -> Lab:
    chosen = replace(lab.setup, objective=event.name, formula="", window=())
    chosen = with_change(chosen, 0, learning_rate=rate_for(chosen))
    return _on_other_ground(lab, replace(chosen, start=start_for(chosen)))


@_next.register
def _(event: ev.FormulaTyped, lab: Lab) -> Lab:
    text = event.text.strip()
    if not text:
        raise TutorError(message("type a formula in x, or in x0 and x1, for example x0**2 + x1**2"))
    typed = replace(lab.setup, objective="", formula=text, window=())
    # What people write is read; exports and state codes are Python.
    typed = replace(typed, formula=objective_of(typed).source_formula)
    return _on_other_ground(lab, _with_start_that_fits(typed))


@_next.register
def _(event: ev.StartMoved, lab: Lab) -> Lab:
    return _with_setup(lab, replace(lab.setup, start=tuple(event.point)))


@_next.register
def _(event: ev.RuleChanged, lab: Lab) -> Lab:
    check_part(event.name, event.value)
    value = event.value if isinstance(event.value, str) else float(event.value)
    first = event.from_step or 0
    if first >= lab.setup.steps:
        raise TutorError(
            message("the run ends at step {last}: change it from an earlier step on, or take more "
                    "steps", last=lab.setup.steps)
        )  # fmt: skip
    return _with_setup(lab, with_change(lab.setup, first, **{event.name: value}))


@_next.register
def _(event: ev.EtaHalvedFrom, lab: Lab) -> Lab:
    step = step_of(lab) if event.step is None else event.step
    half = rule_at(lab.setup, step).learning_rate / 2
    return _next(ev.RuleChanged("learning_rate", half, step), lab)


@_next.register
def _(_: ev.BranchesCleared, lab: Lab) -> Lab:
    return _with_setup(lab, replace(lab.setup, branches=()))


@_next.register
def _(event: ev.StepsChanged, lab: Lab) -> Lab:
    check_setup(replace(lab.setup, steps=event.steps, branches=()))
    return _with_setup(lab, with_steps(lab.setup, event.steps))


@_next.register
def _(event: ev.WindowChanged, lab: Lab) -> Lab:
    return _with_setup(lab, replace(lab.setup, window=tuple(event.window)))


@_next.register
def _(event: ev.StepLooked, lab: Lab) -> Lab:
    if event.step is None or event.step >= lab.setup.steps:
        return replace(lab, step=None)
    return replace(lab, step=max(event.step, 0))


@_next.register
def _(event: ev.StepTurned, lab: Lab) -> Lab:
    return _next(ev.StepLooked(step_of(lab) + event.by), lab)


@_next.register
def _(_: ev.RunPinned, lab: Lab) -> Lab:
    if lab.setup in lab.ghosts:
        return lab
    if len(lab.ghosts) >= MOST_GHOSTS:
        raise TutorError(message("there is room for four runs to pin: clear the ghosts first"))
    return replace(lab, ghosts=(*lab.ghosts, lab.setup))


@_next.register
def _(_: ev.GhostsCleared, lab: Lab) -> Lab:
    return replace(lab, ghosts=())


@_next.register
def _(_: ev.OptimizersCompared, lab: Lab) -> Lab:
    others = [name for name in get_args(OptimizerName) if name != lab.setup.rule.optimizer]
    return replace(lab, ghosts=tuple(with_change(lab.setup, 0, optimizer=name) for name in others))


@_next.register
def _(_: ev.BesideToggled, lab: Lab) -> Lab:
    return replace(lab, beside=lab.setup if lab.beside is None else None)


@_next.register
def _(_: ev.SidesSwapped, lab: Lab) -> Lab:
    if lab.beside is None:
        raise TutorError(message("there is no second run yet: put one beside this one first"))
    return _with_setup(replace(lab, beside=lab.setup), lab.beside)


@_next.register
def _(event: ev.ViewChosen, lab: Lab) -> Lab:
    return replace(lab, view=cast(View, _known(event.view, get_args(View))))


@_next.register
def _(event: ev.CurveChosen, lab: Lab) -> Lab:
    return replace(lab, curve=cast(Curve, _known(event.curve, get_args(Curve))))


@_next.register
def _(event: ev.CursorMoved, lab: Lab) -> Lab:
    return replace(lab, cursor=checked_cursor(lab.setup, event.point))


@_next.register
def _(event: ev.PresetChosen, lab: Lab) -> Lab:
    return _fresh(lab, preset(event.name).setup)


@_next.register
def _(event: ev.SetupOpened, _: Lab) -> Lab:
    return decode(event.code)


@_next.register
def _(event: ev.SetupTaken, _: Lab) -> Lab:
    return _with_setup(Lab(), event.setup)


def _known(name: str, names: Sequence[str]) -> str:
    if name not in names:
        known = ", ".join(names)
        raise TutorError(
            message("“{value}” is unknown; there are {known}", value=name, known=known)
        )
    return name


def _with_setup(lab: Lab, setup: Setup) -> Lab:
    """Return the lab with another setup, if that can be run; the look stays within it."""
    check_setup(setup)
    step = None if lab.step is None or lab.step >= setup.steps else lab.step
    return replace(lab, setup=setup, step=step)


def _on_other_ground(lab: Lab, setup: Setup) -> Lab:
    """Return the lab on another objective: what was drawn on the old one goes."""
    same = (setup.objective, setup.formula)
    ghosts = tuple(each for each in lab.ghosts if (each.objective, each.formula) == same)
    beside = lab.beside
    if beside is not None and (beside.objective, beside.formula) != same:
        beside = None
    return _with_setup(replace(lab, ghosts=ghosts, beside=beside, cursor=None), setup)


def _fresh(lab: Lab, setup: Setup) -> Lab:
    return _with_setup(Lab(view=lab.view, curve=lab.curve), setup)


def _with_start_that_fits(setup: Setup) -> Setup:
    """Return the setup with its start, if the formula has a value there, or else another."""
    own = objective_of(setup)
    value = float("nan")
    if len(setup.start) == own.dimension:
        value = own.expression.value(*setup.start)
    return replace(setup, start=start_for(setup)) if math.isnan(value) else setup
