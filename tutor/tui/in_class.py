"""A learner's or instructor's app in a workshop: follows the class, tells what happens in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from textual.app import App

from tutor.i18n import Text, message, render
from tutor.tui.commands import BRING_HERE, CLASS_COMMANDS, OPEN_ROOM
from tutor.tui.navigation import Navigation
from tutor.tui.screens.tutor_screen import TutorScreen

if TYPE_CHECKING:
    from textual.events import Key

    from tutor.engine.descent.setup import Lab
    from tutor.player.room_member import RoomMember
    from tutor.room.events import Event, Happened, Place

_NOTICE_SECONDS, _LETTER_SECONDS = 6, 15
"""For which a notice stands over the step, and one that somebody wrote or asked."""
_ACTIONS = tuple(command.action for command in CLASS_COMMANDS)
_TEACHING_KEYS = frozenset({*OPEN_ROOM.keys, *BRING_HERE.keys})


class InClass(App[None]):
    """The part of the app that there is in a workshop only. Without one it does nothing."""

    _member: RoomMember | None = None
    _class: Navigation
    _followed = 0
    """The number of the call of the class that was followed last."""
    _lab_opened = 0
    _leader: str | None = None
    _offers: tuple[bool, ...] = ()
    _line_shown: tuple[str, list[TutorScreen[Any]]] = ("", [])
    _seen: object = None
    """What was held back when the lessons were shown last."""

    @property
    def is_in_class(self) -> bool:
        """Whether this is a workshop."""
        return self._member is not None

    async def join_class(
        self, member: RoomMember, navigation: Navigation, *, opens_projector: bool = False
    ) -> None:
        """Take part; who comes late is brought to where the class is."""
        self._member, self._class = member, navigation
        lead = member.room.lead
        self._leader = member.room.leader(member.now)
        self._lab_opened = lead.lab[0] if lead.lab else 0
        member.join(self._hear)
        self.refresh_bindings()
        if member.is_instructor:
            self.action_open_room()
        if opens_projector:
            from tutor.tui.screens.room_projector import ProjectorScreen  # noqa: PLC0415 — if asked

            await self.push_screen(ProjectorScreen(member, navigation.catalog))
        await self._keep_up()

    def on_unmount(self) -> None:
        """Leave the room."""
        self.leave_class()

    def leave_class(self) -> None:
        """Take part no more; may be called twice."""
        if self._member is not None:
            self._member.leave()

    def offers_in_class(self, action: str) -> bool:
        """Return whether a command of the class can be given now."""
        from tutor.tui.class_offers import offered  # noqa: PLC0415 — in a class only

        if self._member is None:
            return False
        on_step, in_room = self._lesson_place() is not None, self._room_screen() is not None
        return offered(action, self._member, on_step=on_step, in_room=in_room)

    # --- what happens in the room

    def _hear(self, happened: Sequence[Happened]) -> None:
        """Called from the reader's task: go on in this app's own, in its learner's language."""
        if self.is_running and (happened or self._is_due()):
            self.call_later(self._take_note, happened)

    def _is_due(self) -> bool:
        """Whether there is something to do though nothing happened; 300 sessions ask."""
        member = self._member
        if member is None:
            return False
        room, now = member.room, member.now
        if room.lead.timer_ends is not None or member.name in room.watched:
            return True
        return room.leader(now) != self._leader

    async def _take_note(self, happened: Sequence[Happened]) -> None:
        from tutor.player.room_words import lost_lead, notices  # noqa: PLC0415 — in a class only
        from tutor.room.events import PollOpened, Said  # noqa: PLC0415

        member = self._member
        if member is None:
            return
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
        if isinstance(self.screen, TutorScreen) and self.screen.is_running:
            self.screen.class_moved_on()
        offers = tuple(self.offers_in_class(action) for action in _ACTIONS)
        if offers != self._offers:  # the footer is laid out anew: not at every event
            self._offers = offers
            self.refresh_bindings()

    async def _keep_up(self) -> None:
        await self._follow_call()
        self._show_lessons_again()
        await self.show_class_line()

    async def _follow_call(self) -> None:
        """Go where the class was called to, once; in one's own pace, stay."""
        member = self._member
        if member is None or member.is_instructor or not member.follows:
            return
        lead = member.room.lead
        place = member.room.class_place(member.now)
        if place is not None and lead.called > self._followed:
            await self._go_to(place)
        if lead.lab is not None and lead.lab[0] > self._lab_opened and self._leader is not None:
            self._lab_opened = lead.lab[0]
            self._open_class_lab(lead.lab[1])

    async def _go_to(self, place: Place) -> None:
        if self._member is not None:
            self._followed = self._member.room.lead.called
        await self._class.go_to(place.lesson, place.step)

    def _open_class_lab(self, code: str) -> None:
        from tutor.engine.lab.state_code import decode  # noqa: PLC0415 — NumPy waits for the lab
        from tutor.errors import TutorError  # noqa: PLC0415

        try:
            self.open_lab_on(decode(code))
        except TutorError as error:
            self._say(error.text)

    def open_lab_on(self, lab: Lab) -> None:
        """Open the lab on a setting."""
        raise NotImplementedError

    def _show_lessons_again(self) -> None:
        """Where an answer was held back or opened, show the lesson as it may be seen now."""
        from tutor.tui.screens.lesson import LessonScreen  # noqa: PLC0415 — after a lesson

        member = self._member
        if member is None:
            return
        seen = member.room.lead.held, self._leader is None, member.is_instructor
        if seen == self._seen:
            return
        self._seen = seen
        for screen in self.screen_stack:
            if isinstance(screen, LessonScreen) and screen.is_mounted:
                screen.reread_run()

    async def show_class_line(self) -> None:
        """Say over the learner's screens where the class is."""
        from tutor.player.room_words import class_line  # noqa: PLC0415 — in a class only
        from tutor.tui.widgets.class_line import ClassLine  # noqa: PLC0415

        member = self._member
        if member is None:
            return
        words = "   ".join(render(part) for part in class_line(member, self._class.catalog))
        screens = [each for each in self.screen_stack if isinstance(each, TutorScreen)]
        if self._line_shown == (words, screens) and not words:
            return
        self._line_shown = words, screens
        for screen in screens:
            if not screen.shows_class_line:
                continue
            lines = screen.query(ClassLine)
            if not lines and words and screen.is_mounted:
                await screen.mount(ClassLine())
            for line in screen.query(ClassLine):
                line.words = words

    def _show_opened(self, happened: Happened) -> None:
        """Show a follower who has answered what the class answered, when that is opened."""
        from tutor.room.events import Place, RevealOpened  # noqa: PLC0415 — in a class only
        from tutor.tui.class_offers import answers_are_open  # noqa: PLC0415

        event, member = happened.event, self._member
        if member is None or not isinstance(event, RevealOpened) or not member.follows:
            return
        place = Place(event.lesson, event.step)
        is_here = place == self._lesson_place()
        if is_here and member.has_answered(place) and answers_are_open(member):
            self.action_class_answers()

    def _say(self, words: Text, seconds: float = _NOTICE_SECONDS) -> None:
        self.notify(render(words), timeout=seconds, markup=False)

    # --- what is done by key

    async def action_toggle_follow(self) -> None:
        """Go where the class is; who is there already leaves it for their own pace."""
        member = self._member
        place = None if member is None else member.room.class_place(member.now)
        if member is None or place is None:
            return
        if member.follows and self._lesson_place() == place:
            member.follow(False)
            self._say(message("Your own pace now. f catches up with the class."))
        else:
            member.follow(True)
            await self._go_to(place)
        await self.show_class_line()

    async def action_toggle_hand(self) -> None:
        """Raise the hand or lower it."""
        if self._member is not None:
            self._member.raise_hand(not self._member.hand_is_up)
            up = self._member.hand_is_up
            self._say(message("Your hand is up.") if up else message("Your hand is down."))
            await self.show_class_line()

    def action_answer_poll(self) -> None:
        """Ask for the vote."""
        from tutor.room.events import Voted  # noqa: PLC0415 — in a class only
        from tutor.room.names import shown  # noqa: PLC0415
        from tutor.tui.screens.lab_pick import LabPickScreen, Pick  # noqa: PLC0415

        member = self._member
        poll = None if member is None else member.room.lead.poll
        if member is None or poll is None:
            return
        picks = [Pick(str(k), shown(option, 60)) for k, option in enumerate(poll.options)]

        def vote(picked: str | None) -> None:
            if picked is not None:
                self.do_in_class(Voted(poll.id, int(picked)))

        self.push_screen(LabPickScreen(shown(poll.question, 200), picks), vote)

    def action_class_answers(self) -> None:
        """Show what the class answered."""
        from tutor.tui.screens.room_projector import ProjectorScreen  # noqa: PLC0415 — if asked

        if self._member is not None:
            answers = ProjectorScreen(self._member, self._class.catalog, is_of_learner=True)
            self.push_screen(answers)

    async def on_key(self, event: Key) -> None:
        """Refuse learners the keys of those who teach, with a word."""
        member = self._member
        if member is None or member.is_instructor or not isinstance(self.screen, TutorScreen):
            return
        if event.key in _TEACHING_KEYS:
            from tutor.room.events import LeadTaken  # noqa: PLC0415 — in a class only

            self.do_in_class(LeadTaken())

    def do_in_class(self, event: Event) -> bool:
        """Do something in the room; say why where it was refused."""
        why = None if self._member is None else self._member.do(event)
        if why is not None:
            self._say(why)
        return why is None

    def action_open_room(self) -> None:
        """Open the instructor's screen."""
        from tutor.tui.screens.room import RoomScreen  # noqa: PLC0415 — who teaches only

        if self._member is not None:
            self.push_screen(RoomScreen(self._member, self._class.catalog, self.do_in_class))

    def action_bring_here(self) -> None:
        """Bring everyone to the step on the screen."""
        from tutor.room.events import Led  # noqa: PLC0415 — who teaches only

        place = self._lesson_place()
        if place is not None and self.do_in_class(Led(place.lesson, place.step)):
            self._say(message("The class is called here."))

    def _lesson_place(self) -> Place | None:
        """Return the step that is on the screen, where it is one of a lesson."""
        from tutor.room.events import Place  # noqa: PLC0415 — in a class only
        from tutor.tui.screens.lesson import LessonScreen  # noqa: PLC0415

        screen = self.screen
        if type(screen) is not LessonScreen:
            return None
        return Place(screen.run.lesson.id, screen.run.step.id)

    def _room_screen(self) -> TutorScreen[None] | None:
        from tutor.tui.screens.room import RoomScreen  # noqa: PLC0415 — who teaches only

        return next((each for each in self.screen_stack if isinstance(each, RoomScreen)), None)
