"""What happens in a room: frozen values, told by learners or by those who lead.

A field is of one of the types that `tutor.room.wire` can check; whatever comes from the database
in another shape is no event.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeAlias


@dataclass(frozen=True, slots=True)
class Place:
    """A step of a lesson."""

    lesson: str
    step: str


# --- what learners do, and what is seen of them


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody came in, served by a process."""

    process: str
    key: str = ""
    """The fingerprint of the key that they came in by; empty where it was a code."""


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody went."""

    process: str


@dataclass(frozen=True, slots=True)
class Present:
    """A process serves still those who joined there: one that dies says no more."""

    process: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A learner came to a step."""

    lesson: str
    step: str


@dataclass(frozen=True, slots=True)
class Answered:
    """A learner gave an answer, and this came of it."""

    lesson: str
    step: str
    kind: str
    answer: str
    correct: bool | None
    misconception: str | None = None
    confidence: str | None = None
    choice: int | None = None
    """The position of the choice that was taken."""
    number: float | None = None
    """The number that was typed."""
    guess: tuple[float, ...] = ()
    """The guess on the chart."""

    @property
    def choices(self) -> tuple[int, ...]:
        """The positions of all choices that were taken."""
        if self.choice is not None:
            return (self.choice,)
        taken = self.answer.split(",") if self.kind == "select" else []
        return tuple(int(each) for each in taken if each.isdecimal())


@dataclass(frozen=True, slots=True)
class HandRaised:
    """A learner wants help."""


@dataclass(frozen=True, slots=True)
class HandLowered:
    """A learner needs no help any more."""


@dataclass(frozen=True, slots=True)
class Followed:
    """A learner goes where the class goes."""


@dataclass(frozen=True, slots=True)
class Detached:
    """A learner goes on at their own pace."""


@dataclass(frozen=True, slots=True)
class Voted:
    """A learner answered a poll."""

    poll: int
    option: int


@dataclass(frozen=True, slots=True)
class Shown:
    """How a learner's step looks, while somebody watches it."""

    lesson: str
    step: str
    state: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Refused:
    """Somebody tried to lead who may not."""

    what: str


# --- what those do who teach


@dataclass(frozen=True, slots=True)
class LeadTaken:
    """An instructor leads."""

    kept: float | None = None
    """Seconds for which the lead is kept where they drop out; None: a minute. It is said here, so
    that all processes agree."""


@dataclass(frozen=True, slots=True)
class LeadAsked:
    """An instructor wants to lead in place of the one who does."""


@dataclass(frozen=True, slots=True)
class LeadHandedOver:
    """Another instructor leads from now on."""

    to: str


@dataclass(frozen=True, slots=True)
class LeadReleased:
    """Nobody leads; all go on at their own pace."""


@dataclass(frozen=True, slots=True)
class Led:
    """The class goes to a step."""

    lesson: str
    step: str


@dataclass(frozen=True, slots=True)
class RevealHeld:
    """The truth of a prediction is not shown before the instructor opens it."""

    lesson: str
    step: str


@dataclass(frozen=True, slots=True)
class RevealOpened:
    """The truth of a prediction may be seen, and what the class answered."""

    lesson: str
    step: str


@dataclass(frozen=True, slots=True)
class Said:
    """A message to all, or to one."""

    text: str
    to: str | None = None


@dataclass(frozen=True, slots=True)
class PollOpened:
    """A question to all, with the answers to choose from."""

    question: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PollClosed:
    """No more votes."""


@dataclass(frozen=True, slots=True)
class TimerSet:
    """So many seconds are left; 0 takes the timer away."""

    seconds: float


@dataclass(frozen=True, slots=True)
class LabSet:
    """The class opens the lab on a state, by its code."""

    code: str


@dataclass(frozen=True, slots=True)
class CoInstructorNamed:
    """Somebody may teach too."""

    name: str


@dataclass(frozen=True, slots=True)
class CoInstructorDismissed:
    """Somebody is a learner again."""

    name: str


@dataclass(frozen=True, slots=True)
class NameFreed:
    """Who comes in next with a name owns it, by a new PIN or key."""

    name: str


@dataclass(frozen=True, slots=True)
class HandTaken:
    """An instructor lowers a learner's hand."""

    name: str


@dataclass(frozen=True, slots=True)
class Watched:
    """An instructor looks at a learner's step."""

    name: str


@dataclass(frozen=True, slots=True)
class Unwatched:
    """An instructor looks away."""

    name: str


@dataclass(frozen=True, slots=True)
class ClassEnded:
    """The class is over: nobody leads, nothing is held, no poll, no timer."""


# --- what those do who keep the database


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Somebody was deleted from the database: what is known of them is to be forgotten.

    It says no name. Whoever reads it reads all that is left once more.
    """


LearnerEvent: TypeAlias = (
    Joined
    | Left
    | Present
    | Moved
    | Answered
    | HandRaised
    | HandLowered
    | Followed
    | Detached
    | Voted
    | Shown
    | Refused
)

LeaderEvent: TypeAlias = (
    LeadHandedOver
    | LeadReleased
    | Led
    | RevealHeld
    | RevealOpened
    | PollOpened
    | PollClosed
    | TimerSet
    | LabSet
    | CoInstructorNamed
    | CoInstructorDismissed
    | ClassEnded
)

InstructorEvent: TypeAlias = (
    LeadTaken | LeadAsked | Said | NameFreed | HandTaken | Watched | Unwatched
)

KeeperEvent: TypeAlias = Forgotten

Event: TypeAlias = LearnerEvent | LeaderEvent | InstructorEvent | KeeperEvent

OF_NOBODY: Final[tuple[type, ...]] = (Present, Forgotten)
"""What no person does."""

LEADER_ONLY: Final[tuple[type, ...]] = LeaderEvent.__args__
"""What only the one instructor does who leads."""
INSTRUCTORS_ONLY: Final[tuple[type, ...]] = InstructorEvent.__args__
"""What every instructor does."""


@dataclass(frozen=True, slots=True)
class Happened:
    """An event with who did it, its number and its time, both by the database."""

    id: int
    who: str
    at: datetime
    event: Event = field(default_factory=Followed)
