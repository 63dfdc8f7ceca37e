"""What a member of a room is told: a line that stands, and notices of what happened."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import singledispatch

from tutor.i18n import Text, message
from tutor.lesson.catalog import Catalog
from tutor.player.room_member import RoomMember
from tutor.room import events as ev
from tutor.room.events import Happened, Place
from tutor.room.learner import LONGEST_NAME, shown
from tutor.room.wire import LONGEST_TEXT

NAME, TEXT = LONGEST_NAME, LONGEST_TEXT


def place_words(catalog: Catalog, place: Place) -> Text:
    """Return a step as people call it: `5.3 The first step`."""
    lesson = next((each for each in catalog.lessons if each.id == place.lesson), None)
    if lesson is None:
        return shown(place.lesson, 60)
    number = catalog.numbers.get(lesson.id)
    ids: list[str] = [step.id for step in lesson.steps]
    if place.step not in ids:
        return lesson.title
    index = ids.index(place.step)
    title = lesson.steps[index].title or lesson.title
    where = f"{index + 1}" if number is None else f"{number}.{index + 1}"
    return f"{where} {title}"


def class_line(member: RoomMember, catalog: Catalog) -> tuple[Text, ...]:
    """Return the parts of the line over a learner's screen; none while nobody leads."""
    room, now = member.room, member.now
    parts: list[Text] = []
    place = room.class_place(now)
    if place is not None and not member.leads:
        where = place_words(catalog, place)
        is_open = place in room.lead.opened and not member.is_instructor
        if member.follows and member.place == place and is_open:
            parts.append(message("With the class: {where} (A: its answers)", where=where))
        elif member.follows and member.place == place:
            parts.append(message("With the class: {where} (f: your own pace)", where=where))
        elif member.follows:
            parts.append(message("The class is at {where} (f: go there)", where=where))
        else:
            parts.append(message("The class is at {where} (f: catch up)", where=where))
    poll = room.lead.poll
    if poll is not None and member.may_vote:
        parts.append(message("Poll (P): {question}", question=shown(poll.question, 60)))
    parts += timer_words(member)
    if member.hand_is_up:
        parts.append(message("✋ hand up (H: down)"))
    if room.watcher_of(member.name, now) is not None:
        parts.append(message("👁 watched"))
    return tuple(parts)


def timer_words(member: RoomMember) -> list[Text]:
    """Return what is left of the timer, where one runs."""
    ends = member.room.lead.timer_ends
    if ends is None or not member.room.is_led(member.now):
        return []
    left = round((ends - member.now).total_seconds())
    if left < -60:
        return []
    return [message("⏱ {time}", time=clock(max(left, 0)))]


def clock(seconds: float) -> str:
    """Return a time as minutes and seconds: `2:05`; from an hour on `1:02:05`.

    >>> clock(125), clock(3725)
    ('2:05', '1:02:05')
    """
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def notices(happened: Happened, member: RoomMember) -> Iterator[Text]:
    """Yield what to tell a member of an event that came into the room."""
    if happened.who != member.name or isinstance(happened.event, ev.Refused):
        yield from _notices(happened.event, happened, member)


@singledispatch
def _notices(_event: ev.Event, _happened: Happened, _member: RoomMember) -> Iterator[Text]:
    yield from ()


@_notices.register
def _(event: ev.Said, happened: Happened, member: RoomMember) -> Iterator[Text]:
    if happened.who not in member.room.instructors:
        return
    words = shown(event.text, TEXT)
    if event.to is None:
        yield message("{name}: {words}", name=shown(happened.who), words=words)
    elif event.to == member.name:
        yield message("{name} to you: {words}", name=shown(happened.who), words=words)


@_notices.register
def _(_event: ev.LeadTaken, happened: Happened, member: RoomMember) -> Iterator[Text]:
    if member.room.lead.leader == happened.who:
        yield message("{name} leads the class.", name=shown(happened.who))


@_notices.register
def _(_event: ev.LeadAsked, happened: Happened, member: RoomMember) -> Iterator[Text]:
    if member.leads and member.room.lead.asked_by == happened.who:
        yield message("{name} asks for the lead.", name=shown(happened.who))


@_notices.register
def _(event: ev.LeadHandedOver, _happened: Happened, member: RoomMember) -> Iterator[Text]:
    if member.room.lead.leader == event.to:
        yield (
            message("You lead the class now.") if event.to == member.name
            else message("{name} leads the class.", name=shown(event.to))
        )  # fmt: skip


@_notices.register
def _(event: ev.CoInstructorNamed, _happened: Happened, member: RoomMember) -> Iterator[Text]:
    if event.name == member.name and member.is_instructor:
        yield message("You may teach too: R opens the room.")


@_notices.register
def _(event: ev.RevealOpened, happened: Happened, member: RoomMember) -> Iterator[Text]:
    place = Place(event.lesson, event.step)
    if place == member.place and _drives(happened, member):
        yield message("The answer is open.")


@_notices.register
def _(event: ev.PollOpened, happened: Happened, member: RoomMember) -> Iterator[Text]:
    poll = member.room.lead.poll
    if poll is not None and poll.id == happened.id:
        yield message("A poll: {question} (P answers)", question=shown(event.question, TEXT))


@_notices.register
def _(event: ev.TimerSet, happened: Happened, member: RoomMember) -> Iterator[Text]:
    if event.seconds > 0 and _drives(happened, member):
        yield message("The timer runs: {time}.", time=clock(event.seconds))


@_notices.register
def _(event: ev.HandTaken, happened: Happened, member: RoomMember) -> Iterator[Text]:
    if event.name == member.name and happened.who in member.room.instructors:
        yield message("Your hand was lowered.")


@_notices.register
def _(event: ev.Watched, happened: Happened, member: RoomMember) -> Iterator[Text]:
    if event.name == member.name and happened.who in member.room.instructors:
        yield message("{name} looks at your step; they can change nothing.",
                      name=shown(happened.who))  # fmt: skip


@_notices.register
def _(event: ev.Unwatched, happened: Happened, member: RoomMember) -> Iterator[Text]:
    if event.name == member.name and happened.who in member.room.instructors:
        yield message("Nobody looks at your step any more.")


@_notices.register
def _(_event: ev.ClassEnded, happened: Happened, member: RoomMember) -> Iterator[Text]:
    if happened.who in member.room.instructors and member.room.lead.leader is None:
        yield message("The class is over. Go on at your own pace; all is kept.")


@_notices.register
def _(event: ev.Refused, happened: Happened, member: RoomMember) -> Iterator[Text]:
    if member.is_instructor and happened.who != member.name:
        yield message("{name} tried what only an instructor can do ({what}); refused.",
                      name=shown(happened.who), what=shown(event.what))  # fmt: skip


def _drives(happened: Happened, member: RoomMember) -> bool:
    """Whether somebody was heard who may lead: a forged event is passed over."""
    return member.room.lead.leader == happened.who


def lost_lead(before: str | None, member: RoomMember, now: datetime) -> Text | None:
    """Return what to say when the one who led is gone for too long; None else."""
    if before is None or member.room.leader(now) is not None:
        return None
    if member.room.lead.leader != before:
        return None
    return message(
        "{name} is gone: the class is led no more. Go on at your own pace.", name=shown(before)
    )
