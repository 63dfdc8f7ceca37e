"""What the program is given from outside: lessons, progress, a clock, a die."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from tutor.i18n import Text
from tutor.lesson.catalog import Catalog
from tutor.store.opening import Opening

if TYPE_CHECKING:
    from tutor.engine.lab.lab import Lab
    from tutor.lesson.glossary import Term
    from tutor.player.programs import Programs
    from tutor.player.room_member import RoomMember


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What is opened first; the map, where nothing is asked for."""

    lesson: str | None = None
    """`lesson` or `lesson#step`, known to be in the catalog."""
    lab: Lab | None = None
    review: bool = False
    projector: bool = False
    """Whether the projector of a class is shown over it."""
    asks_language: bool = False
    """Whether nothing is seen before the learner has chosen a language."""

    @property
    def is_elsewhere(self) -> bool:
        """Whether it is not the map."""
        return self.lesson is not None or self.review or self.lab is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What the program is given from outside."""

    catalog: Catalog
    open_progress: Callable[[], Future[Opening]]
    """Begins to open the learner's progress, beside the screen; called once."""
    learner: str
    now: Callable[[], datetime]
    new_seed: Callable[[], int]
    open_programs: Callable[[], Programs] | None = None
    """Returns what runs the learner's programs; None: they run where they are shut in."""
    keep_language: Callable[[str], Text | None] = lambda _: None
    """Keeps the language for the next start; returns why it cannot."""
    theme: str | None = None
    """The theme that was chosen before; None: none was."""
    keep_theme: Callable[[str], Text | None] = lambda _: None
    """Keeps the theme for the next start; returns why it cannot."""
    glossary: Callable[[], Sequence[Term]] = tuple
    """Reads the words of the course."""
    opened: Callable[[], None] = lambda: None
    """Called when the program, a lesson or the lab has been opened and painted."""
    room: RoomMember | None = None
    """This learner's part in a workshop's room; None: there is no room."""
