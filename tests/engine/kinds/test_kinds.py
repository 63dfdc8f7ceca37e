"""Every kind of step has every operation of `Kind`; a new kind without one fails by its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import NoneType
from typing import Any, TypeAlias, get_args, get_type_hints

import pytest

from tests.engine.lessons import (
    ARRANGE,
    CHOOSE,
    COUNT,
    FIND,
    GRAPH,
    GUESS,
    LESSON,
    MARK,
    MATCH,
    READ,
    TUNE,
)
from tests.lesson.test_code_grading import HALVES, STEP as WRITE, run as program_run
from tutor.charts.chart import Chart
from tutor.engine.kinds import KINDS, kind_of, questions as asked
from tutor.engine.kinds.kind import Kind
from tutor.engine.lesson import events as ev
from tutor.engine.lesson.advance import advance, begin
from tutor.engine.lesson.controls import Control
from tutor.engine.lesson.resume import restore, snapshot
from tutor.engine.lesson.run import LessonRun, StepState
from tutor.i18n import Message
from tutor.lesson.grading import Verdict
from tutor.lesson.model import Step

STEPS: Mapping[str, Any] = {
    step.kind: step
    for step in (READ, CHOOSE, MARK, ARRANGE, MATCH, COUNT, GUESS, TUNE, FIND, WRITE, GRAPH)
}
RIGHT: Mapping[str, tuple[ev.Event, ...]] = {
    "text": (),
    "choice": (ev.ChoiceAnswered(1),),
    "select": (ev.ChoiceToggled(3), ev.SelectionAnswered((1, 3))),
    "order": (ev.ArrangementAnswered((1, 2, 3)),),
    "match": (ev.ArrangementAnswered((1, 2, 3)),),
    "number": (ev.NumberAnswered("0.8"),),
    "predict": (
        ev.ParameterChanged("x0", -2.4),
        ev.ParameterChanged("x1", 3.2),
        ev.Predicted("high"),
    ),
    "experiment": (ev.ParameterChanged("learning_rate", 0.3),),
    "bug": (ev.LinePicked(3),),
    "graph": tuple(ev.NumberAnswered(each) for each in ("18", "18", "18", "36", "54", "54")),
    "code": (ev.CodeSubmitted("x = 1"), ev.CodeChecked(WRITE.id, program_run(HALVES))),
}
"""What settles the sample of each kind."""

_WORDS = (str, Message)
_Operations: TypeAlias = Mapping[
    str, tuple[Callable[[Kind[Any], Any, LessonRun], object], tuple[type, ...]]
]
OPERATIONS: _Operations = {
    "controls": (lambda kind, step, _: kind.controls(step), (tuple,)),
    "start_values": (lambda kind, step, run: kind.start_values(step, run.seed), (dict,)),
    "kept_values": (lambda kind, step, run: kind.kept_values(step, run.state.values), (dict,)),
    "settings": (lambda kind, _, run: kind.settings(run.state.values), (Mapping,)),
    "result": (lambda kind, step, run: kind.result(step, run.state.values), (object, NoneType)),
    "may_turn": (lambda kind, _, run: kind.may_turn(run.state), (bool,)),
    "turned": (lambda kind, step, run: kind.turned(step, run.state.values, run)[0], (LessonRun,)),
    "take": (lambda kind, step, run: kind.take(step, ev.LinePicked(99), run)[0], (LessonRun,)),
    "event_of": (lambda kind, _, __: kind.event_of("?", "low"), (object, NoneType)),
    "answered_again": (lambda kind, step, run: kind.answered_again(step, {}, run), (LessonRun,)),
    "kept_program": (lambda kind, _, __: kind.kept_program("x = 1"), (str, NoneType)),
    "another": (lambda kind, _, run: kind.another(run), (int, NoneType)),
    "missing": (lambda kind, step, run: kind.missing(step, run.state), _WORDS),
    "question": (
        lambda kind, step, run: kind.question(step, run),
        get_args(asked.Question),
    ),
    "listing": (lambda kind, step, run: kind.listing(step, run.state), (asked.Listing, NoneType)),
    "worked": (lambda kind, step, run: kind.worked(step, run), (str,)),
    "said": (lambda kind, step, run: kind.said(step, run), (asked.Said, NoneType)),
    "verdict_words": (lambda kind, step, run: kind.verdict_words(step, run.state), _WORDS),
    "told": (
        lambda kind, step, run: (
            run.state.result and kind.told(step, run.state, run.state.result)[0]
        ),
        (*_WORDS, NoneType),
    ),
    "chart": (
        lambda kind, step, run: (
            run.state.result and kind.chart(step, run.state, run.state.result, step.charts[0])
        ),
        (Chart, NoneType),
    ),
    "goal": (lambda kind, step, run: kind.goal(step, run.state), (asked.GoalView, NoneType)),
    "has_solution": (lambda kind, step, _: kind.has_solution(step), (bool,)),
    "solution": (lambda kind, step, _: kind.solution(step, {}), _WORDS),
    "right_answer": (lambda kind, step, _: kind.right_answer(step, {}), _WORDS),
    "computed": (lambda kind, step, _: kind.computed(step, {}), _WORDS),
    "after_solution": (lambda kind, step, _: kind.after_solution(step), (*_WORDS, NoneType)),
    "solution_seen": (lambda kind, step, run: kind.solution_seen(step, run), (LessonRun,)),
    "in_markdown": (lambda kind, step, _: kind.in_markdown(step, "7"), (str,)),
    "judged": (lambda kind, step, _: kind.judged(step, "7", {}), (Verdict, NoneType)),
}
"""Each operation: how it is asked for, and what it may give."""


def on(kind: str) -> LessonRun:
    return begin(replace(LESSON, steps=(STEPS[kind],)), seed=3)


def answered(kind: str) -> tuple[LessonRun, list[ev.AttemptMade]]:
    run, made = on(kind), []
    for event in RIGHT[kind]:
        run, effects = advance(run, event)
        made += [effect for effect in effects if isinstance(effect, ev.AttemptMade)]
    return run, made


def test_the_table_has_every_kind_of_the_model():
    kinds = {get_args(get_type_hints(step)["kind"])[0] for step in get_args(Step)}
    assert kinds == set(KINDS) == set(STEPS) == set(RIGHT)


def test_every_operation_is_listed():
    public = {name for name, what in vars(Kind).items() if callable(what) and name[0] != "_"}
    assert public == set(OPERATIONS)


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_has_the_operation(kind: str, operation: str):
    """Before an answer and after the right one."""
    ask, gives = OPERATIONS[operation]
    for run in (on(kind), answered(kind)[0]):
        assert isinstance(ask(kind_of(run.step), run.step, run), gives)


@pytest.mark.parametrize("kind", KINDS)
def test_a_right_answer_settles_the_step_and_is_kept_once(kind: str):
    run, made = answered(kind)
    assert run.may_continue
    assert [("done", True)] * run.step.is_question == [
        (run.state.outcome, each.correct) for each in made
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_is_read_back_from_what_is_kept_of_it(kind: str):
    run, _ = answered(kind)
    again = restore(run.lesson, snapshot(run), seed=5)
    assert _told(run.state) == _told(again.state)


def _told(state: StepState) -> tuple[object, ...]:
    feedback = None if state.verdict is None else str(state.verdict.feedback)
    return state.outcome, state.answer if state.code is None else "", feedback, state.values


@pytest.mark.parametrize("kind", ["choice", "select", "order", "match", "number", "bug", "graph"])
def test_a_kept_answer_is_judged_as_it_was(kind: str):
    run, (made,) = answered(kind)
    assert run.state.verdict == kind_of(run.step).judged(run.step, made.answer, {})


def test_a_kind_that_does_not_say_what_it_asks_cannot_be_made():
    class Mute(Kind[Any]):
        """Says nothing."""

    with pytest.raises(TypeError, match=r"Mute.*event_of.*missing.*question.*take"):
        Mute()


@pytest.mark.parametrize("kind", KINDS)
def test_a_control_has_a_value_from_the_start(kind: str):
    controls: tuple[Control, ...] = kind_of(STEPS[kind]).controls(STEPS[kind])
    places = {"place1", "place2", "place3"} if kind in ("order", "match") else set()
    assert {control.name for control in controls} | places == set(on(kind).state.values)
