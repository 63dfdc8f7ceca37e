"""The lab's events: what each changes, what is refused, and the way back."""

from dataclasses import replace
from functools import reduce
from typing import get_args

import pytest
from hypothesis import given, strategies as st

from tests.engine.descent.cases import FORMULAS, OPTIMIZERS, SCHEDULES
from tests.examples import examples
from tutor.engine.descent.objectives import lab_objectives, objective_of
from tutor.engine.descent.run import check_setup, run
from tutor.engine.descent.setup import Rule, Setup
from tutor.engine.lab import events as ev
from tutor.engine.lab.lab import Curve, Lab, LabState, View, begin, reopened, step_of
from tutor.engine.lab.lab_run import advance
from tutor.engine.lab.presets import PRESETS
from tutor.engine.lab.state_code import decode, encode

any_float = st.floats() | st.sampled_from([0.0, -1.0, 1e300, 1e9])
any_step = st.none() | st.integers(-5, 120) | st.just(10**9)
points = st.lists(any_float, max_size=3).map(tuple)
NAMES = st.sampled_from(["x0", "x1", "steps", "nonsense", *Rule.__dataclass_fields__])
CODES = [encode(each.setup) for each in PRESETS]
EVENTS = st.one_of(
    st.builds(ev.ObjectiveChosen, st.sampled_from(lab_objectives()) | st.text(max_size=5)),
    st.builds(ev.FormulaTyped, st.sampled_from([*FORMULAS, "x +", "7", ""]) | st.text(max_size=9)),
    st.builds(ev.StartMoved, points),
    st.builds(
        ev.RuleChanged,
        st.sampled_from([*Rule.__dataclass_fields__, "nonsense"]),
        any_float | st.sampled_from([*OPTIMIZERS, *SCHEDULES, "exact", "numerical", "soap"]),
        any_step,
    ),
    st.builds(ev.EtaHalvedFrom, any_step),
    st.builds(ev.PartSet, NAMES, any_float | st.sampled_from(OPTIMIZERS)),
    st.builds(ev.PartTurned, NAMES, st.integers(-20, 20)),
    st.builds(ev.ScopeChosen, st.booleans()),
    st.builds(ev.StepsChanged, st.integers(-3, 130) | st.just(10**8)),
    st.builds(ev.WindowChanged, st.lists(any_float, max_size=4).map(tuple)),
    st.builds(ev.StepLooked, any_step),
    st.builds(ev.StepTurned, st.integers(-200, 200)),
    st.builds(ev.ViewChosen, st.sampled_from([*get_args(View), "moon"])),
    st.builds(ev.CurveChosen, st.sampled_from([*get_args(Curve), "moon"])),
    st.builds(ev.CursorMoved, st.none() | points),
    st.builds(ev.PresetChosen, st.sampled_from([each.name for each in PRESETS]) | st.text()),
    st.builds(ev.SetupOpened, st.sampled_from(CODES) | st.text()),
    st.builds(ev.SetupTaken, st.sampled_from([each.setup for each in PRESETS] + [Setup(steps=-1)])),
    *[
        st.builds(event)
        for event in (
            ev.BranchesCleared, ev.RunPinned, ev.GhostsCleared, ev.OptimizersCompared,
            ev.BesideToggled, ev.SidesSwapped, ev.ChangeUndone, ev.ScopeToggled, ev.ViewTurned,
            ev.CurveTurned, ev.BegunAnew,
        )
    ],
)  # fmt: skip


def after(*events, state=None):
    return reduce(advance, events, state or begin())


@examples(300)
@given(st.lists(EVENTS, max_size=12))
def test_no_event_raises_in_any_state_and_every_state_can_be_run(events):
    state = begin()
    for event in events:
        state = advance(state, event)
        lab = state.lab
        for setup in (lab.setup, *lab.ghosts, *([lab.beside] if lab.beside else [])):
            check_setup(setup)
        assert 0 <= step_of(lab) <= lab.setup.steps
        assert lab == decode(encode(lab))


