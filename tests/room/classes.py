"""Classes made up for tests: events in order, a second apart, by a clock of their own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tutor.room import events as ev
from tutor.room.events import Event, Happened, Place
from tutor.room.fold import after
from tutor.room.room import INSTRUCTOR, Room

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
TILT = Place("gradients/derivative", "tilt")
NEXT = Place("gradients/derivative", "what-it-says")


class MadeUpClass:
    """A room with a clock: tell it what happens."""

    def __init__(self, *names: str) -> None:
        self.room = Room()
        self.now = NOON
        for name in names:
            self.tell(name, ev.Joined("one"))

    def tell(self, who: str, *events: Event) -> Room:
        """Let somebody do things, one second after another."""
        for event in events:
            self.wait(1)
            happened = Happened(self.room.last_id + 1, who, self.now, event)
            self.room = after(self.room, happened)
        return self.room

    def wait(self, seconds: float) -> None:
        """Let time go by."""
        self.now += timedelta(seconds=seconds)

    def beat(self, process: str = "one") -> None:
        """Let a process say that it still serves its learners."""
        self.tell("", ev.Present(process))

    @property
    def leader(self) -> str | None:
        return self.room.leader(self.now)


def led_class(*names: str) -> MadeUpClass:
    """Return a class whose instructor leads it."""
    made_up = MadeUpClass(INSTRUCTOR, *names)
    made_up.tell(INSTRUCTOR, ev.LeadTaken())
    return made_up


def moved(place: Place = TILT) -> ev.Moved:
    return ev.Moved(place.lesson, place.step)


def answered(
    place: Place = TILT, *, correct: bool | None = True, kind: str = "choice",
    misconception: str | None = None, choice: int | None = None, number: float | None = None,
    guess: tuple[float, ...] = (), answer: str = "1",
) -> ev.Answered:  # fmt: skip
    return ev.Answered(place.lesson, place.step, kind, answer, correct, misconception, None,
                       choice, number, guess)  # fmt: skip
