"""What is said of the class in a row: over a learner's screen, and at the head of the room."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from tutor.i18n import Text, message, plural, render
from tutor.lesson.catalog import Catalog
from tutor.player.room_member import RoomMember
from tutor.player.room_words import place_words, timer_words
from tutor.room.glance import class_of
from tutor.room.learner import shown
from tutor.tui.commands import HAND_OVER, REVEAL, TAKE_LEAD


class ClassLine(Static):
    """Where the class is; it takes no room while it has no words: while nobody leads."""

    DEFAULT_CSS = """
    ClassLine {
        display: none; dock: top; height: 1; width: 100%; padding: 0 1;
        background: $secondary-muted; color: $text; text-wrap: nowrap; text-overflow: ellipsis;
        &.-shown { display: block; }
    }
    """

    words: reactive[str] = reactive("", init=False)
    """What to say."""

    def __init__(self) -> None:
        super().__init__(markup=False)

    def watch_words(self, words: str) -> None:
        """Say it, or give the room back."""
        self.update(words)
        self.set_class(bool(words), "-shown")


class RoomHead(Static):
    """How many are there, who leads and where to, and what goes on."""

    DEFAULT_CSS = """
    RoomHead { height: auto; max-height: 4; padding: 0 1; background: $panel; }
    """

    def __init__(self) -> None:
        super().__init__(markup=False)

    def show(self, member: RoomMember, catalog: Catalog) -> None:
        """Say it of the room as it is now."""
        title = render(message("Room"))
        trouble = " · ".join(map(render, member.trouble))
        parts = (*_present(member), *_led(member, catalog), *timer_words(member), *_poll(member))
        head = Content.assemble(
            (f"{title}  ", "bold $text-primary"),
            (f"{trouble}\n" if trouble else "", "$text-warning"),
            " · ".join(map(render, parts)),
        )
        self.update(head)


def _present(member: RoomMember) -> Iterator[Text]:
    room, now = member.room, member.now
    learners = list(class_of(room))
    here = sum(room.presence.is_online(learner.name, now) for learner in learners)
    yield plural("{count} learner here", "{count} learners here", here)
    hands = sum(learner.hand_at is not None for learner in learners)
    if hands:
        yield plural("{count} hand up", "{count} hands up", hands)


def _led(member: RoomMember, catalog: Catalog) -> Iterator[Text]:
    room, now = member.room, member.now
    leader, place = room.leader(now), room.class_place(now)
    if leader is None:
        yield message("nobody leads ({key})", key=TAKE_LEAD.letter)
    elif member.leads:
        yield message("you lead")
    else:
        yield message("{name} leads ({key}: ask)", name=shown(leader), key=TAKE_LEAD.letter)
    if place is not None:
        yield message("class at {where}", where=place_words(catalog, place))
        if place in room.lead.held:
            yield message("answer held ({key} opens it)", key=REVEAL.letter)
        elif place in room.lead.opened:
            yield message("answer open")
    if room.lead.asked_by is not None and member.leads:
        asks = shown(room.lead.asked_by)
        yield message("{name} asks for the lead ({key})", name=asks, key=HAND_OVER.letter)


def _poll(member: RoomMember) -> Iterator[Text]:
    poll = member.room.lead.poll
    if poll is not None:
        votes = zip(poll.options, poll.counts(), strict=True)
        counts = "  ".join(f"{shown(option, 20)} {count}" for option, count in votes)
        yield f"{shown(poll.question, 40)} {counts}"
