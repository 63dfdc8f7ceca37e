"""The app for an author: one lesson file, shown anew whenever it or a translation is saved.

Nothing is written to anybody's progress: the store lives in memory, and keeps the step and the
parameters from one version of the file to the next.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final, cast

from textual import on

from tutor.authoring.preview import Preview, WatchedFile, read_preview
from tutor.authoring.translations import lesson_file
from tutor.engine.lesson.events import StepOpened
from tutor.i18n import ENGLISH, LANGUAGES, message, render
from tutor.lesson.catalog import Catalog
from tutor.lesson.folders import translation_file
from tutor.lesson.model import Course, Identifier, Lesson
from tutor.lesson.translation import language_of
from tutor.player.player import Player
from tutor.tui.app import TutorApp
from tutor.tui.screens.lesson import LessonScreen
from tutor.tui.screens.preview import PreviewScreen
from tutor.tui.services import Services

_LOOK_EVERY: Final = 0.25
"""Seconds between two looks at the file; a look is one call of the system."""


class ShownFile:
    """One lesson file on the screen of an app, shown anew whenever it has changed."""

    def __init__(self, app: TutorApp, path: Path) -> None:
        self._app = app
        self._path = path
        others = (translation_file(path, each) for each in LANGUAGES)
        self._files = [WatchedFile(file) for file in (path, *others)]
        self._player: Player | None = None

    def look(self) -> None:
        """Show the lesson anew, if its file or a translation has changed."""
        changed = [file.has_changed() for file in self._files]  # each is looked at
        if any(changed):
            self._app.run_worker(self._reload(), group="preview", exclusive=True)

    async def show_again(self) -> None:
        """Show the lesson again as it is."""
        if self._player is not None:
            await self._show(self._player.run.lesson)

    async def _reload(self) -> None:
        """Read the file beside the screen, then show what it holds."""
        preview = await asyncio.to_thread(read_preview, self._path)
        first = cast(PreviewScreen, self._app.screen_stack[0])
        if preview.lesson is None:
            first.problems = preview.problems
            await self._back_to_first()
            return
        first.problems = ()
        self._app.navigation.at_hand.use_catalog(_catalog_of(preview.lesson, self._path))
        await self._show(self._app.navigation.at_hand.lessons.lessons[0])
        self._say_what_is_left(preview)

    async def _back_to_first(self) -> None:
        while len(self._app.screen_stack) > 1:
            await self._app.pop_screen()

    async def _show(self, lesson: Lesson) -> None:
        """Show a lesson at the step where the author is, with the parameters as they were set."""
        navigation = self._app.navigation
        store = (await navigation.at_hand.progress()).store
        old, services = self._player, navigation.services
        if old is not None:
            old.flush()
        player = Player(lesson, store, learner=services.learner, now=services.now,
                        seed=services.new_seed())  # fmt: skip
        if old is not None and old.run.step.id not in [step.id for step in lesson.steps]:
            near = min(old.run.index, len(lesson.steps) - 1)
            player.send(StepOpened(lesson.steps[near].id))
        self._player = player
        with self._app.batch_update():
            await self._back_to_first()
            await self._app.push_screen(LessonScreen(player, navigation.programs()))

    def _say_what_is_left(self, preview: Preview) -> None:
        """Say in a corner what `check` still finds in a lesson that can be shown."""
        if not preview.problems:
            return
        first = preview.problems[0]
        words = message("{count} to mend, the first on line {line}: {what}; {mend}",
                        count=len(preview.problems), line=first.line, what=first.what,
                        mend=first.mend)  # fmt: skip
        self._app.notify(render(words), title=render(message("check")), severity="warning",
                         timeout=10)  # fmt: skip


def _catalog_of(lesson: Lesson, file: Path) -> Catalog:
    """Return a catalogue of one lesson: it can be shown in every language beside its file."""
    course = Course(id=Identifier(lesson.id.partition("/")[0]), lessons=(lesson,))
    return Catalog((course,), files={lesson.id: file})


class PreviewApp(TutorApp):
    """The lesson in a file, as learners will see it."""

    def __init__(
        self, services: Services, path: Path, *, dark: bool = True, language: str = ENGLISH
    ) -> None:
        lesson = lesson_file(path)
        if lesson != path and language_of(path.name) in LANGUAGES:
            language = language_of(path.name)
        super().__init__(services, dark=dark, language=language)
        self._file_name = path.name
        self._shown = ShownFile(self, lesson)

    def get_default_screen(self) -> PreviewScreen:  # type: ignore[override]  # another first screen
        """Return the screen under the lesson."""
        return PreviewScreen(self._file_name)

    def _begin(self) -> None:
        self.set_interval(_LOOK_EVERY, self._shown.look)

    @on(PreviewScreen.OpenedAgain)
    async def show_again(self) -> None:
        """The author left the lesson for the map, which a preview has not."""
        await self._shown.show_again()
