"""The feed: one reader a process, ordered and timed by the database."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta

from tests.room.classes import NOON, moved
from tests.room.memory import MemoryEvents
from tutor.player.room_feed import LOG, RoomFeed
from tutor.room import events as ev
from tutor.room.events import Happened
from tutor.room.room import BEAT_SECONDS, INSTRUCTOR
from tutor.store.model import NewEvent


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


async def test_who_is_deleted_is_forgotten_by_a_process_that_runs():
    """All that is left in the database is read anew, and told to nobody twice."""
    store = MemoryEvents()
    store.tell("ana", ev.Joined("one"), moved())
    store.tell("bo", ev.Joined("one"), moved())
    feed, gone = store.feed(), []
    feed.on_forgotten = gone.append
    await feed.read()
    heard = hearing(feed)
    store.delete("bo")
    store.tell("bo", moved())
    feed.tell(None, ev.Forgotten())
    store.tell("ana", ev.HandRaised())
    await feed.read()
    assert [frozenset({"bo"})] == gone
    assert feed.room.presence.is_online("ana", feed.now)
    assert 1 == sum(each.event == ev.HandRaised() for each in heard)
    await feed.read()
    assert 1 == len(gone)


async def test_a_deletion_of_before_is_no_news():
    store = MemoryEvents()
    store.tell("ana", ev.Joined("one"))
    store.feed().tell(None, ev.Forgotten())
    feed, gone = store.feed(), []
    feed.on_forgotten = gone.append
    await feed.read()
    assert (["ana"], []) == (list(feed.room.learners), gone)


async def test_rows_of_others_are_passed_on_once():
    store = MemoryEvents()
    feed, others = store.feed(), []
    feed.on_other = others.append
    store.append_event(NewEvent(workshop="workshop", learner="eve", kind="entered"))
    await feed.read()
    feed.tell(None, ev.Forgotten())
    await feed.read()
    assert ["entered"] == [row.kind for row in others]


async def test_a_forged_command_in_the_database_is_logged(caplog):
    store = MemoryEvents()
    feed = store.feed()
    await feed.read()
    store.tell("eve", ev.Joined("one"), ev.ClassEnded())
    with caplog.at_level(logging.WARNING, logger=LOG.name):
        await feed.read()
    assert ["refused: class-ended by eve"] == caplog.messages


async def test_a_reader_that_fails_reads_on(caplog):
    store = MemoryEvents()
    feed, reads = store.feed(), []

    def fail(_: object) -> None:
        reads.append(1)
        if len(reads) == 1:
            raise ValueError("once")

    feed.subscribe(fail)
    running = asyncio.create_task(feed.run())
    while len(reads) < 2:
        await asyncio.sleep(0)
    running.cancel()
    assert ["the room was not read"] == caplog.messages
