"""A learner's step as they see it, read-only: drawn from what their session tells the room."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.content import Content
from textual.widgets import Static

from tutor.engine.lesson.resume import restore
from tutor.engine.lesson.run import LessonRun
from tutor.engine.lesson.view import StepView
from tutor.i18n import Text, message, render
from tutor.lesson.catalog import Catalog
from tutor.player.class_pictures import lesson_run
from tutor.player.room_member import RoomMember
from tutor.player.room_words import place_words
from tutor.room.events import Event, Unwatched, Watched
from tutor.room.learner import Learner, shown
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
