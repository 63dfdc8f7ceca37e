"""What an instructor does in the room: leads, asks, writes, looks, and lets others teach.

And the questions that ask them for a line, a step, a yes or no.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widgets import Input, Static

from tutor.engine.lab.state_code import decode
from tutor.errors import TutorError
from tutor.i18n import Text, message, render
from tutor.lesson.catalog import Catalog
from tutor.player.room_member import RoomMember
from tutor.player.room_words import place_words
from tutor.room import events as ev
from tutor.room.events import Event, Place
from tutor.room.glance import fullest_place
from tutor.room.learner import shown
from tutor.room.wire import LONGEST_CODE
from tutor.tui.commands import BRING, CO_INSTRUCTOR, COPY_STATE
from tutor.tui.screens.pick import Pick, PickScreen
from tutor.tui.screens.room_projector import ProjectorScreen
from tutor.tui.screens.room_watch import PersonScreen, WatchScreen

ABOUT_ONE: Final = frozenset({"watch", "say_to_one", "lower_hand", "co_instructor", "free"})
"""What is done about the learner under the cursor, where there is one."""


class Leading:
    """Carries out the commands of the room, which name what they do in brackets."""

    def __init__(
        self,
        screen: Screen[Any],
        member: RoomMember,
        catalog: Catalog,
        do: Callable[[Event], bool],
        chosen: Callable[[], str],
    ) -> None:
        """`do` does something in the room; `chosen` names the learner under the cursor."""
        self._screen, self.member, self.catalog, self.do = screen, member, catalog, do
        self._chosen = chosen
        self._doings: dict[str, Callable[[], None]] = {
            "lower_hand": self._lower_hand,
            "free": self._free_name,
            "co_instructor": self._toggle_co_instructor,
            "take": self._take_lead,
            "hand_over": self._hand_over,
            "bring": self._bring_class,
            "reveal": self._toggle_reveal,
            "say_to_all": self._say_to_all,
            "say_to_one": self._say_to_one,
            "poll": self._toggle_poll,
            "timer": self._set_timer,
            "lab": self._set_lab,
            "projector": self._open_projector,
            "end": self._end_class,
            "watch": self._watch_learner,
            "open_learner": self._open_learner,
        }

    def carry_out(self, name: str) -> None:
        """Do what a command says."""
        self._doings[name]()

    def _lower_hand(self) -> None:
        """Lower a learner's hand."""
        self.do(ev.HandTaken(self._chosen()))

    def _free_name(self) -> None:
        """Give a learner's name away, if that is meant: their PIN is forgotten."""
        name = self._chosen()
        who = shown(name)
        picks = (Pick("no", message("No, it stays theirs")), Pick("yes", message("Yes, free it")))

        def free(picked: str | None) -> None:
            if picked == "yes" and self.do(ev.NameFreed(name)):
                self._say(
                    message("The name {name} is free: who comes in with it next is given a new "
                            "PIN, or brings a new key. What was learned stays.", name=who)
                )  # fmt: skip

        title = message("Free the name {name}?", name=who)
        self._screen.app.push_screen(PickScreen(title, picks), free)

    def _toggle_co_instructor(self) -> None:
        """Let somebody teach too, or no more."""
        name = self._chosen()
        is_one = name in self.member.room.co_instructors
        done = self.do(ev.CoInstructorDismissed(name) if is_one else ev.CoInstructorNamed(name))
        if done:
            who = shown(name)
            self._say(
                message("{name} teaches no more.", name=who) if is_one
                else message("{name} teaches too.", name=who)
            )  # fmt: skip

    def _take_lead(self) -> None:
        """Lead; where somebody else does, ask them."""
        leader = self.member.room.leader(self.member.now)
        if leader is None:
            self.do(ev.LeadTaken())
        elif leader != self.member.name and self.do(ev.LeadAsked()):
            self._say(message("{name} leads: you asked for the lead.", name=shown(leader)))

    def _hand_over(self) -> None:
        """Let another lead: who asked, else who is under the cursor."""
        to = self.member.room.lead.asked_by or self._chosen()
        if to not in self.member.room.instructors:
            self._say(
                message(
                    "{name} is no instructor: {key} lets them teach first.",
                    name=shown(to),
                    key=CO_INSTRUCTOR.letter,
                )
            )
        elif self.do(ev.LeadHandedOver(to)):
            self._say(message("{name} leads now.", name=shown(to)))

    def _bring_class(self) -> None:
        """Bring everyone to a step."""
        place = self.member.room.class_place(self.member.now) or fullest_place(self.member.room)
        here = "" if place is None else f"{place.lesson}#{place.step}"

        def bring(picked: str | None) -> None:
            lesson, _, step = (picked or "").partition("#")
            if step:
                self.do(ev.Led(lesson, step))

        picks = tuple(steps_to_pick(self.catalog))
        title = message("Bring everyone to …")
        self._screen.app.push_screen(PickScreen(title, picks, here), bring)

    def _toggle_reveal(self) -> None:
        """Hold back the answer to the class's step, or open it."""
        room = self.member.room
        place = room.class_place(self.member.now)
        if place is None:
            self._say(message("Bring the class to a step first ({key}).", key=BRING.letter))
        elif place in room.lead.held:
            self.do(ev.RevealOpened(place.lesson, place.step))
        else:
            self.do(ev.RevealHeld(place.lesson, place.step))

    def _say_to_all(self) -> None:
        """Write to everyone."""
        self._ask(message("To everyone"), lambda typed: self.do(ev.Said(typed)))

    def _say_to_one(self) -> None:
        """Write to the learner under the cursor."""
        name = self._chosen()
        title = message("To {name}", name=shown(name))
        self._ask(title, lambda typed: self.do(ev.Said(typed, name)))

    def _toggle_poll(self) -> None:
        """Ask a poll, or close the one that is open."""
        poll = self.member.room.lead.poll
        if poll is not None and poll.is_open:
            self.do(ev.PollClosed())
            return
        about = message("Question? first answer / second answer. Without answers: yes / no.")

        def ask(typed: str) -> None:
            self.do(ev.PollOpened(*parse_poll(typed)))

        self._ask(message("A poll"), ask, about)

    def _set_timer(self) -> None:
        """Set a timer."""

        def set_timer(typed: str) -> None:
            seconds = parse_minutes(typed)
            if seconds is None:
                self._say(message("“{typed}” is no time: type minutes, such as 5 or 2:30.",
                                  typed=shown(typed)))  # fmt: skip
            else:
                self.do(ev.TimerSet(seconds))

        self._ask(message("A timer, in minutes"), set_timer, message("5 or 2:30; 0 takes it away."))

    def _set_lab(self) -> None:
        """Open the lab for all."""

        def set_lab(typed: str) -> None:
            try:
                decode(typed)
            except TutorError as error:
                self._say(error.text)
                return
            self.do(ev.LabSet("".join(typed.split())))

        about = message(
            "A state code, nabla1:…: {key} in the lab copies one.", key=COPY_STATE.letter
        )
        self._ask(message("The lab for all"), set_lab, about)

    def _open_projector(self) -> None:
        """Show the class's step for all to see."""
        self._screen.app.push_screen(ProjectorScreen(self.member, self.catalog))

    def _open_learner(self) -> None:
        """Show what a learner did."""
        self._screen.app.push_screen(PersonScreen(self.member, self._chosen(), self.catalog))

    def _watch_learner(self) -> None:
        """See a learner's step as they see it."""
        self._screen.app.push_screen(
            WatchScreen(self.member, self._chosen(), self.catalog, self.do)
        )

    def _end_class(self) -> None:
        """End the class, if that is meant."""
        picks = (Pick("no", message("No, go on")), Pick("yes", message("Yes, end the class")))

        def end(picked: str | None) -> None:
            if picked == "yes":
                self.do(ev.ClassEnded())

        self._screen.app.push_screen(PickScreen(message("End the class?"), picks), end)

    def _ask(self, title: Text, take: Callable[[str], object], about: Text = "") -> None:
        def taken(typed: str | None) -> None:
            if typed is not None:
                take(typed)

        self._screen.app.push_screen(AskScreen(title, about), taken)

    def _say(self, words: Text) -> None:
        self._screen.app.notify(render(words), timeout=10, markup=False)


