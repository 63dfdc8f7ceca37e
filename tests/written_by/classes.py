"""The events of a class: each kind that there is, as they stand in a database."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from tests.room.classes import NEXT, NOON, TILT, answered, moved
from tests.room.memory import MemoryEvents
from tutor.engine.descent.setup import Setup
from tutor.engine.lab.state_code import encode
from tutor.engine.lesson.advance import begin
from tutor.engine.lesson.resume import snapshot
from tutor.lesson.catalog import Catalog
from tutor.room import events as ev
from tutor.room.events import Event, Place
from tutor.room.room import BEAT_SECONDS, INSTRUCTOR, Room
from tutor.room.wire import kind_of
from tutor.store.model import WorkshopEvent

GUESS: Final = Place("gradients/derivative", "guess-slope")
PROCESSES: Final = ("teaching", "one", "two")
KEY: Final = "SHA256:{}{}"


def a_class(catalog: Catalog) -> tuple[MemoryEvents, list[tuple[int, datetime]]]:
    """Return the events of a morning with two who teach and six who learn.

    With them, moments at which to look at the class: the number of the last event, and the time.
    """
    told = MemoryEvents()
    moments = []
    for part in (_come_in, partial(_lead, catalog=catalog), _answer, _end):
        part(told)
        moments.append((told.events[-1].id, told.at + timedelta(seconds=3)))
    return told, moments


def room_after(events: Sequence[WorkshopEvent], last: int) -> Room:
    """Return the room as a process reads it from the database after event `last`."""
    told = MemoryEvents()
    told.events = [each for each in events if each.id <= last]
    feed = told.feed()
    asyncio.run(feed.read())
    return feed.room


def _tell(told: MemoryEvents, who: str | None, *events: Event, every: float = 7.0) -> None:
    """Let somebody do things; the processes give signs of life meanwhile, as they do."""
    for event in events:
        told.wait(every)
        told.tell(who, event)
        beats = [each.at for each in told.events if each.kind == kind_of(ev.Present)]
        if (told.at - max(beats, default=NOON)).total_seconds() >= BEAT_SECONDS:
            for process in PROCESSES:
                told.tell(None, ev.Present(process))


def _come_in(told: MemoryEvents) -> None:
    _tell(told, INSTRUCTOR, ev.Joined("teaching", KEY.format("i", "0" * 42)), ev.LeadTaken(90.0))
    for number, name in enumerate(("ana", "bo", "陈小明", "eve", "fay", "gil")):
        process = "one" if number % 2 else "two"
        _tell(told, name, ev.Joined(process, KEY.format(number, "a" * 42)), moved(TILT))
    _tell(told, "gil", ev.Left("one"))
    _tell(told, INSTRUCTOR, ev.Forgotten())
    _tell(told, "eve", ev.LeadHandedOver("eve"), ev.Refused("led"))


def _lead(told: MemoryEvents, catalog: Catalog) -> None:
    _tell(
        told, INSTRUCTOR, ev.Led(GUESS.lesson, GUESS.step), ev.RevealHeld(GUESS.lesson, GUESS.step),
        ev.TimerSet(120.0), ev.CoInstructorNamed("fay"), ev.Watched("bo"), ev.Watched("ana"),
        ev.Unwatched("ana"), ev.Said("Guess first, then look.\n先猜，再看。"),
    )  # fmt: skip
    state = snapshot(begin(catalog.lesson(TILT.lesson), 3))
    _tell(told, "bo", ev.Shown(TILT.lesson, TILT.step, state))
    _tell(told, "fay", ev.LeadAsked(), ev.Said("I take the left row.", "ana"))


def _answer(told: MemoryEvents) -> None:
    for name, guess in (("ana", (0.4,)), ("bo", (2.5,)), ("陈小明", (1.0,))):
        _tell(told, name, answered(GUESS, correct=guess == (1.0,), kind="predict", guess=guess,
                                   answer=repr(guess[0])))  # fmt: skip
    _tell(told, INSTRUCTOR, ev.RevealOpened(GUESS.lesson, GUESS.step))
    _tell(
        told, "ana", ev.HandRaised(), answered(NEXT, correct=False, choice=0, misconception="G1"),
        answered(NEXT, choice=2, answer="2"),
    )  # fmt: skip
    _tell(told, "bo", answered(NEXT, correct=False, choice=1, misconception="G1"), ev.HandRaised())
    _tell(told, "陈小明", ev.Detached(), answered(TILT, kind="number", number=-0.5, answer="-1/2"),
          ev.HandRaised(), ev.HandLowered())  # fmt: skip
    _tell(told, "eve", answered(NEXT, correct=None, kind="code", answer="solution seen"),
          ev.Detached(), ev.Followed())  # fmt: skip
    _tell(
        told, INSTRUCTOR, ev.HandTaken("ana"), ev.PollOpened("Break?", ("now", "later", "不休息"))
    )
    poll = next(each.id for each in told.events if each.kind == kind_of(ev.PollOpened))
    _tell(told, "ana", ev.Voted(poll, 1))
    _tell(told, "bo", ev.Voted(poll, 2))
    _tell(told, "ana", ev.Voted(poll, 0))
    _tell(told, INSTRUCTOR, ev.PollClosed(), ev.LabSet(encode(Setup())))


def _end(told: MemoryEvents) -> None:
    """Hand the class over; it ends, another begins and goes on."""
    _tell(told, INSTRUCTOR, ev.LeadHandedOver("fay"), every=2)
    _tell(told, "fay", ev.ClassEnded(), every=2)
    _tell(told, "fay", ev.LeadTaken(), ev.LeadReleased(), ev.LeadTaken(), every=2)
    _tell(
        told, "fay", ev.Led(NEXT.lesson, NEXT.step), ev.RevealHeld(GUESS.lesson, GUESS.step),
        ev.RevealOpened(TILT.lesson, TILT.step), ev.PollOpened("Why?", ("a", "b")),
        ev.TimerSet(60.0), ev.CoInstructorDismissed("fay"), ev.Watched("bo"), every=2,
    )  # fmt: skip
    _tell(told, INSTRUCTOR, ev.LeadAsked(), every=2)
