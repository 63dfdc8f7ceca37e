"""The class at a glance: counts with the learners behind them."""

from __future__ import annotations

import pytest

from tests.room.classes import NEXT, TILT, MadeUpClass, answered, led_class, moved
from tutor.room import events as ev
from tutor.room.glance import (
    by_choice,
    guesses,
    histogram,
    lessons,
    misconceptions,
    numbers,
    on_each_step,
)
from tutor.room.learner import Learner
from tutor.room.room import Room


def test_each_step_counts_who_is_there_now():
    made_up = led_class("a", "b", "c", "d")
    for name in "abcd":
        made_up.tell(name, moved())
    made_up.tell("c", moved(NEXT))
    made_up.tell("d", ev.Left("one"))
    steps = (TILT.step, NEXT.step, "elsewhere")
    assert (2, 1, 0) == on_each_step(made_up.room, TILT.lesson, steps, made_up.now)
    assert (TILT.lesson,) == lessons(made_up.room)


def test_a_misconception_counts_its_learners_and_how_often_it_was_met():
    made_up = MadeUpClass("a", "b", "c")
    for name in "ab":
        made_up.tell(name, answered(correct=False, misconception="G1"))
    made_up.tell("c", *[answered(correct=False, misconception="D1")] * 3)
    found = [
        (each.misconception, each.count, each.learners) for each in misconceptions(made_up.room)
    ]
    assert [("G1", 2, ("a", "b")), ("D1", 3, ("c",))] == found
    assert () == misconceptions(made_up.room, "another/lesson")


def test_ten_times_the_learners_take_ten_times_the_work_to_count():
    """Names compared are calls, which are counted."""

    class Name(str):
        __slots__ = ()
        compared = 0

        def __eq__(self, other: object) -> bool:
            Name.compared += 1
            return str.__eq__(self, other)

        __hash__ = str.__hash__

    def work(count: int) -> int:
        names = [Name(f"learner {number}") for number in range(count)]
        of_all = {
            each: Learner(each, met={(TILT.lesson, "G1"): 2, (NEXT.lesson, "D1"): 1})
            for each in names
        }
        Name.compared = 0
        found = misconceptions(Room(learners=of_all))
        assert [(count, "G1"), (count, "D1")] == [
            (len(each.learners), each.misconception) for each in found
        ]
        return Name.compared

    assert work(1000) <= 12 * (work(100) + 100)


def test_the_last_choice_of_each_learner_counts():
    made_up = MadeUpClass("a", "b")
    made_up.tell("a", answered(choice=0, correct=False), answered(choice=2))
    made_up.tell("b", answered(choice=2))
    assert {2: ("a", "b")} == by_choice(made_up.room, TILT)


def test_numbers_and_guesses_of_a_step_are_gathered_without_names():
    made_up = MadeUpClass("a", "b")
    made_up.tell("a", answered(kind="number", number=0.25), answered(NEXT, guess=(2.0, 1.0)))
    made_up.tell("b", answered(kind="number", number=4.0), answered(NEXT, guess=(1.0, 3.0)))
    assert (0.25, 4.0) == numbers(made_up.room, TILT)
    assert ((1.0, 3.0), (2.0, 1.0)) == guesses(made_up.room, NEXT)


@pytest.mark.parametrize("values", [[], [3.0], [3.0, 3.0], [-1.0, 0.0, 1e300]])
def test_a_histogram_counts_every_number_once(values):
    assert len(values) == sum(histogram(values, include=2.0).counts)


def test_one_wild_number_does_not_press_the_others_into_one_bin():
    found = histogram([k / 10 for k in range(39)] + [1e9])
    assert 5 < sum(count > 0 for count in found.counts)


def test_the_truth_has_its_place_among_the_bins():
    found = histogram([0.0, 10.0], bins=10)
    assert 4.5 == found.place_of(5.0)
    assert 0.5 == found.middles[0]
