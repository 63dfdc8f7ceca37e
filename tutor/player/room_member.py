"""One session's part in a room: what it reports, what it may do, what it is to be told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from tutor.engine.kinds.predict import guess_of
from tutor.engine.lesson.events import AttemptMade, Effect
from tutor.engine.lesson.resume import snapshot
from tutor.engine.lesson.run import LessonRun
from tutor.errors import TutorError
from tutor.i18n import Message, message
from tutor.lesson.grading import parse_number
from tutor.lesson.model import NumberStep, PredictStep, Step
from tutor.player.room_feed import Listener, RoomFeed, log_refusal
from tutor.room import events as ev
from tutor.room.events import Event, Place
from tutor.room.learner import shown
from tutor.room.room import Room
from tutor.room.wire import kind_of

_ONE_TRY: Final = timedelta(seconds=2)
_LONGEST_ANSWER: Final = 200
_LONGEST_SHOWN: Final = 20_000
"""Characters of a watched step, as it is written to the database."""


class RoomMember:
    """One person in the room, by the name that the server knows them by."""

    def __init__(
        self,
        feed: RoomFeed,
        name: str,
        *,
        key: str = "",
        report_by: Callable[..., object] | None = None,
    ) -> None:
        """`key` is the fingerprint of the key that they came in by; empty without one.

        `report_by` calls what it is given on the loop of the class, for who plays beside it.
        """
        self.name = name
        self._report_by = report_by
        self._feed, self._key = feed, key
        learner = feed.room.learners.get(name)
        self.follows = learner is None or learner.follows
        self.hand_is_up = learner is not None and learner.hand_at is not None
        self._place: Place | None = None
        self._run: LessonRun | None = None
        self._sent: object = None
        self._answered: set[Place] = set()
        self._refused_at: datetime | None = None
        self._stop: Callable[[], None] | None = None

    # --- the room

    @property
    def room(self) -> Room:
        """The room as it is known now."""
        return self._feed.room

    @property
    def now(self) -> datetime:
        """The time by the clock of the database."""
        return self._feed.now

    @property
    def is_instructor(self) -> bool:
        """Whether they teach."""
        return self.name in self.room.instructors

    @property
    def leads(self) -> bool:
        """Whether they lead the class."""
        return self.room.leader(self.now) == self.name

    @property
    def place(self) -> Place | None:
        """Where they are."""
        return self._place

    @property
    def answers_are_open(self) -> bool:
        """Whether the instructor has opened what the class answered to its step."""
        return self.room.class_place(self.now) in self.room.lead.opened

    @property
    def may_vote(self) -> bool:
        """Whether a poll is open that they have not answered."""
        poll = self.room.lead.poll
        if poll is None or not poll.is_open or self.leads:
            return False
        return self.name not in poll.votes and self.room.is_led(self.now)

    @property
    def trouble(self) -> list[Message]:
        """What is wrong with the workshop's database, for who teaches."""
        return self._feed.trouble()

    def has_answered(self, place: Place) -> bool:
        """Return whether they answered a step, also where the room has not heard of it yet."""
        learner = self.room.learners.get(self.name)
        return place in self._answered or (learner is not None and place in learner.latest)

    def is_held(self, place: Place) -> bool:
        """Return whether they may not see the truth of a step yet; who teaches may."""
        return not self.is_instructor and self.room.is_held(place, self.now)

    def join(self, listener: Listener) -> None:
        """Come in, and hear of all that happens."""
        if self._stop is None:
            self._feed.enter(self.name, self._key)
            self._stop = self._feed.subscribe(listener)

    def leave(self) -> None:
        """Go, if still there."""
        if self._stop is not None:
            self._stop()
            self._stop = None
            self._feed.leave(self.name)

    # --- what they do

    def do(self, event: Event) -> Message | None:
        """Do something; return why it was refused. Who drives a class that nobody leads, leads."""
        room, now = self.room, self.now
        if isinstance(event, ev.LeadTaken):
            event = ev.LeadTaken(kept=self._feed.lead_seconds)
        if room.may(self.name, event, now):
            self._feed.tell(self.name, event)
            return None
        if self.is_instructor and room.leader(now) is None:
            self._feed.tell(self.name, ev.LeadTaken(kept=self._feed.lead_seconds))
            self._feed.tell(self.name, event)
            return None
        self._refuse(kind_of(event))
        if not self.is_instructor:
            return message("Only an instructor can do that.")
        leader = shown(room.leader(now) or "")
        return message("{name} leads the class: ask for the lead (I in the room).", name=leader)

    def _refuse(self, what: str) -> None:
        """Let it be known; a key that is held down is one try."""
        if self._refused_at is None or self.now - self._refused_at > _ONE_TRY:
            log_refusal(self.name, what)
            self._feed.tell(self.name, ev.Refused(what))
        self._refused_at = self.now

    def raise_hand(self, up: bool) -> None:
        """Raise the hand or lower it."""
        self.hand_is_up = up
        self.do(ev.HandRaised() if up else ev.HandLowered())

    def follow(self, follows: bool) -> None:
        """Go where the class goes, or at one's own pace."""
        if self.follows != follows:
            self.follows = follows
            self.do(ev.Followed() if follows else ev.Detached())

    def see(self, happened: Sequence[ev.Happened]) -> None:
        """Take note of what others did to this member's part."""
        for each in happened:
            if isinstance(each.event, ev.HandTaken) and each.event.name == self.name:
                self.hand_is_up = False
        self._show()

    # --- what is seen of them

    def observe(self, run: LessonRun, effects: Sequence[Effect] = ()) -> None:
        """Report where they are and what they answered."""
        if self._report_by is None:
            self._report(run, effects)
        else:
            self._report_by(self._report, run, effects)

    def _report(self, run: LessonRun, effects: Sequence[Effect]) -> None:
        place = Place(run.lesson.id, run.step.id)
        for effect in effects:
            if isinstance(effect, AttemptMade):
                self._answered.add(Place(run.lesson.id, effect.step))
                self._feed.tell(self.name, _answered(run, effect))
        if place != self._place:
            self._place = place
            self._feed.tell(self.name, ev.Moved(place.lesson, place.step))
        self._run = run

    def _show(self) -> None:
        """While somebody watches, let them see the step as it is now, once a second at most."""
        run = self._run
        if run is None or self.room.watcher_of(self.name, self.now) is None:
            self._sent = None
            return
        if run.states == self._sent:
            return
        self._sent = run.states
        kept = snapshot(run)
        state = {**kept, "steps": {run.step.id: kept["steps"][run.step.id]}}
        if len(str(state)) <= _LONGEST_SHOWN:
            self._feed.tell(self.name, ev.Shown(run.lesson.id, run.step.id, state))


def _answered(run: LessonRun, made: AttemptMade) -> ev.Answered:
    step = next(each for each in run.lesson.steps if each.id == made.step)
    given = made.correct is not None
    return ev.Answered(
        lesson=run.lesson.id,
        step=made.step,
        kind=made.kind,
        answer="" if made.kind == "code" and given else made.answer[:_LONGEST_ANSWER],
        correct=made.correct,
        misconception=made.misconception,
        confidence=made.confidence,
        choice=int(made.answer) if made.kind == "choice" and made.answer.isdecimal() else None,
        number=_number(made.answer, step) if made.kind == "number" and given else None,
        guess=guess_of(step, run.states[made.step])
        if isinstance(step, PredictStep) and given
        else (),
    )


def _number(typed: str, step: Step) -> float | None:
    try:
        # None where other numbers were asked for: "2 (variant 1)".
        return parse_number(typed, step.unit if isinstance(step, NumberStep) else None)
    except TutorError:
        return None
