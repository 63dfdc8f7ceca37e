"""Who leads: one at a time, kept for a minute, asked for and handed over; nobody else drives."""

from __future__ import annotations

from tests.room.classes import TILT, MadeUpClass, led_class
from tutor.room import events as ev
from tutor.room.room import INSTRUCTOR

LED = ev.Led(TILT.lesson, TILT.step)


def two_instructors() -> MadeUpClass:
    made_up = led_class("co", "ana")
    made_up.tell(INSTRUCTOR, ev.CoInstructorNamed("co"))
    return made_up


def test_the_class_goes_where_the_leader_goes():
    made_up = led_class("ana")
    made_up.tell(INSTRUCTOR, LED)
    assert TILT == made_up.room.class_place(made_up.now)


def test_a_leader_who_leaves_keeps_the_lead_for_a_minute_by_the_databases_clock():
    made_up = two_instructors()
    made_up.tell(INSTRUCTOR, LED, ev.Left("one"))
    made_up.wait(59)
    made_up.beat()
    assert INSTRUCTOR == made_up.room.lead.leader
    made_up = two_instructors()
    made_up.tell(INSTRUCTOR, ev.Left("one"))
    made_up.wait(59.9)
    assert INSTRUCTOR == made_up.leader
    made_up.wait(0.1)
    assert made_up.leader is None
    assert made_up.room.class_place(made_up.now) is None


def test_a_leader_whose_process_dies_loses_the_lead_a_minute_after_its_last_sign_of_life():
    made_up = led_class("ana")
    made_up.beat()
    made_up.wait(59)
    assert INSTRUCTOR == made_up.leader
    made_up.wait(1)
    assert made_up.leader is None


def test_a_lead_that_is_taken_for_shorter_is_released_sooner():
    made_up = MadeUpClass(INSTRUCTOR)
    made_up.tell(INSTRUCTOR, ev.LeadTaken(kept=5.0), ev.Left("one"))
    made_up.wait(4.9)
    assert INSTRUCTOR == made_up.leader
    made_up.wait(0.1)
    assert made_up.leader is None


def test_a_leader_who_comes_back_in_time_leads_on():
    made_up = led_class("ana")
    made_up.tell(INSTRUCTOR, LED, ev.Left("one"))
    made_up.wait(50)
    made_up.tell(INSTRUCTOR, ev.Joined("two"))
    made_up.wait(20)
    made_up.beat("two")
    assert INSTRUCTOR == made_up.leader
    assert TILT == made_up.room.class_place(made_up.now)


def test_a_second_one_cannot_take_the_lead_and_may_ask_for_it():
    made_up = two_instructors()
    made_up.tell("co", ev.LeadTaken())
    assert INSTRUCTOR == made_up.leader
    made_up.tell("co", ev.LeadAsked())
    assert "co" == made_up.room.lead.asked_by
    made_up.tell(INSTRUCTOR, ev.LeadHandedOver("co"))
    assert ("co", None) == (made_up.leader, made_up.room.lead.asked_by)
    made_up.tell(INSTRUCTOR, LED)
    assert made_up.room.lead.place is None


def test_the_lead_goes_to_no_learner():
    made_up = two_instructors()
    made_up.tell(INSTRUCTOR, ev.LeadHandedOver("ana"))
    assert INSTRUCTOR == made_up.leader


def test_a_lead_that_was_lost_may_be_taken_and_binds_the_class_no_more():
    made_up = two_instructors()
    made_up.tell(INSTRUCTOR, LED, ev.RevealHeld(TILT.lesson, TILT.step), ev.Left("one"))
    made_up.wait(61)
    made_up.beat()
    made_up.tell("co", ev.LeadTaken())
    assert "co" == made_up.leader
    assert not made_up.room.is_held(TILT, made_up.now)
    assert made_up.room.class_place(made_up.now) is None


def test_whoever_comes_later_under_a_co_instructors_name_is_a_learner():
    """A name without a key is anybody's."""
    made_up = two_instructors()
    made_up.tell("co", ev.Left("one"), ev.Joined("one"))
    assert "co" not in made_up.room.instructors


def test_a_co_instructor_who_comes_back_with_the_same_key_stays_one():
    made_up = led_class()
    made_up.tell("co", ev.Joined("one", "SHA256:abc"))
    made_up.tell(INSTRUCTOR, ev.CoInstructorNamed("co"))
    made_up.tell("co", ev.Left("one"), ev.Joined("two", "SHA256:abc"))
    assert "co" in made_up.room.instructors
    made_up.tell("co", ev.Joined("two", "SHA256:other"))
    assert "co" not in made_up.room.instructors


def test_a_held_reveal_opens_by_the_leaders_word_or_with_the_lead():
    made_up = led_class("ana")
    made_up.tell(INSTRUCTOR, ev.RevealHeld(TILT.lesson, TILT.step))
    assert made_up.room.is_held(TILT, made_up.now)
    opened = made_up.tell(INSTRUCTOR, ev.RevealOpened(TILT.lesson, TILT.step))
    assert not opened.is_held(TILT, made_up.now)
    made_up.tell(INSTRUCTOR, ev.RevealHeld(TILT.lesson, TILT.step), ev.ClassEnded())
    assert not made_up.room.is_held(TILT, made_up.now)


def test_a_step_is_watched_while_the_watcher_is_there():
    made_up = led_class("ana")
    made_up.tell(INSTRUCTOR, ev.Watched("ana"))
    assert INSTRUCTOR == made_up.room.watcher_of("ana", made_up.now)
    made_up.tell(INSTRUCTOR, ev.Left("one"))
    assert made_up.room.watcher_of("ana", made_up.now) is None


def test_the_timer_counts_by_the_databases_clock():
    made_up = led_class("ana")
    made_up.tell(INSTRUCTOR, ev.TimerSet(90))
    ends = made_up.room.lead.timer_ends
    assert ends is not None
    assert 90 == (ends - made_up.now).total_seconds()
    assert made_up.tell(INSTRUCTOR, ev.TimerSet(0)).lead.timer_ends is None
