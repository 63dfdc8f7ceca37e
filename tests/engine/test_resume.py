"""A run comes back as it was, and from a lesson that changed, as far as it can."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from tests.engine.lessons import LESSON, after
from tests.engine.test_lesson_run import _EVENTS, at
from tests.examples import examples
from tutor.engine.lesson import events as ev
from tutor.engine.lesson.advance import begin
from tutor.engine.lesson.resume import restore, snapshot


@examples(60)
@given(st.lists(_EVENTS, max_size=20))
def test_a_run_survives_being_written_down(events):
    """Step, parameters, answers, verdicts and hints are the same after JSON and back."""
    run = after(begin(LESSON, seed=3), *events)
    again = restore(LESSON, json.loads(json.dumps(snapshot(run))), seed=99)
    kept = {name: replace(s, undo=(), problem="") for name, s in run.states.items()}
    found = {name: replace(s, undo=(), problem="") for name, s in again.states.items()}
    assert (run.index, run.seed) == (again.index, again.seed)
    assert kept == {name: found[name] for name in kept}


def test_a_step_that_the_lesson_lost_is_passed_over():
    saved = snapshot(after(at("count"), ev.NumberAnswered("0.8")))
    shorter = replace(LESSON, steps=(LESSON.steps[0], LESSON.steps[3]))
    assert "read" == restore(shorter, saved, seed=1).step.id


def test_a_verdict_is_judged_by_the_lesson_as_it_is_now():
    """An answer that a mended lesson no longer takes for right is wrong on coming back."""
    saved = snapshot(after(at("count"), ev.NumberAnswered("0.8")))
    mended = replace(LESSON, steps=(replace(LESSON.steps[2], answer="0.5"),))
    verdict = restore(mended, saved, seed=1).state.verdict
    assert verdict is not None
    assert not verdict.correct


@pytest.mark.parametrize("answer", ["²", "9" * 5000], ids=["raised", "long"])
@pytest.mark.parametrize(("step", "event"), [("choose", ev.ChoiceAnswered(1)),
                                             ("find", ev.LinePicked(3))])  # fmt: skip
def test_a_kept_answer_that_is_no_number_is_none(step: str, event: ev.Event, answer: str):
    """Signs that are digits to Python, and more of them than it reads."""
    saved = snapshot(after(at(step), event))
    saved["steps"][step]["answer"] = answer
    assert restore(LESSON, saved, seed=1).states[step].verdict is None


def test_a_parameter_outside_a_mended_range_starts_afresh():
    saved = snapshot(at("tune"))
    saved["steps"]["tune"]["values"] = {"learning_rate": 77.0, "steps": "many"}
    assert 0.01 == restore(LESSON, saved, seed=1).states["tune"].values["learning_rate"]


@examples(80)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["seed", "step", "steps", "tune", "values", "answer", "hints", "tries"]
                ),
                inner,
                max_size=4,
            )
        ),
    )
)
def test_whatever_was_saved_a_run_comes_back(saved):
    """A damaged record is no reason to keep a learner out."""
    assert restore(LESSON, saved if isinstance(saved, dict) else {}, seed=1).state is not None
