"""Two courses become one: nothing twice, nothing lost, and again changes nothing."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from hypothesis import given, strategies as st

from tests.examples import examples
from tests.store.entries import NOON, attempt, point
from tutor.store.exchange import Records, merge
from tutor.store.model import Reset
from tutor.store.opening import open_in_memory

DERIVATIVE, GRADIENT = "gradients/derivative", "gradients/gradient"


def reset(number, lesson=DERIVATIVE):
    return Reset(learner="ana", lesson=lesson, at=NOON + timedelta(seconds=number))


seconds = st.integers(0, 9)
lessons = st.sampled_from([DERIVATIVE, GRADIENT])
happenings = st.lists(
    st.one_of(
        st.builds(lambda n, lesson: attempt(n, lesson=lesson), seconds, lessons),
        st.builds(lambda n, lesson: point(n, lesson=lesson), seconds, lessons),
        st.builds(reset, seconds, st.none() | lessons),
    ),
    max_size=8,
)


def lived(events):
    """Return what is kept of these events, in the order in which they happened."""
    store = open_in_memory()
    for event in sorted(events, key=lambda each: each.at):
        store.hand_in(event)
    return store


def content(store):
    records = store.records("ana")
    return Counter(records.attempts), {p.lesson: p for p in records.points}, set(records.resets)


def both(one, other):
    """Return the content of `one` after `other` was brought in."""
    here, there = lived(one), lived(other)
    here.bring_in("ana", there.records("ana"))
    found = content(here)
    again = here.bring_in("ana", there.records("ana"))
    here.close()
    there.close()
    assert () == again.entries
    return found


@given(happenings)
@examples(30)  # each example opens databases
def test_a_round_trip_into_an_empty_course_gives_the_same(events):
    there = lived(events)
    expected = content(there)
    there.close()
    assert expected == both([], events)


@given(happenings, happenings)
@examples(30)  # each example opens databases
def test_whichever_way_it_is_brought_the_outcome_is_the_same(one, other):
    """And bringing it in a second time changes nothing (`both` looks)."""
    assert both(one, other) == both(other, one)


@given(happenings, happenings)
@examples(30)  # each example opens databases
def test_no_answer_is_lost_but_to_a_reset_and_none_is_doubled(one, other):
    found = both(one, other)[0]
    sides = [Counter(e for e in side if hasattr(e, "answer")) for side in (one, other)]
    resets = [e for e in (*one, *other) if isinstance(e, Reset)]
    for each, count in (sides[0] | sides[1]).items():
        later = [r for r in resets if r.at > each.at and r.lesson in (None, each.lesson)]
        same_time = [r for r in resets if r.at == each.at]
        if not same_time:
            assert (0 if later else count) == found[each]


def test_the_later_resume_point_wins():
    here, there = Records(points=(point(1),)), Records(points=(point(2),))
    assert (point(2),) == merge(here, there).entries
    assert () == merge(there, here).entries


def test_what_was_done_here_after_a_reset_elsewhere_still_counts():
    store = lived([attempt(1), attempt(5), point(6)])
    store.bring_in("ana", Records(resets=(reset(3),)))
    assert ([attempt(5)], point(6)) == (
        store.attempts("ana"), store.resume_point("ana", DERIVATIVE),
    )  # fmt: skip
    store.close()


def test_a_reset_here_keeps_out_what_was_done_elsewhere_before_it():
    store = lived([reset(3)])
    store.bring_in("ana", Records(attempts=(attempt(1), attempt(5))))
    assert [attempt(5)] == store.attempts("ana")
    store.close()


def test_what_was_new_is_counted():
    merged = merge(Records((attempt(1),)), Records((attempt(1), attempt(2)), (point(),)))
    assert (1, 1, 0) == (merged.new_attempts, merged.new_points, merged.new_resets)
