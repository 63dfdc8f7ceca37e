"""The class, in the app of one who takes part: it is there in a workshop only.

It follows the class, tells what happens in it, and does what the keys of the class ask for.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

from textual.app import App

from tutor.engine.lab.lab import Lab
from tutor.engine.lab.state_code import decode
from tutor.errors import TutorError
from tutor.i18n import Text, message, render
from tutor.player.room_member import RoomMember
from tutor.player.room_words import class_line, lost_lead, notices
from tutor.room.events import (
    Event,
    Happened,
    LeadTaken,
    Led,
    Place,
    PollOpened,
    RevealOpened,
    Said,
    Voted,
)
from tutor.room.learner import shown
from tutor.tui.commands import BRING_HERE, OPEN_ROOM
from tutor.tui.navigation import Navigation
from tutor.tui.screens.lesson import LessonScreen
from tutor.tui.screens.pick import Pick, PickScreen
from tutor.tui.screens.room import RoomScreen
from tutor.tui.screens.room_projector import ProjectorScreen
from tutor.tui.screens.tutor_screen import TutorScreen
from tutor.tui.widgets.class_line import ClassLine

_NOTICE_SECONDS, _LETTER_SECONDS = 6, 15
"""For which a notice stands over the step, and one that somebody wrote or asked."""
_TEACHING_KEYS: Final = frozenset({*OPEN_ROOM.keys, *BRING_HERE.keys})


class Classroom:
    """One app's part in its class."""

    def __init__(
        self,
        app: App[None],
        member: RoomMember,
        navigation: Navigation,
        open_lab: Callable[[Lab], object],
    ) -> None:
        self._app, self._member, self._navigation = app, member, navigation
        self._open_lab_on = open_lab
        lead = member.room.lead
        self._leader = member.room.leader(member.now)
        self._followed = 0
        """The number of the call of the class that was followed last."""
        self._lab_opened = lead.lab[0] if lead.lab else 0
        self._shown: dict[str, object] = {}
        """What was shown last, by what it is of: nothing is laid out anew at every event."""
        self._doings: dict[str, Callable[[], Awaitable[None] | None]] = {
            "toggle_follow": self._toggle_follow,
            "toggle_hand": self._toggle_hand,
            "answer_poll": self._ask_vote,
            "class_answers": self._show_answers,
            "open_room": self._open_room,
            "bring_here": self._bring_here,
        }

    async def join(self, *, opens_projector: bool = False) -> None:
        """Take part; who comes late is brought to where the class is."""
        self._member.join(self._hear)
        self._app.refresh_bindings()
        if self._member.is_instructor:
            self._open_room()
        if opens_projector:
            projector = ProjectorScreen(self._member, self._navigation.at_hand.lessons)
            await self._app.push_screen(projector)
        await self._keep_up()

    def leave(self) -> None:
        """Take part no more; may be called twice."""
        self._member.leave()

    # --- what is done by key

    def offers(self, action: str) -> bool:
        """Whether a command of the class can be given now, by the name in its action."""
        member, teaches = self._member, self._member.is_instructor
        if action == "open_room":
            return teaches and self._room_screen() is None
        if action == "bring_here":
            return teaches and self._place() is not None
        if action == "answer_poll":
            return member.may_vote
        if action == "toggle_follow":
            return not member.leads and member.room.class_place(member.now) is not None
        return not teaches and (action != "class_answers" or member.answers_are_open)

    async def do(self, action: str) -> None:
        """Carry out a command of the class."""
        done = self._doings[action]()
        if done is not None:
            await done

    def refuse_teaching(self, key: str) -> None:
        """Tell a learner who presses a key of those who teach why it does nothing."""
        if not self._member.is_instructor and key in _TEACHING_KEYS:
            self._tell(LeadTaken())

    async def _toggle_follow(self) -> None:
        """Go where the class is; who is there already leaves it for their own pace."""
        member = self._member
        place = member.room.class_place(member.now)
        if place is None:
            return
        if member.follows and self._place() == place:
            member.follow(False)
            self._say(message("Your own pace now. f catches up with the class."))
        else:
            member.follow(True)
            await self._go_to(place)
        await self.show_line()

    async def _toggle_hand(self) -> None:
        self._member.raise_hand(not self._member.hand_is_up)
        up = self._member.hand_is_up
        self._say(message("Your hand is up.") if up else message("Your hand is down."))
        await self.show_line()

    def _ask_vote(self) -> None:
        poll = self._member.room.lead.poll
        if poll is None:
            return
        picks = [Pick(str(k), shown(option, 60)) for k, option in enumerate(poll.options)]

        def vote(picked: str | None) -> None:
            if picked is not None:
                self._tell(Voted(poll.id, int(picked)))

        self._app.push_screen(PickScreen(shown(poll.question, 200), picks), vote)

    def _show_answers(self) -> None:
        answers = ProjectorScreen(
            self._member, self._navigation.at_hand.lessons, is_of_learner=True
        )
        self._app.push_screen(answers)

    def _open_room(self) -> None:
        self._app.push_screen(
            RoomScreen(self._member, self._navigation.at_hand.lessons, self._tell)
        )

    def _bring_here(self) -> None:
        place = self._place()
        if place is not None and self._tell(Led(place.lesson, place.step)):
            self._say(message("The class is called here."))

    def _tell(self, event: Event) -> bool:
        """Do something in the room; say why where it was refused."""
        why = self._member.do(event)
        if why is not None:
            self._say(why)
        return why is None

    # --- what happens in the room

    def _hear(self, happened: Sequence[Happened]) -> None:
        """Called from the reader's task: go on in this app's own, in its learner's language."""
        if self._app.is_running and (happened or self._is_due()):
            self._app.call_later(self._take_note, happened)

    def _is_due(self) -> bool:
        """Whether there is something to do though nothing happened; 300 sessions ask."""
        member = self._member
        room, now = member.room, member.now
        if room.lead.timer_ends is not None or member.name in room.watched:
            return True
        return room.leader(now) != self._leader

    async def _take_note(self, happened: Sequence[Happened]) -> None:
        member = self._member
        member.see(happened)
        for each in happened:
            is_letter = isinstance(each.event, Said | PollOpened)
            for words in notices(each, member):
                self._say(words, _LETTER_SECONDS if is_letter else _NOTICE_SECONDS)
            self._show_opened(each)
        lost = lost_lead(self._leader, member, member.now)
        if lost is not None:
            self._say(lost)
        self._leader = member.room.leader(member.now)
        await self._keep_up()
        screen = self._app.screen
        if isinstance(screen, TutorScreen) and screen.is_running:
            screen.class_moved_on()
        if self._is_new("offers", [*map(self.offers, self._doings)]):
            self._app.refresh_bindings()

    async def _keep_up(self) -> None:
        await self._follow_call()
        self._show_lessons_again()
        await self.show_line()

    async def _follow_call(self) -> None:
        """Go where the class was called to, once; in one's own pace, stay."""
        member = self._member
        if member.is_instructor or not member.follows:
            return
        lead = member.room.lead
        place = member.room.class_place(member.now)
        if place is not None and lead.called > self._followed:
            await self._go_to(place)
        if lead.lab is not None and lead.lab[0] > self._lab_opened and self._leader is not None:
            self._lab_opened = lead.lab[0]
            self._open_lab(lead.lab[1])

    async def _go_to(self, place: Place) -> None:
        self._followed = self._member.room.lead.called
        await self._navigation.go_to(place.lesson, place.step)

    def _open_lab(self, code: str) -> None:
        try:
            self._open_lab_on(decode(code))
        except TutorError as error:
            self._say(error.text)

    def _show_lessons_again(self) -> None:
        """Where an answer was held back or opened, show the lesson as it may be seen now."""
        member = self._member
        seen = member.room.lead.held, self._leader is None, member.is_instructor
        if not self._is_new("lessons", seen):
            return
        for screen in self._app.screen_stack:
            if isinstance(screen, LessonScreen) and screen.is_mounted:
                screen.look_again()

    async def show_line(self) -> None:
        """Say over the learner's screens where the class is."""
        parts = class_line(self._member, self._navigation.at_hand.lessons)
        words = "   ".join(render(part) for part in parts)
        screens: list[TutorScreen[Any]] = [
            each for each in self._app.screen_stack if isinstance(each, TutorScreen)
        ]
        if not self._is_new("line", (words, screens)) and not words:
            return
        for screen in screens:
            if not screen.shows_class_line:
                continue
            lines = screen.query(ClassLine)
            if not lines and words and screen.is_mounted:
                await screen.mount(ClassLine())
            for line in screen.query(ClassLine):
                line.words = words

    def _is_new(self, what: str, value: object) -> bool:
        """Whether this is not what was shown last; from now on it is."""
        before, self._shown[what] = self._shown.get(what), value
        return before != value

    def _show_opened(self, happened: Happened) -> None:
        """Show a follower who has answered what the class answered, when that is opened."""
        event, member = happened.event, self._member
        if not isinstance(event, RevealOpened) or not member.follows:
            return
        place = Place(event.lesson, event.step)
        if place == self._place() and member.has_answered(place) and member.answers_are_open:
            self._show_answers()

    def _say(self, words: Text, seconds: float = _NOTICE_SECONDS) -> None:
        self._app.notify(render(words), timeout=seconds, markup=False)

    def _place(self) -> Place | None:
        """Return the step that is on the screen, where it is one of a lesson."""
        screen = self._app.screen
        if type(screen) is not LessonScreen:
            return None
        return Place(screen.run.lesson.id, screen.run.step.id)

    def _room_screen(self) -> RoomScreen | None:
        return next((each for each in self._app.screen_stack if isinstance(each, RoomScreen)), None)
