"""The instructor's screen: who needs help, and what the class thinks."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import ClassVar, Final

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical
from textual.getters import query_one
from textual.widgets import Input

from tutor.i18n import render
from tutor.lesson.catalog import Catalog
from tutor.player.room_member import RoomMember
from tutor.player.room_words import place_words
from tutor.room.events import Event
from tutor.room.glance import fullest_place
from tutor.room.roster import roster
from tutor.tui.commands import ROOM_COMMANDS, Command, bindings
from tutor.tui.screens.room_leading import ABOUT_ONE, Leading
from tutor.tui.screens.tutor_screen import TWO_COLUMNS_FROM, TooSmall, TutorScreen
from tutor.tui.widgets.class_glance import ClassGlance
from tutor.tui.widgets.class_line import RoomHead
from tutor.tui.widgets.key_bar import KeyBar
from tutor.tui.widgets.roster_list import RosterHead, RosterList

_TICK: Final = 1.0


class RoomScreen(TutorScreen[None]):
    """Roster at the left, the class at a glance at the right; on a narrow screen one at a time."""

    DEFAULT_CSS = """
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
        super().__init__()
        self.leading = Leading(self, member, catalog, do, lambda: self.people.chosen)
        self._had_people = False
        self._shown_at = 0.0

    def compose(self) -> ComposeResult:
        """Lay out the head, the roster, the glance and the footer."""
        yield TooSmall()
        yield RoomHead()
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
        self.leading.catalog = catalog

    def show_anew(self) -> None:
        """Fill in everything again."""
        self.query_one(RosterHead).refresh()
        self.show_room()

    def show_room(self) -> None:
        """Show the room as it is now."""
        if not self.is_current or not self.query(RosterList):
            return
        self._shown_at = monotonic()
        member, catalog = self.leading.member, self.leading.catalog
        room, now = member.room, member.now
        lines = roster(room, now, self.query_one("#search", Input).value.strip())
        places = {line.learner.place for line in lines if line.learner.place is not None}
        self.people.places = {each: render(place_words(catalog, each)) for each in places}
        self.people.lines = lines
        self.query_one(RosterHead).longest = self.people.longest
        self.query_one(RoomHead).show(member, catalog)
        place = room.class_place(now) or fullest_place(room)
        lesson = next((each for each in catalog.lessons if place and each.id == place.lesson), None)
        if place is not None and lesson is not None:
            self.glance.show(room, lesson, place.step, now)
        if bool(lines) != self._had_people:  # the footer is laid out anew: not each second
            self._had_people = bool(lines)
            self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the other side only where one is shown at a time, people only where there are."""
        if action == "next_side":
            return self.size.width < TWO_COLUMNS_FROM
        if action == "lead" and parameters[0] in ABOUT_ONE:
            return bool(self.query(RosterList)) and self.people.line is not None
        return True

    # --- the roster

    @on(RosterList.Chosen)
    def open_learner(self) -> None:
        """Show what a learner did."""
        self.leading.carry_out("open_learner")

    def action_lead(self, name: str) -> None:
        """Carry out a command of who teaches."""
        self.leading.carry_out(name)

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

    def on_resize(self, event: events.Resize) -> None:
        """Lay out for one side or two."""
        super().on_resize(event)
        self.call_after_refresh(self.show_room)
