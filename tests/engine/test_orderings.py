"""An ordering runs every item, starts shuffled and wrong, and is judged by its pairs."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import pytest

from tests.engine.lessons import LESSON, after
from tutor.engine.experiments import run_experiment
from tutor.engine.kinds import kind_of
from tutor.engine.kinds.ordering import item_values, true_order, values_sentence, wrong_pairs
from tutor.engine.kinds.predict import guess_of
from tutor.engine.kinds.questions import Ordering
from tutor.engine.lesson import events as ev
from tutor.engine.lesson.advance import advance, begin
from tutor.engine.lesson.resume import restore, snapshot
from tutor.engine.lesson.run import LessonRun
from tutor.engine.lesson.view import StepView
from tutor.lesson.grading import pairs_apart
from tutor.lesson.model import (
    DescentExperiment,
    GuessMiss,
    OrderedItem,
    PredictStep,
    SlopeExperiment,
)

RATES = (1e-3, 0.4, 1.1)
SORT = PredictStep(
    kind="predict",
    id="sort",
    body="Sort.",
    experiment=DescentExperiment(objective="sphere", start=(-3.0, 4.0), steps=20),
    charts=("loss-curve",),
    ask="ordering",
    of="loss",
    items=tuple(OrderedItem(label=f"η = {rate}", values={"learning_rate": rate}) for rate in RATES),
    tolerance=0.5,
    near_misses=(GuessMiss(value=("3", "2", "1"), feedback="Not faster.", misconception="L2"),),
    right="Yes.",
    wrong="No.",
)
LESSON_OF_ONE = replace(LESSON, steps=(SORT,))


def sorted_as(*items: int) -> LessonRun:
    """Return a run whose items stand in this order."""
    run = begin(LESSON_OF_ONE, seed=1)
    for place, item in enumerate(items):
        run = after(run, ev.ItemMoved(item, place - guess_of(SORT, run.state).index(item)))
    return run


def test_the_values_are_those_of_one_run_for_each_item():
    expected = [
        run_experiment(replace(SORT.experiment, learning_rate=rate), {}).quantities["loss"]
        for rate in RATES
    ]
    assert pytest.approx(expected, rel=1e-5) == item_values(SORT)
    assert (2, 1, 3) == true_order(SORT)


@pytest.mark.parametrize("seed", range(20))
def test_it_starts_in_an_order_of_the_seed_that_is_never_right(seed):
    start = guess_of(SORT, begin(LESSON_OF_ONE, seed).state)
    assert [1, 2, 3] == sorted(start)
    assert wrong_pairs(SORT, start)
    assert start == guess_of(SORT, begin(LESSON_OF_ONE, seed).state)


def test_starts_differ_between_learners():
    assert len({guess_of(SORT, begin(LESSON_OF_ONE, seed).state) for seed in range(20)}) > 1


def test_an_item_moves_past_the_others_and_stops_at_the_end():
    run = sorted_as(1, 2, 3)
    assert (2, 1, 3) == guess_of(SORT, after(run, ev.ItemMoved(2, -1)).state)
    assert (2, 3, 1) == guess_of(SORT, after(run, ev.ItemMoved(1, 9)).state)
    assert run == after(run, ev.ItemMoved(4, 1))


def test_a_move_is_taken_back_by_undo():
    run = sorted_as(1, 2, 3)
    assert (1, 2, 3) == guess_of(SORT, after(run, ev.ItemMoved(1, 2), ev.ChangeUndone()).state)


def test_the_true_order_is_right():
    run, effects = advance(sorted_as(2, 1, 3), ev.Predicted("high"))
    assert (True, "Yes.") == (run.state.verdict.correct, run.state.verdict.feedback)
    assert "2,1,3" == effects[0].answer


def test_a_wrong_order_counts_its_pairs_and_names_one_with_its_numbers():
    run = after(sorted_as(1, 3, 2), ev.Predicted("low"))
    assert 2.0 == run.state.verdict.miss
    words = str(kind_of(run.step).verdict_words(run.step, run.state))
    assert words.startswith("2 pairs are the wrong way round")
    assert "η = 0.4" in words


def test_a_known_wrong_order_is_answered_for_its_own_reason():
    run = after(sorted_as(3, 2, 1), ev.Predicted("low"))
    assert ("Not faster.", "L2") == (run.state.verdict.feedback, run.state.verdict.misconception)


def test_items_of_equal_value_may_stand_either_way():
    twins = replace(SORT, items=(*SORT.items, replace(SORT.items[0], label="twin")))
    assert [] == wrong_pairs(twins, (2, 1, 4, 3))
    assert [] == wrong_pairs(twins, (2, 4, 1, 3))
    assert (2, 4, 1, 3) == true_order(twins, (4, 1, 2, 3))


def test_what_never_arrives_comes_last():
    by_steps = replace(SORT, of="steps")
    assert math.isinf(item_values(by_steps)[2])
    assert 2 == true_order(by_steps)[0]


def test_a_saved_order_comes_back_and_a_damaged_one_starts_afresh():
    run = sorted_as(3, 1, 2)
    saved = json.loads(json.dumps(snapshot(run)))
    assert (3, 1, 2) == guess_of(SORT, restore(LESSON_OF_ONE, saved, seed=9).state)
    saved["steps"]["sort"]["values"]["place1"] = 1
    assert [1, 2, 3] == sorted(guess_of(SORT, restore(LESSON_OF_ONE, saved, seed=9).state))


def test_a_verdict_survives_being_written_down():
    run = after(sorted_as(1, 3, 2), ev.Predicted("medium"))
    assert run.state.verdict == restore(LESSON_OF_ONE, snapshot(run), seed=9).state.verdict


def test_the_values_are_shown_only_after_the_guess():
    run = sorted_as(1, 2, 3)
    asked = StepView(run).question
    assert isinstance(asked, Ordering)
    assert "f" == str(asked.quantity)
    assert ("", "") == StepView(run).told
    told = str(StepView(after(run, ev.Predicted("low"))).told[0])
    assert str(values_sentence(SORT)) == told
    assert told.index("η = 0.4") < told.index("η = 0.001") < told.index("η = 1.1")


def test_after_the_guess_all_items_are_on_the_chart():
    run = sorted_as(1, 2, 3)
    before = StepView(run).chart("loss-curve")
    chart = StepView(after(run, ev.Predicted("low"))).chart("loss-curve")
    labels = {str(getattr(layer, "label", "")) for layer in chart.layers}
    assert {item.label for item in SORT.items} <= labels
    assert not {item.label for item in SORT.items} & {
        str(getattr(layer, "label", "")) for layer in before.layers
    }


def test_an_experiment_without_runs_side_by_side_can_be_ordered_too():
    heights = replace(
        SORT,
        experiment=SlopeExperiment(objective="square", x=1.0),
        charts=("curve",),
        of="height",
        items=tuple(OrderedItem(label=f"x = {x}", values={"x": x}) for x in (3.0, -1.0, 2.0)),
    )
    assert (9.0, 1.0, 4.0) == item_values(heights)
    assert (2, 3, 1) == true_order(heights)


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [((1, 2, 3), (1, 2, 3), 0), ((1, 2, 3), (3, 2, 1), 3), ((2, 1), (1, 2), 1)],
)
def test_orders_are_as_far_apart_as_their_pairs(one, other, apart):
    assert apart == pairs_apart(one, other)