@examples(150)
@given(st.lists(EVENTS, max_size=8), EVENTS)
def test_a_refused_event_changes_nothing(events, event):
    before = after(*events)
    state = advance(before, event)
    if state.problem:
        assert (before.lab, before.undo) == (state.lab, state.undo)


@examples(150)
@given(st.lists(EVENTS, max_size=8))
def test_undoing_everything_leads_back_to_the_beginning(events):
    """But for what is looked at, which is no change."""
    state = after(*events)
    for _ in range(len(state.undo)):
        state = advance(state, ev.ChangeUndone())
    assert Setup() == state.lab.setup
    assert () == state.lab.ghosts


def test_a_step_back_shows_exactly_the_row_that_was_there():
    """Forward and back look at rows of one run: nothing is computed again."""
    state = after(ev.PresetChosen("cliff"), ev.StepLooked(7))
    there = run(state.lab.setup).points[step_of(state.lab)].tolist()
    state = after(*[ev.StepTurned(1)] * 3, *[ev.StepTurned(-1)] * 3, state=state)
    assert 7 == step_of(state.lab)
    assert there == run(state.lab.setup).points[7].tolist()


def test_stepping_stops_at_both_ends():
    assert 0 == step_of(after(ev.StepTurned(-1000)).lab)
    assert 100 == step_of(after(ev.StepLooked(99), ev.StepTurned(5)).lab)


def test_a_change_of_the_whole_run_reaches_its_branches():
    state = after(
        ev.RuleChanged("learning_rate", 0.2, 30),
        ev.RuleChanged("momentum", 0.5),
        ev.RuleChanged("optimizer", "momentum"),
    )
    (branch,) = state.lab.setup.branches
    assert (30, 0.2, 0.5, "momentum") == (
        branch.step, branch.rule.learning_rate, branch.rule.momentum, branch.rule.optimizer
    )  # fmt: skip


def test_a_branch_that_no_longer_changes_anything_goes():
    state = after(ev.RuleChanged("learning_rate", 0.2, 30), ev.RuleChanged("learning_rate", 0.2))
    assert () == state.lab.setup.branches


def test_halving_eta_uses_the_eta_that_is_in_force_there():
    state = after(ev.EtaHalvedFrom(20), ev.EtaHalvedFrom(50), ev.EtaHalvedFrom(10))
    rates = [(each.step, each.rule.learning_rate) for each in state.lab.setup.branches]
    assert [(10, 0.05)] == rates


def test_halving_eta_where_one_looks():
    state = after(ev.StepLooked(42), ev.EtaHalvedFrom())
    assert 42 == state.lab.setup.branches[0].step


def test_halving_eta_tames_the_overshoot():
    """The mend that the divergence explainer offers."""
    state = after(ev.PresetChosen("overshoot"))
    wild = run(state.lab.setup)
    tame = run(after(ev.EtaHalvedFrom(5), state=state).lab.setup)
    assert "diverged" == wild.status
    assert tame.values[-1] < 1e-10 < wild.values[-1]
    assert wild.points[:6].tolist() == tame.points[:6].tolist()


def test_a_branch_at_the_end_of_the_run_is_refused():
    assert "step 100" in str(after(ev.RuleChanged("learning_rate", 0.2, 100)).problem)


def test_a_shorter_run_loses_the_branches_beyond_its_end():
    state = after(ev.EtaHalvedFrom(20), ev.EtaHalvedFrom(60), ev.StepsChanged(50))
    assert [20] == [each.step for each in state.lab.setup.branches]
    assert [20, 60] == [each.step for each in advance(state, ev.ChangeUndone()).lab.setup.branches]


def test_four_runs_can_be_pinned_and_no_fifth():
    events = [
        part
        for k in range(5)
        for part in (ev.RuleChanged("learning_rate", 0.01 * (k + 1)), ev.RunPinned())
    ]
    state = after(*events)
    assert 4 == len(state.lab.ghosts)
    assert "clear the ghosts" in str(state.problem)
    assert () == after(ev.GhostsCleared(), state=state).lab.ghosts


def test_pinning_the_same_run_twice_pins_it_once():
    assert 1 == len(after(ev.RunPinned(), ev.RunPinned()).lab.ghosts)


