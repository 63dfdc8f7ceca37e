"""A program in a lesson run: typed, run, judged, kept."""

from __future__ import annotations

from hypothesis import given, strategies as st

from tests.lesson.test_code_grading import HALVES, NONE, STEP, run
from tutor.engine.kinds import kind_of
from tutor.engine.kinds.code import wanted_program
from tutor.engine.lesson import events as ev
from tutor.engine.lesson.advance import advance, begin
from tutor.engine.lesson.resume import restore, snapshot
from tutor.engine.lesson.run import LessonRun
from tutor.lesson.model import Lesson, LessonId, Line, Markup, TextStep
from tutor.lesson.programs import MAX_SOURCE, Outcome

LESSON = Lesson(
    format=1,
    id=LessonId("sample/code"),
    title=Line("Code"),
    summary=Line("A program."),
    minutes=1,
    objectives=(Line("Write"),),
    steps=(STEP, TextStep(kind="text", id="end", body=Markup("Done."))),
)


def after(*events: ev.Event, lesson: Lesson = LESSON) -> LessonRun:
    current = begin(lesson, 1)
    for event in events:
        current, _ = advance(current, event)
    return current


SUBMITTED = ev.CodeSubmitted("def step(): pass")


def test_what_is_typed_is_kept():
    typed = after(ev.CodeChanged("x = 1"))
    assert "x = 1" == typed.state.code
    assert "x = 1" == restore(LESSON, snapshot(typed), 1).state.code


def test_a_submitted_program_is_wanted_until_it_is_checked():
    submitted = after(SUBMITTED)
    wanted = wanted_program(submitted)
    assert wanted is not None
    assert ("write", "def step(): pass", 2.0) == (
        wanted.step, wanted.program.source, wanted.seconds,
    )  # fmt: skip
    checked, effects = advance(submitted, ev.CodeChecked("write", run(NONE)))
    assert wanted_program(checked) is None
    assert ev.AttemptMade("write", "code", "def step(): pass", False) in effects


def test_a_right_program_settles_the_step():
    done = after(SUBMITTED, ev.CodeChecked("write", run(HALVES)))
    assert "done" == done.state.outcome
    assert done.may_continue


def test_a_wrong_program_leaves_the_step_open():
    wrong = after(SUBMITTED, ev.CodeChecked("write", run(NONE)), ev.NextAsked())
    assert (0, "open", 1) == (wrong.index, wrong.state.outcome, wrong.state.tries)


def test_an_outcome_of_another_step_or_of_a_stopped_run_is_passed_over():
    stopped = after(SUBMITTED, ev.CodeRunEnded("write", "Stopped."))
    assert "Stopped." == stopped.state.problem
    assert stopped == advance(stopped, ev.CodeChecked("write", run(HALVES)))[0]
    running = after(SUBMITTED)
    assert running == advance(running, ev.CodeChecked("other", run(HALVES)))[0]


def test_leaving_the_step_stops_its_program():
    left = after(SUBMITTED, ev.StepSkipped(), ev.BackAsked())
    assert "write" == left.step.id
    assert wanted_program(left) is None


def test_a_solved_program_can_be_tried_on_without_another_attempt():
    done = after(SUBMITTED, ev.CodeChecked("write", run(HALVES)))
    again, _ = advance(done, ev.CodeSubmitted("x"))
    tried, effects = advance(again, ev.CodeChecked("write", run(NONE)))
    assert () == effects
    assert "done" == tried.state.outcome
    assert tried.state.verdict is not None
    assert not tried.state.verdict.correct


def test_a_program_beyond_all_measure_is_not_taken():
    long = "x" * (MAX_SOURCE + 1)
    for event in (ev.CodeChanged(long), ev.CodeSubmitted(long)):
        refused = after(event)
        assert refused.state.problem
        assert None is refused.state.code
        assert not refused.state.running


def test_a_solved_step_comes_back_solved_with_its_program():
    done = after(SUBMITTED, ev.CodeChecked("write", run(HALVES)))
    back = restore(LESSON, snapshot(done), 1)
    assert ("done", "def step(): pass") == (back.state.outcome, back.state.code)
    assert back.state.verdict is not None
    assert "Well done." == back.state.verdict.feedback


def test_a_program_kept_by_another_version_that_is_none_is_the_starter():
    kept = snapshot(after(ev.CodeChanged("x = 1")))
    kept["steps"]["write"]["code"] = 5
    assert None is restore(LESSON, kept, 1).state.code


def test_the_solution_opens_after_a_try():
    early = after(ev.SolutionAsked())
    assert not early.state.solution_shown
    tried = after(SUBMITTED, ev.CodeChecked("write", run(NONE)), ev.SolutionAsked())
    assert tried.state.solution_shown
    assert kind_of(STEP).has_solution(STEP)
    assert STEP.solution in str(kind_of(STEP).solution(STEP, {}))


def test_events_of_programs_mean_nothing_to_other_steps():
    reading, _ = advance(after(ev.StepSkipped()), ev.StepOpened("end"))
    for event in (ev.CodeChanged("x"), SUBMITTED, ev.CodeChecked("end", run(HALVES))):
        assert reading == advance(reading, event)[0]


_OUTCOMES = st.one_of(
    st.sampled_from([run(NONE), run(HALVES), run()]),
    st.builds(
        Outcome,
        st.sampled_from(["done", "time", "output", "died"]),
        line=st.none() | st.integers(1, 99),
        exit_code=st.none() | st.integers(-20, 255),
        printed=st.text(max_size=9),
    ),
)
_EVENTS = st.one_of(
    st.builds(ev.CodeChanged, st.text(max_size=20)),
    st.builds(ev.CodeSubmitted, st.text(max_size=20)),
    st.builds(ev.CodeChecked, st.sampled_from(["write", "end", "no"]), _OUTCOMES),
    st.builds(ev.CodeRunEnded, st.sampled_from(["write", "end"]), st.just("Stopped.")),
    st.sampled_from([ev.NextAsked(), ev.BackAsked(), ev.StepSkipped(), ev.SolutionAsked()]),
)


@given(st.lists(_EVENTS, max_size=20))
def test_no_event_raises_and_every_state_comes_back(events):
    last = after(*events)
    back = restore(LESSON, snapshot(last), 1)
    assert last.step.id == back.step.id
    for step_id, state in last.states.items():
        assert (state.outcome, state.code or None) == (
            back.states[step_id].outcome,
            back.states[step_id].code,
        )
