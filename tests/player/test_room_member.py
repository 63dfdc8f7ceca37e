"""A member of a room: reports by the player, refusals, held reveals, watching."""

from __future__ import annotations

import logging

import pytest

from tests.course import course
from tests.room.memory import MemoryEvents
from tests.tui.apps import NOON, in_memory
from tutor.engine.lesson.events import (
    ChoiceAnswered,
    NextAsked,
    NumberAnswered,
    ParameterTurned,
    Predicted,
    SolutionAsked,
    StepOpened,
)
from tutor.engine.lesson.resume import restore
from tutor.engine.lesson.view import StepView
from tutor.player.player import Player
from tutor.player.room_feed import LOG, RoomFeed
from tutor.player.room_member import RoomMember
from tutor.player.room_player import RoomPlayer
from tutor.room import events as ev
from tutor.room.events import Place
from tutor.room.room import INSTRUCTOR
from tutor.room.wire import happened

LESSON = "gradients/derivative"


class Session:
    """One learner who plays a lesson in a room, and its instructor in another process."""

    def __init__(self, store: MemoryEvents, step: str, name: str = "ana") -> None:
        self.store, self.feed = store, store.feed()
        self.member = RoomMember(self.feed, name)
        self.member.join(self.member.see)
        with in_memory() as progress:
            player = Player(
                course().lesson(LESSON), progress, learner=name, now=lambda: NOON, seed=5,
                observer=self.member.observe,
            )  # fmt: skip
            self.player = RoomPlayer(player, self.member)
            self.player.send(StepOpened(step))

    async def read(self) -> None:
        self.feed.flush()
        await self.feed.read()

    def told(self, kind: type) -> list[ev.Event]:
        self.feed.flush()
        rows = [happened(row) for row in self.store.events if row.learner == self.member.name]
        return [row.event for row in rows if row is not None and isinstance(row.event, kind)]


def step_of_kind(kind: str) -> str:
    return next(step.id for step in course().lesson(LESSON).steps if step.kind == kind)


def instructed(store: MemoryEvents) -> RoomFeed:
    feed = store.feed()
    RoomMember(feed, INSTRUCTOR).join(lambda _: None)
    store.tell(INSTRUCTOR, ev.LeadTaken())
    return feed


def test_steps_and_answers_are_reported_once():
    store = MemoryEvents()
    session = Session(store, step_of_kind("choice"))
    session.player.send(ChoiceAnswered(0))
    session.player.send(StepOpened("tilt"))
    places = [event.step for event in session.told(ev.Moved)]
    assert ["tilt", step_of_kind("choice"), "tilt"] == places
    answers = session.told(ev.Answered)
    assert (0, "choice") == (answers[0].choice, answers[0].kind)
    assert isinstance(answers[0].correct, bool)


def test_a_typed_number_is_reported_as_a_number():
    session = Session(MemoryEvents(), step_of_kind("number"))
    session.player.send(NumberAnswered("1/5"))
    assert [0.2] == [event.number for event in session.told(ev.Answered)]


def test_a_guess_is_reported_with_how_sure():
    session = Session(MemoryEvents(), step_of_kind("predict"))
    session.player.send(Predicted("high"))
    (answer,) = session.told(ev.Answered)
    assert answer.guess
    assert "high" == answer.confidence


def test_who_has_answered_is_known_here_before_the_room_has_heard_of_it():
    step = step_of_kind("predict")
    session = Session(MemoryEvents(), step)
    assert not session.member.has_answered(Place(LESSON, step))
    session.player.send(Predicted("low"))
    assert "ana" not in session.member.room.learners
    assert session.member.has_answered(Place(LESSON, step))


def seen(session: Session) -> StepView:
    return session.player.view_of(session.player.run)


async def test_a_held_reveal_shows_no_truth_until_it_is_opened():
    store = MemoryEvents()
    instructed(store)
    step = step_of_kind("predict")
    store.tell(INSTRUCTOR, ev.RevealHeld(LESSON, step))
    session = Session(store, step)
    await session.read()
    session.player.send(Predicted("low"))
    session.player.send(SolutionAsked())
    view = seen(session)
    assert (False, None, ("", "")) == (view.is_revealed, view.words.said, view.told)
    assert "instructor opens" in str(view.words.notice)
    store.tell(INSTRUCTOR, ev.RevealOpened(LESSON, step))
    await session.read()
    assert seen(session).is_revealed
    assert seen(session).words.said is not None


async def test_a_guess_that_is_held_can_be_left_behind():
    store = MemoryEvents()
    instructed(store)
    step = step_of_kind("predict")
    store.tell(INSTRUCTOR, ev.RevealHeld(LESSON, step))
    session = Session(store, step)
    await session.read()
    session.player.send(Predicted("low"))
    before = session.player.run.index
    assert before + 1 == session.player.send(NextAsked()).index


async def test_a_reveal_is_held_no_longer_than_somebody_leads():
    store = MemoryEvents()
    instructed(store)
    step = step_of_kind("predict")
    store.tell(INSTRUCTOR, ev.RevealHeld(LESSON, step))
    session = Session(store, step)
    session.player.send(Predicted("low"))
    await session.read()
    assert not seen(session).is_revealed
    store.tell(INSTRUCTOR, ev.LeadReleased())
    await session.read()
    assert seen(session).is_revealed


async def test_a_learner_who_leads_is_refused_and_logged(caplog: pytest.LogCaptureFixture):
    store = MemoryEvents()
    session = Session(store, step_of_kind("choice"))
    with caplog.at_level(logging.WARNING, logger=LOG.name):
        why = session.member.do(ev.Led(LESSON, "tilt"))
    assert "Only an instructor" in str(why)
    assert "refused: led by ana" in caplog.text
    await session.read()
    assert ["led"] == [refusal.what for refusal in session.feed.room.refusals]
    assert session.feed.room.lead.place is None


async def test_a_second_instructor_is_told_who_leads():
    store = MemoryEvents()
    instructed(store)
    session = Session(store, step_of_kind("choice"), "co")
    store.tell(INSTRUCTOR, ev.CoInstructorNamed("co"))
    await session.read()
    assert "instructor leads the class" in str(session.member.do(ev.TimerSet(60)))


async def test_a_step_is_shown_only_while_it_is_watched_and_can_be_drawn_elsewhere():
    store = MemoryEvents()
    watcher = instructed(store)
    session = Session(store, "tilt")
    session.player.send(ParameterTurned("slope", -3))
    await session.read()
    assert [] == session.told(ev.Shown)
    store.tell(INSTRUCTOR, ev.Watched("ana"))
    await session.read()
    session.player.send(ParameterTurned("slope", -2))
    await session.read()
    await session.read()
    assert 2 == len(session.told(ev.Shown))
    await watcher.read()
    shown = watcher.room.learners["ana"].shown
    assert shown is not None
    again = restore(course().lesson(LESSON), shown, 0)
    assert session.player.run.state.values == again.state.values


def test_a_place_is_a_lesson_and_a_step():
    session = Session(MemoryEvents(), "tilt")
    assert Place(LESSON, "tilt") == session.member.place