def test_optimizers_are_compared_on_one_start():
    lab = after(ev.StartMoved((1.0, 2.0)), ev.OptimizersCompared()).lab
    assert {(1.0, 2.0)} == {ghost.start for ghost in lab.ghosts}
    names = [ghost.rule.optimizer for ghost in lab.ghosts]
    assert ["momentum", "nesterov", "adagrad", "rmsprop", "adam"] == names
    beside = after(ev.RuleChanged("optimizer", "adamw"), ev.OptimizersCompared()).lab
    assert 5 == len(beside.ghosts)
    assert "adam" not in {ghost.rule.optimizer for ghost in beside.ghosts}


def test_two_settings_stand_side_by_side_and_swap():
    state = after(ev.BesideToggled(), ev.RuleChanged("learning_rate", 0.3))
    assert (0.3, 0.1) == (state.lab.setup.rule.learning_rate, state.lab.beside.rule.learning_rate)
    swapped = advance(state, ev.SidesSwapped()).lab
    assert (state.lab.setup, state.lab.beside) == (swapped.beside, swapped.setup)
    assert advance(state, ev.BesideToggled()).lab.beside is None


def test_another_objective_takes_a_start_that_suits_it_and_drops_what_was_drawn():
    state = after(ev.RunPinned(), ev.BesideToggled(), ev.CursorMoved((1.0, 1.0)),
                  ev.ObjectiveChosen("double-well"))  # fmt: skip
    lab = state.lab
    assert ((1.6,), (), None, None) == (lab.setup.start, lab.ghosts, lab.beside, lab.cursor)


def test_a_formula_keeps_the_start_where_it_has_a_value_there():
    assert (-3.0, 4.0) == after(ev.FormulaTyped("x0**2 + x1**4")).lab.setup.start
    moved = after(ev.FormulaTyped("log(x0) + x1**2")).lab.setup
    assert objective_of(moved).value(moved.start) < float("inf")
    assert moved.start[0] > 0


def test_a_start_that_had_to_be_moved_is_told():
    state = after(ev.FormulaTyped("log(x0) + x1**2"))
    assert "the start was moved to (3, −2.4), where f is defined" == str(state.remark)
    assert "" == advance(state, ev.StepLooked(3)).remark
    assert "" == after(ev.FormulaTyped("x0**2 + x1**4")).remark


def test_a_chosen_objective_brings_the_eta_that_suits_it_and_says_so():
    state = after(ev.RuleChanged("learning_rate", 0.7), ev.ObjectiveChosen("rosenbrock"))
    assert 0.001 == state.lab.setup.rule.learning_rate
    assert "η is 0.001 here: 0.1 is too large" in str(state.remark)
    sphere = after(ev.ObjectiveChosen("sphere"), state=state)
    assert (0.1, "") == (sphere.lab.setup.rule.learning_rate, sphere.remark)


def test_a_typed_formula_keeps_eta():
    state = after(ev.RuleChanged("learning_rate", 0.7), ev.FormulaTyped("x0**2 + x1**4"))
    assert 0.7 == state.lab.setup.rule.learning_rate


@pytest.mark.parametrize("name", lab_objectives())
def test_a_chosen_objective_goes_down_with_the_eta_that_it_brings(name):
    made = run(after(ev.ObjectiveChosen(name)).lab.setup)
    assert 100 == made.steps_done
    assert made.status not in {"diverged", "nonfinite", "frozen"}
    assert made.values[-1] < made.values[0]


@pytest.mark.parametrize("text", ["x0**", "2", "log(-1 - x**2)", "import os", ""])
def test_a_bad_formula_keeps_the_last_good_one(text):
    state = after(ev.FormulaTyped("x0**2 + x1**2"), ev.FormulaTyped(text))
    assert "x0**2 + x1**2" == state.lab.setup.formula
    assert str(state.problem)


