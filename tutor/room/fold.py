"""Moves a room on, event by event: pure, and the same on every node.

It never raises: an event that makes no sense changes nothing, an event of somebody who may not do
it is refused, and the refusal is kept.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import singledispatch
from typing import Final

from tutor.room import events as ev
from tutor.room.events import Happened, Place
from tutor.room.learner import Learner
from tutor.room.room import Lead, Refusal, Room, kept_for, poll_of
from tutor.room.wire import kind_of

_KEPT_DURATIONS: Final = 300
_KEPT_REFUSALS: Final = 100
_KEPT_MESSAGES: Final = 100


def after(room: Room, happened: Happened) -> Room:
    """Return the room after an event; one that was counted already changes nothing."""
    if happened.id <= room.last_id:
        return room
    room = replace(room, last_id=happened.id, at=happened.at)
    if not room.may(happened.who, happened.event, happened.at):
        return _refused(room, happened, kind_of(happened.event))
    return _apply(happened.event, room, happened)


def _refused(room: Room, happened: Happened, what: str) -> Room:
    refusal = Refusal(happened.at, happened.who, what)
    return replace(room, refusals=(*room.refusals, refusal)[-_KEPT_REFUSALS:])


def _with(room: Room, learner: Learner) -> Room:
    return replace(room, learners={**room.learners, learner.name: learner})


def _learner(room: Room, happened: Happened) -> Learner:
    return room.learners.get(happened.who) or Learner(happened.who)


def _leading(room: Room, **changes: object) -> Room:
    return replace(room, lead=replace(room.lead, **changes))  # type: ignore[arg-type]  # its fields


@singledispatch
def _apply(_event: ev.Event, room: Room, _happened: Happened) -> Room:
    return room


# --- what learners do


@_apply.register
def _(event: ev.Joined, room: Room, happened: Happened) -> Room:
    presence = room.presence.joined(happened.who, event.process, happened.at)
    learner = replace(_learner(room, happened), key=event.key)
    if room.co_instructors.get(happened.who) != (event.key or None):
        room = _dismissed(room, happened.who)  # a name alone could be anybody's by now
    return _with(replace(room, presence=presence), learner)


def _dismissed(room: Room, name: str) -> Room:
    left = {each: key for each, key in room.co_instructors.items() if each != name}
    return replace(room, co_instructors=left)


@_apply.register
def _(event: ev.Left, room: Room, happened: Happened) -> Room:
    presence = room.presence.left(happened.who, event.process, happened.at)
    return replace(room, presence=presence)


@_apply.register
def _(event: ev.Present, room: Room, happened: Happened) -> Room:
    presence = room.presence.beaten(event.process, happened.at)
    return replace(room, presence=presence)


@_apply.register
def _(event: ev.Moved, room: Room, happened: Happened) -> Room:
    return _moved(room, happened, Place(event.lesson, event.step))


def _moved(room: Room, happened: Happened, place: Place) -> Room:
    old = _learner(room, happened)
    new = old.moved(place, happened.at)
    if len(new.visits) and new.visits[-1:] != old.visits[-1:]:
        visit = new.visits[-1]
        kept = (*room.durations.get(visit.place, ()), visit.seconds)[-_KEPT_DURATIONS:]
        room = replace(room, durations={**room.durations, visit.place: kept})
    return _with(room, new)


@_apply.register
def _(event: ev.Answered, room: Room, happened: Happened) -> Room:
    room = _moved(room, happened, Place(event.lesson, event.step))
    return _with(room, _learner(room, happened).answered(event, happened.at))


@_apply.register
def _(_event: ev.HandRaised, room: Room, happened: Happened) -> Room:
    learner = _learner(room, happened)
    return _with(room, replace(learner, hand_at=learner.hand_at or happened.at))


@_apply.register
def _(_event: ev.HandLowered, room: Room, happened: Happened) -> Room:
    return _with(room, replace(_learner(room, happened), hand_at=None))


@_apply.register
def _(_event: ev.Followed, room: Room, happened: Happened) -> Room:
    return _with(room, replace(_learner(room, happened), follows=True))


@_apply.register
def _(_event: ev.Detached, room: Room, happened: Happened) -> Room:
    return _with(room, replace(_learner(room, happened), follows=False))


@_apply.register
def _(event: ev.Voted, room: Room, happened: Happened) -> Room:
    poll = room.lead.poll
    if poll is None or not poll.is_open or event.poll != poll.id:
        return room
    if not 0 <= event.option < len(poll.options):
        return room
    votes = {**poll.votes, happened.who: event.option}
    return _leading(room, poll=replace(poll, votes=votes))


@_apply.register
def _(event: ev.Shown, room: Room, happened: Happened) -> Room:
    learner = _learner(room, happened)
    if learner.place != Place(event.lesson, event.step):
        return room
    return _with(room, replace(learner, shown=event.state))


@_apply.register
def _(event: ev.Refused, room: Room, happened: Happened) -> Room:
    return _refused(room, happened, event.what)


# --- what instructors do


@_apply.register
def _(event: ev.LeadTaken, room: Room, happened: Happened) -> Room:
    leader = room.leader(happened.at)
    if leader not in (None, happened.who):
        return _refused(room, happened, kind_of(ev.LeadTaken))
    if leader is None:  # what another has left behind does not bind the class
        return replace(room, lead=Lead(leader=happened.who, kept=kept_for(event.kept)))
    return room


@_apply.register
def _(_event: ev.LeadAsked, room: Room, happened: Happened) -> Room:
    if room.leader(happened.at) in (None, happened.who):
        return room
    return _leading(room, asked_by=happened.who)


@_apply.register
def _(event: ev.LeadHandedOver, room: Room, happened: Happened) -> Room:
    if event.to not in room.instructors:
        return _refused(room, happened, kind_of(event))
    return _leading(room, leader=event.to, asked_by=None)


@_apply.register
def _(_event: ev.LeadReleased, room: Room, _happened: Happened) -> Room:
    return replace(room, lead=Lead())


@_apply.register
def _(event: ev.Led, room: Room, happened: Happened) -> Room:
    place = Place(event.lesson, event.step)
    return _leading(room, place=place, called=happened.id, lab=None)


@_apply.register
def _(event: ev.RevealHeld, room: Room, _happened: Happened) -> Room:
    place = Place(event.lesson, event.step)
    return _leading(room, held=room.lead.held | {place}, opened=room.lead.opened - {place})


@_apply.register
def _(event: ev.RevealOpened, room: Room, _happened: Happened) -> Room:
    place = Place(event.lesson, event.step)
    return _leading(room, held=room.lead.held - {place}, opened=room.lead.opened | {place})


@_apply.register
def _(event: ev.Said, room: Room, happened: Happened) -> Room:
    return replace(room, messages=(*room.messages, (happened, event))[-_KEPT_MESSAGES:])


@_apply.register
def _(event: ev.PollOpened, room: Room, happened: Happened) -> Room:
    return _leading(room, poll=poll_of(happened.id, event)) if event.options else room


@_apply.register
def _(_event: ev.PollClosed, room: Room, _happened: Happened) -> Room:
    poll = room.lead.poll
    return room if poll is None else _leading(room, poll=replace(poll, is_open=False))


@_apply.register
def _(event: ev.TimerSet, room: Room, happened: Happened) -> Room:
    seconds = min(max(event.seconds, 0.0), 86_400.0)
    ends = happened.at + timedelta(seconds=seconds) if seconds else None
    return _leading(room, timer_ends=ends)


@_apply.register
def _(event: ev.LabSet, room: Room, happened: Happened) -> Room:
    return _leading(room, lab=(happened.id, event.code))


@_apply.register
def _(event: ev.CoInstructorNamed, room: Room, _happened: Happened) -> Room:
    learner = room.learners.get(event.name)
    if learner is None or event.name in room.by_name:
        return room
    return replace(room, co_instructors={**room.co_instructors, event.name: learner.key})


@_apply.register
def _(event: ev.CoInstructorDismissed, room: Room, happened: Happened) -> Room:
    if event.name == happened.who:
        return room
    return _dismissed(room, event.name)


@_apply.register
def _(_event: ev.NameFreed, room: Room, _happened: Happened) -> Room:
    return room  # the servers carry it out


@_apply.register
def _(event: ev.HandTaken, room: Room, _happened: Happened) -> Room:
    learner = room.learners.get(event.name)
    return room if learner is None else _with(room, replace(learner, hand_at=None))


@_apply.register
def _(event: ev.Watched, room: Room, happened: Happened) -> Room:
    return replace(room, watched={**room.watched, event.name: happened.who})


@_apply.register
def _(event: ev.Unwatched, room: Room, happened: Happened) -> Room:
    if room.watched.get(event.name) != happened.who:
        return room
    left = {name: who for name, who in room.watched.items() if name != event.name}
    return replace(room, watched=left)


@_apply.register
def _(_event: ev.ClassEnded, room: Room, _happened: Happened) -> Room:
    return replace(room, lead=Lead(), watched={})
