"""The fold: any events in any order make a room; what may not be done changes nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hypothesis import given, strategies as st

from tests.examples import examples
from tests.room.classes import NEXT, NOON, TILT, MadeUpClass, answered, led_class, moved
from tutor.room import events as ev
from tutor.room.events import INSTRUCTORS_ONLY, LEADER_ONLY, Event, Happened
from tutor.room.fold import after
from tutor.room.room import INSTRUCTOR, Room
from tutor.room.roster import roster
from tutor.room.wire import KINDS, data_of, happened, kind_of

NAMES = st.sampled_from(["ana", "bo", INSTRUCTOR])
WORDS = st.sampled_from(["ana", "bo", "tilt", "gradients/derivative", "", "=1+1\n\u202e"])
FIELDS = {
    "str": WORDS,
    "str | None": st.none() | WORDS,
    "int": st.integers(-3, 9),
    "int | None": st.none() | st.integers(-3, 9),
    "float": st.floats(allow_nan=False, allow_infinity=False),
    "float | None": st.none() | st.floats(allow_nan=False, allow_infinity=False),
    "bool | None": st.none() | st.booleans(),
    "tuple[str, ...]": st.lists(WORDS, max_size=3).map(tuple),
    "tuple[float, ...]": st.lists(st.floats(-9, 9), max_size=2).map(tuple),
    "Mapping[str, object]": st.dictionaries(WORDS, st.none() | WORDS, max_size=2),
}


def events_of(kinds: tuple[type, ...]) -> st.SearchStrategy[Event]:
    def of(kind: type) -> st.SearchStrategy[Event]:
        fields = kind.__dataclass_fields__.values()
        return st.builds(kind, **{each.name: FIELDS[each.type] for each in fields})

    return st.sampled_from(kinds).flatmap(of)


LEADING = LEADER_ONLY + INSTRUCTORS_ONLY
ALL = tuple(KINDS.values())
LEARNERS = tuple(kind for kind in ALL if kind not in LEADING)
HAPPENINGS = st.lists(st.tuples(NAMES, st.integers(-5, 90), events_of(ALL)), max_size=30)


@given(HAPPENINGS)
@examples(300)
def test_no_events_in_any_order_raise(told):
    """Whoever does whatever, with a clock that goes back at times: there is a room and a roster."""
    room, now = Room(), NOON
    for number, (who, seconds, event) in enumerate(told, start=1):
        now += timedelta(seconds=seconds)
        room = after(room, Happened(number, who, now, event))
    assert len(told) == room.last_id
    assert {line.learner.name for line in roster(room, now)} == set(room.learners) - room.by_name


@given(st.sampled_from(["ana", "eve"]), st.lists(events_of(LEADING), min_size=1, max_size=8))
def test_leading_events_of_a_learner_change_nothing_but_the_list_of_refusals(who, forged):
    made_up = led_class("ana", "eve")
    made_up.tell(INSTRUCTOR, ev.Led(*_place(TILT)), ev.RevealHeld(*_place(TILT)))
    before = made_up.room
    after = made_up.tell(who, *forged)
    assert before == _but(after, before)
    assert [kind_of(event) for event in forged] == [refusal.what for refusal in after.refusals]


@given(events_of(LEADER_ONLY))
def test_an_instructor_who_does_not_lead_drives_nothing(event):
    made_up = MadeUpClass(INSTRUCTOR, "co")
    made_up.tell(INSTRUCTOR, ev.LeadTaken(), ev.CoInstructorNamed("co"))
    before = made_up.room
    assert before == _but(made_up.tell("co", event), before)


@given(events_of(ALL))
def test_every_event_comes_back_from_the_database_as_it_was(event):
    row = Row(7, "ana", kind_of(event), data_of(event), NOON)
    assert Happened(7, "ana", NOON, event) == happened(row)


@given(
    st.sampled_from(sorted(KINDS)),
    st.dictionaries(
        st.sampled_from(["lesson", "step", "process", "names", "correct", "guess", "to", "poll"]),
        st.none() | st.booleans() | st.integers() | st.floats() | st.text("a=\n", max_size=5)
        | st.lists(st.integers() | st.text("a=\n", max_size=3), max_size=3),
    ),
)  # fmt: skip
def test_rows_of_any_shape_are_an_event_or_none(kind, data):
    found = happened(Row(1, "ana", kind, data, NOON))
    assert found is None or kind == kind_of(found.event)


def test_a_row_of_an_unknown_kind_or_of_nobody_is_no_event():
    assert happened(Row(1, "ana", "root-taken", {}, NOON)) is None
    assert happened(Row(1, None, "hand-raised", {}, NOON)) is None


def test_an_event_counts_once():
    """A reader that sees a row twice folds it once."""
    vote = Happened(1, "ana", NOON, answered(correct=False, misconception="G1"))
    room = after(Room(), vote)
    assert room == after(room, vote)


def test_an_answer_to_another_step_is_a_move():
    made_up = MadeUpClass("ana")
    made_up.tell("ana", moved(TILT), answered(NEXT))
    assert NEXT == made_up.room.learners["ana"].place
    assert [TILT] == [visit.place for visit in made_up.room.learners["ana"].visits]


def test_a_step_that_is_opened_again_is_not_begun_again():
    made_up = MadeUpClass("ana")
    made_up.tell("ana", moved(), answered(correct=False), moved())
    assert 1 == made_up.room.learners["ana"].tries


def test_a_vote_for_another_poll_or_answer_does_not_count():
    made_up = led_class("ana", "bo")
    made_up.tell(INSTRUCTOR, ev.PollOpened("Clear?", ("yes", "no")))
    poll = made_up.room.lead.poll
    assert poll is not None
    made_up.tell("ana", ev.Voted(poll.id, 1), ev.Voted(poll.id, 0), ev.Voted(poll.id, 2))
    made_up.tell("bo", ev.Voted(poll.id + 1, 1))
    made_up.tell(INSTRUCTOR, ev.PollClosed())
    made_up.tell("bo", ev.Voted(poll.id, 1))
    assert made_up.room.lead.poll is not None
    assert (1, 0) == made_up.room.lead.poll.counts()


@dataclass(frozen=True)
class Row:
    id: int
    learner: str | None
    kind: str
    data: dict[str, object]
    at: datetime


def _place(place: ev.Place) -> tuple[str, str]:
    return place.lesson, place.step


def _but(after: Room, before: Room) -> Room:
    """Return the room with what every event changes, and refusals, as they were."""
    return replace(after, last_id=before.last_id, at=before.at, refusals=before.refusals)
