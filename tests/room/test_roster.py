"""The roster: who needs help most stands first."""

from __future__ import annotations

from tests.room.classes import NEXT, MadeUpClass, answered, moved
from tutor.room import events as ev
from tutor.room.roster import roster


def names(made_up: MadeUpClass, search: str = "") -> list[str]:
    return [line.learner.name for line in roster(made_up.room, made_up.now, search)]


def quick_class() -> MadeUpClass:
    """Return a class in which five took ten seconds for the first step."""
    made_up = MadeUpClass("a", "b", "c", "d", "e")
    for name in "abcde":
        made_up.tell(name, moved())
        made_up.wait(9)
        made_up.tell(name, moved(NEXT))
    made_up.beat()
    return made_up


def test_who_is_stuck_longest_against_the_median_stands_before_who_is_quick():
    made_up = quick_class()
    made_up.tell("stuck", ev.Joined("one"), moved())
    made_up.wait(20)
    made_up.tell("new", ev.Joined("one"), moved())
    line, *_ = roster(made_up.room, made_up.now)
    assert ("stuck", True) == (line.learner.name, line.is_stuck)
    assert names(made_up).index("new") > 0


def test_wrong_answers_add_to_the_need():
    made_up = MadeUpClass("ana", "bo")
    made_up.tell("ana", moved())
    made_up.tell("bo", moved(), answered(correct=False), answered(correct=False))
    assert ["bo", "ana"] == names(made_up)


def test_who_is_done_needs_no_help():
    made_up = MadeUpClass("ana", "bo")
    made_up.tell("ana", moved(), answered())
    made_up.wait(300)
    made_up.tell("bo", moved(), ev.Present("one"))
    assert ["bo", "ana"] == names(made_up)


def test_hands_stand_first_the_longest_up_at_the_top():
    made_up = quick_class()
    made_up.tell("d", ev.HandRaised())
    made_up.tell("b", ev.HandRaised())
    assert ["d", "b"] == names(made_up)[:2]
    made_up.tell("d", ev.HandLowered())
    assert "b" == names(made_up)[0]


def test_who_left_stands_last_and_no_time_goes_by_for_them():
    made_up = MadeUpClass("ana", "bo")
    made_up.tell("ana", moved(), ev.Left("one"))
    made_up.tell("bo", moved())
    made_up.wait(30)
    last = roster(made_up.room, made_up.now)[-1]
    assert ("ana", False, 1.0) == (last.learner.name, last.is_online, last.seconds)


def test_the_search_takes_any_part_of_a_name():
    made_up = MadeUpClass("Ana", "Joana", "Bo")
    assert {"Ana", "Joana"} == set(names(made_up, "ANA"))