_MOST_OPTIONS = 9


class AskScreen(ModalScreen[str | None]):
    """A line to type; Enter gives it, Esc gives none."""

    DEFAULT_CSS = """
    AskScreen { align: center middle; }
    AskScreen > Vertical {
        width: 90; max-width: 100%; height: auto; padding: 0 2;
        background: $panel; border: round $primary;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "close", "Close")]

    def __init__(self, title: Text, about: Text = "") -> None:
        super().__init__()
        self._title, self._about = render(title), render(about)

    def compose(self) -> ComposeResult:
        """Lay out the question and the field."""
        with Vertical():
            yield Static(Content.styled(self._title, "bold $text-primary"), markup=False)
            if self._about:
                yield Static(Content.styled(self._about, "$text-muted"), markup=False)
            yield Input(max_length=LONGEST_CODE, compact=True)
            keys = render(message("Enter takes it, Esc closes."))
            yield Static(Content.styled(keys, "$text-muted"), markup=False)

    @on(Input.Submitted)
    def take(self, field: Input.Submitted) -> None:
        """Give what was typed; nothing is no answer."""
        self.dismiss(field.value.strip() or None)

    def action_close(self) -> None:
        """Give nothing."""
        self.dismiss(None)


def parse_poll(typed: str) -> tuple[str, tuple[str, ...]]:
    """Return the question of a poll and its answers; yes and no where none are given.

    >>> parse_poll("Where does -grad f point? uphill / downhill")
    ('Where does -grad f point?', ('uphill', 'downhill'))
    """
    question, mark, rest = typed.partition("?") if "?" in typed else typed.partition("？")
    given = re.split(r"\s*[/／]\s*", rest.strip())
    options = tuple(each for each in given if each)[:_MOST_OPTIONS]
    yes_or_no = render(message("yes")), render(message("no"))
    return (question + mark).strip(), options if len(options) > 1 else yes_or_no


def parse_minutes(typed: str) -> float | None:
    """Return the seconds of `5`, `1.5` or `2:30`; None where it is none of these.

    >>> parse_minutes("1.5"), parse_minutes("2:30"), parse_minutes("soon")
    (90.0, 150.0, None)
    """
    found = re.fullmatch(r"(\d{1,3})(?::([0-5]\d)|[.,](\d{1,2}))?", typed.strip())
    if found is None:
        return None
    minutes, seconds, part = found.groups()
    return 60.0 * float(f"{minutes}.{part or 0}") + float(seconds or 0)


def steps_to_pick(catalog: Catalog) -> Iterable[Pick]:
    """Yield every step of the course, by `lesson#step`."""
    for lesson in catalog.lessons:
        for step in lesson.steps:
            words = place_words(catalog, Place(lesson.id, step.id))
            yield Pick(f"{lesson.id}#{step.id}", words, step.kind)
