"""The lab as a value, and the one function that moves it on.

`advance(state, event)` is pure: no clock, no disk, no screen, and it runs nothing. An event that
cannot be taken changes nothing but `problem`, the sentence that says why and what to do instead.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import singledispatch
from typing import TypeVar, cast, get_args

from tutor.engine.descent.check import check_part, check_setup, checked_cursor
from tutor.engine.descent.objectives import objective_of, rate_for, start_for
from tutor.engine.descent.rules import rule_at, with_change, with_steps
from tutor.engine.descent.setup import Setup
from tutor.engine.descent.words import about_own_rate
from tutor.engine.lab import events as ev
from tutor.engine.lab.controls import COORDINATES, coordinate_moved, turned
from tutor.engine.lab.lab import Curve, Lab, LabState, View, step_of
from tutor.engine.lab.presets import preset
from tutor.engine.lab.state_code import decode
from tutor.engine.numbers import show, show_point
from tutor.errors import TutorError
from tutor.i18n import Text, message
from tutor.lesson.experiments import OptimizerName

MOST_GHOSTS = 4
_UNDO_DEPTH = 100
_LOOKS = (ev.StepLooked, ev.StepTurned, ev.ViewChosen, ev.CurveChosen, ev.CursorMoved)
"""Events that change nothing but what is looked at: undo passes over them."""


def advance(state: LabState, event: ev.Event) -> LabState:
    """Return the lab after the event, with `problem` set if it could not be taken."""
    beside = _beside(state, event)
    if beside is not None:
        return beside
    try:
        meant = _meant(event, state)
        lab = _next(meant, state.lab)
    except TutorError as error:
        return replace(state, problem=error.text, remark="")
    remark = _remark(meant, state.lab, lab.setup)
    after = replace(_about(state, event, lab), lab=lab, problem="", remark=remark)
    if lab == state.lab or isinstance(meant, _LOOKS):
        return after
    return replace(after, undo=(*state.undo, state.lab)[-_UNDO_DEPTH:])


def _beside(state: LabState, event: ev.Event) -> LabState | None:
    """Return the state after an event that is not about what is run and shown; else None."""
    after: LabState | None = None
    match event:
        case ev.ScopeChosen(from_here):
            after = replace(state, from_here=from_here)
        case ev.ScopeToggled():
            after = replace(state, from_here=not state.from_here)
        case ev.PageOpened(page):
            after = replace(state, page=page)
        case ev.Remarked(words):
            after = replace(state, problem="", remark=words)
        case ev.Refused(words):
            after = replace(state, problem=words)
        case ev.ChangeUndone():
            after = _undone(state)
    return after


def _meant(event: ev.Event, state: LabState) -> ev.Event:
    """Return what an event comes to that depends on the state beside the lab, or on its values."""
    lab = state.lab
    match event:
        case ev.PartSet(name, value):
            return _part_set(name, value, state)
        case ev.PartTurned(name, ticks):
            return _part_set(name, turned(lab, name, ticks), state)
        case ev.ViewTurned():
            return ev.ViewChosen(_after(lab.view, get_args(View)))
        case ev.CurveTurned():
            return ev.CurveChosen(_after(lab.curve, get_args(Curve)))
        case ev.BegunAnew():
            return ev.SetupTaken(state.opened)
        case _:
            return event


def _part_set(name: str, value: float | str, state: LabState) -> ev.Event:
    setup = state.lab.setup
    if name in COORDINATES[: len(setup.start)]:
        return ev.StartMoved(coordinate_moved(setup, name, _number(value)))
    if name == "steps":
        return ev.StepsChanged(int(_number(value)))
    return ev.RuleChanged(name, value, step_of(state.lab) if state.from_here else None)


def _number(value: float | str) -> float:
    if isinstance(value, str) or not math.isfinite(value):
        raise TutorError(message("type a number, for example 0.1"))
    return value


T = TypeVar("T")


def _after(key: T, keys: Sequence[T]) -> T:
    return keys[(keys.index(key) + 1) % len(keys)]


def _about(state: LabState, event: ev.Event, lab: Lab) -> LabState:
    """Return the state with the preset that the lab is about now, and the scope of changes."""
    match event:
        case ev.PresetChosen(name):
            return replace(state, preset=name, from_here=False)
        case ev.BegunAnew():
            return replace(state, preset="", from_here=False)
        case ev.SetupOpened() if lab != state.lab:
            return replace(state, preset="")
        case _:
            kept = state.preset if _is_on_its_ground(state.preset, lab.setup) else ""
            return replace(state, preset=kept)


def _is_on_its_ground(name: str, setup: Setup) -> bool:
    """Whether a preset, played with since, still descends its own function."""
    if not name:
        return True
    own = preset(name).setup
    return (own.objective, own.formula) == (setup.objective, setup.formula)


def _remark(event: ev.Event, lab: Lab, after: Setup) -> Text:
    match event:
        case ev.ObjectiveChosen():
            return about_own_rate(after)
        case ev.OptimizersCompared():
            return message("All six optimizers walk from this start with this η.")
        case ev.EtaHalvedFrom(step):
            step = step_of(lab) if step is None else step
            rate = show(rule_at(after, step).learning_rate)
            return message("From step {k} on η is {rate}.", k=step, rate=rate)
        case ev.FormulaTyped() if _was_moved(lab.setup, after):
            return message("the start was moved to {start}, where f is defined",
                           start=show_point(after.start))  # fmt: skip
        case _:
            return ""


def _was_moved(before: Setup, after: Setup) -> bool:
    return len(before.start) == len(after.start) and before.start != after.start


def _undone(state: LabState) -> LabState:
    if not state.undo:
        return replace(state, problem=message("there is nothing to take back"), remark="")
    lab = state.undo[-1]
    is_still = _is_on_its_ground(state.preset, lab.setup) and not (
        state.preset and state.lab.setup == preset(state.preset).setup != lab.setup
    )
    kept = state.preset if is_still else ""
    return replace(state, lab=lab, preset=kept, problem="", remark="", undo=state.undo[:-1])


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
    own = lab.setup.rule.optimizer
    # AdamW walks so near to Adam that the one would hide the other.
    twin = "adam" if own == "adamw" else "adamw"
    others = [name for name in get_args(OptimizerName) if name not in {own, twin}]
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
