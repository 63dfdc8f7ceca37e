"""What one learner did in the room: their steps with times, their answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from rich.cells import set_cell_size
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tutor.i18n import Text, render
from tutor.lesson.catalog import Catalog
from tutor.lesson.misconceptions import MISCONCEPTIONS
from tutor.player.room_member import RoomMember
from tutor.player.room_words import clock, place_words
from tutor.room.events import Place
from tutor.room.learner import Learner, Visit, shown
from tutor.tui.commands import LEAVE_ROOM, Command, bindings
from tutor.tui.screens.tutor_screen import TooSmall, TutorScreen
from tutor.tui.widgets.key_bar import KeyBar

_COMMANDS = (LEAVE_ROOM,)
_PLACE = 36


class PersonScreen(TutorScreen[None]):
    """One learner's history, the newest first."""

    DEFAULT_CSS = """
    PersonScreen > VerticalScroll { padding: 1 2; height: 1fr; scrollbar-size-vertical: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings(_COMMANDS)
    OWN_COMMANDS: ClassVar[tuple[Command, ...]] = _COMMANDS
    shows_class_line = False

    def __init__(self, member: RoomMember, name: str, catalog: Catalog) -> None:
        super().__init__()
        self._member, self._learner, self._catalog = member, name, catalog

    def compose(self) -> ComposeResult:
        """Lay out the history and the footer."""
        yield TooSmall()
        learner = self._member.room.learners.get(self._learner) or Learner(self._learner)
        with VerticalScroll():
            yield Static(Content("\n").join(self._lines(learner)), markup=False)
        yield KeyBar()

    def use_catalog(self, catalog: Catalog) -> None:
        """Name the steps in another language."""
        self._catalog = catalog

    def action_leave_room(self) -> None:
        """Back to the room."""
        self.dismiss(None)

    def _lines(self, learner: Learner) -> Iterator[Content]:
        yield Content.styled(shown(learner.name), "bold $text-primary")
        met = sorted(learner.met.items(), key=lambda each: -each[1])
        for (_, misconception), count in met:
            words: Text = MISCONCEPTIONS.get(misconception, shown(misconception))
            yield Content.assemble((f"{count}× ", "bold $text-warning"), render(words))
        yield Content("")
        visits = list(learner.visits)
        if learner.place is not None and learner.since is not None:
            visits.append(Visit(learner.place, learner.since, self._member.now))
        for visit in reversed(visits):
            yield from self._visit(learner, visit)

    def _visit(self, learner: Learner, visit: Visit) -> Iterator[Content]:
        where = set_cell_size(render(self._words(visit.place)), _PLACE)
        yield Content.assemble((where, "bold"), f" {clock(visit.seconds):>7}")
        for given in learner.answers:
            if given.place == visit.place and visit.since <= given.at <= visit.until:
                mark = {True: "✓", False: "✗", None: "·"}[given.answer.correct]
                style = "$text-success" if given.answer.correct else "$text-error"
                answer = shown(given.answer.answer, 60) if given.answer.answer else ""
                yield Content.assemble("   ", (mark, style), f" {answer}")

    def _words(self, place: Place) -> Text:
        return place_words(self._catalog, place)
