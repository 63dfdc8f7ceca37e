"""One learner: what they did, and their step as they see it: what their session tells of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import ClassVar

from rich.cells import set_cell_size
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tutor.engine.lesson.resume import restore
from tutor.engine.lesson.run import LessonRun
from tutor.engine.lesson.view import StepView
from tutor.i18n import Text, message, render
from tutor.lesson.catalog import Catalog
from tutor.lesson.misconceptions import MISCONCEPTIONS
from tutor.player.class_pictures import lesson_run
from tutor.player.room_member import RoomMember
from tutor.player.room_words import clock, place_words
from tutor.room.events import Event, Place, Unwatched, Watched
from tutor.room.learner import Learner, Visit, shown
from tutor.tui.commands import LEAVE_ROOM, Command, bindings
from tutor.tui.screens.tutor_screen import TooSmall, TutorScreen
from tutor.tui.widgets.code_pane import CodePane
from tutor.tui.widgets.key_bar import KeyBar
from tutor.tui.widgets.picture_pane import PicturePane
from tutor.tui.widgets.words_pane import WordsPane

_COMMANDS = (LEAVE_ROOM,)


class WatchScreen(TutorScreen[None]):
    """The step of one learner, with their parameters and answers. They are told of it."""

    DEFAULT_CSS = """
    WatchScreen > #who { height: 1; padding: 0 1; background: $panel; text-wrap: nowrap; }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings(_COMMANDS)
    OWN_COMMANDS: ClassVar[tuple[Command, ...]] = _COMMANDS
    shows_class_line = False
    AUTO_FOCUS = ""

    def __init__(
        self, member: RoomMember, name: str, catalog: Catalog, do: Callable[[Event], bool]
    ) -> None:
        super().__init__()
        self._member, self._learner, self._catalog, self._do = member, name, catalog, do
        self._shown: object = None

    def compose(self) -> ComposeResult:
        """Lay out the head, the stage and the footer."""
        yield TooSmall()
        yield Static(id="who", markup=False)
        yield Container(id="stage", disabled=True)
        yield KeyBar()

    async def on_mount(self) -> None:
        """Ask to be shown the step, and look at it as it changes."""
        self._do(Watched(self._learner))
        await self._look()

    def on_unmount(self) -> None:
        """Look away."""
        self._do(Unwatched(self._learner))

    def use_catalog(self, catalog: Catalog) -> None:
        """Show the lesson in another language."""
        self._catalog = catalog
        self._shown = None

    def class_moved_on(self) -> None:
        """Show what is new."""
        self.call_later(self._look)

    def action_leave_room(self) -> None:
        """Back to the room."""
        self.dismiss(None)

    async def _look(self) -> None:
        learner = self._member.room.learners.get(self._learner)
        if learner is None or learner.place is None:
            self._head(message("on no step"))
            return
        if (learner.place, learner.shown) == self._shown:
            return
        self._shown = learner.place, learner.shown
        where = place_words(self._catalog, learner.place)
        self._head(where if learner.shown is not None else message("{where} …", where=where))
        run = _run_of(self._catalog, learner)
        if run is not None:
            await self._show(run)

    def _head(self, where: Text) -> None:
        words = message("{name}: {where}. Read-only; they are told that you look.",
                        name=shown(self._learner), where=where)  # fmt: skip
        self.query_one("#who", Static).update(Content.styled(render(words), "bold"))

    async def _show(self, run: LessonRun) -> None:
        stage = self.query_one("#stage")
        with self.app.batch_update():
            await stage.remove_children()
            view = StepView(run)
            await stage.mount(WordsPane(view), PicturePane(view), CodePane(view))


def _run_of(catalog: Catalog, learner: Learner) -> LessonRun | None:
    """Return the learner's step as it was told last; untouched where nothing was told yet."""
    place = learner.place
    lesson = next((each for each in catalog.lessons if place and each.id == place.lesson), None)
    if lesson is None or place is None:
        return None
    if learner.shown is not None:
        return restore(lesson, learner.shown, 0)
    return lesson_run(lesson, place.step)


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
