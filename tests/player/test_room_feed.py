"""The feed: one reader a process, ordered and timed by the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from tests.room.classes import NOON, moved
from tests.room.memory import MemoryEvents
from tutor.player.room_feed import RoomFeed
from tutor.room import events as ev
from tutor.room.events import Happened
from tutor.room.presence import BEAT_SECONDS
from tutor.room.room import INSTRUCTOR
from tutor.store.workshop import NewEvent


def hearing(feed: RoomFeed) -> list[Happened]:
    heard: list[Happened] = []
    feed.subscribe(heard.extend)
    return heard


async def test_what_happened_before_is_read_and_not_told_as_news():
    store = MemoryEvents()
    store.tell("ana", ev.Joined("one"), moved(), *[ev.HandRaised()] * 1200)
    feed = store.feed()
    heard = hearing(feed)
    await feed.read()
    assert (1202, []) == (feed.room.last_id, heard)
    store.tell("ana", ev.HandLowered())
    await feed.read()
    assert [ev.HandLowered()] == [each.event for each in heard]


async def test_one_read_serves_every_session():
    store = MemoryEvents()
    feed = store.feed()
    for _ in range(300):
        hearing(feed)
    await feed.read()
    assert 1 == store.reads


async def test_a_row_that_is_no_event_is_passed_over():
    store = MemoryEvents()
    feed = store.feed()
    store.append_event(NewEvent(workshop="workshop", learner="eve", kind="led", data={"step": 3}))
    store.tell("ana", ev.HandRaised())
    await feed.read()
    assert (2, ["ana"]) == (feed.room.last_id, list(feed.room.learners))


async def test_another_workshop_is_not_heard():
    store = MemoryEvents()
    feed = RoomFeed(store, workshop="other", seconds=store.seconds)
    store.tell("ana", ev.HandRaised())
    await feed.read()
    assert {} == feed.room.learners


async def test_the_time_is_the_databases_whatever_this_clock_says():
    store = MemoryEvents()
    feed = store.feed()
    store.tell("ana", ev.HandRaised())
    await feed.read()
    store.wait(20)
    assert NOON + timedelta(seconds=20) == feed.now


async def test_an_event_that_is_read_late_does_not_set_the_clock_back():
    store = MemoryEvents()
    feed = store.feed()
    store.tell("ana", ev.HandRaised())
    await feed.read()
    store.tell("ana", ev.HandLowered())
    store.wait(3)
    await feed.read()
    assert store.at == feed.now


async def test_a_name_is_there_until_its_last_session_has_left():
    store = MemoryEvents()
    feed = store.feed()
    feed.enter("ana")
    feed.enter("ana")
    feed.leave("ana")
    await feed.read()
    assert feed.room.presence.is_online("ana", feed.now)
    feed.leave("ana")
    await feed.read()
    assert not feed.room.presence.is_online("ana", feed.now)


async def test_a_process_that_reads_keeps_its_learners_present():
    store = MemoryEvents()
    feed = store.feed()
    feed.enter("ana")
    feed.enter(INSTRUCTOR)
    for _ in range(5):
        store.wait(BEAT_SECONDS)
        await feed.read()
    await feed.read()
    assert feed.room.presence.is_online("ana", feed.now)
    store.wait(3 * BEAT_SECONDS)
    assert not feed.room.presence.is_online("ana", feed.now)


async def test_a_session_that_has_left_hears_nothing():
    store = MemoryEvents()
    feed = store.feed()
    heard: list[Sequence[Happened]] = []
    stop = feed.subscribe(heard.append)
    await feed.read()
    stop()
    await feed.read()
    assert [[]] == heard
