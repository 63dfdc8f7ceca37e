"""What the program is given from outside: lessons, progress, a clock, a die."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from tutor.i18n import Session, Text

if TYPE_CHECKING:  # the map is painted before any of it is needed
    from tutor.engine.lab.lab import Lab
    from tutor.lesson.catalog import Catalog
    from tutor.lesson.glossary import Term
    from tutor.lesson.heads import LessonHead
    from tutor.player.course_map import Progress
    from tutor.player.programs import Programs
    from tutor.player.room_member import RoomMember
    from tutor.store.opening import Opening
    from tutor.store.progress_store import ProgressStore


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


@dataclass(frozen=True, slots=True)
class Unbuilt:
    """Lessons that are built behind the first screen."""

    heads: Callable[[str], Sequence[LessonHead]]
    """Reads, in a language, what the map shows of them."""
    build: Callable[[], Future[Catalog]]
    """Begins to build them, beside the screen; called once."""
    places: Callable[[], Progress | None] = lambda: None
    """Reads where the learner is in each; None where the store alone can tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What the program is given from outside."""

    catalog: Catalog | Unbuilt
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


class AtHand:
    """What has been opened of the services: the lessons and the learner's progress."""

    def __init__(self, services: Services, session: Session) -> None:
        self._services, self._session = services, session
        self._building: Future[Catalog] | None = None
        self._opening: Future[Opening] | None = None
        self.catalog: Catalog | None = None
        """The lessons in the language that is spoken, once they are built."""
        if not isinstance(services.catalog, Unbuilt):
            self.use_catalog(services.catalog)

    def use_catalog(self, catalog: Catalog) -> None:
        """Have these lessons from now on, in the language that is spoken."""
        self.catalog = catalog.in_language(self._session.language)

    def retell(self) -> None:
        """Have the lessons in the language that is spoken now."""
        if self.catalog is not None:
            self.use_catalog(self.catalog)

    @property
    def lessons(self) -> Catalog:
        """The lessons, where it is known that they are built."""
        if self.catalog is None:
            raise LookupError
        return self.catalog

    async def built(self) -> Catalog:
        """Return the lessons, once they are built."""
        unbuilt = self._services.catalog
        if self.catalog is None and isinstance(unbuilt, Unbuilt):
            if self._building is None:
                self._building = unbuilt.build()
            self.use_catalog(await asyncio.wrap_future(self._building))
        return self.lessons

    @property
    def heads(self) -> Sequence[LessonHead]:
        """What the map shows of the lessons."""
        catalog = self.catalog or self._services.catalog
        return (
            catalog.heads(self._session.language) if isinstance(catalog, Unbuilt) else catalog.heads
        )

    def places(self) -> Progress | None:
        """Return where the learner is in each lesson, where that can be told at once."""
        unbuilt = self._services.catalog
        return unbuilt.places() if isinstance(unbuilt, Unbuilt) else None

    async def progress(self) -> Opening:
        """Return the learner's progress, once it is open and need not be waited for."""
        if self._opening is None:
            self._opening = self._services.open_progress()
        opening = await asyncio.wrap_future(self._opening)
        tried = opening.store.tried
        if not tried.done():
            await asyncio.wrap_future(tried)
        return opening

    @property
    def store(self) -> ProgressStore | None:
        """The learner's progress where it is open by now."""
        opening = self._opening
        if opening is None or not opening.done() or opening.exception() is not None:
            return None
        return opening.result().store
