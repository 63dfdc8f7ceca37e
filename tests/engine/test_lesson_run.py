"""A lesson run moves on by events, and only as the rules of teaching allow."""

import pytest
from hypothesis import given, strategies as st

from tests.engine.lessons import CHOOSE, COUNT, LESSON, TUNE, after
from tests.examples import examples
from tutor.engine.kinds import kind_of
from tutor.engine.kinds.choice import choice_order
from tutor.engine.lesson import events as ev
from tutor.engine.lesson.advance import advance, begin
from tutor.engine.lesson.run import LessonRun


def at(step: str) -> LessonRun:
    return advance(begin(LESSON, seed=7), ev.StepOpened(step))[0]


@pytest.mark.parametrize("step", ["choose", "count", "guess", "tune", "find"])
def test_no_question_passes_by_next_alone(step):
    """An unanswered question keeps the learner on its step and says what is missing."""
    run = after(at(step), ev.NextAsked())
    assert step == run.step.id
    assert str(run.state.problem)


def test_a_text_is_done_by_going_on():
    run = after(begin(LESSON, seed=1), ev.NextAsked())
    assert ("choose", "done") == (run.step.id, run.states["read"].outcome)


def test_a_right_choice_opens_the_way_but_does_not_take_it():
    """Nothing advances by itself: the explanation stays until the learner goes on."""
    run, effects = advance(at("choose"), ev.ChoiceAnswered(1))
    assert "choose" == run.step.id
    assert run.may_continue
    assert ev.AttemptMade("choose", "choice", "1", correct=True) in effects


def test_a_wrong_choice_answers_with_its_own_feedback_and_keeps_its_misconception():
    run, effects = advance(at("choose"), ev.ChoiceAnswered(0))
    assert run.state.verdict is not None
    assert ("No.", False) == (run.state.verdict.feedback, run.may_continue)
    assert "G1" == effects[0].misconception


def test_choices_keep_their_order_on_a_retry_and_differ_between_learners():
    orders = {choice_order(begin(LESSON, seed), LESSON.steps[1]) for seed in range(20)}
    run = at("choose")
    assert choice_order(run, run.step) == choice_order(after(run, ev.ChoiceAnswered(0)), run.step)
    assert len(orders) > 1


def test_a_near_miss_is_told_what_it_forgot():
    run = after(at("count"), ev.NumberAnswered("0.9"))
    assert run.state.verdict is not None
    assert ("The 2 is missing.", "chain") == (
        run.state.verdict.feedback,
        run.state.verdict.misconception,
    )


@pytest.mark.parametrize(
    ("typed", "words"),
    [("2√0.16", "Right, read as 2*sqrt(0.16)."), ("2π", "Not yet, read as 2*pi."),
     ("4*0.2", "Right."), ("3", "Not yet.")],
)  # fmt: skip
def test_a_number_typed_as_a_formula_is_answered_with_what_was_read(typed, words):
    run = after(at("count"), ev.NumberAnswered(typed))
    assert words == str(kind_of(run.step).verdict_words(run.step, run.state))


def test_nonsense_is_no_attempt():
    """What cannot be read as a number is refused with a reason and judged as nothing."""
    run, effects = advance(at("count"), ev.NumberAnswered("banana"))
    assert () == effects
    assert (0, None) == (run.state.tries, run.state.verdict)
    assert str(run.state.problem)


def test_any_prediction_reveals_right_or_wrong():
    """The gate is having predicted, not being right."""
    run = after(at("guess"), ev.ParameterChanged("x0", 5.0), ev.Predicted("high"))
    assert run.state.verdict is not None
    assert (False, True) == (run.state.verdict.correct, run.may_continue)


def test_a_revealed_guess_stands():
    run = after(at("guess"), ev.ParameterChanged("x0", 1.0), ev.Predicted("low"))
    assert run.state.values == after(run, ev.ParameterChanged("x0", 2.0)).state.values


def test_a_prediction_at_the_true_point_is_right():
    """(−3, 4) − 0.1·(−6, 8) = (−2.4, 3.2), computed by the core."""
    guess = ev.ParameterChanged("x0", -2.4), ev.ParameterChanged("x1", 3.2), ev.Predicted("medium")
    run = after(at("guess"), *guess)
    assert run.state.verdict is not None
    assert run.state.verdict.correct


def test_the_goal_is_reached_by_turning_the_parameter():
    run, effects = advance(at("tune"), ev.ParameterChanged("learning_rate", 0.3))
    assert "done" == run.state.outcome
    assert effects[0].correct is True


def test_a_reached_goal_is_recorded_once():
    run = after(at("tune"), ev.ParameterChanged("learning_rate", 0.3))
    _, effects = advance(run, ev.ParameterChanged("learning_rate", 0.31))
    assert (ev.ResumeMoved(at_once=False),) == effects