@pytest.mark.parametrize(
    ("typed", "formula"),
    [("x₀² ＋ 2x₁²", "x0**2 + 2*x1**2"), ("x^2 + y^2", "x0**2 + x1**2"), ("x0**2+x1", "x0**2+x1")],
)
def test_what_is_kept_of_a_typed_formula_is_python(typed, formula):
    """State codes and exports are of it."""
    state = after(ev.FormulaTyped(typed))
    assert formula == state.lab.setup.formula


def test_a_good_event_clears_the_problem():
    assert "" == after(ev.StepsChanged(0), ev.StepsChanged(10)).problem


def test_beginning_anew_resets_everything():
    state = after(ev.ViewChosen("slices"), ev.CurveChosen("sweep"), ev.RunPinned(),
                  ev.BesideToggled(), ev.StepLooked(5), ev.CursorMoved((1.0, 1.0)),
                  ev.EtaHalvedFrom(9), ev.SetupTaken(Setup()))  # fmt: skip
    assert Lab() == state.lab


def test_looking_is_no_change_to_undo():
    state = after(ev.StepLooked(3), ev.ViewChosen("heat-map"), ev.CursorMoved((1.0, 1.0)))
    assert () == state.undo
    assert "nothing to take back" in str(advance(state, ev.ChangeUndone()).problem)


def test_a_state_code_opens_the_lab_that_it_was_made_of():
    lab = after(ev.PresetChosen("freeze"), ev.StepLooked(12), ev.RunPinned()).lab
    opened = after(ev.SetupOpened(encode(lab)))
    assert lab == opened.lab
    assert Lab() == advance(opened, ev.ChangeUndone()).lab


def test_the_lab_begins_where_it_is_told():
    lab = Lab(setup=replace(Setup(), steps=7), step=3)
    assert LabState(lab=lab, opened=lab.setup) == begin(lab)


def test_a_lab_opens_again_as_it_was_left_and_begins_anew_fresh():
    left = after(ev.PartSet("learning_rate", 0.2), ev.ScopeToggled(), ev.Refused("why"))
    again = reopened(left)
    assert (left.lab, left.undo, True, "") == (
        again.lab,
        again.undo,
        again.from_here,
        again.problem,
    )
    assert "as you left it" in str(again.remark)
    assert Lab() == advance(again, ev.BegunAnew()).lab


def test_a_number_is_turned_from_whatever_it_is_by_then():
    """Keys outrun frames: what a row shows may be older than the lab."""
    turned = after(ev.PartTurned("learning_rate", 3), ev.PartTurned("learning_rate", -3))
    assert pytest.approx(0.1) == turned.lab.setup.rule.learning_rate
    assert 126 == after(ev.PartTurned("steps", 1)).lab.setup.steps
    assert after().lab.setup.start < after(ev.PartTurned("x0", 1)).lab.setup.start


def test_a_part_is_set_in_the_whole_run_or_from_here_on():
    state = after(ev.StepLooked(4), ev.ScopeChosen(True), ev.PartSet("learning_rate", 0.2))
    assert [4] == [branch.step for branch in state.lab.setup.branches]
    whole = after(ev.StepLooked(4), ev.PartSet("learning_rate", 0.2))
    assert (0.2, ()) == (whole.lab.setup.rule.learning_rate, whole.lab.setup.branches)


@pytest.mark.parametrize(
    ("event", "name"),
    [
        (ev.PartSet("learning_rate", 0.3), "cliff"), (ev.ObjectiveChosen("booth"), ""),
        (ev.BegunAnew(), ""), (ev.ChangeUndone(), ""), (ev.SetupOpened(CODES[0]), ""),
    ],
)  # fmt: skip
def test_the_lab_is_about_a_preset_as_long_as_its_function_is_descended(event, name):
    assert name == after(ev.PresetChosen("cliff"), event).preset


def test_what_is_said_of_something_beside_the_lab_goes_with_the_next_event():
    said = after(ev.Remarked("Stopped."))
    assert ("Stopped.", "") == (said.remark, advance(said, ev.StepTurned(-1)).remark)
    refused = after(ev.Refused("too long"))
    assert ("too long", "") == (refused.problem, advance(refused, ev.StepTurned(-1)).problem)
