"""What an instructor does in the room: leads, asks, writes, and lets others teach."""

from __future__ import annotations

from collections.abc import Callable

from tutor.i18n import Text, message, render
from tutor.lesson.catalog import Catalog
from tutor.player.room_member import RoomMember
from tutor.room import events as ev
from tutor.room.events import Event, Place
from tutor.room.learner import shown
from tutor.tui.screens.pick import Pick, PickScreen
from tutor.tui.screens.room_ask import AskScreen, parse_minutes, parse_poll, steps_to_pick
from tutor.tui.screens.tutor_screen import TutorScreen


class RoomLeading(TutorScreen[None]):
    """The commands of the room; `RoomScreen` shows it, and says who is under the cursor."""

    def __init__(self, member: RoomMember, catalog: Catalog, do: Callable[[Event], bool]) -> None:
        super().__init__()
        self._member, self._catalog, self._do = member, catalog, do

    def _chosen(self) -> str:
        """Return the name of the learner under the cursor."""
        raise NotImplementedError

    def _fullest(self) -> Place | None:
        """Return the step where most learners are."""
        raise NotImplementedError

    def action_lower_hand(self) -> None:
        """Lower a learner's hand."""
        self._do(ev.HandTaken(self._chosen()))

    def action_toggle_co_instructor(self) -> None:
        """Let somebody teach too, or no more."""
        name = self._chosen()
        is_one = name in self._member.room.co_instructors
        done = self._do(ev.CoInstructorDismissed(name) if is_one else ev.CoInstructorNamed(name))
        if done:
            who = shown(name)
            self._say(
                message("{name} teaches no more.", name=who) if is_one
                else message("{name} teaches too.", name=who)
            )  # fmt: skip

    def action_take_lead(self) -> None:
        """Lead; where somebody else does, ask them."""
        leader = self._member.room.leader(self._member.now)
        if leader is None:
            self._do(ev.LeadTaken())
        elif leader != self._member.name and self._do(ev.LeadAsked()):
            self._say(message("{name} leads: you asked for the lead.", name=shown(leader)))

    def action_hand_over(self) -> None:
        """Let another lead: who asked, else who is under the cursor."""
        to = self._member.room.lead.asked_by or self._chosen()
        if to not in self._member.room.instructors:
            self._say(message("{name} is no instructor: c lets them teach first.", name=shown(to)))
        elif self._do(ev.LeadHandedOver(to)):
            self._say(message("{name} leads now.", name=shown(to)))

    def action_bring_class(self) -> None:
        """Bring everyone to a step."""
        place = self._member.room.class_place(self._member.now) or self._fullest()
        here = "" if place is None else f"{place.lesson}#{place.step}"

        def bring(picked: str | None) -> None:
            lesson, _, step = (picked or "").partition("#")
            if step:
                self._do(ev.Led(lesson, step))

        picks = tuple(steps_to_pick(self._catalog))
        title = message("Bring everyone to …")
        self.app.push_screen(PickScreen(title, picks, here), bring)

    def action_toggle_reveal(self) -> None:
        """Hold back the answer to the class's step, or open it."""
        room = self._member.room
        place = room.class_place(self._member.now)
        if place is None:
            self._say(message("Bring the class to a step first (b)."))
        elif place in room.lead.held:
            self._do(ev.RevealOpened(place.lesson, place.step))
        else:
            self._do(ev.RevealHeld(place.lesson, place.step))

    def action_say_to_all(self) -> None:
        """Write to everyone."""
        self._ask(message("To everyone"), lambda typed: self._do(ev.Said(typed)))

    def action_say_to_one(self) -> None:
        """Write to the learner under the cursor."""
        name = self._chosen()
        title = message("To {name}", name=shown(name))
        self._ask(title, lambda typed: self._do(ev.Said(typed, name)))

    def action_toggle_poll(self) -> None:
        """Ask a poll, or close the one that is open."""
        poll = self._member.room.lead.poll
        if poll is not None and poll.is_open:
            self._do(ev.PollClosed())
            return
        about = message("Question? first answer / second answer. Without answers: yes / no.")

        def ask(typed: str) -> None:
            self._do(ev.PollOpened(*parse_poll(typed)))

        self._ask(message("A poll"), ask, about)

    def action_set_timer(self) -> None:
        """Set a timer."""

        def set_timer(typed: str) -> None:
            seconds = parse_minutes(typed)
            if seconds is None:
                self._say(message("“{typed}” is no time: type minutes, such as 5 or 2:30.",
                                  typed=shown(typed)))  # fmt: skip
            else:
                self._do(ev.TimerSet(seconds))

        self._ask(message("A timer, in minutes"), set_timer, message("5 or 2:30; 0 takes it away."))

    def action_set_lab(self) -> None:
        """Open the lab for all."""
        from tutor.engine.lab.state_code import decode  # noqa: PLC0415 — only if asked
        from tutor.errors import TutorError  # noqa: PLC0415

        def set_lab(typed: str) -> None:
            try:
                decode(typed)
            except TutorError as error:
                self._say(error.text)
                return
            self._do(ev.LabSet("".join(typed.split())))

        about = message("A state code, nabla1:…: y in the lab copies one.")
        self._ask(message("The lab for all"), set_lab, about)

    def action_open_projector(self) -> None:
        """Show the class's step for all to see."""
        from tutor.tui.screens.room_projector import ProjectorScreen  # noqa: PLC0415 — if asked

        self.app.push_screen(ProjectorScreen(self._member, self._catalog))

    def action_end_class(self) -> None:
        """End the class, if that is meant."""
        picks = (Pick("no", message("No, go on")), Pick("yes", message("Yes, end the class")))

        def end(picked: str | None) -> None:
            if picked == "yes":
                self._do(ev.ClassEnded())

        self.app.push_screen(PickScreen(message("End the class?"), picks), end)

    def _ask(self, title: Text, take: Callable[[str], object], about: Text = "") -> None:
        def taken(typed: str | None) -> None:
            if typed is not None:
                take(typed)

        self.app.push_screen(AskScreen(title, about), taken)

    def _say(self, words: Text) -> None:
        self.notify(render(words), timeout=10, markup=False)
