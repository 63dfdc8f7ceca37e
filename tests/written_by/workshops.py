"""A workshop: its database after a class, and what a node left that was killed meanwhile."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import asyncssh

from tests.written_by.killed import WHO
from tests.written_by.learners import ROOT, answer_step, work
from tests.written_by.reading import events_read, learners_read
from tutor.engine.lesson import events as lesson_ev
from tutor.lesson.catalog import Catalog
from tutor.player.player import Player
from tutor.player.room_feed import RoomFeed
from tutor.player.room_member import RoomMember
from tutor.player.room_player import RoomPlayer
from tutor.room import events as ev
from tutor.room.room import INSTRUCTOR
from tutor.store.shared_store import SharedStore, open_shared_store

LEARNERS: Final = ("ana", "bo", "陈小明", "o'neil-3")


class Class:
    """Sessions of one process in a workshop."""

    def __init__(self, catalog: Catalog, store: SharedStore) -> None:
        self.catalog, self.store = catalog, store
        self.feed = RoomFeed(store)
        self.members: dict[str, RoomMember] = {}

    def come_in(self, name: str) -> RoomMember:
        """Let somebody come in by a key of their own."""
        key = asyncssh.generate_private_key("ssh-ed25519").get_fingerprint()
        assert self.store.claim_name(name, key)
        self.store.enter(name)
        member = self.members[name] = RoomMember(self.feed, name, key=key)
        member.join(member.see)
        return member

    def play(self, name: str, lesson: str) -> RoomPlayer:
        """Let somebody open a lesson."""
        member = self.members[name]
        player = Player(
            self.catalog.lesson(lesson), self.store.progress, learner=name,
            now=lambda: datetime.now(UTC), seed=len(name), observer=member.observe,
        )  # fmt: skip
        return RoomPlayer(player, member)

    def read(self) -> None:
        """Let everybody see what happened."""
        assert self.store.flush()
        asyncio.run(self.feed.read())


def teach(catalog: Catalog, store: SharedStore) -> None:
    """Hold a class: some work alone, all are led to a prediction, a poll, a hand, a message."""
    held = Class(catalog, store)
    first, second = catalog.lessons[0].id, catalog.lessons[1]
    for name in (INSTRUCTOR, *LEARNERS):
        held.come_in(name)
    held.read()
    teacher = held.members[INSTRUCTOR]
    for number, name in enumerate(LEARNERS, 2):
        work(held.play(name, first), 2 * number)
    guess = next(step.id for step in second.steps if step.kind == "predict")
    teacher.do(ev.Led(second.id, guess))
    teacher.do(ev.RevealHeld(second.id, guess))
    held.read()
    for name in LEARNERS[:3]:
        player = held.play(name, second.id)
        player.send(lesson_ev.StepOpened(guess))
        answer_step(player, right=name == "bo")
    held.members["bo"].raise_hand(True)
    held.members["ana"].follow(False)
    teacher.do(ev.RevealOpened(second.id, guess))
    teacher.do(ev.PollOpened("Clear so far? 到这里清楚吗？", ("yes", "no")))
    teacher.do(ev.Said("Well guessed.", "bo"))
    held.read()
    poll = held.feed.room.lead.poll
    assert poll is not None
    held.members["陈小明"].do(ev.Voted(poll.id, 1))
    store.progress.reset("o'neil-3", first, datetime.now(UTC))
    held.members["o'neil-3"].leave()
    held.read()


def hold(
    catalog: Catalog, url: str, folder: Path, away: Callable[[], AbstractContextManager[None]]
) -> Mapping[str, Any]:
    """Fill the database at a URL; within `away` it takes nothing. Return what is to be read there.

    In `folder` lies afterwards what a process left that was killed while the database was away.
    """
    store = open_shared_store(url)
    teach(catalog, store)
    read = {name: learners_read(catalog, store.progress, name) for name in LEARNERS}
    events = events_read(store.events_after(0))
    keys = {name: store.owner_of(name) for name in (INSTRUCTOR, *LEARNERS)}
    store.close()
    read[WHO] = _killed_while_away(url, folder, away)
    return {"learners": read, "events": events, "keys": keys}


def _killed_while_away(
    url: str, folder: Path, away: Callable[[], AbstractContextManager[None]]
) -> Any:
    """Return what a process knew of its learner that was killed while the database was away."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.written_by.killed", url, str(folder)], cwd=ROOT,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert "written\n" == process.stdout.readline()
        with away():
            said, _ = process.communicate("\n")
    return json.loads(said)
