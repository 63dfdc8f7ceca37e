"""The instructor's screen: who needs help, and what the class thinks."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import ClassVar, Final

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Input, Static

from tutor.i18n import Text, message, plural, render
from tutor.lesson.catalog import Catalog
from tutor.lesson.model import Lesson
from tutor.player.room_member import RoomMember
from tutor.player.room_words import place_words, timer_words
from tutor.room.events import Event, Place
from tutor.room.glance import class_of, lessons
from tutor.room.learner import shown
from tutor.room.roster import Line, roster
from tutor.tui.commands import ROOM_COMMANDS, Command, bindings
from tutor.tui.screens.room_leading import RoomLeading
from tutor.tui.screens.tutor_screen import TWO_COLUMNS_FROM, TooSmall
from tutor.tui.widgets.class_glance import ClassGlance
from tutor.tui.widgets.key_bar import KeyBar
from tutor.tui.widgets.roster_list import RosterHead, RosterList

_TICK: Final = 1.0


class RoomScreen(RoomLeading):
    """Roster at the left, the class at a glance at the right; on a narrow screen one at a time."""

    DEFAULT_CSS = """
    RoomScreen > #room-head { height: auto; max-height: 4; padding: 0 1; background: $panel; }
    RoomScreen #room { height: 1fr; layout: horizontal; }
    RoomScreen #who { width: 1fr; height: 1fr; }
    RoomScreen #search { display: none; margin: 0 1; }
    RoomScreen ClassGlance { border-left: solid $panel; }
    RoomScreen.-narrow ClassGlance { display: none; border-left: none; }
    RoomScreen.-narrow.-glance ClassGlance { display: block; }
    RoomScreen.-narrow.-glance #who { display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings(ROOM_COMMANDS)
    OWN_COMMANDS: ClassVar[tuple[Command, ...]] = ROOM_COMMANDS
    AUTO_FOCUS = "RosterList"
    shows_class_line = False

    people = query_one(RosterList)
    glance = query_one(ClassGlance)

    def __init__(self, member: RoomMember, catalog: Catalog, do: Callable[[Event], bool]) -> None:
        """`do` does something in the room, and says why where it is refused."""
        super().__init__(member, catalog, do)
        self._had_people = False
        self._shown_at = 0.0

    def compose(self) -> ComposeResult:
        """Lay out the head, the roster, the glance and the footer."""
        yield TooSmall()
        yield Static(id="room-head", markup=False)
        with Container(id="room"):
            with Vertical(id="who"):
                yield Input(id="search", compact=True)
                yield RosterHead()
                yield RosterList()
            yield ClassGlance()
        yield KeyBar()

    def on_mount(self) -> None:
        """Show the class, and how time goes by: what happens is shown at once."""
        self.set_interval(_TICK, self._let_time_go_by)
        self.show_room()

    def class_moved_on(self) -> None:
        """Show what is new."""
        self.show_room()

    def on_screen_resume(self) -> None:
        """Show what happened meanwhile."""
        self.show_room()

    def _let_time_go_by(self) -> None:
        if monotonic() - self._shown_at > _TICK / 2:
            self.show_room()

    def use_catalog(self, catalog: Catalog) -> None:
        """Name the steps in another language."""
        self._catalog = catalog

    def show_anew(self) -> None:
        """Fill in everything again."""
        self.query_one(RosterHead).refresh()
        self.show_room()

    def show_room(self) -> None:
        """Show the room as it is now."""
        if not self.is_current or not self.query(RosterList):
            return
        self._shown_at = monotonic()
        room, now = self._member.room, self._member.now
        lines = roster(room, now, self.query_one("#search", Input).value.strip())
        self.people.places = self._places(lines)
        self.people.lines = lines
        self.query_one(RosterHead).longest = self.people.longest
        self.query_one("#room-head", Static).update(self._head())
        place = room.class_place(now) or self._fullest()
        lesson = None if place is None else self._lesson(place.lesson)
        if place is not None and lesson is not None:
            self.glance.show(room, lesson, place.step, now)
        if bool(lines) != self._had_people:  # the footer is laid out anew: not each second
            self._had_people = bool(lines)
            self.refresh_bindings()

    def _places(self, lines: tuple[Line, ...]) -> dict[object, str]:
        places = {line.learner.place for line in lines if line.learner.place is not None}
        return {place: render(place_words(self._catalog, place)) for place in places}

    def _chosen(self) -> str:
        return self.people.chosen

    def _fullest(self) -> Place | None:
        """Return the step where most learners are, in the lesson where most are."""
        full = lessons(self._member.room)
        here = [each.place for each in class_of(self._member.room) if each.place is not None]
        here = [place for place in here if place.lesson == full[0]]
        return max(set(here), key=lambda p: (here.count(p), p.step)) if here else None

    def _lesson(self, lesson_id: str) -> Lesson | None:
        return next((each for each in self._catalog.lessons if each.id == lesson_id), None)

    def _head(self) -> Content:
        room, now, member = self._member.room, self._member.now, self._member
        learners = list(class_of(room))
        here = sum(room.presence.is_online(learner.name, now) for learner in learners)
        hands = sum(learner.hand_at is not None for learner in learners)
        parts: list[Text] = [plural("{count} learner here", "{count} learners here", here)]
        if hands:
            parts.append(plural("{count} hand up", "{count} hands up", hands))
        leader = room.leader(now)
        if leader is None:
            parts.append(message("nobody leads (l)"))
        elif member.leads:
            parts.append(message("you lead"))
        else:
            parts.append(message("{name} leads (l: ask)", name=shown(leader)))
        place = room.class_place(now)
        if place is not None:
            parts.append(message("class at {where}", where=place_words(self._catalog, place)))
            if place in room.lead.held:
                parts.append(message("answer held (h opens it)"))
            elif place in room.lead.opened:
                parts.append(message("answer open"))
        if room.lead.asked_by is not None and member.leads:
            asked = shown(room.lead.asked_by)
            parts.append(message("{name} asks for the lead (o)", name=asked))
        parts += [*timer_words(member), *self._poll_words()]
        title = render(message("Room"))
        words = " · ".join(render(part) for part in parts)
        trouble = " · ".join(map(render, member.trouble))
        return Content.assemble(
            (f"{title}  ", "bold $text-primary"),
            (f"{trouble}\n" if trouble else "", "$text-warning"),
            words,
        )

    def _poll_words(self) -> list[Text]:
        poll = self._member.room.lead.poll
        if poll is None:
            return []
        votes = zip(poll.options, poll.counts(), strict=True)
        counts = "  ".join(f"{shown(option, 20)} {count}" for option, count in votes)
        return [f"{shown(poll.question, 40)} {counts}"]

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        """Offer the other side only where one is shown at a time, people only where there are."""
        if action == "next_side":
            return self.size.width < TWO_COLUMNS_FROM
        if action in ("watch_learner", "say_to_one", "lower_hand", "toggle_co_instructor"):
            return bool(self.query(RosterList)) and self.people.line is not None
        return True

    # --- the roster

    @on(RosterList.Chosen)
    def open_learner(self, chosen: RosterList.Chosen) -> None:
        """Show what a learner did."""
        from tutor.tui.screens.room_person import PersonScreen  # noqa: PLC0415 — only if asked

        self.app.push_screen(PersonScreen(self._member, chosen.name, self._catalog))

    def action_search(self) -> None:
        """Open the field for a name."""
        field = self.query_one("#search", Input)
        field.display = True
        self.set_focus(field)  # at once: a q that is typed next is of a name, and ends nothing

    @on(Input.Changed, "#search")
    def find(self) -> None:
        """Show whose name holds what is typed."""
        self.show_room()

    @on(Input.Submitted, "#search")
    def leave_search(self) -> None:
        """Go to those who were found."""
        self.people.focus()

    def action_leave_room(self) -> None:
        """Leave the search; else the room."""
        field = self.query_one("#search", Input)
        if field.display:
            field.value = ""
            field.display = False
            self.people.focus()
        else:
            self.dismiss(None)

    def action_next_side(self) -> None:
        """Show the roster, or the class at a glance."""
        self.toggle_class("-glance")

    def action_watch_learner(self) -> None:
        """See a learner's step as they see it."""
        from tutor.tui.screens.room_watch import WatchScreen  # noqa: PLC0415 — only if asked

        screen = WatchScreen(self._member, self.people.chosen, self._catalog, self._do)
        self.app.push_screen(screen)

    def on_resize(self, event: events.Resize) -> None:
        """Lay out for one side or two."""
        super().on_resize(event)
        self.call_after_refresh(self.show_room)
