"""Plays a lesson in a room: reports what the learner does, and holds back what is not open yet."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from tutor.engine.lesson.events import Event, SolutionAsked
from tutor.engine.lesson.run import LessonRun
from tutor.engine.lesson.view import StepView
from tutor.i18n import Text
from tutor.lesson.catalog import Catalog
from tutor.player.player import Player
from tutor.player.recap import Recap
from tutor.player.room_member import RoomMember
from tutor.room.events import Place
from tutor.store.model import Attempt


class RoomPlayer:
    """A `Player` whose steps look as the room lets them look; it must report to the member."""

    def __init__(self, player: Player, member: RoomMember) -> None:
        self._player, self._member = player, member
        self.receipts = player.receipts
        member.observe(player.run)

    @property
    def run(self) -> LessonRun:
        """The run; what the learner may see of it is told by `view_of`."""
        return self._player.run

    @run.setter
    def run(self, run: LessonRun) -> None:
        self._player.run = run

    def send(self, event: Event) -> LessonRun:
        """Return the run after `event`, with its effects carried out."""
        if not (self._is_held(self._player.run) and isinstance(event, SolutionAsked)):
            self._player.send(event)
        return self.run

    def view_of(self, run: LessonRun) -> StepView:
        """Return what the learner may see of the step that `run` is on, as the room lets it."""
        return StepView(run, is_held=self._is_held(run))

    def recap(self, catalog: Catalog) -> Recap:
        """Return what was achieved, without what the room holds back."""
        return self._player.recap(catalog, self.view_of)

    def use_catalog(self, catalog: Catalog) -> LessonRun:
        """Return the run in another language: same place, same answers."""
        self._player.use_catalog(catalog)
        return self.run

    def has_used(self, kinds: Collection[str]) -> bool:
        """Return whether the learner has answered such a step before, ever, or begun to."""
        return self._player.has_used(kinds)

    @property
    def trouble(self) -> Text:
        """Why progress cannot be written just now; empty when all is on disk."""
        return self._player.trouble

    def flush(self) -> None:
        """Begin to keep what was turned since it was last kept."""
        self._player.flush()

    def retry(self) -> None:
        """Begin to write what could not be written so far."""
        self._player.retry()

    def attempts(self) -> Sequence[Attempt]:
        """Return the answers in this lesson since it was begun."""
        return self._player.attempts()

    def now(self) -> datetime:
        """Return the time."""
        return self._player.now()

    def _is_held(self, run: LessonRun) -> bool:
        return self._member.is_held(Place(run.lesson.id, run.step.id))