@pytest.mark.parametrize("value", [5.0, -1.0, float("nan"), float("inf")])
def test_a_value_out_of_range_is_refused_and_the_old_one_stays(value):
    run = after(at("tune"), ev.ParameterChanged("learning_rate", value))
    assert 0.01 == run.state.values["learning_rate"]
    assert str(run.state.problem)


def test_undo_takes_back_changes_one_by_one():
    run = after(at("tune"), *(ev.ParameterChanged("steps", n) for n in (21.0, 22.0)))
    values = [run.state.values["steps"]]
    for _ in range(3):
        run = after(run, ev.ChangeUndone())
        values.append(run.state.values["steps"])
    assert [22.0, 21.0, 20.0, 20.0] == values


def test_reset_can_be_undone():
    run = after(at("tune"), ev.ParameterChanged("steps", 50.0), ev.ParametersReset())
    assert 20.0 == run.state.values["steps"]
    assert 50.0 == after(run, ev.ChangeUndone()).state.values["steps"]


def test_a_preset_sets_its_values_and_leaves_the_others():
    run = after(at("tune"), ev.ParameterChanged("steps", 50.0), ev.PresetChosen(0))
    assert {"learning_rate": 1.0, "steps": 50.0} == dict(run.state.values)


def test_hints_open_one_by_one_and_stay():
    run = after(at("choose"), *[ev.HintAsked()] * 5)
    assert 2 == run.state.hints


def test_the_solution_waits_for_a_tried_answer():
    run = after(at("choose"), ev.SolutionAsked())
    assert not run.state.solution_shown
    assert after(run, ev.ChoiceAnswered(0), ev.SolutionAsked()).state.solution_shown


def test_a_seen_solution_lets_go_on_and_a_right_answer_still_counts():
    """Nobody is held at a step for ever; the item is kept as not answered by oneself."""
    run = after(at("count"), ev.NumberAnswered("3"), ev.SolutionAsked())
    assert ("skipped", True) == (run.state.outcome, run.may_continue)
    assert "done" == after(run, ev.NumberAnswered("0.8")).state.outcome


def test_a_solution_is_computed_where_the_author_wrote_none():
    assert "0.8" in str(kind_of(COUNT).solution(COUNT, {}))
    assert "Down." in str(kind_of(CHOOSE).solution(CHOOSE, {}))
    assert "η = 0.3" in str(kind_of(TUNE).solution(TUNE, {}))


def test_going_back_loses_no_answer():
    run = after(at("choose"), ev.ChoiceAnswered(1), ev.NextAsked(), ev.BackAsked())
    assert ("choose", "1") == (run.step.id, run.state.answer)


def test_skipping_goes_on_and_is_kept_as_such():
    run, effects = advance(at("count"), ev.StepSkipped())
    assert ("guess", "skipped") == (run.step.id, run.states["count"].outcome)
    assert ev.AttemptMade("count", "number", "skipped", correct=None) in effects


def test_going_on_from_the_last_step_finishes_the_lesson():
    run, effects = advance(at("look"), ev.NextAsked())
    assert run.finished
    assert ev.LessonFinished() in effects


_NAMES = st.sampled_from(["learning_rate", "steps", "x0", "x1", "x", "h", "guess", "nothing"])
_EVENTS = st.one_of(
    st.builds(ev.ParameterChanged, _NAMES, st.floats(allow_nan=True, allow_infinity=True)),
    st.builds(ev.ParameterChanged, _NAMES, st.floats(-3, 3)),
    st.builds(ev.PresetChosen, st.integers(-2, 3)),
    st.builds(ev.Predicted, st.sampled_from(["low", "medium", "high"])),
    st.builds(ev.ChoiceAnswered, st.integers(-2, 5)),
    st.builds(ev.NumberAnswered, st.text(max_size=12)),
    st.builds(ev.LinePicked, st.integers(-1, 5)),
    st.builds(ev.StepOpened, st.sampled_from([*(s.id for s in LESSON.steps), "nowhere"])),
    st.sampled_from(
        [
            ev.ParametersReset(), ev.ChangeUndone(), ev.HintAsked(), ev.SolutionAsked(),
            ev.StepSkipped(), ev.NextAsked(), ev.BackAsked(),
        ]
    ),
)  # fmt: skip


@examples(150)
@given(st.lists(_EVENTS, max_size=25))
def test_no_event_raises_in_any_state(events):
    """Whatever is pressed, the run stays a run of this lesson with its state to be shown."""
    run = after(begin(LESSON, seed=3), *events)
    if run.state.result is not None:
        assert str(run.state.result.sentence)
    assert run.step in LESSON.steps
